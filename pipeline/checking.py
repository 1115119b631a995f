"""A build checked again, from its files alone."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from pipeline.examining import Examined, examine, tell
from pipeline.issues import BadRequest
from pipeline.load.package import Built
from pipeline.load.saved import datasets
from pipeline.spec.model import Spec
from pipeline.validate.define import define_findings
from pipeline.validate.finding import Finding
from pipeline.validate.lot import lot
from pipeline.validate.report import read_back

LOT = 1_000
"""Packages that are checked together."""


def check_build(out: Path, spec: Spec) -> list[Finding]:
    """Check a build again from its files alone; a file that is not as its manifest says is a
    finding.

    Raises `BadRequest` when `out` holds no build.
    """
    if not (out / "studies").is_dir():
        raise BadRequest(f"{out} holds no build; run `build` first.")
    homes = sorted(path for path in (out / "studies").iterdir() if path.is_dir())
    changed = [finding for home in homes for finding in _changed(home)]
    lots = [homes[at : at + LOT] for at in range(0, len(homes), LOT)]
    examined = [_examined(some, spec) for some in lots]
    if not changed:
        examined.append(_of_core(out / "validation" / "findings.json"))
    return [*changed, *tell(examined, out, spec)]


def _of_core(report: Path) -> Examined:
    """What CDISC CORE found in this same build, which holds while no file has changed."""
    findings, engines = read_back(report.read_bytes()) if report.exists() else ([], [])
    return Examined(
        [one for one in findings if one.engine == "core"],
        tuple(run for run in engines if run.name == "core"),
    )


def _examined(homes: list[Path], spec: Spec) -> Examined:
    tables = {home.name: datasets(home) for home in homes}
    known = []
    for home in homes:
        define = home / "submission" / "define.xml"
        if define.exists():
            known += define_findings(define.read_bytes(), tables[home.name], spec, home.name)
    return examine(lot(tables.items()), spec, known)


def followed(out: Path) -> str:
    """The version of SDTMIG that a build follows, by its datasets; empty when none says it."""
    for path in sorted(out.glob("studies/*/parquet/*.parquet")):
        said: dict[bytes, bytes] = pq.read_schema(path).metadata or {}
        return said.get(b"sdtmig", b"").decode()
    return ""


def _changed(home: Path) -> Iterator[Finding]:
    built = msgspec.json.decode((home / "manifest.json").read_bytes(), type=Built)
    for name, (_, digest) in built.files.items():
        path = home / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            message = (
                f"{name} is not what the manifest says: it was changed or removed after the build."
            )
            yield Finding(home.name, "native", "MANIFEST", "error", message)
