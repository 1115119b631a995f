"""A stage of an arm: a part of its text, of a kind, that names interventions."""

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from pipeline.extract.mentions import Names, mentions
from pipeline.extract.prose import lowered
from pipeline.spec.wording import StageScheme

PLAIN = ("treatment", "chemotherapy", "radiotherapy", "surgery", "standard")
_BLANK = " \t\n,;:."
_OTHER = re.compile(
    r"\b(?:any|other|comparator|reference|control|active|alternat\w+|opposite|second|approved|test)\b"
)
_LIMIT = re.compile(r"\b(?:until|unless|in case)\b")
"""Words after which stands when something ends or is needed, and not what is given."""
_PHASE_BEFORE = re.compile(r"(?<=\w )after (?:the )?[\w-]+ (?:phase|period)\b")
"""A phase after which a clause says that its treatment is given."""
_SORT = re.compile(r"\b(?:treatment|therapy|intervention|program(?:me)?)\b")


class Stage(msgspec.Struct, frozen=True):
    """A part of a text: where it stands, its kind, and the interventions that it names; `other`
    is "role" or "sort" where it speaks of one by that alone (`the comparator`, `digital therapy`).
    """

    start: int
    end: int
    kind: str
    names: tuple[str, ...]
    other: str = ""

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What makes two stages the same treatment."""
        return ("", self.names) if self.names and self.kind in PLAIN else (self.kind, self.names)


def joined(
    stages: Iterable[Stage], others: set[str] | None = None, by: str = "role"
) -> list[Stage]:
    """Stages that say something, each once where it follows itself; one stage is no order, and
    what prepares for treatment is not the last. Of `others`, a clause that names none may be of
    those that no clause names, where it speaks of one by `by`.
    """
    found = list(stages)
    left = (others or set()) - {name for stage in found for name in stage.names}
    made: list[Stage] = []
    for stage in found:
        if not stage.names and stage.kind == "treatment" and not (left and stage.other == by):
            continue
        if made and (made[-1].key == stage.key or made[-1].kind == stage.kind != "treatment"):
            names = tuple(dict.fromkeys((*made[-1].names, *stage.names)))
            end = max(made[-1].end, stage.end)
            made[-1] = msgspec.structs.replace(made[-1], end=end, names=names)
        else:
            made.append(stage)
    while made and made[-1].kind in ("conditioning", "washout", "run-in", "follow-up"):
        made.pop()
    return made if len(made) > 1 else []


def stage_of(
    text: str, start: int, end: int, names: Names, schemes: dict[str, StageScheme]
) -> Stage:
    """The stage that a part of a text tells of: the first kind whose words stand there, where it
    names no treatment or the kind is one that treatments are given in.
    """
    while start < end and text[start] in _BLANK:
        start += 1
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    low = lowered(text[start:end])
    if after := _PHASE_BEFORE.search(low):
        low = low[: after.start()]
    given = named(low, names)
    if limit := _LIMIT.search(low):
        low = low[: limit.start()]
    for kind, scheme in schemes.items():
        if scheme.words and (not given or scheme.strong) and _clause(scheme.words).search(low):
            return Stage(start, end, kind, given)
    other = "role" if _OTHER.search(low) else "sort" if _SORT.search(low) else ""
    return Stage(start, end, "treatment", given, other)


def named(low: str, names: Names) -> tuple[str, ...]:
    """The interventions that a text in lower case names, in the order of the arm's list."""
    found = {name for _, _, name in mentions(low, names)}
    return tuple(name for name in names if name in found)


@cache
def _clause(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
