"""One changed record among many: how long an update takes until it is published.

.venv/bin/python bench/updating.py [RECORDS]      default 100,000; made-up records, tables only
"""

import sys
import tempfile
import time
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import spec as specification
from pipeline.publish import Packages
from pipeline.update.run import Asked, update
from pipeline.update.settings import Place, settings
from pipeline.update.values import Scope
from tests.loopback import Registry, study


def main(count: int) -> None:
    registry, spec = Registry(), specification.load()
    registry.page = 200
    registry.add(*(study(f"NCT{n:08d}", f"Trial {n}", "2025-01-01") for n in range(count)))
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
                registry.add(study("NCT00000007", what, "2027-01-01", outcome=what))
            begun = time.monotonic()
            done = update(asked, known, spec)
            seconds = time.monotonic() - begun
            built = len(done.outcome.studies) if done.outcome else 0
            print(f"{what}: {done.status}, {built:,} studies built, {seconds:.1f} s", flush=True)
    registry.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
