"""What a sentence says is given as maintenance, after the treatment of the sentences before it
(`Patients may receive maintenance therapy comprising A`).
"""

import re

from pipeline.extract.mentions import Names
from pipeline.extract.prose import lowered
from pipeline.extract.sentences import sentences
from pipeline.extract.stage import Stage, named

_THERAPY = r"(?:therapy|treatment|chemotherapy|immunotherapy)"
_KEPT_UP = re.compile(
    r"\b(?:receives?|continues?(?: on| with)?|proceeds? to|undergo|begin|start|enter)\s"
    rf"(?:[\w-]+\s){{0,2}}?maintenance(?:\s{_THERAPY})?\s(?:comprising|consisting\sof|of|with|using)\b"
    rf"|\bmaintenance\s{_THERAPY}\s(?:consists?\sof|comprises)\b"
    rf"|\bas\s(?:a\s)?maintenance\b(?!\s(?:dose|solution))"
)
_NEVER = re.compile(r"\b(?:prior|previous\w*|no|not|without|randomi[sz]ed|crohn\w*|asthma)\b")


def by_maintenance(text: str, names: Names) -> list[Stage]:
    """What the sentences before it name, and the maintenance of the first sentence that names what
    is given in it.
    """
    low = lowered(text)
    if "maintenance" not in low:
        return []
    for start, end in sentences(text):
        kept = _KEPT_UP.search(low, start, end)
        if not kept or _NEVER.search(low, start, end):
            continue
        before, after = named(low[:start], names), named(low[start:end], names)
        if before and after:
            return [Stage(0, start, "treatment", before), Stage(start, end, "maintenance", after)]
    return []
