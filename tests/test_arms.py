"""Arms, elements and visits: what the words say in which order, and what is assumed."""

import json
import re
import time
from itertools import groupby

import pytest

from pipeline.extract.concepts import by_concept
from pipeline.extract.lengths import LENGTH, exact, iso, stage_length
from pipeline.extract.mentions import aliases, mentions
from pipeline.extract.plan import read_plan
from pipeline.extract.prose import lowered
from pipeline.load.schematic import MOST, schematic
from pipeline.spec import load
from pipeline.tabulate import tables
from pipeline.transform.codes import codes
from pipeline.validate.lot import lot
from pipeline.validate.native import native_findings
from pipeline.values import Fact, Source, Span, Study
from tests.conftest import shared, study_of

SPEC = load()


def trial(
    arms, *, summary="", description="", model="PARALLEL", criteria="", masking="NONE", **over
):
    """A study of arms that are (label, type, description, interventions)."""
    names = dict.fromkeys(name for arm in arms for name in arm[3])
    record = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "orgStudyIdInfo": {"id": "X-1"}},
            "descriptionModule": {"briefSummary": summary, "detailedDescription": description},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "designInfo": {"allocation": over.get("allocation", "RANDOMIZED"), "interventionModel": model, "maskingInfo": {"masking": masking}},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": label, "type": kind, "description": text, "interventionNames": [f"Drug: {n}" for n in given]}
                    for label, kind, text, given in arms
                ],
                "interventions": over.get("interventions", [{"type": "DRUG", "name": name} for name in names]),
            },
            "eligibilityModule": {"eligibilityCriteria": criteria},
            "outcomesModule": over.get("outcomes", {}),
        }
    }  # fmt: skip
    return study_of(json.dumps(record), SPEC)


def paths(study: Study):
    """Arm to (epoch, treatments, duration) of each element."""
    te = {row["ETCD"]: row for row in study.tables["TE"].rows}
    made = {}
    for row in study.tables["TA"].rows:
        given = {fact.value for fact in row["ELEMENT"].basis if fact.concept == "arm.intervention"}
        length = te[row["ETCD"]]["TEDUR"]
        step = (row["EPOCH"].value, tuple(sorted(given)), length.value if length else "")
        made.setdefault(row["ARM"].value, []).append(step)
    return made


def inner(study: Study, arm: str):
    """What stands between screening and follow-up."""
    return paths(study)[arm][1:-1]


def codes_of(study: Study) -> set[str]:
    return {issue.code for issue in study.issues}


def one(text, *given, label="Arm", kind="EXPERIMENTAL", **over):
    return inner(trial([(label, kind, text, given)], **over), label)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("Gefitinib until progression followed by osimertinib.", ("Gefitinib", "Osimertinib"),
         [("TREATMENT", ("Gefitinib",), ""), ("TREATMENT", ("Osimertinib",), "")]),
        ("Omalizumab for 8 weeks, followed by 24 weeks of placebo", ("Omalizumab", "Placebo"),
         [("TREATMENT", ("Omalizumab",), "P8W"), ("TREATMENT", ("Placebo",), "P24W")]),
        ("Neoadjuvant drug X weekly for 6 weeks followed by radical prostatectomy on day 50.", ("Drug X",),
         [("TREATMENT", ("Drug X",), "P6W"), ("TREATMENT", (), "")]),
        ("Atezolizumab followed by tiragolumab on Day 1 of each 21-day cycle", ("Atezolizumab", "Tiragolumab"),
         [("TREATMENT", ("Atezolizumab", "Tiragolumab"), "")]),
        ("Paclitaxel IV over 3 hours, followed by carboplatin IV over 30 minutes", ("Paclitaxel", "Carboplatin"),
         [("TREATMENT", ("Carboplatin", "Paclitaxel"), "")]),
        ("Two tablets followed by one tablet of New", ("New",), [("TREATMENT", ("New",), "")]),
        ("Lymphodepletion with fludarabine, followed by infusion of CAR-T cells", ("Fludarabine", "CAR-T cells"),
         [("TREATMENT", ("Fludarabine",), ""), ("TREATMENT", ("CAR-T cells",), "")]),
        ("Induction: Patients receive rituximab weekly. Maintenance: Patients receive lenalidomide for 2 years.",
         ("Rituximab", "Lenalidomide"),
         [("INDUCTION TREATMENT", ("Rituximab",), ""), ("CONTINUATION TREATMENT", ("Lenalidomide",), "P2Y")]),
        ("A dose escalation, a build-up, and then a maintenance period.", ("Peanut",),
         [("TREATMENT", ("Peanut",), ""), ("TREATMENT", ("Peanut",), "")]),
        ("Given once daily for eight weeks.", ("New",), [("TREATMENT", ("New",), "P8W")]),
        ("Given once daily for up to 8 weeks.", ("New",), [("TREATMENT", ("New",), "P8W")]),
    ],
)  # fmt: skip
def test_the_words_of_an_arm_put_its_treatments_in_order(text, given, expected):
    assert one(text, *given) == expected


