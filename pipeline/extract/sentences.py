"""Prose cut into sentences, by offset.

The XML of ClinicalTrials.gov wraps its lines and indents them: such a break ends no sentence, and
none does between two words in small letters.
"""

import re
from bisect import bisect_right
from functools import lru_cache

# A full stop ends a sentence when white space and a capital or digit follow, and no abbreviation
# precedes: a word of the list, or letters with stops between them (i.v., b.i.d., e.g.).
_END = re.compile(
    r"[.!?\n](?:(?<=\n)(?! {4,}[A-Za-z])(?!(?:(?<=[a-z,]\n)|(?<=[a-z,][ ]\n))[a-z]{2})\n*|"
    r"(?<!\n)(?=\s+[A-Z0-9(])(?<!\b[Vv]s.)(?<!\bDr.)"
    r"(?<!\bNo.)(?<!\bresp.)(?<!\bapprox.)(?<!\bca.)(?<!\b[A-Za-z]\.[A-Za-z].))"
)


@lru_cache(maxsize=128)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence; a line break ends one too."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        at, after = match.span()
        _add(found, text, start, at if text[at] == "\n" else after)
        start = after
    _add(found, text, start, len(text))
    return tuple(found)


def sentence_at(text: str, at: int) -> tuple[int, int] | None:
    """Start and end of the sentence that has a character, if one has."""
    found = sentences(text)
    index = bisect_right(found, (at, len(text))) - 1
    return found[index] if index >= 0 and at < found[index][1] else None


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """A sentence without the blanks around it, if any words are left."""
    part = text[start:end].lstrip()
    if part:
        found.append((end - len(part), end - len(part) + len(part.rstrip())))
