"""What every command shares: the application, its common options, the exit status, a line."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipeline import spec as specification
from pipeline.issues import BadRequest, BadSpec
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


def status(command: Callable[..., int]) -> Callable[..., None]:
    """Exit with the command's status; a request or specification that cannot be used is 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except (BadRequest, BadSpec, OSError) as error:
            print(f"registry-sdtm: {error}", file=sys.stderr)  # noqa: T201
            code = 2
        raise typer.Exit(code)

    return run


def say(text: str, style: str = "") -> None:
    """Print a line; what a terminal would take for a command is not passed on."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text)
    console.print(shown, style=style, markup=False)


def told(finding: Finding) -> str:
    """A finding as a line."""
    place = " ".join(filter(None, (finding.study, finding.domain, finding.key)))
    return f"{finding.severity}: {place}: {finding.message} ({finding.rule})"
