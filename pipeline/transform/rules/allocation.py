"""The share of participants that are to get the investigated treatment."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.transform.sides import INERT
from pipeline.values import Cell, Fact, Issue, absent

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_EACH = re.compile(r"\d+")
_NEAR = 0.6
_GROUPS = re.compile(
    r"\b(?P<number>[2-9]|two|three|four|five|six) (?:[\w-]+ ){0,2}?(?:groups|arms)\b"
)
_INERT = (
    r"(?:placebo|sham|controls?|vehicle|comparator|standard|usual care|observation|no treatment|"
    r"untreated)\b"
)
_CONTROL = re.compile(rf"\b{_INERT}")
_LAST = re.compile(
    r"(?:\bor|\band|\bversus|\bvs\.?|:|/)\s*(?:to )?(?:receive )?(?:an? |one |the |in )?"
    r"(?:arm \w+ ?\()?"
    rf"(?:matching |matched |oral |corresponding |inactive )?{_INERT}"
)
_FIRST = re.compile(
    rf"(?:\bto|\breceive|\beither|\bbetween|\() (?:receive )?(?:either )?(?:an? |the )?{_INERT}"
)


def randomisation_quotient(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """From a stated ratio, the share that is allotted to arms with the investigated treatment: of
    equal parts the share of such arms, also where words say that each arm gets as many; of unequal
    parts with one control, all but the last where the words put the control last; all of them
    where every arm is given the same and no words tell of a control. Not applicable to a study
    that is not randomised.
    """
    allocation = facts["design.allocation"]
    if allocation and allocation[0].value != "RANDOMIZED":
        yield absent("not applicable", *allocation)
        return
    arms, tested = facts["arm.label"], {name.casefold() for name in roles(facts, spec).tested}
    treated = {f.item for f in facts["arm.intervention"] if f.value.casefold() in tested}
    given = [arm.item in treated for arm in arms]
    kinds = {fact.item: fact.value for fact in facts["arm.type"]}
    if all(given) and len({kinds.get(arm.item) for arm in arms}) > 1:
        given = [kinds.get(arm.item) not in INERT for arm in arms]
        given = [] if all(given) else given
    lists = {arm.item: frozenset[str]() for arm in arms}
    for one in facts["arm.intervention"]:
        lists[one.item] = lists.get(one.item, frozenset()) | {one.value.casefold()}
    alike = len(set(lists.values())) == 1 and not any(
        _CONTROL.search(name) for names in lists.values() for name in names
    )
    shares: dict[str, Fact] = {}
    for ratio in facts["allocation.ratio"]:
        if given and all(given) and alike and not _CONTROL.search(ratio.about.lower()):
            shares.setdefault("1", ratio)
        elif (share := _share(ratio, given)) is not None:
            shares.setdefault(f"{round(share, 2):g}", ratio)
        elif len(set(parts := _parts(ratio))) > 1 and len(parts) == len(given):
            shares.setdefault("", ratio)
    crossed = any(fact.value == "CROSSOVER" for fact in facts["design.model"])
    for words in facts["allocation.equal"] if not shares and not crossed else ():
        listed = words.about.isdigit() and int(words.about) != len(given)
        said = _GROUPS.search(words.about.lower())
        other = said and _count(said["number"]) != len(given)
        if len(given) > 1 and any(given) and not (listed or other or _too_few(words, facts)):
            shares.setdefault(f"{round(sum(given) / len(given), 2):g}", words)
    if len(shares) == 1 and "" not in shares:
        ((value, basis),) = shares.items()
        yield Cell(value, "derived", (basis, *arms))
    elif shares:
        yield absent("ambiguous", *shares.values())
    else:
        yield absent("not stated")


def _too_few(words: Fact, facts: Facts) -> bool:
    """Whether so many in each arm are far fewer than all participants: then there are others."""
    each = _EACH.match(words.value)
    size, arms = int(each[0]) if each else 0, len(facts["arm.label"])
    counts = [int(one.value) for one in facts["enrolment.count"] if one.value.isdecimal()]
    return bool(size and counts) and size * arms < _NEAR * counts[0]


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _share(ratio: Fact, given: list[bool]) -> float | None:
    """The share of the ratio that goes to arms with the treatment; nothing where the words leave
    open which part is whose.
    """
    parts = _parts(ratio)
    if not given or len(parts) != len(given) or not any(given):
        return None
    if all(given):
        return 1.0
    if len(set(parts)) == 1:
        return sum(given) / len(given)
    control_last = _LAST.search(said := ratio.about.lower()) and not _FIRST.search(said)
    if control_last and given.count(False) == 1:
        return sum(parts[:-1]) / sum(parts)
    return None


def _parts(ratio: Fact) -> list[int]:
    words = re.split(r"[:\s/%-]+", ratio.value.lower())
    return [_NUMBERS.get(w) or int(w) for w in words if w.isdigit() or w in _NUMBERS]
