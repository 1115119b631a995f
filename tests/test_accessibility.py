"""Pages that everyone can use: landmarks, headings, names, tables, contrast; axe where it is."""

import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest

from pipeline.load.define import define_html, lake_define
from pipeline.load.package import package
from pipeline.load.pages import index_page
from pipeline.spec import ROOT
from tests.test_lake_define import COLUMNS, CREATED
from tests.test_pages import line

AXE = os.environ.get("AXE", "")
"""The file axe.min.js of the npm package axe-core."""
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = ("study.html", "define.html", "reviewers-guide.html", "index.html", "tables/define.html")
CSS = (ROOT / "pipeline" / "load" / "pages" / "page.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(seed, spec):
    _, files, _ = package(seed, spec)
    lake = define_html(lake_define(COLUMNS, 2, spec, CREATED), beside="", dossier="")
    return files | {"index.html": index_page([line("NCT01")], spec), "tables/define.html": lake}


@pytest.fixture(params=PAGES)
def tree(request, pages):
    return lxml.html.document_fromstring(pages[request.param].decode())


def words(node) -> str:
    return " ".join("".join(node.itertext()).split())


def test_landmarks_and_language(tree):
    assert tree.get("lang") == "en"
    assert words(tree.find(".//title"))
    for landmark in ("header", "main", "footer"):
        assert len(tree.findall(f"body/{landmark}")) == 1
    navs = tree.findall(".//nav")
    assert navs
    assert all(nav.get("aria-label") for nav in navs)


def test_headings_are_in_order_and_sections_have_names(tree):
    heads = list(tree.iter("h1", "h2", "h3", "h4"))
    levels = [int(head.tag[1]) for head in heads]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(words(head) for head in heads)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = tree.xpath("//@aria-labelledby | //@aria-describedby | //@for")
    assert {name for names in named for name in names.split()} <= set(ids)
    assert all(section.get("aria-labelledby") for section in tree.iter("section"))


def test_tables_say_what_their_cells_are(tree):
    for table in tree.iter("table"):
        assert words(table.find("caption"))
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
        assert all(row.find("th") is not None for row in table.iterfind("tbody/tr"))
        wide = len(table.findall("thead/tr/th"))
        assert all(len(row) == wide for row in table.iterfind("tbody/tr"))


def test_whoever_has_no_mouse_reaches_everything(tree):
    assert set(tree.xpath("//@tabindex")) <= {"0"}
    for box in tree.xpath("//*[@class='scroll']"):
        assert (box.get("tabindex"), box.get("role")) == ("0", "group")
        assert box.get("aria-label")
    for link in tree.xpath("//a[@href]"):
        assert words(link) or link.get("aria-label")
    for field in tree.iter("input"):
        assert tree.xpath(f"//label[@for='{field.get('id')}']")
    ids = set(tree.xpath("//@id"))
    for skip in tree.xpath("//a[@class='skip']/@href"):
        assert skip[1:] in ids
    assert not tree.xpath("//@onclick | //@accesskey | //@autofocus")


def test_prints_whole():
    printed = CSS[CSS.index("@media print") :]
    assert ".filter { display: none" in printed.replace("nav, .skip, .over, ", "")
    assert "overflow: visible" in printed


def luminance(colour: str) -> float:
    full = "".join(c * 2 for c in colour) if len(colour) == 3 else colour
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "soft", "faint", "link", "alert", "warn"])
def test_text_has_contrast(scheme, text):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    block = blocks[0] if scheme == "light" else blocks[1]
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]{3,6})", block))
    on = luminance(colours[text])
    for ground in ("paper", "wash", "mark") if text in ("ink", "link") else ("paper",):
        under = luminance(colours[ground])
        ratio = (max(on, under) + 0.05) / (min(on, under) + 0.05)
        assert ratio >= 4.5, f"{text} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("name", PAGES)
def test_axe_has_no_finding(name, pages, tmp_path):
    if not AXE or not BROWSER:
        pytest.skip("no AXE (axe.min.js of the npm package axe-core) or no chromium")
    script = Path(AXE).read_text(encoding="utf-8").replace("</script>", "<\\/script>")
    page = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", pages[name].decode())
    ask = (
        "axe.run(document).then(function (found) { document.body.textContent = 'FOUND ' +"
        " found.passes.length + ' ' + JSON.stringify(found.violations.map(function (one) {"
        " return one.id + ' ' + one.impact; })); });"
    )
    page = page.replace("</body>", f"<script>{script}</script><script>{ask}</script></body>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/u",
        "--virtual-time-budget=120000", "--dump-dom", f"file://{tmp_path}/page.html",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    passed, violations = re.search(r"FOUND (\d+) (\[.*?\])", done.stdout).groups()
    assert int(passed) > 15
    assert violations == "[]"
