"""The commands of a schedule: update, diff, rollback."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console

from pipeline import spec as specification
from pipeline.cli.app import CURATION, SHOWN, Json, Out, app, say, status
from pipeline.curation import curations
from pipeline.dictionaries import dictionaries as loaded
from pipeline.issues import BadRequest
from pipeline.publish import Packages

if TYPE_CHECKING:
    from pipeline.update.run import Run
    from pipeline.update.values import Scope

Home = Annotated[Path, typer.Option(help="The folder of the raw store, builds and reports.")]
HOME = Path("data/registry")
STATUS = {"unchanged": 0, "published": 3, "stopped": 4}


@app.command()
@status
def update(
    registry: Annotated[
        str, typer.Option(help="The registry of --ids, --search, --all.")
    ] = "ctgov",
    ids: Annotated[str, typer.Option(help="Numbers to follow from now on, with commas.")] = "",
    search: Annotated[str, typer.Option(help="A search to follow from now on.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Follow the whole registry.")] = False,
    sweep: Annotated[bool, typer.Option("--sweep", help="Look for records that are gone.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Build and publish in any case.")] = False,
    folder: Annotated[Path, typer.Option(help="The folder that is watched.")] = Path("data/raw"),
    home: Home = HOME,
    out: Out = Path("data/out"),
    jobs: Annotated[int, typer.Option(min=1, help="Processes that build studies.")] = 1,
    packages: Annotated[str, typer.Option(help="all, none, or registry ids with commas.")] = "all",
    standard: Annotated[
        str, typer.Option(help="The version of SDTMIG to follow; else the newest.")
    ] = "",
    dictionaries: Annotated[
        Path | None, typer.Option(help="A folder of UNII, SNOMED CT, MED-RT; else dictionaries.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Bring the raw store up to date and publish what changed: 0 nothing did, 3 published, 1
    published but records are held back, 4 not published, 2 could not.
    """
    from pipeline.update.run import Asked  # noqa: PLC0415 - validation imports take seconds
    from pipeline.update.run import update as run  # noqa: PLC0415
    from pipeline.update.settings import settings  # noqa: PLC0415

    wanted = Packages(
        all=packages == "all",
        named=frozenset() if packages in ("all", "none") else frozenset(packages.split(",")),
    )
    spec = msgspec.structs.replace(
        specification.load(sdtmig=standard), dictionaries=loaded(dictionaries)
    )
    known = curations(CURATION, spec) if CURATION.is_dir() else {}
    spec = msgspec.structs.replace(spec, curations=known)
    scopes = _scopes(registry, ids, search, everything)
    asked = Asked(home, out, folder, scopes, sweep, force, jobs, wanted)
    with Console(stderr=True).status("Updating …"):
        done = run(asked, settings(), spec)
    if as_json:
        print(msgspec.json.encode(done).decode())  # noqa: T201
    else:
        _print(done, home)
    return 1 if done.status == "published" and done.held else STATUS[done.status]


def _scopes(registry: str, ids: str, search: str, everything: bool) -> "tuple[Scope, ...]":
    from pipeline.update.clients import client  # noqa: PLC0415
    from pipeline.update.values import Scope  # noqa: PLC0415

    if sum(map(bool, (ids, search, everything))) > 1:
        raise BadRequest("Name one of --ids, --search and --all; they are followed one by one.")
    client(registry)
    numbers = tuple(dict.fromkeys(filter(None, (one.strip() for one in ids.split(",")))))
    return (Scope(registry, numbers, search),) if numbers or search or everything else ()


def _print(done: "Run", home: Path) -> None:
    from pipeline.update.report import line  # noqa: PLC0415

    brought = done.brought
    counts = (
        f"{brought.fetched} records came, {brought.changed} new or changed, {brought.gone} gone"
    )
    say(f"{done.status}: {counts}")
    for why in done.why:
        say(why)
    for held in done.held:
        say(f"{held.id} is held back, its earlier version stays: {held.why}")
    if done.report:
        for change in done.report.changes[:SHOWN]:
            say(line(change))
        say(f"the report: {home / 'reports' / done.report.run / 'report.html'}")


@app.command()
@status
def diff(
    old: Annotated[Path, typer.Argument(help="The folder of a build.")],
    new: Annotated[Path, typer.Argument(help="The folder of a later build.")],
    page: Annotated[Path | None, typer.Option(help="Write the changes as a page, too.")] = None,
    as_json: Json = False,
) -> int:
    """Print what differs between two builds, row by row: 0 nothing does, 3 something."""
    from pipeline.diffing import diff as compared  # noqa: PLC0415
    from pipeline.update.report import changes_page, line  # noqa: PLC0415

    changes = compared(old, new)
    if as_json:
        print(msgspec.json.encode(changes).decode())  # noqa: T201
    else:
        for change in changes:
            say(line(change))
        say(f"{len(changes)} changes")
    if page:
        page.write_bytes(changes_page("Changes", f"{len(changes)} changes", [], changes))
    return 3 if changes else 0


@app.command()
@status
def rollback(
    build: Annotated[str, typer.Argument(help="A published build; listed when left out.")] = "",
    home: Home = HOME,
    out: Out = Path("data/out"),
) -> int:
    """List the published builds that are still there, or return to one of them."""
    from pipeline.update.lock import alone  # noqa: PLC0415
    from pipeline.update.published import listed  # noqa: PLC0415
    from pipeline.update.published import rollback as returned  # noqa: PLC0415
    from pipeline.update.store import NAME, Store  # noqa: PLC0415

    if not (home / NAME).exists():
        raise BadRequest(f"{home} holds no store; run `update` first.")
    with alone(home):
        store = Store(home)
        try:
            if build:
                found = returned(store, build, out)
                say(f"{out} is the build {found.build} again; `update --force` publishes a new one")
            else:
                for one in listed(store):
                    say(f"{one.build}  published {one.at} ({one.how})")
        finally:
            store.close()
    return 0
