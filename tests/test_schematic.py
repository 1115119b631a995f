"""The picture of the design: every arm, every element in order, nothing on top of anything else."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pytest
from lxml import etree

from pipeline.load.lettering import LETTER, lettered
from pipeline.load.schematic import schematic
from pipeline.tabulate import tables

SVG = "{http://www.w3.org/2000/svg}"
Drawn = Sequence[tuple[str, str]]


def design(*arms: Drawn, label: str = "Arm", branch: str = "Assigned") -> dict[str, pa.Table]:
    """TA and TE of arms that are (element code, epoch) in order; each branches after its first."""
    rows = [
        {"ARMCD": f"A{n}", "ARM": f"{label} {n}", "TAETORD": order, "ETCD": etcd,
         "ELEMENT": f"Element {etcd}", "TABRANCH": branch if order == 1 else None, "EPOCH": epoch}
        for n, arm in enumerate(arms, 1) for order, (etcd, epoch) in enumerate(arm, 1)
    ]  # fmt: skip
    te = {row["ETCD"]: {"ETCD": row["ETCD"], "TEDUR": "P28D"} for row in rows}
    return {"TA": pa.Table.from_pylist(rows), "TE": pa.Table.from_pylist(list(te.values()))}


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    found = etree.fromstring(svg).iter(f"{SVG}rect")
    return [
        tuple(float(r.get(k)) for k in ("x", "y", "width", "height"))
        for r in found
        if r.get("class")
    ]


def tints(svg: str) -> dict[str, set[str]]:
    """The tints of the boxes by the code that they bear."""
    made: dict[str, set[str]] = {}
    for group in etree.fromstring(svg).iter(f"{SVG}g"):
        if (rect := group.find(f"{SVG}rect")) is not None:
            code = group.findall(f"{SVG}text")[-1].text.split(" ")[0]
            made.setdefault(code, set()).add(rect.get("fill") + rect.get("stroke-dasharray", ""))
    return made


def arms(number: int) -> list[Drawn]:
    return [
        [("SCREEN", "SCREENING"), ("COND", "TREATMENT"), (f"T{n}", "TREATMENT")]
        + ([(f"M{n}", "TREATMENT")] if n % 2 else [])
        + [("FU", "FOLLOW-UP")]
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [1, 3, 12])
def test_no_boxes_overlap_and_all_stay_inside(number):
    svg = schematic(
        design(*arms(number), label="A rather long description of what is given in arm")
    )
    found = boxes(svg)
    assert len(found) == sum(len(arm) for arm in arms(number))
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    for i, (x, y, w, h) in enumerate(found):
        assert x >= 0
        assert x + w <= width
        assert y + h <= height
        for a, b, c, d in found[i + 1 :]:
            assert x + w < a or a + c < x or y + h < b or b + d < y
    assert svg.count('class="branch"') == number


def test_a_long_epoch_is_written_whole():
    epochs = ["RUN-IN", "BLINDED TREATMENT", "WASHOUT", "OPEN LABEL TREATMENT"]
    svg = schematic(design([(f"E{n}", epoch) for n, epoch in enumerate(epochs * 2)]))
    texts = [t.text for t in etree.fromstring(svg).iter(f"{SVG}text") if t.get("letter-spacing")]
    assert " ".join(texts) == " ".join(epochs * 2)


def test_letters_stay_in_their_boxes():
    long = "Pneumonoultramicroscopicsilicovolcanoconiosis"
    tree = etree.fromstring(schematic(design([(long, "TREATMENT")] * 1)))
    (rect,) = [r for r in tree.iter(f"{SVG}rect") if r.get("class")]
    top, height = float(rect.get("y")), float(rect.get("height"))
    texts = rect.getparent().findall(f"{SVG}text")
    for text in texts:
        assert len(text.text) * LETTER <= float(rect.get("width"))
        assert top < float(text.get("y")) < top + height


def test_an_element_has_one_tint_and_another_another():
    found = tints(schematic(design(*arms(12))))
    assert all(len(one) == 1 for one in found.values())
    assert len({next(iter(one)) for one in found.values()}) == min(len(found), 20)


def test_every_arm_keeps_its_order_when_epochs_differ():
    one = [("A", "SCREENING"), ("B", "TREATMENT"), ("C", "WASHOUT"), ("D", "TREATMENT")]
    two = [("A", "SCREENING"), ("D", "TREATMENT"), ("E", "FOLLOW-UP")]
    three = [("E", "FOLLOW-UP"), ("B", "TREATMENT")]
    found = boxes(schematic(design(one, two, three)))
    for start, end in ((0, 4), (4, 7), (7, 9)):
        lefts = [x for x, _, _, _ in found[start:end]]
        assert lefts == sorted(set(lefts))


def test_words_are_escaped_and_said_for_those_who_do_not_see():
    hostile = '<script>"&]]>\x00\x1b'
    svg = schematic(design(*arms(2), label=hostile, branch=hostile))
    tree = etree.fromstring(svg)
    assert not list(tree.iter(f"{SVG}script"))
    said = tree.findtext(f"{SVG}desc")
    assert "Element SCREEN (SCREEN), SCREENING; lasts P28D; branch: <script>" in said
    named = tree.get("aria-labelledby").split()
    assert named == [tree.find(f"{SVG}{part}").get("id") for part in ("title", "desc")]


def test_the_supplied_study_and_none(seed, spec):
    made = tables(seed, spec)
    svg = schematic(made)
    assert svg == schematic(made)
    assert len(boxes(svg)) == made["TA"].num_rows
    assert schematic({}) == ""


def test_lines_fit_and_say_when_they_are_cut():
    assert lettered("one two three", 7 * LETTER, 3) == ("one two", "three")
    assert lettered("one two three", 7 * LETTER, 1) == ("one tw…",)
    assert lettered("abcdefghij", 4 * LETTER + 1, 9) == ("abcd", "efgh", "ij")
    assert lettered("急性骨髄性", 4 * LETTER + 1, 9) == ("急性", "骨髄", "性")
    assert lettered("", 50, 2) == ("",)


def test_only_arms_that_came_the_same_way_are_joined_where_they_part():
    found = design(*[[(first, "SCREENING"), (f"T{n}", "TREATMENT")] for n, first in enumerate("AABB")])  # fmt: skip
    tree = etree.fromstring(schematic(found))
    trunks = [p.get("d") for p in tree.iter(f"{SVG}path") if p.get("stroke-dasharray") == "2 3"]
    spans = [tuple(map(int, re.findall(r"\d+", trunk)))[1:] for trunk in trunks]
    (_, end), (start, _) = sorted(spans)
    assert end < start
