"""Tables of search results: a row is a record, a cell may hold several things, and every word of it
is read, ignored by name, or an issue.
"""

import csv
import io
import json
import re

import pytest

from pipeline import tabulate
from pipeline.extract import read
from pipeline.extract.tree import string_at
from pipeline.issues import Unreadable
from pipeline.study import build
from tests.conftest import SHARED, record_of, shared

NEW = {
    "NCT Number": "NCT90000001",
    "Study Title": 'Tea, "green"',
    "Study Status": "COMPLETED",
    "Conditions": "Thirst|Cold Hands",
    "Interventions": "DRUG: Tea|Milk blend|DIETARY_SUPPLEMENT: Water: cold",
    "Sponsor": "Leaf Ltd",
    "Collaborators": "Cup Inc|Pot Inc",
    "Sex": "ALL",
    "Age": "ADULT, OLDER_ADULT",
    "Phases": "PHASE1|PHASE2",
    "Enrollment": "24",
    "Study Type": "INTERVENTIONAL",
    "Study Design": "Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: DOUBLE (PARTICIPANT, CARE_PROVIDER)|Primary Purpose: TREATMENT",
    "Other IDs": "AB-12345|2011-000001-11|U1111-2222-3333|grant 7",
    "Start Date": "2012-03-05",
    "Completion Date": "2013-05",
    "Last Update Posted": "2014-06-06",
    "Locations": "House, Paris, 75001, France|Inn, Seoul, Korea, Republic of|Lab, Oslo, Norway",
}
OLD = {
    "Rank": "1",
    "NCT Number": "NCT90000001",
    "Title": 'Tea, "green"',
    "Status": "Completed",
    "Conditions": "Thirst|Cold Hands",
    "Interventions": "Drug: Tea|Milk blend|Dietary Supplement: Water: cold",
    "Sponsor/Collaborators": "Leaf Ltd|Cup Inc|Pot Inc",
    "Gender": "All",
    "Age": "18 Years to 65 Years \xa0 (Adult, Older Adult)",
    "Phases": "Phase 1|Phase 2",
    "Enrollment": "24",
    "Study Type": "Interventional",
    "Study Designs": "Allocation: Randomized|Intervention Model: Parallel Assignment|Masking: Double (Participant, Care Provider)|Primary Purpose: Treatment",
    "Other IDs": "AB-12345|2011-000001-11|U1111-2222-3333|grant 7",
    "Start Date": "March 5, 2012",
    "Completion Date": "May 2013",
    "Last Update Posted": "June 6, 2014",
    "Locations": "House, Paris, France|Inn, Seoul, Korea, Republic of|Lab, Oslo, Norway",
}
ICTRP = {
    "TrialID": "EUCTR2020-000890-25-FR",
    "Last Refreshed on": "23 March 2020",
    "Public title": "Tea",
    "Scientific title": "A Trial of Tea    ",
    "Primary sponsor": "Leaf Ltd",
    "Date registration": "10/03/2020",
    "Source Register": "EU Clinical Trials Register",
    "Recruitment Status": "Authorised",
    "Inclusion agemin": "",
    "Inclusion gender": "<br>Female: yes<br>Male: no<br>",
    "Date enrollement": "05/03/2020",
    "Target size": "25",
    "Study type": "Interventional clinical trial of medicinal product",
    "Study design": "Controlled: yes<br>Randomised: yes<br>Open: no<br>Single blind: no<br>Double blind: yes<br>Parallel group: yes<br>Cross over: no<br>Other: no<br>",
    "Phase": "Human pharmacology (Phase I): no\nTherapeutic exploratory (Phase II): yes\nTherapeutic confirmatory - (Phase III): yes\n",
    "Countries": "France;Spain",
    "Condition": "Thirst <br>MedDRA version: 20.0;Therapeutic area: Diseases [C]",
}
SAID = {
    "id.nct": ["NCT90000001"], "id.sponsor": ["AB-12345"], "id.eudract": ["2011-000001-11"],
    "id.utn": ["U1111-2222-3333"], "id.other": ["grant 7"], "title.brief": ['Tea, "green"'],
    "status.recruitment": ["COMPLETED"], "condition.name": ["Thirst", "Cold Hands"],
    "intervention.type": ["DRUG", "DIETARY_SUPPLEMENT"],
    "intervention.name": ["Tea|Milk blend", "Water: cold"], "sponsor.lead": ["Leaf Ltd"],
    "sponsor.collaborator": ["Cup Inc", "Pot Inc"], "eligibility.sex": ["ALL"],
    "design.phase": ["PHASE1", "PHASE2"], "enrolment.count": ["24"],
    "design.type": ["INTERVENTIONAL"], "design.allocation": ["RANDOMIZED"],
    "design.model": ["PARALLEL"], "design.purpose": ["TREATMENT"], "design.masking": ["DOUBLE"],
    "design.masking.role": ["PARTICIPANT", "CARE_PROVIDER"], "date.start": ["2012-03-05"],
    "date.completion": ["2013-05"], "date.updated": ["2014-06-06"],
    "location.country": ["France", "Korea, Republic of", "Norway"],
}  # fmt: skip
AGES = {"eligibility.age.minimum": ["18 Years"], "eligibility.age.maximum": ["65 Years"]}
TABLES = sorted((SHARED / "records" / "ctgov_csv").glob("*[sS]earch*")) + sorted(
    (SHARED / "records" / "ctgov_csv").glob("only*")
)


