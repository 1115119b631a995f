"""What one stretch of prose gives of one treatment: doses, frequencies, routes and forms."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.amounts import Amount, amounts
from pipeline.extract.lengths import WORDS
from pipeline.extract.naming import Mention
from pipeline.extract.tying import Tie
from pipeline.extract.wordings import COUNTED, Wording, Wordings, known_terms
from pipeline.spec.model import Spec


class Given(msgspec.Struct, frozen=True, gc=False):
    """Words that say one thing of how a treatment is given, and its term or number."""

    concept: str
    start: int
    end: int
    value: str


_KINDS = {
    "frequencies": ("regimen.frequency", "FREQ"),
    "routes": ("regimen.route", "ROUTE"),
    "forms": ("regimen.form", "FRM"),
}
_SHARED = frozenset({"regimen.frequency", "regimen.schedule", "regimen.route"})
"""What several treatments that are named together may have in common."""
_ONCE = "ONCE"
_NOT = re.compile(
    r"\b(?:not|never|without|instead of|rather than|other than|no|unable|unlike)\b|[<>≤≥] ?$"
)
_LIMITED = re.compile(r"\b(?:more than|at least|maxim(?:um|al))\b")
_WATCHED = re.compile(
    r"\b(?:assess\w*|evaluat\w*|visit\w*|followed(?! (?:\w+ ){0,4}by\b)|follow-? ?up|"
    r"monitor\w*|imag\w+|"
    r"scans?|samples?|sampling|measur\w*|questionnaires?|collect\w*|ct|mri|tests?|examin\w*|calls?|checks?|meetings?|discuss\w*|remind\w*|contacted|"
    r"recorded|diary|escalat(?!ing doses)\w*|increas(?!ing doses)\w*|"
    r"increment\w*|doubled|doubles|halved|titrat\w*|taper\w*|adjust\w*|reduc\w*|responses?|"
    r"blood draw\w*|"
    r"clinic|biops\w+|staging|tumou?r)\b"
)
_CYCLE_BEFORE = re.compile(
    r"\b(?:cycles?(?: is| are| was| of| lasts?|:)|for (?:one|a|1) (?:cycle|course) ?\(|"
    r"courses? (?:\w+ )?starting|(?:weekly|daily|qw|qd|week) ?(?:x|×|for) ?\w+"
    r"(?: (?:weeks?|doses|days))?,?)\s*$"
)
_REPEATS_BEFORE = re.compile(
    r"(?P<once>\bday 1(?: of each (?:cycle|course))?\W{1,3})?"
    r"\b(?:cycles?|courses?|treatments?|therapy|regimens?|chemotherapy)"
    r"(?: \w+){0,2}? (?:repeat(?:s|ed|ing)?|continu(?:es|ed|ing))(?: \w+ly)?\s*$"
)
"""What comes again is a cycle, which says how often only of what is given on its first day."""
_FOLLOWED = re.compile(r"\b(?:patients|participants|subjects) (?:are |were |will be )?followed\b")
_AGAIN = re.compile(r"\brepeat(?:ed|s|ing)\s*$")
_FOR_DAYS = re.compile(r"\bfor \w+ (?:consecutive )?days\b|\bd(?:ays?)? ?\d+ ?(?:-|–|to|and|,)")
_DAYS_BEFORE = re.compile(
    r"(?:\bd(?:ays?)? ?\d+(?:\s?(?:-|–|to|through|until|,|and|&|, and)\s?(?:d(?:ays?)? ?)?\d+)+|"
    r"(?:\bfor|\bx|×) ?(?:the first )?\w+ (?:consecutive )?days?(?: in a row)?)"
    r"[\s,(]{0,3}(?:of )?$"
)
"""Several days, and when they come again: a cycle (`at day 1-14 (every 3 weeks)`)."""
_PART_BEFORE = re.compile(r"(?:\bdays?|(?<!day 1) of)\s*$")
_NO_RHYTHM_AFTER = re.compile(
    r"[ -]cycles?\b|['’]s\b|"
    r",? (?:as|is|being|for(?= one)) (?:one|a|1) (?:treatment )?(?:cycle|course)\b|"
    r",? to (?:measure|assess|evaluate|monitor|check|determine|collect|test|undergo|review)\b|"
    r",? ?\(?(?:for |on |over )?(?:[1-6]|one|two|three|four|five|six)(?:[- ]days?| times)? ?"
    r"(?:days? )?(?:/|(?:a|per|each|every|of each|of every|out of) )\s?weeks?\b|"
    r" (?:[\w-]+ )?(?:visits?|remind\w*|check-?ins?|calls?|messages?|e-?mails?|meetings?|contacts?|"
    r"follow-?ups?|assess\w*|monitor\w*|encounters?)\b"
)
_NO_ROUTE_AFTER = re.compile(
    r"[ -](?:soft )?(?:tissues?|fat|nodul\w+|lesions?|metast\w+|tumou?rs?|mass(?:es)?|layers?|"
    r"spaces?|infections?|h(?:a)?ematoma|mucosa\w*|nutrition|rehydration|"
    r"pressure|fractures?)\b|-(?=[a-z]*\d)|-car"
)
_OFFERED = re.compile(
    r"\b(?:formulation|approved|licen[cs]ed|registered|marketed|authori[sz]ed|indicated) for $"
)
"""Before the route that a product is sold for, which need not be the study's."""
_OF_PLACEBO = re.compile(r"[\s.)]{0,3}(?:match\w* )?(?:placebo|sham|vehicle|dummy)\b")
_EACH_TIME = re.compile(
    r"\b(?:each|every|per) (?:\w+ )?(?:dose|administration|visit|session|time|vaccination)\b"
)
_SEVERAL_TIMES = re.compile(
    r"[^.;]{0,40}?\bat (?:(?:month|week|day)s? \d+(?:, \d+)*,? and \d|"
    r"\d+(?:, \d+)*,? and \d+ (?:month|week|day)s\b)"
)
"""With them, one dose is one of several."""
_SECOND = re.compile(r"\bevery \d ?(?:-|–|or|to) ?$")
"""Before the second of two rhythms, which are one schedule."""
_SCHEDULE_TAIL = re.compile(
    r"(?:[ -]cycles?\b)?"
    r"(?: ?(?:-|–|or|to) ?\d+[ -](?:weeks|wks)\b)?"
    r"(?:\s+for \d+ (?:doses|administrations|infusions|injections|cycles)(?: in total)?)?"
)
_FRONT, _CLOSE = 70, 45
_PARTS = ". ", ";"
_IN_CYCLE = "PER CYCLE"
_OFTEN_A_DAY = re.compile(
    r"\b(?:twice|thrice|(?:two|three|four|[2-9]) times|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d)\b"
)
_NUMBERS = frozenset({".", *WORDS})
_LINK = re.compile(
    r"(?>[\s,:;–-]|\([^()]*\)|[()]|®|"
    r"\. (?:courses?|cycles?|treatments?) (?:is |are )?repeat(?:s|ed)?\b|"
    r"\bauc(?: of)? ?=?\d(?:\.\d)?|"
    r"\b(?:at|on|shall|abdominal|gluteal|deltoid|hyper-?baric|isobaric|heavy|liposomal|an?|the|doses?|of|by|is|are|was|will|be|being|administered|"
    r"given|taken|injected|infused|dosed|via|as|for|infusions?|injections?|continuous(?:ly)?|tablets?|capsules?|oral(?:ly)?|granules?|powder|drops|"
    r"solution|starting|each|fixed|flat|target|with|to|and|or|in|cycles?|cream|daily|"
    r"over (?:approximately )?[\d-]+ ?(?:minutes|hours?|min|h)|(?:on )?days? [\d, and-]+|d ?\d+|"
    r"for \d+ (?:days|weeks|months|cycles))\b)*+",
)

