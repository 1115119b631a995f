"""Which stretches of prose speak of one intervention and no other."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from pipeline.extract.naming import Mention
from pipeline.extract.sentences import sentences
from pipeline.extract.wordings import Wordings
from pipeline.spec.clues import clues, hinted


class Tie(msgspec.Struct, frozen=True, gc=False):
    """A stretch of text that is about one intervention.

    Where other treatments are spoken of too, `near` says that only what is joined to the name
    belongs to it: `after` or `before` it, or after the last name of a list that it is in
    (`shared`) or before the first (`ahead`), where only what is the same for all of them counts;
    else it is empty.
    """

    start: int
    end: int
    name: str
    near: str = ""


_PLACEBO = re.compile(r"(?<!or )(?<!or a )\bplacebo(?: group| arm|s? (?:will|is|are|recei))")
_PLACEBOS = re.compile(r"\bplacebos?\b(?! or\b)(?![- ]?control)")
_BESIDES = re.compile(r"\b(?:and|plus|with|versus|vs\.?|followed by)\s|[+;]")
_AGAINST = re.compile(r"\b(?:plus|versus|vs\.?|followed by)\s|[+;]")
_LIKE_PLACEBO = re.compile(r"\bmatch\w*|\bplacebos? (?:for|of|to)\b|\bdummy\b|\bidentical\b")
_OR_PLACEBO = re.compile(r"\bor (?:a )?placebo|\bplacebo or\b")
_ELSE = re.compile(
    r"\b(?:lympho-?deplet\w*|(?<!air-)conditioning|pre-?medicat\w*|rescue|in case of|if needed|"
    r"salbutamol|an[ae]sthe\w*|antihistamine\w*|contrast|premedic\w*|composition|ingredients?|"
    r"excipients?|half-life|challenges?|dbpcfc|expression|mechanism|"
    r"(?:reaction|response|event) rates?|"
    r"(?<!open-)(?<!open )(?<!product )(?:label|labell?ed(?! dose)))\b"
)
_AFTERWARDS = re.compile(
    r"(?:after|following) (?:[\w ]+ )?(?:lympho-?deplet|conditioning)[^.;]*?, "
    r"(?=(?:the |all )?(?:patients?|participants?|subjects?)\b)"
)
"""What is done before a treatment, in the sentence that says how it is given."""
_GIVEN_BESIDE = re.compile(
    r"(?:[,;+]|\bplus|\band|\bwith)\s+(?:an? )?(?:[\w-]+ ){0,3}"
    r"(?:placebos?|dummy|rescue|pre-?medic\w*)\b(?![- ]control)"
)
"""What is given besides, whose words are none of the treatment before it."""
_BESIDE_CLUES = clues(_GIVEN_BESIDE.pattern)
_REPEATED = re.compile(
    r"(?:courses?|cycles?|treatments?)(?: is| are)? repeat(?:s|ed)? every\b", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"(?:Dosing|(?:The )?(?:[Dd]ose|[Ii]nfusion|[Ii]njection)s?|Administration|It|They|"
    r"This (?:drug|medication|treatment)|The (?:drug|medication|study drug)) "
    r"(?:is|was|will|are|were|occur\w*|should)\b"
)
"""A sentence that goes on about the treatment that the one before it names."""
_STUDY_DRUG = re.compile(
    r"\b(?:study|investigational|trial|test|experimental) "
    r"(?:drug|product|medication|medicine|agent|treatment|intervention|vaccine|device)\b|"
    r"\b(?:dos(?:e|age) (?:for|of|at) each|administration frequency|dosing frequency|"
    r"frequency of administration|dose levels|dose groups)\b",
    re.IGNORECASE,
)
"""What a sentence calls the treatment of a study that has but one."""
_FIRST_DAY = re.compile(r"\bdays? 1(?:,? ?(?:and )?\d+){0,2}\.?$", re.IGNORECASE)
_JOINT = re.compile(
    r"\b(?:and|or|plus|with|then|followed by|versus|vs\.?)\s|[+;]\s?|,\s+(?=[^,;]{1,20}$)"
)
_LISTED = re.compile(
    r"\s*(?:\([a-z][\w-]*\)\s*)?(?:,|,? and|,? plus|\+|&)\s*"
    r"(?P<dose>\d[\d.,]*\s?(?:milligrams? \(mg\)|m?g|mcg|[uµμ]g|ml|iu)(?:/(?:kg|m2|m²))? (?:of )?)?"
)
"""Between two names of a list, with the dose of the second."""
_GIVING = re.compile(r"\b(?:infusions?|injections?|administrations?) of $")
"""Before the names of what is given so (`IV infusion of A and B`)."""
_COMBINED = re.compile(
    r"(?!.*\b(?:daily|weekly|monthly|every|once|twice|q\d|bid|tid|qd|days?|then|followed)\b)"
    r"[^.;,]*\bin combination with (?:an? |the )?"
)
"""Between two names that are given together, at the rhythm that stands after the last of them."""
_RHYTHM = re.compile(r"\s+\(?(?:q\d|every|once|twice|weekly|daily)\b")
_OTHERS = re.compile(
    r"\b(?:plus|background|in addition|combin\w+ with|together with|"
    r"followed by(?! (?:an? )?maintenance dose)|pre-?medicat\w*|"
    r"concomitant|rescue|prior to|added to|in combination|along with|after receiving|versus|vs)\b"
)


class Home(msgspec.Struct, frozen=True):
    """Whose words a text is, and how it is read.

    Words without a name belong to `owner` (whose description they are) or, where they speak of
    nothing added, to `sole` (the only intervention of an arm); `never` are words that make a
    sentence no statement about this study. `close` takes only what is joined to a name, where many
    treatments are spoken of. In what is `titled`, words that stand before a name with "and" or
    "with" may be of it. The narrative of a study of one treatment, `only`, may call it the study
    drug.
    """

    owner: str = ""
    sole: str = ""
    only: str = ""
    never: re.Pattern[str] | None = None
    close: bool = False
    titled: bool = False


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A sentence that may speak of a treatment, and the names in it."""

    start: int
    end: int
    here: tuple[Mention, ...]


