"""Whether a finding of CORE is one that is documented, and its reason holds in the data."""

import json
import re
from collections.abc import Mapping, Sequence

from pipeline.conformance.answer import Found
from pipeline.spec.documented import Expectation, When, expectations, is_apart, is_such_a_study
from pipeline.values import Scalar

__all__ = ["Expectation", "When", "expectations", "explained"]

TS = Sequence[Mapping[str, Scalar]]


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
    if when.apart and not is_apart(found.value.get("TSVAL"), ts):
        return False
    if not is_such_a_study(when, ts):
        return False
    return re.search(when.value, json.dumps(found.value, sort_keys=True)) is not None


def _own_row(found: Found, ts: TS) -> Mapping[str, Scalar]:
    if found.dataset != "TS" or found.row is None or not 0 < found.row <= len(ts):
        return {}
    row = ts[found.row - 1]
    return row if found.value.get("TSPARMCD") == row["TSPARMCD"] else {}
