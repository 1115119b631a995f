"""What prose says of how treatments are given: how much, how often, by which route, in which form.

A dose belongs to an intervention only when the words tie them: in its own name or description, in
a sentence that names it alone, in an arm that is given nothing else, or directly beside its name.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterator, Sequence

from msgspec.structs import replace

from pipeline.assessed import is_assessment
from pipeline.extract.concepts import Concepts, named
from pipeline.extract.foreign import is_medicine, of_another
from pipeline.extract.giving import read_arm
from pipeline.extract.naming import Mention, Names, names_of
from pipeline.extract.saying_doses import Given, given, of_tie
from pipeline.extract.tying import Home, Sentence, spoken, ties
from pipeline.extract.wordings import COUNTED, Wordings, wordings
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, Span, narrowed

EVERYONE = -1
"""The number of no arm: words about the whole study or about an intervention."""

_NARRATIVE = (
    "title.official", "title.brief", "text.summary", "text.description",
    "design.model.description",
)  # fmt: skip
_CALLED = frozenset({"title.official", "title.brief", "arm.label", "intervention.name"})
_THERAPY = re.compile(
    r"\s?(?:\([^()]*\) ?)?(?:[\w-]+ ){0,2}(?:(?:\w+-)?(?:immuno|chemo)-?therap|"
    r"(?:ait|slit|scit|oit)\b)"
)
_THERAPIES = re.compile(r"\b(?:(?:immuno|chemo)-?therapy|ait|slit|scit|oit)[ -]$")
_IS_THERAPY = re.compile(r"therap|immuno|\b(?:ait|slit|scit|oit)\b", re.IGNORECASE)
_OTHER_THERAPY = re.compile(
    r"\b(?:on|to|for|in|during|with|before|after|undergoing|receiving|plus) (?:[\w-]+ )?$"
)
"""Before the therapy that a title tells of besides (`fibre for children on oral immunotherapy`)."""
_FORMED = frozenset({"regimen.route", "regimen.form"})
_ADJECTIVE = re.compile(r"(?:sub|intra|trans|epi|endo|topic|buccal|inhaled|nebuli)[\w-]*(?<!ly) ?")
_NOUN = re.compile(
    r" ?(?=[a-z])(?!(?:[\w-]+ ){0,2}(?:infus|inject|dos(?:e|ing)|admin|bolus|push|drip|route|"
    r"therap|treatment|use\b|form|deliver|solution|suspension|tablet|capsule|drop|spray|gel|cream|"
    r"ointment|lotion|patch|film|powder|appli|immuno|vaccin|cathet|and\b|or\b|vs|versus|to\b|for\b|"
    r"in\b|on\b|at\b|over\b|with\b|by\b|via\b|every|once|twice|daily|weekly))"
)
_LEFT_OUT = re.compile(
    r"\b(?:avoid\w*|eliminat\w*|withdraw\w*|discontinu\w*|cessation|stopping)\b",
    re.IGNORECASE,
)
_DIGITAL = re.compile(r"\b(?:digital|computer|online|web|smartphone|mobile)\b", re.IGNORECASE)
_FEW = 2
_LONG = 20
_OFTEN = 20
"""So many times another's, a value is not asked about again in the same text."""
_DOSED = {"regimen.dose.day": "regimen.dose", "regimen.unit.day": "regimen.unit"}
"""What is given a day, and what it is where no dose is known."""
_AT_HOME = frozenset({"regimen.dose", "regimen.unit", "regimen.form", "regimen.route", *_DOSED})
"""What the narrative adds nothing to where arms or interventions say it."""
_STRENGTH = frozenset({"regimen.dose", "regimen.unit", *_DOSED})
"""What the name of a product says of its strength, in the EU's registers (`Oldimab 5 mg`)."""
_RHYTHM = frozenset({"regimen.frequency"})
_ACTS = frozenset({"DEVICE", "PROCEDURE", "BEHAVIORAL", "DIAGNOSTIC_TEST"})
_REPORTED = re.compile(
    r"\b(?:prior|previous|previously|history|mice|mouse|rats?|monkeys?|animals?|preclinical|"
    r"in vitro|has been|have been|had|studies|literature|guidelines?|reported|showed|shown|"
    r"demonstrated|trials|approved|rescue|pre-?medicat\w*|background|usually|typically|"
    r"recommended|standard dose|concentrations?|label|exclu\w+|allowed|permitted|may|available|"
    r"would be able|hypothes\w+|within the (?:last|past)|results? in|leads? to|causes?|unlike)\b"
)


