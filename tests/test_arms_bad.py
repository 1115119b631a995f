"""Arms that a record lists badly: what is the matter is said, and nothing is made up."""

import json
import time

import pytest

from pipeline.load.schematic import schematic
from pipeline.spec import load
from pipeline.tabulate import tables
from tests.conftest import study_of
from tests.test_arms import codes_of, inner, paths, trial

SPEC = load()


def told(study, code):
    return [issue for issue in study.issues if issue.code == code]


def test_an_intervention_of_an_arm_that_does_not_exist():
    drug = {"type": "DRUG", "name": "A-mab", "armGroupLabels": ["Arm", "Arm X"]}
    study = trial([("Arm", "EXPERIMENTAL", "", ("A-mab",))], interventions=[drug])
    (issue,) = told(study, "arms.unknown-arm")
    assert issue.quote == issue.detail.removesuffix(".") == "Arm X"
    assert set(paths(study)) == {"Arm"}
    right = trial([("Arm", "EXPERIMENTAL", "", ("A-mab",))], interventions=[{**drug, "armGroupLabels": ["Arm"]}])  # fmt: skip
    assert not told(right, "arms.unknown-arm")


def test_the_old_interface_names_arms_the_same_way():
    arms = {"ArmGroupList": {"ArmGroup": [{"ArmGroupLabel": "Arm", "ArmGroupInterventionList": {"ArmGroupInterventionName": ["Drug: A-mab"]}}]},
            "InterventionList": {"Intervention": [{"InterventionType": "Drug", "InterventionName": "A-mab",
             "InterventionArmGroupLabelList": {"InterventionArmGroupLabel": ["Other arm"]}}]}}  # fmt: skip
    study = {"ProtocolSection": {"IdentificationModule": {"NCTId": "NCT00000001"}, "ArmsInterventionsModule": arms,
             "DesignModule": {"StudyType": "Interventional"}}}  # fmt: skip
    assert "arms.unknown-arm" in codes_of(study_of(json.dumps({"FullStudy": {"Study": study}}), SPEC))  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Six participants get 10 mg or placebo.", 1),
        ("Randomised to A-mab versus matching placebo.", 1),
        ("2 of the 8 will receive placebo.", 1),
        ("A-mab with placebo of B-mab, so that nobody knows.", 0),
    ],
)
def test_placebo_within_a_group(words, expected):
    study = trial([("10 mg", "EXPERIMENTAL", words, ("A-mab", "Placebo"))])
    assert len(told(study, "arms.placebo-within")) == expected
    assert inner(study, "10 mg") == [("TREATMENT", ("A-mab", "Placebo"), "")]


def test_levels_of_dose_in_a_text_alone():
    text = "Level 1: 5 mg. Level 2: 10 mg. Level 3: 20 mg."
    drug = [{"type": "DRUG", "name": "A-mab", "description": text}]
    study = trial([("Escalation", "EXPERIMENTAL", "", ("A-mab",))], interventions=drug)
    (issue,) = told(study, "arms.levels-in-text")
    assert issue.detail == "The text lists 3 levels."
    assert set(paths(study)) == {"Escalation"}
    each = [(f"Level {n}", "EXPERIMENTAL", "", ("A-mab",)) for n in (1, 2, 3)]
    assert not told(trial(each, interventions=drug), "arms.levels-in-text")


def test_the_words_on_a_model_win_over_the_model():
    arms = [(name, "EXPERIMENTAL", "", (name,)) for name in ("A-mab", "B-mab")]
    words = "At progression participants may cross over to B-mab."
    study = trial(arms, model="CROSSOVER", summary=words)
    (issue,) = told(study, "arms.model-contradicted")
    assert "ross" in issue.quote
    assert set(paths(study)) == {"A-mab", "B-mab"}


def test_five_hundred_arms_without_names_or_with_one():
    for label in ("", "Same", "Participants of the group, which is described at great length " * 4):
        arms = [(label, "EXPERIMENTAL", "A-mab or placebo, dose level 1: 3 mg.", ("A-mab", "Placebo"))] * 500  # fmt: skip
        start = time.process_time()
        study = trial(arms)
        assert time.process_time() - start < 20
        if label:
            rows = study.tables["TA"].rows
            assert len({row["ARMCD"].value for row in rows}) == 500
            assert schematic(tables(study, SPEC)).startswith("<svg")
            assert "arms.same-name" in codes_of(study)
        else:
            assert "TA" not in study.tables
            assert codes_of(study) >= {"arms.none"}


