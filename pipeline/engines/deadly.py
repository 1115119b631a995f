"""The studies on which a worker dies, found by halving those that it was given."""

from collections.abc import Callable, Container, Iterator, Sequence

from pipeline.plan import Planned


def deadly(studies: Sequence[Planned], lives: Callable[[Sequence[Planned]], bool]) -> list[Planned]:
    """The studies on which a worker dies by themselves; `lives` says whether one outlives some."""
    if lives(studies):
        return []
    if len(studies) == 1:
        return list(studies)
    middle = len(studies) // 2
    return [*deadly(studies[:middle], lives), *deadly(studies[middle:], lives)]


def apart(
    studies: Sequence[Planned], fatal: Container[str]
) -> Iterator[tuple[bool, list[Planned]]]:
    """The studies in their order, each fatal one by itself, and whether it is one."""
    some: list[Planned] = []
    for study in studies:
        if study.study not in fatal:
            some.append(study)
            continue
        if some:
            yield False, some
        yield True, [study]
        some = []
    if some:
        yield False, some
