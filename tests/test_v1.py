"""The retired API's JSON says what version 2 says, in other words: the same facts, the same rows."""

import copy
import json

import pytest

from pipeline import tabulate
from pipeline.extract import read
from pipeline.extract.dates import iso_date
from pipeline.extract.tree import string_at
from pipeline.issues import Unreadable
from pipeline.study import build
from tests.conftest import SHARED, record_of, shared

OLD = {
    "ProtocolSection": {
        "IdentificationModule": {
            "NCTId": "NCT90000001",
            "OrgStudyIdInfo": {"OrgStudyId": "AB-12345"},
            "SecondaryIdInfoList": {
                "SecondaryIdInfo": [
                    {"SecondaryId": "2011-000001-11", "SecondaryIdType": "EudraCT Number"},
                    {"SecondaryId": "U1111-2222-3333", "SecondaryIdType": "Registry Identifier"},
                ]
            },
            "BriefTitle": "Tea for Two",
            "OfficialTitle": "A Trial of Tea",
        },
        "StatusModule": {
            "OverallStatus": "Active, not recruiting",
            "StartDateStruct": {"StartDate": "March 5, 2012", "StartDateType": "Actual"},
            "CompletionDateStruct": {
                "CompletionDate": "May 2030",
                "CompletionDateType": "Anticipated",
            },
            "LastUpdatePostDateStruct": {"LastUpdatePostDate": "June 6, 2014"},
        },
        "SponsorCollaboratorsModule": {
            "LeadSponsor": {"LeadSponsorName": "Leaf Ltd", "LeadSponsorClass": "INDUSTRY"}
        },
        "OversightModule": {"OversightHasDMC": "Yes", "IsFDARegulatedDrug": "No"},
        "ConditionsModule": {"ConditionList": {"Condition": ["Thirst", "Cold Hands"]}},
        "DesignModule": {
            "StudyType": "Interventional",
            "PhaseList": {"Phase": ["Phase 1", "Phase 2"]},
            "DesignInfo": {
                "DesignAllocation": "Non-Randomized",
                "DesignInterventionModel": "Crossover Assignment",
                "DesignPrimaryPurpose": "Supportive Care",
                "DesignMaskingInfo": {
                    "DesignMasking": "Double",
                    "DesignWhoMaskedList": {"DesignWhoMasked": ["Participant", "Care Provider"]},
                },
            },
            "EnrollmentInfo": {"EnrollmentCount": "24", "EnrollmentType": "Anticipated"},
        },
        "ArmsInterventionsModule": {
            "ArmGroupList": {
                "ArmGroup": [
                    {
                        "ArmGroupLabel": "Tea",
                        "ArmGroupType": "Experimental",
                        "ArmGroupInterventionList": {"ArmGroupInterventionName": ["Drug: Tea"]},
                    },
                    {
                        "ArmGroupLabel": "Water",
                        "ArmGroupType": "Placebo Comparator",
                        "ArmGroupInterventionList": {
                            "ArmGroupInterventionName": ["Dietary Supplement: Water"]
                        },
                    },
                ]
            },
            "InterventionList": {
                "Intervention": [
                    {"InterventionType": "Drug", "InterventionName": "Tea"},
                    {"InterventionType": "Dietary Supplement", "InterventionName": "Water"},
                ]
            },
        },
        "OutcomesModule": {
            "PrimaryOutcomeList": {
                "PrimaryOutcome": [
                    {"PrimaryOutcomeMeasure": "Thirst score", "PrimaryOutcomeTimeFrame": "1 hour"}
                ]
            }
        },
        "EligibilityModule": {
            "EligibilityCriteria": "Inclusion Criteria:\n\nThirsty\n\nExclusion Criteria:\n\nAsleep",
            "HealthyVolunteers": "No",
            "Gender": "All",
            "MinimumAge": "18 Years",
        },
        "ContactsLocationsModule": {"LocationList": {"Location": [{"LocationCountry": "France"}]}},
    }
}
NEW = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT90000001",
            "orgStudyIdInfo": {"id": "AB-12345"},
            "secondaryIdInfos": [
                {"id": "2011-000001-11", "type": "EUDRACT_NUMBER"},
                {"id": "U1111-2222-3333", "type": "REGISTRY"},
            ],
            "briefTitle": "Tea for Two",
            "officialTitle": "A Trial of Tea",
        },
        "statusModule": {
            "overallStatus": "ACTIVE_NOT_RECRUITING",
            "startDateStruct": {"date": "2012-03-05", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2030-05", "type": "ESTIMATED"},
            "lastUpdatePostDateStruct": {"date": "2014-06-06"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Leaf Ltd", "class": "INDUSTRY"}},
        "oversightModule": {"oversightHasDmc": True, "isFdaRegulatedDrug": False},
        "conditionsModule": {"conditions": ["Thirst", "Cold Hands"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "NON_RANDOMIZED",
                "interventionModel": "CROSSOVER",
                "primaryPurpose": "SUPPORTIVE_CARE",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER"]},
            },
            "enrollmentInfo": {"count": 24, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Tea", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Tea"]},
                {
                    "label": "Water",
                    "type": "PLACEBO_COMPARATOR",
                    "interventionNames": ["Dietary Supplement: Water"],
                },
            ],
            "interventions": [
                {"type": "DRUG", "name": "Tea"},
                {"type": "DIETARY_SUPPLEMENT", "name": "Water"},
            ],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Thirst score", "timeFrame": "1 hour"}]},
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Thirsty\n\nExclusion Criteria:\n\n* Asleep",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {"locations": [{"country": "France"}]},
    }
}
RECORDS = sorted((SHARED / "records" / "ctgov_v1_json").glob("*.json"))


