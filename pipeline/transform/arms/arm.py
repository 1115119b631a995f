"""An arm with what the record says of it, gathered once for all arms."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from pipeline.assessed import is_assessment
from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Fact


class Arm(msgspec.Struct, frozen=True):
    """One arm: its label, the treatments that it is given, and its facts by concept.

    `hidden` says that the record calls it placebo or sham and lists only what others get too;
    `varied` are the treatments of which arms are given different doses, `usual` those that
    participants get anyway.
    """

    label: Fact
    given: tuple[Fact, ...]
    facts: dict[str, tuple[Fact, ...]]
    hidden: bool = False
    varied: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()

    @property
    def tried(self) -> tuple[Fact, ...]:
        """What the arm is given besides what participants get anyway."""
        return tuple(one for one in self.given if one.value not in self.usual) or self.given

    def said(self, concept: str) -> tuple[Fact, ...]:
        """The arm's facts of a concept."""
        return self.facts.get(concept, ())


def read_arms(facts: Facts, spec: Spec) -> list[Arm]:
    """The arms that the record lists; where it lists none, those that its words describe."""
    labels = [one for one in facts["arm.label"] if one.value.strip()] or facts["arm.described"]
    own: dict[int, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for concept, found in facts.items():
        if concept.startswith(("arm.", "regimen.", "period.")):
            for fact in found:
                own[fact.item][concept].append(fact)
    types = {item.item: item.value for item in facts["intervention.type"]}
    assessed = {
        name.value
        for name in facts["intervention.name"]
        if is_assessment(types.get(name.item), name.value, spec)
    }
    tested = {
        given.value for kind in facts["arm.type"] if kind.value == "EXPERIMENTAL"
        for given in own[kind.item]["arm.intervention"]
    }  # fmt: skip
    doses: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts["regimen.dose"]:
        doses[fact.about][fact.item].append(fact.value)
    varied = frozenset(
        name for name, arms in doses.items() if len({frozenset(one) for one in arms.values()}) > 1
    )
    real = tested - _placebos(facts, spec)
    usual = frozenset(
        fact.value
        for fact in facts["arm.intervention"]
        if _pattern(spec.design.usual).search(fact.value.lower())
    )
    plain = _without(labels, own, facts, _pattern(spec.phrases.placebo))
    made = (
        _arm(label, own[label.item], assessed, set() if label.item in plain else real, varied)
        for label in labels
    )
    return [msgspec.structs.replace(arm, usual=usual) for arm in made]


def _without(
    labels: Sequence[Fact], own: Mapping[int, dict[str, list[Fact]]], facts: Facts,
    placebo: re.Pattern[str],
) -> set[int]:  # fmt: skip
    """Arms that are given less than an experimental arm, and by their description no placebo."""
    tries = [
        {fact.value for fact in own[kind.item]["arm.intervention"]}
        for kind in facts["arm.type"]
        if kind.value == "EXPERIMENTAL"
    ]
    found: set[int] = set()
    for label in labels:
        given = {fact.value for fact in own[label.item]["arm.intervention"]}
        words = own[label.item]["arm.description"]
        silent = words and not any(placebo.search(fact.value.lower()) for fact in words)
        if silent and given not in tries and any(given < one for one in tries):
            found.add(label.item)
    return found


def _arm(
    label: Fact, own: dict[str, list[Fact]], assessed: set[str], tested: set[str],
    varied: frozenset[str],
) -> Arm:  # fmt: skip
    given = {fact.value: fact for fact in own.get("arm.intervention", ())}
    withheld = {fact.value for fact in own.get("arm.withheld", ())}
    treatments = tuple(
        fact for name, fact in given.items() if name not in assessed and name not in withheld
    )
    arm = Arm(
        label,
        treatments or tuple(given.values()),
        {name: tuple(f) for name, f in own.items()},
        varied=varied,
    )
    if _hides_placebo(arm, tested):
        return msgspec.structs.replace(arm, given=(), hidden=True)
    return arm


def _placebos(facts: Facts, spec: Spec) -> set[str]:
    """The interventions that are a placebo or sham, or are described with one."""
    placebo = _pattern(spec.phrases.placebo)
    told = {fact.item: fact.value for fact in facts["intervention.name"]}
    return {
        told[fact.item]
        for concept in ("intervention.name", "intervention.description", "intervention.other_name")
        for fact in facts[concept]
        if fact.item in told and placebo.search(fact.value.lower())
    }


def _hides_placebo(arm: Arm, tested: set[str]) -> bool:
    """Whether a placebo arm is listed with nothing but what experimental arms get, none of it a
    placebo nor named in its own words.
    """
    kinds = {fact.value for fact in arm.said("arm.type")}
    if not arm.given or not kinds & {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}:
        return False
    words = " ".join(f.value for f in (arm.label, *arm.said("arm.description"))).lower()
    return all(one.value in tested and not _names(words, one.value) for one in arm.given)


def _names(words: str, name: str) -> bool:
    """Whether words in lower case name a treatment, and not a sham or placebo of it."""
    told = rf"(?<!\w)(?<!sham )(?<!placebo ){re.escape(name.lower())}(?!\w)"
    return bool(re.search(told, words))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words)
