"""The order of rows that every dataset file has."""

import pyarrow as pa
import pyarrow.compute as pc


def in_key_order(table: pa.Table) -> pa.Table:
    """The rows by the key variables of the schema's metadata, in byte order, nulls first.

    STUDYID is the same in every row. A table that names no keys stays in the order it has.
    """
    keys = (table.schema.metadata or {}).get(b"keys", b"").decode().split()
    by = [
        (key, "ascending", "at_start")
        for key in keys
        if key != "STUDYID" and key in table.column_names
    ]
    return table.take(pc.sort_indices(table, sort_keys=by)) if by else table
