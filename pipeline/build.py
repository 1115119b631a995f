"""A whole build: inputs become packages and the lake in a staging folder, which then takes the old
one's place.
"""

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from glob import escape
from itertools import count
from pathlib import Path
from typing import TypeAlias

import msgspec
from filelock import FileLock, Timeout

from pipeline.engines.local import publish_all
from pipeline.examining import Examined, tell
from pipeline.issues import CATALOGUE, BadRequest
from pipeline.journal import Journal, close, key_of
from pipeline.load.lake import described, index, line
from pipeline.load.lists import table_csv
from pipeline.load.package import Built
from pipeline.load.pages import StudyLine
from pipeline.load.saved import save
from pipeline.plan import SMALL, Lot, plan, records_of
from pipeline.publish import Packages, Published, Refused, Work, quarantine
from pipeline.sources import Item
from pipeline.spec.model import Spec
from pipeline.validate.finding import Finding

OURS = "build.json"

Made: TypeAlias = Callable[[int], None]
Publish: TypeAlias = Callable[[Iterable[Lot], Work, Spec, Made], Iterator[Published]]
"""An engine: lots published in their order; it tells how many more studies are made."""

Told: TypeAlias = Callable[[str, int | None, int], None]
"""Hears of what, out of how many (if known), and how many more are done."""


def silent(what: str, total: int | None, more: int) -> None:
    """Tell nobody."""


class Outcome(msgspec.Struct, frozen=True):
    """What a build did: how many inputs there were, which studies, what was refused and found.

    `built` are the studies themselves where they have packages or are few; `formats` counts the
    records by format, `codes` the issues of their studies by format and code, `errors` those
    issues that are errors.
    """

    inputs: int
    studies: list[str]
    built: list[Built]
    refused: list[Refused]
    findings: list[Finding]
    formats: dict[str, int]
    codes: dict[str, dict[str, int]]
    errors: int
    seconds: float

    @property
    def faults(self) -> int:
        """What makes the exit status 1: quarantined inputs, and findings and issues that are
        errors.
        """
        refused = sum(one.quarantined for one in self.refused)
        return refused + sum(finding.severity == "error" for finding in self.findings) + self.errors


