"""A mapping of trees compiled once: its paths as a tree of steps that lies beside a record."""

import re

import msgspec

from pipeline.spec.mapping import Leaf, Pick, TreeMapping, leaves
from pipeline.spec.model import Spec


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
