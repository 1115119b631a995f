"""The pages open anywhere: self-contained, inert, every link resolves, every quote at its place."""

import base64
import hashlib
import re
from itertools import pairwise

import lxml.html
import pytest
from msgspec.structs import replace

from pipeline.load.pages import StudyLine, index_page, study_page
from pipeline.load.pages.source import by_lines, marked
from pipeline.study import build
from pipeline.tabulate import row_key, tables
from pipeline.text import visible
from pipeline.values import Cell, Span
from tests.conftest import ROOT, record_of, study_of

HOSTILE = (
    '<script>alert(1)</script> "><img src=x onerror=alert(1)> ]]> &#0; {{ 7*7 }} \x0b\x1b[31m 😀'
)


def parsed(page: bytes) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page.decode("utf-8"))


def text_of(node: lxml.html.HtmlElement) -> str:
    return "".join(node.itertext())


@pytest.fixture(scope="module")
def dossier(seed, spec):
    return study_page(seed, tables(seed, spec), spec)


@pytest.fixture(scope="module")
def both(spec):
    """One trial from two records, both of them trees."""
    names = ("ctgov_trial.json", "ctgov_trial.xml")
    data = [(ROOT / "tests" / "fixtures" / name).read_bytes() for name in names]
    study = build([record_of(d, n, spec) for d, n in zip(data, names, strict=True)], spec)
    return study, parsed(study_page(study, tables(study, spec), spec))


def line(name: str, text: str = "T", status: str = "package") -> StudyLine:
    return StudyLine(name, text, text, ("ctgov",), text, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, status)


def test_self_contained_and_the_same_every_time(dossier, seed, spec):
    tree = parsed(dossier)
    assert not tree.xpath("//@src | //link | //script | //iframe | //@style")
    assert all(not href.startswith(("http", "//", "javascript")) for href in tree.xpath("//@href"))
    css = tree.xpath("string(//style)")
    assert "url(" not in css
    assert "@import" not in css
    assert study_page(seed, tables(seed, spec), spec) == dossier


def test_the_policy_allows_our_own_style_and_script_alone(spec):
    tree = parsed(index_page([line("X")], spec))
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for own in (*tree.xpath("//style"), *tree.xpath("//script")):
        digest = hashlib.sha256(own.text.encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_of_many_studies_those_that_matter_are_listed(spec, monkeypatch):
    monkeypatch.setattr("pipeline.load.pages.listing.LISTED", 2)
    fine = replace(line("A", status="tables"), issues_error=0, findings_error=0)
    faulty = replace(fine, id="B", findings_error=1)
    tree = parsed(index_page([fine, faulty, line("C"), replace(fine, id="D")], spec))
    names = [th.text or th[0].text for th in tree.xpath("//tbody//th")]
    assert names == ["B", "C"]
    assert "4 studies" in tree.xpath("string(//header)")
    assert "Listed are 2 of them" in tree.xpath("string(//main)")
    whole = parsed(index_page([fine, faulty], spec))
    assert "Listed are" not in whole.xpath("string(//main)")


@pytest.mark.parametrize("which", ["page", "trees"])
def test_ids_are_unique_and_links_inside_resolve(dossier, both, which):
    tree = parsed(dossier) if which == "page" else both[1]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in tree.xpath("//@href") if href.startswith("#")}
    assert len(targets) > 60
    assert targets <= set(ids)


def test_headings_captions_and_scopes(dossier):
    tree = parsed(dossier)
    levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(th.get("scope") for th in table.iter("th"))
    assert all(box.get("tabindex") == "0" for box in tree.xpath("//*[@class='scroll']"))
    assert tree.get("lang") == "en"


