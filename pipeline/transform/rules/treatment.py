"""Which treatments are studied, and how they are given."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.transform.sides import is_usual
from pipeline.values import Cell, Fact, Issue, absent, narrowed

_ADDED_CLUES = ("addition to", "added to", "adding", "add-on", "on top of", "plus", "continue",
                "adjunct")  # fmt: skip
_ADDED = re.compile(
    r"\b(?:in addition to|added to|adding (?:[\w()-]+ ){1,4}?to|add-on to|on top of|plus|"
    r"will continue|"
    r"(?:an )?adjunct(?:ive)? (?:to|therapy to|treatment to)|with adjunctive)\s+"
    r"(?:(?:the|their|existing|ongoing|current|stable) )*"
    r"(?P<care>(?:usual|standard|routine|conventional|background|best supportive)[ -](?:of[ -])?"
    r"(?:\w+ ){0,2}?(?:care|therapy|treatment|medication|chemotherapy)\b"
    r"(?:(?<=care) (?:(?!and\b|or\b|in\b|with\b|for\b|plus\b)[\w-]+ ){1,2}"
    r"(?:therapy|treatment|medications?|chemotherapy)\b)?|antibiotics\b"
    r"|(?:treatment|therapy|care) as usual\b)"
    r"|\breceiv\w+ (?P<usual>usual care|standard of care|standard care) plus\b",
    re.IGNORECASE,
)


def investigational_treatment(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Interventions that the record calls the product under test, else those that tell the
    experimental arms from the others: what every arm is given is background, unless the arms
    compare its doses or schedules. Active comparator arms against placebo, sham or no treatment
    are experimental. Of one arm: what the title or the objective names, else all. Placebo, sham
    and assessments are never investigated; where no words tell, the role is not known.
    """
    treatments = roles(facts, spec).tested
    for number, (name, basis) in enumerate(treatments.items(), 1):
        yield Cell(name, "derived" if len(basis) > 1 else "copied", basis, group=f"TRT{number}")
    if not treatments:
        yield absent("not stated", *facts["intervention.name"])
        if facts["intervention.name"]:
            first = facts["intervention.name"][0]
            yield Issue("treatment.role-not-stated", "", first.source, first.span, first.quote)


def comparator(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Interventions that the record calls a comparator, or those of active comparator arms that no
    experimental arm is given; never placebo, sham or no treatment.
    """
    for number, (name, basis) in enumerate(roles(facts, spec).compared.items(), 1):
        yield Cell(name, "derived", basis, group=f"COMPTRT{number}")


def current_treatment(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """What every arm is given although it is not investigated, interventions that are called
    standard of care or background beside an investigated one, and care that the words say the
    treatment is added to.
    """
    seen: set[str] = set()
    for number, (name, basis) in enumerate(roles(facts, spec).background.items(), 1):
        seen.add(name.casefold())
        yield Cell(name, "derived", basis, group=f"CURTRT{number}")
    for words in _added(facts):
        said = words.value.casefold()
        usual = is_usual(said) and any(is_usual(one) for one in seen)
        if not usual and not any(said in one or one in said for one in seen):
            seen.add(said)
            yield Cell(words.value, "copied", (words,))


def _added(facts: Facts) -> list[Fact]:
    """The words for care that something is added to; of the same care, the fuller words first."""
    found = []
    for concept in (
        "text.summary", "arm.description", "design.model.description", "title.official",
    ):  # fmt: skip
        for fact in facts[concept]:
            low = fact.value.lower()
            if not any(word in low for word in _ADDED_CLUES):
                continue
            for match in _ADDED.finditer(fact.value):
                group = "care" if match["care"] else "usual"
                found.append(narrowed(fact, *match.span(group), concept))
    return sorted(found, key=lambda one: -len(one.value))
