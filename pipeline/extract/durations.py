"""How long prose says that a participant takes part, is treated and is followed, and how long the
whole trial lasts.

A length counts where its sentence speaks of the plan for all participants. Sentences about other
studies, usual practice or one part of the study do not; nor do limits and ranges.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from pipeline.extract.concepts import Concepts, named
from pipeline.extract.lengths import LENGTH, WORDS, iso
from pipeline.extract.naming import names_of
from pipeline.spec.clues import Clues, clues, hinted
from pipeline.spec.model import Spec
from pipeline.spec.wording import DurationWords
from pipeline.values import Fact, Issue, narrowed

_OF_ARMS = "arm.description"
_OF_TREATMENTS = "intervention.description"
_PLACES = ("text.summary", "text.description", "design.model.description")
_TREATMENT = ("treatment", "given", "described")
_PLACEBO = re.compile(r"placebo|sham", re.IGNORECASE)
_PLACEBO_ALONE = re.compile(r"^(?!.*\b(?:or|and)\b).*\bplacebo\b", re.IGNORECASE | re.DOTALL)
_INERT = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
_UNIT_WORD = re.compile(r"day|week|month|year")
_UNIT = re.compile(rf"(?:[ -]|(?<=\d))(?:{_UNIT_WORD.pattern})")
_NUMBERED = re.compile(rf"(?<![\w.])(?:\d+(?:\.\d+)?|{'|'.join(WORDS)})[ -]*(?:\(\w+\)[ -]*)?$")
_LENGTH = re.compile(LENGTH, re.IGNORECASE)
_BARE = re.sub(r"\?P<\w+>", "?:", LENGTH)
_ABOUT = (
    r"(?:(?:an?|the|total|period|duration|of|approximately|about|around|additional|another|"
    r"further|consecutive|entire|full|up|to|maximum|whole)[ ]){0,6}"
)

# One end of a range, a limit or an age is no duration.
_OPEN = re.compile(
    r"(?:\b(?:at least|at most|less than|more than|minimum of|every|within|between|aged?|"
    r"age of|first|last|next|each|or|over the past)|[≥≤<>~]|\d\s*(?:-|–|/|,|to|or|and|±))\s*$"
)
_LIMITED = re.compile(r"\b(?:up to|maximum(?: of)?|at least|at most|minimum of)[\w ]{0,20}$")
_RANGE = re.compile(
    r",?\s*(?:\([^)]*\)\s*)?(?:(?:and )?(?:then|every|annually)\b|"
    r"(?:-|–|to|or|and|/)\s*(?:up to )?(?:\d|one|two|three|six|lifetime|until)|/|"
    r"(?:of age|of life|old|before|prior|ago|apart|or (?:more|until|longer|less)|until|per|a week|"
    r"each)\b|"
    r"(?:of|in) (?:each|every|an? \d)|(?:on|off)\b(?![ -](?:treatment|study|therapy|drug))|"
    r"intervals?\b|-?(?:\w+ )?(?:cycles?|courses)\b)"
)
_ELSEWHERE = re.compile(
    r"\bprevious|\bprior (?:stud|trial)|\bearlier (?:stud|trial)|"
    r"\b(?:most|other|several|many|recent|published|pilot|preclinical|clinical) (?:\w+ )?"
    r"(?:studies|trials)\b|\b(?:ha[sd]|have) (?:\w+ ){0,2}(?:been|shown|demonstrated)\b|"
    r"\bwill (?:not )?have (?:received|taken|had|used)\b|"
    r"\b(?:current|standard) (?:\w+ )?(?:approach|practice|protocol|regimen)|"
    r"\bthe current \w+ is\b|\bcurrent standard|\brecommend|\busual(?:ly)?\b|\btypical|"
    r"\bliterature\b|\bguidelines?\b|"
    r"\brecruit (?:a total of )?(?:about |approximately )?\d|"
    r"\breported\b|\bcurrently\b|\brescue\b|\bsafety run"
)
_PART = re.compile(
    r"\b(?:part|stage|step|cohort|period|cycle|phase|course|sub-?study|schedule|sequence|"
    r"block)s?:? (?:[a-h]|\d[a-c]?|i{1,3}v?|one|two|three)\b"
    r"(?!,? (?:\w+[ -]){0,4}(?:study|trial))|"
    r"\beach (?:part|cohort|stage|phase|period|course|cycle)\b|"
    r"\b(?:first|second|third) (?:period|phase|part|stage|course|block)\b"
)
_MORE = re.compile(
    r"\b(?:may|can be|could|option\w*|alternat\w*|rest|breaks?|re-?randomi\w*|weeks? off(?!-)|"
    r"days? off(?!-)|extended?|extension (?:phase|period|part)|lympho-?deplet\w*|conditioning|"
    r"(?:re-?)?induction|consolidation|maintenance|cycles?|courses|"
    r"(?:first|second|third) year|year \d|another)\b"
)
_AND_FOR = re.compile(
    r"\b(?:for|over|during) (?:\w+ ){0,3}?(?P<number>\d+|two|three|four|six|twelve)[ -](?:\w+ )?"
    r"(?P<unit>day|week|month|year|cycle)"
)
_RISING = re.compile(r"\b(?:titrat|increas|escalat|additional|another|further)")
_THEN = re.compile(
    r"\b(?:then|thereafter|subsequently|afterwards|continu\w+|"
    r"reduc\w* to|plus|followed by(?! [^.;,]{0,50}?(?:visit|surgery|wash-?out|resection|\w+ectomy|"
    r"follow-?up|observation))|weeks? later|days? later)\b"
)
AGAIN = re.compile(
    r"\b(?:courses?|cycles?|treatments?|therapy|regimens?)\s+(?:(?:is|are|may|will|be)\s+){0,2}"
    r"(?:repeat\w*|continu\w+\s+(?:in\s+the\s+absence|until|indefinitely|as\s+long))"
)
"""What the next sentences say where a length was that of a course."""
_AFTERWARDS = re.compile(
    r"\b(?:follow-? ?ups?|followed(?:-| )?(?:up)? for|observ\w+|off-treatment)\b"
)
_NEXT = re.compile(
    r"[.,;]?\s*(?:and )?(?:an? )?(?:\w+[- ]\w+[- ])?follow-? ?up (?:duration|period|phase)"
)
_GENERAL = re.compile(
    r"\b(?:study|trial|investigational|assigned|allocated|experimental|active|test) "
    r"(?:drug|treatment|medication|product|intervention|supplement|agent|formula|therap|diet)|"
    r"\b(?:the|this|an?|of) (?:intervention|treatment|supplement|product|program|capsule|tablet)|"
    r"\binterventions? (?:will|is|was|lasts)|\bplacebo\b|\bimp\b"
)
FOLLOWING = 250
_NEAR, _BEFORE, _AFTER, _REACH, _FAR = 30, 170, 70, 20, 500


Kind: TypeAlias = tuple[str, DurationWords, re.Pattern[str], tuple[Clues, ...]]


class Said(msgspec.Struct, frozen=True, gc=False):
    """A stated duration, the fact that it stands in, its sentence in lower case, and whether the
    words give it as a limit.
    """

    fact: Fact
    prose: Fact
    sentence: str
    limited: bool


def read_durations(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Each duration that the prose states, in ISO 8601, with the sentence that states it; one of a
    treatment is `about` the intervention that the words or their place give.
    """
    kinds = [(name, said, *_patterns(said.words)) for name, said in spec.phrases.durations.items()]
    treated = [one for one in kinds if one[0] in _TREATMENT]
    kinds = [one for one in kinds if one[0] != "described"]
    found: list[Said] = []
    for concepts, sought in ((_PLACES, kinds), ((_OF_ARMS, _OF_TREATMENTS), treated)):
        for fact in named(facts, *concepts):
            found += _stated(fact, sought)
    others = [one.fact for one in found if one.fact.concept[9:] not in _TREATMENT]
    given = [one for one in found if one.fact.concept[9:] in _TREATMENT]
    return others + (list(_of_treatments(given, facts)) if given else []), []


