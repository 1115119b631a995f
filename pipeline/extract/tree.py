"""Records that are trees: a mapping's paths become one walk that reads, ignores by name, or notes.

What the record has and the mapping has not is an issue with its path, so a new field of a registry
is noticed.
"""

import re
from typing import Any

from pipeline.extract.dates import iso_date
from pipeline.extract.leaf import (
    Walk,
    asked_first,
    in_main_language,
    literal,
    pieces,
    read_leaf,
    unknown,
)
from pipeline.extract.links import linked
from pipeline.extract.steps import Step, steps
from pipeline.spec.mapping import Leaf, Pick, TreeMapping, leaves
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, Record, Source, Span


def known(tree: Any, syntax: str, spec: Spec) -> str:
    """The name of the mapping whose top-level keys a tree has, or nothing."""
    if isinstance(tree, dict):
        for name, mapping in spec.registries.items():
            if not isinstance(mapping, TreeMapping) or mapping.syntax != syntax:
                continue
            if all(key in tree for key in mapping.has):
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
        for leaf in leaves(said):
            if leaf.concept != concept:
                continue
            try:
                found = string_at(tree, path.replace("[]", "[0]"))
            except (KeyError, IndexError, TypeError):
                continue
            for low, high in pieces(found, leaf):
                if found != "null":
                    return found[low:high].strip()
    return ""


def walk(tree: Any, name: str, source: Source, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The facts that a tree states by the mapping `name`, and issues for what it does not know."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    root = steps(name, spec)
    going = Walk(source, spec, mapping, [], [], [], [], anywhere=root.anywhere)
    _node(tree, root, "", None, going)
    going.facts = asked_first(going)
    for found in linked(tree, mapping.links, source):
        (going.facts if isinstance(found, Fact) else going.issues).append(found)  # type: ignore[arg-type]
    return going.facts, going.issues


def string_at(tree: Any, path: str) -> str:
    """The string (or the literal of a number or flag) that stands at a path of a tree."""
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        tree = tree[int(index)] if index else tree[key]
    return literal(tree)


def _node(value: Any, step: Step, path: str, item: int | None, going: Walk) -> None:
    if step.ignore or value is None:
        return
    if isinstance(value, dict):
        if step.pick:
            _pick(value, step.pick, path, item, going)
            return
        keys = step.keys
        for key, below in value.items():
            found, place = keys.get(key), f"{path}.{key}" if path else key
            if found is not None:
                _node(below, found, place, item, going)
            elif key not in going.anywhere:
                _other(key, below, keys, place, item, going)
    elif isinstance(value, list):
        if step.each is None:
            unknown(value, path, going)
            return
        inner = item is not None and not step.numbers
        for index, below in _in_order(value, step.order):
            _node(below, step.each, f"{path}[{index}]", item if inner else index, going)
    elif not step.leaves:
        unknown(value, path, going)
    else:
        read_leaf(value, step.leaves, path, item, going)


def _other(
    key: str, below: Any, keys: dict[str, Step], place: str, item: int | None, going: Walk
) -> None:
    """A key that the mapping does not have: another's in another language, or not known."""
    main = in_main_language(key, going)
    if main in keys:
        _node(below, keys[main], place, item, going)
    else:
        unknown(below, place, going)
    going.foreign = 0


def _in_order(entries: list[Any], key: str) -> list[tuple[int, Any]]:
    """The entries with their places, by the number that their field `key` gives, if it does."""
    placed = list(enumerate(entries))
    numbers = [one.get(key) if isinstance(one, dict) else None for one in entries] if key else []
    order = [number for number in numbers if isinstance(number, int)]
    if not order or len(order) != len(placed):
        return placed
    return sorted(placed, key=lambda place: order[place[0]])


def _pick(value: dict[str, Any], pick: Pick, path: str, item: int | None, going: Walk) -> None:
    """An object whose type says what its value is; other keys are ignored by name or unknown."""
    kind = literal(value.get(pick.by) or "")
    concept = pick.concepts.get(kind) or _shaped(value.get(pick.value), pick, going.spec)
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
            read_leaf(below, (Leaf(concept),), f"{path}.{key}", item, going)
        elif key != pick.by and key not in pick.ignore:
            unknown(below, f"{path}.{key}", going)


def _shaped(value: Any, pick: Pick, spec: Spec) -> str:
    """The concept that a value's shape gives away, where its kind says nothing."""
    words = literal(value)
    shapes = (name for name in pick.shapes if re.fullmatch(spec.concepts[name].pattern, words))
    return next(shapes, pick.other)
