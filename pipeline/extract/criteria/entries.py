"""Criteria that a registry keeps as entries of a list: one an entry, unless an entry says more.

Some are pasted with the heading before them and with all that are numbered below it; a heading
holds for the entries after it too.
"""

import re

from pipeline.extract.criteria.headings import Heading, heading
from pipeline.extract.criteria.in_line import Piece, pieces
from pipeline.extract.criteria.wording import asks_nothing
from pipeline.extract.numbering import numbered

_LEAD = re.compile(r"\s*(?P<head>[^.;:]{8,90}?)\s*:?\s+(?=1[.)]\s)")
LONGEST = 120
"""The characters of the longest entry that can be a heading alone."""
_MARK = re.compile(r"\s*(?:[-•*]\s*|\d{1,2}[.)]\s*)?")


def headed(text: str, kind: str) -> tuple[Heading, int, int] | None:
    """The heading that an entry begins with, and where its words start and end: before a number
    1, or alone.
    """
    lead = _LEAD.match(text)
    if lead and (said := heading(f"{lead['head']}:", f"{lead['head'].lower()}:", kind)):
        return said, *lead.span("head")
    words = text.strip()
    said = heading(words, words.lower(), kind) if 0 < len(words) < LONGEST else None
    if not said or said.length < len(words):
        return None
    start = text.index(words)
    return said, start, start + len(words)


def entry(text: str, start: int) -> list[tuple[Piece, str]]:
    """Each criterion from `start` and whether it is one, or a remark (`remark`, else empty)."""
    stretches = numbered(text, start, len(text), fewest=1 if start else 3)
    found = list(pieces(text, stretches)) if len(stretches) > 1 else []
    if not found:
        mark = _MARK.match(text, start)
        low, high = mark.end() if mark else start, len(text.rstrip())
        found = [(low, high, text[low:high])] if low < high else []
    return [(one, "remark" if asks_nothing(one[2], one[2].lower()) else "") for one in found]
