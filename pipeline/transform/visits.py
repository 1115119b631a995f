"""Visits that prose numbers one by one, each with its time: `Visit 2 (Week 4)`."""

import re

from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Row, narrowed

_VISIT = re.compile(
    r"\b[Vv]isit (?P<number>\d{1,2})\s*(?:\(|:|,|-|–| at | on )\s*"
    r"(?P<time>(?:screening|baseline|day -?\d+|week \d+|month \d+|end of (?:study|treatment))\b"
    r"[^);,.]*)",
    re.IGNORECASE,
)
_DAY = re.compile(r"day (-?[1-9]\d*)", re.IGNORECASE)  # there is no study day 0 (SDTMIG 4.4.4)
PROSE = ("text.summary", "text.description", "design.model.description")


def stated_visits(facts: Facts) -> list[Row]:
    """Rows of TV when at least two visits are numbered with their times, each number once."""
    found: dict[int, tuple[Fact, str]] = {}
    for concept in PROSE:
        for fact in facts[concept]:
            for match in _VISIT.finditer(fact.value):
                words = narrowed(fact, *match.span(), concept)
                found.setdefault(int(match["number"]), (words, match["time"].strip()))
    if len(found) < 2:
        return []
    return [_row(number, *found[number]) for number in sorted(found)]


def _row(number: int, words: Fact, time: str) -> Row:
    day = _DAY.match(time)
    return {
        "VISITNUM": Cell(float(number), "copied", (words,)),
        "VISIT": Cell(f"VISIT {number}", "normalised", (words,)),
        "VISITDY": Cell(int(day[1]), "copied", (words,)) if day else None,
        "ARMCD": None,
        "TVSTRL": Cell(time[:1].upper() + time[1:], "copied", (words,)),
    }
