"""Which part an intervention plays: investigated, compared with, or given anyway."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from pipeline.assessed import is_assessment, is_challenge
from pipeline.spec.model import Spec
from pipeline.transform.naming import added_to, comes_first, named, stands, studied, telling
from pipeline.transform.once import once_per_study
from pipeline.transform.rules import Facts
from pipeline.transform.sides import (
    INERT,
    Basis,
    Given,
    adds_usual,
    dummies,
    is_control,
    is_nothing,
    is_placebo,
    is_usual,
    sides,
)
from pipeline.transform.untyped import called_otherwise, named_alone, optional, summed_up
from pipeline.values import Fact

_RESCUE = re.compile(
    r"\brescue (?:medication|treatment|therapy|drug)s?\b|^(?:neo-?)?adjuvant therapy$"
)


class Roles(msgspec.Struct, frozen=True):
    """Interventions by their part, each with the facts that say so; `comparators` are the numbers
    of the arms that are active comparators, `dummies` of those that get a placebo instead.
    """

    tested: Basis
    compared: Basis
    background: Basis
    comparators: frozenset[int] = frozenset()
    dummies: frozenset[int] = frozenset()


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
        tested = optional(names, facts) or named_alone(names, facts)
        background: Basis = {}
        for name in names:
            if tested and name not in tested and (text := added_to(name, names, names, facts)):
                background[name] = (names[name], text)
        return Roles(tested, {}, background)
    found = _by_arms(names, facts, spec)
    if len(facts["arm.label"]) == 1 and called_otherwise(found.tested, names, facts):
        return Roles({}, {}, {})
    return found


def _treatments(facts: Facts, spec: Spec) -> dict[str, Fact]:
    """Interventions that could be investigated: no placebo, no sham, and beside a treatment no
    assessment, challenge or rescue; without one, challenges, else the diagnostic tests and what
    the record says is studied.
    """
    kinds = {fact.item: fact.value for fact in facts["intervention.type"]}
    real: dict[str, Fact] = {}
    mixed: dict[str, Fact] = {}
    assessed: dict[str, Fact] = {}
    challenged: dict[str, Fact] = {}
    seen: set[str] = set()
    for name in facts["intervention.name"]:
        low = name.value.casefold()
        if low in seen or is_nothing(name.value):
            continue
        seen.add(low)
        if re.search(spec.phrases.placebo, low):
            if not is_placebo(low, spec):
                mixed[name.value] = name
        elif is_challenge(kinds.get(name.item), low, spec):
            challenged[name.value] = name
        elif _RESCUE.search(low) or is_assessment(kinds.get(name.item), low, spec):
            assessed[name.value] = name
        else:
            real[name.value] = name
    return real or mixed or challenged or {
        name: fact for name, fact in assessed.items()
        if kinds.get(fact.item) == "DIAGNOSTIC_TEST"
        or any(stands(name.lower(), text.value.lower()) for text in telling(facts))
        or (len(assessed) == 1 and named(name, assessed, facts))
    }  # fmt: skip


def _by_arms(names: dict[str, Fact], facts: Facts, spec: Spec) -> Roles:
    types = {fact.item: fact for fact in facts["arm.type"]}
    written = {name.casefold(): name for name in names}
    given: Given = {item: {} for item in types}
    for fact in facts["arm.intervention"]:
        name = written.get(fact.value.casefold())
        if name and fact.item in given:
            given[fact.item].setdefault(name, fact)
    tried, active = sides(names, types, given, facts)
    blank = dummies(tried, given, facts, spec)
    tried = [item for item in tried if item not in blank]
    if not tried:
        return Roles({}, {}, {})
    inert = {item for item, kind in types.items() if kind.value in INERT} | blank
    factorial = any(fact.value == "FACTORIAL" for fact in facts["design.model"])
    tested = found = _tested(tried, given, types, names, set() if factorial else blank)
    others = [item for item in types if item not in tried]
    crossed = any(fact.value == "CROSSOVER" for fact in facts["design.model"])
    apart = len({frozenset(own) for own in given.values()}) > 1 and not crossed
    told = studied(tested, names, facts, combined=False)
    if apart:
        told = [name for name in told if not comes_first(name, names, facts)]
    shared = {
        name: tuple(given[item][name] for item in types)
        for name in tested
        if all(name in given[item] for item in types) and (others or (apart and name not in told))
    }
    alone = [item for item in types if given[item] and set(given[item]) <= set(shared)]
    if set(alone) & set(tried) and (len(alone) > 1 or not told or set(told) & set(shared)):
        shared = {}  # an arm tries it alone: the arms compare its doses or schedules
        if any(given[item] and set(given[item]) == set(given[tried[0]]) for item in inert):
            tested = {n: tested[n] for n in studied(tested, names, facts)} or tested
    if not factorial:
        tested = _apart(tested, active, given, names, facts, spec)
    usual = {name: basis for name, basis in tested.items() if is_usual(name)}
    background = shared | {name: basis for name, basis in usual.items() if name not in shared}
    left = {name: basis for name, basis in tested.items() if name not in background}
    said = [name for name in shared if name not in usual and named(name, names, facts)]
    typed = any(kind.value == "EXPERIMENTAL" for kind in types.values())
    if not left or (said and typed and not any(named(name, names, facts) for name in left)):
        left, background = tested, {}
    if len({frozenset(own) for own in given.values()}) == 1 and len(left) > 1:
        background |= _added(left, names, facts)
        varied = {} if studied(left, names, facts) else _varied(left, types, facts)
        background |= {n: basis for n, basis in left.items() if varied and n not in varied}
        left = varied or _told_of_same(left, types, names, facts)
        if not left:
            return Roles({}, {}, {})
    compared = {
        name: basis
        for name, basis in _given_in(active, given, types, names).items()
        if name not in found
    }
    added = {name: basis for name, basis in compared.items() if is_usual(name)}
    if added and any(
        adds_usual(fact.value) for fact in facts["arm.description"] if fact.item in tried
    ):
        compared = {name: basis for name, basis in compared.items() if name not in added}
        background |= added
    against = frozenset(
        item
        for item in active
        if not inert or not given[item] or any(name not in left for name in given[item])
    )
    return Roles(left, compared, background, against, frozenset(blank))


def _told_of_same(
    left: Basis, types: dict[int, Fact], names: dict[str, Fact], facts: Facts
) -> Basis:
    """Of what all arms are given alike, what a title or the objective says is studied, else what
    the summary says is tried, else all; nothing where arms that are all active comparators have
    lists that do not tell them apart.
    """
    told = studied(left, names, facts)
    active = all(one.value == "ACTIVE_COMPARATOR" for one in types.values())
    if not told and len(types) > 1 and active:
        return {}
    return {name: left[name] for name in told} or summed_up(left, names, facts) or left


def _varied(left: Basis, types: dict[int, Fact], facts: Facts) -> Basis:
    """What each arm gives at a dose of its own."""
    doses: dict[str, dict[int, set[str]]] = {}
    for fact in facts["regimen.dose"]:
        doses.setdefault(fact.about, {}).setdefault(fact.item, set()).add(fact.value)
    return {
        name: basis
        for name, basis in left.items()
        if len(types) > 1
        and (by := [doses.get(name, {}).get(item, set()) for item in types])
        and all(by)
        and len({frozenset(one) for one in by}) > 1
    }


def _added(left: Basis, names: dict[str, Fact], facts: Facts) -> Basis:
    """What a title or the objective names as what the others are added to."""
    told = studied(left, names, facts)
    texts = {name: added_to(name, left, names, facts) for name in left if name not in told}
    return {name: (*left[name], text) for name, text in texts.items() if text}


def _tested(
    tried: list[int], given: Given, types: dict[int, Fact], names: Iterable[str], blank: set[int]
) -> Basis:
    """What the arms are given in which something is tried, without what is called a control, and
    what an arm of placebo or sham is given too; that is either given in all arms, or is the placebo
    by another name.
    """
    found = _given_in(tried, given, types, names)
    kinds = ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR")
    too = {
        name
        for item, kind in types.items()
        if item in blank or kind.value in kinds
        for name in given[item]
        if not all(name in own for own in given.values())
    }
    plain = {n: basis for n, basis in found.items() if n not in too and not is_control(n)}
    return plain or found


def _apart(
    tested: Basis, active: list[int], given: Given, names: dict[str, Fact], facts: Facts, spec: Spec
) -> Basis:
    """Without what some active comparator arm is given too and no title or objective names, where
    one names others; not where that arm gets a placebo of those.
    """
    dummy = {fact.item for fact in facts["arm.intervention"] if is_placebo(fact.value, spec)}
    shared = {name for item in active if item not in dummy for name in given[item]}
    known = {name for name in tested if named(name, names, facts)}
    if not known - shared:
        return tested
    every = {name for name in tested if all(name in own for own in given.values())}
    return {n: basis for n, basis in tested.items() if n not in shared - known or n in every}


def _given_in(
    arms: Iterable[int],
    given: Given,
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
