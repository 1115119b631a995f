"""Findings of other engines that are known: why each is made, and when that reason holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.issues import BadSpec
from pipeline.spec.text import parse


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of the data, all of it, for a reason to hold.

    `absent`: the finding's own row of TS has one of these TSPARMCDs and a null flavor.
    `uncoded`: it has one of these and no TSVALCD. `study`: TS answers these TSPARMCDs by one of
    these. `value`: a pattern that stands in the finding's value, written as JSON. `apart`: the
    finding's TSVAL answers several parameters, each with one code of CDISC's or with none.
    """

    absent: tuple[str, ...] = ()
    uncoded: tuple[str, ...] = ()
    study: dict[str, tuple[str, ...]] = {}
    value: str = ""
    apart: bool = False


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
    continued = any(row.get("TSVAL1") for row in ts)
    return {
        rule: one.why
        for rule, one in documented.items()
        if is_such_a_study(one.when, ts)
        and (continued or "TSVAL" not in one.when.value)
        and (not one.when.absent or any(_is_absent(row, one.when) for row in ts))
        and (not one.when.apart or any(is_apart(row.get("TSVAL"), ts) for row in ts))
        and (not one.when.uncoded or any(_is_uncoded(row, one.when) for row in ts))
    }


def is_such_a_study(when: When, ts: Sequence[Mapping[str, object]]) -> bool:
    """Whether TS answers every parameter of the condition by one of its answers."""
    said = {(row.get("TSPARMCD"), row.get("TSVAL")) for row in ts}
    return all(
        any((code, answer) in said for answer in answers) for code, answers in when.study.items()
    )


def is_apart(value: object, ts: Sequence[Mapping[str, object]]) -> bool:
    """Whether a text answers several parameters with different codes, each with one or none.

    A code that differs between parameters is CDISC's, whose codelists may share a word.
    """
    codes: dict[object, set[object]] = {}
    for row in ts:
        if value and row.get("TSVAL") == value:
            code = row.get("TSVALCD") and (row["TSVALCD"], row.get("TSVCDREF"))
            codes.setdefault(row.get("TSPARMCD"), set()).add(code or None)
    each = {code for found in codes.values() for code in found}
    single = all(len(found) == 1 for found in codes.values())
    coded = [code for code in each if isinstance(code, tuple)]
    return (
        single and len(each) > 1 and (len(coded) < 2 or {ref for _, ref in coded} == {"CDISC CT"})
    )


def _is_absent(row: Mapping[str, object], when: When) -> bool:
    return bool(row.get("TSPARMCD") in when.absent and row.get("TSVALNF") and not row.get("TSVAL"))


def _is_uncoded(row: Mapping[str, object], when: When) -> bool:
    return row.get("TSPARMCD") in when.uncoded and not row.get("TSVALCD")
