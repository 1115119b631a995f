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
