"""Planned studies published by processes of this machine."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

from pipeline.plan import SMALL, Lot, Plan, Planned
from pipeline.publish import Made, Published, Work, finish, make
from pipeline.spec.model import Spec

CHUNK = 20
"""Studies with packages that a process is given at a time."""

T = TypeVar("T")
R = TypeVar("R")
_HERE: list[tuple[Work, Spec]] = []


def publish_all(plan: Plan, work: Work, spec: Spec, jobs: int) -> Iterator[Published]:
    """Every lot published, in the plan's order whatever the number of processes.

    Where packages are made, processes share the studies of a lot; else each takes whole lots.
    """
    if jobs == 1:
        _begin(work, spec)
        yield from map(_whole, plan.lots())
        return
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(work, spec)) as pool:
        if plan.studies > SMALL and not work.packages.all:
            yield from _ahead(pool, _whole, plan.lots(), jobs)
            return
        for lot in plan.lots():
            chunks = (
                (name, studies[at : at + CHUNK])
                for name, studies in lot
                for at in range(0, len(studies), CHUNK)
            )
            yield finish(list(_ahead(pool, _some, chunks, 2 * jobs)), work, spec)


def _ahead(
    pool: ProcessPoolExecutor, work: Callable[[T], R], given: Iterable[T], most: int
) -> Iterator[R]:
    """Results in order, with no more than `most` under way."""
    left = iter(given)
    going: deque[Future[R]] = deque(pool.submit(work, one) for one in islice(left, most))
    while going:
        yield going.popleft().result()
        going.extend(pool.submit(work, one) for one in islice(left, 1))


def _begin(work: Work, spec: Spec) -> None:
    _HERE[:] = [(work, spec)]


def _whole(lot: Lot) -> Published:
    ((work, spec),) = _HERE
    return finish([_some(part) for part in lot], work, spec)


def _some(part: tuple[str, list[Planned]]) -> tuple[str, Made]:
    ((work, spec),) = _HERE
    return part[0], make(part[1], work, spec)
