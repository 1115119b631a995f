"""The define.xml data type and length of the values that stand in the data."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.spec.model import Spec
from pipeline.text import width
from pipeline.values import Scalar

DURATION = re.compile(
    r"P(?:\d+(?:\.\d+)?W"
    r"|(?=\d|T\d)(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?)"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
INTEGER = re.compile(r"-?\d+")
FLOAT = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?")

TYPES = {
    "duration": (("durationDatetime", DURATION),),
    "durationDatetime": (("durationDatetime", DURATION),),
    "date": (("date", DATE), ("partialDate", PARTIAL_DATE)),
    "integer": (("integer", INTEGER),),
    "ratio": (("float", FLOAT),),
    "float": (("integer", INTEGER), ("float", FLOAT)),
}
"""For each format of the Spec the data types that may hold it, narrowest first."""


class Measure(NamedTuple):
    """A define.xml data type with its length (0 where the type has none) and decimal digits."""

    type: str
    length: int
    digits: int


def measured(kind: str, values: Sequence[Scalar], spec: Spec) -> Measure:
    """The narrowest type of `kind` that holds all the values, else text; lengths are in bytes.

    Length is that of the longest value in UTF-8 or in ASCII, whichever is more, and never 0.
    """
    texts = [_written(value) for value in values if value is not None]
    length = max((width(text, spec) for text in texts), default=0) or 1
    for type_, pattern in TYPES.get(kind, ()):
        if all(pattern.fullmatch(text) for text in texts):
            decimals = [FLOAT.fullmatch(text) for text in texts] if type_ == "float" else []
            digits = max((len(match["decimals"] or "") for match in decimals if match), default=0)
            return Measure(type_, length if type_ in {"integer", "float"} else 0, digits)
    return Measure("text", length, 0)


def _written(value: Scalar) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
