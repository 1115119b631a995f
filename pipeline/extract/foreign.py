"""Medicines that a text names and that are no treatment of its own, known by their names' stems."""

import re
from collections.abc import Sequence

from pipeline.extract.naming import Mention

_STEMS = re.compile(
    r"\b[a-z-]*(?:mab|\wnib|zomib|tercept|ciclib|parib|platin|taxel|rubicin|tabine|trexate|trexed|"
    r"(?:iri|pote)tecan|vin(?:cris|blas|orel)\w+|phosphamide|fosfamide|mustine|zolomide|etoposide|"
    r"setron|\wsone|solone|sonide|(?<!les)terol|butamol|tropium|lukast|\wolol|\w{3}pril|sartan|"
    r"vastatin|dipine|gliptin|gliflozin|glutide|\wparin|xaban|grel|profen|oxicam|coxib|caine|"
    r"azepam|azolam|barbital|prazole|conazole|cillin|cycline|mycin|oxacin|\w{3}vir|tidine|leukin|"
    r"grastim|poetin|domide|rolimus|formin|acetaminophen|paracetamol|aspirin|fentanyl|propofol|"
    r"ketamine|morphine)\b",
)
"""Words that end as the international nonproprietary names of whole classes do (WHO INN stems)."""
_BESIDE = 20
_SEVERAL = re.compile(r"\band\b|[+/,;&]|\bplus\b|\bwith\b|\bchemo|\bregimen|\bcombin|\btherapy")
_LINK = re.compile(r"\s*(?:of )?")


def of_another(
    low: str, start: int, one: tuple[int, int], name: str, mentions: Sequence[Mention]
) -> bool:
    """Whether the last medicine named before some words of a sentence, or else the one that follows
    them at once, is another than the treatment `name`.

    `mentions` are the places of a text that name treatments. A text that never names the treatment
    may call it by any other name, and one of several medicines has parts: nothing is another there.
    """
    own = [mention.end for mention in mentions if mention.name == name]
    called = {low[one.start : one.end] for one in mentions if one.name == name} | {name.lower()}
    if not own or _SEVERAL.search(name.lower()):
        return False
    strange = [
        match
        for match in _STEMS.finditer(low, start, min(len(low), one[1] + _BESIDE))
        if not any(match[0] in one for one in called)
        and not any(one.start <= match.start() < one.end for one in mentions)
    ]
    before = max((match.end() for match in strange if match.end() <= one[0]), default=-1)
    named = max((end for end in own if end <= one[0]), default=-1)
    if before >= 0 or named >= start:
        return before > named
    return any(
        one[1] <= match.start() and _LINK.fullmatch(low, one[1], match.start()) for match in strange
    )