def _of_treatments(found: Sequence[Said], facts: Concepts) -> Iterator[Fact]:
    """The durations of treatments with what they are of. A limit that is another length than those
    stated leaves it open which of them holds, and none is given.
    """
    names = names_of(*(named(facts, f"intervention.{one}") for one in ("name", "other_name")))
    called = {fact.item: fact.value for fact in named(facts, "intervention.name")}
    inert = {fact.item for fact in named(facts, "arm.type") if fact.value in _INERT}
    arms: dict[int, list[str]] = defaultdict(list)
    for fact in named(facts, "arm.intervention"):
        arms[fact.item].append(fact.value)
    tied: list[tuple[Said, Fact]] = []
    for said in found:
        item, place = said.prose.item, said.prose.concept
        about = list(dict.fromkeys(one.name for one in names.mentions(said.sentence)))
        own = [called.get(item, "")] if place == _OF_TREATMENTS else arms[item]
        if place == _OF_ARMS and item in inert:
            continue
        if place in _PLACES:
            strong = said.fact.concept == "duration.treatment"
            if not about and not strong and not _GENERAL.search(said.sentence):
                continue
            if not about and _PLACEBO_ALONE.search(said.fact.quote):
                continue
        elif not about or (place == _OF_TREATMENTS and set(about) & set(own)):
            about = own
        real = [name for name in about if not _PLACEBO.search(name)]
        if about and not real:
            continue
        fact = replace(said.fact, concept="duration.treatment")
        tied += [(said, replace(fact, about=name)) for name in real or [""]]
    exact = [fact for said, fact in tied if not said.limited]
    limits = {(fact.value, fact.about) for said, fact in tied if said.limited}
    if all((value, name) in {(f.value, f.about) for f in exact} for value, name in limits):
        yield from exact