def table(*rows, mark=",", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=mark, quoting=quoting, quotechar='"' if quoting != csv.QUOTE_NONE else None)  # fmt: skip
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def said(record):
    found = {}
    for fact in record.facts:
        if not fact.concept.startswith(("criterion.", "regimen.", "objective.")):
            found.setdefault(fact.concept, []).append(fact.value)
    return found


def holds_law_1(record):
    tree = json.loads(record.text)
    for found in (*record.facts, *(issue for issue in record.issues if issue.span)):
        span = found.span
        assert string_at(tree, span.path)[span.start : span.end] == found.quote != ""


def noted(record):
    return [(i.code, i.quote) for i in record.issues if i.code in ("term.unknown", "source.unread")]


@pytest.mark.parametrize(
    ("data", "form", "more"),
    [
        (table(NEW), "ctgov_csv", {}),
        (b"\xef\xbb\xbf" + table(NEW, mark=";"), "ctgov_csv", {}),
        (table(OLD), "ctgov_csv_old", AGES),
        (table(OLD, mark="\t"), "ctgov_csv_old", AGES),
        (table(OLD, mark="\t", quoting=csv.QUOTE_NONE), "ctgov_csv_old", AGES),
    ],
    ids=["new", "semicolons", "old", "tabs", "tabs without quotation"],
)
def test_a_row_says_what_its_cells_hold(spec, data, form, more):
    record = record_of(data, "anything.txt", spec)
    assert (record.source.format, record.source.name) == (form, "anything.txt#1")
    assert (record.source.id, record.source.version) == ("NCT90000001", "2014-06-06")
    assert said(record) == SAID | more
    assert not noted(record)
    holds_law_1(record)


