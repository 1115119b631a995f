"""Records that are trees: a mapping's paths become one walk that reads, ignores by name, or notes.

A mapping is compiled once into a tree of steps that lies beside the record; what the record has
and the mapping has not is an issue with its path, so a new field of a registry is noticed.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.extract.dates import iso_date
from pipeline.extract.layout import unwrapped
from pipeline.extract.lines import unescape
from pipeline.extract.links import linked
from pipeline.spec.model import Leaf, Pick, Spec, TreeMapping, leaves
from pipeline.values import Fact, Issue, Record, Source, Span


class Step(msgspec.Struct):
    """What the mapping says at one place: ignore, read, pick, or go on to its keys."""

    keys: dict[str, "Step"] = {}
    each: "Step | None" = None
    leaves: tuple[Leaf, ...] = ()
    pick: Pick | None = None
    ignore: bool = False


class Walk(msgspec.Struct):
    """One record being walked: where its facts and issues go."""

    source: Source
    spec: Spec
    mapping: TreeMapping
    facts: list[Fact] = []
    issues: list[Issue] = []


def known(tree: Any, syntax: str, spec: Spec) -> str:
    """The name of the mapping whose top-level keys a tree has, or nothing."""
    if isinstance(tree, dict):
        for name, mapping in spec.registries.items():
            ours = isinstance(mapping, TreeMapping) and mapping.syntax == syntax
            if ours and all(key in tree for key in mapping.has):
                return name
    return ""


def record(tree: Any, text: str, name: str, file: str, sha256: str, spec: Spec) -> Record:
    """The record that a tree is: its own id and version are in its source before it is walked."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    number = _peek(tree, mapping, mapping.id)
    version = iso_date(_peek(tree, mapping, "date.updated"))
    source = Source(file, mapping.registry, name, sha256, number, version)
    facts, issues = walk(tree, name, source, spec)
    if mapping.lossy:
        issues.append(Issue("source.lossy", mapping.lossy, source))
    return Record(source, text, tuple(facts), tuple(issues))


def _peek(tree: Any, mapping: TreeMapping, concept: str) -> str:
    for path, said in mapping.read.items():
        if any(leaf.concept == concept for leaf in leaves(said)):
            try:
                found = string_at(tree, path.replace("[]", "[0]"))
            except (KeyError, IndexError, TypeError):
                continue
            if found != "null":
                return found.strip()
    return ""