def _stated(prose: Fact, kinds: list[Kind]) -> Iterator[Said]:
    low = prose.value.lower()
    if len(low) != len(prose.value):
        return
    seen: set[tuple[str, str]] = set()
    for unit in _UNIT_WORD.finditer(low):
        apart = unit.start()
        before = low[max(0, apart - 1) : apart]
        if not before or not (before in " -" or before.isdigit()):
            continue
        number = _NUMBERED.search(low, max(0, apart - _REACH), apart)
        length = _LENGTH.match(low, number.start()) if number else None
        if length is None or not _exact(low, length):
            continue
        begin = _sentence_start(low, max(0, unit.start() - _BEFORE), unit.start())
        stop = _sentence_stop(low, unit.end(), min(len(low), unit.end() + _AFTER))
        window = low[begin:stop]
        for name, said, pattern, needed in kinds:
            value = iso(length["number"], length["unit"])
            sort = "treatment" if name in _TREATMENT else name
            if (sort, value) in seen or not any(clue in window for clue in said.clues):
                continue
            told_here = any(hinted(one, window) for one in needed)
            for match in pattern.finditer(window) if told_here else ():
                if begin + match.start(match.lastgroup or 0) != length.start():
                    continue
                told = window[max(0, match.start() - _NEAR) : match.end()]
                after = window[match.end() : match.end() + _NEAR]
                told += "" if _NEXT.match(after) else after[: _NEAR // 2]
                start = _sentence_start(low, max(0, begin - _FAR), unit.start())
                sentence = low[start : _sentence_stop(low, unit.end(), len(low))]
                if _never(said.never).search(told) or not planned(sentence, prose):
                    continue
                if name in _TREATMENT and (
                    _one_of_several(sentence, length.start() - start, length)
                    or AGAIN.search(low, stop, stop + FOLLOWING)
                ):
                    continue
                seen.add((sort, value))
                span = begin + match.start(), begin + match.end()
                fact = narrowed(prose, *span, f"duration.{name}", value=value)
                before = low[max(0, length.start() - _NEAR) : length.start()]
                yield Said(fact, prose, sentence, bool(_LIMITED.search(before)))


def planned(sentence: str, prose: Fact) -> bool:
    """Whether a sentence speaks of what is planned for all participants."""
    if _ELSEWHERE.search(sentence):
        return False
    part = _PART.search(sentence)
    if part is None or prose.concept in _PLACES:
        return part is None
    # An arm's own words name its part; where they name two, the length is that of one.
    return _parts(prose.value) == 1


@lru_cache(maxsize=128)
def _parts(text: str) -> int:
    return len({one[0] for one in _PART.finditer(text.lower())})


def _one_of_several(sentence: str, at: int, length: re.Match[str]) -> bool:
    """Whether the length at a place of the sentence is that of one of several treatments in order,
    or the treatment may go on.
    """
    if _MORE.search(sentence):
        return True
    before, after = sentence[:at], _AFTERWARDS.split(sentence[at + 1 :])[0]
    then, own = _THEN.search(after), (length["number"], length["unit"])
    return bool(
        (_UNIT.search(before) and _THEN.search(before))
        or (then and _UNIT.search(after, then.end()))
        or _RISING.search(after)
        or any(own != (m["number"], m["unit"]) for m in _AND_FOR.finditer(f"{before} | {after}"))
    )


def _exact(window: str, length: re.Match[str]) -> bool:
    before = window[max(0, length.start() - 20) : length.start()]
    return not _OPEN.search(before) and not _RANGE.match(window, length.end())


def _sentence_start(low: str, start: int, end: int) -> int:
    return max(low.rfind(". ", start, end) + 1, low.rfind("\n", start, end) + 1, start)


def _sentence_stop(low: str, start: int, end: int) -> int:
    stops = [at for at in (low.find(". ", start, end), low.find("\n", start, end)) if at >= 0]
    return min(stops, default=end)


@cache
def _never(words: str) -> re.Pattern[str]:
    return re.compile(words)


@cache
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[Clues, ...]]:
    """One pattern for all of the words, and the clues of each."""
    parts = [
        one.replace("{about}", _ABOUT).replace("{length}", f"(?P<l{at}>{_BARE})")
        for at, one in enumerate(words)
    ]
    whole = re.compile("|".join(f"(?:{part})" for part in parts))
    return whole, tuple(clues(part) for part in parts)
