"""What the registry says now under a cell that a person decided: the same words, or others."""

from collections.abc import Iterable, Sequence

from pipeline.spec.curation import Signed
from pipeline.values import Cell, Fact, Issue, Task


class Findings:
    """The issues and tasks that curation leaves."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.tasks: list[Task] = []

    def review(self, signed: Signed, facts: Sequence[Fact]) -> None:
        """Flag a decision over words that are others now, or that were not kept."""
        now, first = quotes(facts), facts[0] if facts else None
        source = first.source if first else None
        span, quote = (first.span, first.quote) if first else (None, "")
        if signed.words is None:
            detail = f"{signed.key}: the words now are {_listed(now)}."
            self.issues.append(Issue("curation.unwatched", detail, source, span, quote))
        elif set(signed.words) != set(now):
            what = f"{signed.key} was decided on {signed.date}"
            detail = f"{what} over {_listed(signed.words)}; the words now are {_listed(now)}."
            self.issues.append(Issue("curation.review", detail, source, span, quote))
            domain, _, item = signed.key.partition(".")
            why = (
                f"The registry's words under this curated value have changed since {signed.date}. "
                "Keep or correct the value, then put the new words into its entry."
            )
            task = Task(domain, item, "confirm", why, candidates=tuple(facts))
            self.tasks.append(task)

    def unplaced(self, signed: Signed, why: str) -> None:
        """Note a decision that could not be carried out."""
        self.issues.append(Issue("curation.unplaced", f"{signed.key}: {why}"))

    def moved(self, signed: Signed, to: object) -> None:
        """Note that the words of a decision are those of another row now."""
        detail = f"{signed.key}: the words that it was decided over are those of {to} now."
        self.issues.append(Issue("curation.review", detail))


def quotes(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The different words of the facts, each on one line, as a curation file keeps them."""
    return tuple(dict.fromkeys(" ".join(fact.quote.split()) for fact in facts))


def facts_under(cells: Iterable[object]) -> tuple[Fact, ...]:
    """The facts that cells rest on, each once."""
    found = (fact for cell in cells if isinstance(cell, Cell) for fact in cell.basis)
    return tuple(dict.fromkeys(found))


def _listed(words: Sequence[str]) -> str:
    return " / ".join(f"“{_cut(one)}”" for one in words[:3]) + _more(words) if words else "none"


def _more(words: Sequence[str]) -> str:
    return f" and {len(words) - 3} more" if len(words) > 3 else ""


def _cut(words: str) -> str:
    return words if len(words) <= SHOWN else words[:SHOWN].rstrip() + "…"


SHOWN = 120
"""Characters of a quote that an issue repeats."""
