"""Arms that the Chinese registry writes in one line, as the WHO's export shows them."""

import pytest

from pipeline.study import build
from tests.conftest import record_of
from tests.test_csv import ICTRP, holds_law_1, noted, table

CHINESE = ICTRP | {
    "TrialID": "ChiCTR9900000001",
    "Source Register": "ChiCTR",
    "Study type": "Interventional study",
    "Study design": "Parallel",
    "Phase": "4",
    "Inclusion gender": "Both",
    "Target size": "Experimental group:30;Control  group:20;",
    "Intervention": "",
}


def study(given, spec, **more):
    record = record_of(table(CHINESE | {"Intervention": given} | more), "x.csv", spec)
    assert not noted(record)
    made = build([record], spec)
    holds_law_1(made.records[0])
    return made


def values(made, code):
    rows = [row for row in made.tables["TS"].rows if row["TSPARMCD"] == code]
    return [row["TSVAL"].value for row in rows if row["TSVAL"].value]


def paths(made):
    found = {}
    for row in made.tables["TA"].rows:
        found.setdefault(row["ARM"].value, []).append(row["ELEMENT"].value)
    return {arm: elements[1:-1] for arm, elements in found.items()}


@pytest.mark.parametrize(
    ("tried", "control", "trt", "current", "compared", "kinds"),
    [
        ("Routine treatment and tea", "routine treatment ", ["tea"], ["Routine treatment"], [], []),
        ("Tea + usual drug therapies", "Usual drug therapy", ["Tea"], ["usual drug therapies"], [], []),
        ("Tea 200mg twice a day", "Coffee tablets", ["Tea"], [], ["Coffee tablets"], ["ACTIVE"]),
        ("oral tea", "Oral placebo", ["tea"], [], [], ["PLACEBO"]),
        ("Basic treatment combined Tea", "Basic treatment combined Tea placebo", ["Tea"], ["Basic treatment"], [], ["PLACEBO"]),
        ("Tea pill + rest", "Tea pill simulant + rest", ["Tea pill"], ["rest"], [], ["PLACEBO"]),
        ("Usual medicine (milk) + tea", "Milk", [], [], [], []),
        ("Use of tea", "Guidelines for routine treatment", [], [], [], []),
        ("tea", "Blank", ["tea"], [], [], ["NO TREATMENT"]),
        ("tea", "NA", ["tea"], [], [], []),
        ("tea", "conventional treatment", ["tea"], [], [], []),
        ("tea", "conventional treatment by the guideline", ["tea"], [], [], []),
        ("tea", "Keep the usual life style", [], [], [], []),
        ("normal tea therapy", "Normal treatment", [], [], [], []),
        ("tea", "saline", ["tea"], [], [], []),
        ("Take one cup; then rest. Tea (10 g), milk (2 g) and salt", "rest", [], [], [], []),
        ("Integrated Traditional Chinese and Western Medicine", "Western Medicine", ["Integrated Traditional Chinese and Western Medicine"], [], [], []),
    ],
)  # fmt: skip
def test_what_a_group_has_more_than_the_control_is_tried(
    spec, tried, control, trt, current, compared, kinds
):
    made = study(f"Experimental group:{tried};Control group:{control};", spec)
    assert values(made, "TRT") == trt
    assert values(made, "CURTRT") == current
    assert values(made, "COMPTRT") == compared
    assert values(made, "TCNTRL") == kinds
    assert values(made, "NARMS") == ["2"]
    assert values(made, "PLANSUB") == ["50"]


def test_arms_have_their_elements_and_a_text_that_is_no_list_stays_with_its_arm(spec):
    made = study("Experimental group:rest and tea;Control group:rest;", spec)
    assert paths(made) == {"Experimental group": ["rest + tea"], "Control group": ["rest"]}
    made = study("Experimental group:Tea is given daily;Control group:rest;", spec)
    assert {arm: path[0][:9] for arm, path in paths(made).items()} == {
        "Experimental group": "Treatment", "Control group": "Treatment",
    }  # fmt: skip


@pytest.mark.parametrize(
    "sizes", ["Two groups:60;", "Tea versus rest:60;", "60", "Tea:30;Rest;", ""]
)
def test_groups_without_a_name_and_a_size_each_are_no_arms(spec, sizes):
    made = study("Tea:tea;Rest:rest;", spec, **{"Target size": sizes})
    assert not values(made, "NARMS")
    assert "TA" not in made.tables


def test_groups_that_the_second_text_has_not_are_arms_without_words(spec):
    made = study("Tea:tea;Rest:rest;", spec)
    assert values(made, "NARMS") == ["2"]
    assert not values(made, "TRT")


def test_one_group_is_no_control_and_zero_participants_are_none(spec):
    made = study(
        "Case series:conventional therapy plus tea;", spec,
        **{"Target size": "Case series:0;", "Study design": "Sequential"},
    )  # fmt: skip
    assert values(made, "TRT") == ["tea"]
    assert values(made, "TCNTRL") == ["NONE"]
    assert not values(made, "PLANSUB")
    assert not values(made, "INTMODEL")


def test_the_groups_of_an_observational_study_are_counted_and_no_arms(spec):
    made = study(
        "Experimental group:tea;Control group:rest;", spec, **{"Study type": "Observational study"}
    )
    assert values(made, "PLANSUB") == ["50"]
    assert not values(made, "NCOHORT")


def test_a_retrospective_study_says_so_in_the_place_of_its_phase(spec):
    more = {"Study type": "Observational study", "Phase": "Retrospective study"}
    made = study("Case series:Nil;", spec, **more | {"Target size": "Case series:9;"})
    assert values(made, "OBSTIMP") == ["RETROSPECTIVE"]
    more["Study design"] = "Cross-sectional"
    assert values(study("Case series:Nil;", spec, **more), "OBSTIMP") == ["CROSS SECTIONAL"]
