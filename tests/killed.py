"""A build that kills its own process at one stage, for `test_stages`: a process of its own.

python -m tests.killed STAGE OUT INPUT...
"""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from pipeline import plan as planning

planning.SMALL = 3  # before others take it: several lots of a few studies

from pipeline import spec as specification  # noqa: E402
from pipeline.build import build  # noqa: E402
from pipeline.publish import Packages  # noqa: E402
from pipeline.sources import items  # noqa: E402

STAGES: dict[str, tuple[str, str, int | str]] = {
    "inputs are read": ("pipeline.plan", "kept", 4),
    "records are joined": ("pipeline.plan", "_joined", 1),
    "records are read again": ("pipeline.publish", "records_of", 2),
    "a study is made": ("pipeline.publish", "build", 4),
    "a package is made": ("pipeline.publish", "package", 2),
    "a file is half written": ("pathlib", "Path.write_bytes", ".csv"),
    "a table is half written": ("pathlib", "Path.write_bytes", ".parquet"),
    "a lot is checked": ("pipeline.publish", "examine", 2),
    "a lot is written": ("pipeline.publish", "part", 2),
    "the journal is written": ("pathlib", "Path.rename", ".part"),
    "the list is made": ("pipeline.build", "index", 1),
    "the expectations are asked": ("pipeline.build", "tell", 1),
    "the counts are half written": ("pathlib", "Path.write_bytes", "build.json"),
    "the build is swapped": ("pipeline.build", "_swap", 1),
    "the old build is away": ("pathlib", "Path.rename", ".building"),
}
"""Where the process dies: before a call of a function, by its number or by how the name of the
path ends that it is given.
"""
LATE = tuple(STAGES)[-5:-1]
"""Stages at which every lot is published."""
PACKAGES = Packages(all=False, named=frozenset({"NCT00000001", "NCT24000001"}))


def main() -> None:
    stage, out, *inputs = sys.argv[1:]
    if stage in STAGES:
        die_at(*STAGES[stage])
    known = specification.load()
    build(items([Path(one) for one in inputs]), Path(out), known, packages=PACKAGES, docs=False)


def die_at(module: str, name: str, which: int | str) -> None:
    """Let the process die at that call of the function; what writes a file writes half of it."""
    home: object = import_module(module)
    *classes, last = name.split(".")
    for one in classes:
        home = getattr(home, one)
    original, calls = getattr(home, last), []

    def dying(*arguments, **named):
        calls.append(last)
        if which == len(calls) or (isinstance(which, str) and str(arguments[0]).endswith(which)):
            if last == "write_bytes":
                original(arguments[0], arguments[1][: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **named)

    setattr(home, last, dying)


if __name__ == "__main__":
    main()
