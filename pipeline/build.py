"""A whole build: inputs become packages and the lake in a staging folder, which then takes the old
one's place.
"""

import hashlib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.checking import check
from pipeline.engines.local import publish_all
from pipeline.extract import read
from pipeline.issues import CATALOGUE, BadRequest, Unreadable
from pipeline.join import join
from pipeline.load.lake import lake
from pipeline.load.lists import table_csv
from pipeline.load.package import Built
from pipeline.load.saved import datasets, save
from pipeline.publish import Packages
from pipeline.sources import Item
from pipeline.spec.model import Spec
from pipeline.study import study_id
from pipeline.validate.finding import Finding
from pipeline.validate.report import joined
from pipeline.values import Record

OURS = "build.json"


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


class Outcome(msgspec.Struct, frozen=True):
    """What a build did: the studies, what was refused, and what the checks found."""

    inputs: int
    built: list[Built]
    refused: list[Refused]
    findings: list[Finding]
    seconds: float

    @property
    def faults(self) -> int:
        """What makes the exit status 1: quarantined inputs, and findings and issues that are
        errors.
        """
        refused = sum(one.quarantined for one in self.refused)
        found = sum(finding.severity == "error" for finding in self.findings)
        return refused + found + sum(study.issues.get("error", 0) for study in self.built)


def build(
    inputs: Iterable[Item],
    out: Path,
    spec: Spec,
    jobs: int = 1,
    packages: Packages = Packages(),  # noqa: B008 - frozen
) -> Outcome:
    """Build every input into `out`, complete or not at all; an earlier build there is replaced.

    Raises `BadRequest` when `out` holds something that is no build.
    """
    begun = time.time()
    _check_place(out)
    staging = out.parent / f".{out.name}.building-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        records, refused, count = _read_all(inputs, staging, spec)
        named = _studies([record for _, record in records], spec)
        studies = [groups[0] for groups in named.values()]
        results = publish_all(studies, staging, spec, packages, jobs)
        built = [result for result in results if not isinstance(result, str)]
        failed = [
            ("build.failed", group, why)
            for group, why in zip(studies, results, strict=True)
            if isinstance(why, str)
        ]
        failed += [
            ("join.same-name", group, name)
            for name, groups in named.items()
            for group in groups[1:]
        ]
        origins = {record.source.name: item for item, record in records}
        refused += [
            _quarantine(origins[record.source.name], code, why, staging)
            for code, group, why in failed
            for record in group
        ]
        tables = {study.study: datasets(staging / "studies" / study.study) for study in built}
        findings = check(tables, staging, spec)
        faults = Counter(one.study for one in joined(findings) if one.severity == "error")
        save(lake(built, tables, faults, spec), staging)
        for study in built:
            if not study.files:
                shutil.rmtree(staging / "studies" / study.study)
        outcome = Outcome(count, built, refused, findings, time.time() - begun)
        save(dict(_records_of(outcome, begun)), staging)
        if (out / "runs").is_dir():
            shutil.copytree(out / "runs", staging / "runs", dirs_exist_ok=True)
        _swap(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return outcome


def _check_place(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / OURS).exists())):
        raise BadRequest(
            f"{out} holds something that is no build of this program; name another folder."
        )
    out.parent.mkdir(parents=True, exist_ok=True)


def _read_all(
    inputs: Iterable[Item], staging: Path, spec: Spec
) -> tuple[list[tuple[Item, Record]], list[Refused], int]:
    records: list[tuple[Item, Record]] = []
    refused: list[Refused] = []
    for item in inputs:
        if item.fault:
            refused.append(_quarantine(item, item.fault.code, item.fault.detail, staging))
            continue
        for found in read(item.data(), item.name, spec):
            if isinstance(found, Unreadable):
                refused.append(_quarantine(item, found.code, found.detail, staging))
            else:
                records.append((item, found))
    return records, refused, len(records) + len(refused)


def _studies(records: Sequence[Record], spec: Spec) -> dict[str, list[list[Record]]]:
    """The records grouped by trial, by the name of the study; doubtful links go along as issues."""
    groups, issues = join(records, spec)
    noted = {issue.source.name: issue for issue in issues if issue.source}
    named: dict[str, list[list[Record]]] = {}
    for group in groups:
        told = [
            msgspec.structs.replace(record, issues=(*record.issues, noted[record.source.name]))
            if record.source.name in noted
            else record
            for record in group
        ]
        named.setdefault(study_id(told, spec), []).append(told)
    return dict(sorted(named.items()))


def _quarantine(item: Item, code: str, detail: str, staging: Path) -> Refused:
    """Keep the input under its hash, never under its own name."""
    data = item.data()
    digest = hashlib.sha256(data).hexdigest()
    save({f"quarantine/{digest[:12]}.input": data}, staging)
    return Refused(item.name, digest, code, detail)


def _records_of(outcome: Outcome, begun: float) -> Iterator[tuple[str, bytes]]:
    """What was built and refused (the same for the same inputs), and, apart, when it ran."""
    quarantined = sum(one.quarantined for one in outcome.refused)
    counts = {
        "inputs": outcome.inputs,
        "built": sum(len(study.records) for study in outcome.built),
        "quarantined": quarantined,
        "passed over": len(outcome.refused) - quarantined,
    }
    refused = [msgspec.to_builtins(one) for one in outcome.refused]
    yield OURS, _json(counts | {"studies": [s.study for s in outcome.built], "refused": refused})
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


def _swap(staging: Path, out: Path) -> None:
    """Put the new build in the old one's place with two renames."""
    old = out.parent / f".{out.name}.old-{os.getpid()}"
    if out.exists():
        out.rename(old)
    staging.rename(out)
    shutil.rmtree(old, ignore_errors=True)
