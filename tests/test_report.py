"""One report: the same finding of two engines once, worst first, safe to open."""

import csv
import io
import json

from lxml import html

from pipeline.validate.finding import Finding
from pipeline.validate.report import joined, report, worst
from pipeline.validate.run import EngineRun

HOSTILE = "<script>alert(1)</script>"
FOUND = [
    Finding("NCT02", "native", "B", "note", "A note.", "TS", "TSVAL", "X.1"),
    Finding("NCT01", "native", "A", "error", "It holds.", "TS", "TSVAL", "X.1", HOSTILE),
    Finding("NCT01", "expectations", "A", "error", "It holds.", "TS", "TSVAL", "X.1", HOSTILE),
    Finding("NCT01", "native", "C", "warning", "It should.", "TI", "IETEST", "I1", "=1+1"),
]
ENGINES = [EngineRun("native", "1.0", ("A", "B"), (("D", "no dataset for it"),))]


def test_the_same_finding_of_two_engines_stands_once():
    found = joined(FOUND)
    assert [(one.severity, one.engines) for one in found] == [
        ("error", ("expectations", "native")),
        ("warning", ("native",)),
        ("note", ("native",)),
    ]


def test_the_report_does_not_depend_on_the_order_of_findings():
    assert report(FOUND, ENGINES) == report(FOUND[::-1], ENGINES)


def test_the_page_is_escaped_and_self_contained():
    page, _, _ = report(FOUND, ENGINES)
    tree = html.fromstring(page.decode())
    assert not tree.xpath("//script | //link | //img")
    assert HOSTILE in tree.text_content()
    assert "D: no dataset for it" in tree.text_content()


def test_csv_and_json_hold_every_finding():
    many = [Finding("N", "native", "A", "error", "It holds.", key=str(n)) for n in range(3000)]
    page, lines, data = report([*FOUND, *many], ENGINES)
    rows = list(csv.DictReader(io.StringIO(lines.decode())))
    content = json.loads(data)
    assert len(rows) == len(content["findings"]) == 3003
    assert content["counts"] == {"error": 3001, "warning": 1, "note": 1}
    assert b"1003 more stand in the CSV" in page
    assert {row["value"] for row in rows} == {"", HOSTILE, "'=1+1"}
    assert content["engines"][0]["skipped"] == [["D", "no dataset for it"]]


def test_the_worst_severity():
    assert worst(FOUND) == "error"
    assert worst(FOUND[:1]) == "note"
    assert worst([]) is None


def test_nothing_found_is_a_report_too():
    page, lines, _ = report([], [])
    assert b"Nothing was found" in page
    assert len(lines.decode().splitlines()) == 1
