"""The share of participants that are to get the investigated treatment."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent

_NUMBERS = {"one": 1, "two": 2, "three": 3}
_INERT = re.compile(
    r"\b(?:placebo|sham|control|vehicle|comparator|standard|usual care|observation|no treatment|"
    r"untreated)\b"
)


def randomisation_quotient(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """From a stated ratio, the share that is allotted to arms with the investigated treatment: of
    equal parts the share of such arms; of unequal parts of two arms, the first part where the words
    put the control second. Not applicable to a study that is not randomised.
    """
    allocation = facts["design.allocation"]
    if allocation and allocation[0].value != "RANDOMIZED":
        yield absent("not applicable", *allocation)
        return
    arms, tested = facts["arm.label"], {name.casefold() for name in roles(facts, spec).tested}
    treated = {f.item for f in facts["arm.intervention"] if f.value.casefold() in tested}
    given = [arm.item in treated for arm in arms]
    shares: dict[str, Fact] = {}
    for ratio in facts["allocation.ratio"]:
        if (share := _share(ratio, given)) is not None:
            shares.setdefault(f"{round(share, 2):g}", ratio)
    if len(shares) == 1:
        ((value, basis),) = shares.items()
        yield Cell(value, "derived", (basis, *arms))
    elif shares:
        yield absent("ambiguous", *shares.values())
    else:
        yield absent("not stated")


def _share(ratio: Fact, given: list[bool]) -> float | None:
    """The share of the ratio that goes to arms with the treatment; nothing where the words leave
    open which part is whose.
    """
    words = re.split(r"[:\s/%-]+", ratio.value.lower())
    parts = [_NUMBERS.get(w) or int(w) for w in words if w.isdigit() or w in _NUMBERS]
    if not given or len(parts) != len(given) or not any(given):
        return None
    if all(given):
        return 1.0
    if len(set(parts)) == 1:
        return sum(given) / len(given)
    if len(parts) != 2:
        return None
    after = ratio.about.lower().partition(ratio.value.lower())[2]
    inert = _INERT.search(after)
    if not inert:
        return None
    between = after[: inert.start()]
    if re.search(r"\b(?:to|or|and|versus|vs|:)\b", between) and len(between.split()) > 2:
        return parts[0] / sum(parts)
    return None
