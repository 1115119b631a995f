"""Curation, last of all rules: what a person decided stands in the tables, marked and reasoned."""

from collections.abc import Iterable, Sequence

from pipeline.spec.curation import Curation
from pipeline.spec.model import Spec
from pipeline.tabulate import plain
from pipeline.transform.curated_rows import Line, changed_rows, recode
from pipeline.transform.curated_summary import answered
from pipeline.transform.reviewing import Findings
from pipeline.values import Cell, Issue, Table, Task


def curated(
    tables: Sequence[Table], tasks: Iterable[Task], curation: Curation, spec: Spec
) -> tuple[list[Table], list[Task], list[Issue]]:
    """The tables with every curated cell, the tasks that are left, and what to review.

    A decision stays whatever the registry says later; where the words that it was made over are
    others now, that is an issue and a task.
    """
    rows = {table.domain: [dict(row) for row in table.rows] for table in tables}
    found = Findings()
    rows["TS"] = answered(rows.get("TS", []), curation.answers, found, spec)
    codes = changed_rows(rows, curation.changes, found)
    answers = {answer.parameter for answer in curation.answers}
    left = [task for task in tasks if not _settled(task, rows, answers)]
    recode(rows, codes)
    made = [Table(domain, tuple(lines)) for domain, lines in rows.items()]
    return made, [*left, *found.tasks], found.issues


def chosen(
    names: Iterable[str], curations: dict[str, Curation]
) -> tuple[Curation | None, list[Issue]]:
    """The curation of a study that has these numbers, the most telling first; others are issues."""
    mine = [curations[name] for name in dict.fromkeys(names) if name in curations]
    if not mine:
        return None, []
    detail = "{} is for a number of this study too; {} was applied."
    more = [Issue("curation.unplaced", detail.format(o.file, mine[0].file)) for o in mine[1:]]
    return mine[0], more


def _settled(task: Task, rows: dict[str, list[Line]], answers: set[str]) -> bool:
    """Whether curation has done what the task asks: every assumed cell confirmed, rows supplied."""
    if task.domain == "TS":
        return task.item in answers
    lines = rows.get(task.domain, [])
    if task.domain == "TE":
        asked = [row for row in lines if plain(row["ETCD"]) == task.item]
        return not any(_assumed(cell) for row in asked for cell in row.values())
    if task.item == "TABRANCH":
        return not any(_assumed(row.get("TABRANCH")) for row in lines)
    return bool(lines)


def _assumed(cell: object) -> bool:
    return isinstance(cell, Cell) and cell.how == "assumed"
