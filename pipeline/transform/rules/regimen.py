"""How treatments are given: dose, unit, frequency, form and route, each tied to its treatment."""

import re
from collections.abc import Callable, Iterator

from pipeline.spec.model import Spec
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, stated

_SAID_AGAIN = re.compile(r"\.0+(?!\d)|,(?=\d{3})")
ONCE = "ONCE"
WEEKLY = ("1 TIME PER WEEK", "EVERY WEEK")
"""Two terms for one rhythm."""


def dose(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The amount of one administration in the words, once for each amount of a treatment; of a
    range, an escalation or dose levels each amount. Limits, totals and strengths are no doses, and
    8.0 is 8 said again.
    """
    seen: set[tuple[str, str]] = set()
    for cell in _given(facts, spec, "regimen.dose"):
        amount = cell.group, _SAID_AGAIN.sub("", str(cell.value))
        if amount not in seen:
            yield cell
        seen.add(amount)


def dose_unit(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The unit of the dose in the words, as the term of the codelist UNIT."""
    yield from _given(facts, spec, "regimen.unit")


def dosing_frequency(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """How often the treatment is given, by the words, as the term of the codelist FREQ. A single
    dose is none beside a frequency: the words then speak of each of several doses. Once a week is
    said once.
    """
    cells = list(_given(facts, spec, "regimen.frequency"))
    often = {cell.group for cell in cells if cell.value != ONCE}
    weekly: set[str] = set()
    for cell in cells:
        again = cell.value in WEEKLY and cell.group in weekly
        if not again and (cell.value != ONCE or cell.group not in often):
            yield cell
        if cell.value in WEEKLY:
            weekly.add(cell.group)


def dose_form(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The form of the product that the record gives or the words name, as the term of the codelist
    FRM; the act of injecting or infusing is none. The words count where the field says nothing.
    """
    terms = spec.phrases.product_forms
    given = list(_of_product(facts, spec, "intervention.form", lambda form: [terms.get(form, "")]))
    known = {cell.group for cell in given}
    yield from given
    yield from (cell for cell in _given(facts, spec, "regimen.form") if cell.group not in known)


def dose_regimen(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The schedule of a treatment in the record's own words: the first ones for each frequency."""
    terms = {_place(fact): fact.value for fact in facts["regimen.frequency"]}
    often = {
        (one.group, one.value) for one in dosing_frequency(facts, spec) if isinstance(one, Cell)
    }
    told: set[tuple[str, str]] = set()
    for cell in _given(facts, spec, "regimen.schedule"):
        said = cell.group, terms.get(_place(cell.basis[0]), "")
        if not said[1] or (said in often and said not in told):
            yield cell
        told.add(said)


def route(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The route that the record gives for the product, or that words about the treatment name, as
    the term of the codelist ROUTE.
    """
    given = list(_given(facts, spec, "regimen.route"))
    said = {(cell.group, cell.value) for cell in given}
    yield from given
    phrases = spec.phrases.routes.items()
    for cell in _of_product(
        facts, spec, "intervention.route",
        lambda low: [term for phrase, term in phrases if re.search(phrase, low, re.IGNORECASE)],
    ):  # fmt: skip
        if (cell.group, cell.value) not in said:
            yield cell


def _of_product(
    facts: Facts, spec: Spec, concept: str, read: Callable[[str], list[str]]
) -> Iterator[Cell]:
    """The terms of what a field says of each product, once for each treatment."""
    if not facts[concept]:
        return
    groups = _groups(facts, spec)
    written = {name.casefold(): name for name in groups}
    names = {f.item: f.value.casefold() for f in reversed(facts["intervention.name"])}
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts[concept]:
        name = written.get(names.get(fact.item, ""))
        for term in read(fact.value.lower()) if name else ():
            if name and term:
                found.setdefault((name, term), []).append(fact)
    for (name, term), basis in found.items():
        yield stated(term, *basis, group=groups[name])


def _place(fact: Fact) -> tuple[str, str, int]:
    """What words are about, and where they begin."""
    return fact.about, fact.span.path, fact.span.start


def _given(facts: Facts, spec: Spec, concept: str) -> Iterator[Cell]:
    """Each value of a treatment once, with all words that give it."""
    if not facts[concept]:
        return
    groups = _groups(facts, spec)
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts[concept]:
        if fact.about in groups:
            found.setdefault((fact.about, fact.value), []).append(fact)
    for (name, value), basis in found.items():
        yield stated(value, *basis, group=groups[name])


def _groups(facts: Facts, spec: Spec) -> dict[str, str]:
    """The TSGRPID of each treatment by its name; the investigated ones are TRT1, TRT2 and so on."""
    role = roles(facts, spec)
    named = {"CURTRT": role.background, "COMPTRT": role.compared, "TRT": role.tested}
    return {name: f"{code}{at}" for code, own in named.items() for at, name in enumerate(own, 1)}
