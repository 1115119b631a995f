"""Work given out ahead, and taken back in its order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(pool: Executor, work: Callable[[T], R], given: Iterable[T], most: int) -> Iterator[R]:
    """Results in order, with no more than `most` under way."""
    left = iter(given)
    going: deque[Future[R]] = deque(pool.submit(work, one) for one in islice(left, most))
    while going:
        yield going.popleft().result()
        going.extend(pool.submit(work, one) for one in islice(left, 1))
