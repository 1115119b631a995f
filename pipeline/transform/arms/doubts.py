"""What is not certain about the arms, and where the record contradicts itself."""

from collections import Counter
from collections.abc import Iterator

from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.crossing import Planned
from pipeline.transform.arms.hidden import hidden
from pipeline.transform.rules import Facts
from pipeline.values import Fact, Issue

MANY = 60
"""More arms than any real design has: such a list is something else."""


def doubts(arms: list[Arm], planned: list[Planned], facts: Facts) -> Iterator[Issue]:
    """Issues about the arms, each with the words that it rests on."""
    for fact in facts["regimen.not_given"]:
        yield Issue("element.not-given", fact.about, fact.source, fact.span, fact.quote)
    yield from _lists(arms, facts)
    yield from hidden(arms, facts)
    named = {fact.value for fact in facts["intervention.name"]}
    given = {fact.value for fact in facts["arm.intervention"]}
    for fact in facts["intervention.name"] if given and facts["arm.label"] else ():
        if fact.value not in given:
            yield _issue("arms.unlinked-intervention", fact, "")
    labels = {fact.value for fact in facts["arm.label"]}
    for fact in dict.fromkeys(f for f in facts["intervention.arm"] if f.value not in labels):
        yield _issue("arms.unknown-arm", fact, f"{fact.value}.")
    elements = (element for one in planned for element in one.path)
    placed = {(fact.item, fact.value) for element in elements for fact in element.basis}
    for arm in arms:
        yield from _order(arm)
        for fact in arm.given:
            if (fact.item, fact.value) not in placed:
                yield _issue("element.unplaced", fact, f"{arm.label.value}.")
        if arm.hidden:
            yield _issue("arms.placebo-unnamed", arm.label, "")
        for fact in arm.said("arm.intervention") if named else ():
            if fact.value not in named:
                yield _issue("arms.unknown-intervention", fact, f"{arm.label.value}.")
    same = Counter(tuple(element.key for element in arm.path) for arm in planned)
    if len(planned) > 1 and max(same.values()) > 1:
        names = [str(a.name.value) for a in planned if same[tuple(e.key for e in a.path)] > 1]
        detail = f"{'; '.join(names[:8])}{' …' if len(names) > 8 else ''}."
        yield _issue("arms.same-path", arms[0].label, detail)


def _lists(arms: list[Arm], facts: Facts) -> Iterator[Issue]:
    if not facts["arm.label"] and facts["arm.described"]:
        first = facts["arm.described"][0]
        detail = "; ".join(arm.label.value for arm in arms) + "."
        yield _issue("arms.single-group" if first.about else "arms.described", first, detail)
    for fact in facts["arm.label"]:
        if not fact.value.strip():
            yield _issue("arms.unnamed", fact, "")
    for fact in (*facts["arm.intervention"], *facts["arm.withheld"]):
        if fact.about == "told":
            yield _issue("arms.told-otherwise", fact, f"{fact.value}.")
    seen: set[str] = set()
    for arm in arms:
        if arm.label.value in seen:
            yield _issue("arms.same-name", arm.label, "")
        seen.add(arm.label.value)
    if len(arms) > MANY:
        yield _issue("arms.many", arms[0].label, f"There are {len(arms)}.")
    for fact in facts["arm.count"]:
        if fact.value.isdigit() and int(fact.value) != len(arms):
            yield _issue("arms.count-differs", fact, f"{len(arms)} arms are listed.")


def _order(arm: Arm) -> Iterator[Issue]:
    if arm.said("arm.stage") and not arm.said("regimen.start"):
        return
    later = {fact.about for fact in arm.said("regimen.start")}
    together = [fact.value for fact in arm.given if fact.value not in later]
    if len(together) > 1:
        detail = f"{arm.label.value}: {', '.join(together)}."
        yield _issue("regimen.unordered", arm.label, detail)


def _issue(code: str, fact: Fact, detail: str) -> Issue:
    return Issue(code, detail, fact.source, fact.span, fact.quote)
