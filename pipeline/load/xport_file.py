"""The bytes of an XPORT 5 file: the same for the same data, and whole for every reader."""

import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

CARD = 80
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
STAMPS = (144, 160, 464, 480)  # library created, modified, member created, modified (SAS TS-140)
STAMP = re.compile(rb"\d\d[A-Z]{3}\d\d(:\d\d){3}")
OBSERVATIONS = b"HEADER RECORD*******OBS     HEADER RECORD"


def xport_file(
    frame: pd.DataFrame, domain: str, label: str, labels: list[str], created: datetime
) -> bytes:
    """The file of a dataset whose texts are ASCII and whose numbers are doubles.

    Where a reader would lose the last row of short records, the widest text is widened with
    blanks until a record takes more than 80 bytes.
    """
    data = _written(frame, domain, label, labels)
    sizes = {name: _size(frame[name]) for name in frame}
    record = sum(sizes.values())
    if _loses_rows(data, len(frame), record):
        texts = [name for name in frame if frame[name].dtype == object]
        widest = max(texts, key=lambda name: sizes[name])
        frame = frame.copy()
        frame[widest] = frame[widest].str.ljust(sizes[widest] + CARD + 1 - record)
        data = _written(frame, domain, label, labels)
    return _stamped(data, created)


def _size(column: "pd.Series[Any]") -> int:
    return max((len(text) for text in column), default=0) or 1 if column.dtype == object else 8


def _written(frame: pd.DataFrame, domain: str, label: str, labels: list[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.xpt"
        pyreadstat.write_xport(
            frame, path, file_label=label, column_labels=[*labels], table_name=domain,
            file_format_version=5,
        )  # fmt: skip
        return path.read_bytes()


def _loses_rows(data: bytes, rows: int, record: int) -> bool:
    """Pandas, and CORE with it, take all blank words of the last 80 bytes for padding.

    They do so when a record is not longer than that; a blank text in the last row then looks
    like padding (pandas.io.sas.sas_xport, _record_count).
    """
    if record > CARD:
        return False
    start = data.index(OBSERVATIONS) + CARD
    words = [data[at : at + 8] for at in range(len(data) - CARD, len(data), 8)]
    return (len(data) - start - 8 * words.count(b" " * 8)) // record != rows


def _stamped(data: bytes, created: datetime) -> bytes:
    month = MONTHS[created.month - 1].encode()
    stamp = f"{created:%d}".encode() + month + f"{created:%y:%H:%M:%S}".encode()
    made = bytearray(data)
    for at in STAMPS:
        if not STAMP.fullmatch(made[at : at + len(stamp)]):
            raise RuntimeError(f"pyreadstat's XPORT header has no time at byte {at}")
        made[at : at + len(stamp)] = stamp
    return bytes(made)
