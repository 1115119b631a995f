"""Whom to ask about the study, where the settings want persons to be read at all."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, stated


def contact_name(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The name of each contact for the whole study; TSGRPID ties what is said of one contact."""
    yield from _grouped(facts["contact.name"])


def contact_role(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The role of each contact for the whole study."""
    yield from _grouped(facts["contact.role"])


def contact_phone(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The telephone number of each contact for the whole study."""
    yield from _grouped(facts["contact.phone"])


def contact_email(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The e-mail address of each contact for the whole study."""
    yield from _grouped(facts["contact.email"])


def _grouped(said: tuple[Fact, ...]) -> Iterator[Cell]:
    for fact in said:
        yield stated(fact.value, fact, group=f"CON{fact.item + 1}")
