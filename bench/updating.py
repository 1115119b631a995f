"""One changed record among many: how long an update takes until it is published.

.venv/bin/python bench/updating.py [RECORDS]      default 100,000; tables only

Up to 20,000 records are recombined from real ones (bench/made_up.py), which are some ten times as
large as the made ones that stand for more.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.made_up import made_up
from pipeline import spec as specification
from pipeline.publish import Packages
from pipeline.update.run import Asked, update
from pipeline.update.settings import Place, settings
from pipeline.update.values import Scope
from tests.loopback import Registry, study

LARGE = 20_000


def main(count: int) -> None:
    registry, spec = Registry(), specification.load()
    registry.page = 200
    registry.add(*records(count))
    changed = next(iter(registry.studies))
    known = msgspec.structs.replace(
        settings(), registries={"ctgov": Place(registry.base, 5000)}, sweep=0
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        asked = Asked(
            home / "registry", home / "out", home / "raw", (Scope("ctgov"),), jobs=2,
            packages=Packages(all=False),
        )  # fmt: skip
        for what in ("first load", "one changed", "one changed again", "nothing changed"):
            if what.startswith("one"):
                registry.stamp = f"2026-02-01T{len(registry.asked)}"
                registry.add(study(changed, what, "2027-01-01", outcome=what))
            begun = time.monotonic()
            done = update(asked, known, spec)
            seconds = time.monotonic() - begun
            built = len(done.outcome.studies) if done.outcome else 0
            print(f"{what}: {done.status}, {built:,} studies built, {seconds:.1f} s", flush=True)
    registry.close()


def records(count: int) -> Iterator[dict]:
    """Records that were last updated in 2025."""
    if count > LARGE:
        yield from (study(f"NCT{n:08d}", f"Trial {n}", "2025-01-01") for n in range(count))
        return
    for data in made_up(count):
        one = orjson.loads(data)
        status = one["protocolSection"]["statusModule"]
        status["lastUpdatePostDateStruct"] = {"date": "2025-01-01", "type": "ACTUAL"}
        yield one


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
