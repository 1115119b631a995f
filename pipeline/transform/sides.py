"""Which arms try something, which compare with it, and which get a placebo in its place."""

import re
from collections.abc import Sequence

from pipeline.spec.model import Spec
from pipeline.transform.naming import forms, named, stands, telling
from pipeline.transform.rules import Facts
from pipeline.values import Fact

Basis = dict[str, tuple[Fact, ...]]
"""Interventions, each with the facts that say its part."""

Given = dict[int, dict[str, Fact]]
"""Arm to the interventions that it is given, by name."""

INERT = {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"}
_BLANK = INERT - {"NO_INTERVENTION"}
_MIXED = re.compile(r"\bor\b|\band\b|\+|/|\bvs\b|\bversus\b|&|,")
_NOTHING = re.compile(
    r"^(?:no |without )|\bno (?:treatment|intervention|drug|therapy)\b|\bwait(?:ing)?[- ]?list"
    r"|^(?:observation(?:al)?(?: activity)?|watchful waiting|control|controls|control group|"
    r"delayed \w+)(?: only| alone)?$",
)
_LATER = re.compile(r"\b(?:deferred|delayed)\b", re.IGNORECASE)
_ADDS = re.compile(r"\b(?:in addition to|added to|on top of|alongside) ([^.;,]{0,40})")
_USUAL = re.compile(
    r"\bstandard[- ]of[- ](?:care|therapy)\b|\bsoc\b|\busual (?:care|treatment|therapy)\b"
    r"|\bstandard (?:medical )?(?:care|therapy|treatment|chemotherapy|medication)\b"
    r"|^standard (?:\w+ ){1,3}(?:care|therapy|treatment)$"
    r"|\b(?:treatment|care|therapy) as usual\b|\btau\b"
    r"|\bbest supportive care\b|\bbackground\b|\b(?:routine|conventional) (?:therapy|"
    r"treatment|care)\b"
)
_CONTROL = re.compile(r"\b(?:control|comparator|reference)s?\b")
_CALLED_CONTROL = re.compile(
    r"^(?:(?:group|arm) \w+\W+)?"
    r"(?:(?:the|active|attention|educational?|independent|positive|negative|usual care|treated) )?"
    r"(?:control|comparator)s?(?: (?:group|arm|condition|intervention)s?)?(?:\W|$)"
)
_OVER = re.compile(
    r"\b(?:compared? (?:to|with)|in comparison (?:to|with)|relative to|than|against|over)\b"
)
_AGAINST = re.compile(rf"{_OVER.pattern}|\bversus\b|\bvs\b")


def is_placebo(name: str, spec: Spec) -> bool:
    """Whether a name is that of a placebo or sham, and of nothing besides."""
    low = name.lower()
    return bool(re.search(spec.phrases.placebo, low)) and not _MIXED.search(low)


def is_nothing(name: str) -> bool:
    """Whether a name says that nothing is given."""
    return bool(_NOTHING.search(name.lower()))


def is_control(name: str) -> bool:
    """Whether a name, or an arm's label, is that of a control, and of nothing besides."""
    return bool(_CALLED_CONTROL.search(name.lower()))


def adds_usual(text: str) -> bool:
    """Whether words say that something is given in addition to usual care."""
    return any(is_usual(said[1]) for said in _ADDS.finditer(text.lower()))


def is_usual(name: str) -> bool:
    """Whether a name is that of usual care or of background treatment."""
    return bool(_USUAL.search(name.lower()))


def sides(
    names: dict[str, Fact], types: dict[int, Fact], given: Given, facts: Facts
) -> tuple[list[int], list[int]]:
    """The arms in which something is tried, and those that are active comparators."""
    kinds = {item: fact.value for item, fact in types.items()}
    tried = [item for item, kind in kinds.items() if kind == "EXPERIMENTAL"]
    active = [item for item, kind in kinds.items() if kind == "ACTIVE_COMPARATOR"]
    other = [item for item, kind in kinds.items() if kind == "OTHER"]
    labels = {fact.item: fact.value for fact in facts["arm.label"]}
    controls = [
        item
        for item in tried
        if is_control(labels.get(item, "")) and not any(map(_LATER.search, given[item]))
    ]
    if 0 < len(controls) < len(tried):
        tried, active = [item for item in tried if item not in controls], active + controls
    if tried:
        return tried, active + [item for item in other if _is_control(item, given, facts)]
    if len(kinds) > len(active) + len(other):
        return (active, []) if active else (other, [])
    arms = [item for item in (*active, *other) if given[item]]
    if len(arms) < 2 or len({frozenset(given[item]) for item in arms}) == 1:
        return arms, []
    return _untyped_sides(arms, names, given, facts)


def _untyped_sides(
    arms: list[int], names: dict[str, Fact], given: Given, facts: Facts
) -> tuple[list[int], list[int]]:
    """Of arms that are given different things and none of which is said to be experimental, those
    in which something is tried, and the others; none where no words tell.
    """
    own = {
        item: {
            name
            for name in given[item]
            if not all(name in given[one] for one in arms)
        }
        for item in arms
    }  # fmt: skip
    more = [item for item in arms if own[item]]
    if len(arms) == 2 and len(more) == 1:
        return more, [item for item in arms if item not in more]  # with, and without it
    said = [item for item in arms if any(named(name, names, facts) for name in own[item])]
    if len(said) == 1:
        if any(_alike(name, names, facts) for name in own[said[0]]):
            return [], []
        after = any(_second(name, names, facts) for name in own[said[0]])
        return ([], []) if after else (said, [item for item in arms if item not in said])
    if len(arms) == 2 and (first := _before(own, names, facts)) is not None:
        return [first], [item for item in arms if item != first]
    labels = {fact.item: fact.value for fact in facts["arm.label"]}
    controls = [item for item in arms if is_control(labels.get(item, ""))]
    if controls and len(controls) < len(arms):
        return [item for item in arms if item not in controls], controls
    return [], []


def dummies(tried: Sequence[int], given: Given, facts: Facts, spec: Spec) -> set[int]:
    """Arms that get a placebo in the place of what another arm tries, where no arm's type says
    which are those.
    """
    if any(fact.value in _BLANK for fact in facts["arm.type"]):
        return set()
    blank = {fact.item for fact in facts["arm.intervention"] if is_placebo(fact.value, spec)}
    return {
        item
        for item in tried
        if item in blank and any(set(given[item]) < set(given[other]) for other in tried)
    }


def _is_control(item: int, given: Given, facts: Facts) -> bool:
    """Whether an arm of another type calls itself the control, or names usual care."""
    label = next((fact.value.lower() for fact in facts["arm.label"] if fact.item == item), "")
    return bool(given[item]) and bool(_CONTROL.search(label) or is_usual(label))


def _alike(name: str, names: dict[str, Fact], facts: Facts) -> bool:
    """Whether the text that names it compares several, and puts none before another."""
    text = named(name, names, facts)
    low = text.value.lower() if text else ""
    return "comparing" in low and not _OVER.search(low)


def _second(name: str, names: dict[str, Fact], facts: Facts) -> bool:
    """Whether a text names it after the other of two that it compares."""
    known = list(forms(name, names, facts))
    for fact in telling(facts):
        low = fact.value.lower()
        over = _AGAINST.search(low)
        if over and any(stands(form, low[over.end() :]) for form in known):
            return not any(stands(form, low[: over.start()]) for form in known)
    return False


def _before(own: dict[int, set[str]], names: dict[str, Fact], facts: Facts) -> int | None:
    """The arm whose treatment the words put before "compared with", the other one after it."""
    for fact in telling(facts):
        low = fact.value.lower()
        over = _OVER.search(low)
        if not over or re.search(r"\bvs\b|versus", low):
            continue
        before, after = low[: over.start()], low[over.end() :]
        for item, other in ((a, b) for a in own for b in own if a != b):
            first = any(stands(form, before) for n in own[item] for form in forms(n, names, facts))
            second = any(stands(form, after) for n in own[other] for form in forms(n, names, facts))
            wrong = any(stands(form, before) for n in own[other] for form in forms(n, names, facts))
            if first and second and not wrong:
                return item
    return None
