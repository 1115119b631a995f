"""Python's search for objects that only hold each other, made seldom where millions are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 20, 20)


@contextmanager
def seldom_sought() -> Iterator[None]:
    """While this is under way, what there was before is not searched and what is new is seldom.

    Facts, cells and rows hold nothing that holds them, so a search finds next to nothing, and it
    walks over all that a process knows of a lot each time: a fifth of what a build took.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