_BESIDE = re.compile(r"\b(?:and|plus|with|then)\s*$|\+\s*$")
"""Between what is said of one thing and the name of another (`beta SC and alphamab`)."""


def of_tie(low: str, tie: Tie, found: Sequence[Given]) -> Iterator[Given]:
    """What is said in the stretch; near a name, what is joined to it."""
    here = [one for one in found if tie.start <= one.start and one.end <= tie.end]
    yield from _joined(low, tie, here) if tie.near else here


def _joined(text: str, tie: Tie, found: Sequence[Given]) -> Iterator[Given]:
    """What nothing but linking words parts from the name, or from what is joined to it."""
    if tie.near not in ("before", "ahead"):
        at = tie.start
        for one in found:
            if one.start > at and not _LINK.fullmatch(text, at, one.start):
                return
            if tie.near == "shared" and one.concept not in _SHARED:
                return
            at = max(at, one.end)
            yield one
        return
    at = tie.end
    for one in reversed(found):
        if one.end < at and not _LINK.fullmatch(text, one.end, at):
            return
        if at == tie.end and _BESIDE.search(text, one.end, at):
            return
        if tie.near == "ahead" and one.concept not in _SHARED:
            return
        at = min(at, one.start)
        yield one


def given(
    text: str, low: str, start: int, end: int, begins: Sequence[tuple[int, str]],
    here: Sequence[Mention], words: Wordings, spec: Spec,
) -> list[Given]:  # fmt: skip
    """All that a sentence says, in order; `low` is the text in lower case, `begins` where a phrase
    or a number may begin, and `here` the treatments that the sentence names.
    """
    found = list(_worded(text, low, start, end, begins, words, spec))
    for at, letters in begins:
        if (term := words.named.get(letters)) and _named_next(low, at + len(letters), here):
            found.append(Given("regimen.route", at, at + len(letters), term))
    numbers = [at for at, letters in begins if letters.isdigit() or letters in _NUMBERS]
    if numbers:
        doses = amounts(
            text, start, end, numbers, words, known_terms("UNIT", spec), {m.start for m in here}
        )
        found += _doses([one for one in doses if not _negated(low, start, one.start)])
    found.sort(key=_place)
    return found


