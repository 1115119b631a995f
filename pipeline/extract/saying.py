"""What a quote says in its concept's own vocabulary: a mapping's leaf compiled to one function."""

import re
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from pipeline.extract.dates import iso_date
from pipeline.extract.layout import unwrapped
from pipeline.extract.lines import unescape
from pipeline.spec.mapping import Leaf, Said, TreeMapping, leaves
from pipeline.spec.model import Concept, Spec

Say: TypeAlias = Callable[[str], str | None]
_COUNT = re.compile(r"\d{1,9}(?:,\d{3})*")
_BROKEN = re.compile(r"\n|\t|  ")


class Asked(msgspec.Struct, frozen=True):
    """A leaf, what its quotes say, and the shapes that make a quote one of another concept."""

    leaf: Leaf
    say: Say
    shapes: tuple[tuple[re.Pattern[str], str, Say], ...] = ()


def asked(said: Said, mapping: TreeMapping, spec: Spec) -> tuple[Asked, ...]:
    """Each thing that a mapping says of the string at a path, ready to be read."""
    return tuple(
        Asked(
            leaf,
            saying(leaf, leaf.concept, mapping, spec),
            tuple(
                (re.compile(spec.concepts[name].pattern), name, saying(leaf, name, mapping, spec))
                for name in leaf.shapes
            ),
        )
        for leaf in leaves(said)
    )


def saying(leaf: Leaf, name: str, mapping: TreeMapping, spec: Spec) -> Say:
    """From a quote to its words: nothing when the quote says nothing, None when it is not known."""
    if not name:
        return lambda quote: ""  # noqa: ARG005 - words that are ignored
    known = mapping.terms.get(name, {}) | {k: v for k, v in leaf.says.items() if k != "*"}
    concept, other = spec.concepts[name], leaf.says.get("*")
    if concept.kind == "term" or other is not None:
        table = dict(zip(concept.values, concept.values, strict=True)) if other is None else {}
        table |= known
        return lambda quote: table.get(quote, other)
    plain = _plain(concept, leaf, mapping)
    if not known:
        return plain
    return lambda quote: known[quote] if quote in known else plain(quote)


def _plain(concept: Concept, leaf: Leaf, mapping: TreeMapping) -> Say:
    if concept.kind == "id" and concept.pattern:
        shape = re.compile(concept.pattern)
        return lambda quote: quote if shape.fullmatch(quote) else None
    if concept.kind == "count":
        return lambda quote: quote if _COUNT.fullmatch(quote) else None
    if concept.kind == "date":
        return lambda quote: iso_date(quote, leaf.order) or None
    if leaf.unit:
        return lambda quote: f"{quote} {leaf.unit}"
    if mapping.wrapped:
        return _one_line(concept, lambda quote: unwrapped(quote)[0])
    return _one_line(concept, unescape)


def _one_line(concept: Concept, plain: Callable[[str], str]) -> Say:
    """A name or a title stands on one line, however the registry broke it."""
    if concept.kind not in ("name", "text"):
        return plain

    def say(quote: str) -> str:
        words = plain(quote)
        return " ".join(words.split()) if _BROKEN.search(words) else words

    return say
