"""Rules about the columns of the datasets: which there are, in which order and type."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Domain, Spec, Variable
from pipeline.tabulate import variable_of
from pipeline.validate.lot import SCHEMAS, Lot, signature
from pipeline.validate.rows import Column, Rows, among, when
from pipeline.validate.rule import Rule, is_known

COLUMNS = "COLUMNS"
"""A table beside the domains: one row a study, dataset and column, missing columns included."""

Verdict = tuple[str, str, bool, bool, bool, bool]


def columns(lot: Lot, spec: Spec) -> pa.Table:
    """What each study's datasets have for columns, held against the Spec.

    STUDY, DATASET, VARIABLE, TYPE, then whether the column is known, present, typed, in order.
    """
    names = ("VARIABLE", "TYPE", "known", "present", "typed", "ordered")
    parts = []
    for dataset, text, studies in _schemas(lot):
        verdicts = list(_verdicts(dataset, text, spec))
        data: dict[str, list[Any]] = {
            "STUDY": [study for study in studies for _ in verdicts],
            "DATASET": [dataset] * len(verdicts) * len(studies),
        }
        for at, name in enumerate(names):
            data[name] = [verdict[at] for verdict in verdicts] * len(studies)
        parts.append(pa.table(data, schema=_SCHEMA))
    return pa.concat_tables([_SCHEMA.empty_table(), *parts])


_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("STUDY", "DATASET", "VARIABLE", "TYPE")]
    + [(name, pa.bool_()) for name in ("known", "present", "typed", "ordered")]
)


def _schemas(lot: Lot) -> Iterator[tuple[str, str, list[str]]]:
    if SCHEMAS in lot:
        found: dict[tuple[str, str], list[str]] = {}
        for row in lot[SCHEMAS].to_pylist():
            found.setdefault((row["DATASET"], row["COLUMNS"]), []).append(row["STUDY"])
        for (dataset, text), studies in found.items():
            yield dataset, text, studies
        return
    for dataset, table in lot.items():
        bare = table.drop_columns(["STUDY"])
        yield dataset, signature(bare), table.column("STUDY").unique().to_pylist()


def _verdicts(dataset: str, text: str, spec: Spec) -> Iterator[Verdict]:
    found = dict(pair.rsplit(":", 1) for pair in text.split(" ")) if text else {}
    domain = spec.domains.get(dataset)
    if domain is None:
        yield from ((name, type_, False, True, True, True) for name, type_ in found.items())
        return
    highest = (0, 0)
    for name, type_ in found.items():
        known = is_known(domain, name)
        wanted = _wanted(variable_of(domain, name)) if known else type_
        place = _place(domain, name) if known else highest
        ordered, highest = place >= highest, max(place, highest)
        yield name, type_, known, True, type_ == wanted, ordered
    for name, variable in domain.variables.items():
        if name not in found and variable.core != "Perm":
            yield name, "", True, False, True, True


def _wanted(variable: Variable) -> str:
    return variable.type if variable.type in ("integer", "float") else "text"


def _place(domain: Domain, column: str) -> tuple[int, int]:
    names = list(domain.variables)
    if column in domain.variables:
        return names.index(column), 0
    return names.index("TSVAL"), int(column.removeprefix("TSVAL"))


def _known(rows: Rows, _: str) -> Column:
    return rows["known"]


def _present(rows: Rows, _: str) -> Column:
    return rows["present"]


def _typed(rows: Rows, _: str) -> Column:
    return rows["typed"]


def _ordered(rows: Rows, _: str) -> Column:
    return rows["ordered"]


def _subjects(rows: Rows, _: str) -> Column:
    """Asked of datasets that are not trial design: they hold subjects, whom DM describes."""
    design = pa.array([*rows.spec.domains, *ANIMAL])
    asked = pc.invert(pc.is_in(rows["DATASET"], value_set=design))
    described = rows["STUDY"].filter(pc.equal(rows["DATASET"], "DM"))
    return when(asked, among(rows["STUDY"], described))


def _human(rows: Rows, _: str) -> Column:
    return pc.invert(pc.is_in(rows["DATASET"], value_set=pa.array(ANIMAL)))


ANIMAL = ("TJ", "TP", "TT", "TX")
"""Trial design datasets of studies with animals (SDTM 2.0, SEND)."""
ON = ("COLUMNS.VARIABLE",)
STRUCTURE_RULES = (
    Rule("column-known", "error", "Every column is a variable of its domain.", ON, _known),
    Rule("column-present", "error", "Required and expected variables are columns.", ON, _present),
    Rule(
        "column-type", "error", "Every variable has the type of the standard.", ON, _typed,
        {"TA.TAETORD": "CG0248"},
    ),
    Rule(
        "column-order", "error", "The variables stand in the standard's order.", ON, _ordered,
        {"*": "CG0330"},
    ),
    Rule(
        "subjects-described", "error", "Where there is subject data, there is DM.",
        ("COLUMNS.DATASET",), _subjects, {"*": "TRC1736"},
    ),
    Rule(
        "no-animal-dataset", "error", "Datasets of animal studies have no place in a clinical one.",
        ("COLUMNS.DATASET",), _human, {"TJ": "CG0647", "TP": "CG0648"},
    ),
)  # fmt: skip
