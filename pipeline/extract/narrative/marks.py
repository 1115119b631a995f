"""The marks of numbered statements within one text: 1. 2. 3., 1/ 2/, (1) (2), I. II., i) ii)."""

import re

_MARK = re.compile(
    r"(?:(?<=\s)|^)(?:\(?\d{1,2}\)|\d{1,2}/(?=\s[A-Za-z])|\d{1,2}[.](?=\s?[A-Zt])|\(?[ivx]{1,4}\)|[IVX]{1,5}\.(?=\s))\s*"
)
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = {numeral: at for at, numeral in enumerate(_NUMERALS, 1)}


def marks_in_order(text: str) -> list[re.Match[str]]:
    """The marks that count on from the first in its style; others belong to the words."""
    kept: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        if not kept or (_count(mark) == _count(kept[-1]) + 1 and _style(mark) == _style(kept[0])):
            kept.append(mark)
    return kept


def is_several(line: str) -> bool:
    """Whether a line is more than one numbered objective (`I. To see X. II. To see Y.`)."""
    marks = marks_in_order(line)
    return len(marks) > 1 and not line[: marks[0].start()].strip()


def _style(mark: re.Match[str]) -> str:
    return "".join(c for c in mark[0] if c in "()./")


def _count(mark: re.Match[str]) -> int:
    said = mark[0].strip(" ()./").lower()
    return int(said) if said.isdecimal() else _ROMAN.get(said, 0)