def test_a_search_of_the_who_says_what_the_registry_of_a_row_means(spec):
    record = record_of(table(ICTRP), "x.csv", spec)
    holds_law_1(record)
    assert not noted(record)
    found = said(record)
    assert found["id.eudract"] == [record.source.id] == ["2020-000890-25"]
    assert found["date.start"] == ["2020-03-05"]
    assert found["design.phase"] == ["PHASE2", "PHASE3"]
    assert found["eligibility.sex"] == ["FEMALE"]
    assert found["design.masking"] == ["DOUBLE"]
    assert found["condition.name"] == ["Thirst"]
    assert found["location.country"] == ["France", "Spain"]
    assert found["title.official"] == ["A Trial of Tea"]


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("\n  Randomization: Randomized, Blinding: Double blinded, Placebo: Used, Assignment: Parallel, "
         "Purpose: Supportive, Randomization description: By lot, in blocks. A list.",
         ["RANDOMIZED", "DOUBLE", "PLACEBO", "PARALLEL", "SUPPORTIVE_CARE"]),
        ("Randomization: N/A, Blinding: Not blinded, Placebo: Not used, Assignment: Single, Purpose: Treatment.",
         ["NA", "NONE", None, "SINGLE_GROUP", "TREATMENT"]),
        ("Allocation: Single arm study;. Masking: Open (masking not used). Control: Uncontrolled/Single "
         "arm. Assignment: Single (group). Study design purpose: Screening;",
         ["NA", "NONE", "NONE", "SINGLE_GROUP", "SCREENING"]),
        ("Allocation: Randomized controlled trial. Masking: Open. Control group: Active. Assignment: "
         "Parallel. Purpose: Treatment",
         ["RANDOMIZED", "NONE", "ACTIVE", "PARALLEL", "TREATMENT"]),
    ],
    ids=["Iran", "one arm in Iran", "Germany", "Cuba"],
)  # fmt: skip
def test_designs_of_other_registers_are_read_where_they_have_a_form(words, made, spec):
    record = record_of(table(ICTRP | {"Study design": words}), "x.csv", spec)
    assert not noted(record)
    holds_law_1(record)
    found = said(record)
    kinds = ("allocation", "masking", "control", "model", "purpose")
    assert [found.get(f"design.{kind}", [None])[0] for kind in kinds] == made


def test_products_of_the_eu_register_are_named_without_their_strength(spec):
    products = (
        "<br>Trade Name: Teaquil 200 mg, tablet<br>Pharmaceutical Form: Tablet<br><br>"
        "Trade Name: X<br>Product Name: Milk<br>Pharmaceutical Form: Oral solution<br>"
        "INN or Proposed INN: LAC<br><br>Product Code: Z1<br>Pharmaceutical Form:<br>"
        "INN or Proposed INN: -<br>Other descriptive name: w<br><br>"
        "Pharmaceutical form of the placebo: Tablet<br>"
    )
    design = ICTRP["Study design"] + (
        "If controlled, specify comparator, Other Medicinial Product: no<br>Placebo: yes<br>"
        "Other: no<br>Number of treatment arms in the trial: 3<br>"
    )
    row = ICTRP | {"Intervention": products, "Study design": design}
    record = record_of(table(row), "x.csv", spec)
    assert said(record)["intervention.name"] == ["Teaquil", "Milk"]
    assert said(record)["design.control"] == ["PLACEBO"]
    assert said(record)["arm.count"] == ["3"]
    assert not noted(record)
    holds_law_1(record)


@pytest.mark.parametrize(
    ("row", "cell", "words", "code", "quote"),
    [
        (NEW, "Study Design", "Allocation: RANDOMIZED|Moon: FULL", "source.unread", "|Moon: FULL"),
        (NEW, "Study Design", "Masking: DOUBLE (PARTICIPANT, CAT)", "term.unknown", "CAT"),
        (NEW, "Interventions", "Tea", "source.unread", "Tea"),
        (NEW, "Interventions", "DRUG: Tea|MAGIC: Wand", "term.unknown", "MAGIC"),
        (NEW, "Phases", "PHASE1|PHASE9", "term.unknown", "PHASE9"),
        (NEW, "NCT Number", "see below", "term.unknown", "see below"),
        (OLD, "Age", "of age", "source.unread", "of age"),
        (OLD, "Start Date", "soon", "term.unknown", "soon"),
        (OLD, "Study Designs", "Masking: Dark", "term.unknown", "Dark"),
    ],
)
def test_words_that_no_pattern_takes_are_issues_with_their_place(
    spec, row, cell, words, code, quote
):
    record = record_of(table(row | {cell: words}), "x.csv", spec)
    assert noted(record) == [(code, quote)]
    holds_law_1(record)


def test_a_column_that_the_mapping_does_not_know_is_an_issue(spec):
    record = record_of(table(NEW | {"Tea Leaves": "seven"}), "x.csv", spec)
    assert noted(record) == [("source.unread", "seven")]


