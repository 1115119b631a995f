"""Records that are trees: a mapping's paths become one walk that reads, ignores by name, or notes.

A mapping is compiled once into a tree of steps that lies beside the record; what the record has
and the mapping has not is an issue with its path, so a new field of a registry is noticed.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.extract.cells import left_over
from pipeline.extract.dates import iso_date
from pipeline.extract.layout import unwrapped
from pipeline.extract.lines import unescape
from pipeline.extract.links import linked
from pipeline.spec.model import Leaf, Pick, Spec, TreeMapping, leaves
from pipeline.values import Fact, Issue, Record, Source, Span

FOREIGN = 10  # the rank of the first other language: after every leaf of the record's own
ENTRIES = ("arm.", "intervention.")


class Step(msgspec.Struct):
    """What the mapping says at one place: ignore, read, pick, or go on to its keys."""

    keys: dict[str, "Step"] = {}
    each: "Step | None" = None
    leaves: tuple[Leaf, ...] = ()
    pick: Pick | None = None
    ignore: bool = False
    numbers: bool = False
    order: str = ""
    anywhere: frozenset[str] = frozenset()


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
            for low, high in _pieces(found, leaf):
                if found != "null":
                    return found[low:high].strip()
    return ""


def walk(tree: Any, name: str, source: Source, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The facts that a tree states by the mapping `name`, and issues for what it does not know."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    root = steps(name, spec)
    going = Walk(source, spec, mapping, [], [], [], [], anywhere=root.anywhere)
    _node(tree, root, "", 0, going)
    going.facts = asked_first(going)
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
            found, place = keys.get(key), f"{path}.{key}" if path else key
            if found is not None:
                _node(below, found, place, item, going)
            elif key not in going.anywhere:
                _other(key, below, keys, place, item, going)
    elif isinstance(value, list):
        if step.each is None:
            _unknown(value, path, going)
            return
        inner = "[" in path and not step.numbers
        for index, below in _in_order(value, step.order):
            _node(below, step.each, f"{path}[{index}]", item if inner else index, going)
    elif not step.leaves:
        _unknown(value, path, going)
    else:
        read_leaf(value, step.leaves, path, item, going)


def _other(key: str, below: Any, keys: dict[str, Step], place: str, item: int, going: Walk) -> None:
    """A key that the mapping does not have: another's in another language, or not known."""
    main = in_main_language(key, going)
    if main in keys:
        _node(below, keys[main], place, item, going)
    else:
        _unknown(below, place, going)
    going.foreign = 0


def in_main_language(key: str, going: Walk) -> str:
    """The key whose field this one gives in another language, which is noted; or nothing."""
    found = re.search(going.mapping.languages, key) if going.mapping.languages else None
    if not found:
        return ""
    if found[1] not in going.languages:
        going.languages.append(found[1])
    going.foreign = FOREIGN + going.languages.index(found[1])
    return key[: found.start()]


def _in_order(entries: list[Any], key: str) -> list[tuple[int, Any]]:
    """The entries with their places, by the number that their field `key` gives, if it does."""
    placed = list(enumerate(entries))
    numbers = [one.get(key) if isinstance(one, dict) else None for one in entries] if key else []
    if not numbers or not all(isinstance(number, int) for number in numbers):
        return placed
    return sorted(placed, key=lambda place: numbers[place[0]])


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


def read_leaf(
    value: Any, said: tuple[Leaf, ...], path: str, item: int, going: Walk, at: int = 0
) -> None:
    """What a string says, without the blanks around it; one of no known shape is unread.

    `at` is where the string begins in a record that is one text.
    """
    text = literal(value)
    if text.strip() in going.mapping.blank:
        _blank(text, path, going, at)
        return
    pieces = [(leaf, *piece) for leaf in said for piece in enumerate(_pieces(text, leaf))]
    for leaf, number, (low, high) in pieces:
        quote = text[low:high].strip()
        start = text.index(quote, low)
        span = Span(at + start, at + start + len(quote), path)
        name = next((name for name in leaf.shapes if _fits(quote, name, going)), leaf.concept)
        words = _said(quote, name, leaf, going) if quote and name else ""
        if words:
            going.facts.append(Fact(name, words, quote, span, going.source, item or number))
            going.ranks.append(leaf.rank + going.foreign)
        elif words is None:
            detail = f"'{quote[:80]}' is no {name} that is known."
            going.issues.append(Issue("term.unknown", detail, going.source, span, quote))
    if not pieces and text.strip():
        _unknown(text, path, going, at)
    elif going.mapping.syntax == "csv":
        for low, high in left_over(text, said):
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
    here = leaf.says.get(quote, leaf.says.get("*"))
    if here is not None:
        return here
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
            yield match.span(1 if match.re.groups else 0)
    elif leaf.split:
        start = 0
        for part in re.split(leaf.split, text):
            at = text.index(part, start)
            yield at, at + len(part)
            start = at + len(part)
    else:
        yield 0, len(text)


def _pick(value: dict[str, Any], pick: Pick, path: str, item: int, going: Walk) -> None:
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
            _unknown(below, f"{path}.{key}", going)


def _blank(text: str, path: str, going: Walk, at: int) -> None:
    """Words that stand where nothing is said; an issue where they are the mark of damage."""
    words = text.strip()
    if damage := going.mapping.blank[words]:
        start = at + text.index(words)
        span = Span(start, start + len(words), path)
        going.issues.append(Issue("source.lossy", damage, going.source, span, words))


def _shaped(value: Any, pick: Pick, spec: Spec) -> str:
    """The concept that a value's shape gives away, where its kind says nothing."""
    words = literal(value)
    shapes = (name for name in pick.shapes if re.fullmatch(spec.concepts[name].pattern, words))
    return next(shapes, pick.other)


def _unknown(value: Any, path: str, going: Walk, at: int = 0) -> None:
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


_STEPS: dict[tuple[int, str], Step] = {}


def steps(name: str, spec: Spec) -> Step:
    """The mapping `name` as the tree of steps that lies beside a record."""
    key = (id(spec), name)
    if key not in _STEPS:
        mapping = spec.registries[name]
        assert isinstance(mapping, TreeMapping)
        anywhere = {path[3:] for path in mapping.ignore if path.startswith("**.")}
        root = Step({}, anywhere=frozenset(anywhere))
        for path, said in mapping.read.items():
            _place(root, path).leaves = leaves(said)
        for path, pick in mapping.pick.items():
            _place(root, path).pick = pick
        for path, order in mapping.entries.items():
            step = _place(root, path)
            step.numbers, step.order = True, order
        for path in (*mapping.ignore, *mapping.links):
            if not path.startswith("**."):
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
