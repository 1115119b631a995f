"""Which studies of a lot it is on which a process dies, found by halving."""

from collections.abc import Callable

from pipeline.plan import Lot


def culprits(lot: Lot, dies: Callable[[Lot], bool]) -> frozenset[str]:
    """The studies on which a process dies alone; none where nothing at all can be done.

    `dies` tries some of the lot. Where one study is at fault this makes about twice the lot.
    """
    if dies([]):
        return frozenset()
    return frozenset(_among(lot, dies))


def _among(lot: Lot, dies: Callable[[Lot], bool]) -> list[str]:
    every = [(name, study) for name, studies in lot for study in studies]
    if len(every) == 1:
        return [every[0][1].study]
    middle = len(every) // 2
    halves = (
        [(name, [study]) for name, study in half] for half in (every[:middle], every[middle:])
    )
    return [name for half in halves if dies(half) for name in _among(half, dies)]
