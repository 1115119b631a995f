"""The rows of a lot that Great Expectations is asked about: some that hold, all that fail.

What it asks costs a thousand times what a rule costs, and the same of a row that holds as of any
other. So every rule is asked of every row first (`checks.py`); its answers are check columns.
"""

from collections.abc import Iterable, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Spec
from pipeline.validate.checks import Asked, in_words
from pipeline.validate.lot import Lot, stacked
from pipeline.validate.suites import OK, checks, expected

SHOWN = 200
"""Studies whose rows are all asked about, of the first lot of a build."""
FAILING = 20
"""Rows of a lot that break a rule for one variable and are asked about: every rule that is broken
anywhere is broken in what is asserted.
"""


class Sample(msgspec.Struct, frozen=True):
    """Rows of one table with their check columns, as Arrow streams.

    `whole` are all rows of the first studies; `failing` rows of any study that break a rule;
    `rows` is how many there are in the lot.
    """

    table: str
    rows: int
    whole: bytes
    failing: bytes


def assertable(lot: Lot, answers: dict[str, list[Asked]], spec: Spec) -> tuple[Sample, ...]:
    """A sample of each table of a lot that any rule was asked of."""
    return tuple(
        _sample(name, lot.get(name, asked_of[0].table), asked_of, spec)
        for name, asked_of in answers.items()
        if asked_of
    )


def rows_of(samples: Iterable[Sequence[Sample]]) -> dict[str, tuple[pa.Table, int]]:
    """The rows to ask about, by table, and how many there are in all.

    Of the first lot they are the whole rows too; of the others those that fail.
    """
    found: dict[str, list[pa.Table]] = {}
    counts: dict[str, int] = {}
    for lot in samples:
        for one in lot:
            counts[one.table] = counts.get(one.table, 0) + one.rows
            failing = pa.ipc.open_stream(one.failing).read_all()
            if one.table not in found:
                whole = pa.ipc.open_stream(one.whole).read_all()
                there = pc.is_in(failing["STUDY"], value_set=pc.unique(whole["STUDY"]))
                found[one.table] = [whole]
                failing = failing.filter(pc.invert(there))
            found[one.table].append(failing)
    return {name: (stacked(tables), counts[name]) for name, tables in found.items()}


def _sample(name: str, table: pa.Table, asked_of: Sequence[Asked], spec: Spec) -> Sample:
    wanted = checks(expected(name, table.column_names, spec))
    first = pc.unique(table["STUDY"])[:SHOWN]
    whole = pc.is_in(table["STUDY"], value_set=first)
    some: set[int] = set()
    for one in asked_of:
        if pc.all(one.holds, min_count=0).as_py() is False:
            fails = pc.invert(pc.fill_null(one.holds, True))
            some.update(pc.indices_nonzero(fails)[:FAILING].to_pylist())
    failing = pa.array(sorted(some), pa.int64())
    parts = []
    for rows in (pc.indices_nonzero(whole), failing):
        part = table.take(rows)
        for each in wanted:
            part = part.append_column(each, in_words(asked_of, each, OK, spec, rows))
        parts.append(_stream(part))
    return Sample(name, table.num_rows, *parts)


def _stream(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return bytes(out.getvalue())
