"""Visits that prose states: numbered one by one with their times (`Visit 2 (Week 4)`, `(V2; day
64)`, `at 9 weeks (Visit 2)`), or as one list of times (`visits at baseline, weeks 2, 4 and 8`).
"""

import re
from collections.abc import Iterator

from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Row, narrowed

PROSE = ("text.summary", "text.description", "design.model.description")
_VISIT = re.compile(
    r"\b[Vv]isit (?P<number>\d{1,2})(?: or [a-z ]{3,20}?)?\s*(?:\(|:|,|-|–| at | on )\s*"
    r"(?P<time>(?:screening|baseline|day -?\d+|week \d+|month \d+|end of (?:study|treatment))\b"
    r"[^);,.]*)",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\(V(?P<number>\d{1,2})[;:,] *(?P<time>(?:screening|baseline|(?:day|week|month) \d+)\b"
    r"(?: ?(?:\+/-|±) ?\d+ (?:days?|weeks?))?)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\bat (?P<time>screening|baseline|(?:day|week|month) \d+|\d+ (?:days|weeks|months))"
    r" \([Vv]isit (?P<number>\d{1,2})\)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\bvisits? |\(V)(\d{1,2})\b(?! ?(?:days?|weeks?|months?|times?)\b)", re.IGNORECASE
)
_DAY = re.compile(r"day (-?[1-9]\d*)", re.IGNORECASE)  # there is no study day 0 (SDTMIG 4.4.4)
_TIME = (
    r"(?:screening|baseline|(?:(?:days?|weeks?|months?) )?-?\d{1,3}(?! ?(?:%|mg|participants))\b)"
)
_SCHEDULE = re.compile(
    r"\b(?:study |clinic |scheduled |site )*visits\b(?: \w+){0,6}? (?:at|on)(?: the)? "
    rf"(?P<list>(?:screening|baseline|days? -?\d+)\b(?:(?:,|,? and|,? then|;)\s*{_TIME}){{2,}})",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"(?P<name>screening|baseline)|(?:(?P<unit>day|week|month)s? )?(?P<number>-?\d{1,3})\b",
    re.IGNORECASE,
)


def stated_visits(facts: Facts) -> list[Row]:
    """Rows of TV when at least two visits are numbered with their times, each number once, and no
    visit is numbered without a time; else those of the first list of three times or more that
    begins before treatment or on a day.
    """
    found: dict[int, tuple[Fact, str]] = {}
    prose = [fact for concept in PROSE for fact in facts[concept] if "isit" in fact.value]
    for fact in prose:
        for form in (_VISIT, _SHORT, _BEFORE):
            for match in form.finditer(fact.value):
                words = narrowed(fact, *match.span(), fact.concept)
                found.setdefault(int(match["number"]), (words, match["time"].strip()))
    numbered = {int(number) for fact in prose for number in _NUMBERED.findall(fact.value)}
    if len(found) > 1 and numbered <= found.keys() and len(found) > max(found) - min(found):
        return [_row(number, f"VISIT {number}", *found[number]) for number in sorted(found)]
    for fact in prose:
        if listed := _SCHEDULE.search(fact.value):
            words = narrowed(fact, *listed.span(), fact.concept)
            times = list(_times(listed["list"]))
            if len(set(times)) == len(times) > 2:
                rows = enumerate(times, 1)
                return [_row(number, time.upper(), words, time) for number, time in rows]
    return []


def _times(text: str) -> Iterator[str]:
    """The times of a list; a number without unit has the unit before it."""
    unit = "day"
    for match in _ITEM.finditer(text):
        if match["name"]:
            yield match["name"].lower()
        else:
            unit = (match["unit"] or unit).lower()
            yield f"{unit} {match['number']}"


def _row(number: int, name: str, words: Fact, time: str) -> Row:
    day = _DAY.match(time)
    return {
        "VISITNUM": Cell(float(number), "normalised", (words,)),
        "VISIT": Cell(name, "normalised", (words,)),
        "VISITDY": Cell(int(day[1]), "normalised", (words,)) if day else None,
        "ARMCD": None,
        "TVSTRL": Cell(time[:1].upper() + time[1:], "normalised", (words,)),
    }
