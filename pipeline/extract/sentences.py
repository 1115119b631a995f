"""Prose cut into sentences, by offset.

The XML of ClinicalTrials.gov wraps its lines and indents them: such a break ends no sentence.
"""

import re
from collections.abc import Iterator

# A full stop ends a sentence when white space and a capital or digit follow, and no abbreviation
# precedes: a word of the list, or letters with stops between them (i.v., b.i.d., e.g.).
_END = re.compile(
    r"[.!?\n](?:(?<=\n)(?! {4,}[A-Za-z])\n*|(?<!\n)(?=\s+[A-Z0-9(])(?<!\b[Vv]s.)(?<!\bDr.)"
    r"(?<!\bNo.)(?<!\bresp.)(?<!\bapprox.)(?<!\bca.)(?<!\b[A-Za-z]\.[A-Za-z].))"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; a line break ends one too."""
    start = 0
    for match in _END.finditer(text):
        end = match.end() if text[match.start()] != "\n" else match.start()
        if text[start:end].strip():
            yield _without_blanks(text, start, end)
        start = match.end()
    if text[start:].strip():
        yield _without_blanks(text, start, len(text))


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
