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
from pipeline.load.beside import Beside, beside
from pipeline.load.lake import part
from pipeline.load.package import Built, package, summary
from pipeline.load.saved import save
from pipeline.plan import Planned, records_of
from pipeline.sources import Item
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.tabulate import Gathered
from pipeline.validate.define import define_findings
from pipeline.validate.finding import Finding
from pipeline.validate.lot import gathered
from pipeline.validate.report import joined
from pipeline.values import Record, Study

DIED = "The process died."
"""Why a study is quarantined on which its process dies."""
BATCH = 250
"""Studies whose rows become one table: as many as stand in memory as lists of values."""


class Packages(msgspec.Struct, frozen=True):
    """Which studies get a package: all, or those named (none when none is named)."""

    all: bool = True
    named: frozenset[str] = frozenset()

    def wants(self, study: str) -> bool:
        """Whether the study gets its whole package; the lake has every study anyway."""
        return self.all or study in self.named


class Work(msgspec.Struct, frozen=True):
    """Where a build takes its records from and puts its files: staging that nobody reads yet.

    `few` says that there are no more studies than one lot has, `docs` whether it is described.
    """

    shelves: Path
    folder: Path
    packages: Packages
    few: bool = False
    docs: bool = True


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
    """Studies that are built: their summaries, their rows, and what could not be built.

    `tables` are the rows of some studies after the others, by the name of their table in the
    lake; `own` names each study's own columns; `findings` are those of the packages' define.xml.
    """

    built: list[Built]
    tables: list[dict[str, pa.Table]]
    own: list[tuple[str, str, str]]
    findings: list[Finding]
    refused: list[Refused]

    def take(self, other: "Made") -> None:
        """What is made of more studies."""
        for name in self.__struct_fields__:
            getattr(self, name).extend(getattr(other, name))


class Published(msgspec.Struct, frozen=True):
    """A lot that is checked and written, and what is known of its studies."""

    built: list[Built]
    refused: list[Refused]
    faults: dict[str, int]
    examined: Examined


def make(studies: Sequence[Planned], work: Work, spec: Spec) -> Made:
    """Build studies and write the packages that are wanted; one that fails is quarantined."""
    whole = nothing()
    for at in range(0, len(studies), BATCH):
        whole.take(_batch(studies[at : at + BATCH], work, spec))
    return whole


def nothing() -> Made:
    """Made of no study."""
    return Made([], [], [], [], [])


def _batch(studies: Sequence[Planned], work: Work, spec: Spec) -> Made:
    made, rows, more = nothing(), Gathered(spec), Beside()
    for planned, found in records_of(studies, work.shelves, spec):
        unread = [(item, one) for item, one in found if isinstance(one, Unreadable)]
        if unread:
            made.refused.extend(quarantine(i, o.code, o.detail, work.folder) for i, o in unread)
            continue
        try:
            records = [one for _, one in found if isinstance(one, Record)]
            study = _built(records, planned.study, work, spec)
            summed, findings = _packaged(study, work, spec)
            known = beside(study, spec)
            rows.add(study)
            more.add(known)
        except OSError:
            raise  # a full or read-only disk is no fault of the study
        except Exception as error:
            why = _why(error)
            made.refused.extend(
                quarantine(item, "build.failed", why, work.folder) for item, _ in found
            )
            continue
        made.built.append(summed)
        made.findings.extend(findings)
    try:
        made.tables.append(rows.tables() | more.tables())
    except (ArithmeticError, TypeError, ValueError) as error:  # of a value that no column holds
        if len(studies) == 1:
            return not_built(studies[0], _why(error), work, spec)
        halves, middle = nothing(), len(studies) // 2
        for half in (studies[:middle], studies[middle:]):
            halves.take(_batch(half, work, spec))
        return halves
    made.own.extend(rows.own())
    return made


def not_built(study: Planned, why: str, work: Work, spec: Spec) -> Made:
    """The study's records quarantined, because it could not be built."""
    made = nothing()
    for _, records in records_of([study], work.shelves, spec):
        made.refused.extend(quarantine(i, "build.failed", why, work.folder) for i, _ in records)
    return made


def _built(records: Sequence[Record], name: str, work: Work, spec: Spec) -> Study:
    study = build(records, spec, offer=work.packages.wants(name))
    if study.id != name:
        raise ValueError(f"planned as {name}, built as {study.id}")
    return study


def _packaged(study: Study, work: Work, spec: Spec) -> tuple[Built, list[Finding]]:
    if not work.packages.wants(study.id):
        return summary(study), []
    tables, files, built = package(study, spec)
    save(files, work.folder / "studies" / study.id)
    define = files.get("submission/define.xml")
    return built, define_findings(define, tables, spec, study.id) if define else []


def _why(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"


def finish(parts: Sequence[tuple[str, Made]], work: Work, spec: Spec) -> Published:
    """Check what was made of a lot, given in pieces of partitions, and write its partitions."""
    whole = nothing()
    for _, made in parts:
        whole.take(made)
    if not whole.built:
        return Published([], whole.refused, {}, Examined([], ()))
    examined = examine(gathered(whole.tables, whole.own, spec), spec, whole.findings)
    faults = Counter(one.study for one in joined(examined.findings) if one.severity == "error")
    for name in sorted({name for name, made in parts if made.built}):
        own = [tables for other, made in parts if other == name for tables in made.tables]
        for place, data in part(name, own, spec):
            save({place: data}, work.folder)
    built = sorted(whole.built, key=lambda one: one.study)
    return Published(built, whole.refused, dict(faults), examined)


def quarantine(item: Item, code: str, detail: str, folder: Path) -> Refused:
    """Keep the input under its hash, never under its own name."""
    data = item.data()
    digest = hashlib.sha256(data).hexdigest()
    save({f"quarantine/{digest[:12]}.input": data}, folder)
    return Refused(item.name, digest, code, detail)
