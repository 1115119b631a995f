"""Lists of parts or cohorts that a registry ran together in one line: `Part A: - one - two Part B:
- three`. Dashes with blanks around them are marks there.
"""

import re
from collections.abc import Iterator

from pipeline.extract.criteria.blocks import Unit

_PART = re.compile(
    r"(?<!\S)(?:Parts?|Cohorts?|Arms?|Groups?) [A-Z\d](?:(?:, and |, | and | & )[A-Z\d])*[ ]?:"
    r"(?=\s+-\s)"
)
_OPENS = re.compile(r":\s+-\s")
_DASH = re.compile(r"(?<=\s)-\s+")


def undashed(text: str, found: list[Unit]) -> list[Unit]:
    """The lines with those that begin with a part's name cut at its dashes."""
    if not (_OPENS.search(text) and _PART.search(text)):
        return found
    return [unit for line in found for unit in _parts(text, line) or [line]]


def _parts(text: str, unit: Unit) -> list[Unit]:
    if unit.mark or not _PART.match(text, unit.low, unit.high):
        return []
    heads = list(_PART.finditer(text, unit.low, unit.high))
    ends = [head.start() for head in heads[1:]] + [unit.high]
    made: list[Unit] = []
    for head, end in zip(heads, ends, strict=True):
        made.append(Unit(head.start(), head.end(), 0, False, "", head[0]))
        made += _items(text, head.end(), end)
    return made


def _items(text: str, low: int, high: int) -> Iterator[Unit]:
    """The items of one part; one that ends with a colon has the rest, where its own may stand."""
    marks = list(_DASH.finditer(text, low, high))
    ends = [mark.start() for mark in marks[1:]] + [high]
    for mark, end in zip(marks, ends, strict=True):
        words = text[mark.end() : end].strip()
        stop = high if words.endswith(":") else end
        words = text[mark.end() : stop].strip()
        if words:
            start = text.index(words, mark.end())
            yield Unit(start, start + len(words), 1, True, mark[0], words)
        if stop == high:
            return
