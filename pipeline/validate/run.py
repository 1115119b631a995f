"""Which engine looked at the data, in which version, and what it did and did not check."""

import msgspec


class EngineRun(msgspec.Struct, frozen=True):
    """One engine's run: its name and version, the rules that ran, those skipped and why."""

    name: str
    version: str
    rules: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...] = ()
