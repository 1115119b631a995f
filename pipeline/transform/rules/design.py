"""How the study is built: phase, blinding, control, arms, type, numbers."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.contradictions import masking_contradicted
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent, narrowed, stated

_MASKED = re.compile(
    r"\b(?:(?P<double>(?:double|triple|quadruple)[- ]?(?:blind|mask))|"
    r"(?P<single>single[- ]?(?:blind|mask))"
    r"|(?P<open>open[- ]?label))",
    re.IGNORECASE,
)
_RANDOM = re.compile(
    r"(?P<not>\b(?:non|not|un|quasi|without)[- ]?)?(?:\b|(?<=non)|(?<=un))randomi[sz](?:ed|ation)\b"
    r"(?! cohort)",
    re.IGNORECASE,
)
_MASKING = {"double": "DOUBLE BLIND", "single": "SINGLE BLIND", "open": "OPEN LABEL"}


def trial_title(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The official title. A title for the public is another text: it is offered, never taken."""
    official = facts["title.official"]
    yield (
        stated(official[0].value, official[0])
        if official
        else absent("not stated", *facts["title.brief"])
    )


def phase(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The term for the phase; two phases together are one combined term (PHASE1 and PHASE2: PHASE
    I/II TRIAL). A study that is not interventional has no phase.
    """
    stated = tuple(dict.fromkeys(fact.value for fact in facts["design.phase"]))
    if stated:
        term = spec.decisions["TPHASE"].terms.get("/".join(sorted(stated)))
        if term:
            yield Cell(term, "normalised", facts["design.phase"])
        else:
            yield absent("outside the codelist", *facts["design.phase"])
        return
    kinds = facts["design.type"]
    if kinds and kinds[0].value != "INTERVENTIONAL":
        yield absent("not applicable", *kinds)
    else:
        yield absent("not stated")


def study_type(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The study type as its term; an observational study that the record calls a patient registry
    is PATIENT REGISTRY.
    """
    terms = spec.decisions["STYPE"].terms
    kinds = facts["design.type"]
    if not kinds:
        yield absent("not stated")
        return
    registry = [fact for fact in facts["design.patient_registry"] if terms.get(fact.value)]
    if registry and kinds[0].value == "OBSERVATIONAL":
        yield Cell(terms[registry[0].value], "derived", (kinds[0], registry[0]))
    else:
        yield stated(terms[kinds[0].value], *kinds)


def blinding(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """NONE is OPEN LABEL; SINGLE is SINGLE BLIND, or OBSERVER BLIND when the outcomes assessor
    alone is masked; DOUBLE and more are DOUBLE BLIND. A record without any field of its design is
    taken at its words.
    """
    masking, roles = facts["design.masking"], facts["design.masking.role"]
    kinds = facts["design.type"]
    if not masking:
        other = kinds and kinds[0].value != "INTERVENTIONAL"
        words = (
            () if other or facts["design.allocation"] or facts["design.model"] else _masked(facts)
        )
        for term, basis in words:
            yield Cell(term, "derived", (basis,))
        if not words:
            yield absent("not applicable", *kinds) if other else absent("not stated")
        return
    yield from masking_contradicted(facts)
    word = masking[0].value
    if word == "NONE":
        term = "OPEN LABEL"
    elif word == "SINGLE":
        observer = [role.value for role in roles] == ["OUTCOMES_ASSESSOR"]
        term = "OBSERVER BLIND" if observer else "SINGLE BLIND"
    else:
        term = "DOUBLE BLIND"
    yield Cell(term, "normalised", (masking[0], *roles))


def _masked(facts: Facts) -> tuple[tuple[str, Fact], ...]:
    """What titles and summary call the masking, where they call it one thing."""
    found: dict[str, Fact] = {}
    for concept in ("title.official", "title.brief", "text.summary"):
        for fact in facts[concept]:
            for match in _MASKED.finditer(fact.value):
                words = narrowed(fact, *match.span(), concept)
                found.setdefault(_MASKING[str(match.lastgroup)], words)
    return tuple(found.items()) if len(found) == 1 else ()


def randomisation(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Whether participants are allotted at random, by the allocation; NA is one arm, with nobody to
    randomise. An interventional record without any field of its design is taken at its titles.
    """
    allocation = facts["design.allocation"]
    if allocation:
        yield stated(spec.decisions["RANDOM"].terms[allocation[0].value], *allocation)
        return
    fields = (*facts["design.masking"], *facts["design.model"])
    kinds = {fact.value for fact in facts["design.type"]}
    found: dict[str, Fact] = {}
    for concept in ("title.official", "title.brief", "design.model.description"):
        for fact in facts[concept] if kinds == {"INTERVENTIONAL"} and not fields else ():
            for match in _RANDOM.finditer(fact.value):
                words = narrowed(fact, *match.span(), concept)
                found.setdefault("N" if match["not"] else "Y", words)
    if len(found) == 1:
        for term, words in found.items():
            yield Cell(term, "derived", (words,))
    else:
        yield absent("ambiguous" if found else "not stated", *found.values())


def intervention_type(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Each kind of intervention once, as its term; a kind without a term is left out beside
    others. Not applicable to a study without intervention that is not interventional.
    """
    terms = spec.decisions["INTTYPE"].terms
    found: dict[str, list[Fact]] = {}
    for fact in facts["intervention.type"]:
        found.setdefault(terms[fact.value], []).append(fact)
    for term, basis in found.items():
        if term not in spec.reasons:
            yield stated(term, *basis)
    if not set(found) - set(spec.reasons):
        reason = next(iter(found), "")
        kinds = [fact for fact in facts["design.type"] if fact.value != "INTERVENTIONAL"]
        yield absent(
            reason or ("not applicable" if kinds else "not stated"), *found.get(reason, kinds)
        )


def number_of_arms(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The number of arms that the record lists, or states where it lists none."""
    arms, count = facts["arm.label"], facts["arm.count"]
    if arms:
        yield Cell(str(len(arms)), "derived", arms)
    else:
        yield stated(count[0].value, *count) if count else absent("not stated")


def registry_numbers(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Every number that a registry gave the study, with the registry as the code system."""
    seen: dict[tuple[str, str], list[Fact]] = {}
    for concept, system in spec.decisions["REGID"].terms.items():
        for fact in facts[concept]:
            seen.setdefault((system, fact.value), []).append(fact)
    for (system, value), basis in seen.items():
        yield Cell(value, "copied", tuple(basis), system=system)
    if not seen:
        yield absent("not stated")
