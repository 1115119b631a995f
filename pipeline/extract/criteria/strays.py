"""Items of a list that stand behind the last option of the item before them: `5. Any of:`,
`* gout`, `* cold feet. 6. Asleep`, `7. Awake`.
"""

import re
from itertools import pairwise

from msgspec.structs import replace

from pipeline.extract.criteria.blocks import Unit

_NUMBER = re.compile(r"(\d{1,2})\\?[.)][ \t]*$")


def parted(text: str, found: list[Unit]) -> list[Unit]:
    """The lines, with the number that two others leave out beginning a line of its own."""
    made: list[Unit] = []
    last = 0
    for unit, after in pairwise(found):
        number = _numbered(unit)
        left_out = not number and after.depth < unit.depth and _numbered(after) == last + 2 > 2
        made += _cut(text, unit, after, last + 1) if left_out else [unit]
        last = number or last
    return [*made, *found[-1:]]


def _numbered(unit: Unit) -> int:
    number = _NUMBER.search(unit.mark)
    return int(number[1]) if number else 0


def _cut(text: str, unit: Unit, after: Unit, number: int) -> list[Unit]:
    """A line until the number behind the end of a sentence, and what is numbered; else the line."""
    mark = re.compile(rf"(?<=[.;])\s+{number}\\?[.)]\s+(?=[A-Z])").search(text, unit.low, unit.high)
    if mark is None:
        return [unit]
    words = text[unit.low : mark.start()]
    own = replace(unit, high=mark.start(), words=words)
    return [
        own,
        Unit(mark.end(), unit.high, after.depth, True, f"{number}. ", text[mark.end() : unit.high]),
    ]