def test_each_stage_shows_the_words_it_rests_on():
    study = trial([("Arm", "EXPERIMENTAL", "A-mab for 3 weeks, then B-mab.", ("A-mab", "B-mab"))])
    for row in study.tables["TA"].rows[1:3]:
        (words,) = [fact for fact in row["ELEMENT"].basis if fact.concept == "arm.stage"]
        assert words.quote in ("A-mab for 3 weeks", "B-mab")
        assert row["ELEMENT"].how == "derived"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("After a 2-week placebo run-in period, patients are randomized.", [("RUN-IN", (), "P2W")]),
        ("There is a run-in period of one month.", [("RUN-IN", (), "P1M")]),
        ("A safety run-in of six patients comes first.", []),
        ("This run-in design study has no lead-in.", []),
        ("The trial will be run in accordance with good clinical practice.", []),
    ],
)
def test_a_run_in_is_a_period_and_not_a_cohort(words, expected):
    assert one("", "New", summary=words)[:-1] == expected


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("After a single-blind placebo run-in of 2 weeks, New is given.", ("Placebo",)),
        ("After a run-in period of 2 weeks taking a placebo, New is given.", ("Placebo",)),
        ("After a run-in period of 2 weeks, New or a placebo is given.", ()),
        ("After a run-in period on the usual diet, they receive New.", ()),
    ],
)
def test_what_is_given_in_a_run_in(words, given):
    things = [{"type": "DRUG", "name": name} for name in ("New", "Placebo")]
    arms = [("New", "EXPERIMENTAL", "", ("New",)), ("Old", "OTHER", "", ("Placebo",))]
    study = trial(arms, summary=words, interventions=things)
    assert [inner(study, arm)[0][:2] for arm in ("New", "Old")] == [("RUN-IN", given)] * 2


def test_a_run_in_with_one_of_several_that_a_name_lists_is_given_none():
    things = [{"type": "DRUG", "name": "Placebo and New"}]
    arms = [("New", "EXPERIMENTAL", "", ("Placebo and New",))]
    study = trial(arms, summary="After a placebo run-in.", interventions=things)
    assert inner(study, "New")[0][:2] == ("RUN-IN", ())


def test_screening_and_follow_up_are_assumed_unless_the_words_name_them():
    silent = trial([("Arm", "EXPERIMENTAL", "", ("New",))])
    told = trial(
        [("Arm", "EXPERIMENTAL", "", ("New",))],
        summary="After screening (14 days) patients are treated, and then followed for 8 weeks.",
    )
    assert [row["ELEMENT"].how for row in silent.tables["TA"].rows] == ["assumed", "derived", "assumed"]  # fmt: skip
    assert [row["ELEMENT"].how for row in told.tables["TA"].rows] == ["derived"] * 3
    first, *_, last = paths(told)["Arm"]
    assert (first[2], last[2]) == ("P14D", "P8W")
    assert all(row["TESTRL"].how == "assumed" for row in told.tables["TE"].rows if row["ETCD"] != "NEW")  # fmt: skip
    assert one("", "New", summary="Colorectal cancer screening saves lives.") == [("TREATMENT", ("New",), "")]  # fmt: skip


def test_an_open_label_extension_gives_everyone_what_is_tested():
    study = trial(
        [("New", "EXPERIMENTAL", "", ("New",)), ("Placebo", "PLACEBO_COMPARATOR", "", ("Placebo",))],
        summary="It is followed by an open-label extension period of 52 weeks.", masking="DOUBLE",
    )  # fmt: skip
    assert inner(study, "Placebo") == [
        ("BLINDED TREATMENT", ("Placebo",), ""),
        ("OPEN LABEL TREATMENT", ("New",), "P52W"),
    ]
    other = "Patients who completed may enter a separate open-label extension study."
    assert one("", "New", summary=other, masking="DOUBLE") == [("TREATMENT", ("New",), "")]
    blind = "It is followed by a 4-week extension period."
    assert one("", "New", summary=blind, masking="DOUBLE") == [("TREATMENT", ("New",), "")]


