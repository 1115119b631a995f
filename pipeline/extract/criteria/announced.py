"""Lists that a form ran into the line which announces them: `Adequate organ function: a) Platelets
≥ 100 b) Bilirubin normal`. They become lines below it; what they are is told as of any list.
"""

import re
from bisect import bisect_right

from msgspec.structs import replace

from pipeline.extract.criteria.blocks import Unit, units
from pipeline.extract.criteria.nesting import nested
from pipeline.extract.criteria.ordered import marks
from pipeline.extract.criteria.sections import labelled
from pipeline.extract.criteria.strays import parted

_OPENS = re.compile(r"[:：]\s*(?=(?:\(?[1aiAI①]\\?[.)]|[①*•·]|-\s)\s*[^\W\d_])")
LONGEST = 100
"""The characters of the longest line that only announces what it is followed by."""
_NOTE = re.compile(r"\W*(?:remarks?|notes?|definitions?|examples?|abbreviations?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;]\s|(?<!\d)[12]\)\s")


def lines_of(text: str) -> list[Unit]:
    """The lines of a text, those that a form ran together apart, each with its depth in lists."""
    return unfolded(text, labelled(text, parted(text, nested(units(text)))))


def unfolded(text: str, found: list[Unit]) -> list[Unit]:
    """The lines, with a list that stands in the only sentence before its colon below it."""
    done = 0
    for opens in _OPENS.finditer(text):
        at = bisect_right(found, opens.start(), key=_low) - 1
        if opens.start() < done or at < 0 or found[at].high < opens.end():
            continue
        done = found[at].high
        if at + 1 == len(found) or found[at + 1].depth <= found[at].depth:
            found[at : at + 1] = _items(text, found[at], opens) or [found[at]]
    return found


def _low(unit: Unit) -> int:
    return unit.low


def _items(text: str, unit: Unit, opens: re.Match[str]) -> list[Unit]:
    """The line until its colon and the items behind it, at least two; else nothing."""
    if _SENTENCE.search(text, unit.low, opens.start()) or _NOTE.match(unit.words):
        return []
    found = marks(text, opens.end(), unit.high)
    if len(found) < 2 or opens.start() - unit.low > LONGEST:
        return []
    lead = opens.start() + 1
    made = [replace(unit, high=lead, words=text[unit.low : lead])]
    ends = [mark.start() for mark in found[1:]] + [unit.high]
    for mark, end in zip(found, ends, strict=True):
        words = text[mark.end() : end].rstrip()
        if not words:
            return []
        made.append(Unit(mark.end(), mark.end() + len(words), unit.depth + 1, True, mark[0], words))
    return made
