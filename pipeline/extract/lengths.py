"""Lengths of time as prose writes them, in ISO 8601: `eight weeks` is P8W."""

import re
from functools import lru_cache

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
         "twelve")  # fmt: skip
_NUMBER = rf"\d+(?:\.\d+)?|{'|'.join(WORDS)}"
LENGTH = (
    rf"(?P<number>{_NUMBER})[ -]*(?:\(\d+\)[ -]*)?(?:(?:consecutive|successive|full) )?"
    r"(?P<unit>hour|day|week|month|year|wk|yr)s?\b"
)
"""A pattern for a length of time: its groups are `number` and `unit`."""
UNIT = re.compile(r"(?:[ -]|(?<=\d))(?:day|week|month|year)")
"""A unit behind a number or a word."""

_LENGTH = re.compile(LENGTH)
_DAYS = {"h": 0.0, "d": 1.0, "w": 7.0, "m": 30.0, "y": 365.0}
_YEARS = 5
"""More years are an age."""
_MORE = 1.1
_REPEATS = re.compile(r"\b(?:repeats?|repeated) every\b", re.IGNORECASE)
_SEEN = re.compile(
    r"\b(?:patients|participants|subjects) (?:are|will be) followed\b(?! by)", re.IGNORECASE
)
"""What comes after treatment."""
_NOT_GIVEN = (
    r"(?:after|later|before|from|prior|post|apart|following|since|and|or|until|to|on|off|in|at|"
    r"of|with|rest|breaks?|intervals?|cycles?|courses?|follow|wash|drug-free|period)\b"
)
_LASTING = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        r"\b(?:for|during|over)(?: an?| the| another| total of| first| additional)* "
        rf"{LENGTH}(?! of age)",
        rf"^\W*(?:an? |another )?{LENGTH}(?= of\b|[ -]\w*-?wash)",
        rf"^\W*(?:an? )?{LENGTH}(?=[ -](?:[\w-]+ ){{0,4}}(?:run|lead)-in\b)",
        rf"\b(?:to|another|receives?) {LENGTH}(?= of\b)",
        rf"\b(?P<limit>up to) {LENGTH}(?= (?:of\b|(?!{_NOT_GIVEN})[a-z]))",
        rf"^\W*(?:an? |another )?{LENGTH}(?= (?!{_NOT_GIVEN})[a-z])",
        rf"\(duration:? {LENGTH}\)",
        rf"\b(?:escalat|increas|titrat|up-?dos)\w*[^.;]{{0,60}} in {LENGTH}(?=[.;,)]|$)",
    )
)
_REPEATED = re.compile(
    r"s?(?:\s*(?:-|–|to|or)\s*(?:\d|lifetime)"
    r"| or until\b|s? in a row,? (?:each|every|a|per) (?:week|month)\b| of (?:age|life)\b|[ -]old\b"
    r"| (?:of|in) (?:each|every|a|the) (?:day|week|month|cycle)\b"
    r"|s?,? (?:repeated )?every (?:other|\w+ (?:to \w+ )?(?=week|month|cycle|day))"
    r"|(?: per| each| a|/) ?(?:day|week|month)\b|[ -](?:[a-z]+[ -])?(?:cycle|course)s?\b"
    r"|s?,? (?:followed by|(?:and )?then) [\w -]{0,20}\b(?:rest|break|days?|weeks?|free|off)\b)"
)
_OPEN = re.compile(
    r"(?:\b(?:up to|at least|at most|less than|more than|every|within|minimum of|maximum of|age of|"
    r"aged|between|≥|≤|>|<)|\d\s*(?:-|–|\\?~|/|,|to|or|and))\s*(?:a |an )?$",
    re.IGNORECASE,
)


def iso(number: str, unit: str) -> str:
    """The duration of ISO 8601; hours stand after T (`two`, `week` gives P2W)."""
    count = str(WORDS.index(number.lower()) + 1) if number.lower() in WORDS else number
    if "." in count:
        count = count.rstrip("0").rstrip(".")
    letter = unit[0].upper()
    return f"PT{count}H" if letter == "H" else f"P{count}{letter}"


def exact(text: str, match: re.Match[str]) -> str:
    """The duration that a match of `LENGTH` states; nothing where it is one end of a range, a
    limit, an interval, or comes again (`5 days of each week`, `28-day cycles`). A limit that the
    pattern has a group for (`limit`) is the whole.
    """
    before = text[max(0, match.start("number") - 14) : match.start("number")]
    if match.re.groupindex.get("limit") and match["limit"]:
        before = ""
    end = max(match.end("unit"), match.end("number"))
    after = text[end : end + 45]
    if _OPEN.search(before) or _REPEATED.match(after):
        return ""
    return iso(match["number"], match["unit"])


def longer(text: str, words: str) -> bool:
    """Whether a text names a longer time than its words: then these say when, not how long."""
    own = _LENGTH.search(words)
    return bool(own and _longest(text) > _days(own) * _MORE)


@lru_cache(maxsize=128)
def _longest(text: str) -> float:
    """The longest time in days that a text names; of years, those of no age."""
    return max((_days(match) for match in _LENGTH.finditer(text.lower())), default=0)


def _days(match: re.Match[str]) -> float:
    number, unit = match["number"], match["unit"][0]
    count = WORDS.index(number) + 1 if number in WORDS else float(number)
    return 0 if unit == "y" and count > _YEARS else count * _DAYS[unit]


def stage_length(text: str) -> str:
    """How long a clause says that its treatment lasts: `for 6 weeks`, `6 weeks of …`; nothing
    when it says none, or not exactly.
    """
    if _REPEATS.search(text):
        return ""
    seen = _SEEN.search(text)
    for pattern in _LASTING:
        for match in pattern.finditer(text, 0, seen.start() if seen else len(text)):
            found = exact(text, match)
            if found and not found.startswith("PT"):  # an infusion lasts hours, a stage days
                return found
    return ""