TWO = [("New", "EXPERIMENTAL", "", ("New",)), ("Placebo", "PLACEBO_COMPARATOR", "", ("Placebo",))]


def test_a_cross_over_of_treatments_becomes_sequences_where_the_words_say_so():
    study = trial(
        TWO, model="CROSSOVER",
        summary="Each participant takes both in random order, with a washout period of 4 weeks.",
    )  # fmt: skip
    assert inner(study, "New - Placebo") == [
        ("TREATMENT 1", ("New",), ""), ("WASHOUT", (), "P4W"),
        ("TREATMENT 2", ("Placebo",), ""),
    ]  # fmt: skip
    assert inner(study, "Placebo - New")[0] == ("TREATMENT 1", ("Placebo",), "")
    assert "arms.sequences" in codes_of(study)
    silent = trial(TWO, model="CROSSOVER", summary="A trial of New.")
    assert set(paths(silent)) == {"New", "Placebo"}
    assert "arms.crossover-unclear" in codes_of(silent)


@pytest.mark.parametrize(
    "text",
    [
        "{} for 6 weeks followed by a crossover to 6 weeks of {} after a 4-week washout period.",
        "Receive {} in Period 1 and {} in Period 2, separated by a 4-week washout.",
    ],
)
def test_a_cross_over_of_sequences_has_a_washout_between_its_periods(text):
    arms = [
        ("AB", "EXPERIMENTAL", text.format("Alpha", "Beta"), ("Alpha", "Beta")),
        ("BA", "EXPERIMENTAL", text.format("Beta", "Alpha"), ("Alpha", "Beta")),
    ]
    study = trial(arms, model="CROSSOVER", summary="With a 4-week washout period.")
    assert [step[:2] for step in inner(study, "AB")] == [
        ("TREATMENT 1", ("Alpha",)), ("WASHOUT", ()), ("TREATMENT 2", ("Beta",)),
    ]  # fmt: skip
    ab, ba = ([r["ETCD"] for r in study.tables["TA"].rows if r["ARM"].value == a] for a in ("AB", "BA"))  # fmt: skip
    assert ab[1] == ba[3]
    assert ab[3] == ba[1]


def test_words_for_both_sequences_of_a_cross_over_are_no_periods_of_one_arm():
    words = "4 weeks of Alpha or Beta, followed by a washout, then 4 weeks of Beta or Alpha."
    arms = [(label, "EXPERIMENTAL", words, ("Alpha", "Beta")) for label in ("One", "Two")]
    study = trial(arms, model="CROSSOVER")
    assert [step[:2] for step in inner(study, "One")] == [("TREATMENT", ("Alpha", "Beta"))]
    assert "arms.crossover-unclear" in codes_of(study)


@pytest.mark.parametrize(
    ("text", "code", "start"),
    [
        ("Alpha for 5 weeks, then washout, then Beta for 5 weeks", "WASHOUT", "Last administration of the treatment before"),
        ("Run-in for 2 weeks followed by Alpha, then Beta", "RUNIN", "End of screening"),
    ],
)  # fmt: skip
def test_nothing_is_administered_in_a_period_between_treatments(text, code, start):
    study = trial([("A first", "EXPERIMENTAL", text, ["Alpha", "Beta"])])
    rules = {row["ETCD"]: row["TESTRL"].value for row in study.tables["TE"].rows}
    assert rules[code] == start


