"""The commands: they parse, call and print, and nothing else."""

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from pipeline import spec as specification
from pipeline.build import Outcome
from pipeline.curation import curations
from pipeline.dictionaries import FOLDER
from pipeline.dictionaries import dictionaries as loaded
from pipeline.issues import CATALOGUE, BadRequest, BadSpec
from pipeline.publish import Packages
from pipeline.sources import items
from pipeline.spec.curation import Curation as Curated
from pipeline.spec.model import Spec
from pipeline.validate.finding import Finding

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Registry records into SDTM trial-design datasets.",
)
console = Console(soft_wrap=True, highlight=False)

SHOWN = 20
CURATION = specification.ROOT / "mappings" / "curation"

Out = Annotated[Path, typer.Option(help="The folder of the build.")]
Curation = Annotated[
    Path | None, typer.Option(help="The folder of curation files; else mappings/curation.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def _status(command: Callable[..., int]) -> Callable[..., None]:
    """Exit with the command's status; a request or specification that cannot be used is 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            status = command(*args, **kwargs)
        except (BadRequest, BadSpec, OSError) as error:
            print(f"registry-sdtm: {error}", file=sys.stderr)  # noqa: T201
            status = 2
        raise typer.Exit(status)

    return run


@app.command()
@_status
def build(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; data/raw when none.")
    ] = None,
    out: Out = Path("data/out"),
    jobs: Annotated[int, typer.Option(min=1, help="Processes that build studies.")] = 1,
    engine: Annotated[str, typer.Option(help="local; spark is not built yet.")] = "local",
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

    if engine != "local":
        raise BadRequest(f"There is no engine '{engine}' yet; use --engine local.")
    named = frozenset() if packages in ("all", "none") else frozenset(packages.split(","))
    wanted = Packages(all=packages == "all", named=named)
    inputs = items(paths or [Path("data/raw")])
    with Console(stderr=True).status("Building …"):  # shown on a terminal only
        known = loaded(dictionaries)
        spec = msgspec.structs.replace(specification.load(sdtmig=standard), dictionaries=known)
        spec = msgspec.structs.replace(spec, curations=_curations(curation, spec))
        outcome = build_all(inputs, out, spec, jobs, wanted)
    if as_json:
        _print_json(outcome)
    else:
        _print_build(outcome, out)
        _print_idle(outcome, spec.curations)
    return 1 if outcome.faults else 0


@app.command()
@_status
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
            _say(_finding(finding))
        _say(f"{len(findings)} findings; the report is {out / 'validation' / 'index.html'}")
    return 1 if any(finding.severity == "error" for finding in findings) else 0


@app.command()
@_status
def explain(
    study: Annotated[str, typer.Argument(help="Registry id, or a STUDYID that is unique.")],
    domain: Annotated[str, typer.Argument(help="TS, TA, TE, TV, TI.")],
    key: Annotated[str, typer.Argument(help="The row: RANDOM, INCL04, ARMCD.1 …")],
    variable: Annotated[
        str, typer.Argument(help="One variable; all that rest on words when left out.")
    ] = "",
    out: Out = Path("data/out"),
    as_json: Json = False,
) -> int:
    """Show where a cell comes from: value, code, the quoted words with their place, the rule."""
    from pipeline.explaining import explain as explained  # noqa: PLC0415

    cells = explained(out, study, domain, key, variable, specification.load())
    if as_json:
        print(json.dumps(cells, ensure_ascii=False))  # noqa: T201
    else:
        for cell in cells:
            _print_cell(cell)
    return 0


@app.command()
@_status
def dictionaries(
    folder: Annotated[Path, typer.Argument(help="The distributors' own files.")] = FOLDER,
) -> int:
    """Check a folder of dictionaries: which they are, which version, and what is left uncoded."""
    from pipeline.dictionaries.telling import told  # noqa: PLC0415

    lines, known = told(folder, specification.load())
    for line in lines:
        _say(line)
    return 0 if known else 1


@app.command()
@_status
def terminology(
    file: Annotated[Path, typer.Argument(help="NCI's SDTM Terminology, .txt or .odm.xml.")],
    date: Annotated[
        str, typer.Option(help="The package's date, when neither the file nor its name says it.")
    ] = "",
) -> int:
    """Take over a package of CDISC terminology, and say what changed in what is used."""
    from pipeline.terminology import renew  # noqa: PLC0415

    for line in renew(file, date) or ["Nothing changed."]:
        _say(line)
    return 0


@app.command()
@_status
def coverage(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")], as_json: Json = False
) -> int:
    """Print each place of the records as read, ignored by name, or unknown (exit 1)."""
    from pipeline.covering import coverage as covered  # noqa: PLC0415

    rows = covered(items(paths), specification.load())
    if as_json:
        print(msgspec.json.encode(rows).decode())  # noqa: T201
    else:
        for row in rows:
            count = str(row.count or "")
            _say(f"{row.state:<8}{count:>8}  {row.format:<14} {row.place}  ({row.about})")
    return 1 if any(row.state == "unknown" for row in rows) else 0


@app.command()
@_status
def curate(
    study: Annotated[str, typer.Argument(help="Registry id, or a STUDYID that is unique.")],
    rows: Annotated[
        list[str] | None, typer.Argument(help="More rows to correct: TS.TTYPE, TI.INCL04 …")
    ] = None,
    out: Out = Path("data/out"),
    curation: Curation = None,
    force: Annotated[bool, typer.Option("--force", help="Write the file anew.")] = False,
) -> int:
    """Write the study's worklist as a curation file to fill in; one that is there is added to."""
    from pipeline.checking import followed  # noqa: PLC0415
    from pipeline.curating import curate as curated  # noqa: PLC0415

    spec = specification.load(sdtmig=followed(out))
    day = dt.datetime.now(dt.UTC).date().isoformat()
    made = curated(out, study, rows or [], curation or CURATION, day, force, spec)
    what = f"{made.entries} {'entry' if made.entries == 1 else 'entries'} to fill in"
    if made.added:
        what = f"{what} added beneath" if made.entries else "it has everything already"
    _say(f"{made.path}: {what}; then build again")
    return 0


def _curations(folder: Path | None, spec: Spec) -> dict[str, Curated]:
    """The curation files of a folder; the usual one need not be there."""
    return curations(folder or CURATION, spec) if folder or CURATION.is_dir() else {}


def _print_idle(outcome: Outcome, known: Iterable[str]) -> None:
    """Name the curation files that are for no record of the build."""
    if len(outcome.built) == len(outcome.studies):
        names = {study.study for study in outcome.built}
        names |= {source.id for study in outcome.built for source in study.records}
        for name in sorted(set(known) - names):
            _say(f"{name}.yaml: no record of this build calls itself {name}")


def _print_build(outcome: Outcome, out: Path) -> None:
    for one in outcome.refused:
        kind = CATALOGUE[one.code]
        what = "quarantined" if one.quarantined else "passed over"
        _say(f"{one.name}: {what}. {kind.sentence} {one.detail} {kind.remedy}")
    for study in outcome.built if len(outcome.studies) <= SHOWN else ():
        absent = study.cells.get("absent", 0)
        counts = f"{sum(study.cells.values()) - absent} values filled, {absent} absent"
        open_tasks, issues = sum(study.worklist.values()), sum(study.issues.values())
        more = f"{open_tasks} to supply or confirm, {issues} issues"
        _say(f"{study.study} ({study.studyid}): {counts}, {more}")
    if len(outcome.studies) > SHOWN:
        _print_formats(outcome)
    found = [_finding(one) for one in outcome.findings if one.severity == "error"]
    errors = list(dict.fromkeys(found))  # what two engines found is said once
    for line in errors[:SHOWN]:
        _say(line)
    if len(errors) > SHOWN:
        _say(f"and {len(errors) - SHOWN} more errors: {out / 'validation' / 'index.html'}")
    quarantined = sum(one.quarantined for one in outcome.refused)
    passed = len(outcome.refused) - quarantined
    records = sum(outcome.formats.values())
    counts = f"{records} built, {quarantined} quarantined, {passed} passed over"
    studies = f"{len(outcome.studies)} {'study' if len(outcome.studies) == 1 else 'studies'}"
    _say(f"records: {outcome.inputs} read, {counts}; {studies}; open {out / 'index.html'}")


def _print_formats(outcome: Outcome) -> None:
    """For each format: its records in studies, and the issues of those studies by code."""
    for form, count in outcome.formats.items():
        noted = ", ".join(f"{code} {number}" for code, number in outcome.codes[form].items())
        _say(f"{form}: {count} records built; issues of their studies: {noted or 'none'}")


def _finding(finding: Finding) -> str:
    place = " ".join(filter(None, (finding.study, finding.domain, finding.key)))
    return f"{finding.severity}: {place}: {finding.message} ({finding.rule})"


def _say(text: str, style: str = "") -> None:
    """Print a line; what a terminal would take for a command is not passed on."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text)
    console.print(shown, style=style, markup=False)


def _print_json(outcome: Outcome) -> None:
    print(msgspec.json.encode(outcome).decode())  # noqa: T201


def _print_cell(cell: dict[str, Any]) -> None:
    _say(f"{cell['domain']} {cell['key']} {cell['variable']} ({cell['label']})", style="bold")
    code = "  ".join(f"{name}={value}" for name, value in cell["code"].items())
    lines = {
        "value": "(none)" if cell["value"] is None else str(cell["value"]),
        "code": code,
        "how": f"{cell['how']}: {cell['means']}" if cell["how"] else cell["means"],
        "rule": f"{cell['rule']}: {cell['method']}" if cell["rule"] else "",
        "why": cell["reason"],
    }
    for name, text in lines.items():
        if text:
            _say(f"  {name:<6} {text}")
    for word in cell["words"]:
        place = f"{word['path'] or 'characters'} {word['start']} to {word['end']}"
        _say(f"  words  “{' '.join(word['quote'].split())}”")
        _say(f"         {word['file']}, {place} ({word['concept']})")
