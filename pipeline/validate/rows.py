"""Questions to whole columns at once: the rows of one domain, and what holds for each of them.

An answer is a column of true, false, or null where the question does not arise.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Spec
from pipeline.validate.lot import Lot

Column: TypeAlias = pa.ChunkedArray


class Rows(msgspec.Struct, frozen=True):
    """The rows of one domain of a lot, typed by the Spec, with the other domains in reach."""

    domain: str
    table: pa.Table
    lot: Lot
    spec: Spec

    def __getitem__(self, name: str) -> Column:
        """The column, or one of nulls when no study has it."""
        if name in self.table.column_names:
            return self.table.column(name)
        return pa.chunked_array([pa.nulls(self.table.num_rows, pa.string())])

    def of(self, domain: str) -> "Rows":
        """The rows of another domain of the same lot; none when no study has it."""
        if domain in self.lot:
            return Rows(domain, self.lot[domain], self.lot, self.spec)
        return Rows(domain, pa.table({"STUDY": pa.array([], pa.string())}), self.lot, self.spec)


def filled(column: Column) -> Column:
    """Where there is a value: neither null nor an empty text."""
    if pa.types.is_string(column.type):
        return pc.fill_null(pc.not_equal(column, ""), False)
    return pc.is_valid(column)


def when(asked: Column, holds: Column) -> Column:
    """`holds` where it is asked, null elsewhere."""
    return pc.if_else(pc.fill_null(asked, False), holds, pa.scalar(None, pa.bool_()))


def joined(*columns: Column) -> Column:
    """The values of several columns as one text a row, to compare them together."""
    texts = [pc.cast(column, pa.string()) for column in columns]
    return pc.binary_join_element_wise(*texts, "\x1f", null_handling="replace", null_replacement="")


def alone(*columns: Column) -> Column:
    """Where a row's values together occur once."""
    keys = joined(*columns)
    return pc.invert(pc.is_in(keys, value_set=_repeated(keys)))


def one_to_one(within: Column, left: Column, right: Column) -> Column:
    """Where, within a group, a left value goes with one right value only and the reverse.

    Asked where both are filled.
    """
    asked = pc.and_(filled(left), filled(right))
    a, b = joined(within, left), joined(within, right)
    pairs = pa.table({"a": a, "b": b}).filter(asked)
    pairs = pairs.group_by(["a", "b"], use_threads=False).aggregate([])
    many = [
        pc.is_in(each, value_set=_repeated(pairs.column(name)))
        for each, name in ((a, "a"), (b, "b"))
    ]  # fmt: skip
    return when(asked, pc.invert(pc.or_(*many)))


def among(these: Column, those: Column) -> Column:
    """Where a value is one of those."""
    return pc.is_in(these, value_set=pc.unique(those))


def matching(column: Column, test: Callable[[str], bool]) -> Column:
    """Where a filled text passes the test, which is asked once for each distinct text."""
    asked = filled(column)
    texts = pc.unique(column.filter(asked)).to_pylist()
    good = pa.array([text for text in texts if test(text)], pa.string())
    return when(asked, pc.is_in(column, value_set=good))


def looked_up(column: Column, table: dict[str, Any], kind: pa.DataType | None = None) -> Column:
    """For each text what the table has for it, null where it has nothing."""
    at = pc.index_in(column, value_set=pa.array(list(table), pa.string()))
    return pc.take(pa.array(list(table.values()), kind or pa.string()), at)


def counted(within: Column, value: Column) -> dict[str, int]:
    """How many different values each group has."""
    groups = pa.table({"group": within, "value": value}).group_by("group", use_threads=False)
    found = groups.aggregate([("value", "count_distinct")])
    counts = found.column("value_count_distinct").to_pylist()
    return dict(zip(found.column("group").to_pylist(), counts, strict=True))


def numbered(within: Column, number: Column) -> Column:
    """Where the numbers of the row's group are 1, 2, 3, … without gap or repetition."""
    groups = pa.table({"group": within, "number": number}).group_by("group", use_threads=False)
    found = groups.aggregate(
        [("number", "min"), ("number", "max"), ("number", "count"), ("number", "count_distinct")]
    )
    good = pc.and_(
        pc.equal(found.column("number_min"), 1),
        pc.and_(
            pc.equal(found.column("number_max"), found.column("number_count")),
            pc.equal(found.column("number_count"), found.column("number_count_distinct")),
        ),
    )
    return pc.is_in(within, value_set=found.column("group").filter(good))


def _repeated(column: Column) -> Column:
    found = pc.value_counts(column)
    return found.field("values").filter(pc.greater(found.field("counts"), 1))
