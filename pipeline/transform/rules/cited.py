"""Numbers that name other records: publications, and access outside the trial."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue


def pubmed_numbers(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The number that PubMed gave each publication that the record cites, with PubMed as the code
    system.
    """
    yield from _numbers(facts["reference.pubmed"], "PubMed")


def expanded_access_record(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The registry number of the record of expanded access that the record names, with the registry
    as the code system.
    """
    yield from _numbers(facts["expanded_access.number"], "ClinicalTrials.gov")


def _numbers(stated: tuple[Fact, ...], system: str) -> Iterator[Cell]:
    """Each number once."""
    found: dict[str, list[Fact]] = {}
    for fact in stated:
        found.setdefault(fact.value, []).append(fact)
    for value, basis in found.items():
        yield Cell(value, "copied", tuple(basis), system=system)