def test_the_periods_of_a_cross_over_are_epochs_of_their_own_and_its_elements_are_not():
    text = "{} for 6 weeks, then {} for 6 weeks."
    arms = [
        ("AB", "EXPERIMENTAL", text.format("Alpha", "Beta"), ("Alpha", "Beta")),
        ("BA", "EXPERIMENTAL", text.format("Beta", "Alpha"), ("Alpha", "Beta")),
    ]
    crossing, parallel = trial(arms, model="CROSSOVER"), trial(arms, model="PARALLEL")
    assert [step[0] for step in inner(crossing, "AB")] == ["TREATMENT 1", "TREATMENT 2"]
    assert [step[0] for step in inner(parallel, "AB")] == ["TREATMENT", "TREATMENT"]
    words = "Both are blinded. An open-label extension phase follows."
    blind = trial(arms, model="CROSSOVER", masking="DOUBLE", summary=words)
    assert [step[0] for step in inner(blind, "AB")] == [
        "BLINDED TREATMENT 1", "BLINDED TREATMENT 2", "OPEN LABEL TREATMENT",
    ]  # fmt: skip
    assert len(crossing.tables["TE"].rows) == 4
    (cell,) = {row["EPOCH"].rule for row in crossing.tables["TA"].rows if row["TAETORD"] in (2, 3)}
    assert cell == "numbered_epoch"
    assert not [one for one in native_findings(lot([("T", tables(crossing, SPEC))]), SPEC)
                if one.variable == "EPOCH"]  # fmt: skip


def test_a_cross_over_that_is_a_switch_at_progression_is_told():
    arms = [TWO[0], ("Old", "ACTIVE_COMPARATOR", "Patients with disease progression may cross over to New.", ("Old",))]  # fmt: skip
    study = trial(arms, model="CROSSOVER")
    assert set(paths(study)) == {"New", "Old"}
    assert "arms.model-contradicted" in codes_of(study)
    (said,) = [row["TATRANS"] for row in study.tables["TA"].rows if row["TATRANS"]]
    assert said.value.startswith("Patients with disease progression may cross over")


def test_arms_part_where_their_paths_do():
    arms = [
        ("One", "EXPERIMENTAL", "A-mab, followed by B-mab.", ("A-mab", "B-mab")),
        ("Two", "EXPERIMENTAL", "A-mab, followed by C-mab.", ("A-mab", "C-mab")),
        ("Three", "EXPERIMENTAL", "D-mab", ("D-mab",)),
    ]
    study = trial(arms)
    branches = {
        (row["ARM"].value, row["ETCD"]): row["TABRANCH"].value
        for row in study.tables["TA"].rows
        if row["TABRANCH"]
    }
    assert branches == {
        ("One", "SCREEN"): "Randomized to A-mab", ("One", "AMAB"): "Randomized to One",
        ("Two", "SCREEN"): "Randomized to A-mab", ("Two", "AMAB"): "Randomized to Two",
        ("Three", "SCREEN"): "Randomized to Three",
    }  # fmt: skip


def test_assessments_are_no_treatments_and_placebo_is_not_hidden():
    things = [
        {"type": "DRUG", "name": "New"}, {"type": "OTHER", "name": "Quality-of-Life Assessment"},
        {"type": "PROCEDURE", "name": "Resection"},
    ]  # fmt: skip
    given = ("New", "Quality-of-Life Assessment", "Resection")
    assert one("", *given, interventions=things) == [("TREATMENT", ("New", "Resection"), "")]
    arms = [TWO[0], ("Placebo", "PLACEBO_COMPARATOR", "", ("New",))]
    study = trial(arms)
    assert inner(study, "Placebo") == [("TREATMENT", (), "")]
    assert "arms.placebo-unnamed" in codes_of(study)


def test_arms_that_only_prose_describes():
    text = "Patients are randomized to 1 of 2 arms.\n\n* Arm I: Patients receive A-mab.\n* Arm II: Patients receive B-mab.\n\nPatients are followed for 30 days."
    things = [{"type": "DRUG", "name": "A-mab"}, {"type": "DRUG", "name": "B-mab"}]
    study = trial([], description=text, interventions=things)
    assert inner(study, "Arm I") == [("TREATMENT", ("A-mab",), "")]
    assert inner(study, "Arm II") == [("TREATMENT", ("B-mab",), "")]
    assert "arms.described" in codes_of(study)
    twice = trial(
        [], description=f"{text}\n\n* Arm I: Patients receive C-mab.", interventions=things
    )
    assert "TA" not in twice.tables
    assert "arms.none" in codes_of(twice)


