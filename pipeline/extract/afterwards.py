"""Treatments of which a sentence says that one comes after the other: `After therapy with A,
patients receive B`, `B is given after completion of A`.
"""

import re
from collections.abc import Iterator

from pipeline.extract.mentions import Names
from pipeline.extract.prose import lowered
from pipeline.extract.sentences import sentences
from pipeline.extract.stage import Stage, stage_of
from pipeline.spec.wording import StageScheme

_AFTER = re.compile(
    r"(?:\W*)(?:after|following|upon completion of|on completion of)\b(?P<first>[^.;]{3,120}?)"
    r"(?:,\s|(?=\s(?:the )?(?:patients|participants|subjects|children|group \w)\b))"
)
_COMPLETED = re.compile(
    r"\b(?:after|following|upon) (?:the )?(?:completion of|completing|end of|finishing)\b"
)
_GIVEN = re.compile(
    r"\b(?:therapy|treatments?|doses?|days?|weeks?|months?|cycles?|complet\w+|courses?|infusions?|"
    r"injections?|administration|radiation|chemotherapy)\b"
)
_NEVER = re.compile(
    r"\b(?:progress\w*|relaps\w*|fail\w*|if|may|can|optional\w*|assess\w*|measur\w*|minutes?|"
    r"hours?|same day|each|every time|approximately \d+ min\w*|toler\w+|no|not)\b"
)


def by_after(text: str, names: Names, schemes: dict[str, StageScheme]) -> Iterator[Stage]:
    """The two stages of the first such sentence, each with treatments of its own; the second may
    be an operation.
    """
    whole = lowered(text)
    if "after" not in whole and "following" not in whole and "completion" not in whole:
        return
    for start, end in sentences(text):
        low = whole[start:end]
        if _NEVER.search(low):
            continue
        if (match := _AFTER.match(low)) and _GIVEN.search(match["first"]):
            first = start + match.start("first"), start + match.end("first")
            second = start + match.end(), end
        elif match := _COMPLETED.search(low):
            first, second = (start + match.end(), end), (start, start + match.start())
        else:
            continue
        before = stage_of(text, *first, names, schemes)
        then = stage_of(text, *second, names, schemes)
        apart = not set(before.names) & set(then.names)
        told = before.names or before.kind in ("chemotherapy", "radiotherapy")
        if told and apart and (then.names or then.kind == "surgery"):
            yield before
            yield then
            return
