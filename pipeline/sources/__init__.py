"""Where records come from: files, folders and archives, one item at a time, in a fixed order.

What a file is, is known by its first bytes, never by its name: zip, tar, gz, zst, Parquet, or a
record. One level of packing is opened (a tar in a gz counts as one).
"""

import gzip
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from pipeline.issues import BadRequest
from pipeline.sources.archive import BROKEN, HEAD, container, said, untarred, unzipped
from pipeline.sources.cut import are_records, cut, first_lines, lines
from pipeline.sources.item import Item, faulty, label, passed_over, too_large
from pipeline.sources.parquet import payloads
from pipeline.sources.stream import Budget, Stream
from pipeline.values import LARGEST

__all__ = ["Item", "items"]


def items(paths: Iterable[Path]) -> Iterator[Item]:
    """Every record at, below or packed in the paths; names that begin with a dot are passed over.

    Only one record is in memory at a time, as long as the caller keeps none. What cannot be
    opened is an item with a fault. Raises `BadRequest` for a path that does not exist.
    """
    for path in paths:
        if path.is_dir():
            for name in _below(path, ""):
                yield from _opened(path / name, label(name))
        elif path.is_file():
            yield from _opened(path, label(path.name))
        else:
            raise BadRequest(f"{path}: no such file or folder.")


def _below(folder: Path, name: str) -> Iterator[str]:
    """The files below a folder in the order of their names; links to folders are not followed."""
    with os.scandir(folder / name) as found:
        entries = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
    for own, is_folder in entries:
        path = f"{name}/{own}" if name else own
        if passed_over(own):
            continue
        if is_folder:
            yield from _below(folder, path)
        elif (folder / path).is_file():
            yield path


def _opened(path: Path, name: str) -> Iterator[Item]:
    """What a file holds, or why it cannot be opened, after what was read before it broke."""
    try:
        with path.open("rb") as file:
            kind = container(file.read(HEAD))
            file.seek(0)
            if not kind:
                yield from _plain(file, path, name)
                return
            found = _packed(kind, file, path, name)
            first = next(found, None)
            yield first or faulty(name, "The archive holds no file.", "input.empty")
            yield from found
    except BROKEN as error:
        yield faulty(name, said(error))


def _packed(kind: str, file: BinaryIO, path: Path, name: str) -> Iterator[Item]:
    if kind == "zip":
        yield from unzipped(file, path.stat().st_size, name)
    elif kind == "tar":
        yield from untarred(Stream(file.read), name)
    elif kind == "parquet":
        yield from payloads(path, name)
    else:
        stream = Stream(_unpacked(kind, file), Budget(file.tell))
        inner = container(stream.peek(HEAD))
        if inner == "tar":
            yield from untarred(stream, name)
        elif inner:
            yield faulty(name, f"It is an archive ({inner}) in an archive, which is not opened.")
        else:
            yield from cut(stream, name)


def _unpacked(kind: str, file: BinaryIO) -> Callable[[int], bytes]:
    if kind == "gz":
        return gzip.GzipFile(fileobj=file).read1
    read: Callable[[int], bytes] = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd").read
    return read


def _plain(file: BinaryIO, path: Path, name: str) -> Iterator[Item]:
    """A file that is a record, whose bytes are read when they are asked for, or one of lines."""
    stream = Stream(file.read)
    head = first_lines(stream)
    if are_records(head):
        yield from lines(head, stream, name)
        return
    size = path.stat().st_size
    yield too_large(name, f"{size:,}", path) if size > LARGEST else Item(name, path)