def spoken(text: str, mentions: Sequence[Mention], home: Home) -> Iterator[Sentence]:
    """The sentences of a text that name an intervention; all of them, where it has a home."""
    lives = bool(home.owner or home.sole)
    if not (mentions or lives or home.only):
        return
    at, last = 0, ""
    for start, end in _with_repeats(text):
        while at < len(mentions) and mentions[at].start < start:
            at += 1
        stop = at
        while stop < len(mentions) and mentions[stop].start < end:
            stop += 1
        here = tuple(mentions[at:stop])
        if here:
            names = {one.name for one in here}
            last = here[0].name if len(names) == 1 else ""
        elif last and not lives and _GOES_ON.match(text, start, end):
            here = (Mention(start, start, last),)
        elif home.only and _STUDY_DRUG.search(text, start, end):
            here = (Mention(start, start, home.only),)
        else:
            last = ""
        if lives or here:
            yield Sentence(start, end, here)
        at = stop


def _with_repeats(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text; one that says when what is given on the first day of a course comes
    again is part of the one before (`… on day 1. Courses repeat every 28 days`).
    """
    begun: tuple[int, int] | None = None
    for start, end in sentences(text):
        if begun and _REPEATED.match(text, start, end) and _FIRST_DAY.search(text, *begun):
            begun = begun[0], end
            continue
        if begun:
            yield begun
        begun = start, end
    if begun:
        yield begun


def ties(low: str, one: Sentence, home: Home, words: Wordings) -> Iterator[Tie]:
    """The stretches of a sentence that belong to an intervention, in order."""
    start, end = one.start, one.end
    if after := _AFTERWARDS.match(low, start, end):
        start = after.end()
    if hinted(_BESIDE_CLUES, low[start:end]) and (beside := _GIVEN_BESIDE.search(low, start, end)):
        end = beside.start()
    if (start, end) != (one.start, one.end):
        one = Sentence(start, end, tuple(m for m in one.here if start <= m.start < end))
    if home.never and home.never.search(low, start, end):
        return
    here = _real(low, start, end, one.here, words)
    if here is None:
        return
    named = {mention.name for mention in here}
    at_home = home.owner or home.sole
    if len(named) > 1:
        yield from _beside(low, start, end, here)
    elif any(not _named(match, here) for match in _ELSE.finditer(low, start, end)):
        return
    elif not named:
        if home.owner or (home.sole and not _OTHERS.search(low, start, end)):
            yield Tie(start, end, at_home)
    elif not at_home or named == {at_home}:
        cuts = (_PLACEBO,) if home.owner else (_PLACEBO, _OTHERS)
        found = [match.start() for cut in cuts if (match := cut.search(low, here[0].end, end))]
        stop = min(found, default=end)
        if home.close:
            yield from _beside(low, start, stop, here)
        else:
            others = _AGAINST if home.titled else _BESIDES
            begin = start if at_home else _begin(low, start, here[0].start, others)
            yield Tie(begin, stop, here[0].name)


def _named(match: re.Match[str], here: Sequence[Mention]) -> bool:
    """Whether words are part of a treatment's name."""
    return any(one.start <= match.start() < one.end for one in here)


def _real(
    low: str, start: int, end: int, here: Sequence[Mention], words: Wordings
) -> list[Mention] | None:
    """The mentions that are no placebo; None where the sentence is about a placebo's likeness."""
    if low.find("placebo", start, end) < 0:
        return list(here)
    if _LIKE_PLACEBO.search(low, start, end):
        return None
    real = [
        one
        for one in here
        if not words.placebo.search(one.name) and not low.startswith(" placebo", one.end)
    ]
    return real or ([] if _OR_PLACEBO.search(low, start, end) else None)


def _beside(low: str, start: int, end: int, here: Sequence[Mention]) -> Iterator[Tie]:
    """Stretches from each name to the next one; what stands before a name belongs to that."""
    first = _begin(low, start, here[0].start, _PLACEBOS)
    yield Tie(first, here[0].start, here[0].name, "before")
    if _GIVING.search(low, first, here[0].start):
        for one, after in pairwise(here):
            link = _LISTED.fullmatch(low, one.end, after.start)
            if not link or link["dose"]:
                break
            yield Tie(first, here[0].start, after.name, "ahead")
    bounds = [*here, Mention(end, end, "")]
    listed: list[str] = []
    combined: list[str] = []
    for one, after in pairwise(bounds):
        if after.name and (link := _LISTED.fullmatch(low, one.end, after.start)):
            listed.append(one.name)
            if link["dose"]:
                yield Tie(link.start("dose"), after.start, after.name, "before")
            continue
        stop = _front(low, one.end, after.start) if after.name else end
        yield Tie(one.end, stop, one.name, "after")
        if combined and _RHYTHM.match(low, one.end, stop):
            listed += combined
        for name in dict.fromkeys(listed):
            if name != one.name:
                yield Tie(one.end, stop, name, "shared")
        listed.clear()
        combined.clear()
        if after.name and _COMBINED.fullmatch(low, one.end, after.start):
            combined.append(one.name)
            continue
        if after.name and stop < after.start:
            yield Tie(stop, after.start, after.name, "before")


def _begin(low: str, start: int, end: int, others: re.Pattern[str]) -> int:
    """Where the words that may belong to the first name begin; none do where a placebo is given."""
    if _PLACEBOS.search(low, start, end):
        return end
    return max((match.end() for match in others.finditer(low, start, end)), default=start)


def _front(low: str, start: int, end: int) -> int:
    """Where the words that belong to the name at `end` begin, between two names."""
    stretch = low[start:end]
    if stretch.rstrip().endswith(","):
        return end
    cut = max((m.end() for m in _JOINT.finditer(stretch)), default=-1)
    if cut < 0:
        return end
    tail = stretch[cut:]
    return start + cut if tail.strip() else end
