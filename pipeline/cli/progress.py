"""How far a build is, on a terminal: a bar with rate and time left; nothing elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pipeline.build import Told


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        return Text(f"{task.speed:,.0f} a second" if task.speed else "")


@contextmanager
def shown() -> Iterator[Told]:
    """Where a build says how far it is while this is open."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    terminal = Console(stderr=True)
    known: dict[str, TaskID] = {}
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as progress:

        def told(what: str, total: int | None, more: int) -> None:
            if what not in known:
                known[what] = progress.add_task(what, total=total)
            progress.advance(known[what], more)

        yield told
