"""Which part an intervention plays: investigated, compared with, or given anyway."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from pipeline.spec.model import Spec
from pipeline.transform.naming import forms, named, stands, telling
from pipeline.transform.once import once_per_study
from pipeline.transform.rules import Facts
from pipeline.values import Fact

Basis = dict[str, tuple[Fact, ...]]

INERT = {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"}
_MIXED = re.compile(r"\bor\b|\band\b|\+|/|\bvs\b|\bversus\b|&|,")
_NOTHING = re.compile(
    r"^(?:no |without )|\bno (?:treatment|intervention|drug|therapy)\b|\bwait(?:ing)?[- ]?list"
    r"|^(?:observation(?:al)?|watchful waiting|control|controls|control group|delayed \w+)(?: "
    r"only| alone)?$",
)
_USUAL = re.compile(
    r"\bstandard[- ]of[- ]care\b|\bsoc\b|\busual care\b|\bstandard (?:medical )?(?:care|therapy|"
    r"treatment|chemotherapy|medication)\b"
    r"|\bbest supportive care\b|\bbackground\b|\broutine care\b|\bconventional (?:therapy|"
    r"treatment|care)\b"
)
_CONTROL = re.compile(r"\b(?:control|comparator|reference)s?\b")
_OVER = re.compile(
    r"\b(?:compared? (?:to|with)|in comparison (?:to|with)|relative to|than|against|over)\b"
)
_AGAINST = re.compile(rf"{_OVER.pattern}|\bversus\b|\bvs\b")
_EITHER = re.compile(r"\b(?:compar\w+|versus|vs|or)\b")


class Roles(msgspec.Struct, frozen=True):
    """Interventions by their part, each with the facts that say so; `comparators` are the numbers
    of the arms that are active comparators.
    """

    tested: Basis
    compared: Basis
    background: Basis
    comparators: frozenset[int] = frozenset()


@once_per_study
def roles(facts: Facts, spec: Spec) -> Roles:
    """The part that each intervention plays, in the order of the record."""
    if facts["intervention.role"]:
        tested = dict(_in_role(facts, "TEST"))
        known = {name.casefold() for name in tested}
        compared = {n: b for n, b in _in_role(facts, "COMPARATOR") if n.casefold() not in known}
        return Roles(tested, compared, {})
    names = _treatments(facts, spec)
    if not names:
        return Roles({}, {}, {})
    if not facts["arm.type"]:
        return Roles(_untyped(names, facts), {}, {})
    return _by_arms(names, facts)


def is_placebo(name: str, spec: Spec) -> bool:
    """Whether a name is that of a placebo or sham, and of nothing besides."""
    low = name.lower()
    return bool(_compiled(spec.phrases.placebo).search(low)) and not _MIXED.search(low)


def is_nothing(name: str) -> bool:
    """Whether a name says that nothing is given."""
    return bool(_NOTHING.search(name.lower()))


def _treatments(facts: Facts, spec: Spec) -> dict[str, Fact]:
    """Interventions that could be investigated: no placebo, no sham, and no assessment beside a
    treatment.
    """
    placebo = _compiled(spec.phrases.placebo)
    kinds = {fact.item: fact.value for fact in facts["intervention.type"]}
    real: dict[str, Fact] = {}
    mixed: dict[str, Fact] = {}
    assessed: dict[str, Fact] = {}
    seen: set[str] = set()
    for name in facts["intervention.name"]:
        low = name.value.casefold()
        if low in seen or is_nothing(name.value):
            continue
        seen.add(low)
        if placebo.search(low):
            if _MIXED.search(low):
                mixed[name.value] = name
        elif kinds.get(name.item) == "DIAGNOSTIC_TEST" or (
            kinds.get(name.item) in spec.design.assessed_types
            and _compiled(spec.design.assessments).search(low)
        ):
            assessed[name.value] = name
        else:
            real[name.value] = name
    return real or mixed or assessed


def _by_arms(names: dict[str, Fact], facts: Facts) -> Roles:
    types = {fact.item: fact for fact in facts["arm.type"]}
    written = {name.casefold(): name for name in names}
    given: dict[int, dict[str, Fact]] = {item: {} for item in types}
    for fact in facts["arm.intervention"]:
        name = written.get(fact.value.casefold())
        if name and fact.item in given:
            given[fact.item].setdefault(name, fact)
    tried, active = _sides(names, types, given, facts)
    if not tried:
        return Roles({}, {}, {})
    tested = _given_in(tried, given, types, names)
    inert = {item for item, kind in types.items() if kind.value in INERT}
    others = [item for item in types if item not in tried]
    shared = {
        name: tuple(given[item][name] for item in types)
        for name in tested
        if others and all(name in given[item] for item in types)
    }
    if any(given[item] and set(given[item]) <= set(shared) for item in tried):
        shared = {}  # an arm tries it alone: the arms compare its doses or schedules
    usual = {name: basis for name, basis in tested.items() if _USUAL.search(name.lower())}
    background = shared | {name: basis for name, basis in usual.items() if name not in shared}
    left = {name: basis for name, basis in tested.items() if name not in background}
    said = [name for name in shared if name not in usual and named(name, names, facts)]
    if not left or (said and not any(named(name, names, facts) for name in left)):
        left, background = tested, {}
    if len(types) == 1 and len(left) > 1:
        studied = {name: basis for name, basis in left.items() if named(name, names, facts)}
        left = studied or left
    compared = {
        name: basis
        for name, basis in _given_in(active, given, types, names).items()
        if name not in tested
    }
    against = frozenset(
        item
        for item in active
        if not inert or not given[item] or any(name not in left for name in given[item])
    )
    return Roles(left, compared, background, against)


def _sides(
    names: dict[str, Fact], types: dict[int, Fact], given: dict[int, dict[str, Fact]], facts: Facts
) -> tuple[list[int], list[int]]:
    """The arms in which something is tried, and those that are active comparators."""
    kinds = {item: fact.value for item, fact in types.items()}
    tried = [item for item, kind in kinds.items() if kind == "EXPERIMENTAL"]
    active = [item for item, kind in kinds.items() if kind == "ACTIVE_COMPARATOR"]
    other = [item for item, kind in kinds.items() if kind == "OTHER"]
    if tried:
        return tried, active + [item for item in other if _is_control(item, given, facts)]
    if len(kinds) > len(active) + len(other):
        return (active, []) if active else (other, [])
    arms = [item for item in (*active, *other) if given[item]]
    if len(arms) < 2 or len({frozenset(given[item]) for item in arms}) == 1:
        return arms, []
    own = {
        item: {
            name
            for name in given[item]
            if not all(name in given[one] for one in arms)
        }
        for item in arms
    }  # fmt: skip
    said = [item for item in arms if any(named(name, names, facts) for name in own[item])]
    if len(said) == 1:
        after = any(_second(name, names, facts) for name in own[said[0]])
        return ([], []) if after else (said, [item for item in arms if item not in said])
    if len(arms) == 2:
        first = _before(own, names, facts)
        return (
            ([first], [item for item in arms if item != first]) if first is not None else ([], [])
        )
    return [], []


def _is_control(item: int, given: dict[int, dict[str, Fact]], facts: Facts) -> bool:
    """Whether an arm of another type calls itself the control, or names usual care."""
    label = next((fact.value.lower() for fact in facts["arm.label"] if fact.item == item), "")
    return bool(given[item]) and bool(_CONTROL.search(label) or _USUAL.search(label))


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


def _given_in(
    arms: Iterable[int],
    given: dict[int, dict[str, Fact]],
    types: dict[int, Fact],
    names: Iterable[str],
) -> Basis:
    """Each intervention of some arms, in the record's order, with its arm and the arm's type."""
    found: Basis = {}
    for name in names:
        for item in arms:
            if name in given[item]:
                found[name] = (given[item][name], types[item])
                break
    return found


def _untyped(names: dict[str, Fact], facts: Facts) -> Basis:
    """Without types: the only intervention, those of the only arm, or those that the words name."""
    if len(names) == 1 or len(facts["arm.label"]) == 1:
        said = [name for name in names if len(names) > 1 and named(name, names, facts)]
        return {name: (names[name],) for name in said or names}
    found: Basis = {}
    for name, fact in names.items():
        words = named(name, names, facts, titles=False)
        if words and not _EITHER.search(words.value.lower()):
            found[name] = (fact, words)
    return found


def _in_role(facts: Facts, role: str) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Each intervention that the record gives a role, with the words that say so; a name that is
    written in several ways, once.
    """
    given = {fact.item: fact for fact in facts["intervention.role"] if fact.value == role}
    seen: set[str] = set()
    for name in facts["intervention.name"]:
        if name.item in given and name.value.casefold() not in seen:
            seen.add(name.value.casefold())
            yield name.value, (name, given[name.item])


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words)
