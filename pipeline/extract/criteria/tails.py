"""Headings that stand behind the last criterion of the stretch before them, in one line."""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pipeline.extract.criteria.parts import Part

_TAIL = re.compile(r"(?<=[.;)])\s+(?P<head>[A-Z][\w/-]+(?: [\w/-]+){0,3}[ ]?:)\Z")
_LETTERED = re.compile(r"(?<=\S)\s+[b-h]\\?\) (?P<head>[A-Z][^:;]{8,90}:)\Z")
_REACH = 60
_FURTHER = 100
_FORM = "Are the trial subjects under 18?"
"""ICTRP's export of the EU register has the counts of its form (F.1.1 to F.1.3) behind the
inclusion criteria.
"""


def untailed(text: str, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts in order; a criterion of a line whose last words head what comes after it
    ("… may take part. During surgery:") is without them, and in a line of its own one whose last
    words are the next letter of a list ("… normal b) Liver function:").
    """
    held: Part | None = None
    for part in parts:
        if held is not None:
            yield from _parted(text, held, part)
        held = part
    if held is not None:
        yield held


def unformed(text: str, parts: list[Part]) -> list[Part]:
    """The parts, with what a form says behind the criteria as remarks."""
    at = text.find(_FORM)
    if at < 0:
        return parts
    made: list[Part] = []
    for part in parts:
        if part.low < at < part.high:
            end = part.low + len(text[part.low : at].rstrip())
            made += [replace(part, high=end, flattened=False), Part(at, part.high, "remark")]
        else:
            made.append(Part(part.low, part.high, "remark") if part.low >= at else part)
    return made


def _parted(text: str, part: Part, after: Part) -> Iterator[Part]:
    asked = part.kind in ("inclusion", "exclusion") and after.kind == part.kind
    if asked and text[part.high - 1] == ":":
        joined = "\n" not in text[part.high : after.low]
        words = text[max(part.low, part.high - (_REACH if joined else _FURTHER)) : part.high]
        if tail := (_TAIL if joined else _LETTERED).search(words):
            at = part.high - len(words)
            yield replace(part, high=at + tail.start(), flattened=False)
            yield Part(at + tail.start("head"), part.high, "heading")
            return
    yield part
