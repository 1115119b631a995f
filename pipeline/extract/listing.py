"""Entries that a registry keeps in one text field, one a line, behind numbers or bullets."""

import re
from collections.abc import Iterator

_ITEM = re.compile(r"[ \t]*(?:(?P<number>\d{1,2})[.)](?!\d)|[•●▪◦\uf0b7*–-])[ \t]*(?=\S)")
_LINE = re.compile(r"[^\n]+")
_OPENS_A_SENTENCE = re.compile(r"\b(?:to|that|whether|the|a|an)\s*:\s*$", re.IGNORECASE)
_AIM = re.compile(r"[ \t]*To\s+[a-z]")
_BETWEEN = re.compile(r"\s*(?:and|&)\s*", re.IGNORECASE)


def listed(text: str) -> list[tuple[int, int]]:
    """The stretches of two or more entries without their marks; else the whole text.

    Before a list a line may stand that ends in a colon, and "and" between two entries. A text is
    whole where anything else stands outside its entries, where their numbers do not ascend from 1,
    and where the line before them opens a sentence that each of them would have to end.
    """
    found: list[tuple[int, int]] = []
    number, open_item = 0, False
    for start, end, line in _lines(text):
        item = _ITEM.match(line)
        if item:
            if item["number"]:
                number += 1
                if int(item["number"]) != number:
                    return [(0, len(text))]
            found.append((start + item.end(), end))
            open_item = True
        elif line.rstrip().endswith(":") and not _OPENS_A_SENTENCE.search(line):
            number, open_item = 0, False
        elif _BETWEEN.fullmatch(line):
            open_item = False
        elif open_item and text[found[-1][1] : start].count("\n") == 1:
            found[-1] = (found[-1][0], end)
        else:
            return _aims(text)
    return found if len(found) > 1 else _aims(text)


def _aims(text: str) -> list[tuple[int, int]]:
    """The lines of a text of which each opens with "To", as aims do; else the whole text."""
    lines = [(start, end) for start, end, _ in _lines(text)]
    aims = all(_AIM.match(text, start) for start, _ in lines)
    return lines if len(lines) > 1 and aims else [(0, len(text))]


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each line that has words, and the line."""
    for line in _LINE.finditer(text):
        if line[0].strip():
            yield line.start(), line.start() + len(line[0].rstrip()), line[0]
