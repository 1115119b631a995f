"""The files of a folder of dictionaries, also those in zip archives, as the distributors pack
them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

import msgspec

from pipeline.issues import BadRequest


class Part(msgspec.Struct, frozen=True, order=True):
    """A file, or one in an archive; `name` is its own, without folders."""

    name: str
    path: Path
    member: str = ""

    @property
    def place(self) -> str:
        """The file as a person finds it."""
        return f"{self.path}: {self.member}" if self.member else str(self.path)


def parts(folder: Path) -> list[Part]:
    """Every file below the folder by name, but for hidden ones; raises `BadRequest` for a folder
    that is not there and an archive that cannot be opened.
    """
    if not folder.is_dir():
        raise BadRequest(f"{folder} is no folder of dictionaries; see docs/dictionaries.md.")
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            found += _members(path) if path.suffix.lower() == ".zip" else [Part(path.name, path)]
    return sorted(found)


def _members(path: Path) -> list[Part]:
    try:
        with ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (BadZipFile, OSError) as error:
        raise BadRequest(f"{path} cannot be opened: {error}") from error
    return [Part(name.rpartition("/")[2], path, name) for name in names]


@contextmanager
def opened(part: Part) -> Iterator[IO[bytes]]:
    """The bytes of the file."""
    if part.member:
        with ZipFile(part.path) as archive, archive.open(part.member) as inside:
            yield inside
    else:
        with part.path.open("rb") as file:
            yield file


def rows(part: Part, between: str, encoding: str = "utf-8-sig") -> Iterator[list[str]]:
    """The lines of the file, each cut into its cells."""
    with opened(part) as file, TextIOWrapper(file, encoding, newline="\n") as lines:
        for line in lines:
            if text := line.rstrip("\r\n"):
                yield text.split(between)


def table(part: Part, *wanted: str | tuple[str, ...]) -> Iterator[list[str]]:
    """The wanted columns of a tab-separated file with a head, in the order asked for.

    A name stands for itself in any case, with `_` for a space; of several names the first that is
    there counts, and one that begins with `?` may be missing. `BadRequest` names what is not
    there, and a line that is too short.
    """
    lines = rows(part, "\t", encoding_of(part))
    columns = [_bare(cell) for cell in next(lines, [])]
    at = [_column(part, columns, (name,) if isinstance(name, str) else name) for name in wanted]
    for number, cells in enumerate(lines, 2):
        if max(at) >= len(cells):
            raise BadRequest(f"{part.place}, line {number}: there are {len(cells)} columns only.")
        yield ["" if index < 0 else cells[index].strip() for index in at]


def _column(part: Part, columns: Sequence[str], names: Sequence[str]) -> int:
    for name in names:
        if _bare(name.removeprefix("?")) in columns:
            return columns.index(_bare(name.removeprefix("?")))
    if names[-1].startswith("?"):
        return -1
    raise BadRequest(f"{part.place}: the first line has no column {' or '.join(names)}.")


def _bare(name: str) -> str:
    return name.strip().upper().replace("_", " ")


def encoding_of(part: Part) -> str:
    """UTF-8, else the Windows encoding that some releases have."""
    with opened(part) as file, TextIOWrapper(file, "utf-8-sig", newline="\n") as lines:
        try:
            for _ in lines:
                pass
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