def walk(tree: Any, name: str, source: Source, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The facts that a tree states by the mapping `name`, and issues for what it does not know."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    going = Walk(source, spec, mapping, [], [])
    _node(tree, steps(name, spec), "", 0, going)
    for found in linked(tree, mapping.links, source):
        (going.facts if isinstance(found, Fact) else going.issues).append(found)  # type: ignore[arg-type]
    return going.facts, going.issues


def string_at(tree: Any, path: str) -> str:
    """The string (or the literal of a number or flag) that stands at a path of a tree."""
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        tree = tree[int(index)] if index else tree[key]
    return literal(tree)


def literal(value: Any) -> str:
    """A leaf as its words: a string itself, anything else as JSON writes it."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _node(value: Any, step: Step, path: str, item: int, going: Walk) -> None:
    if step.ignore or value is None:
        return
    if isinstance(value, dict):
        if step.pick:
            _pick(value, step.pick, path, item, going)
            return
        keys = step.keys
        for key, below in value.items():
            found = keys.get(key)
            if found is not None:
                _node(below, found, f"{path}.{key}" if path else key, item, going)
            else:
                _unknown(below, f"{path}.{key}" if path else key, going)
    elif isinstance(value, list):
        if step.each is None:
            _unknown(value, path, going)
            return
        outer = "[" in path
        for index, below in enumerate(value):
            _node(below, step.each, f"{path}[{index}]", item if outer else index, going)
    elif not step.leaves:
        _unknown(value, path, going)
    else:
        _read(value, step.leaves, path, item, going)


def _read(value: Any, said: tuple[Leaf, ...], path: str, item: int, going: Walk) -> None:
    """What a string says, without the blanks around it; one of no known shape is unread."""
    text = literal(value)
    pieces = [(leaf, *piece) for leaf in said for piece in enumerate(_pieces(text, leaf))]
    for leaf, number, (low, high) in pieces:
        quote = text[low:high].strip()
        start = text.index(quote, low)
        span = Span(start, start + len(quote), path)
        name = next((name for name in leaf.shapes if _fits(quote, name, going)), leaf.concept)
        words = _said(quote, name, leaf, going) if quote and name else ""
        if words:
            going.facts.append(Fact(name, words, quote, span, going.source, item or number))
        elif words is None:
            detail = f"'{quote[:80]}' is no {name} that is known."
            going.issues.append(Issue("term.unknown", detail, going.source, span, quote))
    if not pieces and text.strip():
        _unknown(text, path, going)
    elif going.mapping.syntax == "csv":
        for low, high in _left(text, said):
            detail = f"The mapping does not know these words of {path}."
            span = Span(low, high, path)
            going.issues.append(Issue("source.unread", detail, going.source, span, text[low:high]))


def _fits(quote: str, name: str, going: Walk) -> bool:
    return bool(re.fullmatch(going.spec.concepts[name].pattern, quote))


def _said(quote: str, name: str, leaf: Leaf, going: Walk) -> str | None:
    """The quote in the concept's words: nothing when the word says nothing, None when it is not
    known.
    """
    concept = going.spec.concepts[name]
    recoded = going.mapping.terms.get(name, {}).get(quote)
    if recoded is not None:
        return recoded
    if concept.kind == "term":
        return quote if quote in concept.values else None
    if concept.kind == "id" and concept.pattern and not _fits(quote, name, going):
        return None
    if concept.kind == "date":
        return iso_date(quote, leaf.order) or None
    if leaf.unit:
        return f"{quote} {leaf.unit}"
    return unwrapped(quote)[0] if going.mapping.wrapped else unescape(quote)


def _pieces(text: str, leaf: Leaf) -> Iterator[tuple[int, int]]:
    if leaf.pattern:
        for match in re.finditer(leaf.pattern, text, re.DOTALL):
            yield match.span(1)
    elif leaf.split:
        start = 0
        for part in re.split(leaf.split, text):
            at = text.index(part, start)
            yield at, at + len(part)
            start = at + len(part)
    else:
        yield 0, len(text)


def _left(text: str, said: tuple[Leaf, ...]) -> Iterator[tuple[int, int]]:
    """The words of a string that none of its patterns takes; marks between words are no words."""
    if not all(leaf.pattern for leaf in said):
        return
    taken = [found.span() for leaf in said for found in re.finditer(leaf.pattern, text, re.DOTALL)]
    at = 0
    for low, high in [*sorted(taken), (len(text), len(text))]:
        words = text[at:low].strip()
        if any(char.isalnum() for char in words):
            start = text.index(words, at)
            yield start, start + len(words)
        at = max(at, high)


def _pick(value: dict[str, Any], pick: Pick, path: str, item: int, going: Walk) -> None:
    """An object whose type says what its value is; other keys are ignored by name or unknown."""
    kind = literal(value.get(pick.by) or "")
    concept = pick.concepts.get(kind, pick.other)
    for key, below in value.items():
        if key == pick.value and below is not None:
            shape = going.spec.concepts[concept].pattern
            if shape and not re.fullmatch(shape, literal(below)):
                span = Span(0, len(literal(below)), f"{path}.{key}")
                detail = f"It is called {kind}, but has another shape."
                going.issues.append(
                    Issue("source.ambiguous", detail, going.source, span, literal(below))
                )
                concept = pick.other
            _read(below, (Leaf(concept),), f"{path}.{key}", item, going)
        elif key != pick.by and key not in pick.ignore:
            _unknown(below, f"{path}.{key}", going)


def _unknown(value: Any, path: str, going: Walk) -> None:
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
            Issue("source.unread", detail, going.source, Span(0, len(words), path), words)
        )


_STEPS: dict[tuple[int, str], Step] = {}


def steps(name: str, spec: Spec) -> Step:
    """The mapping `name` as the tree of steps that lies beside a record."""
    key = (id(spec), name)
    if key not in _STEPS:
        mapping = spec.registries[name]
        assert isinstance(mapping, TreeMapping)
        root = Step({})
        for path, said in mapping.read.items():
            _place(root, path).leaves = leaves(said)
        for path, pick in mapping.pick.items():
            _place(root, path).pick = pick
        for path in (*mapping.ignore, *mapping.links):
            _place(root, path).ignore = True
        _STEPS[key] = root
    return _STEPS[key]


def _place(root: Step, path: str) -> Step:
    step = root
    for key in path.split("."):
        name, *lists = re.split(r"(?=\[\])", key)
        step = step.keys.setdefault(name, Step({}))
        for _ in lists:
            step.each = step.each or Step({})
            step = step.each
    return step
