"""Planned studies published by processes of this machine."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeAlias, TypeVar

from pipeline.plan import Lot, Planned
from pipeline.publish import DIED, Made, Published, Work, finish, make, not_built
from pipeline.spec.model import Spec

CHUNK, MANY = 20, 250
"""Studies that a process is given at a time: with packages, and without."""

Part: TypeAlias = tuple[str, list[Planned]]
"""Some studies of one partition."""

Told: TypeAlias = Callable[[int], None]
"""Is told how many more studies are made."""

T = TypeVar("T")
R = TypeVar("R")
_HERE: list[tuple[Work, Spec]] = []


def publish_all(
    lots: Iterable[Lot], work: Work, spec: Spec, told: Told, *, jobs: int
) -> Iterator[Published]:
    """Every lot published, in order, whatever the number of processes; `told` of studies made.

    Processes share the studies of a lot where there are packages to make, or few studies; else
    each takes whole lots. A study on which a process dies is quarantined.
    """
    if jobs == 1:
        _begin(work, spec)
        for lot in lots:
            parts = _chunks(lot, CHUNK if work.packages.all else MANY)
            yield finish([_told(_some(part), part, told) for part in parts], work, spec)
        return
    pool = _Pool(jobs, work, spec)
    try:
        if not (work.few or work.packages.all):
            for lot, published in pool.ahead(_whole, lots, jobs):
                yield published or finish(list(_shared(lot, pool, told)), work, spec)
                told(sum(len(studies) for _, studies in lot) if published else 0)
            return
        for lot in lots:
            yield finish(list(_shared(lot, pool, told)), work, spec)
    finally:
        pool.close()


def _chunks(lot: Lot, size: int = CHUNK) -> Iterator[Part]:
    for name, studies in lot:
        for at in range(0, len(studies), size):
            yield name, studies[at : at + size]


def _told(made: tuple[str, Made], part: Part, told: Told) -> tuple[str, Made]:
    told(len(part[1]))
    return made


def _shared(lot: Lot, pool: "_Pool", told: Told) -> Iterator[tuple[str, Made]]:
    for (name, studies), made in pool.ahead(_some, _chunks(lot), 2 * pool.jobs):
        told(len(studies))
        if made:
            yield made
            continue
        single = ((name, [study]) for study in studies)
        for (_, (study,)), one in pool.ahead(_some, single, 1):
            yield one or (name, not_built(study, DIED, pool.work, pool.spec))


class _Pool:
    """Processes that are replaced when one dies."""

    def __init__(self, jobs: int, work: Work, spec: Spec) -> None:
        self.jobs, self.work, self.spec = jobs, work, spec
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.jobs, initializer=_begin, initargs=(self.work, self.spec))

    def ahead(
        self, work: Callable[[T], R], given: Iterable[T], most: int
    ) -> Iterator[tuple[T, R | None]]:
        """What was given and what came of it, in order, no more than `most` under way; nothing
        came of what was under way when a process died.
        """
        left = iter(given)
        going: deque[tuple[T, Future[R]]] = deque()
        while True:
            for one in islice(left, most - len(going)):
                going.append((one, self._pool.submit(work, one)))
            if not going:
                return
            one, future = going.popleft()
            try:
                yield one, future.result()
            except BrokenProcessPool:
                self._pool.shutdown(wait=False)
                self._pool = self._new()
                lost = [one, *(other for other, _ in going)]
                going.clear()
                for other in lost:
                    yield other, None

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _begin(work: Work, spec: Spec) -> None:
    _HERE[:] = [(work, spec)]


def _whole(lot: Lot) -> Published:
    ((work, spec),) = _HERE
    return finish([_some(part) for part in lot], work, spec)


def _some(part: Part) -> tuple[str, Made]:
    ((work, spec),) = _HERE
    return part[0], make(part[1], work, spec)
