"""What of a build is published already, kept beside it: one that was cut off goes on where it was.

A lot counts as published when its line stands in the journal, which is written after all its files.
"""

import hashlib
import os
import shutil
from pathlib import Path

import msgspec

from pipeline.publish import Packages, Published
from pipeline.spec import ROOT
from pipeline.spec.model import Spec

_HOME = ".journal"


class Journal:
    """The lots of a staging folder that are published, by their number.

    `key` says of what: what was staged of other inputs, mappings or program is thrown away.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._home = folder / _HOME
        said = self._home / "key"
        if not said.exists() or said.read_text(encoding="utf-8") != key:
            shutil.rmtree(folder, ignore_errors=True)
            self._home.mkdir(parents=True)
            said.write_text(key, encoding="utf-8")

    def published(self, number: int) -> Published | None:
        """What is known of a lot that is published."""
        path = self._home / f"{number}.msgpack"
        if not path.exists():
            return None
        return msgspec.msgpack.decode(path.read_bytes(), type=Published)

    def note(self, number: int, published: Published) -> None:
        """Keep what is known of a lot, now that all its files are there."""
        path = self._home / f"{number}.msgpack"
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(msgspec.msgpack.encode(published))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)


def close(folder: Path) -> None:
    """Remove the journal from a folder that is complete."""
    shutil.rmtree(folder / _HOME)


def key_of(inputs: str, packages: Packages, spec: Spec) -> str:
    """What a build rests on: inputs, what is wanted, mappings, dictionaries, and the program."""
    made = hashlib.sha256(inputs.encode())
    made.update(msgspec.msgpack.encode((packages.all, sorted(packages.named))))
    parts = {name: getattr(spec, name) for name in spec.__struct_fields__ if name != "dictionaries"}
    made.update(msgspec.msgpack.encode(parts))
    for name, one in sorted(spec.dictionaries.items()):
        made.update(f"{name} {one.version} {len(one.codes)}".encode())
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()
