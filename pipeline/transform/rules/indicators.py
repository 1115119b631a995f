"""Y where words say so outright; never N, which no silence says."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pipeline.spec.clues import clues
from pipeline.spec.model import Spec
from pipeline.transform.around import sentence_around
from pipeline.transform.rules import Facts
from pipeline.transform.texts import texts
from pipeline.values import Cell, Fact, Issue, absent, narrowed

_TITLES = ("title.official", "title.brief")
_KNOWN = re.compile(
    r"\b(?:approved|indicated|licen[sc]ed|reimbursed|authori[sz]ed|marketed|recommended|proven|"
    r"has been|have been|had been|(?:has|have) shown|is used|are used|(?:can|could|might) be|"
    r"previous|earlier (?:study|studies|trials?)|currently|other (?:studies|trials)|guidelines?)\b"
)
"""What is known or usual beforehand, and no part of what this study does."""
_GIVEN = re.compile(
    r"\b(?:will|receiv(?:e[sd]?|ing)|(?:is|are|was|were) (?:given|added|administered|treated)|"
    r"randomi[sz]ed|assigned|allocated|selected|this (?:study|trial))\b"
)
"""A description tells much; of what is given in this study it says so."""
_TAKEN_IN = re.compile(
    r"\b(?:purpose|aims?|aimed|goals?|objectives?|will|enrol\w*|includ\w+|recruit\w*|particip\w+|"
    r"investigat\w+|stud(?:y|ies|ied|ying)|trials?|evaluat\w+|assess\w*|determin\w+|compar\w+)\b"
)
"""A summary tells of the disease too; of those who take part it says what is done with them."""
_TAKEN = re.compile(
    r"\b(?:enrol\w*|recruit\w*|randomi[sz]ed|randomly|assigned|allocated|eligible|take part)\b"
)
"""Where no age is a limit, it says that they are taken in."""
_ANY = re.compile("")
_SPOKEN = frozenset({"ADAPT", "ADDON", "EXTTIND", "SSTDYIND"})


def adaptive_design(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Y where the words call the design adaptive."""
    yield from _said("ADAPT", facts, spec)


def added_on(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Y where the words say that the treatment is added to others: added to, add-on, in addition
    to, on top of.
    """
    yield from _said("ADDON", facts, spec)


def extension_trial(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Y where the words call the study an extension of an earlier trial."""
    yield from _said("EXTTIND", facts, spec)


def paediatric_study(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Y where the titles or the summary name children as the population, or a criterion does where
    nobody older may enter, and neither the titles nor the minimum age speak of adults.
    """
    adult = [f for f in facts["eligibility.age.minimum"] if _years(f.value) >= 18]
    grown = [f for f in facts["eligibility.age.maximum"] if _years(f.value) > 26]
    titles = [fact for concept in _TITLES for fact in facts[concept]]
    adult = adult or [one for one in titles if re.search(r"\badults?\b", one.value, re.IGNORECASE)]
    if adult or (grown and not any(_words("PDSTIND", _TITLES, facts, spec))):
        yield absent("not stated")
    else:
        oldest = facts["eligibility.age.maximum"]
        young = any(_years(f.value) <= 18 for f in oldest)
        asks = _ANY if young else _TAKEN_IN if oldest else _TAKEN
        entry = ("criterion.inclusion",) if young else ()
        yield from _said("PDSTIND", facts, spec, asks, entry)


def rare_disease(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """What the record states, else Y where the words say rare disease or orphan drug."""
    yield from _stated_or_said("condition.rare", "RDIND", facts, spec)


def paediatric_plan(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """What the record states, else Y where the words name a paediatric investigation plan."""
    yield from _stated_or_said("oversight.pip", "PIPIND", facts, spec)


def sub_study(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """What the record states, else Y where the words say that the study has a sub-study, is one, or
    is ancillary to another.
    """
    yield from _stated_or_said("design.substudy", "SSTDYIND", facts, spec)


def _stated_or_said(field: str, code: str, facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """What the record's own field states, else what its words say."""
    for fact in facts[field][:1]:
        yield Cell(spec.decisions[code].terms[fact.value], "normalised", (fact,))
        return
    yield from _said(code, facts, spec)


def _said(
    code: str, facts: Facts, spec: Spec, asks: re.Pattern[str] | None = None,
    more: tuple[str, ...] = (),
) -> Iterator[Cell | Issue]:  # fmt: skip
    basis = tuple(_words(code, spec.decisions[code].from_, facts, spec, asks))[:3]
    basis = basis or tuple(_words(code, more, facts, spec, asks))[:3]
    yield Cell("Y", "derived", basis) if basis else absent("not stated")


def _words(
    code: str,
    places: Iterable[str],
    facts: Facts,
    spec: Spec,
    asks: re.Pattern[str] | None = None,
) -> Iterator[Fact]:
    """The first words in each text that say it, none of them beside words that say otherwise; in a
    sentence that speaks of this study, or says what is asked of it.
    """
    reading = spec.decisions[code].reads
    said = texts(facts, spec)
    if reading is None or not any(said.hint(clues(words)) for words in reading.words):
        return
    if not any(said.hold(clue) for clue in reading.clues):
        return
    never = _compiled(reading.unless or "(?!)")
    for concept in places:
        for fact, low in said.lowered(concept):
            if any(clue in low for clue in reading.clues):
                for words in reading.words:
                    yield from _first(code, fact, low, (_compiled(words), never), asks)


def _first(
    code: str,
    fact: Fact,
    low: str,
    patterns: tuple[re.Pattern[str], re.Pattern[str]],
    asks: re.Pattern[str] | None,
) -> Iterator[Fact]:
    words, never = patterns
    for match in words.finditer(low):
        if never.search(low, max(0, match.start() - 60), min(len(low), match.end() + 60)):
            continue
        said = sentence_around(low, *match.span())
        if fact.concept in _TITLES or (
            asks.search(said) if asks else _of_this_study(code, fact.concept, said)
        ):
            yield narrowed(fact, *match.span(), fact.concept)
            return


def _of_this_study(code: str, concept: str, said: str) -> bool:
    """Whether a sentence speaks of this study, as far as the parameter asks it."""
    if concept.startswith("arm.") or code not in _SPOKEN:
        return True
    return not _KNOWN.search(said) and (
        concept != "text.description" or code != "ADDON" or bool(_GIVEN.search(said))
    )


def _years(age: str) -> float:
    number, _, unit = age.partition(" ")
    return float(number) if number.isdigit() and unit.lower().startswith("year") else 0.0


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words)
