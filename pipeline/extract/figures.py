"""Numbers as prose writes them: lists and ranges, thousands, powers of ten."""

import re

from pipeline.extract.wordings import POWER
from pipeline.extract.wordings import number as from_words

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_LABEL = re.compile(
    r"\b(?:vial|bottle|minute|hour|day|week|month|visit|level|step|stage|cohort|group|arm|part|phase|period|"
    r"cycle|dose|no|number)s?\.? ?#?$",
    re.IGNORECASE,
)
RUN = re.compile(r"(?!\d{1,3}(?:,\d{3})+(?:\.|$))\d+(?:,\d+){2,}")
"""Levels that are written without blanks (`1,3,10`) are no one number."""
_BARE_POWER = re.sub(r"\?P<\w+>", "?:", POWER)
_NOUGHTS = "000"
"""The end of a number whose thousands stand apart (`10 000`); other numbers may follow a code."""
_THOUSANDS = re.compile(r"(?<![\w.,^-])\d{1,3}(?:[ \u00a0\u202f]\d{3})*[ \u00a0\u202f]$")
_BEFORE = re.compile(
    rf"(?<![\w^.+-])((?:{_NUMBER}(?:{_BARE_POWER})?\s*(?:,\s*(?:and|or)?|/|-|–|to|or|and|vs\.?)\s*)+)$"
)
EACH = re.compile(rf"(?P<number>{_NUMBER})(?:{POWER})?")
PAIR = re.compile(rf"{_NUMBER}/")
"""Before a number, the first strength of a combination (`49/51 mg`), which is no dose by itself."""
_BESIDE = 60
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def power(match: re.Match[str]) -> int:
    """The power of ten that a number is written with, also in raised figures (`10⁷`)."""
    said = match["power"] or match["e"]
    return int(said.translate(_RAISED)) if said else 0


def digits(text: str, start: int, match: re.Match[str]) -> tuple[int, str]:
    """Where the number begins, and its digits; without those that a blank parts from the noughts
    (`10 000`), noughts are none.
    """
    at, number = match.start("number"), str(match["number"])
    if number != _NOUGHTS:
        return at, number
    lead = _THOUSANDS.search(text, max(start, at - _BESIDE), at)
    return (lead.start(), "".join(lead[0].split()) + number) if lead else (at, "")


def listed_before(before: str, number: str) -> re.Match[str] | None:
    """The numbers of a list or range that ends in this one; a label's number ("vial 2 - 0.2 mL") is
    none of it, and a range goes up.
    """
    listed = _BEFORE.search(before)
    if not listed or number.startswith("."):
        return None
    if not PAIR.fullmatch(listed[0]) and _LABEL.search(before[: listed.start()].rstrip()):
        return None
    first = EACH.match(listed[0])
    if re.search(r"[-–]\s*$", listed[0]) and first and not first["power"] and not first["e"]:
        low, high = (float(one.replace(",", "")) for one in (first["number"], number))
        return listed if low < high else None
    return listed


def plain(number: str, shift: int) -> str:
    """The number in digits and without thousands marks, times a power of ten."""
    if number.isalpha():
        return str(from_words(number))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    number = number.rstrip(",").replace(",", ".")
    if number.startswith("."):
        number = f"0{number}"
    if not shift:
        return number
    whole, _, part = number.partition(".")
    digits = whole + part.ljust(shift, "0")[:shift]
    rest = part[shift:]
    return (digits.lstrip("0") or "0") + (f".{rest}" if rest else "")
