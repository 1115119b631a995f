"""Named rules: small functions from facts to cells, whose docstrings are the methods that
define.xml prints.

A rule takes the study's facts by concept, and the spec, and yields cells (absent ones name a
reason) and issues. Every public function of the modules beside this one is a rule.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias

from pipeline.spec.model import Spec
from pipeline.values import Cell, Fact, Issue

Facts: TypeAlias = Mapping[str, tuple[Fact, ...]]
"""Concept to facts; a concept that no record states has none."""

Rule: TypeAlias = Callable[[Facts, Spec], Iterator[Cell | Issue]]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name."""
    found: dict[str, Rule] = {}
    for module in iter_modules(__path__):
        loaded = import_module(f"{__name__}.{module.name}")
        found |= {
            name: rule
            for name, rule in inspect.getmembers(loaded, inspect.isfunction)
            if rule.__module__ == loaded.__name__ and not name.startswith("_")
        }
    return found


def methods() -> dict[str, str]:
    """The method text of every rule: its docstring on one line."""
    return {name: " ".join((rule.__doc__ or "").split()) for name, rule in rules().items()}
