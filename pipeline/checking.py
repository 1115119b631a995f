"""Every check on a build: expectations, native rules, define.xml; findings and one report."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa

from pipeline.issues import BadRequest
from pipeline.load.package import Built
from pipeline.load.saved import datasets, save
from pipeline.spec.model import Spec
from pipeline.validate.define import define_findings, define_run
from pipeline.validate.expectations import data_docs, expectations
from pipeline.validate.finding import Finding
from pipeline.validate.lot import lot
from pipeline.validate.native import native_findings, native_run
from pipeline.validate.report import report


def check(tables: dict[str, dict[str, pa.Table]], folder: Path, spec: Spec) -> list[Finding]:
    """Findings on the datasets by study and domain; the report and the Data Docs go to
    `folder/validation`.

    define.xml is read from each study's submission folder below `folder`.
    """
    whole = lot(tables.items())
    expected, run = expectations(whole, spec)
    findings = [*expected, *native_findings(whole, spec)]
    for study, made in tables.items():
        define = folder / "studies" / study / "submission" / "define.xml"
        if define.exists():
            findings.extend(define_findings(define.read_bytes(), made, spec, study))
    findings.sort()
    html, lines, data = report(findings, [run.engine, native_run(), *define_run()])
    files = {"index.html": html, "findings.csv": lines, "findings.json": data}
    save({f"validation/{name}": content for name, content in files.items()}, folder)
    data_docs(run, folder / "validation" / "docs")
    return findings


def check_build(out: Path, spec: Spec) -> list[Finding]:
    """Check a build again from its files alone; a file that is not as its manifest says is a
    finding.

    Raises `BadRequest` when `out` holds no build.
    """
    if not (out / "studies").is_dir():
        raise BadRequest(f"{out} holds no build; run `build` first.")
    homes = sorted(path for path in (out / "studies").iterdir() if path.is_dir())
    changed = [finding for home in homes for finding in _changed(home)]
    return [*changed, *check({home.name: datasets(home) for home in homes}, out, spec)]


def _changed(home: Path) -> Iterator[Finding]:
    built = msgspec.json.decode((home / "manifest.json").read_bytes(), type=Built)
    for name, (_, digest) in built.files.items():
        path = home / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            message = (
                f"{name} is not what the manifest says: it was changed or removed after the build."
            )
            yield Finding(home.name, "native", "MANIFEST", "error", message)
