"""Hostile text in every page that a build makes, the findings and Data Docs too: it stays text."""

import csv
import io
import json
import re
import subprocess

import lxml.html
import pyarrow as pa
import pytest

from pipeline.examining import examine, tell
from pipeline.load.saved import save
from pipeline.validate.lot import lot
from tests.test_accessibility import BROWSER
from tests.test_outputs import EVIL, made

RUN = (
    "<script>document.title='RAN'</script><img src=x onerror=\"document.title='RAN'\">"
    "<svg onload=\"document.title='RAN'\"></svg><a href=\"javascript:document.title='RAN'\">x</a>"
)
HOSTILE = EVIL.replace("\ud800", "") + RUN
SPOILED = {"TS": ("TSVAL", "TSVALCD", "TSPARM"), "TI": ("IETEST", "IECAT"), "TA": ("EPOCH", "ARM")}


def spoiled(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """The dataset with hostile words in every row of these variables."""
    for name in names:
        at = table.column_names.index(name)
        column = pa.array([HOSTILE] * table.num_rows, pa.string())
        table = table.set_column(at, table.schema.field(name), column)
    return table


@pytest.fixture(scope="module")
def out(spec, tmp_path_factory):
    """A build of one hostile study, checked after its datasets were made worse."""
    folder = tmp_path_factory.mktemp("hostile")
    study, tables, files, _ = made(EVIL + RUN, spec)
    save(files, folder / "studies" / study.id)
    tables = {
        code: spoiled(table, SPOILED[code]) if code in SPOILED else table
        for code, table in tables.items()
    }
    found = tell([examine(lot([(study.id, tables)]), spec)], folder, spec)
    assert {one.engine for one in found} >= {"native", "expectations"}
    assert any("RAN" in one.value for one in found), "the findings hold the hostile words"
    return folder


def test_pages_hold_it_as_text(out):
    pages = sorted(out.rglob("*.html"))
    assert {"index.html", "TS.html", "study.html", "define.html", "reviewers-guide.html"} <= {
        path.name for path in pages
    }
    shown = set()
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", text), path.name
        tree = lxml.html.document_fromstring(text)
        assert not [one for one in tree.iter("script") if "RAN" in (one.text or "")], path.name
        assert not tree.xpath("//img | //iframe | //object | //@onerror | //@onload"), path.name
        outward = tree.xpath("//@href | //@src | //@action")
        assert not [one for one in outward if re.match(r"(?i)\s*(javascript|data|https?):", one)]
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert [one.partition(";")[0] for one in policy] == ["default-src 'none'"], path.name
        shown |= {path.name} if "RAN" in tree.text_content() else set()
    assert {"index.html", "TS.html", "TI.html", "TA.html", "study.html"} <= shown


def test_lists_of_findings_hold_it_as_text(out):
    validation = out / "validation"
    lines = list(csv.reader(io.StringIO((validation / "findings.csv").read_text("utf-8"))))
    assert not [cell for row in lines for cell in row if re.match(r"[=+@\t\r]|-\D", cell)]
    assert all(len(row) == len(lines[0]) for row in lines)
    findings = json.loads((validation / "findings.json").read_bytes())["findings"]
    assert len(findings) == len(lines) - 1


def test_a_browser_opens_every_page_and_runs_nothing(out, tmp_path):
    if not BROWSER:
        pytest.skip("no chromium")
    here = [
        *(out / "studies").rglob("*.html"),
        *(out / "validation" / name for name in ("index.html", "docs/index.html", "docs/TS.html")),
    ]
    for number, path in enumerate(here):
        command = [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", f"--user-data-dir={tmp_path}/{number}", "--dump-dom", f"file://{path}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        tree = lxml.html.document_fromstring(done.stdout)
        assert tree.findtext(".//title") != "RAN", path.name
        assert len(tree.xpath("//table")) > 0, path.name
