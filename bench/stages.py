"""Where the time of a build goes: each stage in turn on some made-up records, in this process.

    python bench/stages.py [COUNT]      default 1000

A stage is told in processor time for a record and as a multiple of `orjson.loads` of the same
bytes. Rows and issues come from facts; tables are what else is done for a study by itself; checks
and files are done once for a lot.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import orjson
from made_up import made_up

from pipeline.extract import read, with_prose
from pipeline.plan import plan
from pipeline.publish import Packages, Work, finish, make
from pipeline.sources import Item
from pipeline.spec import load
from pipeline.study import build
from pipeline.values import Record

R = TypeVar("R")


def spent(work: Callable[[], R]) -> tuple[float, R]:
    """Processor seconds that it takes, and what comes of it."""
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def parse(lines: Sequence[bytes]) -> None:
    """What all is measured against: each line parsed, and thrown away."""
    for line in lines:
        orjson.loads(line)


def stages(lines: Sequence[bytes]) -> dict[str, float]:
    """Processor seconds by stage, the bare parser first."""
    spec = load()
    items = [Item(f"{number}.json", line) for number, line in enumerate(lines)]
    made: dict[str, float] = {}
    made["orjson.loads"] = min(spent(lambda: parse(lines))[0] for _ in range(5))
    made["read"], found = spent(lambda: [o for i in items for o in read(i.data(), i.name, spec)])
    records = [one for one in found if isinstance(one, Record)]
    made["prose"], _ = spent(lambda: [None for one in records if not with_prose(one, spec)])
    rows, _ = spent(lambda: [None for one in records if not build([one], spec, offer=False)])
    made["rows"] = rows - made["prose"]
    with tempfile.TemporaryDirectory() as name:
        work = Work(Path(name) / "shelves", Path(name) / "out", Packages(all=False))
        for folder in (work.shelves, work.folder):
            folder.mkdir()
        made["plan"], planned = spent(lambda: plan(items, work.shelves, lambda *_: None, spec))
        lots = list(planned.lots())
        whole, parts = spent(
            lambda: [[(name, make(part, work, spec)) for name, part in lot] for lot in lots]
        )
        made["tables"] = whole - made["read"] - rows
        made["checks, files"], _ = spent(lambda: [finish(one, work, spec) for one in parts])
    return made


def told(count: int) -> None:
    """Print the stages of so many records, after a few that are not counted."""
    lines = list(made_up(count))
    stages(lines[:50])
    found = stages(lines)
    bare = found["orjson.loads"]
    for name, seconds in found.items():
        print(f"  {name:<18}{seconds / count * 1e6:9.0f} µs  {seconds / bare:6.1f} times that")


def main() -> int:
    told(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    return 0


if __name__ == "__main__":
    sys.exit(main())
