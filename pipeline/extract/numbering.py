"""Criteria that a registry runs together in one line, known by their numbers: `1. … 2. … 3. …`."""

import re

_MARK = re.compile(
    r"(?<![\w.,/(-])(?:\((?=\d+[ ]?\)))?(?P<number>\d{1,2})(?:[.)]|[ ]\))"
    r"(?=\s*[^\W\d_]|\s+[<>≤≥(\"“'])",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"(?:[<>=≤≥+~±-]|\b(?:of|to|or|and|than|least|most|score|status|grade|stage|class|type|phase|part"
    r"|cohort|group|level|day|week|visit|arm|in|is|was|at|by|section|criterion|criteria|no|nr))\s*$",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\)\s*[A-Z]")
_ENDS = frozenset(".,;")


def numbered(text: str, start: int, end: int, fewest: int = 3) -> list[tuple[int, int]]:
    """The stretches between ascending numbers from 1, at least `fewest`; else the whole stretch."""
    places = _places(text, start, end, 1)
    if len(places) < fewest or text[start : places[0]].strip():
        return [(start, end)]
    return list(zip(places, [*places[1:], end], strict=True))


def continued(text: str, start: int, end: int, number: int) -> list[tuple[int, int]]:
    """The stretches of a line whose first is numbered `number` and the others after it.

    One number alone may be an amount: it counts behind the end of a sentence or clause.
    """
    places = _places(text, start, end, number + 1)
    if len(places) == 1 and text[start : places[0]].rstrip()[-1:] not in _ENDS:
        return []
    return list(zip([start, *places], [*places, end], strict=True)) if places else []


def _places(text: str, start: int, end: int, number: int) -> list[int]:
    """Where ascending numbers from `number` stand; after three one may be missing, if the next
    stands behind the end of a clause, and one with a bracket before a capital may stand twice.
    """
    places: list[int] = []
    for mark in _MARK.finditer(text, start, end):
        before = text[max(start, mark.start() - 12) : mark.start()]
        ahead = int(mark["number"]) - number
        missing = ahead == 1 and len(places) > 2 and before.rstrip()[-1:] in _ENDS
        again = ahead == -1 and places and _AGAIN.match(text, mark.end() - 1, end)
        if (not ahead or missing or again) and not _NOT_AFTER.search(before):
            places.append(mark.start())
            number += 1 + ahead
    return places