def rows(record, spec):
    return {code: t.to_pylist() for code, t in tabulate.tables(build([record], spec), spec).items()}


def holds_law_1(record):
    tree = json.loads(record.text)
    for found in (*record.facts, *(issue for issue in record.issues if issue.span)):
        span = found.span
        assert string_at(tree, span.path)[span.start : span.end] == found.quote != ""


def changed(path, value):
    """The old record with something else at a path of its protocol section."""
    made = copy.deepcopy(OLD)
    place = made["ProtocolSection"]
    *above, last = path.split(".")
    for key in above:
        place = place[key]
    place[last] = value
    return json.dumps(made).encode()


def test_law_4_the_same_invented_trial_gives_the_same_rows(spec):
    old = record_of(json.dumps(OLD).encode(), "old.json", spec)
    new = record_of(json.dumps(NEW).encode(), "new.json", spec)
    holds_law_1(old)
    assert old.source.format == "ctgov_v1"
    assert (old.source.id, old.source.version) == (new.source.id, new.source.version)
    assert [i.code for i in old.issues if i.code.startswith(("term.", "source."))] == [
        "source.lossy"
    ]
    assert rows(old, spec) == rows(new, spec)
    assert {(f.concept, f.value, f.item) for f in old.facts if "criteria" not in f.concept} == {
        (f.concept, f.value, f.item) for f in new.facts if "criteria" not in f.concept
    }


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (OLD, ["x.json"]),
        ({"FullStudy": {"Rank": 1, "Study": OLD}}, ["x.json"]),
        ([OLD, OLD], ["x.json#1", "x.json#2"]),
        (
            {"FullStudiesResponse": {"NStudiesFound": 2, "FullStudies": [{"Rank": 1, "Study": OLD}, {"Study": OLD}]}},
            ["x.json#1", "x.json#2"],
        ),
    ],
    ids=["study", "one", "array", "answer"],
)  # fmt: skip
def test_every_wrapping_holds_the_same_record(spec, document, names):
    found = list(read(json.dumps(document).encode(), "x.json", spec))
    assert [record.source.name for record in found] == names
    (alone,) = read(json.dumps(OLD).encode(), "x.json", spec)
    for record in found:
        holds_law_1(record)
        assert [(f.concept, f.value) for f in record.facts] == [
            (f.concept, f.value) for f in alone.facts
        ]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("DesignModule.DesignInfo.DesignAllocation", "Drawn by lot", "term.unknown"),
        ("StatusModule.StartDateStruct.StartDate", "Smarch 5, 2012", "term.unknown"),
        ("StatusModule.StartDateStruct.StartDate", "February 30, 2012", "term.unknown"),
        ("DesignModule.NeverSeen", {"Deep": ["new"]}, "source.unread"),
        ("DesignModule.StudyType", ["Interventional"], "source.unread"),
    ],
)
def test_what_the_mapping_does_not_know_is_an_issue_with_its_place(spec, path, value, code):
    record = record_of(changed(path, value), "x.json", spec)
    (issue,) = [i for i in record.issues if i.code in ("term.unknown", "source.unread")]
    assert issue.code == code
    assert issue.span.path.startswith(f"ProtocolSection.{path}")
    holds_law_1(record)


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("March 5, 2012", "2012-03-05"), ("March 2012", "2012-03"), ("2012", "2012"),
        ("2012-03", "2012-03"), ("2012-03-05T23:59:59.000Z", "2012-03-05"),
        ("14 April 2020", "2020-04-14"), ("20200331", "2020-03-31"), ("31/03/2020", "2020-03-31"),
        ("05/03/2020", ""), ("05/05/2020", "2020-05-05"), ("2012-02-30", ""), ("2012-00", ""),
        ("00/00/2020", ""), ("Smarch 2012", ""), ("0000", ""), ("٢٠١٢", ""), ("", ""), ("N/A", ""),
    ],
)  # fmt: skip
def test_dates_are_as_complete_as_their_words_and_no_more(words, date):
    assert iso_date(words) == date


