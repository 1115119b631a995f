"""The commands for what people bring: curation files, dictionaries, terminology."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from pipeline import spec as specification
from pipeline.cli.app import CURATION, Curation, Out, app, say, status
from pipeline.dictionaries import FOLDER


@app.command()
@status
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
    say(f"{made.path}: {what}; then build again")
    return 0


@app.command()
@status
def dictionaries(
    folder: Annotated[Path, typer.Argument(help="The distributors' own files.")] = FOLDER,
) -> int:
    """Check a folder of dictionaries: which they are, which version, and what is left uncoded."""
    from pipeline.dictionaries.telling import told  # noqa: PLC0415

    lines, known = told(folder, specification.load())
    for line in lines:
        say(line)
    return 0 if known else 1


@app.command()
@status
def terminology(
    file: Annotated[Path, typer.Argument(help="NCI's SDTM Terminology, .txt or .odm.xml.")],
    date: Annotated[
        str, typer.Option(help="The package's date, when neither the file nor its name says it.")
    ] = "",
) -> int:
    """Take over a package of CDISC terminology, and say what changed in what is used."""
    from pipeline.terminology import renew  # noqa: PLC0415

    for line in renew(file, date) or ["Nothing changed."]:
        say(line)
    return 0
