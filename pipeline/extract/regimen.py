"""What prose says of how treatments are given: what, how much, how often, by which route, after
what.

A dose belongs to an intervention only when its sentence names that one intervention and no
other; a route also when it stands directly before the name ("SC IL-2"). What the words do not
tie together stays apart.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pipeline.extract.sentences import sentences
from pipeline.spec.model import Spec
from pipeline.text import whole_name
from pipeline.values import Fact, Issue, narrowed

_NOT = re.compile(r"\b(?:not|no|without|never)\b", re.IGNORECASE)
_NUMBER = r"\d+(?:[.,]\d+)*(?:\s*(?:-|–|to)\s*\d+(?:[.,]\d+)*)?(?:\s*[x×]\s*10\s*\^?\s*\d+)?"
_RECEIVE = r"\b(?:receive[sd]?|given|undergo(?:es)?|treated with|administered)\s+"
_COUNT = re.compile(r"\bfor (?P<count>\d+) (?:doses|administrations|infusions|injections|cycles)\b")
_START = re.compile(
    r"\bstarting (?P<start>[^.;]*?\bafter [^.;,]*?)(?=\s+and\b|[.;,]|$)", re.IGNORECASE
)
_DAY = re.compile(r"\bon day (?P<day>-?\d+)\b", re.IGNORECASE)
_SCHEDULE_TAIL = re.compile(
    r"(?:\s+for \d+ (?:doses|administrations|infusions|injections|cycles)(?: in total)?)?"
)


def read_regimens(facts: Iterable[Fact], spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Regimen facts of each arm (numbered by `item`) and intervention (named by `about`)."""
    facts = list(facts)
    names = list(dict.fromkeys(fact.value for fact in facts if fact.concept == "intervention.name"))
    found: list[Fact] = []
    for prose in facts:
        if prose.concept == "arm.description":
            given = [
                f.value for f in facts if f.concept == "arm.intervention" and f.item == prose.item
            ]
            found.extend(_arm(prose, names, given, spec))
        elif prose.concept in ("text.description", "text.summary", "design.model.description"):
            found.extend(_routes(prose, names, spec))
    return found, []


def _arm(prose: Fact, names: list[str], given: list[str], spec: Spec) -> Iterator[Fact]:
    conditioning = re.compile(
        _RECEIVE + rf"(?P<what>[^.;]*?{spec.phrases.conditioning}(?:\s+\w+)?)", re.IGNORECASE
    )
    for start, end in sentences(prose.value):
        if match := conditioning.search(prose.value, start, end):
            yield narrowed(prose, *match.span("what"), "regimen.conditioning")
        yield from _treatments(prose, start, end, names, given, spec)
    yield from _routes(prose, names, spec)


def _treatments(
    prose: Fact, start: int, end: int, names: list[str], given: list[str], spec: Spec
) -> Iterator[Fact]:
    text = prose.value
    named = [name for name in names if whole_name(name).search(text, start, end)]
    if not named:
        return
    negated = _NOT.search(text, start, end)
    for name in named:
        if negated and name not in given:
            yield narrowed(prose, start, end, "regimen.not_given", about=name)
        elif name in given and not negated:
            yield narrowed(prose, start, end, "regimen.treatment", about=name)
    if len(named) == 1 and named[0] in given and not negated:
        yield from _details(prose, start, end, named[0], spec)


def _details(prose: Fact, start: int, end: int, name: str, spec: Spec) -> Iterator[Fact]:
    text = prose.value
    for unit, term in spec.phrases.units.items():
        amount = rf"(?P<dose>{_NUMBER})\s*(?:[A-Za-z-]+\s+){{0,3}}?(?P<unit>{unit})(?![\w/])"
        for match in re.finditer(amount, text[start:end]):
            low, high = start + match.start("dose"), start + match.end("dose")
            yield narrowed(prose, low, high, "regimen.dose", about=name)
            low, high = start + match.start("unit"), start + match.end("unit")
            yield narrowed(prose, low, high, "regimen.unit", value=term, about=name)
    for phrase, term in spec.phrases.frequencies.items():
        if often := re.compile(phrase, re.IGNORECASE).search(text, start, end):
            yield narrowed(prose, *often.span(), "regimen.frequency", value=term, about=name)
            tail = _SCHEDULE_TAIL.match(text, often.end(), end)
            stop = tail.end() if tail else often.end()
            yield narrowed(prose, often.start(), stop, "regimen.schedule", about=name)
            break
    for pattern, group in ((_COUNT, "count"), (_START, "start"), (_DAY, "day")):
        if said := pattern.search(text, start, end):
            yield narrowed(prose, *said.span(group), f"regimen.{group}", about=name)


def _routes(prose: Fact, names: list[str], spec: Spec) -> Iterator[Fact]:
    """A route that stands directly before the name, as in `subcutaneous (SC) IL-2`."""
    text = prose.value
    for name in names:
        for mention in whole_name(name).finditer(text):
            near = max(0, mention.start() - 60)
            for phrase, term in spec.phrases.routes.items():
                found = _before(phrase).search(text, near, mention.start())
                if found and not _NOT.search(text, max(0, found.start() - 30), found.start()):
                    span = found.span("route")
                    yield narrowed(prose, *span, "regimen.route", value=term, about=name)


@cache
def _before(phrase: str) -> re.Pattern[str]:
    """The phrase, perhaps explained in parentheses, at the end of what is searched."""
    return re.compile(rf"(?i:(?P<route>{phrase}))(?:\s*\([^)]*\))?\s+$")
