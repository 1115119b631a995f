"""A table as the bytes of a Parquet file."""

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.load.order import in_key_order

ROWS = 1 << 16


def parquet(table: pa.Table) -> bytes:
    """The table in key order, compressed by zstd, with its schema metadata.

    The same rows and the same pyarrow give the same bytes, however the table was chunked.
    """
    out = pa.BufferOutputStream()
    pq.write_table(
        in_key_order(table).combine_chunks(),
        out,
        compression="zstd",
        compression_level=3,
        version="2.6",
        row_group_size=ROWS,
    )
    return bytes(out.getvalue())
