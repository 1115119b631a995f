"""What the words on a group list: treatments joined by signs and words of addition."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.spec.model import Spec

_PLUS = re.compile(
    r"\s*[+&]\s*|,?\s+(?:(?:in )?combin(?:at)?(?:ed|ion)(?: with)?|plus|together with)\s+(?=\S)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_HALF = re.compile(r"\b(?:chinese|traditional|western)$|\bintegrat", re.IGNORECASE)
"""What is only half a name before "and" (`traditional Chinese and Western medicine`)."""
_USUAL = re.compile(
    r"(?:the |clinical |western medicine )?(?:co\w{0,2}ventional|routine|standard(?:ized)?|usual|"
    r"normal|basic|regular|symptomatic|supportive|support|general|convention|original)"
    r"(?: [\w-]+){0,3} (?:treatments?|therap(?:y|ies)|care|management|regimens?|plans?|measures?|"
    r"methods?|medicines?|medications?|drugs?|nursing)(?: (?:of|with) (?:modern|western) medicine)?"
    r"|standard of care"
    r"|(?:western|modern) medic(?:ine|al)(?: \w+)?(?: (?:treatments?|therap(?:y|ies)|plan))?",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:blank(?: control)?|nil|none|no|wait(?:ing)?|no (?:intervention|treatment|drug)s?)\.?",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"(?:n\.?a\.?|n/a|not applicable|none|nil|[-/])?\.?", re.IGNORECASE)
_DOSE = re.compile(
    r"[\s,]*\([^()]*\)[\s.,]*$|[\s,]+(?:oral(?:ly)?|[({]?\d[\d.,]*\s*(?:mg|g|ml|[uµμ]g|mcg|iu|million|"
    r"bags?|bottles?|tablets?|capsules?|times?|pills?|%|[x×]|\*)(?![a-z])"
    r"(?:(?!\b(?:and|with|plus|combin\w*|then|follow\w*)\b).)*)$",
    re.IGNORECASE | re.DOTALL,
)
"""What stands after a name: words in parentheses, or how much of it."""
_LEAD = re.compile(
    r"(?:(?:tak(?:e|ing)|us(?:e|ing)(?: of)?|application of|treated with|"
    r"oral(?:ly)?(?: (?:administration of|taken))?|administration of|"
    r"(?:iv|intravenous) (?:injection|infusion|drip) of|(?:in[jf]\w+ion) of)\s+)+"
    r"(?=\w)(?!rehydration|liquid|solution|care\b)",
    re.IGNORECASE,
)
"""How it is given, before a name."""
_NO_NAME = re.compile(
    r"[;:(),]|\.\s|\b(?:was|were|will|is|are|be|or|days?|daily|twice|times?|hours?|weeks?|bid|tid|qd|"
    r"then|vs|versus)\b"
    r"|^(?:receiv|giv|based|follow|accord|refer|with|on\b|in\b|to\b|by\b|treat(?:ed|ing)|oral|"
    r"inject|iv\b|intravenous|patients?\b|the\b|an?\b|add|no\b|not\b|without|inhal|keep|maintain|continu|\d)"
    r"|^(?:convention\w*|routine|standard|basic|usual)\b.*\band\b"
    r"|^(?:medicines?|drugs?|treatments?|therap(?:y|ies)|interventions?|tablets?|capsules?|food|blank)$",
    re.IGNORECASE,
)
_LONGEST, _MOST = 60, 8


class Part(msgspec.Struct, frozen=True):
    """A treatment of a list: its name, the place of the name in the words, and the name's words
    without case and endings, by which it is known again.
    """

    name: str
    start: int
    end: int
    key: str


def empty(words: str) -> bool:
    """Whether words say nothing."""
    return bool(_EMPTY.fullmatch(words.strip()))


def is_usual(name: str) -> bool:
    """Whether a name is that of usual care, or begins so."""
    match = _USUAL.match(name)
    return match is not None and not name[match.end() : match.end() + 1].isalnum()


def parts(texts: Sequence[str], spec: Spec) -> list[tuple[Part, ...] | None]:  # noqa: ARG001
    """The treatments that each text lists; None for a text that is no list of names. "And" parts
    two treatments only where one of them is usual care or stands alone in another text.
    """
    pieces = [list(_split(text, 0, len(text), _PLUS)) for text in texts]
    keys = [
        {_key(text[low:high]) for low, high in own} for text, own in zip(texts, pieces, strict=True)
    ]
    made = []
    for number, (text, own) in enumerate(zip(texts, pieces, strict=True)):
        known = set[str]().union(*keys[:number], *keys[number + 1 :])
        made.append(_listed(text, [two for one in own for two in _parted(text, *one, known)]))
    return made


def _listed(text: str, pieces: Sequence[tuple[int, int]]) -> tuple[Part, ...] | None:
    if _NOTHING.fullmatch(text.strip()):
        return ()
    found = []
    for start, end in pieces:
        lead = _LEAD.match(text, start, end)
        low = lead.end() if lead else start
        name = _DOSE.sub("", text[low:end]).rstrip(" .,")
        if ("(" in text[low:end]) if is_usual(name) else ("guideline" in name.lower()):
            return None
        if not name or len(name) > _LONGEST or len(name.split()) > _MOST or _NO_NAME.search(name):
            return None
        found.append(Part(name, low, low + len(name), _key(name)))
    return tuple(found)


def _parted(text: str, start: int, end: int, known: set[str]) -> list[tuple[int, int]]:
    """A piece in two where "and" joins what is known by itself to something else."""
    for match in _AND.finditer(text, start, end):
        before = text[start : match.start()]
        if "(" in before or before.count('"') % 2 or _HALF.search(text, start, match.start()):
            continue
        sides = (start, match.start()), (match.end(), end)
        if any(_key(text[a:b]) in known or is_usual(text[a:b].strip(" .")) for a, b in sides):
            return [one for side in sides for one in _parted(text, *side, known)]
    return [(start, end)]


def _split(text: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in at.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _key(name: str) -> str:
    lead = _LEAD.match(name)
    words = _DOSE.sub("", name[lead.end() :] if lead else name).casefold().strip(" .,").split()
    return " ".join(re.sub(r"ies$", "y", word).removesuffix("s") for word in words)
