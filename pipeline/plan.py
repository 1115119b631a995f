"""Which records are which study, found in a first pass that keeps next to nothing in memory.

Every input is put on a shelf as it comes; of every record only digests of its numbers stay in
memory. A record that shares no number is a study by itself; only the others are looked at together.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np

from pipeline.extract import read
from pipeline.issues import Unreadable
from pipeline.join import CONCEPTS, Brief, brief, join, registry_ids, study_id
from pipeline.sources import Item
from pipeline.sources.shelf import Shelf, taken
from pipeline.spec.model import Spec
from pipeline.spec.narrow import narrowed
from pipeline.values import Issue, Record

SMALL = 2_000
"""Studies up to which the lake is one partition; a lot has as many or a few more."""

_DIGEST = np.dtype([("digest", "V16"), ("record", "<u4")])
_NAME = "S48"  # wider than any registry's number

Refuse: TypeAlias = Callable[[Item, str, str], None]


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a record stands: the number of its input on the shelf, and its own in that input."""

    item: int
    at: int
    doubt: Issue | None = None


class Planned(msgspec.Struct, frozen=True, gc=False):
    """A study to be built: the name of its folder, and where its records stand."""

    study: str
    places: tuple[Place, ...]


Lot: TypeAlias = list[tuple[str, list[Planned]]]
"""Partitions by name with their studies, that are checked together."""


class Plan(msgspec.Struct):
    """The studies of a build in lots, in order of their names.

    `digest` is that of all inputs in their order; `doubles` are groups of records that would be
    named as another study is.
    """

    digest: str
    records: int
    studies: int
    lots: Callable[[], Iterator[Lot]]
    doubles: list[Planned]


def plan(
    inputs: Iterable[Item],
    folder: Path,
    refuse: Refuse,
    spec: Spec,
    told: Callable[[int], None] = lambda _: None,
) -> Plan:
    """Read every input once for its numbers; `folder` keeps the shelf that `records_of` asks.

    `refuse` is told, with code and detail, of what cannot be read; `told` of records read.
    """
    quick = narrowed((*registry_ids(spec), *CONCEPTS), spec)
    shelf, briefs = Shelf(folder / "inputs"), Shelf(folder / "briefs")
    digests, names, places = bytearray(), bytearray(), bytearray()
    count, whole = 0, hashlib.sha256()
    for item in inputs:
        if item.fault:
            refuse(item, item.fault.code, item.fault.detail)
            continue
        number = shelf.put(kept(item))
        for at, found in enumerate(read(item.data(), item.name, quick)):
            if isinstance(found, Unreadable):
                refuse(item, found.code, found.detail)
                continue
            one = brief(found, spec)
            whole.update(known := msgspec.msgpack.encode(one))
            briefs.put(known)
            name = study_id([one])
            for key in (*one.keys, ("study", name)):
                digests += _digest(*key) + count.to_bytes(4, "little")
            names += name.encode().ljust(np.dtype(_NAME).itemsize, b"\0")
            places += number.to_bytes(4, "little") + at.to_bytes(4, "little")
            count += 1
            told(1)
    shelf.close()
    briefs.close()
    where = np.frombuffer(places, "<u4").reshape(-1, 2)
    sharing = _sharing(np.frombuffer(digests, _DIGEST))
    groups, doubles = _joined(sharing, where, folder / "briefs")
    alone = np.setdiff1d(np.arange(count), sharing)
    return _plan(whole.hexdigest(), np.frombuffer(names, _NAME), where, alone, groups, doubles)