def read_regimens(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Regimen facts of each arm (numbered by `item`, or `EVERYONE`) and intervention (named by
    `about`); of interventional studies only.
    """
    kinds = named(facts, "design.type")
    if kinds and all(fact.value != "INTERVENTIONAL" for fact in kinds):
        return [], []
    words = wordings(spec)
    found: list[Fact] = []
    names = names_of(named(facts, "intervention.name"), named(facts, "intervention.other_name"))
    own = _own(facts, spec)
    heard: dict[int, list[Mention]] = {}
    for prose in named(facts, "arm.description"):
        low = prose.value.lower()
        heard[id(prose)] = names.mentions(low)
        found += read_arm(prose, low, heard[id(prose)], own.get(prose.item, []), words)
    of_home, of_telling = _acts(facts, told=False), _acts(facts, told=True)
    told: dict[tuple[str, str], set[str]] = {}
    products = bool(named(facts, "intervention.role"))
    strengths: set[Span] = set()
    for prose, home in _homes(facts, own, words):
        acts = of_telling if prose.concept in _NARRATIVE else of_home
        made = list(_facts(prose, home, names, heard.get(id(prose)), acts, words, spec))
        if prose.concept == "intervention.name":
            named_so = {one.span for one in made if one.concept in _STRENGTH}
            made = [one for one in made if not products or one.concept not in _STRENGTH]
            strengths |= named_so
        if prose.concept in _NARRATIVE:
            made = [
                one for one in made if one.value in told.get((one.concept, one.about), {one.value})
            ]
        else:
            for one in made:
                if one.concept in _AT_HOME:
                    told.setdefault((one.concept, one.about), set()).add(one.value)
        found += made
    return _by_count(_by_dose(found), strengths), []


def _own(facts: Concepts, spec: Spec) -> dict[int, list[str]]:
    """What each arm is given; assessments beside treatments are none of it."""
    kinds = {fact.item: fact.value for fact in named(facts, "intervention.type")}
    assessed = {
        fact.value
        for fact in named(facts, "intervention.name")
        if is_assessment(kinds.get(fact.item), fact.value, spec)
    }
    own: dict[int, list[str]] = {}
    for fact in named(facts, "arm.intervention"):
        own.setdefault(fact.item, []).append(fact.value)
    return {
        item: [name for name in given if name not in assessed] or given
        for item, given in own.items()
    }


def _by_dose(found: list[Fact]) -> list[Fact]:
    """What a day is given counts as the dose only where no words say one of the treatment."""
    dosed = {one.about for one in found if one.concept == "regimen.dose"}
    return [
        replace(one, concept=_DOSED[one.concept]) if one.concept in _DOSED else one
        for one in found
        if one.concept not in _DOSED or one.about not in dosed
    ]


def _by_count(found: list[Fact], strengths: Container[Span]) -> list[Fact]:
    """Of several pieces (`2 puffs`) the strength that the product's name says is no dose; of one,
    the strength is.
    """
    several: dict[str, set[str]] = {}
    last = ""
    for one in found:
        if one.concept == "regimen.dose":
            last = one.value
        elif one.concept == "regimen.unit" and one.value in COUNTED:
            several.setdefault(one.about, set()).add(last)
    called = {one.about for one in found if one.concept in _STRENGTH and one.span in strengths}
    return [
        one
        for one in found
        if one.concept not in _STRENGTH
        or one.about not in called
        or not (counts := several.get(one.about))
        or (one.span in strengths) == (counts == {"1"})
    ]


def _homes(
    facts: Concepts, own: dict[int, list[str]], words: Wordings
) -> Iterator[tuple[Fact, Home]]:
    """Each text, and whose words it is."""
    called = {fact.item: fact.value for fact in named(facts, "intervention.name")}
    called = {item: name for item, name in called.items() if not words.placebo.search(name)}
    many = len(set(called.values())) > _FEW
    for concept in ("intervention.name", "intervention.description"):
        for prose in named(facts, concept):
            if prose.item in called:
                yield prose, Home(owner=called[prose.item])
    for concept in ("arm.label", "arm.description"):
        for prose in named(facts, concept):
            given_here = set(own.get(prose.item, ()))
            if own and not given_here:
                continue
            sole = next(iter(given_here)) if len(given_here) == 1 else ""
            yield prose, Home(sole=sole, close=many)
    real = {name for given in own.values() for name in given if not words.placebo.search(name)}
    only = next(iter(real)) if len(real) == 1 else ""
    for concept in _NARRATIVE:
        for prose in named(facts, concept):
            yield prose, Home(never=_REPORTED, close=many, titled=concept in _CALLED, only=only)


def _acts(facts: Concepts, *, told: bool) -> dict[str, frozenset[str]]:
    """The interventions that are no product, by type or name, and what may be said of them: what is
    given in them is no dose, and where it is only told of them, their rhythm may be that of others.
    """
    kinds = {fact.item: fact.value for fact in named(facts, "intervention.type")}
    acts: dict[str, frozenset[str]] = {}
    for fact in named(facts, "intervention.name"):
        kind = kinds.get(fact.item, "")
        if kind in _ACTS or _LEFT_OUT.search(fact.value) or _DIGITAL.search(fact.value):
            acts[fact.value] = frozenset() if told else _RHYTHM
        elif kind == "OTHER" and told:
            acts[fact.value] = _AT_HOME
    return acts


def _facts(
    prose: Fact, home: Home, names: Names, heard: list[Mention] | None,
    acts: dict[str, frozenset[str]], words: Wordings, spec: Spec,
) -> Iterator[Fact]:  # fmt: skip
    text, low = prose.value, prose.value.lower()
    if len(low) != len(text):
        return
    seen: set[tuple[str, str, str]] = set()
    refused = Counter[tuple[str, str, str]]()
    again = -1
    item = prose.item if prose.concept.startswith("arm.") else EVERYONE
    whole = [Sentence(0, len(low), ())] if prose.concept == "intervention.name" else None
    begins = [] if prose.concept in _NARRATIVE else words.begins(low, 0, len(low))
    if not begins and prose.concept not in _NARRATIVE:
        return
    mentions = names.mentions(low) if heard is None else heard

    for sentence in whole or spoken(text, mentions, home):
        start, end = sentence.start, sentence.end
        here = _within(begins, start, end) if begins else words.begins(low, start, end)
        if sentence.here:
            here = [one for one in here if not _ends_a_name(low, one[0], sentence.here)]
        said = given(text, low, start, end, here, sentence.here, words, spec) if here else ()
        for tie in ties(low, sentence, home, words) if said else ():
            for one in of_tie(low, tie, said):
                key = (one.concept, one.value, tie.name)
                if key in seen or (tie.name in acts and one.concept not in acts[tie.name]):
                    again = one.start if one.concept == "regimen.frequency" else again
                    continue
                if one.concept == "regimen.schedule" and one.start == again:
                    continue
                if refused[key] >= _OFTEN:
                    continue
                place = (one.start, one.end)
                if prose.concept in _NARRATIVE and _of_what_follows(low, one, mentions):
                    continue
                if _of_therapy(prose, low, one, tie.name) or of_another(
                    low, (start if tie.near else tie.start, end), place, tie.name, mentions
                ):
                    refused[key] += 1
                    continue
                seen.add(key)
                yield _fact(prose, one, item, tie.name)


def _within(begins: list[tuple[int, str]], start: int, end: int) -> list[tuple[int, str]]:
    return begins[bisect_left(begins, (start,)) : bisect_left(begins, (end,))]


def _ends_a_name(low: str, at: int, mentions: Sequence[Mention]) -> bool:
    """Whether a number is the end of a treatment's name (`rAlpha 1 tablets`)."""
    last = bisect_left(mentions, at, key=lambda one: one.start) - 1
    end = mentions[last].end if last >= 0 else at
    return at < end and low[at:end].replace(".", "").isdigit()


def _of_what_follows(low: str, one: Given, mentions: Sequence[Mention]) -> bool:
    """Whether a route is that of the thing before whose name it stands, which is none of the
    treatments (`intravenous heroin`).
    """
    if one.concept != "regimen.route" or not _ADJECTIVE.fullmatch(low, one.start, one.end):
        return False
    after = _NOUN.match(low, one.end)
    return after is not None and not any(m.start <= after.end() <= m.end for m in mentions)


def _of_therapy(prose: Fact, low: str, one: Given, name: str) -> bool:
    """Whether a route is that of a therapy that the words name ("oral immunotherapy"), which is
    the treatment itself only in titles, labels and where its name says so; of one medicine it is
    no form either.
    """
    if one.concept not in _FORMED:
        return False
    before = _THERAPIES.search(low, max(0, one.start - _LONG), one.start)
    if not (before or _THERAPY.match(low, one.end)):
        return False
    if low[one.start : one.end].strip() in name.lower():
        return False
    if (
        prose.concept in _CALLED
        and _OTHER_THERAPY.search(low, 0, one.start)
        and not _IS_THERAPY.search(name)
    ):
        return True
    medicine = is_medicine(name) and "therap" not in name.lower()
    own = before or one.concept == "regimen.form" or prose.concept in _CALLED
    return medicine or not own


def _fact(prose: Fact, one: Given, item: int, name: str) -> Fact:
    made = narrowed(prose, one.start, one.end, one.concept, value=one.value, about=name)
    return replace(made, item=item)
