"""Many byte strings in one file, put there one after another and taken out by number."""

import os
from array import array
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

_CODEC = pa.Codec("lz4")


class Shelf:
    """A file of byte strings, and beside it where each begins and how long it is unpacked.

    What is put is compressed; it can be taken as soon as `close` was called, by any process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ends = array("Q")
        self._sizes = array("Q")
        self._file = path.open("ab")

    def put(self, data: bytes) -> int:
        """Keep bytes; their number, from 0."""
        self._file.write(_CODEC.compress(data, asbytes=True) if data else b"")
        self._ends.append(self._file.tell())
        self._sizes.append(len(data))
        return len(self._ends) - 1

    def close(self) -> None:
        """Write what is still in memory, and where everything stands."""
        self._file.close()
        with _beside(self._path).open("wb") as file:
            self._ends.tofile(file)
            self._sizes.tofile(file)


def taken(path: Path, numbers: Iterator[int] | list[int] | range) -> Iterator[bytes]:
    """The byte strings of a closed shelf that have these numbers, in the order asked."""
    beside = _beside(path)
    count = beside.stat().st_size // 16
    with path.open("rb") as file, beside.open("rb") as places:
        for number in numbers:
            begin = _number(places, number - 1) if number else 0
            end, size = _number(places, number), _number(places, count + number)
            packed = os.pread(file.fileno(), end - begin, begin)
            yield _CODEC.decompress(packed, size, asbytes=True) if size else b""


def _number(places: object, index: int) -> int:
    data = os.pread(places.fileno(), 8, index * 8)  # type: ignore[attr-defined]
    return array("Q", data)[0]


def _beside(path: Path) -> Path:
    return path.with_suffix(".places")