def test_time_grows_with_the_length_of_an_arm_s_words():
    def spent(times):
        text = "A-mab for 3 weeks, then B-mab for 4 weeks followed by a washout. " * times
        start = time.process_time()
        trial([("Arm", "EXPERIMENTAL", text, ("A-mab", "B-mab"))], description=text)
        return time.process_time() - start

    spent(10)
    assert spent(400) < 12 * spent(100) + 0.5


def test_a_treatment_that_the_words_give_no_place_is_told():
    text = (
        "CONDITIONING: Patients undergo irradiation over 2 hours. TRANSPLANT: Patients get cells."
    )
    study = trial([("Arm", "EXPERIMENTAL", text, ("Irradiation", "Cells", "Extra"))])
    (issue,) = told(study, "element.unplaced")
    assert issue.quote == "Extra"
    assert inner(study, "Arm") == [
        ("TREATMENT", ("Irradiation",), ""),
        ("TREATMENT", ("Cells",), ""),
    ]


NAMES = [{"type": "DRUG", "name": name} for name in ("A-mab", "B-mab", "Placebo")]


@pytest.mark.parametrize(
    ("label", "given"),
    [
        ("A-mab + B-mab (2 mg)", ("A-mab", "B-mab")),
        ("Arm 1: B-mab and A-mab", ("B-mab", "A-mab")),
        ("A-mab without B-mab", ("A-mab",)),
        ("A-mab/B-mab", ("A-mab",)),
        ("A-mab + B-mab analogue", ("A-mab",)),
        ("A-mab and placebo", ("A-mab",)),
    ],
)
def test_what_a_label_lists_is_given_too(label, given):
    arms = [(label, "EXPERIMENTAL", "", ("A-mab",)), ("B-mab", "OTHER", "", ("B-mab",))]
    study = trial(arms, interventions=NAMES)
    assert set(inner(study, label)[0][1]) == set(given)
    assert bool(told(study, "arms.told-otherwise")) == (len(given) > 1)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("All participants receive relief on demand (B-mab).", ("A-mab", "B-mab")),
        ("In this arm, all participants receive B-mab.", ("A-mab",)),
        ("All participants receive a drug that is no B-mab.", ("A-mab",)),
        ("All bottles of B-mab are alike.", ("A-mab",)),
    ],
)
def test_what_its_own_description_gives_to_all_is_given_in_every_arm(words, given):
    things = [NAMES[0], {**NAMES[1], "description": words}]
    arms = [("New", "EXPERIMENTAL", "", ("A-mab",)), ("Old", "ACTIVE_COMPARATOR", "", ("B-mab",))]
    assert set(inner(trial(arms, interventions=things), "New")[0][1]) == set(given)


BOTH = ("A-mab", "B-mab")


@pytest.mark.parametrize(
    ("labels", "given"),
    [
        (("On A-mab", "On placebo"), (("A-mab", "B-mab"), ("B-mab",))),
        (("A-mab alone", "B-mab alone"), (("A-mab",), ("B-mab",))),
        (("A-mab, B-mab", "B-mab"), (("A-mab", "B-mab"), ("B-mab",))),
        (("A-mab", "The others"), (BOTH, BOTH)),
        (("Part 1", "Part 2"), (BOTH, BOTH)),
    ],
)
def test_labels_say_who_is_given_what_where_the_list_gives_all_to_all(labels, given):
    words = "The diluent without A-mab." if "placebo" in labels[1] else "A drug."
    arms = [(labels[0], "EXPERIMENTAL", "", BOTH), (labels[1], "OTHER", words, BOTH)]
    study = trial(arms, interventions=NAMES)
    assert [set(inner(study, label)[0][1]) for label in labels] == [set(own) for own in given]


def test_a_sham_of_a_treatment_is_not_that_treatment():
    arms = [("Diet", "EXPERIMENTAL", "", ("Diet",)), ("Sham diet", "SHAM_COMPARATOR", "", ("Diet",))]  # fmt: skip
    study = trial(arms, interventions=[{"type": "OTHER", "name": "Diet"}])
    assert inner(study, "Sham diet") == [("TREATMENT", (), "")]
