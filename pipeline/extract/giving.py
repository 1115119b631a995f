"""What an arm's description says is given, is not given, and when: after what, how many times."""

import re
from collections.abc import Container, Iterator

from pipeline.extract.naming import Names
from pipeline.extract.sentences import sentences
from pipeline.extract.wordings import Wordings
from pipeline.text import whole_name
from pipeline.values import Fact, narrowed

_NOT = re.compile(r"\b(?:not|no|without|never)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bfor (?P<count>\d+) (?:doses|administrations|infusions|injections|cycles)\b")
_START = re.compile(
    r"\bstarting (?P<start>[^.;]*?\bafter [^.;,]*?)(?=\s+and\b|[.;,]|$)", re.IGNORECASE
)
_DAY = re.compile(r"\bon day (?P<day>-?\d+)\b", re.IGNORECASE)


def read_arm(prose: Fact, names: Names, given: Container[str], words: Wordings) -> Iterator[Fact]:
    """The facts of one arm's description, sentence by sentence."""
    text = prose.value
    named = list(dict.fromkeys(one.name for one in names.mentions(text.lower())))
    for start, end in sentences(text):
        if match := words.conditioning.search(text, start, end):
            yield narrowed(prose, *match.span("what"), "regimen.conditioning")
        here = [name for name in named if whole_name(name).search(text, start, end)]
        if here:
            yield from _sentence(prose, start, end, here, given)


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