def test_a_broken_row_is_refused_and_the_others_are_read(spec):
    lines = table(NEW, NEW | {"NCT Number": "NCT90000002"}, NEW).decode().splitlines()
    lines[2] = lines[2].replace(",24,", ",", 1)
    first, second, third = read("\n".join([*lines[:3], "", lines[3]]).encode(), "x.csv", spec)
    assert isinstance(second, Unreadable)
    assert (second.code, "Row 2 has" in second.detail) == ("input.malformed", True)
    assert [first.source.name, third.source.name] == ["x.csv#1", "x.csv#3"]


def test_a_table_that_breaks_off_within_quotation_keeps_the_rows_before(spec):
    cut = table(NEW, NEW, quoting=csv.QUOTE_ALL)[:-40]
    first, rest = read(cut, "x.csv", spec)
    assert first.source.name == "x.csv#1"
    assert (rest.code, rest.detail[:12]) == ("input.malformed", "After row 1:")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (table(NEW).splitlines()[0], "input.empty"),
        (table(NEW).replace(b"Age", b"Sex", 1), "input.malformed"),
        (b"nct_id,brief_title\nNCT90000001,Tea\n", "input.unknown"),
        (b"trialid,first_seen\nNCT90000001,08/03/2020\n", "input.unknown"),
        (b"," * 100_000, "input.unknown"),
        (b'"' + b"x" * 1_000_000, "input.unknown"),
    ],
    ids=["no rows", "column twice", "flattened", "other table", "commas", "one quotation mark"],
)
def test_a_table_that_is_no_export_is_refused_once(spec, data, code):
    (found,) = read(data, "x.csv", spec)
    assert found.code == code


def test_a_cell_may_be_very_long_and_hostile_ones_cost_no_time(spec):
    sites = "|".join(["House, Korea, , " * 5 + "France"] * 5000)
    hostile = "Allocation: " * 20_000 + "(" * 50_000
    row = NEW | {"Locations": sites, "Study Design": hostile, "Interventions": "DRUG: |" * 20_000}
    record = record_of(table(row), "x.csv", spec)
    assert len(said(record)["location.country"]) == 5000


@pytest.mark.skipif(not TABLES, reason="../shared is not there")
def test_shared_search_results_are_read_whole(spec):
    count = 0
    for path in TABLES:
        for record in read(path.read_bytes(), path.name, spec):
            assert not isinstance(record, Unreadable)
            assert not noted(record)
            assert re.fullmatch(r"NCT\d{8}", record.source.id)
            holds_law_1(record)
            count += 1
    assert count == 822


def test_shared_searches_of_the_who_are_read_row_by_row(spec):
    data = shared("records/ictrp/COVID19-1135-trials.csv").read_bytes()
    records = list(read(data, "x.csv", spec))
    assert not [found for found in records if isinstance(found, Unreadable)]
    assert len({record.source.id for record in records}) == len(records) == 1135
    for record in records:
        holds_law_1(record)
    unread = [where for record in records for where in noted(record)]
    assert len(unread) < 70  # designs that registries write as they please
    assert len({record.source.sha256 for record in records}) == 1135


@pytest.mark.parametrize(
    "name",
    ["ctgov_csv/derived_UserZetsu_mldl_clean.csv", "ctgov_csv/partrita_ccr8_all_trials_raw.csv",
     "ictrp/derived_ntd_analysis_ictrp.csv", "ictrp/derived_trial_list_2020-12-16.csv"],
)  # fmt: skip
def test_flattenings_of_somebodys_own_are_refused_once(spec, name):
    (found,) = read(shared(f"records/{name}").read_bytes(), name, spec)
    assert found.code == "input.unknown"


def summary(record, spec):
    found = {}
    for row in tabulate.tables(build([record], spec), spec)["TS"].to_pylist():
        found.setdefault(row["TSPARMCD"], []).append(row["TSVAL"])
    return found


