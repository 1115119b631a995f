"""What is left for a person, as the page shows it: tasks by urgency, issues by kind."""

from collections.abc import Iterator

import msgspec

from pipeline.issues import CATALOGUE, Kind
from pipeline.load.pages.source import Use
from pipeline.load.pages.words import Place, Places, Word, spot_of, word
from pipeline.spec.model import Spec
from pipeline.values import Issue, Study, Task

URGENCY = {
    "rejection": "Rejected without it",
    "required": "Required",
    "confirm": "To confirm",
    "later": "Required, not known yet",
    "optional": "Optional",
}
GRAVITY = ("error", "warning", "note")


class Asked(msgspec.Struct, frozen=True):
    """A task: its name on the page, what its item is called, the terms allowed, words that help."""

    name: str
    task: Task
    called: str
    terms: tuple[str, ...]
    extensible: bool
    words: tuple[Word, ...]


class Noted(msgspec.Struct, frozen=True):
    """The issues of one kind, each with its name on the page and the place of its words."""

    code: str
    kind: Kind
    issues: tuple[tuple[str, Issue, Place | None], ...]


def asked(study: Study, known: Places, spec: Spec) -> list[tuple[str, list[Asked]]]:
    """The worklist by urgency, each under its heading."""
    names = spec.terminology.parameter_names()
    made = []
    for number, task in enumerate(study.worklist, 1):
        parameter = spec.parameters.get(task.item) if task.domain == "TS" else None
        codelist = spec.terminology.codelists.get(parameter.codelist) if parameter else None
        made.append(
            Asked(
                name=f"task{number}",
                task=task,
                called=names.get(task.item, "") if parameter else "",
                terms=tuple(codelist.terms) if codelist else (),
                extensible=bool(codelist and codelist.extensible),
                words=tuple(word(fact, known) for fact in task.candidates),
            )
        )
    return [
        (heading, [one for one in made if one.task.severity == urgency])
        for urgency, heading in URGENCY.items()
    ]


def noted(study: Study, known: Places) -> list[Noted]:
    """The issues by kind, the gravest first."""
    kinds: dict[str, list[tuple[str, Issue, Place | None]]] = {}
    for number, issue in enumerate(study.issues, 1):
        spot = spot_of(issue)
        place = known.get(spot) if spot else None
        kinds.setdefault(issue.code, []).append((f"issue{number}", issue, place))
    made = [Noted(code, CATALOGUE[code], tuple(issues)) for code, issues in kinds.items()]
    return sorted(made, key=lambda one: GRAVITY.index(one.kind.severity))


def open_uses(
    groups: list[tuple[str, list[Asked]]], kinds: list[Noted]
) -> Iterator[tuple[str, Use]]:
    """The name of each quoted place with a task or an issue that rests on it."""
    for _, tasks in groups:
        for one in tasks:
            for place in (found.place for found in one.words if found.place):
                yield place.name, Use("worklist", one.task.item, "", one.name)
    for kind in kinds:
        for name, _, found in kind.issues:
            if found:
                yield found.name, Use("issue", kind.code, name, name)
