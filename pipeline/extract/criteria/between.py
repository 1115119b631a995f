"""Paragraphs between the items of a list whose numbers go on as if they were not there."""

from itertools import pairwise

from pipeline.extract.criteria.blocks import Unit
from pipeline.extract.criteria.in_line import number_of

LEAST = 60
"""The characters of the shortest paragraph that no name of a topic or group is as long as."""


def take_in(found: list[Unit]) -> None:
    """A paragraph without mark between item 3 and item 4 of a list is one more of item 3."""
    number = depth = 0
    for one, after in pairwise(found):
        if one.mark:
            if not depth or one.depth <= depth:
                number, depth = number_of(one.mark), one.depth
            continue
        goes_on = number and after.mark and after.depth == depth
        if not goes_on or number_of(after.mark) != number + 1:
            number = depth = 0
        elif one.depth < depth and one.high - one.low >= LEAST and one.words[-1] not in ":：":
            one.depth, one.fresh = depth, False
