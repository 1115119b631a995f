"""What the investigated treatment is compared with."""

import re
from collections import defaultdict
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.contradictions import control_contradicted
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.transform.sides import is_placebo
from pipeline.values import Cell, Fact, Issue, absent, narrowed

_NONE = re.compile(
    r"\b(?:non-?controlled|uncontrolled|single[- ](?:experimental[- ])?(?:arm|group)|one[- ]arm|"
    r"without (?:a )?control)\b(?! extension)",
    re.IGNORECASE,
)
_ONE_ARM = re.compile(r"\b(?:single|one)\b", re.IGNORECASE)
"""What is no word for a trial that is randomised between arms."""
_OF_THIS = re.compile(
    r"\b(?:this|the present)\b[^.;:]{0,60}?\b(?P<none>non-?controlled|uncontrolled)\b"
    r"[^.;:]{0,40}?\b(?:study|trial)\b",
    re.IGNORECASE,
)
_CONTROLLED = re.compile(
    r"\b(?P<PLACEBO>placebo[- ]?controlled|versus placebo|compared (?:to|with) placebo|or "
    r"placebo)\b"
    r"|\b(?P<SHAM>sham[- ]controlled)\b",
    re.IGNORECASE,
)
_GETS_PLACEBO = re.compile(
    r"\b(?:control|comparator|other|second) (?:arm|group)\b[^.;:]{0,40}\b(?:receiv|given|get|"
    r"administered|allocated)\w*\b(?:(?!\b(?:plus|and|with)\b)[^.;+]){0,80}?"
    r"\bplacebo\b(?! run| lead| wash)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(?<!non-)(?<!non )\b(?:randomi[sz]ed|controlled)\b", re.IGNORECASE)
_CHALLENGE = re.compile(r"\bchallenge\b|\bDBPCFC\b", re.IGNORECASE)
_SAID_SO = re.compile(r"\bplacebo[- ]?control", re.IGNORECASE)
_OF_STUDY = re.compile(r"\b(?:study|trial)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)\s*(?P<unit>mg/kg|mg/m2|mg|µg|μg|ug|mcg|g|ml|iu|units?|u|%|gy|"
    r"mmol|cells|pfu|cfu|tcid50|aun|du|dru|sq|srb|jau|ir|bau|bu|tu|pnu|mci|mbq|vg|gc|ppm|ku|ng|"
    r"umol|nmol|cm|[a-z]{2,4}(?=/(?:ml|kg|day|dose|g)\b))(?:/\w+)?(?![a-z])"
    r"|\b(?P<level>(?:very )?(?:low|lower|lowest|medium|middle|mid|intermediate|high|higher|"
    r"highest|standard)[- ]dos(?:e|age)|dos(?:e|age)(?: level)? (?:\d|[a-e]\b)|"
    r"(?:low|medium|middle|high)(?= dose))",
    re.IGNORECASE,
)
_NAME = re.compile(r"\w{3,}")
_TOLD = ("intervention.description", "text.summary", "text.description")
_WORDS = ("title.official", "title.brief", "design.model.description", "text.summary")


