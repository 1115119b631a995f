"""Dictionaries in their distributors' layouts: read, refused, and coded by exact names alone.

The entries are made up, or public facts (the UNII of metformin).
"""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

from pipeline.dictionaries import dictionaries, held
from pipeline.issues import BadRequest
from pipeline.load.created import created
from pipeline.load.define import define_xml
from pipeline.spec import ROOT, load
from pipeline.spec.dictionary import Entry, dictionary
from pipeline.tabulate import tables
from pipeline.validate.define import define_findings
from pipeline.validate.lot import lot
from pipeline.validate.native import native_findings
from pipeline.values import Study
from tests.conftest import study_of
from tests.test_build import run

SPEC = load()
FSN, SYNONYM = "900000000000003001", "900000000000013009"
PREFERRED, ACCEPTABLE = "900000000000548007", "900000000000549004"
NAMES = """Name\tTYPE\tUNII\tDisplay Name
METFORMIN\tof\t9100L32L2N\tMETFORMIN
Dimethyl  biguanide\tcn\t9100L32L2N\tMETFORMIN
BLUAMINE\tof\tBLU000000Q\tBLUAMINE
BLU-1\tcd\tBLU000000Q\tBLUAMINE
OAT TWIN\tcn\tOAT000000R\tOAT GRAIN
OAT TWIN\tcn\tOAT000001S\tOAT HUSK
"""
RECORDS = """UNII\tDisplay Name\tRN\tRXCUI\tUUID
9100L32L2N\tMETFORMIN\t657-24-9\t6809\tu1
BLU000000Q\tBLUAMINE\t\t111\tu2
OAT000000R\tOAT GRAIN\t\t\tu3
OAT000001S\tOAT HUSK\t\t\tu4
"""
CONCEPTS = """id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId
10001005\t20260101\t1\t9\t9
10002003\t20260101\t1\t9\t9
10003008\t20260101\t0\t9\t9
10004002\t20260101\t1\t9\t9
"""
DESCRIPTIONS = f"""id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId
1\t20260101\t1\t9\t10001005\ten\t{FSN}\tBurning chest (disorder)\t9
2\t20260101\t1\t9\t10001005\ten\t{SYNONYM}\tHeartburn\t9
3\t20260101\t1\t9\t10001005\ten\t{SYNONYM}\tBurning of "chest"\t9
4\t20260101\t1\t9\t10002003\ten\t{FSN}\tHeartburn (procedure)\t9
5\t20260101\t1\t9\t10003008\ten\t{FSN}\tHeartburn (disorder)\t9
6\t20260101\t1\t9\t10004002\ten\t{FSN}\tSour stomach (finding)\t9
7\t20260101\t0\t9\t10004002\ten\t{SYNONYM}\tHeartburn\t9
"""
LANGUAGE = f"""id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId
a\t20260101\t1\t9\t900000000000509007\t2\t{PREFERRED}
b\t20260101\t1\t9\t900000000000509007\t3\t{ACCEPTABLE}
c\t20260101\t1\t9\t900000000000508004\t3\t{PREFERRED}
"""
MEDRT = """<?xml version="1.0" encoding="UTF-8" ?>
<terminology>
<namespace><name>MED-RT</name><version>2026.07.06</version></namespace>
<namespace><name>RxNorm</name><version>x</version></namespace>
<concept><namespace>MED-RT</namespace><name>Biguanide [EPC]</name><code>N0000000001</code><status>A</status>
<property><namespace>MED-RT</namespace><name>CTY</name><value>EPC</value></property></concept>
<concept><namespace>MED-RT</namespace><name>Blue Thing [EPC]</name><code>N0000000002</code><status>A</status></concept>
<concept><namespace>MED-RT</namespace><name>Blue Effects [PE]</name><code>N0000000003</code><status>A</status></concept>
<association><namespace>MED-RT</namespace><name>has_EPC</name><from_namespace>RxNorm</from_namespace>
<from_name>bluamine</from_name><from_code>111</from_code><to_namespace>MED-RT</to_namespace>
<to_name>Blue Thing [EPC]</to_name><to_code>N0000000002</to_code>
<qualifier><namespace>MED-RT</namespace><name>Authority</name><value>x</value></qualifier></association>
<association><namespace>MED-RT</namespace><name>has_PE</name><from_namespace>RxNorm</from_namespace>
<from_name>bluamine</from_name><from_code>111</from_code><to_namespace>MED-RT</to_namespace>
<to_name>Blue Effects [PE]</to_name><to_code>N0000000003</to_code></association>
</terminology>
"""
FILES = {
    "UNII_Names_26Feb2026.txt": NAMES,
    "UNII_Records_26Feb2026.txt": RECORDS,
    "Core_MEDRT_2026.07.06_XML.xml": MEDRT,
    "sct2_Concept_Snapshot_INT_20260301.txt": CONCEPTS,
    "sct2_Description_Snapshot-en_INT_20260301.txt": DESCRIPTIONS,
    "der2_cRefset_LanguageSnapshot-en_INT_20260301.txt": LANGUAGE,
    "pt.asc": "10000001$Pain$$10000009$$$$$$$$\n",
    "llt.asc": "10000001$Pain$10000001$$$$$$$Y$$\n10000002$Ache$10000001$$$$$$$Y$$\n"
    "10000003$Dolour$10000001$$$$$$$N$$\n",
    "meddra_release.asc": "29.0$English$$$$\n",
}
VERSIONS = {
    "UNII": "2026-02-26", "SNOMED": "2026-03-01", "MED-RT": "2026.07.06", "MedDRA": "29.0",
}  # fmt: skip


