"""What may be taken, as the AIDS trials of the National Institutes of Health told it: topics
(`Prior Medication:`), and below them lists that are `Excluded:` or `Required:`, perhaps for a time.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pipeline.extract.criteria.parts import Part

_TOPIC = re.compile(
    r"(?:concurrent|prior|concomitant|previous) (?:medications?|treatments?):", re.IGNORECASE
)
_CLUES = ("edication:", "reatment:", "Excluded", "Required")
_OTHER_TOPIC = re.compile(r"(?:co-?existing conditions?|risk behaviou?rs?):", re.IGNORECASE)
_OUT = re.compile(r"excluded(?P<when>[ ][^:]{4,160})?:", re.IGNORECASE)
_IN = re.compile(r"required(?P<when>[ ][^:]{4,160})?:", re.IGNORECASE)


def with_medication(text: str, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts in order: a medicine in such a list stands under its topic or the time of its list,
    and what is required among exclusions is an inclusion.
    """
    if not any(clue in text for clue in _CLUES):
        yield from parts
        return
    topic: Part | None = None
    parent: Part | None = None
    kind = ""
    for one in parts:
        part, words = one, text[one.low : one.high]
        if words[-1] == ":" and (_TOPIC.fullmatch(words) or _OTHER_TOPIC.fullmatch(words)):
            part = replace(one, kind="heading", flattened=False)
            topic, parent, kind = (part if _TOPIC.fullmatch(words) else None), None, ""
        elif one.kind == "heading" and (lead := _OUT.fullmatch(words) or _IN.fullmatch(words)):
            parent = one if lead["when"] else topic
            kind = "inclusion" if words[0] in "rR" else ""
        elif (parent or kind) and (one.kind == "heading" or not _listed(text, one)):
            parent, kind = None, ""
        elif one.kind not in ("heading", "remark") and one.parent is None and (parent or kind):
            part = replace(one, kind=kind or one.kind, parent=parent)
        yield part


def _listed(text: str, part: Part) -> bool:
    """Whether a mark stands before a part in its line."""
    return bool(text[text.rfind("\n", 0, part.low) + 1 : part.low].strip())
