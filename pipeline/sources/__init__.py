"""Where records come from: files and folders, one item at a time, in the order of their names."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pipeline.issues import BadRequest


class Item(msgspec.Struct, frozen=True):
    """One input: the name that a person knows it by, and where its bytes are."""

    name: str
    path: Path

    def data(self) -> bytes:
        """The item's bytes."""
        return self.path.read_bytes()


def items(paths: Iterable[Path]) -> Iterator[Item]:
    """Every file at or below the paths; names that begin with a dot are passed over.

    Raises `BadRequest` for a path that does not exist.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                below = file.relative_to(path)
                if file.is_file() and not any(part.startswith(".") for part in below.parts):
                    yield Item(below.as_posix(), file)
        elif path.is_file():
            yield Item(path.name, path)
        else:
            raise BadRequest(f"{path}: no such file or folder.")