def test_which_number_is_the_day_is_said_or_is_not_known():
    assert iso_date("05/03/2020", "dmy") == "2020-03-05"
    assert iso_date("05/03/2020", "mdy") == "2020-05-03"
    assert iso_date("31/03/2020", "mdy") == ""


@pytest.mark.skipif(not RECORDS, reason="../shared is not there")
def test_every_shared_record_is_read_whole(spec):
    for path in RECORDS:
        record = record_of(path.read_bytes(), path.name, spec)
        assert record.source.id == path.stem
        assert len(record.source.version) == 10
        holds_law_1(record)
        assert not [i for i in record.issues if i.code in ("term.unknown", "source.unread")]
        assert {"TS", "TI"} <= set(rows(record, spec))


def test_law_4_a_shared_trial_in_both_versions(spec):
    name = "NCT05594173.json"
    old = record_of(shared(f"records/ctgov_v1_json/{name}").read_bytes(), name, spec)
    new = record_of(shared(f"records/ctgov_v2/{name}").read_bytes(), name, spec)
    assert rows(old, spec) == rows(new, spec)


def test_law_4_a_shared_trial_as_the_retired_api_and_as_xml(spec):
    """XML calls most sponsors `Other`, and keeps the marks of lists, which the API lost; the
    registry added publications between the days of the two.
    """
    name = "NCT02028676"
    old = record_of(shared(f"records/ctgov_v1_json/{name}.json").read_bytes(), name, spec)
    xml = record_of(shared(f"records/ctgov_xml/{name}.xml").read_bytes(), name, spec)
    ours, theirs = rows(old, spec), rows(xml, spec)
    assert {code for code in ours if ours[code] != theirs[code]} == {"TS", "TI"}
    stated = [{(row["TSPARMCD"], row["TSVAL"]) for row in both["TS"]} for both in (ours, theirs)]
    assert {code for code, _ in stated[0] ^ stated[1]} == {"CMSPSTAT", "CITNSTDY", "PUBMEDID"}
    assert "source.lossy" in {issue.code for issue in old.issues}


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.99])
def test_a_record_that_was_cut_off_is_refused(spec, cut):
    data = json.dumps(OLD).encode()
    (found,) = read(data[: int(len(data) * cut)], "x.json", spec)
    assert isinstance(found, Unreadable)
    assert found.code == "input.malformed"
