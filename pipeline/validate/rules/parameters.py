"""Rules about the Trial Summary parameters that a submission must have."""

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Spec
from pipeline.validate.lot import SCHEMAS, Lot
from pipeline.validate.rows import Column, Rows, joined, when
from pipeline.validate.rule import Rule

PARAMETERS = "PARAMETERS"
"""A table beside the domains: one row a study and parameter that some rule asks for."""

IF = {"CURTRT": ("ADDON", "Y"), "TDIGRP": ("HLTSUBJI", "N")}
OTHERWISE = ("STYPE", "INTERVENTIONAL")


def parameters(lot: Lot, spec: Spec) -> pa.Table:
    """Which parameters each study must have, and has: STUDY, DATASET, TSPARMCD, REQUIRED, ….

    A conditional parameter is asked for when the study's own TS meets the condition: CURTRT
    when it is added on, TDIGRP when no healthy subjects take part, the others in an
    interventional study, RANDQT only when there is one treatment (CG0281).
    """
    tables = [table.column("STUDY").unique() for name, table in lot.items() if name != SCHEMAS]
    studies = sorted({study for column in tables for study in column.to_pylist()})
    wanted = [(code, known.required) for code, known in spec.parameters.items() if known.required]
    made = pa.table(
        {
            "STUDY": pa.array([study for study in studies for _ in wanted], pa.string()),
            "DATASET": pa.array(["TS"] * len(wanted) * len(studies), pa.string()),
            "TSPARMCD": pa.array([code for code, _ in wanted] * len(studies), pa.string()),
            "REQUIRED": pa.array([how for _, how in wanted] * len(studies), pa.string()),
        }
    )
    rows = Rows("TS", lot["TS"], lot, spec) if "TS" in lot else None
    has = _has(made, rows) if rows else pa.array([False] * made.num_rows, pa.bool_())
    asked = _asked(made, rows) if rows else has
    return made.append_column("present", has).append_column("asked", asked)


def _has(made: pa.Table, rows: Rows) -> Column:
    wanted = joined(made.column("STUDY"), made.column("TSPARMCD"))
    return pc.is_in(wanted, value_set=joined(rows["STUDY"], rows["TSPARMCD"]))


def _asked(made: pa.Table, rows: Rows) -> Column:
    conditions = [IF.get(code, OTHERWISE) for code in made.column("TSPARMCD").to_pylist()]
    parameter, value = (pa.array(list(part), pa.string()) for part in zip(*conditions, strict=True))
    answers = joined(rows["STUDY"], rows["TSPARMCD"], rows["TSVAL"])
    met = pc.is_in(joined(made.column("STUDY"), parameter, value), value_set=answers)
    treatments = rows["STUDY"].filter(pc.equal(rows["TSPARMCD"], "TRT"))
    counted = pc.value_counts(treatments)
    single = counted.field("values").filter(pc.equal(counted.field("counts"), 1))
    ratio = pc.equal(made.column("TSPARMCD"), "RANDQT")
    return pc.and_(met, pc.or_(pc.invert(ratio), pc.is_in(made.column("STUDY"), value_set=single)))


def _always(rows: Rows, _: str) -> Column:
    return when(pc.equal(rows["REQUIRED"], "always"), rows["present"])


def _conditional(rows: Rows, _: str) -> Column:
    asked = pc.and_(pc.equal(rows["REQUIRED"], "conditional"), rows["asked"])
    return when(asked, rows["present"])


ON = ("PARAMETERS.TSPARMCD",)
PARAMETERS_RULES = (
    Rule("parameter-required", "error", "TS has a record for every required parameter.",
         ON, _always, {"*": "CG0287"}),
    Rule("parameter-conditional", "warning",
         "TS has a record for what this kind of study asks for.",
         ON, _conditional,
         {"RANDQT": "CG0281", "TDIGRP": "CG0273", "CURTRT": "CG0275", "TRT": "CG0276",
          "INTMODEL": "FB1111", "INTTYPE": "FB1111", "PCLAS": "FB1111"}),
)  # fmt: skip
