"""What an arm's description says is given, is not given, and when: after what, how many times."""

import re
from collections.abc import Container, Iterator, Sequence

from pipeline.extract.naming import Mention
from pipeline.extract.sentences import sentences
from pipeline.extract.wordings import Wordings
from pipeline.values import Fact, narrowed

_SHORT = 3
_NOT = re.compile(r"\b(?:not|no|without|never)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bfor (?P<count>\d+) (?:doses|administrations|infusions|injections|cycles)\b")
_START = re.compile(
    r"\bstarting (?P<start>[^.;]*?\bafter [^.;,]*?)(?=\s+and\b|[.;,]|$)", re.IGNORECASE
)
_DAY = re.compile(r"\bon day (?P<day>-?\d+)\b", re.IGNORECASE)


_PREPARES = ("lympho", "conditioning", "preparative")


def read_arm(
    prose: Fact, low: str, mentions: Sequence[Mention], given: Container[str], words: Wordings
) -> Iterator[Fact]:
    """The facts of one arm's description, sentence by sentence."""
    text = prose.value
    named = tuple(dict.fromkeys(one.name for one in mentions))
    prepares = any(word in low for word in _PREPARES)
    for start, end in sentences(text) if named or prepares else ():
        if prepares and (match := words.conditioning.search(text, start, end)):
            yield narrowed(prose, *match.span("what"), "regimen.conditioning")
        here = [name for name in named if _whole(text, name, start, end)]
        if here:
            yield from _sentence(prose, start, end, here, given)


def _whole(text: str, name: str, start: int, end: int) -> bool:
    """Whether the name stands there as a whole word; a plural's last letter may be missing."""
    long = len(name) > _SHORT
    stem = name.removesuffix("s") if long else name
    at = text.find(stem, start, end)
    while at >= 0:
        stop = at + len(stem)
        if not (at and _goes_on(text[at - 1])):
            if stop >= end or not _goes_on(text[stop]):
                return True
            if long and text[stop] == "s" and (stop + 1 >= end or not _goes_on(text[stop + 1])):
                return True
        at = text.find(stem, at + 1, end)
    return False


def _goes_on(char: str) -> bool:
    return char.isalnum() or char in "_-"


def _sentence(
    prose: Fact, start: int, end: int, named: list[str], given: Container[str]
) -> Iterator[Fact]:
    negated = _NOT.search(prose.value, start, end)
    for name in named:
        if negated and name not in given:
            yield narrowed(prose, start, end, "regimen.not_given", about=name)
        elif name in given and not negated:
            yield narrowed(prose, start, end, "regimen.treatment", about=name)
    if len(named) == 1 and named[0] in given and not negated:
        for pattern, group in ((_COUNT, "count"), (_START, "start"), (_DAY, "day")):
            if said := pattern.search(prose.value, start, end):
                yield narrowed(prose, *said.span(group), f"regimen.{group}", about=named[0])
