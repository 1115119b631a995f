"""Prose that a registry laid out for reading becomes its words again: no margin, whole lines."""

import re
from collections.abc import Iterator, Sequence

_BREAK = re.compile(r"(?:\r\n?|\n)(?:<br ?/?>)?|<br ?/?>(?:\r\n?|\n)?", re.IGNORECASE)
_TAG = re.compile(r"<br ?/?>", re.IGNORECASE)


def unwrapped(text: str) -> tuple[str, Sequence[int]]:
    """The text without margin and with each paragraph on one line, and where in the original each
    of its characters stands.

    ClinicalTrials.gov's XML indents a text block and breaks it at 100 characters; a blank line
    ends a paragraph or an item, and the WHO's export writes `<br>` beside each break. Where not
    every line stands away from the margin, a line is a line.
    """
    lines = list(_lines(text))
    margin = min((low - start for start, low, high in lines[1:] if high > low), default=0)
    if not margin and "\r" not in text and not _TAG.search(text):
        return text, range(len(text))
    made: list[str] = []
    places: list[int] = []
    within = False
    for start, low, high in lines:
        words = high > low
        if made:
            separator = " " if within and words and margin else "\n"
            made.append(separator)
            places.append(max(start - 1, 0))
        if words and not (within and margin):
            indented = min(start + margin, low)
            made.append(text[indented:low])
            places.extend(range(indented, low))
        made.append(text[low:high])
        places.extend(range(low, high))
        within = words
    return "".join(made), places


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Start of each line, and start and end of its words."""
    start = 0
    for end, after in [*(match.span() for match in _BREAK.finditer(text)), (len(text), len(text))]:
        words = text[start:end].strip()
        low = text.index(words, start)
        yield start, low, low + len(words)
        start = after
