"""The limits of age that words set, in days, and what a field's limit is in days."""

import re
from collections.abc import Iterator

import msgspec

_DAYS = {"year": 365.25, "month": 365.25 / 12, "week": 7.0, "day": 1.0, "hour": 1 / 24}
_UNIT = r"(?P<{}>years?|yrs?|y/?o|y|months?|mos?|weeks?|wks?|days?)\b"
_OLD = r"(?:[- ]olds?)?(?: of age)?"
_LOW, _HIGH = _UNIT.format("low_unit"), _UNIT.format("high_unit")
_NUMBER = r"\d{1,3}(?:\.\d)?"
_FROM_TO = re.compile(
    rf"\b(?:age[ds]?|between|years|months)\b[^.;\d]{{0,30}}?(?P<over>(?:>(?!\s*=)|\bover|\babove|"
    rf"\bolder than)\s*)?(?P<low>{_NUMBER})\s*(?:{_LOW})?{_OLD}\s*"
    r"(?:(?:-|–|—|to|and|through|up to|,|but)\s*|(?=[≤<]))+"
    r"(?P<under>(?:<(?!\s*=)|\bunder|\bbelow|\bless than|\byounger than)\s*)?(?:[≤<]?\s*=?\s*)"
    rf"(?<!\d)(?P<high>{_NUMBER})\s*{_HIGH}"
)
_AT_LEAST = re.compile(
    rf"\bage[ds]?\b(?![^.;\d]{{0,25}}\bno[t ])[^.;\d]{{0,25}}?(?:≥|>=|\bat least|\bfrom|"
    rf"(?P<over>>(?!=)|\bover|\babove|\bolder than))\s*(?P<low>{_NUMBER})\s*(?:{_LOW}|$|(?=[,.;)]))"
    rf"|(?:^|[≥=]\s*|at least )(?P<low2>{_NUMBER})\s*{_UNIT.format('low2_unit')}{_OLD},?\s*(?:or|"
    r"and) (?:older|above|over)\b"
)
_ELSE = re.compile(r"\bgestation|\bconsent|\bguardian|\bparents?\b|\bpartner")


class Limit(msgspec.Struct, frozen=True):
    """A limit of age: which one, its number and unit (`18 years`), its days, and the days up to
    which a field may differ from it.

    "Over 18 years" is a field's 18 or 19 years, "under 75 years" its 75 or 74.
    """

    which: str
    days: float
    room: float
    start: int
    end: int
    words: str = ""


def limits(low: str) -> list[list[Limit]]:
    """The limits of each place in a text in lower case that sets some; ages of gestation, and of
    those who consent, are no participant's.
    """
    if _ELSE.search(low):
        return []
    places = list(_FROM_TO.finditer(low)) or list(_AT_LEAST.finditer(low))
    return [list(_limits(match)) for match in places]


def agrees(field: str, limit: Limit) -> bool:
    """Whether a field such as `18 Years` or `6 Months` says the same as words; one of no known
    unit says nothing else.
    """
    number, _, unit = field.partition(" ")
    if not number.isdigit() or unit.lower().rstrip("s") not in _DAYS:
        return True
    away = abs(int(number) * _DAYS[unit.lower().rstrip("s")] - limit.days)
    return away <= 0.02 * limit.days + limit.room


def _limits(match: re.Match[str]) -> Iterator[Limit]:
    said = match.groupdict()
    for which, beyond in (("minimum", "over"), ("maximum", "under")):
        key = "low" if which == "minimum" else "high"
        number, unit = said.get(key) or said.get(f"{key}2"), said.get(f"{key}_unit")
        unit = unit or said.get(f"{key}2_unit") or said.get("high_unit") or "years"
        if number:
            days = _days(unit)
            room = days if said.get(beyond) else 0.0
            yield Limit(which, float(number) * days, room, *match.span(), f"{number} {_name(unit)}")


def _days(unit: str) -> float:
    return _DAYS[_name(unit)]


def _name(unit: str) -> str:
    return next(name for name in _DAYS if unit.startswith((name[0], name[:2]))
                and (unit[0] != "m" or name == "month"))  # fmt: skip