def filled(folder: Path, **other: str) -> Path:
    """A folder with the files, some of them with other content."""
    for name, text in (FILES | other).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path) -> Path:
    return filled(tmp_path)


@pytest.fixture
def trial() -> dict:
    return json.loads((ROOT / "tests/fixtures/ctgov_trial.json").read_text(encoding="utf-8"))


def coded(trial: dict, folder: Path, *names: str) -> Study:
    known = dictionaries(folder)
    wanted = {name: known[name] for name in names or known}
    return study_of(json.dumps(trial), replace(SPEC, dictionaries=wanted))


def cells(study: Study, code: str) -> list[tuple]:
    names = ("TSVALCD", "TSVCDREF", "TSVCDVER")
    return [
        (row["TSVAL"].value, *(row[name] for name in names), row["TSVAL"].how)
        for row in study.tables["TS"].rows
        if row["TSPARMCD"] == code
    ]


def quotes(study: Study, code: str) -> list[list[str]]:
    rows = [row for row in study.tables["TS"].rows if row["TSPARMCD"] == code]
    return [[fact.quote for fact in row["TSVAL"].basis] for row in rows]


def task(study: Study, code: str):
    return next((one for one in study.worklist if (one.domain, one.item) == ("TS", code)), None)


def test_each_dictionary_is_known_with_its_version(folder):
    known = dictionaries(folder)
    assert {name: one.version for name, one in known.items()} == VERSIONS
    assert known["UNII"].named(" metFORMIN ") == (Entry("9100L32L2N", "METFORMIN"),)
    assert known["UNII"].named("dimethyl biguanide") == (Entry("9100L32L2N", "METFORMIN"),)
    assert known["UNII"].named("metformi") == known["UNII"].named("metformin 500") == ()
    assert {entry.code for entry in known["UNII"].named("oat twin")} == {"OAT000000R", "OAT000001S"}
    assert known["SNOMED"].named("heartburn") == (Entry("10001005", "Heartburn"),)
    assert known["SNOMED"].named('burning of "chest"') == (Entry("10001005", "Heartburn"),)
    assert known["SNOMED"].named("Sour stomach") == (Entry("10004002", "Sour stomach"),)
    assert known["MED-RT"].named("biguanide") == (Entry("N0000000001", "Biguanide [EPC]"),)
    assert known["MED-RT"].named("Blue Effects") == ()
    assert known["MedDRA"].named("ache") == (Entry("10000001", "Pain"),)
    assert known["MedDRA"].named("dolour") == ()


def test_a_preferred_term_is_asked_before_synonyms():
    made = dictionary("X", "1", [Entry("1", "Cold"), Entry("2", "Common cold", ("cold",))])
    assert made.named("COLD") == (Entry("1", "Cold"),)
    assert made.term("2") == "Common cold"
    assert made.term("3") == ""