ARMS = "Arm I: Patients receive A-mab. Arm II: {}"
THINGS = [
    {"type": "DRUG", "name": "A-mab"}, {"type": "DRUG", "name": "beta mustard"},
    {"type": "RADIATION", "name": "Radiation Therapy"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "given"),
    [
        ("Patients receive beta mustard (b-M12), and radiotherapy. ", ("beta mustard", "Radiation Therapy")),
        ("Patients receive A-mab for 2 days (4 if no surgery (S) is planned) and beta mustard. ", ("A-mab", "beta mustard")),
        ("Patients receive beta mustard and, if it is planned, A-mab. ", ("beta mustard",)),
        ("Patients receive beta mustard within 8 weeks of the end of radiotherapy. ", ("beta mustard",)),
        ("Patients receive 4 courses of beta mustard. Within a day of it, all patients receive A-mab. ", ("beta mustard",)),
        ("Patients receive beta mustard. Patients are then randomized to A-mab or not. ", ("beta mustard",)),
        ("Patients receive treatment as in arm I and beta mustard. ", ("A-mab", "beta mustard")),
        ("Patients receive treatment as in arm I but without A-mab. Patients receive beta mustard. ", ("beta mustard",)),
        ("Patients receive beta mustard. Arms I and II: Patients receive radiotherapy. ", ("beta mustard",)),
    ],
)  # fmt: skip
def test_what_the_words_of_a_described_arm_give(second, given):
    study = trial([], description=ARMS.format(second), interventions=THINGS)
    assert sorted(inner(study, "Arm II")[0][1]) == sorted(given)


def test_arms_whose_text_has_a_name_of_its_own_for_a_medicine_are_given_none():
    text = ARMS.format("Patients receive A-mab and BM12.")
    study = trial([], description=text, interventions=THINGS)
    assert inner(study, "Arm I") == inner(study, "Arm II") == [("TREATMENT", (), "")]


def test_groups_that_are_there_to_be_studied_are_no_arms():
    text = "Group A: To compare A-mab with nothing. Group B: To determine the dose of beta mustard."
    assert "arms.none" in codes_of(trial([], description=text, interventions=THINGS))


def test_equal_empty_and_unknown_names():
    arms = [("Same", "EXPERIMENTAL", "", ("New",)), ("Same", "EXPERIMENTAL", "", ("Old",)), ("  ", "OTHER", "", ())]  # fmt: skip
    study = trial(arms, interventions=[{"type": "DRUG", "name": "New"}, {"type": "DRUG", "name": "Spare"}])  # fmt: skip
    assert set(paths(study)) >= {"Same", "Same (2)"}
    assert codes_of(study) >= {"arms.same-name", "arms.unknown-intervention", "arms.unlinked-intervention"}  # fmt: skip
    rows = study.tables["TA"].rows
    assert len({row["ARMCD"].value for row in rows}) == len({row["ARM"].value for row in rows})


def test_many_arms_take_time_in_proportion_and_are_drawn_in_part():
    def built(number):
        arms = [(f"Dose level {n}", "EXPERIMENTAL", f"New {n} mg for 4 weeks, followed by Old.", ("New", "Old"))
                for n in range(number)]  # fmt: skip
        start = time.process_time()
        study = trial(arms)
        return study, time.process_time() - start

    _, few = built(100)
    study, many = built(500)
    assert many < 15 * few + 1
    rows = study.tables["TA"].rows
    arms = {row["ARMCD"].value for row in rows}
    assert len(arms) == 500
    assert max(map(len, arms)) <= 20
    assert max(len(row["ETCD"]) for row in rows) <= 8
    assert "arms.many" in codes_of(study)
    assert f"and {500 - MOST} more arms" in schematic(tables(study, SPEC))


def test_codes_are_short_unique_and_readable():
    names = ["Food Challenge with salmon", "Food Challenge with mackerel", "Placebo", "Placebo", "Placebo (2)"]  # fmt: skip
    made = codes(names, 20, {"with"})
    assert made[:2] == ["FOOD_SALMON", "FOOD_MACKEREL"]
    assert len(set(made)) == 5
    assert codes([""] * 12, 8, ()) == [f"X_{n}" for n in range(1, 13)]
    assert max(map(len, codes(["Pembrolizumab"] * 200, 8, ()))) <= 8


def test_lengths_of_time():
    import re

    assert [iso("two", "week"), iso("6", "months"), iso("12", "hour")] == ["P2W", "P6M", "PT12H"]
    pattern = re.compile(LENGTH)
    for text, expected in (("for 8 weeks", "P8W"), ("up to 8 weeks", ""), ("4 to 6 weeks", ""), ("every 2 weeks", "")):  # fmt: skip
        assert exact(text, pattern.search(text)) == expected
    assert stage_length("placebo each 2 weeks apart") == ""


