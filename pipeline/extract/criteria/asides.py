"""Paragraphs without mark that explain criteria: names of tables, abbreviations, formulas."""

import re

_TABLE = re.compile(r"table [\divx]+\b[^<>≤≥]*", re.IGNORECASE)
_TERM = re.compile(r"(?<![\w/])(?P<short>[A-Z][A-Z\d]{1,8}) ?[:=] ?(?P<long>[A-Za-z])")
_FORMULA = re.compile(r"[A-Za-z][\w ,/()-]{1,60}= ?\(?[^<>≤≥=]*\d[^<>≤≥=]*[×*/⋅·x] [^<>≤≥=]*")


_WHO = re.compile(
    r"(?:an? )?(?:females?|wom[ae]n|subjects?|patients?|participants?|WOCBP|FCBP)"
    r"(?: (?:participants|patients|subjects))? (?:not )?of child-?bearing potential (?:\(\w+\) )?"
    r"(?:is|are) (?:defined\b|any\b|those\b|considered\b|a sexually\b)",
    re.IGNORECASE,
)


_BRACKETED = re.compile(r"\((?:if|see|note)\b[^()]*(?:\([^()]*\)[^()]*)*\)[.;]?", re.IGNORECASE)


def is_bracketed(words: str) -> bool:
    """Whether a line is nothing but a remark in brackets."""
    return words[0] == "(" and _BRACKETED.fullmatch(words) is not None


def defines(words: str) -> bool:
    """Whether a line says who may bear children, which asks nothing of anybody."""
    return "bearing potential " in words and _WHO.match(words) is not None


def explains(words: str) -> bool:
    """Whether a line only names a table, or says in full what abbreviations stand for."""
    if words[:6].lower() == "table ":
        return bool(_TABLE.fullmatch(words))
    return words[:2].isupper() and _lists_terms(words)


def _lists_terms(words: str) -> bool:
    """Whether a line is abbreviations, each before words that begin with its first letter."""
    found = list(_TERM.finditer(words))
    if len(found) < 2 or found[0].start():
        return False
    return all(one["short"][0] == one["long"].upper() for one in found)


def calculates(words: str) -> bool:
    """Whether a line is a formula, which the criterion before it refers to."""
    return words.startswith("(140 -") or (" = " in words and bool(_FORMULA.fullmatch(words)))
