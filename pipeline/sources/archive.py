"""Archives become items: zip and tar, entry by entry, without anything being written anywhere.

Entries are data with a label. What is no plain file, leads out of the archive, is encrypted, or is
an archive itself is a fault of that entry; an archive that breaks off keeps what came before.
"""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.issues import Unreadable
from pipeline.sources.cut import cut
from pipeline.sources.item import Item, faulty, label, led_out, passed_over
from pipeline.sources.stream import CHUNK, Budget, Stream

HEAD = 512
BROKEN = (
    Unreadable, OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError,
    NotImplementedError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip
_MAGIC = {
    b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst",
    b"PAR1": "parquet",
}  # fmt: skip
_OFFICE = "[Content_Types].xml"


def container(head: bytes) -> str:
    """The kind of container that begins so, by its magic number; nothing for any other file."""
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    empty = len(head) == HEAD and not any(head)
    return "tar" if head[257:262] == b"ustar" or empty else ""


def unzipped(file: BinaryIO, size: int, name: str) -> Iterator[Item]:
    """The entries of a zip archive of `size` bytes, in its own order."""
    budget = Budget(lambda: size)
    with zipfile.ZipFile(file) as archive:
        if _OFFICE in archive.NameToInfo:
            detail = "It is a document of an office program: save its table as CSV."
            yield faulty(name, detail, "input.unknown")
            return
        for info in archive.infolist():
            if info.is_dir() or passed_over(info.filename):
                continue
            own = label(name, info.filename)
            if stat.S_ISLNK(info.external_attr >> 16):
                yield faulty(own, "It is a link, which is not followed.")
            elif info.flag_bits & 1:
                yield faulty(own, "It is encrypted.")
            else:
                yield from _zipped(archive, info, own, budget)
            if budget.spent:
                yield faulty(name, f"Its entries after {own} are not unpacked.")
                return


def _zipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, own: str, budget: Budget
) -> Iterator[Item]:
    try:
        with archive.open(info) as inner:
            yield from _entry(Stream(inner.read, budget), info.filename, own)
    except BROKEN as error:
        yield faulty(own, said(error))


def untarred(stream: Stream, name: str) -> Iterator[Item]:
    """The entries of a tar archive, in its own order, as it comes."""
    with tarfile.open(fileobj=stream, mode="r:") as archive:  # type: ignore[call-overload]
        while (entry := archive.next()) is not None:
            archive.members.clear()  # it would keep every entry's header
            if entry.isdir() or passed_over(entry.name):
                continue
            own = label(name, entry.name)
            inner = archive.extractfile(entry) if entry.isreg() and not entry.issparse() else None
            if inner is None:
                yield faulty(own, "It is a link or no plain file, which is not followed.")
            else:
                yield from _entry(Stream(inner.read), entry.name, own)
    if not stream.last or any(stream.last):
        yield faulty(name, "It breaks off: its end is not there.")
        return
    while rest := stream.read(CHUNK):
        if any(rest):
            yield faulty(name, "There is more after its end.")
            return


def _entry(stream: Stream, name: str, own: str) -> Iterator[Item]:
    if led_out(name):
        yield faulty(own, "Its name leads out of the archive.")
    elif kind := container(stream.peek(HEAD)):
        yield faulty(own, f"It is an archive ({kind}) in an archive, which is not opened.")
    else:
        yield from cut(stream, own)


def said(error: Exception) -> str:
    """What went wrong, as a sentence."""
    if isinstance(error, Unreadable):
        return error.detail
    return f"It breaks off or is broken: {error or type(error).__name__}."
