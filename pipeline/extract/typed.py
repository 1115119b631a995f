"""JSON records whose every key the mapping knows, decoded straight into the shape that it expects.

What has another shape (an unknown key, a list where a word is expected, a key written twice or
with null) is not read here: the walk of `tree`, step by step, says what is the matter. Both give
the same facts in the same order.
"""

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec

from pipeline.extract.dates import iso_date
from pipeline.extract.leaf import Walk, literal, read_leaf
from pipeline.extract.saying import Asked
from pipeline.extract.steps import Choice, Step, asks, paths_of, steps
from pipeline.extract.tree import as_record, pick
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.spec.once import once_per_spec
from pipeline.values import Fact, Record, Source, Span

Reader: TypeAlias = Callable[[Any, str, int | None, Walk], None]
"""Reads a value at or below a path, of an entry of a list if it stands in one."""


class Shape(msgspec.Struct):
    """A mapping compiled: what decodes its records, what reads them, where id and version stand."""

    decode: Callable[[str], Any]
    read: Reader
    number: Callable[[Any], Any]
    version: Callable[[Any], Any]


_PLAIN = re.compile(r"[A-Za-z][\w.\[\]]*")
_ENCODE = msgspec.json.Encoder().encode


def typed(text: str, file: str, sha256: str, spec: Spec) -> Record | None:
    """The record that a JSON document is, or nothing where it is not wholly of a known shape."""
    for name, mapping in spec.registries.items():
        shape = _shape(name, spec)
        if shape is None or not isinstance(mapping, TreeMapping):
            continue
        try:
            tree = shape.decode(text)
            number, version = shape.number(tree), shape.version(tree)
        except (msgspec.DecodeError, AttributeError, RecursionError, UnicodeEncodeError):
            continue
        if not _whole(tree, text):
            return None
        ours = _own(number), iso_date(_own(version))
        source = Source(file, mapping.registry, name, sha256, *ours)
        going = Walk(source, spec, mapping, [], [], [], [])
        shape.read(tree, "", None, going)
        return as_record(going, text)
    return None


def _own(value: Any) -> str:
    return "" if value is None else literal(value).strip()


def _whole(tree: Any, text: str) -> bool:
    """Whether every key of the text is in the tree, where one that is written twice is only once:
    each key has a colon. A colon that is escaped hides.
    """
    return "\\u003" not in text and _ENCODE(tree).count(b":") == text.count(":")


@once_per_spec
def _shape(name: str, spec: Spec) -> Shape | None:
    """The mapping's shape, if its records need nothing but plain paths to be read."""
    mapping = spec.registries[name]
    if not isinstance(mapping, TreeMapping):
        return None
    root = steps(name, spec)
    more = (mapping.blank, mapping.languages, mapping.links, mapping.entries, root.anywhere)
    ranked = any(one.leaf.rank for said in asks(name, spec).values() for one in said)
    paths = (*mapping.read, *mapping.ignore, *mapping.pick)
    places = [paths_of(concept, name, spec) for concept in (mapping.id, "date.updated")]
    plain = all(len(place) == 1 and "[" not in place[0][0] for place in places)
    if mapping.syntax != "json" or any(more) or ranked or not plain:
        return None
    if not all(_PLAIN.fullmatch(path) for path in paths):
        return None
    number, version = (attrgetter(place[0][0]) for place in places)
    kind, read = _keys(root, "")
    return Shape(msgspec.json.Decoder(kind).decode, read, number, version)


def _step(step: Step, path: str) -> tuple[Any, Reader | None]:
    """The type of what stands at a step, and what reads it; `path` is the end of its path."""
    if step.ignore:
        return msgspec.Raw, None
    if step.pick:
        return dict[str, Any] | None, _picked(step.pick, path)
    if step.each is not None:
        return _entries(step.each, path)
    if step.keys:
        return _keys(step, f"{path}.")
    return str | bool | int | float | None, _word(step.leaves, path)


def _keys(step: Step, before: str) -> tuple[Any, Reader]:
    parts = {key: _step(below, before + key) for key, below in step.keys.items()}
    kind = msgspec.defstruct(
        "Keys",
        [(key, kind, None) for key, (kind, _) in parts.items()],
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
    )
    readers = tuple((attrgetter(key), read) for key, (_, read) in parts.items() if read)

    def read_keys(value: Any, at: str, item: int | None, going: Walk) -> None:
        for field, read in readers:
            if (below := field(value)) is not None:
                read(below, at, item, going)

    return kind | None, read_keys


def _entries(step: Step, path: str) -> tuple[Any, Reader]:
    kind, read = _step(step, "")

    def read_entries(value: Any, at: str, item: int | None, going: Walk) -> None:
        for index, below in enumerate(value):
            if below is not None and read:
                read(below, f"{at}{path}[{index}]", index if item is None else item, going)

    return list[kind] | None, read_entries  # type: ignore[valid-type]  # made from the mapping


def _picked(choice: Choice, path: str) -> Reader:
    return lambda value, at, item, going: pick(value, choice, at + path, item, going)


def _word(said: tuple[Asked, ...], path: str) -> Reader:
    """What reads a word; one of a single plain concept without detour."""
    one = said[0] if len(said) == 1 else None
    if one is None or one.leaf.pattern or one.leaf.split or one.leaf.listed or one.shapes:
        return lambda value, at, item, going: read_leaf(value, said, at + path, item, going)
    concept, say = one.leaf.concept, one.say

    def read_word(value: Any, at: str, item: int | None, going: Walk) -> None:
        text = value if type(value) is str else literal(value)
        quote = text.strip()
        words = say(quote) if quote else ""
        if words:
            start = 0 if len(quote) == len(text) else text.index(quote)
            span = Span(start, start + len(quote), at + path)
            going.facts.append(Fact(concept, words, quote, span, going.source, item or 0))
        elif words is None:
            read_leaf(value, said, at + path, item, going)

    return read_word
