"""Findings of other engines that are known: why each is made, and when that reason holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.issues import BadSpec
from pipeline.spec.text import parse


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of the data, all of it, for a reason to hold.

    `absent`: the finding's own row of TS has one of these TSPARMCDs and a null flavor.
    `uncoded`: it has one of these and no TSVALCD. `study`: TS answers these TSPARMCDs so.
    `value`: a pattern that stands in the finding's value, written as JSON. `bare`: the finding's
    TSVAL stands in TS both with one code and without any.
    """

    absent: tuple[str, ...] = ()
    uncoded: tuple[str, ...] = ()
    study: dict[str, str] = {}
    value: str = ""
    bare: bool = False


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


def may_be_found(
    ts: Sequence[Mapping[str, object]], documented: Mapping[str, Expectation]
) -> dict[str, str]:
    """The documented findings that these rows of TS give cause for, with the reason.

    What depends on the finding's own value is among them when TS has what the value speaks of.
    """
    said = {(row.get("TSPARMCD"), row.get("TSVAL")) for row in ts}
    continued = any(row.get("TSVAL1") for row in ts)
    return {
        rule: one.why
        for rule, one in documented.items()
        if said.issuperset(one.when.study.items())
        and (continued or "TSVAL" not in one.when.value)
        and (not one.when.absent or any(_is_absent(row, one.when) for row in ts))
        and (not one.when.bare or any(is_bare(row.get("TSVAL"), ts) for row in ts))
        and (not one.when.uncoded or any(_is_uncoded(row, one.when) for row in ts))
    }


def is_bare(value: object, ts: Sequence[Mapping[str, object]]) -> bool:
    """Whether a text is an answer with one code and, of another parameter, one without a code."""
    codes = {row.get("TSVALCD") or "" for row in ts if row.get("TSVAL") == value} if value else ()
    return len(codes) == 2 and "" in codes


def _is_absent(row: Mapping[str, object], when: When) -> bool:
    return bool(row.get("TSPARMCD") in when.absent and row.get("TSVALNF") and not row.get("TSVAL"))


def _is_uncoded(row: Mapping[str, object], when: When) -> bool:
    return row.get("TSPARMCD") in when.uncoded and not row.get("TSVALCD")
