"""The arms of a study as TA gives them, and the epochs that all of them fit into."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pyarrow as pa


class Step(NamedTuple):
    """One element of an arm, as TA gives it, with its planned duration from TE."""

    etcd: str
    element: str
    epoch: str
    branch: str
    transition: str
    duration: str


class Arm(NamedTuple):
    """One arm: code, description, and its elements in order."""

    code: str
    label: str
    steps: tuple[Step, ...]


def read_arms(tables: dict[str, pa.Table]) -> list[Arm]:
    """The arms of TA in its order, each with its elements by TAETORD."""
    if "TA" not in tables:
        return []
    te = {row["ETCD"]: row for row in tables["TE"].to_pylist()} if "TE" in tables else {}
    arms: dict[str, list[dict[str, object]]] = {}
    for row in tables["TA"].to_pylist():
        arms.setdefault(str(row["ARMCD"]), []).append(row)
    return [_arm(code, rows, te) for code, rows in arms.items()]


def _arm(code: str, rows: list[dict[str, object]], te: dict[str, dict[str, object]]) -> Arm:
    def step(row: dict[str, object]) -> Step:
        etcd = str(row["ETCD"])
        element = row.get("ELEMENT") or te.get(etcd, {}).get("ELEMENT") or etcd
        duration = te.get(etcd, {}).get("TEDUR")
        said = (element, row["EPOCH"], row.get("TABRANCH"), row.get("TATRANS"), duration)
        return Step(etcd, *(str(value or "") for value in said))

    ordered = sorted(rows, key=lambda row: int(str(row["TAETORD"])))
    return Arm(code, str(rows[0]["ARM"] or code), tuple(step(row) for row in ordered))


def bands(arms: list[Arm]) -> list[tuple[str, int]]:
    """Epochs in an order that every arm's own order fits into, each with its number of columns."""
    order: list[str] = []
    for arm in arms:
        at = 0
        for epoch, _ in groupby(step.epoch for step in arm.steps):
            if epoch in order[at:]:
                at = order.index(epoch, at) + 1
            else:
                order.insert(at, epoch)
                at += 1
    widths = [1] * len(order)
    for arm in arms:
        for band, steps in placed(arm, order):
            widths[band] = max(widths[band], len(steps))
    return list(zip(order, widths, strict=True))


def placed(arm: Arm, order: list[str]) -> Iterator[tuple[int, list[Step]]]:
    """The arm's elements by the number of the epoch, in `order`, that they stand in."""
    at = 0
    for epoch, steps in groupby(arm.steps, key=lambda step: step.epoch):
        band = order.index(epoch, at)
        yield band, list(steps)
        at = band + 1
