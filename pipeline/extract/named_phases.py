"""Phases that one sentence lists by name (`induction A, concurrent chemoradiotherapy, and adjuvant
A`).
"""

import re

from pipeline.extract.mentions import Names
from pipeline.extract.prose import lowered
from pipeline.extract.sentences import sentences
from pipeline.extract.stage import Stage, named

_PHASE = re.compile(
    r"\b(?:(?P<neoadjuvant>neo-?adjuvant)|(?P<induction>induction)|(?P<consolidation>consolidation)|"
    r"(?P<maintenance>maintenance)(?! dose)|(?P<adjuvant>(?<!neo)(?<!neo-)adjuvant)|"
    r"(?P<radiotherapy>concurrent (?:[\w-]+ ){0,5}?(?:chemo-?)?radi\w+)|"
    r"(?P<surgery>surgery|surgical resection|resection|\w{4,}ectomy))\b"
)
_FIRST = ("neoadjuvant", "induction")
_LATER = ("consolidation", "maintenance", "adjuvant")
_JOINED = re.compile(r"(?:,|;|\band|\bthen|\bby)\s*(?:[\w-]+\s)?$")
"""How a phase of a list ends; one word more may stand before the name of the next."""
_NEAR = 60
_NEVER = re.compile(r"\b(?:or|may|if|prior|previous\w*|without|versus|not?|eligible|either)\b")


def by_names(text: str, names: Names) -> list[Stage]:
    """The phases of the first sentence that lists one that comes first and one that comes later,
    in this order.
    """
    low = lowered(text)
    if "adjuvant" not in low and "induction" not in low:
        return []
    for start, end in sentences(text):
        found = list(_PHASE.finditer(low, start, end))
        kinds = [str(one.lastgroup) for one in found]
        if not kinds or kinds[0] not in _FIRST or not set(kinds) & set(_LATER):
            continue
        ends = [one.start() for one in found[1:]]
        if len(set(kinds)) < len(kinds) or _NEVER.search(low, start, end):
            continue
        if not all(_JOINED.search(low[max(start, at - _NEAR) : at]) for at in ends):
            continue
        parts = zip(found, [*ends, end], kinds, strict=True)
        return [
            Stage(one.start(), last, kind, named(low[one.start() : last], names))
            for one, last, kind in parts
        ]
    return []
