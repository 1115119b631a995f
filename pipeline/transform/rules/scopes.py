"""What a trial is to show: efficacy, safety, kinetics."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from pipeline.spec.clues import Clues, clues, hinted
from pipeline.spec.model import Spec
from pipeline.transform.around import sentence_around
from pipeline.transform.rules import Facts
from pipeline.transform.texts import texts
from pipeline.values import Cell, Fact, Issue, absent, narrowed

_OUTRIGHT = (
    "title.official", "title.brief", "objective.primary", "objective.secondary",
    "objective.stated", "outcome.primary",
)  # fmt: skip
_CALLED = ("text.description",)
_PLACES = (*_OUTRIGHT, "text.summary", "design.model.description", *_CALLED)
_NEAR = 30
_STUDIES = re.compile(
    r"\b(?:evaluat(?:e[sd]?|ing|ion)|assess(?:e[sd]|ing|ments?)?|determin(?:e[sd]?|ing|ation)|"
    r"investigat(?:e[sd]?|ing|ions?)|compar(?:e[sd]?|ing|isons?)|explor(?:e[sd]?|ing)|"
    r"examin(?:e[sd]?|ing)|characteri[sz]\w+|demonstrat(?:e[sd]?|ing)|establish\w*|confirm\w*|"
    r"measur(?:e[sd]?|ing)|test(?:s|ed|ing)?|(?:to|will|and|we|aims? at) study|"
    r"(?:is|are|be|being|been|was|were) studied|studying|find out|learn|see (?:if|how|whether)|"
    r"look(?:s|ing)? at|describ\w+|aims?|"
    r"is an? [^.]{0,60}?(?:study|trial) of the|purpose|objectives?|goals?|verify|"
    r"verif(?:ies|ied|ying)|estimates?|hop(?:e[sd]?|ing))\b"
)
_OWN_WORDS = (
    r"(?:this|the (?:current|present)|our) (?:[^\s.]+ ){0,12}?(?:study|trial)\b[^.;]{0,60}?"
    r"\b(?:evaluat|assess|investigat|examin|explor|compar|determin|test|looks? at)(?:e|es|ing|s)?\b"
)
_OWN = re.compile(rf"\s*{_OWN_WORDS}")
_OWN_AT_ALL = re.compile(rf"\b{_OWN_WORDS}")
"""What a description says of this study at the beginning of a sentence."""
_LATER = re.compile(
    r"\b(?:future|larger|subsequent|full[- ]scale|definitive|later|next) (?:[\w-]+ ){0,4}"
    r"(?:stud|trial)|\b(?:stud(?:y|ies)|trials?) in the future"
)
"""Trials that are to come after this one."""
_KNOWN = re.compile(
    r"\b(?:has|have|had) (?:\w+ )?(?:been|shown|proven|demonstrated)\b|\bcould show\b|\bshowed\b|"
    r"(?<!be )(?<!as )(?<!is )(?<!are )\b(?:demonstrated|revealed)\b|\brel(?:y|ies) on\b|"
    r"\b(?:was|were) (?:well )?(?:tolerated|safe|effective)\b|"
    r"\bwho (?:are|were|have been) (?:\w+ )?enrolled [^.]{0,80}"
    r"\b(?:in|on) (?:an?|another) [^.]{0,60}\b(?:trial|study)|"
    r"\b(?:previous|earlier|prior) (?:[\w-]+ ){0,3}(?:stud|trial|work|research|report|data|"
    r"results?|experience|investigation|publication)|\bpreviously (?:shown|reported|published|"
    r"demonstrated|found|been|conducted|described|established)|"
    r"^(?!.*\b(?:if|whether|how)\b).*\b(?:is|are) (?:an? )?(?:safe|effective)\b"
)


def trial_type(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The scopes that the record states, and those that are named in the titles, the objectives,
    the primary outcome measures, the sentences of the summary that say what is studied, and where
    the description calls the study so ("a safety study") or begins a sentence with what it studies.
    """
    found: dict[str, list[Fact]] = {}
    for fact in facts["design.scope"]:
        found.setdefault(spec.decisions["TTYPE"].terms[fact.value], []).append(fact)
    reading = spec.decisions["TTYPE"].reads
    phrases = _compiled(tuple(reading.words.items()), reading.clues) if reading else []
    said = texts(facts, spec)
    phrases = [
        one for one in phrases
        if said.hint(one.needed) and any(said.hold(clue) for clue in one.clues)
    ]  # fmt: skip
    for concept in _PLACES if phrases else ():
        for fact, low in said.lowered(concept):
            for one in phrases:
                term = one.term
                if (
                    len(found.get(term, ())) < 2
                    and hinted(one.needed, low)
                    and _hinted(low, one.clues, concept)
                ):
                    match = next(_said(one.search, low, concept), None)
                    if match:
                        words = narrowed(fact, *match.span(), concept)
                        found.setdefault(term, []).append(words)
    for term, basis in found.items():
        yield Cell(term, "derived", tuple(basis))
    if not found:
        yield absent("not stated")


def _is_studied(text: str, match: re.Match[str]) -> bool:
    """Whether the words stand in a sentence that says what the study does."""
    said = sentence_around(text, *match.span())
    near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    return bool(_STUDIES.search(said)) and not _KNOWN.search(said) and not _LATER.search(near)


def _is_own(text: str, match: re.Match[str]) -> bool:
    """Whether the words stand in a sentence that begins with what this study studies."""
    said = sentence_around(text, *match.span())
    own = _OWN.match(said)
    return own is not None and said.find(match[0]) >= own.end() and not _KNOWN.search(said)


def _hinted(low: str, words: tuple[str, ...], concept: str) -> bool:
    """Whether a clue stands in the text; in a description, shortly before "study" or "trial"."""
    for clue in words:
        at = low.find(clue)
        while at >= 0:
            near = low[at : at + _NEAR]
            if concept not in _CALLED or " study" in near or " trial" in near:
                return True
            at = low.find(clue, at + 1)
    return concept in _CALLED and bool(_OWN_AT_ALL.search(low))


def _said(search: re.Pattern[str], low: str, concept: str) -> Iterator[re.Match[str]]:
    for match in search.finditer(low):
        if concept in _CALLED:
            near = low[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            called = low.startswith((" study", " trial"), match.end())
            named = not _LATER.search(near) and (called or _is_own(low, match))
        else:
            named = concept in _OUTRIGHT or _is_studied(low, match)
        if named:
            yield match


class _Phrase(msgspec.Struct, frozen=True):
    """Words of a scope, the clues that stand in their pattern, and those that follow from it."""

    clues: tuple[str, ...]
    needed: Clues
    search: re.Pattern[str]
    term: str


@cache
def _compiled(words: tuple[tuple[str, str], ...], all_clues: tuple[str, ...]) -> list[_Phrase]:
    return [
        _Phrase(
            tuple(clue for clue in all_clues if clue in pattern),
            clues(pattern),
            re.compile(pattern),
            term,
        )
        for pattern, term in words
    ]
