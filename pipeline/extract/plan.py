"""The plan of an interventional study as prose tells it: arms that no list has, the order of an
arm's treatments, periods, and what a cross-over is.
"""

from pipeline.extract.concepts import Concepts
from pipeline.extract.crossing import read_crossings
from pipeline.extract.described import read_described
from pipeline.extract.periods import read_periods
from pipeline.extract.phases import read_phases
from pipeline.extract.prose import EVERYONE, gathered, with_arms
from pipeline.extract.running_in import read_run_ins
from pipeline.extract.single_group import read_single_group
from pipeline.extract.stages import read_stages
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue


def read_plan(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Facts of periods, stages and arms, each with the place of its own words."""
    texts = gathered(facts)
    if not texts:
        return [], []
    described = read_described(texts)
    if not described and not texts["arm.label"]:
        described = list(read_single_group(texts, spec))
    if told := [fact for fact in described if fact.concept == "arm.description"]:
        texts = with_arms(texts, described)
    found = [
        *(fact for fact in described if fact.concept != "arm.description"),
        *read_crossings(texts),
        *read_periods(texts, spec),
        *read_run_ins(texts),
        *read_stages(texts, spec),
        *read_phases(texts, spec),
    ]
    return [fact for fact in found if not _of_arms(fact, told)], []


def _of_arms(fact: Fact, told: list[Fact]) -> bool:
    """Whether words that are read for everyone stand where the narrative tells of one arm."""
    if fact.item != EVERYONE or not fact.concept.startswith("period."):
        return False
    place = fact.span
    return any(
        one.span.path == place.path and one.span.start <= place.start < one.span.end for one in told
    )
