"""Formats that a Trial Summary answer or a duration must have; each a question about one text."""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache

import pycountry

_PERIODS = "".join(rf"(?:\d+(?:\.\d+)?{unit})?" for unit in "YMD")
_TIMES = "".join(rf"(?:\d+(?:\.\d+)?{unit})?" for unit in "HMS")
_DURATION = re.compile(rf"P(?:\d+(?:\.\d+)?W|{_PERIODS}(?:T{_TIMES})?)", re.ASCII)
_DAYS = {"H": 1 / 24, "D": 1, "W": 7, "M": 30.4, "Y": 365}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(T.+)?)?)?", re.ASCII)


def is_duration(text: str) -> bool:
    """An ISO 8601 duration: weeks stand alone, only the last part may be a fraction."""
    early = re.search(r"\.\d+[A-Z].", text)
    return bool(_DURATION.fullmatch(text)) and text[-1] not in "PT" and not early


def same_length(one: str, other: str) -> bool:
    """Whether two durations of one unit each are the same in different units: 12 weeks, 3 months;
    a month has no certain number of days, so a tenth between them is none.
    """
    first, second = sorted((_days(one), _days(other)))
    return second <= 1.1 * first


def in_least_unit(duration: str) -> tuple[float, str]:
    """A duration of one unit in months or days, which years and weeks are made of: P1Y and P12M."""
    number, unit = float(duration.strip("PTHDWMY")), duration[-1]
    many, least = {"Y": (12, "M"), "W": (7, "D")}.get(unit, (1, unit))
    return number * many, least


def _days(duration: str) -> float:
    return float(duration.strip("PTHDWMY")) * _DAYS[duration[-1]]


def is_date(text: str) -> bool:
    """An ISO 8601 date of any precision: 2024, 2024-05, 2024-05-31, or with a time."""
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day, time = found.groups()
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
        if time:
            dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_count(text: str) -> bool:
    """A whole number, without sign and leading zeros."""
    return bool(re.fullmatch(r"0|[1-9][0-9]*", text))


def is_ratio(text: str) -> bool:
    """A share above 0 and up to 1: 0.67, or 1 itself (CG0280)."""
    return text == "1" or bool(re.fullmatch(r"0\.[0-9]*[1-9][0-9]*", text))


@cache
def is_country(text: str) -> bool:
    """A country code of ISO 3166-1 alpha-3."""
    return len(text) == 3 and pycountry.countries.get(alpha_3=text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "duration": is_duration,
    "date": is_date,
    "integer": is_count,
    "ratio": is_ratio,
}

LOOKS = {
    "duration": "ISO 8601 duration, such as P12W or P1Y6M",
    "date": "ISO 8601 date, such as 2024-05-31 or 2024-05",
    "integer": "whole number, such as 120",
    "ratio": "share above 0 and up to 1, such as 0.67",
}
"""What each format is called when a person is told of it."""
