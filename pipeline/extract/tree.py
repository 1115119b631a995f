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
from pipeline.extract.steps import Choice, Step, paths_of, steps
from pipeline.spec.mapping import Leaf, Pick, TreeMapping
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
    number, version = (
        _peek(tree, paths_of(concept, name, spec)) for concept in (mapping.id, "date.updated")
    )
    root = steps(name, spec)
    source = Source(file, mapping.registry, name, sha256, number, iso_date(version))
    going = Walk(source, spec, mapping, [], [], [], [])
    going.anywhere = root.anywhere
    _node(tree, root, "", None, going)
    going.facts = asked_first(going)
    for found in linked(tree, mapping.links, going.source):
        (going.facts if isinstance(found, Fact) else going.issues).append(found)  # type: ignore[arg-type]
    return as_record(going, text)


def as_record(going: Walk, text: str) -> Record:
    """What was found on the way, with what its format is known to lose."""
    if going.mapping.lossy:
        going.issues.append(Issue("source.lossy", going.mapping.lossy, going.source))
    return Record(going.source, text, tuple(going.facts), tuple(going.issues))


def _peek(tree: Any, paths: tuple[tuple[str, Leaf], ...]) -> str:
    for path, leaf in paths:
        try:
            found = string_at(tree, path.replace("[]", "[0]"))
        except (KeyError, IndexError, TypeError):
            continue
        for low, high in pieces(found, leaf):
            if found != "null":
                return found[low:high].strip()
    return ""


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
            pick(value, step.pick, path, item, going)
            return
        keys = step.keys
        for key, found in keys.items():
            if key in value:
                _node(value[key], found, f"{path}.{key}" if path else key, item, going)
        for key, below in value.items():
            if key not in keys and key not in going.anywhere:
                _other(key, below, keys, f"{path}.{key}" if path else key, item, going)
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


def pick(value: dict[str, Any], choice: Choice, path: str, item: int | None, going: Walk) -> None:
    """An object whose type says what its value is; other keys are ignored by name or unknown."""
    chosen = choice.pick
    kind = literal(value.get(chosen.by) or "")
    concept = chosen.concepts.get(kind) or _shaped(value.get(chosen.value), chosen, going.spec)
    for key, below in value.items():
        if key == chosen.value and below is not None:
            shape = going.spec.concepts[concept].pattern
            if shape and not re.fullmatch(shape, _number(below, chosen)):
                span = Span(0, len(literal(below)), f"{path}.{key}")
                detail = f"It is called {kind}, but has another shape."
                going.issues.append(
                    Issue("source.ambiguous", detail, going.source, span, literal(below))
                )
                concept = chosen.other
            read_leaf(below, choice.asks[concept], f"{path}.{key}", item, going)
        elif key != chosen.by and key not in chosen.ignore:
            unknown(below, f"{path}.{key}", going)


def _shaped(value: Any, pick: Pick, spec: Spec) -> str:
    """The concept that a value's shape gives away, where its kind says nothing."""
    words = _number(value, pick)
    shapes = (name for name in pick.shapes if re.fullmatch(spec.concepts[name].pattern, words))
    return next(shapes, pick.other)


def _number(value: Any, pick: Pick) -> str:
    """The value without the words that may stand before it."""
    words = literal(value)
    found = re.search(pick.pattern, words) if pick.pattern else None
    return found[1].strip() if found else words
