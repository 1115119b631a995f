"""ClinicalTrials.gov API v2: every real record is read whole and built, for what it is."""

import json

import pytest

from pipeline.extract import read
from pipeline.extract.tree import string_at
from pipeline.issues import Unreadable
from pipeline.spec import load
from pipeline.study import build
from pipeline.tabulate import tables
from pipeline.values import Cell, Record
from tests.conftest import SHARED, record_of, study_of, values

SPEC = load()
FILES = sorted((SHARED / "records" / "ctgov_v2").glob("*.json"))
PAGES = sorted((SHARED / "records" / "page_text").glob("*ed.txt"))


@pytest.fixture
def study() -> dict:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "officialTitle": "A Trial", "orgStudyIdInfo": {"id": "X-1"}},
            "statusModule": {"overallStatus": "COMPLETED", "startDateStruct": {"date": "2020-01", "type": "ACTUAL"}},
            "designModule": {
                "studyType": "INTERVENTIONAL", "phases": ["PHASE2", "PHASE3"],
                "designInfo": {"allocation": "RANDOMIZED"}, "enrollmentInfo": {"count": 10, "type": "ACTUAL"},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": "A", "type": "EXPERIMENTAL", "interventionNames": ["Drug: New: one"]},
                    {"label": "B", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Placebo"]},
                ],
                "interventions": [{"type": "DRUG", "name": "New: one"}, {"type": "DRUG", "name": "Placebo"}],
            },
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion Criteria:\n\n* Age \\> 18\n* One of:\n  1. this\n  2. that\n\nExclusion Criteria:\n\n* Pregnant",
                "sex": "ALL", "minimumAge": "18 Years", "healthyVolunteers": False,
            },
        },
        "hasResults": False,
    }  # fmt: skip


def test_a_study(study):
    made = study_of(json.dumps(study), SPEC)
    assert made.id == "NCT00000001"
    assert values(made, "TPHASE") == ["PHASE II/III TRIAL"]
    assert values(made, "TRT") == ["New: one"]
    assert values(made, "TCNTRL") == ["PLACEBO"]
    assert values(made, "SSTDTC") == ["2020-01"]
    assert (values(made, "ACTSUB"), values(made, "PLANSUB")) == (["10"], [None])
    assert (
        next(row["IETEST"].value for row in made.tables["TI"].rows if row["IECAT"] == "INCLUSION")
        == "Age > 18"
    )
    assert len(made.tables["TI"].rows) == 3


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("EudraCT 2019-001234-56", ("2019-001234-56", "EudraCT")),
        ("EUDRACT-No: 2019-001234-56", ("2019-001234-56", "EudraCT")),
        ("2023-512345-67", ("2023-512345-67", "CTIS")),
        ("EU CT number: 2023-512345-67-00", ("2023-512345-67-00", "CTIS")),
        ("UTN U1111-1234-5678", ("U1111-1234-5678", "WHO UTN")),
        ("ISRCTN12345678", ("ISRCTN12345678", "ISRCTN")),
        ("ACTRN12619000123456", ("ACTRN12619000123456", "ANZCTR")),
        ("IRB 2019-001234-5", None),
        ("Grant 2019-001234-56", None),
    ],
)
def test_a_secondary_number_is_a_registrys_by_its_shape(study, number, found):
    module = study["protocolSection"]["identificationModule"]
    module["secondaryIdInfos"] = [{"id": number, "type": "REGISTRY"}]
    rows = study_of(json.dumps(study), SPEC).tables["TS"].rows
    numbers = [row for row in rows if row["TSPARMCD"] == "REGID"][1:]
    assert [(row["TSVALCD"], row["TSVCDREF"]) for row in numbers] == [found] * bool(found)
    assert [row["TSVAL"].basis[0].quote in number for row in numbers] == [True] * bool(found)


def test_a_page_an_array_and_lines_hold_the_same_records(study):
    other = json.loads(json.dumps(study).replace("NCT00000001", "NCT00000002"))
    texts = [json.dumps({"studies": [study, other], "nextPageToken": "t"}), json.dumps([study, other]),
             json.dumps(study) + "\n" + json.dumps(other) + "\n"]  # fmt: skip
    for text in texts:
        records = list(read(text.encode(), "many.json", SPEC))
        assert [record.source.id for record in records] == ["NCT00000001", "NCT00000002"]
        assert [record.source.name for record in records] == ["many.json#1", "many.json#2"]
        assert {row["TSVAL"].value for row in build(records[:1], SPEC).tables["TS"].rows} >= {
            "NCT00000001"
        }


