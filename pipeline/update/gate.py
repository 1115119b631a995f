"""Whether a run looks sane: records that fail are held back, a run that changes too much stops."""

from collections.abc import Iterable, Sequence

import msgspec

from pipeline.diffing import Change
from pipeline.extract import read
from pipeline.issues import CATALOGUE, Unreadable
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.update.settings import Limits
from pipeline.update.store import Store, Version
from pipeline.values import Record


class Held(msgspec.Struct, frozen=True):
    """A version that is held back while the one before it stays, and why."""

    registry: str
    id: str
    version: str
    why: str


def hold(store: Store, versions: Iterable[Version], spec: Spec) -> list[Held]:
    """Try each version alone, and hold back those of which no study can be made."""
    found = []
    for one in versions:
        if not one.sha256:
            continue
        why = fault(store.content(one.sha256), f"{one.registry}/{one.id}", spec)
        with store.sql:
            if why:
                query = "INSERT OR REPLACE INTO held VALUES (?, ?)"
                store.sql.execute(query, (one.seq, why))
                found.append(Held(one.registry, one.id, one.version, why))
            else:
                store.sql.execute("DELETE FROM held WHERE seq = ?", (one.seq,))
    return found


def fault(data: bytes, name: str, spec: Spec) -> str:
    """Why no study can be made of a record; empty when one can.

    Of a file with many records only those are a fault that cannot be read at all: all of them.
    """
    made, why = 0, "It holds no record."
    for found in read(data, name, spec):
        if isinstance(found, Unreadable):
            kind = CATALOGUE[found.code]
            if kind.severity != "error":
                made += 1
            why = f"{kind.sentence} {found.detail}"
            continue
        why = _unbuilt(found, spec) or why
        made += not _unbuilt(found, spec)
    return "" if made else why


def _unbuilt(record: Record, spec: Spec) -> str:
    try:
        build([record], spec)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def objections(
    records: int, changed: int, gone: int, failed: int, limits: Limits, *, first: bool
) -> list[str]:
    """Why a run must not be published, of `records` records; nothing stands against the first run
    but that too much of it fails.
    """
    asked = [("fail", failed, limits.failed)]
    if not first:
        asked += [("changed", changed, limits.changed), ("are gone", gone, limits.gone)]
    return [
        f"{count} of {records} records {what} at once; the limit is {share:.0%}."
        for what, count, share in asked
        if count > limits.few and count > share * records
    ]


def losses(changes: Sequence[Change], studies: int, limits: Limits) -> list[str]:
    """Why a build must not be published that lacks studies which the one before it had."""
    lost = sum(one.kind == "removed" and not one.domain for one in changes)
    if lost > limits.few and lost > limits.gone * studies:
        return [
            f"{lost} of {studies} studies are in this build no more;"
            f" the limit is {limits.gone:.0%}."
        ]
    return []
