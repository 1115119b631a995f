"""The plan of an interventional study as prose tells it: arms that no list has, the order of an
arm's treatments, periods, and what a cross-over is.
"""

from pipeline.extract.concepts import Concepts
from pipeline.extract.crossing import read_crossings
from pipeline.extract.described import read_described
from pipeline.extract.periods import read_periods
from pipeline.extract.phases import read_phases
from pipeline.extract.prose import gathered
from pipeline.extract.stages import read_stages
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue


def read_plan(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Facts of periods, stages and arms, each with the place of its own words."""
    texts = gathered(facts)
    if not texts:
        return [], []
    found = [
        *read_described(texts),
        *read_crossings(texts),
        *read_periods(texts, spec),
        *read_stages(texts, spec),
        *read_phases(texts, spec),
    ]
    return found, []