def test_a_new_field_is_noticed(study):
    study["protocolSection"]["designModule"]["brandNew"] = {"deep": ["words"]}
    study["protocolSection"]["designModule"]["designInfo"]["allocation"] = "BY_LOT"
    issues = {
        issue.code: issue for issue in record_of(json.dumps(study).encode(), "x.json", SPEC).issues
    }
    assert issues["source.unread"].span.path == "protocolSection.designModule.brandNew.deep[0]"
    assert issues["term.unknown"].quote == "BY_LOT"


BAD = {
    "truncated": (
        '{"protocolSection": {"identificationModule": {"nctId": "NCT0000',
        "input.malformed",
    ),
    "twice": ('{"protocolSection": {}, "protocolSection": {}}', "input.malformed"),
    "deep": ("[" * 100_000, "input.malformed"),
    "other": ('{"name": "invoice"}', "input.unknown"),
    "number": ("[1, 2]", "input.unknown"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_json_is_refused_with_one_reason(name):
    text, code = BAD[name]
    found = list(read(text.encode(), "bad.json", SPEC))
    assert found
    assert all(isinstance(one, Unreadable) and one.code == code for one in found)


def test_a_broken_line_costs_that_line(study):
    text = json.dumps(study) + '\n{"protocolSection": {\n' + json.dumps(study) + "\n"
    found = list(read(text.encode(), "lines.jsonl", SPEC))
    assert [isinstance(one, Record) for one in found] == [True, False, True]


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], {"x": None}])
def test_wrong_types_and_nulls_never_stop_a_build(study, wrong):
    for module in list(study["protocolSection"]):
        spoiled = {**study, "protocolSection": {**study["protocolSection"], module: wrong}}
        for found in read(json.dumps(spoiled).encode(), "x.json", SPEC):
            if isinstance(found, Record):
                tables(build([found], SPEC), SPEC)


@pytest.mark.skipif(not FILES, reason="../shared is not there")
def test_every_real_record_is_read_whole_and_built():
    for path in FILES:
        (record,) = read(path.read_bytes(), path.name, SPEC)
        tree = json.loads(record.text)
        made = build([record], SPEC)
        tables(made, SPEC)
        assert not [
            issue for issue in made.issues if issue.code in ("source.unread", "term.unknown")
        ], path.name
        for table in made.tables.values():
            for row in table.rows:
                for cell in row.values():
                    for fact in cell.basis if isinstance(cell, Cell) else ():
                        words = string_at(tree, fact.span.path)
                        assert words[fact.span.start : fact.span.end] == fact.quote
        if values(made, "STYPE") != ["INTERVENTIONAL"]:
            assert "TA" not in made.tables
            assert not values(made, "INTMODEL")


@pytest.mark.skipif(not PAGES, reason="../shared is not there")
def test_law_4_a_page_says_nothing_else_than_the_registry_itself():
    compared = 0
    for path in PAGES:
        other = SHARED / "records" / "ctgov_v2" / f"{path.name[:11]}.json"
        if not other.exists():
            continue
        page = build([record_of(path.read_bytes(), path.name, SPEC)], SPEC)
        api = build([record_of(other.read_bytes(), other.name, SPEC)], SPEC)
        for row in page.tables["TS"].rows:
            if row["TSVAL"].value is not None:
                compared += 1
                said = str(row["TSVAL"].value)
                others = [str(value) for value in values(api, row["TSPARMCD"])]
                if row["TSPARMCD"] in ("SSTDTC", "SENDTC"):  # a page may say less of a date
                    others = [value[: len(said)] for value in others]
                assert said in others, (path.name, row["TSPARMCD"])
    assert compared > 80


def test_an_arm_without_intervention_has_an_element_of_its_own(study):
    arms = study["protocolSection"]["armsInterventionsModule"]["armGroups"]
    arms[1] = {"label": "Waiting list", "type": "NO_INTERVENTION"}
    made = study_of(json.dumps(study), SPEC)
    path = [
        (r["ETCD"], r["EPOCH"].value)
        for r in made.tables["TA"].rows
        if r["ARM"].value == "Waiting list"
    ]
    assert path == [("SCREEN", "SCREENING"), ("NOTREAT", "TREATMENT"), ("FOLLOWUP", "FOLLOW-UP")]
