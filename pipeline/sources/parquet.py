"""Parquet files whose rows carry raw records in one column, streamed row by row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.sources.item import Item, faulty, too_large
from pipeline.sources.stream import RATIO, SOME
from pipeline.values import LARGEST

ROWS = 16  # at once
_BEGINNINGS = (b"{", b"[", b"<")


def payloads(path: Path, name: str) -> Iterator[Item]:
    """An item a row, numbered by the row; the column is the one whose cells begin as records do.

    Cells that stand often are held once, so that a small file cannot become a large table.
    """
    with pq.ParquetFile(path) as file:
        if _out_of_proportion(file.metadata):
            yield faulty(name, f"It unpacks to more than {RATIO} times its size.")
            return
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        column = _column(path, texts)
    if not column:
        yield faulty(name, "It is a table without a column of records.", "input.unknown")
        return
    number = 0
    with pq.ParquetFile(path, read_dictionary=[column]) as file:
        for batch in file.iter_batches(batch_size=ROWS, columns=[column]):
            for cell in batch.column(0):
                number += 1
                data = _bytes(cell)
                if len(data) > LARGEST:
                    yield too_large(f"{name}#{number}", f"{len(data):,}", data[: LARGEST + 1])
                else:
                    yield Item(f"{name}#{number}", data)


def _column(path: Path, names: list[str]) -> str:
    """The column whose first cells hold most of what begins as a record; the first of equals."""
    if not names:
        return ""
    with pq.ParquetFile(path, read_dictionary=names) as file:
        batch = next(file.iter_batches(batch_size=ROWS, columns=names), None)
    if batch is None:
        return ""
    best, most = "", 0
    for name in names:
        cells = [_bytes(cell) for cell in batch.column(name)]
        size = sum(len(cell) for cell in cells if cell.lstrip().startswith(_BEGINNINGS))
        if size > most:
            best, most = name, size
    return best


def _bytes(cell: Any) -> bytes:
    value = cell.as_py()
    return value.encode() if isinstance(value, str) else value or b""


def _is_text(kind: pa.DataType) -> bool:
    return any(
        test(kind)
        for test in (
            pa.types.is_string, pa.types.is_large_string, pa.types.is_binary,
            pa.types.is_large_binary,
        )
    )  # fmt: skip


def _out_of_proportion(about: Any) -> bool:
    chunks = [
        about.row_group(group).column(column)
        for group in range(about.num_row_groups)
        for column in range(about.num_columns)
    ]
    unpacked = sum(chunk.total_uncompressed_size for chunk in chunks)
    packed = sum(chunk.total_compressed_size for chunk in chunks)
    return bool(unpacked > max(SOME, RATIO * packed))