def _named_next(low: str, end: int, here: Sequence[Mention]) -> bool:
    """Whether the name of a treatment follows a word at once, and no other word for a route."""
    return low.startswith(" ", end) and any(one.start == end + 1 for one in here)


def _place(one: Given) -> int:
    return one.start


def _worded(
    text: str, low: str, start: int, end: int, begins: Sequence[tuple[int, str]], words: Wordings,
    spec: Spec,
) -> Iterator[Given]:  # fmt: skip
    """Frequencies, routes and forms, where a phrase may begin with those letters."""
    reached = {"frequencies": start, "routes": start, "forms": start}
    for at, letters in begins:
        for kind in words.kinds.get(letters, ()):
            wording: Wording = getattr(words, kind)
            match = wording.match(text, at, end) if at >= reached[kind] else None
            if match is None:
                continue
            concept, codelist = _KINDS[kind]
            last, reached[kind] = reached[kind], match.end()
            term = wording.term(match, known_terms(codelist, spec))
            if not term or _negated(low, start, at, much=kind == "frequencies"):
                continue
            if concept == "regimen.route" and (
                _NO_ROUTE_AFTER.match(low, match.end()) or _OFFERED.search(low, start, at)
            ):
                continue
            if _OF_PLACEBO.match(low, match.end()):
                continue
            if concept == "regimen.frequency" and _is_none(low, term, start, at, match.end(), last):
                continue
            yield Given(concept, at, match.end(), term)
            if concept == "regimen.frequency" and not _SECOND.search(low, start, at):
                tail = _SCHEDULE_TAIL.match(text, match.end(), end)
                stop = tail.end() if tail else match.end()
                stop += text.startswith(")", stop) and text.count("(", at, stop) > 0
                yield Given("regimen.schedule", at, stop, text[at:stop])


def _is_none(low: str, term: str, start: int, at: int, end: int, last: int) -> bool:
    """Whether what is found of a frequency is none, or repeats the one that ends at `last`:
    `weekly on days 1, 8 and 15 of each cycle`; no term says `twice daily 5 days a week`.
    """
    return (
        _no_rhythm(low, start, at, end)
        or (term.endswith(_IN_CYCLE) and start < last and at <= last + len(", on "))
        or ("days" in low[at:end] and bool(_OFTEN_A_DAY.search(low, start, at)))
        or (term == _ONCE and _one_of_several(low, start, at, end))
    )


def _no_rhythm(low: str, start: int, at: int, end: int) -> bool:
    """Whether words say that a frequency is that of a visit, a cycle or a part of the week."""
    return bool(
        (low.startswith("every", at) and _repeats(low, start, at))
        or _FOLLOWED.search(low, _clause(low, start, at, _PARTS, at - start), at)
        or _WATCHED.search(low, _clause(low, start, at, _PARTS), at)
        or _DAYS_BEFORE.search(low, max(start, at - _CLOSE), at)
        or _CYCLE_BEFORE.search(low, max(start, at - _CLOSE), at)
        or (low[at:end].endswith(" week") and _PART_BEFORE.search(low, max(start, at - 9), at))
        or (not low.startswith("day 1", at) and _NO_RHYTHM_AFTER.match(low, end))
    )


def _repeats(low: str, start: int, at: int) -> bool:
    """Whether what comes again is a cycle, and no administration."""
    if again := _REPEATS_BEFORE.search(low, max(0, at - _FRONT), at):
        return not again["once"]
    front = max(start, at - _CLOSE)
    return bool(_AGAIN.search(low, front, at) and _FOR_DAYS.search(low, start, at))


def _one_of_several(low: str, start: int, at: int, end: int) -> bool:
    """Whether a single dose is what is given each time."""
    return bool(
        _EACH_TIME.search(low, _clause(low, start, at, _PARTS, 2 * _FRONT), at)
        or _SEVERAL_TIMES.match(low, end)
    )


def _negated(low: str, start: int, at: int, *, much: bool = True) -> bool:
    """Whether what is said is denied, or is a limit of how `much` or often."""
    front = max(_clause(low, start, at, (",", ";")), at - _CLOSE)
    return bool(_NOT.search(low, front, at) or (much and _LIMITED.search(low, front, at)))


def _clause(low: str, start: int, at: int, marks: Sequence[str], length: int = _FRONT) -> int:
    """Where the words before `at` begin that nothing of `marks` parts from it."""
    front = max(start, at - length)
    found = ((low.rfind(mark, front, at), len(mark)) for mark in marks)
    return max((place + long for place, long in found if place >= 0), default=front)


def _doses(found: list[Amount]) -> Iterator[Given]:
    """Counted units only where no weight or volume is given (of two 50 mg tablets, 50 mg), and a
    volume only where no weight is.
    """
    weighed = [one for one in found if one.unit not in COUNTED]
    weighed = [one for one in weighed if not one.unit.startswith("mL")] or weighed
    for one in weighed or found:
        day = ".day" if one.unit.endswith("/day") else ""
        yield Given(f"regimen.dose{day}", one.start, one.end, one.value)
        yield Given(f"regimen.unit{day}", one.unit_start, one.unit_end, one.unit)
