"""Headings that stand behind the last criterion of the stretch before them, in one line."""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pipeline.extract.criteria.parts import Part

_TAIL = re.compile(r"(?<=[.;)])\s+(?P<head>[A-Z][\w/-]+(?: [\w/-]+){0,3}[ ]?:)\Z")
_REACH = 60


def untailed(text: str, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts in order; a criterion of a line whose last words head what comes after it
    ("… may take part. During surgery:") is without them.
    """
    held: Part | None = None
    for part in parts:
        if held is not None:
            yield from _parted(text, held, part)
        held = part
    if held is not None:
        yield held


def _parted(text: str, part: Part, after: Part) -> Iterator[Part]:
    asked = part.kind in ("inclusion", "exclusion") and after.kind == part.kind
    if asked and text[part.high - 1] == ":" and "\n" not in text[part.high : after.low]:
        words = text[max(part.low, part.high - _REACH) : part.high]
        if tail := _TAIL.search(words):
            at = part.high - len(words)
            yield replace(part, high=at + tail.start(), flattened=False)
            yield Part(at + tail.start("head"), part.high, "heading")
            return
    yield part
