"""Dates as registries write them become ISO 8601, as complete as they are and no more."""

import re
from calendar import monthrange
from datetime import date

_MONTHS = {
    name: str(number)
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_DAY, _YEAR = r"(?P<d>\d{1,2})", r"(?P<y>\d{4})"
_SHAPES = (
    rf"{_YEAR}(?:-(?P<m>\d{{2}})(?:-(?P<d>\d{{2}}){_TIME})?)?",
    rf"{_YEAR}/(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){_TIME}",
    rf"{_YEAR}(?P<m>\d{{2}})(?P<d>\d{{2}})",
    rf"{_MONTH} (?:{_DAY}, ?)?{_YEAR}{_TIME}",
    rf"{_DAY} {_MONTH} {_YEAR}{_TIME}",
)
_WORDS = tuple(re.compile(shape, re.ASCII | re.IGNORECASE) for shape in _SHAPES)
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2{_YEAR}{_TIME}", re.ASCII | re.IGNORECASE)


def iso_date(words: str, order: str = "") -> str:
    """The date that words give, as `YYYY-MM-DD`, `YYYY-MM` or `YYYY` (ISO 8601 calendar date);
    nothing when they give none.

    A time of day is left out. `05/03/2020` is a date only where `order` (`dmy` or `mdy`) says
    which number is the day, or where one of them can be no month.
    """
    plain = " ".join(words.split())
    if match := _NUMBERS.fullmatch(plain):
        return _numbers(match[1], match[3], match["y"], order)
    for shape in _WORDS:
        if match := shape.fullmatch(plain):
            found = match.groupdict("")
            if not found.get("name"):
                return _written(found["y"], found.get("m", ""), found.get("d", ""))
            month = _MONTHS.get(found["name"].lower(), "")
            return _written(found["y"], month, found["d"]) if month else ""
    return ""


def without_month_end(date_: str) -> str:
    """A date as `YYYY-MM-DD` without its day where that is the last of its month; else as it is."""
    whole = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date_)
    if whole and int(whole[3]) == monthrange(int(whole[1]), int(whole[2]))[1]:
        return date_[:7]
    return date_


def _numbers(first: str, second: str, year: str, order: str) -> str:
    if order == "dmy" or (not order and int(first) > 12) or int(first) == int(second):
        return _written(year, second, first)
    if order == "mdy" or (not order and int(second) > 12):
        return _written(year, first, second)
    return ""


def _written(year: str, month: str, day: str) -> str:
    """The parts that are given, when there is such a day."""
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
