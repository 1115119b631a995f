"""Cells of a table that hold several things: every word of them is taken or is left over."""

import re
from collections.abc import Iterator

from pipeline.spec.mapping import Leaf

_TAG = re.compile(r"<[a-z]+ ?/?>", re.IGNORECASE)


def left_over(text: str, said: tuple[Leaf, ...]) -> Iterator[tuple[int, int]]:
    """The words of a cell that none of its patterns takes, from where to where; marks between
    words are no words.
    """
    if not all(leaf.pattern for leaf in said):
        return
    taken = [found.span() for leaf in said for found in re.finditer(leaf.pattern, text, re.DOTALL)]
    at = 0
    for low, high in [*sorted(taken), (len(text), len(text))]:
        words = text[at:low].strip()
        if any(char.isalnum() for char in _TAG.sub("", words)):
            start = text.index(words, at)
            yield start, start + len(words)
        at = max(at, high)
