"""A mapping of trees compiled once: its paths as a tree of steps that lies beside a record."""

import re

import msgspec

from pipeline.extract.saying import Asked, asked
from pipeline.spec.mapping import Leaf, Pick, TreeMapping
from pipeline.spec.model import Spec
from pipeline.spec.once import once_per_spec


class Choice(msgspec.Struct):
    """A pick, with how a value of each of its concepts is read."""

    pick: Pick
    asks: dict[str, tuple[Asked, ...]]


class Step(msgspec.Struct):
    """What the mapping says at one place: ignore, read, pick, or go on to its keys."""

    keys: dict[str, "Step"] = {}
    each: "Step | None" = None
    leaves: tuple[Asked, ...] = ()
    pick: Choice | None = None
    ignore: bool = False
    numbers: bool = False
    order: str = ""
    anywhere: frozenset[str] = frozenset()


@once_per_spec
def asks(name: str, spec: Spec) -> dict[str, tuple[Asked, ...]]:
    """How each path (of fields: each code) of the mapping `name` is read."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    return {path: asked(said, mapping, spec) for path, said in mapping.read.items()}


@once_per_spec
def paths_of(concept: str, name: str, spec: Spec) -> tuple[tuple[str, Leaf], ...]:
    """Where the mapping `name` says a concept, and how."""
    found = ((path, one.leaf) for path, said in asks(name, spec).items() for one in said)
    return tuple((path, leaf) for path, leaf in found if leaf.concept == concept)


@once_per_spec
def steps(name: str, spec: Spec) -> Step:
    """The mapping `name` as the tree of steps that lies beside a record."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    anywhere = {path[3:] for path in mapping.ignore if path.startswith("**.")}
    root = Step({}, anywhere=frozenset(anywhere))
    for path, said in asks(name, spec).items():
        _place(root, path).leaves = said
    for path, pick in mapping.pick.items():
        concepts = {*pick.concepts.values(), pick.other, *pick.shapes}
        _place(root, path).pick = Choice(
            pick,
            {one: asked(Leaf(one, pattern=pick.pattern), mapping, spec) for one in concepts},
        )
    for path, order in mapping.entries.items():
        step = _place(root, path)
        step.numbers, step.order = True, order
    for path in (*mapping.ignore, *mapping.links):
        if not path.startswith("**."):
            _place(root, path).ignore = True
    return root


def _place(root: Step, path: str) -> Step:
    step = root
    for key in path.split("."):
        name, *lists = re.split(r"(?=\[\])", key)
        step = step.keys.setdefault(name, Step({}))
        for _ in lists:
            step.each = step.each or Step({})
            step = step.each
    return step
