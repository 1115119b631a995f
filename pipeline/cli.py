"""The commands: they parse, call and print, and nothing else."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from pipeline import spec as specification
from pipeline.build import Outcome
from pipeline.issues import CATALOGUE, BadRequest, BadSpec
from pipeline.publish import Packages
from pipeline.sources import items
from pipeline.validate.finding import Finding

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Registry records into SDTM trial-design datasets.",
)
console = Console(soft_wrap=True, highlight=False)

SHOWN = 20

Out = Annotated[Path, typer.Option(help="The folder of the build.")]
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
        outcome = build_all(inputs, out, specification.load(), jobs, wanted)
    if as_json:
        _print_json(outcome)
    else:
        _print_build(outcome, out)
    return 1 if outcome.faults else 0


@app.command()
@_status
def check(
    out: Annotated[Path, typer.Argument(help="The folder of the build.")] = Path("data/out"),
    as_json: Json = False,
) -> int:
    """Validate what stands in an output folder again, from its files alone."""
    from pipeline.checking import check_build  # noqa: PLC0415

    findings = check_build(out, specification.load())
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


def _print_build(outcome: Outcome, out: Path) -> None:
    for one in outcome.refused:
        kind = CATALOGUE[one.code]
        what = "quarantined" if one.quarantined else "passed over"
        _say(f"{one.name}: {what}. {kind.sentence} {one.detail} {kind.remedy}")
    for study in outcome.built if len(outcome.built) <= SHOWN else ():
        absent = study.cells.get("absent", 0)
        counts = f"{sum(study.cells.values()) - absent} values filled, {absent} absent"
        open_tasks, issues = sum(study.worklist.values()), sum(study.issues.values())
        more = f"{open_tasks} to supply or confirm, {issues} issues"
        _say(f"{study.study} ({study.studyid}): {counts}, {more}")
    if len(outcome.built) > SHOWN:
        _print_formats(outcome)
    found = [_finding(one) for one in outcome.findings if one.severity == "error"]
    errors = list(dict.fromkeys(found))  # what two engines found is said once
    for line in errors[:SHOWN]:
        _say(line)
    if len(errors) > SHOWN:
        _say(f"and {len(errors) - SHOWN} more errors: {out / 'validation' / 'index.html'}")
    quarantined = sum(one.quarantined for one in outcome.refused)
    passed = len(outcome.refused) - quarantined
    records = sum(len(study.records) for study in outcome.built)
    counts = f"{records} built, {quarantined} quarantined, {passed} passed over"
    studies = f"{len(outcome.built)} {'study' if len(outcome.built) == 1 else 'studies'}"
    _say(f"records: {outcome.inputs} read, {counts}; {studies}; open {out / 'index.html'}")


def _print_formats(outcome: Outcome) -> None:
    """For each format: its records in studies, and the issues of those studies by code."""
    records: Counter[str] = Counter()
    codes: dict[str, Counter[str]] = {}
    for study in outcome.built:
        records.update(source.format for source in study.records)
        for form in {source.format for source in study.records}:
            codes.setdefault(form, Counter()).update(study.codes)
    for form, count in sorted(records.items()):
        noted = ", ".join(f"{code} {number}" for code, number in codes[form].most_common())
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
