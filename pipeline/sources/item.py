"""One input as the build takes it: a label, bytes that are pulled when asked for, or a fault."""

from pathlib import Path

import msgspec

from pipeline.issues import Unreadable
from pipeline.values import LARGEST


class Item(msgspec.Struct, frozen=True):
    """One input: the name that a person knows it by, where its bytes are, and what is wrong.

    A name is a label only: it may come from an archive, and nothing is ever opened or written by
    it. An item with a `fault` is to be quarantined without being read; what can be kept of it is
    in its bytes.
    """

    name: str
    content: Path | bytes
    fault: Unreadable | None = None

    def data(self) -> bytes:
        """The item's bytes; of a file that is larger than a record can be, one more than that."""
        if isinstance(self.content, bytes):
            return self.content
        with self.content.open("rb") as file:
            return file.read(LARGEST + 1)


def faulty(name: str, detail: str, code: str = "input.unopened", data: bytes = b"") -> Item:
    """The item that stands for what could not be taken."""
    return Item(name, data, Unreadable(code, detail))


def too_large(name: str, size: str, content: Path | bytes = b"") -> Item:
    """The item that stands for what is larger than a record can be."""
    fault = Unreadable("input.too-large", f"It has {size} bytes, at most {LARGEST:,} are read.")
    return Item(name, content, fault)


def label(*parts: str) -> str:
    """Names as one line of text that any file can hold."""
    return "/".join("".join(c if c.isprintable() else "?" for c in part) for part in parts)


def led_out(name: str) -> bool:
    """Whether the name of an entry leads out of its archive."""
    return name[:1] in ("/", "\\") or ".." in _parts(name) or name[1:2] == ":"


def passed_over(name: str) -> bool:
    """Whether a name is one that systems keep beside data: it begins with a dot."""
    parts = _parts(name)
    return "__MACOSX" in parts or any(part[0] == "." and part != ".." for part in parts)


def _parts(name: str) -> list[str]:
    """The parts of a name in an archive; `pathlib` would intern each, and that table only grows."""
    return [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