def others(ours, theirs):
    """The parameters of which one says what the other does not."""
    return {
        code: values
        for code, values in ours.items()
        if [value for value in values if value is not None and value not in theirs.get(code, ())]
    }


def test_law_4_a_shared_row_of_the_same_version(spec):
    data = shared("records/ctgov_csv/dgg32_SearchResults.tsv").read_bytes()
    row = next(r for r in read(data, "x.tsv", spec) if r.source.id == "NCT02663973")
    new = record_of(shared("records/ctgov_v2/NCT02663973.json").read_bytes(), "x", spec)
    assert row.source.version == new.source.version
    assert not others(summary(row, spec), summary(new, spec))


def exported(study):
    """A study of API version 2 as the service exports it in a table."""
    part = study["protocolSection"].get
    ident, status, design = (
        part("identificationModule"), part("statusModule"), part("designModule"),
    )  # fmt: skip
    sponsors, how = part("sponsorCollaboratorsModule"), design.get("designInfo", {})
    masking = how.get("maskingInfo", {})
    masked = f" ({', '.join(masking['whoMasked'])})" if masking.get("whoMasked") else ""
    words = {
        "INTERVENTIONAL": f"Allocation: {how.get('allocation', '')}|Intervention Model: {how.get('interventionModel', '')}"
        f"|Masking: {masking.get('masking', '')}{masked}|Primary Purpose: {how.get('primaryPurpose', '')}",
        "OBSERVATIONAL": "Observational Model: |Time Perspective: p",
    }
    return {
        "NCT Number": ident["nctId"],
        "Study Title": ident["briefTitle"],
        "Study Status": status["overallStatus"],
        "Conditions": "|".join(part("conditionsModule", {}).get("conditions", [])),
        "Interventions": "|".join(
            f"{one['type']}: {one['name']}"
            for one in part("armsInterventionsModule", {}).get("interventions", [])
        ),
        "Sponsor": sponsors["leadSponsor"]["name"],
        "Sex": part("eligibilityModule", {}).get("sex", ""),
        "Phases": "|".join(design.get("phases", [])),
        "Enrollment": design.get("enrollmentInfo", {}).get("count", ""),
        "Study Type": design["studyType"],
        "Study Design": words.get(design["studyType"], ""),
        "Other IDs": "|".join(
            [ident["orgStudyIdInfo"]["id"], *(one["id"] for one in ident.get("secondaryIdInfos", ()))]
        ),
        "Start Date": status.get("startDateStruct", {}).get("date", ""),
        "Completion Date": status.get("completionDateStruct", {}).get("date", ""),
        "Locations": "|".join(
            ", ".join(filter(None, (one.get("facility"), one.get("city"), one.get("country"))))
            for one in part("contactsLocationsModule", {}).get("locations", [])
        ),
    }  # fmt: skip


def reason(code, record):
    """Why a table says what version 2 does not: what the export leaves out."""
    stated = {fact.concept: fact.value for fact in record.facts}
    if code in ("INDIC", "TDIGRP"):
        return stated.get("eligibility.healthy") == "Yes"  # no column says so
    if code == "STYPE":
        return stated.get("design.patient_registry") == "true"  # the column says OBSERVATIONAL
    if code in ("ACTSUB", "PLANSUB"):
        return "enrolment.type" in stated  # no column says so: the status decides
    if code in ("SSTDTC", "SENDTC"):
        return stated.get(f"date.{'start' if code[1] == 'S' else 'completion'}.type") == "ESTIMATED"
    if code == "DOSRGM":
        return "arm.description" in stated  # its words for the same frequency come first
    return False


def test_law_4_a_table_says_nothing_else_than_version_2(spec):
    paths = sorted(shared("records/ctgov_v2").glob("*.json"))[::9]
    assert len(paths) == 100
    for path in paths:
        new = record_of(path.read_bytes(), path.name, spec)
        row = record_of(table(exported(json.loads(path.read_bytes()))), "x.csv", spec)
        assert not noted(row)
        for code, values in others(summary(row, spec), summary(new, spec)).items():
            assert reason(code, new), (path.name, code, values)
