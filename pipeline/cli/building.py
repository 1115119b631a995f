"""The commands that make and check a build."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pipeline import spec as specification
from pipeline.build import Outcome
from pipeline.cli.app import CURATION, SHOWN, Curation, Json, app, say, status, told
from pipeline.curation import curations
from pipeline.dictionaries import dictionaries as loaded
from pipeline.issues import CATALOGUE, BadRequest
from pipeline.publish import Packages
from pipeline.sources import items
from pipeline.spec.curation import Curation as Curated
from pipeline.spec.model import Spec


@app.command()
@status
def build(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; data/raw when none.")
    ] = None,
    out: Annotated[
        str, typer.Option(help="The folder of the build; with Spark also an address (s3://…).")
    ] = "data/out",
    jobs: Annotated[int, typer.Option(min=1, help="Processes that build studies.")] = 1,
    engine: Annotated[str, typer.Option(help="local, or spark: docs/scale.md.")] = "local",
    master: Annotated[
        str, typer.Option(help="Spark's master, such as local[2]; else as Spark is set up.")
    ] = "",
    packages: Annotated[str, typer.Option(help="all, none, or registry ids with commas.")] = "all",
    standard: Annotated[
        str, typer.Option(help="The version of SDTMIG to follow; else the newest.")
    ] = "",
    dictionaries: Annotated[
        Path | None, typer.Option(help="A folder of UNII, SNOMED CT, MED-RT; else dictionaries.")
    ] = None,
    curation: Curation = None,
    as_json: Json = False,
) -> int:
    """Make the datasets of every record in PATHS: 0 all built and valid, 1 something was not, 2
    unusable.
    """
    from pipeline.build import build as build_all  # noqa: PLC0415 - validation imports take seconds
    from pipeline.spread import build_over_spark  # noqa: PLC0415

    if engine not in ("local", "spark"):
        raise BadRequest(f"There is no engine '{engine}'; there are local and spark.")
    if engine == "local" and (master or "://" in out):
        raise BadRequest("--master and an address as --out need --engine spark.")
    named = frozenset() if packages in ("all", "none") else frozenset(packages.split(","))
    wanted = Packages(all=packages == "all", named=named)
    inputs = items(paths or [Path("data/raw")])
    from pipeline.cli.progress import shown  # noqa: PLC0415

    with shown() as told_by_build:
        known = loaded(dictionaries)
        spec = msgspec.structs.replace(specification.load(sdtmig=standard), dictionaries=known)
        spec = msgspec.structs.replace(spec, curations=_curations(curation, spec))
        if engine == "spark":
            outcome = build_over_spark(inputs, out, spec, wanted, master, told_by_build)
        else:
            outcome = build_all(inputs, Path(out), spec, jobs, wanted, told=told_by_build)
    if as_json:
        _print_json(outcome)
    else:
        _print_build(outcome, out)
        _print_idle(outcome, spec.curations)
    return 1 if outcome.faults else 0


@app.command()
@status
def check(
    out: Annotated[Path, typer.Argument(help="The folder of the build.")] = Path("data/out"),
    as_json: Json = False,
) -> int:
    """Validate what stands in an output folder again, from its files alone."""
    from pipeline.checking import check_build, followed  # noqa: PLC0415

    findings = check_build(out, specification.load(sdtmig=followed(out)))
    if as_json:
        print(json.dumps([msgspec.to_builtins(finding) for finding in findings]))  # noqa: T201
    else:
        for finding in findings:
            say(told(finding))
        say(f"{len(findings)} findings; the report is {out / 'validation' / 'index.html'}")
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _curations(folder: Path | None, spec: Spec) -> dict[str, Curated]:
    """The curation files of a folder; the usual one need not be there."""
    return curations(folder or CURATION, spec) if folder or CURATION.is_dir() else {}


def _print_idle(outcome: Outcome, known: Iterable[str]) -> None:
    """Name the curation files that are for no record of the build."""
    if len(outcome.built) == len(outcome.studies):
        names = {study.study for study in outcome.built}
        names |= {source.id for study in outcome.built for source in study.records}
        for name in sorted(set(known) - names):
            say(f"{name}.yaml: no record of this build calls itself {name}")


def _print_build(outcome: Outcome, out: str) -> None:
    for one in outcome.refused:
        kind = CATALOGUE[one.code]
        what = "quarantined" if one.quarantined else "passed over"
        say(f"{one.name}: {what}. {kind.sentence} {one.detail} {kind.remedy}")
    for study in outcome.built if len(outcome.studies) <= SHOWN else ():
        absent = study.cells.get("absent", 0)
        counts = f"{sum(study.cells.values()) - absent} values filled, {absent} absent"
        open_tasks, issues = sum(study.worklist.values()), sum(study.issues.values())
        more = f"{open_tasks} to supply or confirm, {issues} issues"
        say(f"{study.study} ({study.studyid}): {counts}, {more}")
    if len(outcome.studies) > SHOWN:
        _print_formats(outcome)
    found = [told(one) for one in outcome.findings if one.severity == "error"]
    errors = list(dict.fromkeys(found))  # what two engines found is said once
    for line in errors[:SHOWN]:
        say(line)
    if len(errors) > SHOWN:
        say(f"and {len(errors) - SHOWN} more errors: {out}/validation/index.html")
    quarantined = sum(one.quarantined for one in outcome.refused)
    passed = len(outcome.refused) - quarantined
    records = sum(outcome.formats.values())
    counts = f"{records} built, {quarantined} quarantined, {passed} passed over"
    studies = f"{len(outcome.studies)} {'study' if len(outcome.studies) == 1 else 'studies'}"
    say(f"records: {outcome.inputs} read, {counts}; {studies}; open {out}/index.html")


def _print_formats(outcome: Outcome) -> None:
    """For each format: its records in studies, and the issues of those studies by code."""
    for form, count in outcome.formats.items():
        noted = ", ".join(f"{code} {number}" for code, number in outcome.codes[form].items())
        say(f"{form}: {count} records built; issues of their studies: {noted or 'none'}")


def _print_json(outcome: Outcome) -> None:
    print(msgspec.json.encode(outcome).decode())  # noqa: T201
