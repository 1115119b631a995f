"""The commands that ask: where a cell comes from, and what of the records is read."""

import json
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from pipeline import spec as specification
from pipeline.cli.app import Json, Out, app, say, status
from pipeline.sources import items


@app.command()
@status
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
@status
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
            say(f"{row.state:<8}{count:>8}  {row.format:<14} {row.place}  ({row.about})")
    return 1 if any(row.state == "unknown" for row in rows) else 0


@app.command()
@status
def reference(
    to: Annotated[Path, typer.Option(help="The folder of the pages.")] = Path("build/docs"),
) -> int:
    """Write what the specification says of each Trial Summary parameter as a page."""
    from pipeline.reference import parameters_page  # noqa: PLC0415

    to.mkdir(parents=True, exist_ok=True)
    page = to / "ts-parameters.md"
    page.write_text(parameters_page(specification.load()), encoding="utf-8", newline="\n")
    say(f"{page} is written.")
    return 0


def _print_cell(cell: dict[str, Any]) -> None:
    say(f"{cell['domain']} {cell['key']} {cell['variable']} ({cell['label']})", style="bold")
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
            say(f"  {name:<6} {text}")
    for word in cell["words"]:
        place = f"{word['path'] or 'characters'} {word['start']} to {word['end']}"
        say(f"  words  “{' '.join(word['quote'].split())}”")
        say(f"         {word['file']}, {place} ({word['concept']})")
