"""Numbers and dates that are planned or actual: by their type, else by what the status implies."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent, stated

UNDER_WAY = {
    "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "SUSPENDED", "ONGOING",
}  # fmt: skip
NOT_BEGUN = {"NOT_YET_RECRUITING"}
ENDED = {"COMPLETED", "TERMINATED"}
STARTED = (UNDER_WAY - {"ONGOING"}) | ENDED  # ONGOING may only be authorised


def planned_enrolment(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The enrolment that the record types as estimated; where it gives no type, the enrolment of a
    study whose status says that it has not ended. Where it gives the planned participants only
    group by group, or country by country and for the rest of the world, their sum. Where it gives
    the actual number alone, the planned one of the last version of the record that gave it.
    """
    parts = facts["enrolment.part"]
    if parts and not facts["enrolment.count"]:
        number = sum(int(fact.value.replace(",", "")) for fact in parts)
        yield Cell(str(number), "derived", parts) if number else absent("not applicable", *parts)
        return
    before = facts["enrolment.before"]
    for cell in _enrolment(facts, wanted="ESTIMATED", implied=UNDER_WAY | NOT_BEGUN):
        yield _planned(before, facts["enrolment.before.type"]) if before and _open(cell) else cell


def actual_enrolment(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The enrolment that the record types as actual, unless it is zero; a number without type is
    never taken for it. While a study is under way, the number is not known yet.
    """
    yield from _enrolment(facts, wanted="ACTUAL", implied=set())


def study_start(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The start date that the record types as actual; where it gives no type, the date of a study
    whose status says that it has started.
    """
    yield from _date(facts, "date.start", STARTED, pending=NOT_BEGUN)


def study_end(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The completion date that the record types as actual; where it gives no type, the date of a
    study whose status says that it has ended. While a study is under way, the date is not known
    yet.
    """
    yield from _date(facts, "date.completion", ENDED, pending=UNDER_WAY | NOT_BEGUN)


def no_subject_data(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """A package of trial design alone holds no subject data, so there is no data cut-off."""
    yield absent("not applicable")


def _enrolment(facts: Facts, wanted: str, implied: set[str]) -> Iterator[Cell]:
    counts, kinds, status = (
        facts["enrolment.count"], facts["enrolment.type"], facts["status.recruitment"],
    )  # fmt: skip
    if not counts:
        yield absent("not stated")
    elif kinds:
        kind = next((kind for kind in kinds if kind.value == wanted), kinds[0])
        count = counts[0] if len(kinds) == 1 else _beside(kind, counts)
        yield _count(count, kind) if count and kind.value == wanted else _other(kind, status)
    elif status and status[0].value in implied:
        yield _count(counts[0], status[0])
    elif status and status[0].value in STARTED | NOT_BEGUN:
        yield _other(status[0], status)
    else:
        yield absent("ambiguous", *counts, *status)


def _open(cell: Cell) -> bool:
    """Whether the record gives a number which is not, or may not be, the planned one."""
    return cell.value is None and bool(cell.basis) and cell.reason in ("not stated", "ambiguous")


def _planned(counts: tuple[Fact, ...], kinds: tuple[Fact, ...]) -> Cell:
    numbers = [int(count.value.replace(",", "")) for count in counts]
    if len(numbers) == 1:
        return stated(str(numbers[0]), *counts, *kinds)
    return Cell(str(sum(numbers)), "derived", counts)


def _beside(kind: Fact, counts: tuple[Fact, ...]) -> Fact | None:
    """The count in the same place as its type, where a record gives both numbers."""
    return next((count for count in counts if count.span == kind.span), None)


def _other(why: Fact, status: tuple[Fact, ...]) -> Cell:
    """The record gives the other of the two numbers; this one may still come."""
    pending = status and status[0].value in UNDER_WAY | NOT_BEGUN and why.value != "ACTUAL"
    return absent("not yet known" if pending else "not stated", why)


def _count(count: Fact, why: Fact) -> Cell:
    number = count.value.replace(",", "")
    if int(number) == 0:
        return absent("not applicable", count, why)
    return stated(number, count, why)


def _date(
    facts: Facts, concept: str, implied: set[str], pending: set[str]
) -> Iterator[Cell | Issue]:
    dates, kinds, status = facts[concept], facts[f"{concept}.type"], facts["status.recruitment"]
    under_way = bool(status) and status[0].value in pending
    if not dates:
        yield absent("not yet known", *status) if under_way else absent("not stated")
    elif kinds and kinds[0].value == "ACTUAL":
        yield stated(dates[0].value, dates[0], kinds[0])
    elif not kinds and status and status[0].value in implied:
        yield stated(dates[0].value, dates[0], status[0])
    elif under_way or kinds:
        yield absent("not yet known", dates[0], *(kinds or status))
    else:
        yield absent("ambiguous", dates[0], *status)
