"""EPOCH of each element along a path: a period that comes back later is an epoch of its own."""

from collections import Counter
from collections.abc import Sequence

from pipeline.spec.model import Spec
from pipeline.transform.arms.element import Element


def numbered_epoch(
    paths: Sequence[Sequence[Element]], crossover: bool, spec: Spec
) -> list[list[str]]:
    """An epoch that comes more than once along the path of some arm is numbered, in all arms: each
    of its periods is an epoch of its own (SDTMIG 3.4 section 7.2.1). The treatments of a
    cross-over are periods also where nothing stands between them.
    """
    made = [_periods(path, crossover, spec) for path in paths]
    again = {epoch for path in made for epoch, number in path if number > 1}
    form = spec.design.again
    return [
        [epoch + form.format(number=number) if epoch in again else epoch for epoch, number in path]
        for path in made
    ]


def _periods(path: Sequence[Element], crossover: bool, spec: Spec) -> list[tuple[str, int]]:
    """Each element's term with the number of the period that it stands in."""
    seen, before, made = Counter[str](), "", []
    crossing = {spec.design.epoch, spec.design.blinded} if crossover else set()
    for element in path:
        new = element.epoch != before or before in crossing
        seen[element.epoch] += new
        before = element.epoch
        made.append((before, seen[before]))
    return made
