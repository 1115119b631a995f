"""Parameters beyond the core: references, expanded access, contacts, and what no registry says."""

import json
import shutil

import pytest
from msgspec.structs import replace

from pipeline.curation import curations
from pipeline.spec import ROOT, load
from pipeline.study import build
from tests.conftest import record_of, study_of, values

SPEC = load()
RECORD = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "officialTitle": "A Trial"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "expandedAccessInfo": {
                "hasExpandedAccess": True, "nctId": "NCT00000002", "statusForNctId": "AVAILABLE",
            },
        },
        "oversightModule": {"isPpsd": True},
        "designModule": {"studyType": "OBSERVATIONAL"},
        "contactsLocationsModule": {
            "centralContacts": [
                {"name": "N. One", "role": "CONTACT", "phone": "1 23", "phoneExt": "4"},
                {"name": "N. Two", "role": "CONTACT", "email": "two@example.org"},
            ],
        },
        "referencesModule": {
            "references": [
                {"pmid": "123", "type": "BACKGROUND", "citation": "One. 2001."},
                {"type": "RESULT", "citation": "Two. 2002."},
                {"pmid": "123", "type": "DERIVED", "citation": "One again. 2001."},
            ],
            "seeAlsoLinks": [{"label": "The site", "url": "https://example.org"}],
        },
    }
}  # fmt: skip
CONTACTS = ("CONEMAIL", "CONMAIL", "CONNAME", "CONPHONE", "CONROLE")


@pytest.fixture(scope="module")
def study():
    return study_of(json.dumps(RECORD), SPEC)


def rows(study, code):
    return [row for row in study.tables["TS"].rows if row["TSPARMCD"] == code]


def test_references_and_links(study):
    assert values(study, "CITNSTDY") == ["One. 2001.", "Two. 2002.", "One again. 2001."]
    (number,) = rows(study, "PUBMEDID")
    assert (number["TSVAL"].value, number["TSVALCD"], number["TSVCDREF"]) == (
        "123",
        "123",
        "PubMed",
    )
    assert len(number["TSVAL"].basis) == 2
    assert values(study, "URLSTDYD") == ["The site"]
    assert values(study, "URLSTDY") == ["https://example.org"]


def test_expanded_access_and_indicators(study):
    (number,) = rows(study, "EXPARECN")
    assert (number["TSVAL"].value, number["TSVCDREF"]) == ("NCT00000002", "ClinicalTrials.gov")
    assert values(study, "EXPASTAT") == ["AVAILABLE"]
    assert values(study, "REGID") == ["NCT00000001"]
    assert values(study, "PDPSTIND") == ["Y"]
    assert values(study, "ONGOSIND") == ["Y"]


@pytest.mark.parametrize(
    ("status", "ongoing"), [("COMPLETED", ["N"]), ("NOT_YET_RECRUITING", []), ("UNKNOWN", [])]
)
def test_a_study_is_ongoing_only_where_its_status_says_so(status, ongoing):
    text = json.dumps(RECORD).replace('"RECRUITING"', f'"{status}"')
    assert values(study_of(text, SPEC), "ONGOSIND") == ongoing


def test_what_no_registry_says_makes_no_row_and_no_work(study):
    never = {code for code, decision in SPEC.decisions.items() if decision.never}
    assert never
    assert not never & {row["TSPARMCD"] for row in study.tables["TS"].rows}
    assert not never & {task.item for task in study.worklist}


def test_what_no_registry_says_is_asked_for_where_a_rule_requires_it():
    required = replace(SPEC.parameters["PROTRSK"], required="always")
    spec = replace(SPEC, parameters=SPEC.parameters | {"PROTRSK": required})
    study = study_of(json.dumps(RECORD), spec)
    (row,) = rows(study, "PROTRSK")
    assert (row["TSVAL"].value, row["TSVALNF"]) == (None, "NI")
    (task,) = [task for task in study.worklist if task.item == "PROTRSK"]
    assert SPEC.decisions["PROTRSK"].never in task.why


def test_persons_are_left_out_unless_the_settings_ask(study, tmp_path):
    assert not {code for code in CONTACTS if rows(study, code)}
    assert not any(fact.concept.startswith("contact.") for fact in study.records[0].facts)
    assert not any(issue.code == "source.unread" for issue in study.issues)
    for name in ("schemas", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "mappings" / "settings.yaml").write_text("persons: true\n", encoding="utf-8")
    spec = load(tmp_path)
    asked = build([record_of(json.dumps(RECORD).encode(), "x.json", spec)], spec)
    told = {
        (code, row["TSGRPID"]): row["TSVAL"].value for code in CONTACTS for row in rows(asked, code)
    }
    assert told == {
        ("CONNAME", "CON1"): "N. One", ("CONROLE", "CON1"): "CONTACT", ("CONPHONE", "CON1"): "1 23",
        ("CONNAME", "CON2"): "N. Two", ("CONROLE", "CON2"): "CONTACT",
        ("CONEMAIL", "CON2"): "two@example.org",
    }  # fmt: skip
    assert not any(issue.code == "source.unread" for issue in asked.issues)


def test_sub_studies_and_the_decision_on_a_paediatric_plan():
    text = (
        "EudraCT Number: 2010-000001-11\nA. Protocol Information\n"
        "A.1 Member State Concerned: Spain - AEMPS\nA.2 EudraCT number: 2010-000001-11\n"
        "A.8 EMA Decision number of Paediatric Investigation Plan: P/235/2013\n"
        "E.2.3 Trial contains a sub-study: Yes\n"
        "E.2.3.1 Full title, date and version of each sub-study and their related objectives:\n"
        "A study of blood.\nP. End of Trial Status: Ongoing\n"
    )
    study = study_of(text, SPEC)
    assert values(study, "SSTDYIND") == ["Y"]
    assert values(study, "SSTDYDTL") == ["A study of blood."]
    assert values(study, "EMPIPDCN") == ["P/235/2013"]


def test_a_person_can_supply_what_no_registry_says(tmp_path):
    (tmp_path / "NCT00000001.yaml").write_text(
        "TS.CTAUG:\n  values: [Asthma]\n  extends: yes\n  words: []\n  reason: Our plan.\n"
        "  date: 2026-03-31\n",
        encoding="utf-8",
    )
    spec = replace(SPEC, curations=curations(tmp_path, SPEC))
    (row,) = rows(study_of(json.dumps(RECORD), spec), "CTAUG")
    assert (row["TSVAL"].value, row["TSVAL"].how) == ("Asthma", "curated")