def test_a_release_is_read_as_it_is_packed(tmp_path):
    filled(tmp_path)
    whole, packed = dictionaries(tmp_path), tmp_path / "packed"
    packed.mkdir()
    with ZipFile(packed / "release.zip", "w") as archive:
        for name in FILES:
            archive.write(tmp_path / name, f"Release/Snapshot/{name}")
        archive.writestr("Release/Readme.txt", "Read me.")
    assert {name: one.version for name, one in dictionaries(packed).items()} == VERSIONS
    for name, one in dictionaries(packed).items():
        assert one.terms.equals(whole[name].terms)


def test_values_are_coded_with_the_words_as_their_basis(trial, folder):
    study = coded(trial, folder)
    assert cells(study, "TRT") == [
        ("BLUAMINE", "BLU000000Q", "UNII", "2026-02-26", "derived"),
    ]
    assert cells(study, "CURTRT") == [("Oat bran", None, None, None, "derived")]
    assert cells(study, "INDIC") == [("Heartburn", "10001005", "SNOMED", "2026-03-01", "copied")]
    assert cells(study, "PCLAS") == [
        ("Blue Thing [EPC]", "N0000000002", "MED-RT", "2026.07.06", "derived"),
    ]
    assert "bluamine" in quotes(study, "TRT")[0]
    assert "bluamine" in quotes(study, "PCLAS")[0]
    assert task(study, "INDIC") is None
    left = task(study, "CURTRT")
    assert "UNII 2026-02-26 has no name that is exactly: Oat bran." in left.why
    assert [fact.value for fact in left.candidates] == ["Oat bran"]
    spec = replace(SPEC, dictionaries=dictionaries(folder))
    made = tables(study, spec)
    define = define_xml(study, made, spec, created(study, spec))
    assert define_findings(define, made, spec, study.id) == []
    assert b'Dictionary="SNOMED" Version="2026-03-01"' in define
    found = native_findings(lot([(study.id, made)]), spec)
    assert [one for one in found if one.severity == "error"] == []


def test_without_dictionaries_the_text_is_kept_and_said_to_need_one(trial):
    study = study_of(json.dumps(trial), SPEC)
    assert cells(study, "TRT")[0] == ("bluamine", None, None, None, "derived")
    assert cells(study, "INDIC") == [("Heartburn", None, None, None, "copied")]
    assert "Dictionary needed: UNII." in task(study, "TRT").why
    assert "CG0444" in task(study, "TRT").rules
    assert "Dictionary needed: SNOMED." in task(study, "INDIC").why
    assert "Dictionary needed: MED-RT." in task(study, "PCLAS").why


def test_what_has_two_meanings_is_offered_and_not_filled(trial, folder):
    for one in trial["protocolSection"]["armsInterventionsModule"]["interventions"]:
        one["name"] = one["name"].replace("Oat bran", "Oat twin")
    for arm in trial["protocolSection"]["armsInterventionsModule"]["armGroups"]:
        arm["interventionNames"] = [
            name.replace("Oat bran", "Oat twin") for name in arm["interventionNames"]
        ]
    study = coded(trial, folder)
    assert cells(study, "CURTRT")[0][:2] == ("Oat twin", None)
    assert "more than one entry" in task(study, "CURTRT").why
    assert task(study, "CURTRT").allowed == "UNII: OAT000000R OAT GRAIN | OAT000001S OAT HUSK"


def test_names_of_one_entry_are_one_value(trial, folder):
    trial["protocolSection"]["conditionsModule"]["conditions"] = ["Heartburn", "burning CHEST"]
    study = coded(trial, folder)
    assert [row[:2] for row in cells(study, "INDIC")] == [("Heartburn", "10001005")]
    assert quotes(study, "INDIC") == [["Heartburn", "burning CHEST"]]


def test_a_class_needs_one_exact_relation(trial, folder):
    assert cells(coded(trial, folder, "MED-RT"), "PCLAS")[0][0] is None
    text = MEDRT.replace(
        "<name>has_PE</name>", "<name>has_EPC</name>"
    ).replace("<to_code>N0000000003</to_code>", "<to_code>N0000000001</to_code>")  # fmt: skip
    study = coded(trial, filled(folder, **{"Core_MEDRT_2026.07.06_XML.xml": text}))
    assert cells(study, "PCLAS")[0][0] is None
    (said,) = [issue for issue in study.issues if issue.code == "code.ambiguous"]
    assert said.detail == "MED-RT: N0000000001 Biguanide [EPC] | N0000000002 Blue Thing [EPC]"


