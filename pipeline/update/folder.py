"""A folder that is watched: for what a registry gives by hand only (EU CTR, ICTRP, saved pages).

A file is a record of the registry `files`, under its path in the folder; it has as many versions
as it had contents, and is gone when it is removed. What is packed in it stays packed.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from pipeline.extract import read
from pipeline.issues import Unreadable
from pipeline.sources import items
from pipeline.sources.item import Item
from pipeline.spec.model import Spec
from pipeline.update.store import Store
from pipeline.update.values import Fetched, digest

REGISTRY = "files"
TOGETHER = 200


def watch(store: Store, folder: Path, run: int, spec: Spec) -> tuple[int, int, int]:
    """Take in what is new in a folder; how many files there are, are new and are gone.

    The version of a file with one record is the date that it states.
    """
    new = count = 0
    names: set[str] = set()
    for records in _together(folder):
        fresh = store.fresh(records)
        new += store.put([_dated(one, spec) for one in fresh], run)
        count += len(records)
        names.update(one.id for one in records)
    return count, new, store.bury(REGISTRY, store.alive(REGISTRY) - names, run)


def _together(folder: Path) -> Iterator[list[Fetched]]:
    some: list[Fetched] = []
    for item in items([folder]):
        some.append(_fetched(item))
        if len(some) == TOGETHER:
            yield some
            some = []
    if some:
        yield some


def _fetched(item: Item) -> Fetched:
    data = item.data()
    return Fetched(REGISTRY, item.name, "", data, digest(data))


def _dated(one: Fetched, spec: Spec) -> Fetched:
    found = list(islice(read(one.data, one.id, spec), 2))
    if len(found) != 1 or isinstance(found[0], Unreadable):
        return one
    return msgspec.structs.replace(one, version=found[0].source.version)
