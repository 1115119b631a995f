"""How the study is built: phase, blinding, control, arms, type, numbers."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent, narrowed, stated


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
    I/II TRIAL). A study that is not interventional has no phase: NOT APPLICABLE.
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
        yield Cell(spec.decisions["TPHASE"].terms["NA"], "derived", kinds)
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
    alone is masked; DOUBLE and more are DOUBLE BLIND.
    """
    masking, roles = facts["design.masking"], facts["design.masking.role"]
    kinds = facts["design.type"]
    if not masking:
        other = kinds and kinds[0].value != "INTERVENTIONAL"
        yield absent("not applicable", *kinds) if other else absent("not stated")
        return
    word = masking[0].value
    if word == "NONE":
        term = "OPEN LABEL"
    elif word == "SINGLE":
        observer = [role.value for role in roles] == ["OUTCOMES_ASSESSOR"]
        term = "OBSERVER BLIND" if observer else "SINGLE BLIND"
    else:
        term = "DOUBLE BLIND"
        if roles and "PARTICIPANT" not in {role.value for role in roles}:
            detail = "A double-blind label, but the participant is not among those masked."
            yield Issue(
                "eligibility.contradiction",
                detail,
                masking[0].source,
                masking[0].span,
                masking[0].quote,
            )
    yield Cell(term, "normalised", (masking[0], *roles))


def control_type(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """By the types of the arms: a placebo comparator is PLACEBO, a sham comparator SHAM, an active
    comparator ACTIVE. Arms whose type is not stated say nothing of the control. Where no arm has a
    type: the comparators that the record states, or NONE where it calls the study uncontrolled.
    """
    terms = spec.decisions["TCNTRL"].terms
    found: dict[str, list[Fact]] = {}
    for fact in facts["arm.type"] or facts["design.control"]:
        if terms.get(fact.value):
            found.setdefault(terms[fact.value], []).append(fact)
    for term, basis in found.items():
        yield Cell(term, "derived", tuple(basis))
    if not found:
        yield absent("not stated")


def number_of_arms(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The number of arms that the record lists, or states where it lists none."""
    arms, count = facts["arm.label"], facts["arm.count"]
    if arms:
        yield Cell(str(len(arms)), "derived", arms)
    else:
        yield stated(count[0].value, *count) if count else absent("not stated")


def trial_type(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The scopes that the record states, and what the title or the prose calls the study outright
    ("a safety study"); other words are candidates only.
    """
    found: dict[str, list[Fact]] = {}
    for fact in facts["design.scope"]:
        found.setdefault(spec.decisions["TTYPE"].terms[fact.value], []).append(fact)
    for concept in (
        "title.official",
        "title.brief",
        "text.summary",
        "text.description",
        "design.model.description",
    ):
        for fact in facts[concept]:
            for phrase, term in spec.phrases.trial_types.items():
                for match in re.finditer(phrase, fact.value, re.IGNORECASE):
                    words = narrowed(fact, *match.span(), concept)
                    found.setdefault(term, []).append(words)
    for term, basis in found.items():
        yield Cell(term, "derived", tuple(basis))
    if not found:
        yield absent("not stated")


def randomisation_quotient(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """Not applicable to a study that is not randomised; for others the record's allocation ratio
    would be needed.
    """
    allocation = facts["design.allocation"]
    if allocation and allocation[0].value != "RANDOMIZED":
        yield absent("not applicable", *allocation)
    else:
        yield absent("not stated")


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