MALFORMED = [
    ("UNII_Names_26Feb2026.txt", NAMES.replace("UNII", "CODE", 1), "no column UNII"),
    ("UNII_Names_26Feb2026.txt", NAMES + "ONLY\n", "line 8: there are 1 columns"),
    ("UNII_Names_26Feb2026.txt", "", "no column Name"),
    ("UNII_Records_1Jan2026.txt", RECORDS, "release is not certain"),
    ("UNII_Records.txt", RECORDS, "release is not certain"),
    ("sct2_Concept_Snapshot_INT_20250301.txt", CONCEPTS, "SNOMED CT has one sct2_Concept"),
    ("der2_cRefset_LanguageSnapshot-en_US_20260301.txt", LANGUAGE, "several editions"),
    ("sct2_Description_Snapshot-en_INT_20260301.txt", "id\tactive\n", "no column conceptId"),
    ("Core_MEDRT_2026.07.06_XML.xml", MEDRT[:900], "Core_MEDRT"),
    ("Core_MEDRT_2026.07.06_XML.xml", "<terminology/>", "no MED-RT file"),
    ("Core_MEDRT_2025.01.01_XML.xml", MEDRT, "keep one"),
    ("llt.asc", "10000001$Pain$\n", "line 1: this is no line of MedDRA"),
]


@pytest.mark.parametrize(("name", "text", "says"), MALFORMED)
def test_a_file_that_is_not_as_its_distributor_writes_it_is_refused(folder, name, text, says):
    with pytest.raises(BadRequest, match=says) as refused:
        dictionaries(filled(folder, **{name: text}))
    assert str(folder) in str(refused.value)


def test_a_folder_that_is_not_there_and_files_of_nobody(tmp_path):
    with pytest.raises(BadRequest, match="no folder of dictionaries"):
        dictionaries(tmp_path / "none")
    (tmp_path / "notes.txt").write_text("x")
    found, left = held(tmp_path)
    assert (found, [part.name for part in left]) == ([], ["notes.txt"])
    (tmp_path / "broken.zip").write_text("x")
    with pytest.raises(BadRequest, match="cannot be opened"):
        held(tmp_path)


def test_the_command_says_what_is_there_and_what_stays_uncoded(folder):
    done = run("dictionaries", folder)
    assert done.returncode == 0, done.stderr
    assert "UNII 2026-02-26: 4 entries, 8 names" in done.stdout
    (folder / "notes.txt").write_text("x")
    (folder / "pt.asc").unlink()
    done = run("dictionaries", folder)
    assert done.returncode == 2
    assert "missing: pt.asc" in done.stderr
    for name in FILES:
        if not name.startswith("UNII"):
            (folder / name).unlink(missing_ok=True)
    done = run("dictionaries", folder)
    assert done.returncode == 1
    assert "INDIC stays uncoded: SNOMED is not there" in done.stdout
    assert "notes.txt belongs to no dictionary" in done.stdout


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_build_codes_in_every_process_the_same(folder, tmp_path, jobs, trial):
    records = tmp_path / "records"
    records.mkdir()
    for number in range(3):
        trial["protocolSection"]["identificationModule"]["nctId"] = f"NCT0900000{number}"
        trial["protocolSection"]["identificationModule"]["secondaryIdInfos"] = []
        trial["protocolSection"]["identificationModule"]["orgStudyIdInfo"] = {
            "id": f"ACME-{number}"
        }
        (records / f"{number}.json").write_text(json.dumps(trial))
    held_in = tmp_path / "held"
    held_in.mkdir()
    filled(held_in)
    out = tmp_path / "out"
    done = run("build", records, "--out", out, "--jobs", jobs, "--dictionaries", held_in,
               "--standard", "3.3")  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for number in range(3):
        data = json.loads((out / f"studies/NCT0900000{number}/json/ts.json").read_text())
        rows = {(row[4], row[6], row[8]) for row in data["rows"]}
        assert ("TRT", "BLUAMINE", "BLU000000Q") in rows
        assert ("SDTIGVER", "3.3", "C161437") in rows
    assert run("check", out).returncode == 0
