"""Random changes of a registry, run after run; then the store, the lake and a build from scratch
agree byte for byte. SOAK says how many cycles (`make soak`: 1,000).
"""

import datetime as dt
import os
import random
import shutil

import msgspec

from pipeline import spec as specification
from pipeline.build import build
from pipeline.publish import Packages
from pipeline.update.run import Asked, update
from pipeline.update.settings import Limits, Place, settings
from pipeline.update.store import Store
from pipeline.update.values import Scope, digest
from tests.loopback import Registry, study

CYCLES = int(os.environ.get("SOAK", "8"))
EVERY = 100
"""Cycles after which all is compared."""
FAULTS = [None, None, None, None, 429, 500, "drop", "cut", "half"]
TABLES = Packages(all=False)


def test_after_random_changes_all_agree(tmp_path, swift):
    chance, registry = random.Random(20260101), Registry()
    registry.page = 50
    known = msgspec.structs.replace(
        settings(),
        registries={"ctgov": Place(registry.base, 5000)},
        timeout=5, attempts=8, wait=0.001, longest=0.002, sweep=0,
        limits=Limits(1, 1, 1, 10_000), keep=2,
    )  # fmt: skip
    asked = Asked(
        tmp_path / "registry",
        tmp_path / "out",
        tmp_path / "raw",
        (Scope("ctgov"),),
        packages=TABLES,
    )
    spec = specification.load()
    registry.add(*(made(number, 0, chance) for number in range(30)))
    gone: set[str] = set()
    seen: set[str] = set()  # what was there at the end of a run
    for cycle in range(CYCLES):
        registry.stamp = f"2026-{1 + cycle // 28 % 12:02d}-{1 + cycle % 28:02d}T{cycle:06d}"
        for number in chance.sample(range(40), chance.randrange(4)):
            one = made(number, cycle, chance)
            registry.add(one)
            gone.discard(name_of(one))
        if chance.random() < 0.2:
            lost = chance.choice(sorted(registry.studies))
            del registry.studies[lost]
            gone |= {lost} & seen
        registry.faults = [chance.choice(FAULTS) for _ in range(6)]
        checking = (cycle + 1) % EVERY == 0 or cycle == CYCLES - 1
        sweeping = chance.random() < 0.3 or checking
        done = update(msgspec.structs.replace(asked, sweep=sweeping), known, spec)
        assert done.status in ("published", "unchanged")
        seen |= registry.studies.keys()
        if checking:
            agreed(asked, registry, gone, spec, tmp_path / f"scratch{cycle}")
    registry.close()


def agreed(asked, registry, gone, spec, scratch):
    """The store holds what the registry has; what is published is what a whole build makes."""
    store = Store(asked.home)
    latest = {
        name: store.content(sha) for name, sha in store.sql.execute("SELECT id, sha256 FROM usable")
    }
    assert {one.id for one in store.gone()} == gone
    for name, one in registry.studies.items():
        stored = msgspec.json.decode(latest[name])
        stored.pop("derivedSection")
        assert stored == one
    for (sha,) in store.sql.execute("SELECT sha256 FROM contents"):
        assert digest(store.content(sha)) == sha
    build(store.items(), scratch, spec, packages=TABLES)
    store.close()
    for path in sorted(scratch.rglob("*")):
        place = path.relative_to(scratch)
        if path.is_file() and place.parts[0] not in ("runs", "validation"):
            assert (asked.out / place).read_bytes() == path.read_bytes(), place
    shutil.rmtree(scratch)


def made(number, cycle, chance):
    """A record that differs from its earlier ones; every change has a day that is not before."""
    criteria = "\n".join(
        f"* Criterion {chance.randrange(9)}" for _ in range(1 + chance.randrange(4))
    )
    return study(
        f"NCT{number:08d}", f"Trial {number} {chance.randrange(3)}", str(dt.date(2030, 1, 1) + dt.timedelta(cycle)) if cycle else "2025-01-01",
        outcome=f"Outcome {chance.randrange(3)}", phase=f"PHASE{1 + chance.randrange(4)}",
        criteria=f"Inclusion Criteria:\n\n{criteria}",
    )  # fmt: skip


def name_of(one):
    return one["protocolSection"]["identificationModule"]["nctId"]
