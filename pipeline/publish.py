"""Planned studies become files: their packages, and the part of the lake that they are."""

import hashlib
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from pipeline.examining import Examined, examine
from pipeline.issues import CATALOGUE, Unreadable
from pipeline.load.lake import part
from pipeline.load.package import Built, package
from pipeline.load.saved import save
from pipeline.plan import Planned, records_of
from pipeline.sources import Item
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.validate.report import joined
from pipeline.values import Record


class Packages(msgspec.Struct, frozen=True):
    """Which studies get a package: all, or those named (none when none is named)."""

    all: bool = True
    named: frozenset[str] = frozenset()

    def wants(self, study: str) -> bool:
        """Whether the study gets its whole package; the lake has every study anyway."""
        return self.all or study in self.named


class Work(msgspec.Struct, frozen=True):
    """Where a build takes its records from and puts its files: staging that nobody reads yet.

    `few` says that there are no more studies than one lot has.
    """

    shelves: Path
    folder: Path
    packages: Packages
    few: bool = False


class Refused(msgspec.Struct, frozen=True):
    """An input that was not built: quarantined (an error) or passed over (a note), and why."""

    name: str
    sha256: str
    code: str
    detail: str

    @property
    def quarantined(self) -> bool:
        """Whether it could not be read or built."""
        return CATALOGUE[self.code].severity == "error"


class Made(msgspec.Struct, frozen=True):
    """Studies that are built: their summaries, their datasets, and what could not be built."""

    built: list[Built]
    tables: dict[str, dict[str, pa.Table]]
    refused: list[Refused]


class Published(msgspec.Struct, frozen=True):
    """A lot that is checked and written, and what is known of its studies."""

    built: list[Built]
    refused: list[Refused]
    faults: dict[str, int]
    examined: Examined


def make(studies: Sequence[Planned], work: Work, spec: Spec) -> Made:
    """Build studies and write the packages that are wanted; one that fails is quarantined."""
    made = Made([], {}, [])
    for planned, found in records_of(studies, work.shelves, spec):
        unread = [(item, one) for item, one in found if isinstance(one, Unreadable)]
        if unread:
            made.refused.extend(quarantine(i, o.code, o.detail, work.folder) for i, o in unread)
            continue
        try:
            records = [one for _, one in found if isinstance(one, Record)]
            built, tables = _study(records, planned.study, work, spec)
        except OSError:
            raise  # a full or read-only disk is no fault of the study
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
            made.refused.extend(
                quarantine(item, "build.failed", why, work.folder) for item, _ in found
            )
            continue
        made.built.append(built)
        made.tables[built.study] = tables
    return made


def not_built(study: Planned, why: str, work: Work, spec: Spec) -> Made:
    """The study's records quarantined, because it could not be built."""
    found = records_of([study], work.shelves, spec)
    items = [item for _, records in found for item, _ in records]
    return Made([], {}, [quarantine(item, "build.failed", why, work.folder) for item in items])


def _study(
    records: Sequence[Record], name: str, work: Work, spec: Spec
) -> tuple[Built, dict[str, pa.Table]]:
    wanted = work.packages.wants(name)
    study = build(records, spec, offer=wanted)
    if study.id != name:
        raise ValueError(f"planned as {name}, built as {study.id}")
    tables, files, built = package(study, spec, whole=wanted)
    if files:
        save(files, work.folder / "studies" / study.id)
    return built, tables


def finish(parts: Sequence[tuple[str, Made]], work: Work, spec: Spec) -> Published:
    """Check what was made of a lot, given in pieces of partitions, and write its partitions."""
    refused = [one for _, made in parts for one in made.refused]
    names = {one.study: name for name, made in parts for one in made.built}
    built = sorted((one for _, made in parts for one in made.built), key=lambda one: one.study)
    found = {study: tables for _, made in parts for study, tables in made.tables.items()}
    if not built:
        return Published([], refused, {}, Examined([], ()))
    first = parts[0][0]
    tables = {one.study: found[one.study] for one in built}
    examined = examine(tables, work.folder, spec, "docs" if first == "all" else f"docs/{first}")
    faults = Counter(one.study for one in joined(examined.findings) if one.severity == "error")
    for name in sorted(set(names.values())):
        own = [one for one in built if names[one.study] == name]
        save(part(name, own, tables, spec), work.folder)
    return Published(built, refused, dict(faults), examined)


def quarantine(item: Item, code: str, detail: str, folder: Path) -> Refused:
    """Keep the input under its hash, never under its own name."""
    data = item.data()
    digest = hashlib.sha256(data).hexdigest()
    save({f"quarantine/{digest[:12]}.input": data}, folder)
    return Refused(item.name, digest, code, detail)
