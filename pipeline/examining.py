"""Every check on the datasets of some studies, and one report of what they found."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from pipeline.load.saved import save
from pipeline.spec.model import Spec
from pipeline.validate.define import define_findings, define_run
from pipeline.validate.expectations import data_docs, expectations
from pipeline.validate.finding import Finding
from pipeline.validate.lot import lot
from pipeline.validate.native import native_findings, native_run
from pipeline.validate.report import report
from pipeline.validate.run import EngineRun


class Examined(msgspec.Struct, frozen=True):
    """What the checks found on a lot of studies, and which engines looked."""

    findings: list[Finding]
    engines: tuple[EngineRun, ...]


def examine(
    tables: dict[str, dict[str, pa.Table]], folder: Path, spec: Spec, docs: str
) -> Examined:
    """Check datasets by study and domain; the Data Docs go to `docs` below `folder/validation`.

    define.xml is read from each study's submission folder below `folder`.
    """
    whole = lot(tables.items())
    expected, run = expectations(whole, spec)
    findings = [*expected, *native_findings(whole, spec)]
    for study, made in tables.items():
        define = folder / "studies" / study / "submission" / "define.xml"
        if define.exists():
            findings.extend(define_findings(define.read_bytes(), made, spec, study))
    data_docs(run, folder / "validation" / docs, "../" * (docs.count("/") + 1) + "index.html")
    return Examined(sorted(findings), (run.engine, native_run(), *define_run()))


def tell(examined: Sequence[Examined], folder: Path) -> list[Finding]:
    """All findings of all lots; their report goes to `folder/validation`."""
    findings = sorted(finding for one in examined for finding in one.findings)
    html, lines, data = report(findings, _engines(one.engines for one in examined))
    files = {"index.html": html, "findings.csv": lines, "findings.json": data}
    save({f"validation/{name}": content for name, content in files.items()}, folder)
    return findings


def _engines(runs: Iterable[Sequence[EngineRun]]) -> list[EngineRun]:
    """Each engine once: a rule that ran on any lot ran."""
    found: dict[str, EngineRun] = {}
    for run in (one for engines in runs for one in engines):
        before = found.get(run.name, run)
        rules = dict.fromkeys((*before.rules, *run.rules))
        skipped = tuple(skip for skip in run.skipped if skip[0] not in rules)
        found[run.name] = EngineRun(run.name, run.version, tuple(rules), skipped)
    return list(found.values())
