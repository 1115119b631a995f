"""Which engine looked at the data, in which version, and what it did and did not check."""

from collections.abc import Iterable
from typing import Any

import msgspec

from pipeline.validate.rules import RULES
from pipeline.validate.suites import Expected


class EngineRun(msgspec.Struct, frozen=True):
    """One engine's run: its name and version, the rules that ran, those skipped and why."""

    name: str
    version: str
    rules: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...] = ()


class GxRun(msgspec.Struct, frozen=True):
    """A run of Great Expectations: each table's suite, what came of it, the live session,
    and how many rows were asserted out of how many.
    """

    version: str
    suites: dict[str, list[Expected]]
    results: dict[str, Any]
    session: Any
    rows: dict[str, tuple[int, int]]

    @property
    def engine(self) -> EngineRun:
        """The run as the findings report names it."""
        ran = (one.rule for suite in self.suites.values() for one in suite)
        return engine_run("expectations", f"Great Expectations {self.version}", ran)


def engine_run(name: str, version: str, ran: Iterable[str]) -> EngineRun:
    """A run over `RULES`: those that ran, and those that found no dataset to be asked of."""
    names = set(ran)
    rules = tuple(rule.name for rule in RULES if rule.name in names)
    skipped = tuple((rule.name, "no dataset for it") for rule in RULES if rule.name not in names)
    return EngineRun(name, version, rules, skipped)
