"""Every check on the datasets of some studies, and one report of what they found."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from pipeline.load.saved import save
from pipeline.spec.model import Spec
from pipeline.validate.asserting import Sample, assertable
from pipeline.validate.checks import asked
from pipeline.validate.define import define_run
from pipeline.validate.expectations import asserted, data_docs
from pipeline.validate.finding import Finding
from pipeline.validate.lot import Lot
from pipeline.validate.native import native_of, native_run
from pipeline.validate.report import report
from pipeline.validate.run import EngineRun


class Examined(msgspec.Struct, frozen=True):
    """What the checks found on a lot of studies, which engines looked, and the rows that Great
    Expectations is to look at.
    """

    findings: list[Finding]
    engines: tuple[EngineRun, ...]
    samples: tuple[Sample, ...] = ()


def examine(lot: Lot, spec: Spec, known: Sequence[Finding] = ()) -> Examined:
    """Ask every rule of every row of a lot; `known` are findings made before."""
    answers = asked(lot, spec)
    findings = sorted([*known, *native_of(answers, spec)])
    return Examined(findings, (native_run(), *define_run()), assertable(lot, answers, spec))


def tell(
    examined: Sequence[Examined], folder: Path, spec: Spec, *, docs: bool = True
) -> list[Finding]:
    """All findings of all lots; their report and the Data Docs (unless they are not wanted) go to
    `folder/validation`.

    Great Expectations is asked once, whatever the number of lots.
    """
    native = [finding for one in examined for finding in one.findings]
    engines = [one.engines for one in examined]
    expected: list[Finding] = []
    if any(one.samples for one in examined):
        expected, run = asserted([one.samples for one in examined], native, spec, told=docs)
        if docs:
            data_docs(run, folder / "validation" / "docs")
        engines.insert(0, (run.engine,))
    findings = sorted([*expected, *native])
    html, lines, data = report(findings, _engines(engines))
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