def control_type(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """By the arms' types: placebo comparator PLACEBO, sham comparator SHAM, no intervention
    NO TREATMENT (an extended term), active comparator ACTIVE unless it is given the investigated
    treatment against one of those. Arms that differ by dose alone are DOSE RESPONSE. One arm, or
    words that call the trial uncontrolled or single-arm, are NONE. Arms of another type speak by
    what they are given; without arms, the comparators that the record or its words state. A field
    that a title contradicts says nothing.
    """
    found = _typed(facts, spec)
    if not {"PLACEBO", "SHAM"} & set(found):
        found |= _inert(facts, spec) or _titled(facts)
    if not found:
        found = _uncontrolled(facts)
    if not found and not facts["arm.label"]:
        for words in (*_said(facts, _CONTROLLED), *_said(facts, _GETS_PLACEBO, _TOLD)):
            found.setdefault("SHAM" if "sham" in words.value.lower() else "PLACEBO", (words,))
        found = found or _listed(facts, spec)
    if "NONE" not in found and (basis := _doses(facts, spec)):
        found["DOSE RESPONSE"] = basis
    contradicted = list(control_contradicted(facts))
    none = found.pop("NONE", ()) if contradicted else ()
    if none and not found:
        yield absent("ambiguous", *none)
    elif not found:
        yield absent("not stated")
    for term, basis in found.items():
        yield Cell(term, "derived", basis)
    yield from contradicted


def _typed(facts: Facts, spec: Spec) -> dict[str, tuple[Fact, ...]]:
    """What the arms' types say, else the comparators that the record states."""
    terms = spec.decisions["TCNTRL"].terms
    parts = roles(facts, spec)
    found: dict[str, tuple[Fact, ...]] = {}
    for fact in facts["arm.type"] or facts["design.control"]:
        term = terms.get(fact.value, "")
        investigated = (
            facts["arm.type"] and parts.tested and fact.item not in parts.comparators
        )  # fmt: skip
        if term == "ACTIVE" and (mixed := _with_placebo(fact.item, facts, spec)):
            found.setdefault("PLACEBO", (mixed,))
        elif term and not (term == "ACTIVE" and investigated):
            found[term] = (*found.get(term, ()), fact)
    if "ACTIVE" not in found and parts.compared:
        found["ACTIVE"] = next(iter(parts.compared.values()))
    return found


def _with_placebo(item: int, facts: Facts, spec: Spec) -> Fact | None:
    """The only thing that an arm is given, where its name joins a placebo to what all get."""
    own = [fact for fact in facts["arm.intervention"] if fact.item == item]
    placebo = re.compile(spec.phrases.placebo, re.IGNORECASE)
    mixed = len(own) == 1 and placebo.search(own[0].value) and not is_placebo(own[0].value, spec)
    if not mixed:
        return None
    rest = set(_NAME.findall(placebo.sub(" ", own[0].value.lower())))
    others = [fact for fact in facts["arm.intervention"] if fact.item != item]
    return own[0] if any(rest <= set(_NAME.findall(one.value.lower())) for one in others) else None


def _uncontrolled(facts: Facts) -> dict[str, tuple[Fact, ...]]:
    """Words that say so, or a single arm."""
    words = next(_said(facts, _NONE), None) or next(_described(facts), None)
    randomised = any(fact.value == "RANDOMIZED" for fact in facts["design.allocation"])
    if words and len(facts["arm.label"]) > 1 and randomised and _ONE_ARM.search(words.value):
        return {}
    basis = (words,) if words else _single(facts)
    return {"NONE": basis} if basis else {}


def _single(facts: Facts) -> tuple[Fact, ...]:
    """The only arm, or where arms are not listed the model of a single group; not where the trial
    is randomised or its title says so, or says controlled.
    """
    titles = (*facts["title.official"], *facts["title.brief"])
    if any(fact.value == "RANDOMIZED" for fact in facts["design.allocation"]) or any(
        _SEVERAL.search(title.value) for title in titles
    ):
        return ()
    if len(facts["arm.label"]) == 1:
        return (*facts["arm.label"], *facts["design.model"][:1])
    if facts["arm.label"] or any(fact.value != "NA" for fact in facts["design.allocation"]):
        return ()
    return tuple(fact for fact in facts["design.model"] if fact.value == "SINGLE_GROUP")


def _inert(facts: Facts, spec: Spec) -> dict[str, tuple[Fact, ...]]:
    """A placebo or sham that is given alone in an arm, in the place of the treatment, or in turn
    with it in a cross-over.
    """
    crossed = any(fact.value == "CROSSOVER" for fact in facts["design.model"])
    given: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts["arm.intervention"]:
        given[fact.item].append(fact)
    dummies = roles(facts, spec).dummies
    for item, own in given.items() if len(given) > 1 or crossed else ():
        inert = [fact for fact in own if is_placebo(fact.value, spec)]
        if inert and (crossed or item in dummies or len(inert) == len(own)):
            return {"SHAM" if "sham" in inert[0].value.lower() else "PLACEBO": (inert[0],)}
    return {}


def _listed(facts: Facts, spec: Spec) -> dict[str, tuple[Fact, ...]]:
    """A placebo or sham that is listed beside one investigated treatment and nothing else."""
    tested = roles(facts, spec).tested
    inert = [fact for fact in facts["intervention.name"] if is_placebo(fact.value, spec)]
    known = {*tested, *(fact.value for fact in inert)}
    if len(tested) != 1 or any(fact.value not in known for fact in facts["intervention.name"]):
        return {}
    return {"SHAM" if "sham" in one.value.lower() else "PLACEBO": (one,) for one in inert[:1]}


def _titled(facts: Facts) -> dict[str, tuple[Fact, ...]]:
    """Placebo where a title says placebo-controlled and an intervention or arm names one, or where
    the description calls the study so and an arm lists one.
    """
    listed = [one for one in facts["arm.intervention"] if "placebo" in one.value.lower()]
    named = (*facts["intervention.name"], *facts["arm.label"], *facts["arm.description"])
    given = [one for one in named if "placebo" in one.value.lower()]
    for concept in ("title.official", "title.brief", "text.summary", "text.description"):
        there = given if concept.startswith("title.") else listed
        for text in facts[concept] if there else ():
            for match in _SAID_SO.finditer(text.value):
                near = text.value[match.start() : match.end() + 40]
                if concept.startswith("title.") or (
                    _OF_STUDY.search(near) and not _CHALLENGE.search(near)
                ):
                    return {"PLACEBO": (narrowed(text, *match.span(), concept), there[0])}
    return {}


def _doses(facts: Facts, spec: Spec) -> tuple[Fact, ...]:
    """Two arms that are given the same at different doses, by their labels or the interventions'
    names, else by doses that are said of each and have none in common.
    """
    given: dict[int, list[str]] = defaultdict(list)
    for fact in facts["arm.intervention"]:
        if not is_placebo(fact.value, spec):
            given[fact.item].append(fact.value)
    seen: dict[str, tuple[frozenset[str], Fact]] = {}
    for label in facts["arm.label"]:
        named = (_amounts(label.value), *(_amounts(name) for name in given[label.item]))
        amounts = next((one for one in named if one), frozenset())
        if not (given[label.item] and amounts):
            continue
        key = " + ".join(sorted(_plain(name) for name in given[label.item]))
        if key in seen and seen[key][0] != amounts:
            return (seen[key][1], label)
        seen.setdefault(key, (amounts, label))
    return _said_doses(given, facts)


def _said_doses(given: dict[int, list[str]], facts: Facts) -> tuple[Fact, ...]:
    said: dict[tuple[str, ...], dict[str, dict[int, list[Fact]]]] = {}
    for dose in facts["regimen.dose"]:
        if dose.about in given.get(dose.item, ()):
            same = said.setdefault(tuple(sorted(given[dose.item])), {})
            same.setdefault(dose.about, {}).setdefault(dose.item, []).append(dose)
    for by_arm in (arms for same in said.values() for arms in same.values()):
        first, *others = by_arm.values()
        for other in others:
            if not {one.value for one in first} & {one.value for one in other}:
                return (first[0], other[0])
    return ()


def _amounts(text: str) -> frozenset[str]:
    return frozenset("".join(match[0].lower().split()) for match in _AMOUNT.finditer(text))


def _plain(name: str) -> str:
    """An intervention's name without its dose."""
    return " ".join(_AMOUNT.sub(" ", name.lower()).split())


def _described(facts: Facts) -> Iterator[Fact]:
    """Where the description calls this study so (`This open-label, uncontrolled study`)."""
    for fact in facts["text.description"]:
        for match in _OF_THIS.finditer(fact.value):
            yield narrowed(fact, *match.span("none"), fact.concept)


def _said(
    facts: Facts, pattern: re.Pattern[str], concepts: tuple[str, ...] = _WORDS
) -> Iterator[Fact]:
    for concept in concepts:
        for fact in facts[concept]:
            match = pattern.search(fact.value)
            if match and not _CHALLENGE.search(fact.value, match.start(), match.end() + 25):
                yield narrowed(fact, *match.span(), concept)