def test_the_text_is_whole_and_every_quote_stands_at_its_place(dossier, seed):
    tree, text = parsed(dossier), seed.records[0].text
    rows = tree.xpath("//table[@class='source']/tbody/tr")
    assert "\n".join(text_of(row[1]) for row in rows) == text
    assert [text_of(row[0]) for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    shown = [(a, a.getprevious()) for a in tree.xpath("//a[@class='place'][preceding-sibling::q]")]
    assert len(shown) > 100
    for link, quote in shown:
        number, start, end = map(int, re.findall(r"\d+", link.text))
        words = " ".join(text[start:end].split())
        assert words.startswith(quote.text.removesuffix("…"))
        assert len(words) == len(quote.text) or quote.text.endswith("…")
        (target,) = tree.xpath(f"//*[@id='{link.get('href')[1:]}']")
        (cell,) = target.xpath("ancestor::td[1]")
        assert cell.getparent() is rows[number - 1]
        before = sum(len(text_of(row[1])) + 1 for row in rows[: number - 1])
        preceding = target.xpath("preceding-sibling::node()")
        inside = sum(len(n if isinstance(n, str) else text_of(n)) for n in preceding)
        assert before + inside == start


@pytest.mark.parametrize("which", ["page", "trees"])
def test_words_and_what_rests_on_them_are_linked_both_ways(dossier, both, seed, spec, which):
    study, tree = (seed, parsed(dossier)) if which == "page" else both
    found = 0
    for code, table in study.tables.items():
        for row in table.rows:
            name = f"{code}.{row_key(row, spec.domains[code])}"
            for variable, cell in row.items():
                if not isinstance(cell, Cell) or not cell.basis:
                    continue
                (shown,) = tree.xpath(f"//*[@id='{name}.{variable}']")
                assert shown.xpath(".//summary/span[@class='aside']")[0].text == cell.how
                for href in shown.xpath(".//a[@class='place']/@href"):
                    (line,) = tree.xpath(f"//*[@id='{href[1:]}']/ancestor::tr[1]")
                    back = line.xpath("./td[2]//a/@href")
                    assert any(link.startswith(f"#{name}.") for link in back), (name, href)
                    found += 1
    assert found > 100


def test_a_tree_shows_the_strings_at_their_paths(both):
    study, tree = both
    shown = [text_of(path) for path in tree.xpath("//span[@class='path']")]
    read = [
        path
        for record in study.records
        for path in dict.fromkeys(fact.span.path for fact in record.facts)
    ]
    assert shown == read
    assert {"R1 ", "R2 "} == {place[:3] for place in tree.xpath("//td//a[@class='place']/text()")}


def test_hostile_words_are_inert(page, spec):
    text = page.replace("UCB-NK cells\n", HOSTILE + "\n").replace("Dutch Cancer Society", HOSTILE)
    study = study_of(text.replace("HEMAML42", HOSTILE), spec, 'a"><script>.txt')
    made = study_page(study, tables(study, spec), spec)
    tree = parsed(made)
    assert not tree.xpath("//script | //img | //@onerror")
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", made)
    rows = tree.xpath("//table[@class='source']/tbody/tr")
    assert "\n".join(text_of(row[1]) for row in rows) == visible(study.records[0].text)
    assert len(visible(HOSTILE)) == len(HOSTILE)
    listing = parsed(index_page([line("X", HOSTILE)], spec))
    assert len(listing.xpath("//script")) == 1
    assert not listing.xpath("//img")


def test_spans_may_overlap_and_cross_lines():
    text = "abcd\n\nefghij"
    spans = [(0, 4), (2, 8), (2, 3), (6, 8), (12, 12)]
    pieces = marked(text, [(Span(a, b), f"w{n}") for n, (a, b) in enumerate(spans, 1)])
    assert "".join(piece.text for piece in pieces) == text
    assert "".join(piece.text for piece in pieces if piece.depth) == text[:8]
    assert [piece.depth for piece in pieces] == [1, 3, 2, 1, 2, 0, 0]
    lines = by_lines(pieces)
    assert ["".join(piece.text for piece in line) for line in lines] == text.split("\n")
    names = [name for line in lines for piece in line for name in piece.names]
    assert names == ["w1", "w2", "w3", "w4", "w5"]


def test_a_large_text_makes_pieces_in_proportion():
    text = "one word\n" * 100_000
    spans = [(Span(9 * n, 9 * n + 3), f"w{n}") for n in range(0, 100_000, 7)]
    lines = by_lines(marked(text, spans))
    assert len(lines) == 100_001
    assert sum(map(len, lines)) == 100_000 + len(spans)


def test_the_worklist_names_terms_and_words(dossier, seed):
    tree = parsed(dossier)
    rows = tree.xpath("//tr[starts-with(@id, 'task')]")
    assert len(rows) == len(seed.worklist)
    for row, task in zip(rows, seed.worklist, strict=True):
        assert f"{task.domain} {task.item}" in text_of(row)
        assert len(row.xpath("./td[3]//li")) == len(task.candidates)
    adapt = text_of(next(row for row in rows if "ADAPT" in text_of(row)))
    assert "Adaptive Design" in adapt
    assert "N · NA · U · Y" in adapt


def test_the_list_links_to_every_package(spec):
    lines = [line(f"NCT{n:08}", status="package" if n else "tables") for n in range(3)]
    tree = parsed(index_page(lines, spec))
    assert tree.xpath("//tbody//a/@href") == [f"studies/NCT{n:08}/study.html" for n in (1, 2)]
    assert len(tree.xpath("//tbody/tr")) == 3
    assert tree.xpath("//p[@class='filter']/@hidden"), "without script there is nothing to filter"
