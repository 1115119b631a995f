"""The bytes of an XPORT 5 file: the same for the same data, and whole for every reader."""

import math
import struct
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

CARD = 80
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WRITER = "6.06    bsd4.2  "
"""The version and system that other writers of the format name, so that readers know them."""
MISSING = b"." + bytes(7)
NAMESTR = struct.Struct(">hhhh8s40s8shhh2s8shhl52s")


class Column(msgspec.Struct, frozen=True):
    """A variable: its name and label, and texts in ASCII or numbers (None is missing)."""

    name: str
    label: str
    texts: list[str] | None = None
    numbers: list[float | None] | None = None

    @property
    def length(self) -> int:
        """Bytes of a value: those of the longest text, 8 for a number."""
        if self.texts is None:
            return 8
        return max(map(len, self.texts), default=0) or 1

    def written(self, length: int) -> list[bytes]:
        """Each value in as many bytes."""
        if self.texts is None:
            return [_number(number) for number in self.numbers or ()]
        return [text.encode("ascii").ljust(length) for text in self.texts]


def xport_file(columns: Sequence[Column], domain: str, label: str, created: datetime) -> bytes:
    """The file of a dataset. Standard: SAS TS-140.

    Where a reader would lose the last row of short records, the widest text is widened with
    blanks until a record takes more than 80 bytes.
    """
    lengths = [column.length for column in columns]
    rows = _rows(columns, lengths)
    if rows and _loses_rows(rows):
        texts = [at for at, column in enumerate(columns) if column.texts is not None]
        widest = max(texts, key=lambda at: lengths[at])
        lengths[widest] += CARD + 1 - sum(lengths)
        rows = _rows(columns, lengths)
    return b"".join((_heads(columns, lengths, domain, label, created), _carded(b"".join(rows))))


def _rows(columns: Sequence[Column], lengths: Sequence[int]) -> list[bytes]:
    values = (column.written(length) for column, length in zip(columns, lengths, strict=True))
    return [b"".join(row) for row in zip(*values, strict=True)]


def _number(value: float | None) -> bytes:
    """A double as IBM System/360 wrote it: a sign, a power of 16 with 64 added, 56 bits."""
    if value is None:
        return MISSING
    if value == 0:
        return bytes(8)
    fraction, twos = math.frexp(abs(value))
    power = -(-twos // 4)
    bits = int(math.ldexp(fraction, 56 - (4 * power - twos)))
    first = (0x80 if value < 0 else 0) | (power + 64)
    return bytes((first,)) + bits.to_bytes(7, "big")


def _heads(
    columns: Sequence[Column], lengths: Sequence[int], domain: str, label: str, created: datetime
) -> bytes:
    month = MONTHS[created.month - 1]
    stamp = f"{created:%d}{month}{created:%y:%H:%M:%S}"
    lines = (
        _head("LIBRARY"),
        f"SAS     SAS     SASLIB  {WRITER}{'':24}{stamp}",
        stamp,
        _head("MEMBER", "000000000000000001600000000140"),
        _head("DSCRPTR"),
        f"SAS     {domain:8}SASDATA {WRITER}{'':24}{stamp}",
        f"{stamp}{'':16}{label:40}",
        _head("NAMESTR", f"000000{len(columns):04}{'0' * 20}"),
    )
    about = _carded(b"".join(_namestrs(columns, lengths)))
    observations = _head("OBS").ljust(CARD).encode("ascii")
    return b"".join(line.ljust(CARD).encode("ascii") for line in lines) + about + observations


def _head(name: str, numbers: str = "0" * 30) -> str:
    return f"HEADER RECORD*******{name:8}HEADER RECORD!!!!!!!{numbers}"


def _namestrs(columns: Sequence[Column], lengths: Sequence[int]) -> Iterator[bytes]:
    place, blank = 0, b" " * 8
    for number, (column, length) in enumerate(zip(columns, lengths, strict=True), 1):
        kind = 1 if column.texts is None else 2
        name, label = column.name.ljust(8).encode("ascii"), column.label.ljust(40).encode("ascii")
        form = (blank, 0, 0, int(kind == 1), bytes(2), blank, 0, 0)  # numbers stand to the right
        yield NAMESTR.pack(kind, 0, length, number, name, label, *form, place, bytes(52))
        place += length


def _carded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % CARD)


def _loses_rows(rows: Sequence[bytes]) -> bool:
    """Pandas, and CORE with it, take all blank words of the last 80 bytes for padding.

    They do so when a record is not longer than that; a blank text in the last row then looks
    like padding (pandas.io.sas.sas_xport, _record_count).
    """
    if len(rows[0]) > CARD:
        return False
    data = _carded(b"".join(rows))
    words = [data[at : at + 8] for at in range(len(data) - CARD, len(data), 8)]
    return (len(data) - 8 * words.count(b" " * 8)) // len(rows[0]) != len(rows)
