"""Findings of CORE that are known: why each is made, and when that reason holds."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.conformance.answer import Found
from pipeline.issues import BadSpec
from pipeline.spec.text import parse
from pipeline.values import Scalar

TS = Sequence[Mapping[str, Scalar]]


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of the data, all of it, for a reason to hold.

    `absent`: the finding's own row of TS has one of these TSPARMCDs and a null flavor.
    `uncoded`: it has one of these and no TSVALCD. `study`: TS answers these TSPARMCDs so.
    `value`: a pattern that stands in the finding's value, written as JSON.
    """

    absent: tuple[str, ...] = ()
    uncoded: tuple[str, ...] = ()
    study: dict[str, str] = {}
    value: str = ""


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a rule's finding is no fault of the package."""

    why: str
    when: When = When()


def expectations(path: Path) -> dict[str, Expectation]:
    """What is documented, by CORE's rule id; raises `BadSpec` for a file that says it wrongly."""
    try:
        return msgspec.convert(parse(path), dict[str, Expectation], strict=False)
    except msgspec.ValidationError as error:
        raise BadSpec([f"{path}: {error}"]) from error


def explained(found: Found, ts: TS, documented: Mapping[str, Expectation]) -> str:
    """The documented reason for a finding when it holds in this study's TS rows, else nothing."""
    expectation = documented.get(found.rule)
    return expectation.why if expectation and _holds(expectation.when, found, ts) else ""


def _holds(when: When, found: Found, ts: TS) -> bool:
    row = _own_row(found, ts)
    code = row.get("TSPARMCD")
    if when.absent and not (code in when.absent and row.get("TSVALNF") and not row.get("TSVAL")):
        return False
    if when.uncoded and not (code in when.uncoded and not row.get("TSVALCD")):
        return False
    said = {(row.get("TSPARMCD"), row.get("TSVAL")) for row in ts}
    if not said.issuperset(when.study.items()):
        return False
    return re.search(when.value, json.dumps(found.value, sort_keys=True)) is not None


def _own_row(found: Found, ts: TS) -> Mapping[str, Scalar]:
    if found.dataset != "TS" or found.row is None or not 0 < found.row <= len(ts):
        return {}
    row = ts[found.row - 1]
    return row if found.value.get("TSPARMCD") == row["TSPARMCD"] else {}