def build(
    inputs: Iterable[Item],
    out: Path,
    spec: Spec,
    jobs: int = 1,
    packages: Packages = Packages(),  # noqa: B008 - frozen
    publish: Publish | None = None,
    told: Told = silent,
    *,
    docs: bool = True,
) -> Outcome:
    """Build every input into `out`, complete or not at all; an earlier build there is replaced.

    Lots are published by `jobs` processes of this machine, or by the engine that is given. A build
    that was cut off is gone on with. `told` hears how far this one is. Without `docs` it has no
    Data Docs, and the lake no define.xml.

    Raises `BadRequest` when `out` holds something that is no build.
    """
    begun = time.time()
    _check_place(out)
    staging = out.parent / f".{out.name}.building"
    shelves = out.parent / f".{out.name}.inputs"
    with _alone(out):
        _put_back(out)
        shutil.rmtree(shelves, ignore_errors=True)
        shelves.mkdir(parents=True)
        try:
            work = Work(shelves, staging, packages, docs=docs)
            engine = publish or partial(publish_all, jobs=jobs)
            outcome = _built(inputs, work, spec, engine, begun, told)
            if (out / "runs").is_dir():
                shutil.copytree(out / "runs", staging / "runs", dirs_exist_ok=True)
            _swap(staging, out)
        finally:
            shutil.rmtree(shelves, ignore_errors=True)
    return outcome


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the place of the build; raises `BadRequest` while another one is building there."""
    try:
        with FileLock(out.parent / f".{out.name}.lock", timeout=0):
            yield
    except Timeout as error:
        raise BadRequest(f"Another build is writing to {out}; wait until it is done.") from error


def _built(
    inputs: Iterable[Item], work: Work, spec: Spec, publish: Publish, begun: float, told: Told
) -> Outcome:
    refused: list[Refused] = []

    def refuse(item: Item, code: str, detail: str) -> None:
        refused.append(quarantine(item, code, detail, work.shelves))

    planned = plan(inputs, work.shelves, refuse, spec, partial(told, "records read", None))
    unreadable = len(refused)
    for double, found in records_of(planned.doubles, work.shelves, spec):
        for item, _ in found:
            refuse(item, "join.same-name", double.study)
    journal = Journal(work.folder, key_of(planned.digest, work.packages, spec))
    (work.folder / "studies").mkdir(exist_ok=True)
    if refused:
        kept = work.folder / "quarantine"
        shutil.copytree(work.shelves / "quarantine", kept, dirs_exist_ok=True)
    few = planned.studies <= SMALL
    tally = _Tally(few, [], [], [], Counter(), {})
    lots = (lot for number, lot in enumerate(planned.lots()) if not journal.published(number))
    made = partial(told, "studies built", planned.studies)
    going = publish(lots, msgspec.structs.replace(work, few=few), spec, made)
    for number in count():
        published = journal.published(number)
        if published is not None:
            made(len(published.built))
        elif (published := next(going, None)) is not None:
            journal.note(number, published)
        else:
            break
        refused.extend(published.refused)
        tally.add(published)
    save(index(tally.lines, spec), work.folder)
    if work.docs:
        save(described(work.folder, tally.lines, spec), work.folder)
    outcome = Outcome(
        inputs=planned.records + unreadable,
        studies=[one.id for one in tally.lines],
        built=tally.built,
        refused=refused,
        findings=tell(tally.examined, work.folder, spec, docs=work.docs),
        formats=dict(sorted(tally.formats.items())),
        codes={form: dict(count.most_common()) for form, count in sorted(tally.codes.items())},
        errors=tally.errors,
        seconds=time.time() - begun,
    )
    save(dict(_records_of(outcome, begun)), work.folder)
    return outcome


class _Tally(msgspec.Struct):
    """What is kept of the studies when they are published; `few` keeps them whole."""

    few: bool
    built: list[Built]
    lines: list[StudyLine]
    examined: list[Examined]
    formats: Counter[str]
    codes: dict[str, Counter[str]]
    errors: int = 0

    def add(self, published: Published) -> None:
        self.examined.append(published.examined)
        for study in published.built:
            self.lines.append(line(study, published.faults.get(study.study, 0)))
            self.formats.update(source.format for source in study.records)
            for form in {source.format for source in study.records}:
                self.codes.setdefault(form, Counter()).update(study.codes)
            self.errors += study.issues.get("error", 0)
            if self.few or study.files:
                self.built.append(study)


def _check_place(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / OURS).exists())):
        raise BadRequest(
            f"{out} holds something that is no build of this program; name another folder."
        )
    out.parent.mkdir(parents=True, exist_ok=True)


def _records_of(outcome: Outcome, begun: float) -> Iterator[tuple[str, bytes]]:
    """What was built and refused (the same for the same inputs), and, apart, when it ran."""
    quarantined = sum(one.quarantined for one in outcome.refused)
    counts = {
        "inputs": outcome.inputs,
        "built": sum(outcome.formats.values()),
        "quarantined": quarantined,
        "passed over": len(outcome.refused) - quarantined,
    }
    refused = [msgspec.to_builtins(one) for one in outcome.refused]
    yield OURS, _json(counts | {"studies": outcome.studies, "refused": refused})
    when = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(begun))
    run = {"begun": when, "seconds": round(outcome.seconds, 2), "findings": len(outcome.findings)}
    yield f"runs/{when}.json", _json(run | counts | {"faults": outcome.faults})
    if outcome.refused:
        yield "quarantine/quarantine.csv", _refusals(outcome.refused)


def _refusals(refused: Sequence[Refused]) -> bytes:
    rows = (
        (one.name, one.sha256, one.code, kind.sentence, one.detail, kind.remedy, kept)
        for one in refused
        for kind in [CATALOGUE[one.code]]
        for kept in [f"{one.sha256[:12]}.input" if one.quarantined else ""]
    )
    return table_csv(("name", "sha256", "code", "sentence", "detail", "remedy", "kept as"), rows)


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def _put_back(out: Path) -> None:
    """A build that was taken away and not replaced returns; of one that was, what is left goes."""
    for old in out.parent.glob(f".{escape(out.name)}.old-*"):
        if not out.exists():
            old.rename(out)
        elif old.is_symlink():
            old.unlink()
        else:
            shutil.rmtree(old, ignore_errors=True)


def _swap(staging: Path, out: Path) -> None:
    """Put the new build in the old one's place with two renames."""
    close(staging)
    old = out.parent / f".{out.name}.old-{os.getpid()}"
    if out.exists():
        out.rename(old)
    staging.rename(out)
    if old.is_symlink():  # an update had published there; the builds that it keeps are its own
        old.unlink()
    else:
        shutil.rmtree(old, ignore_errors=True)
