"""Contents as Parquet files that are written once: `payloads/<registry>/<16 hex>.parquet`."""

import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.update.values import Fetched, digest

ROWS = 32
"""Records of a row group: what is unpacked to read one of them."""

SCHEMA = pa.schema(
    [
        ("registry", pa.string()),
        ("id", pa.string()),
        ("version", pa.string()),
        ("sha256", pa.string()),
        ("payload", pa.binary()),
    ]
)


def packed(records: Sequence[Fetched], home: Path) -> dict[str, tuple[str, int]]:
    """Write contents as one file, whole or not at all; by SHA-256 the file and the row."""
    ordered = sorted({digest(one.data): one for one in records}.items(), key=_place)
    name = digest("".join(sha for sha, _ in ordered).encode())[:16]
    place = f"payloads/{ordered[0][1].registry}/{name}.parquet"
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist(
        [
            {
                "registry": r.registry,
                "id": r.id,
                "version": r.version,
                "sha256": s,
                "payload": r.data,
            }
            for s, r in ordered
        ],
        schema=SCHEMA,
    )
    beside = path.with_suffix(".writing")
    pq.write_table(table, beside, compression="zstd", row_group_size=ROWS)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    return {sha: (place, row) for row, (sha, _) in enumerate(ordered)}


def _place(one: tuple[str, Fetched]) -> tuple[str, str]:
    return one[1].id, one[0]


class Reader:
    """Contents by file and row; the last row groups stay unpacked."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._groups: dict[tuple[str, int], list[bytes]] = {}

    def read(self, place: str, row: int) -> bytes:
        """The content that stands in a row of a file."""
        key = place, row // ROWS
        if key not in self._groups:
            if len(self._groups) >= ROWS:
                self._groups.pop(next(iter(self._groups)))
            with pq.ParquetFile(self._home / place) as file:
                column = file.read_row_group(key[1], columns=["payload"]).column(0)
            self._groups[key] = column.to_pylist()
        return self._groups[key][row % ROWS]
