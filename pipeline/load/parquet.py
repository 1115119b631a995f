"""A table as the bytes of a Parquet file."""

import math

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.load.order import in_key_order

ROWS = 1 << 16
GROUP = 1 << 13
"""Rows of a group in the lake: as many as are read, at least, to find one row."""
OPTIONS = {"compression": "zstd", "compression_level": 3, "version": "2.6"}


def parquet(table: pa.Table) -> bytes:
    """The table in key order, compressed by zstd, with its schema metadata.

    The same rows and the same pyarrow give the same bytes, however the table was chunked.
    """
    out = pa.BufferOutputStream()
    ordered = in_key_order(table).combine_chunks()
    pq.write_table(ordered, out, row_group_size=ROWS, **OPTIONS)
    return bytes(out.getvalue())


def lake_parquet(table: pa.Table, by: str = "") -> bytes:
    """The rows of many studies, in groups that say which STUDYID and which `by` they hold.

    Studies stand in blocks in the order of STUDYID; in a block rows stand in the order of `by`,
    then of their study: a group of rows has a few studies only, and a few values of `by` only.
    The rows of a study that are alike in `by` stay in the order that they are given in.
    The same rows give the same bytes, in whatever order the studies are given.
    """
    within = ("STUDYID", "STUDY", *((by,) if by else ()))
    ordered = table.take(_order(table, within)).combine_chunks()
    size = ordered.num_rows
    groups = math.ceil(size / GROUP)
    blocks = max(1, math.isqrt(groups)) if by else 1
    out = pa.BufferOutputStream()
    with pq.ParquetWriter(out, ordered.schema, **OPTIONS) as writer:
        for block in range(blocks):
            begin, end = size * block // blocks, size * (block + 1) // blocks
            part = ordered.slice(begin, end - begin)
            if by:
                part = part.take(_order(part, (by, "STUDYID", "STUDY")))
            writer.write_table(part.combine_chunks(), row_group_size=GROUP)
    return bytes(out.getvalue())


def _order(table: pa.Table, names: tuple[str, ...]) -> pa.Array:
    keys = [(name, "ascending", "at_start") for name in names]
    return pc.sort_indices(table, sort_keys=keys)
