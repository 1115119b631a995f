"""What a criterion says, apart from how it is written: spacing, case, marks, typography."""

import re
import unicodedata

from rapidfuzz import fuzz, process

RAISED = {ord(char): f" {digit}" for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
LOWERED = {ord(char): f" {digit}" for digit, char in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_WRITTEN = RAISED | LOWERED | {
    ord("×"): " x ", ord("≥"): ">=", ord("≤"): "<=", ord("⩾"): ">=", ord("⩽"): "<=",
    ord("≧"): ">=", ord("≦"): "<=", ord("≠"): " not equal ", ord("–"): "-", ord("—"): "-",
    ord("−"): "-", ord("‐"): "-", ord("‑"): "-", ord("µ"): "u", ord("μ"): "u",
}  # fmt: skip
_MARK = re.compile(r"^\s*(?:[-*+•·▪●o]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)+", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PART = re.compile(
    r"\d+(?:[.,]\d+)*|[^\W\d_]+|[<>=]+|[%±~]|(?<=\d)\s*-\s*(?=\d)|(?:(?<=^)|(?<=[\s(]))[-+](?=\d)"
    r"|(?<=\w)\+|[^\w\s.,;:!?'\"()\[\]{}*/\\^_`<>=%±~+-]"
)
LIKE = 60.0
"""How alike (of 100) a criterion is to the one whose place it takes, at least."""


def substance(text: str) -> str:
    """The text by which two writings of a criterion are the same.

    Numbers, signs of comparison, letters and symbols stay in their order; spaces, case, marks of
    lists, quotes, brackets and the marks of sentences go. A misspelling set right is another text:
    hypotension and hypertension differ by as little.
    """
    plain = unicodedata.normalize("NFKC", _MARK.sub("", text).translate(_WRITTEN)).casefold()
    parts = _PART.findall(_THOUSANDS.sub("", plain))
    return "".join(f" {part.strip()} " if not part[0].isalpha() else part for part in parts)


def successors(lost: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """For criteria that are new, by their name, which lost one each is most like; the most alike
    pairs first, each lost one once, none that is less than `LIKE`.
    """
    names, others = list(new), list(lost)
    if not (names and others):
        return {}
    alike = process.cdist(list(new.values()), list(lost.values()), scorer=fuzz.ratio)
    pairs = sorted(
        (-float(alike[row, column]), row, column)
        for row in range(len(names))
        for column in range(len(others))
        if alike[row, column] >= LIKE
    )
    found: dict[str, str] = {}
    for _, row, column in pairs:
        if names[row] not in found and others[column] not in found.values():
            found[names[row]] = others[column]
    return found
