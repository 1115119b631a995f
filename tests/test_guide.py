"""The reviewer's guide after CORE ran: what it found stands there, explained, and nothing else moved."""

import hashlib
import json

import lxml.html
import pytest

from pipeline.checking import check_build
from pipeline.conformance.answer import Answer, Engine, Found, Rules
from pipeline.conformance.guides import OPEN, tell
from pipeline.conformance.judge import judge
from pipeline.conformance.report import write
from pipeline.load.package import package
from pipeline.load.saved import save
from tests.test_conformance import DOCUMENTED

EVIL = "<script>alert(1)</script> | `x` ]]> =cmd()"


@pytest.fixture
def built(seed, spec, tmp_path):
    tables, files, _ = package(seed, spec)
    save(files, tmp_path / "studies" / seed.id)
    return seed.id, tables, files, tmp_path


def verdict(study, tables, *found):
    rules = Rules(("CORE-000338", "CORE-000563"), {"CORE-000001": "Outside scope"}, {})
    asked = Answer(Engine("CDISC CORE", "0.17.1"), "3.4", rules, {"TS": 2}, found)
    return judge(study, asked, tables, DOCUMENTED)


def row_of(tables, code):
    return tables["TS"]["TSPARMCD"].to_pylist().index(code) + 1


def test_what_core_found_takes_the_place_of_what_was_expected(built):
    study, tables, files, out = built
    home = out / "studies" / study
    absent = Found("CORE-000504", ("CG0283",), "TS", row_of(tables, "DCUTDTC"), ("TSVAL",),
                   {"TSPARMCD": "DCUTDTC"}, "No date.")  # fmt: skip
    wrong = Found("CORE-000999", (), "TA", 1, ("ARMCD",), {"ARMCD": EVIL}, EVIL)
    tell([verdict(study, tables, absent, wrong)], out)
    page = lxml.html.document_fromstring((home / "reviewers-guide.html").read_bytes().decode())
    told = page.get_element_by_id("findings").getparent()
    cells = [
        ["".join(cell.itertext()) for cell in line.iterchildren("th", "td")]
        for line in told.iter("tr")
    ][1:]
    assert [line[0] for line in cells] == ["CORE-000504", "CORE-000999"]
    assert cells[0][1:3] == ["CG0283", "TS DCUTDTC.1"]
    assert cells[0][4] == DOCUMENTED["CORE-000504"].why
    assert cells[1][3:] == [EVIL, OPEN]
    words = " ".join("".join(told.itertext()).split())
    assert "CDISC CORE 0.17.1 was asked about this package by its rules for SDTMIG 3.4" in words
    assert "2 rules ran, 1 had nothing to look at here; findings: 2, to be looked at: 1" in words
    assert "has not been asked" not in words
    assert [one for one in page.iter("script") if "alert" in (one.text or "")] == []
    text = (home / "reviewers-guide.md").read_text(encoding="utf-8")
    assert "CORE-000999" in text
    assert "<script" not in text.replace("\\<", "")
    assert text.count("## Findings explained") == 1
    changed = {name for name, data in files.items() if (home / name).read_bytes() != data}
    assert changed == {"reviewers-guide.html", "reviewers-guide.md", "manifest.json"}


def test_the_manifest_follows_and_asking_again_tells_it_anew(built, spec):
    study, tables, files, out = built
    home = out / "studies" / study
    wrong = Found("CORE-000999", (), "TA", 1, ("ARMCD",), {"ARMCD": "A"}, "Wrong.")
    tell([verdict(study, tables, wrong)], out)
    manifest = json.loads((home / "manifest.json").read_bytes())
    guide = (home / "reviewers-guide.html").read_bytes()
    digest = hashlib.sha256(guide).hexdigest()
    assert manifest["files"]["reviewers-guide.html"] == [len(guide), digest]
    assert manifest["files"].keys() == files.keys() - {"manifest.json"}
    assert "MANIFEST" not in {one.rule for one in check_build(out, spec)}
    tell([verdict(study, tables)], out)
    assert b"CORE-000999" not in (home / "reviewers-guide.html").read_bytes()
    tell([verdict(study, tables, wrong)], out)
    assert (home / "reviewers-guide.html").read_bytes() == guide


def test_a_build_without_guides_is_left_alone(built, tmp_path):
    study, tables, _, out = built
    (out / "studies" / study / "manifest.json").unlink()
    tell([verdict(study, tables)], out)
    assert b"has not been asked" in (out / "studies" / study / "reviewers-guide.html").read_bytes()


def test_core_stays_in_the_report_while_no_file_has_changed(built, spec):
    study, tables, _, out = built
    wrong = Found("CORE-000999", (), "TA", 1, ("ARMCD",), {"ARMCD": "A"}, "Wrong.")
    check_build(out, spec)
    write([verdict(study, tables, wrong)], DOCUMENTED, out)
    report = out / "validation" / "findings.json"

    def engines():
        return {one["name"] for one in json.loads(report.read_bytes())["engines"]}

    assert "CORE-000999" in {one.rule for one in check_build(out, spec)}
    assert engines() == {"core", "define", "expectations", "native", "xsd"}
    (out / "studies" / study / "worklist.csv").write_bytes(b"changed")
    assert "CORE-000999" not in {one.rule for one in check_build(out, spec)}
    assert engines() == {"define", "expectations", "native", "xsd"}
