"""What one string of a record says by its mapping: facts with their places, or an issue.

Words that stand where nothing is said are passed over; of answers with ranks the first are kept.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.extract.cells import left_over
from pipeline.extract.listing import listed
from pipeline.extract.saying import Asked, Say
from pipeline.spec.mapping import Leaf, TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, Source, Span

FOREIGN = 10  # the rank of the first other language: after every leaf of the record's own
ENTRIES = ("arm.", "intervention.")


class Walk(msgspec.Struct):
    """One record being walked: where its facts and issues go.

    `ranks` lie beside the facts; `languages` are the others met, `foreign` the one being read.
    """

    source: Source
    spec: Spec
    mapping: TreeMapping
    facts: list[Fact] = []
    issues: list[Issue] = []
    ranks: list[int] = []
    languages: list[str] = []
    foreign: int = 0
    anywhere: frozenset[str] = frozenset()


def literal(value: Any) -> str:
    """A leaf as its words: a string itself, anything else as JSON writes it."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def read_leaf(
    value: Any, said: tuple[Asked, ...], path: str, item: int | None, going: Walk, at: int = 0
) -> None:
    """What a string says, without the blanks around it; one of no known shape is unread.

    `item` is the entry of a list that it belongs to; without one its own values are numbered. `at`
    is where the string begins in a record that is one text.
    """
    text = literal(value)
    if going.mapping.blank and text.strip() in going.mapping.blank:
        _blank(text, path, going, at)
        return
    found = [(one, *piece) for one in said for piece in enumerate(pieces(text, one.leaf))]
    for one, number, (low, high) in found:
        quote = text[low:high].strip()
        if not quote:
            continue
        name, say = _meant(quote, one)
        start = text.index(quote, low)
        span = Span(at + start, at + start + len(quote), path)
        if words := say(quote):
            entry = number if item is None else item
            going.facts.append(Fact(name, words, quote, span, going.source, entry))
            going.ranks.append(one.leaf.rank + going.foreign)
        elif words is None:
            detail = f"'{quote[:80]}' is no {name} that is known."
            going.issues.append(Issue("term.unknown", detail, going.source, span, quote))
    if not found and text.strip():
        unknown(text, path, going, at)
    elif going.mapping.syntax == "csv":
        for low, high in left_over(text, tuple(one.leaf for one in said)):
            detail = f"The mapping does not know these words of {path}."
            span = Span(low, high, path)
            going.issues.append(Issue("source.unread", detail, going.source, span, text[low:high]))


def _meant(quote: str, one: Asked) -> tuple[str, Say]:
    """The concept of a quote: the first whose shape it has, else the leaf's own."""
    for shape, name, say in one.shapes:
        if shape.fullmatch(quote):
            return name, say
    return one.leaf.concept, one.say


def pieces(text: str, leaf: Leaf) -> Iterator[tuple[int, int]]:
    """Start and end of each value in a string, by the leaf's shape."""
    if leaf.pattern:
        for match in re.finditer(leaf.pattern, text, re.DOTALL):
            yield match.span(1 if match.re.groups else 0)
    elif leaf.split:
        start = 0
        for part in re.split(leaf.split, text):
            at = text.index(part, start)
            yield at, at + len(part)
            start = at + len(part)
    elif leaf.listed:
        yield from listed(text)
    else:
        yield 0, len(text)


def _blank(text: str, path: str, going: Walk, at: int) -> None:
    """Words that stand where nothing is said; an issue where they are the mark of damage."""
    words = text.strip()
    if damage := going.mapping.blank[words]:
        start = at + text.index(words)
        span = Span(start, start + len(words), path)
        going.issues.append(Issue("source.lossy", damage, going.source, span, words))


def unknown(value: Any, path: str, going: Walk, at: int = 0) -> None:
    """The first leaf below an unknown place, as an issue; an empty one says nothing."""
    while isinstance(value, (dict, list)):
        if not value:
            return
        if isinstance(value, dict):
            key = next(iter(value))
            value, path = value[key], f"{path}.{key}"
        else:
            value, path = value[0], f"{path}[0]"
    if value is not None:
        words = literal(value)
        detail = f"The mapping does not know {path}."
        going.issues.append(
            Issue("source.unread", detail, going.source, Span(at, at + len(words), path), words)
        )


def in_main_language(key: str, going: Walk) -> str:
    """The key whose field this one gives in another language, which is noted; or nothing."""
    found = re.search(going.mapping.languages, key) if going.mapping.languages else None
    if not found:
        return ""
    if found[1] not in going.languages:
        going.languages.append(found[1])
    going.foreign = FOREIGN + going.languages.index(found[1])
    return key[: found.start()]


def asked_first(going: Walk) -> list[Fact]:
    """The facts; of one concept (of arms and interventions: of one entry) only those of the lowest
    rank.
    """
    if not any(going.ranks):
        return going.facts
    lowest: dict[tuple[str, int], int] = {}
    ranked = []
    for fact, rank in zip(going.facts, going.ranks, strict=True):
        key = (fact.concept, fact.item if fact.concept.startswith(ENTRIES) else 0)
        lowest[key] = min(rank, lowest.get(key, rank))
        ranked.append((fact, rank, key))
    return [fact for fact, rank, key in ranked if rank == lowest[key]]
