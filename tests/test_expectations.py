"""Great Expectations says what the rules say, in pages that open offline and hold no script."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from lxml import html

from pipeline.validate.asserting import assertable
from pipeline.validate.checks import asked
from pipeline.validate.expectations import asserted, data_docs, expectations
from pipeline.validate.native import RULES, native_findings
from pipeline.validate.suites import expected, title
from tests.good_lot import SPEC, good_lot, row_of, spoiled

GOOD = good_lot("NCT01", "NCT02")
HOSTILE = "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>&amp; $x"


def bad_lot():
    rows = {row_of(GOOD, "TS", "TSPARMCD", code): value for code, value in (
        ("SEXPOP", HOSTILE), ("AGEMIN", "18 YEARS"), ("PLANSUB", None), ("SSTDTC", None),
    )}  # fmt: skip
    bad = spoiled(GOOD, "TS", "TSVAL", rows)
    bad = spoiled(bad, "TE", "ETCD", {0: None})
    bad = spoiled(bad, "TI", "IETESTCD", {1: "INCL01"})
    return spoiled(bad, "TI", "IETEST", {1: "Adults with β disease"})


@pytest.fixture(scope="module")
def bad():
    return expectations(bad_lot(), SPEC)


@pytest.fixture(scope="module")
def pages(bad, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    return {path.name: path.read_text(encoding="utf-8") for path in data_docs(bad[1], folder)}


def test_a_good_lot_meets_every_expectation():
    found, run = expectations(GOOD, SPEC)
    assert found == []
    assert all(result.success for result in run.results.values())
    about_td = {"anchor-date"}  # the lot has no TD
    assert {*run.engine.rules} == {rule.name for rule in RULES} - about_td


def test_findings_are_those_of_the_rules(bad):
    found, _ = bad
    native = native_findings(bad_lot(), SPEC)
    assert len(native) > 8
    assert found == [msgspec.structs.replace(one, engine="expectations") for one in native]


def test_a_failed_expectation_that_no_row_explains_is_a_finding():
    moved = {**GOOD, "TI": GOOD["TI"].select(["STUDY", *GOOD["TI"].column_names[:0:-1]])}
    found, _ = expectations({"TI": moved["TI"], "SCHEMAS": GOOD["SCHEMAS"]}, SPEC)
    assert ("", "TI", "CG0330") in {(one.study, one.domain, one.rule) for one in found}


@pytest.mark.parametrize("domain", sorted(SPEC.domains))
def test_every_variable_stands_in_its_suite(domain):
    columns = ["STUDY", *SPEC.domains[domain].variables]
    suite = expected(domain, columns, SPEC)
    order, *_ = suite
    assert order.of["column_list"][: len(columns)] == columns
    typed = {one.variable for one in suite if one.rule == "column-type"}
    filled = {one.variable for one in suite if one.rule == "required-value"}
    variables = SPEC.domains[domain].variables
    assert typed == set(variables)
    assert filled == {name for name, one in variables.items() if one.core == "Req"}
    assert title(domain, SPEC).endswith(f"({domain})")


def test_pages_load_and_send_nothing(pages):
    for name, text in pages.items():
        page = html.fromstring(text)
        assert not page.xpath("//script | //link | //img | //iframe | //form | //object"), name
        assert not [one for one in page.xpath("//@*") if "http" in one or "javascript" in one], name
        assert not [each for one in page.iter() for each in one.attrib if each.startswith("on")]
        assert not re.search(r"@import|url\(", text), name


def test_pages_show_what_fails_as_it_is(pages):
    shown = " ".join(html.fromstring(pages["TS.html"]).text_content().split())
    assert f"NCT01 SEXPOP 1: {HOSTILE}" in shown
    assert "NCT01 AGEMIN 1: 18 YEARS" in shown
    index = html.fromstring(pages["index.html"])
    assert set(index.xpath("//a/@href")) == set(pages) - {"index.html"} | {"../index.html"}
    assert index.xpath("//tr[.//a[text() = 'Trial Summary (TS)']]/td[1]/text()")[0].startswith("✘")


def test_pages_are_the_same_on_any_day(pages, tmp_path):
    _, again = expectations(bad_lot(), SPEC)
    data_docs(again, tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == pages
    assert not [name for name, text in pages.items() if re.search(r"\b20\d{6}T\d{6}", text)]


def test_great_expectations_is_imported_when_it_is_needed():
    code = "import sys, pipeline.validate.expectations; print('great_expectations' in sys.modules)"
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_pages_can_be_written_twice(bad, pages, tmp_path):
    for folder in (tmp_path / "a", tmp_path / "b"):
        data_docs(bad[1], folder)
        assert {path.name for path in folder.iterdir()} == set(pages)


def test_what_fails_in_a_later_lot_fails_and_what_holds_is_left_out(monkeypatch):
    monkeypatch.setattr("pipeline.validate.asserting.SHOWN", 1)
    good, bad = good_lot("NCT08", "NCT09"), bad_lot()
    answers = [asked(one, SPEC) for one in (good, bad)]
    samples = [assertable(one, of, SPEC) for one, of in zip((good, bad), answers, strict=True)]
    native = native_findings(bad, SPEC)
    found, run = asserted(samples, native, SPEC)
    assert found == [msgspec.structs.replace(one, engine="expectations") for one in native]
    shown, count = run.rows["TS"]
    assert count == good["TS"].num_rows + bad["TS"].num_rows
    assert good["TS"].num_rows / 2 <= shown < count / 2