def test_an_intervention_is_known_by_any_of_its_names():
    source = Source("x", "", "", "")
    names = [("New drug (ND-1)", 0), ("CAR-T cells", 1)]
    facts = [Fact("intervention.name", n, n, Span(0, len(n)), source, i) for n, i in names]
    known = aliases(facts)
    found = [name for _, _, name in mentions(lowered("ND-1 was given before CAR T cells"), known)]
    assert found == ["New drug (ND-1)", "CAR-T cells"]
    assert mentions("scar tissue", known) == []
    assert len(lowered("İstanbul")) == len("İstanbul")


def test_visits_only_where_they_are_stated():
    arms = [("Arm", "EXPERIMENTAL", "", ("New",))]
    study = trial(
        arms, description="Study visits take place at screening, day 1, weeks 2, 4 and 8."
    )
    rows = study.tables["TV"].rows
    assert [row["VISIT"].value for row in rows] == ["SCREENING", "DAY 1", "WEEK 2", "WEEK 4", "WEEK 8"]  # fmt: skip
    assert [row["VISITDY"].value if row["VISITDY"] else None for row in rows] == [None, 1, None, None, None]  # fmt: skip
    other = trial(arms, description="Pain is measured at week 2 and week 8.")
    assert not other.tables["TV"].rows
    (task,) = [task for task in other.worklist if task.domain == "TV"]
    assert [fact.value for fact in task.candidates] == ["week 2 and week 8"]


def test_assessments_and_milestones_are_offered_and_not_filled_in():
    text = "Tumor assessments are made every 8 weeks until disease progression."
    study = trial([("Arm", "EXPERIMENTAL", text, ("New",))])
    assert {task.domain for task in study.worklist} >= {"TD", "TM"}
    assert "TD" not in study.tables


def test_real_records_hold_what_the_standard_asks():
    files = sorted(shared("records/ctgov_v2").glob("*.json"))[::30]
    for path in files:
        study = study_of(path.read_text(encoding="utf-8"), SPEC, path.name)
        if "TA" not in study.tables:
            continue
        te = {row["ETCD"]: row for row in study.tables["TE"].rows}
        orders, periods = {}, {}
        for row in study.tables["TA"].rows:
            orders.setdefault(row["ARMCD"].value, []).append(row["TAETORD"])
            term = re.sub(SPEC.design.period_number, "", row["EPOCH"].value)
            assert term in SPEC.terminology.codelists["EPOCH"].terms
            periods.setdefault(row["ARMCD"].value, []).append(row["EPOCH"].value)
            element = te[row["ETCD"]]
            assert element["ELEMENT"].value == row["ELEMENT"].value, path.name
            assert element["TESTRL"].value
            assert element["TEENRL"].value or element["TEDUR"], path.name
        assert all(order == list(range(1, len(order) + 1)) for order in orders.values()), path.name
        for epochs in periods.values():
            runs = [epoch for epoch, _ in groupby(epochs)]
            assert len(runs) == len(set(runs)), path.name


@pytest.mark.parametrize(
    ("control", "given"),
    [
        ("Sugar at a volume equivalent to that of A-mab.", ()),
        ("B-mab for a week. It tastes like A-mab or not.", ("B-mab",)),
    ],
)
def test_arms_under_the_names_of_their_sides(control, given):
    text = f"A-mab or B-mab.\n\nIntervention arm:\nA-mab is given.\n\nControl arm:\n{control}"
    things = [{"type": "DRUG", "name": "A-mab"}, {"type": "DRUG", "name": "B-mab"}]
    study = trial([], description=text, interventions=things)
    assert inner(study, "Intervention arm") == [("TREATMENT", ("A-mab",), "")]
    assert inner(study, "Control arm") == [("TREATMENT", given, "")]


def test_what_follows_the_sentence_on_an_arm_is_not_given_in_it():
    text = "Those in group 1 receive A-mab. Those in group 2 receive usual care. Is A-mab any good?"
    study = trial([], description=text, interventions=[{"type": "DRUG", "name": "A-mab"}])
    assert inner(study, "group 1") == [("TREATMENT", ("A-mab",), "")]
    assert inner(study, "group 2") == [("TREATMENT", (), "")]


