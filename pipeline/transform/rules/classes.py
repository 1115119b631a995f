"""What kind of substance the treatments are."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.transform.rules.treatment import investigational_treatment
from pipeline.values import Cell, Issue


def pharmacologic_class(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The established pharmacologic class that MED-RT gives the treatment: the treatment's name is
    that of one substance of UNII, UNII gives its RxNorm code, and MED-RT one class of that code.
    """
    substances, classes = spec.dictionaries.get("UNII"), spec.dictionaries.get("MED-RT")
    if substances is None or classes is None:
        return
    for cell in investigational_treatment(facts, spec):
        if isinstance(cell, Issue) or cell.value is None:
            continue
        codes = {entry.code for entry in substances.named(str(cell.value))}
        rxcuis = [number for code in codes for number in substances.links.get(code, ())]
        found = {to: classes.term(to) for number in rxcuis for to in classes.links.get(number, ())}
        known = {code: term for code, term in found.items() if term}
        if len(codes) > 1 or not known:
            continue
        if len(known) > 1:
            offered = " | ".join(f"{code} {term}" for code, term in sorted(known.items()))
            source, basis = cell.basis[0].source, cell.basis[0]
            yield Issue("code.ambiguous", f"MED-RT: {offered}", source, basis.span, basis.quote)
            continue
        ((code, term),) = known.items()
        yield Cell(term, "derived", cell.basis, group=cell.group, system=classes.name, code=code)
