"""One study's records become its package on disk."""

import traceback
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.load.package import Built, package
from pipeline.load.saved import save
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.values import Record


class Packages(msgspec.Struct, frozen=True):
    """Which studies get a package: all, or those named (none when none is named)."""

    all: bool = True
    named: frozenset[str] = frozenset()

    def wants(self, study: str) -> bool:
        """Whether the study gets its whole package; the lake has every study anyway."""
        return self.all or study in self.named


def publish(records: Sequence[Record], folder: Path, spec: Spec, packages: Packages) -> Built | str:
    """Write the study's package below `folder/studies`; a study that fails returns why.

    `folder` is a staging folder that nobody reads yet, so a package cut off in it is never seen.
    """
    try:
        study = build(records, spec)
        files, built = package(study, spec, whole=packages.wants(study.id))
        save(files, folder / "studies" / study.id)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    return built