def test_what_labels_name_is_given_where_a_record_never_says_what_is(spec):
    source = Source("r.json", "ctis", "ctis", "0" * 64)

    def says(concept, value, item=0):
        return Fact(concept, value, value, Span(0, len(value), concept), source, item)

    facts = [
        says("design.type", "INTERVENTIONAL"),
        says("arm.label", "A-mab and a balloon"),
        says("arm.label", "Placebo for A-mab", 1),
        says("intervention.name", "A-mab"),
    ]
    found, _ = read_plan(by_concept(facts), spec)
    linked = [(one.item, one.value) for one in found if one.concept == "arm.intervention"]
    assert linked == [(0, "A-mab")]


def test_an_element_is_named_with_a_dose_only_where_its_arm_has_one():
    arms = [
        ("Low", "EXPERIMENTAL", "Alpha 5 mg daily.", ("Alpha",)),
        ("Rising", "EXPERIMENTAL", "Alpha 5 mg, 10 mg and 20 mg at intervals.", ("Alpha",)),
    ]
    rows = trial(arms).tables["TA"].rows
    names = {row["ARM"].value: row["ELEMENT"].value for row in rows if row["TAETORD"] == 2}
    assert names == {"Low": "Alpha 5 mg", "Rising": "Alpha"}


def test_groups_that_nobody_is_randomized_to_share_what_is_done_alike():
    text = "Participants receive 4 mg of Alpha twice daily."
    arms = [(label, "EXPERIMENTAL", text, ["Alpha"]) for label in ("Clear cell", "Spindle cell")]
    elements = [
        {row["ELEMENT"].value for row in trial(arms, allocation=how).tables["TE"].rows}
        for how in ("NON_RANDOMIZED", "RANDOMIZED")
    ]
    assert "Alpha" in elements[0]
    assert "Alpha (Clear cell)" in elements[1]


def test_cohorts_that_get_other_strengths_get_elements_of_their_own():
    arms = [
        (f"Cohort {n}", "EXPERIMENTAL", f"Alpha {strength} % ointment", ["Alpha"])
        for n, strength in ((1, "0.1"), (2, "0.5"))
    ]
    elements = {row["ELEMENT"].value for row in trial(arms).tables["TE"].rows}
    assert {"Alpha (Cohort 1)", "Alpha (Cohort 2)"} < elements


def test_an_open_label_epoch_that_only_the_arms_describe():
    text = "Double blind epoch: {} for 8 weeks. Open-label treatment epoch: all are given Alpha."
    arms = [
        (name, kind, text.format(name), [name])
        for name, kind in (("Alpha", "EXPERIMENTAL"), ("Beta", "ACTIVE_COMPARATOR"))
    ]
    found = trial(arms, masking="DOUBLE")
    assert [inner(found, "Beta")[n][0] for n in (0, 1)] == [
        "BLINDED TREATMENT", "OPEN LABEL TREATMENT",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (
            "If more than 5 % are left, then Beta is given after Alpha.",
            [("Alpha", "Beta", "Gamma")],
        ),
        (
            "Alpha 70 mg followed by 50 mg until one cycle of chemotherapy.",
            [("Alpha", "Beta", "Gamma")],
        ),
        ("Alpha daily and then Beta.", [("Alpha", "Gamma"), ("Beta",)]),
    ],
)
def test_what_puts_treatments_in_order_and_what_does_not(text, given):
    study = trial([("Arm", "EXPERIMENTAL", text, ["Alpha", "Beta", "Gamma"])])
    assert [one[1] for one in inner(study, "Arm")] == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (
            "They get induction with Alpha, concurrent chemoradiotherapy, and adjuvant Beta.",
            [("INDUCTION TREATMENT", ("Alpha",)), ("TREATMENT", ()), ("TREATMENT", ("Beta",))],
        ),
        ("Neoadjuvant Alpha or adjuvant Beta.", [("TREATMENT", ("Alpha", "Beta"))]),
        (
            "Two cycles of Alpha with Beta, followed by Beta alone after the Alpha phase.",
            [("TREATMENT", ("Alpha", "Beta")), ("TREATMENT", ("Beta",))],
        ),
        (
            "Patients receive Alpha weekly. Patients then undergo Beta.",
            [("TREATMENT", ("Alpha",)), ("TREATMENT", ("Beta",))],
        ),
        (
            "Alpha weekly during dose escalation, then three doses and maintenance doses every 4 weeks.",
            [("TREATMENT", ("Alpha",)), ("TREATMENT", ("Alpha",))],
        ),
    ],
)  # fmt: skip
def test_phases_that_a_sentence_lists_and_what_goes_on_from_the_one_before(text, given):
    names = [one for one in ("Alpha", "Beta") if one in text]
    study = trial([("Arm", "EXPERIMENTAL", text, names)])
    assert [one[:2] for one in inner(study, "Arm")] == given