def records_of(
    studies: Sequence[Planned], folder: Path, spec: Spec
) -> Iterator[tuple[Planned, list[tuple[Item, Record | Unreadable]]]]:
    """Each study with its records read whole, in their order; no input is read twice for it."""
    asked: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for number, study in enumerate(studies):
        for order, place in enumerate(study.places):
            asked[place.item][place.at] = number, order
    found: dict[int, dict[int, tuple[Item, Record | Unreadable]]] = defaultdict(dict)
    for number, data in zip(asked, taken(folder / "inputs", list(asked)), strict=True):
        item, wanted = item_of(data), asked[number]
        for at, one in enumerate(read(item.data(), item.name, spec)):
            if at not in wanted:
                continue
            index, order = wanted[at]
            found[index][order] = item, _noted(one, studies[index].places[order].doubt)
            if len(found[index]) == len(studies[index].places):
                yield studies[index], [one for _, one in sorted(found.pop(index).items())]


def kept(item: Item) -> bytes:
    """The item as it stands on the shelf `inputs`: a file by its path, else its bytes."""
    path, data = (str(item.content), b"") if isinstance(item.content, Path) else ("", item.content)
    return msgspec.msgpack.encode((item.name, path, data))


def item_of(data: bytes) -> Item:
    """The item that `kept` put on the shelf."""
    name, path, content = msgspec.msgpack.decode(data, type=tuple[str, str, bytes])
    return Item(name, Path(path) if path else content)


def _noted(record: Record | Unreadable, doubt: Issue | None) -> Record | Unreadable:
    if doubt is None or isinstance(record, Unreadable):
        return record
    return msgspec.structs.replace(record, issues=(*record.issues, doubt))


def partition_width(names: Any) -> int:
    """With how many characters of their names studies are told apart into partitions: none for a
    few, else as many as leave no partition with more than twice `SMALL`.

    It depends on nothing but which studies there are.
    """
    if len(names) <= SMALL:
        return 0
    widths = range(4, names.dtype.itemsize + 1)
    largest = (np.max(np.unique(names.astype(f"S{w}"), return_counts=True)[1]) for w in widths)
    return next((w for w, size in zip(widths, largest, strict=True) if size <= 2 * SMALL), 4)


def _digest(*key: str) -> bytes:
    return hashlib.blake2b("\0".join(key).encode(), digest_size=16).digest()


def _sharing(found: Any) -> Any:
    """The numbers of records that have a digest in common with another one."""
    _, inverse, counts = np.unique(found["digest"], return_inverse=True, return_counts=True)
    return np.unique(found["record"][counts[inverse] > 1])


def _joined(sharing: Any, where: Any, briefs: Path) -> tuple[dict[str, Planned], list[Planned]]:
    """The studies of records that share something, by name; and those whose name is taken."""
    numbers = sharing.tolist()
    known = [msgspec.msgpack.decode(data, type=Brief) for data in taken(briefs, numbers)]
    groups, doubts = join(known)
    named: dict[str, Planned] = {}
    doubles = []
    for group in groups:
        name = study_id([known[index] for index in group])
        places = tuple(
            Place(int(item), int(at), doubts.get(index))
            for index in group
            for item, at in [where[numbers[index]]]
        )
        if name in named:
            doubles.append(Planned(name, places))
        else:
            named[name] = Planned(name, places)
    return named, doubles


def _plan(
    digest: str,
    names: Any,
    where: Any,
    alone: Any,
    groups: dict[str, Planned],
    doubles: list[Planned],
) -> Plan:
    """Studies in order of their names; those of one record are made when they are asked for."""
    together = np.array([name.encode() for name in groups], _NAME)
    whole = np.concatenate([names[alone], together])
    order = np.argsort(whole, kind="stable")
    width = partition_width(whole)

    def studies() -> Iterator[Planned]:
        for index in order.tolist():
            name = whole[index].decode()
            if index < len(alone):
                item, at = where[alone[index]].tolist()
                yield Planned(name, (Place(item, at),))
            else:
                yield groups[name]

    def lots() -> Iterator[Lot]:
        lot: Lot = []
        for key, found in groupby(studies(), lambda one: one.study[:width] or "all"):
            lot.append((key, list(found)))
            if sum(len(part) for _, part in lot) >= SMALL:
                yield lot
                lot = []
        if lot:
            yield lot

    return Plan(digest, len(names), len(whole), lots, doubles)
