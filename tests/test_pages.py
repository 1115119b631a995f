"""The pages open anywhere: self-contained, inert, every link resolves, every quote at its place."""

import re
from itertools import pairwise

import lxml.html
import pytest

from pipeline.load.pages import StudyLine, index_page, study_page
from pipeline.load.pages.words import named, shown
from pipeline.load.schematic import schematic
from pipeline.tabulate import tables
from pipeline.values import Fact, Record, Source, Span
from tests.conftest import study_of

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> ]]> &#0; =cmd() \x0b\x1b[31m 😀'


def parsed(page: bytes) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page.decode("utf-8"))


@pytest.fixture(scope="module")
def dossier(seed, spec):
    return study_page(seed, tables(seed, spec), spec)


def test_self_contained_and_the_same_every_time(dossier, seed, spec):
    tree = parsed(dossier)
    assert not tree.xpath("//*[@src] | //link | //script | //iframe")
    assert all(not href.startswith("http") for href in tree.xpath("//@href"))
    assert "url(" not in tree.xpath("string(//style)")
    assert study_page(seed, tables(seed, spec), spec) == dossier


def test_ids_are_unique_and_links_inside_resolve(dossier):
    tree = parsed(dossier)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in tree.xpath("//@href") if href.startswith("#")}
    assert len(targets) > 30
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
    assert tree.get("lang") == "en"


def test_marked_words_are_the_quotes(dossier, seed):
    tree = parsed(dossier)
    marked = " ".join("".join(m.itertext()) for m in tree.iter("mark"))
    for fact in seed.tables["TI"].rows[0]["IETEST"].basis:
        assert fact.quote in marked
    assert "".join(tree.xpath("//pre")[0].itertext()) == seed.records[0].text


def test_hostile_words_are_inert(page, spec):
    text = page.replace("UCB-NK cells\n", HOSTILE + "\n").replace("Dutch Cancer Society", HOSTILE)
    study = study_of(text.replace("HEMAML42", HOSTILE), spec)
    made = study_page(study, tables(study, spec), spec)
    tree = parsed(made)
    assert not tree.xpath("//script | //img")
    assert b"\x0b" not in made
    assert b"\x1b" not in made
    line = StudyLine("X", HOSTILE, HOSTILE, ("ctgov",), "", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "package")
    listing = parsed(index_page([line], spec))
    assert len(listing.xpath("//script")) == 1
    assert not listing.xpath("//img")


def test_overlapping_spans_keep_the_text_whole():
    source = Source("f.txt", "ctgov", "page", "0")
    text = "abcdefghij"
    spans = [(0, 4), (2, 6), (2, 3), (6, 8)]
    facts = [Fact("x", text[a:b], text[a:b], Span(a, b), source) for a, b in spans]
    passage = shown(Record(source, text, tuple(facts)), named(facts)).passages[0]
    assert "".join(piece.text for piece in passage.pieces) == text
    assert "".join(piece.text for piece in passage.pieces if piece.quoted) == text[:8]
    assert [name for piece in passage.pieces for name in piece.names] == ["w1", "w2", "w3", "w4"]


def test_a_large_text_is_linear():
    source = Source("f.txt", "ctgov", "page", "0")
    text = "word " * 200_000
    facts = [
        Fact("x", "word", "word", Span(5 * i, 5 * i + 4), source) for i in range(0, 200_000, 7)
    ]
    passage = shown(Record(source, text, tuple(facts)), named(facts)).passages[0]
    assert sum(len(piece.text) for piece in passage.pieces) == len(text)


def many_arms(page: str, number: int) -> str:
    start, end = page.index("NK cells without IL-2\nOn day 0"), page.index("Interventions\nLearn")
    arm = "Cohort {0}\nOn day 0, patients will receive a dose of {0} mg UCB-NK cells.\nUCB-NK cells\nNatural killer cells generated from CD34+ hematopoietic progenitor cells derived from an allogeneic umbilical cord blood\n"
    return page[:start] + "".join(arm.format(n) for n in range(1, number + 1)) + page[end:]


@pytest.mark.parametrize("number", [1, 3, 12])
def test_the_picture_shows_every_arm_and_no_boxes_overlap(page, spec, number):
    study = study_of(many_arms(page, number), spec)
    svg = schematic(tables(study, spec))
    boxes = [
        tuple(float(value) for value in match)
        for match in re.findall(
            r'<rect[^>]*?x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]*?stroke',
            svg,
        )
    ]
    assert len(boxes) == 3 * number
    for i, (x, y, w, h) in enumerate(boxes):
        for a, b, c, d in boxes[i + 1 :]:
            assert x + w <= a or a + c <= x or y + h <= b or b + d <= y
    assert all(f"Cohort {n}" in svg for n in range(1, number + 1))


def test_no_arms_no_picture():
    assert schematic({}) == ""


def test_the_list_links_to_every_study(spec):
    lines = [
        StudyLine(
            f"NCT{n:08}",
            str(n),
            "T",
            ("ctgov",),
            "2020-01-01",
            1,
            2,
            3,
            4,
            5,
            6,
            0,
            0,
            0,
            0,
            "built",
        )
        for n in range(3)
    ]
    tree = parsed(index_page(lines, spec))
    assert [a.get("href") for a in tree.xpath("//tbody//a")] == [
        f"studies/NCT{n:08}/study.html" for n in range(3)
    ]