def test_maintenance_that_a_later_sentence_names_is_a_phase_of_its_own():
    text = (
        "Patients receive alphamab IV followed by betanib IV over 1 hour. "
        "Patients may receive maintenance therapy of betanib IV weekly."
    )
    first = ("TREATMENT", ("alphamab", "betanib"), "")
    kept = [first, ("CONTINUATION TREATMENT", ("betanib",), "")]
    assert one(text, "alphamab", "betanib") == kept
    responders = (
        "Alphamab and betanib. Patients with a response may continue betanib as maintenance."
    )
    assert one(responders, "alphamab", "betanib") == kept
    prior = "Alphamab and betanib. Patients with prior maintenance therapy of betanib are kept out."
    assert one(prior, "alphamab", "betanib") == [first]


def test_phases_that_the_narrative_names_are_those_of_the_only_arm():
    narrative = (
        "Induction chemotherapy consists of alphamab and betanib. "
        "Maintenance therapy consists of 6 monthly courses of betanib.\n\n"
        "PROJECTED ACCRUAL: 40 patients in 2.7 years."
    )
    stages = [
        ("INDUCTION TREATMENT", ("alphamab", "betanib"), ""),
        ("CONTINUATION TREATMENT", ("betanib",), ""),
    ]
    assert one("", "alphamab", "betanib", description=narrative) == stages
    given = ("alphamab", "betanib", "gammamab")
    assert one("", *given, description=narrative) == [("TREATMENT", given, "")]
    flat = "NSC-1 Induction: Alphamab and betanib. Maintenance: betanib."
    assert one("", "alphamab", "betanib", description=flat) == stages


def test_a_placebo_arm_that_is_given_what_all_get_is_given_it():
    both = ("New", "EXPERIMENTAL", "The new one too.", ("Usual", "Newmab"))
    less = ("Placebo stage", "PLACEBO_COMPARATOR", "The usual alone.", ("Usual",))
    assert inner(trial([both, less]), "Placebo stage") == [("TREATMENT", ("Usual",), "")]
    told = ("Placebo stage", "PLACEBO_COMPARATOR", "Injections of placebo.", ("Usual",))
    assert inner(trial([both, told]), "Placebo stage") == [("TREATMENT", (), "")]


def test_a_study_of_a_single_group_has_one_arm():
    over = {"allocation": "NA", "interventions": [{"type": "DRUG", "name": "Newmab"}]}
    study = trial([], model="SINGLE_GROUP", **over)
    assert paths(study).keys() == {"Newmab"}
    assert inner(study, "Newmab") == [("TREATMENT", ("Newmab",), "")]
    assert "arms.single-group" in codes_of(study)
    over["interventions"].append({"type": "DRUG", "name": "Oldex"})
    two = trial([], model="SINGLE_GROUP", **over)
    assert inner(two, "Single group") == [("TREATMENT", ("Newmab", "Oldex"), "")]
    random = trial([], model="SINGLE_GROUP", **over | {"allocation": "RANDOMIZED"})
    assert "TA" not in random.tables
    assert "TA" not in trial([], **over).tables


def test_open_label_treatment_and_maintenance_after_cycles_are_stages():
    open_label = "Newmab for 52 weeks, then open-label Newmab 150 mg SC every 2 weeks for 104 weeks"
    assert one(open_label, "Newmab", masking="DOUBLE") == [
        ("BLINDED TREATMENT", ("Newmab",), "P52W"),
        ("OPEN LABEL TREATMENT", ("Newmab",), "P104W"),
    ]
    cycles = (
        "Newmab on Day 1 plus oldex on Days 1-3 of each 21-day cycle for 4 cycles, "
        "followed by maintenance Newmab every 3 weeks until progression"
    )
    assert one(cycles, "Newmab", "Oldex") == [
        ("TREATMENT", ("Newmab", "Oldex"), ""),
        ("CONTINUATION TREATMENT", ("Newmab",), ""),
    ]
    lead_in = "2-week single-blind placebo lead-in followed by Newmab once daily for 12 weeks"
    assert one(lead_in, "Newmab") == [("RUN-IN", (), "P2W"), ("TREATMENT", ("Newmab",), "P12W")]
