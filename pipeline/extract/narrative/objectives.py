"""Objectives as prose states them: primary, secondary, or the one aim of the whole study."""

import re
from collections.abc import Iterator

from pipeline.extract.narrative.marks import is_several, marks_in_order
from pipeline.extract.narrative.outline import (
    BULLET,
    HEAD,
    MEASURED,
    OTHER_HEAD,
    RANK_HEAD,
    WORD,
    heading,
    item,
    lines,
)  # fmt: skip
from pipeline.extract.narrative.purposes import CLUES, STUDY, begins_with_purpose, purpose
from pipeline.extract.sentences import sentences
from pipeline.values import LISTED, NAMED, PARTED, Fact, narrowed

_FOLD = re.compile(
    r"[ *_:]*(?:(?:two|three|four)-?fold|as follows|the following|"
    r"to(?: (?:test|learn|see|find out|determine) (?:whether|if))?)?[ *_:,]*",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?<!one of their )(?P<rank>primary|main|principal|overarching|second(?:ary)?)"
    r"(?:[\s,/&-]+(?!end ?points?|outcome|question|hypothes)\w+){0,2}?\s"
    rf"(?P<word>{WORD})\b(?P<between>[^.:;]{{0,160}}?)"
    r"(?:\b(?:is|was|are|were|will be|includes?|included|will include|being)\b|:)"
    r"(?:\s+(?:as follows|the following|twofold|two-fold))?\s*[:;,]?\s*"
    r"(?P<aim>(?!that\b|\w+ed and\b)\w.*|"
    r"\(?(?:\d|i)\).*)",
    re.IGNORECASE | re.DOTALL,
)
_STATES = re.compile(
    rf"^(?:the )?(?P<rank>primary|main|secondary) (?:study )?(?P<word>{WORD})(?P<between>) "
    r"(?P<aim>(?:determines|evaluates|assesses|examines|investigates|compares|tests)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_WITH_AIM = re.compile(
    rf"\bwith (?:the|an?) (?P<rank>primary|main|secondary) {WORD} of(?P<between>) "
    r"(?P<aim>\w+ing\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_WHOLE = re.compile(
    r"\b(?:hypothes\w+|sub-?stud|part [a-z0-9]\b|of the phase \w+ (?:is|are|was|were)\b|"
    r"long[- ]term goal|stage \d|"
    r"(?:phase [\w/]+|first|second|dose[- ]\w+|expansion|escalation|pilot|extension|treatment) "
    r"(?:part|portion|component|stage|phase)\b(?! [\dIi])|each (?:part|phase))",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:the )?(?:(?:primary|secondary|main|key|co-primary) )?(?:\w+ )?"
    r"(?:variables?|end-? ?points?|outcomes?|outcome measures?|parameters?|hypothes[ei]s)\b"
    r"|(?:to )?(?:enroll?|recruit|accrue?)(?:ing)?\b"
    r"|to \w+ (?:these|this|those|such(?: an?)?) (?:\w+$|(?:relationship|association|issue|"
    r"question|problem|hypothes[ei]|possibilit|effect)(?:s|y|ies)? (?:in|among|for)\b)",
    re.IGNORECASE,
)
"""What is measured or supposed, who is taken in, and a word for what was said before."""
_SEVERAL = re.compile(r"\b(?:objectives|aims(?! (?:to|at)\b)|goals|purposes)\b", re.IGNORECASE)
_SECTION = re.compile(
    r"\s(?:[A-Z]\w+ (?:and |& )?)?(?:[Mm]ethods?|[Mm]ethodology|[Dd]esign|[Bb]ackground|"
    r"[Rr]ationale|[Hh]ypothes[ie]s|[Pp]rocedures?|[Ee]nd-?points?|[Oo]utcomes?|[Rr]esults|[Cc]onclusions?|"
    r"[Ii]nterventions?|[Pp]opulation|[Ss]etting)\s?:\s|\s(?:Secondary|Exploratory)[^.:]{0,40}:\s"
)
_LEAD = re.compile(
    r"^(?:of (?:this|the)|(?:the|our) (?:primary |main |overall )?(?:objectives?|aims?|goals?|"
    r"purpose))\b[^.;:]{0,120}?\b(?:is|was|are|were) (?=to\b)|^to (?:is )?(?=to\b)"
    r"|^this (?:[\w/-]+ ){0,5}?(?:study|trial) "
    r"(?:(?:(?:is|was) studying|stud(?:ies|ied)) (?=(?:how|the|whether|if|to)\b)|"
    r"(?:is|was) (?=(?:study|compar|evaluat|assess|investigat|test|examin)ing\b))",
    re.IGNORECASE,
)
_NEXT_HEAD = re.compile(
    r"\s+(?:Secondary|Exploratory) (?:aims?|objectives?|outcomes?|end-?points?)$"
)
_CONCEPTS = {
    **dict.fromkeys(
        ("primary", "main", "principal", "overall", "overarching"), "objective.primary"
    ),
    **dict.fromkeys(("secondary", "key secondary", "second"), "objective.secondary"),
    "stated": "objective.stated",
}
_RANKS = ("primary", "main", "second", "principal", "overarching")
_OF_THIS = re.compile(rf"\b(?:of|for|in) [^.]*\b{STUDY}\b", re.IGNORECASE)
_BEGUN = re.compile(r"(?:^|[:;,]? )(?P<mark>\(?1(?:\)|\.(?=\s|$)))")
_WAS = re.compile(r"\bw(?:as|ere)\W+$", re.IGNORECASE)
_NEAR = 90
_SHORTEST, _FEW = 12, 2
"""A statement is of some words, unless it is one of a list of more."""
_MOST = 25
_LONGEST = 4000


def _ranking(said: str) -> re.Match[str] | None:
    return _SAID.search(said) or _WITH_AIM.search(said) or _STATES.search(said)


def objectives(prose: Fact, low: str) -> Iterator[Fact]:
    """`objective.primary` and `.secondary` where the words rank them, `objective.stated` where
    they state the purpose of the study without a rank; the statement without its lead-in. One is
    `about` how weakly it is stated: named, where words only name the study ("A trial to …"), say
    what its investigators intend, or call an aim the main one of nothing; listed, in a list; in
    parts, in the list of one aim.
    """
    if not any(clue in low for clue in CLUES):
        return
    rank, items, listed, about, measured = "", 0, False, LISTED, False
    for start, line in lines(prose.value):
        begun = heading(line, listed=listed, measured=measured)
        measured = bool(MEASURED.fullmatch(line)) or (measured and not begun)
        if begun:
            (rank, at), items, listed = begun, 0, True
            about = _number(line[:at])
            if _says_itself(line[at:]):
                yield from _sentences(prose, start + at, line[at:])
            elif line[at:].strip():
                own = about if rank == "stated" and BULLET.match(line[at:]) else ""
                yield from _items(prose, start + at, line[at:], rank, own, parts=about)
                items = 1
            continue
        if rank and (at := item(line, items)) >= 0:
            if "\n" in line and (concept := _CONCEPTS.get(rank)):
                low_end, high = _trimmed(line, at, len(line), listed=True)
                yield narrowed(prose, start + low_end, start + high, concept, about=about)
            elif items < _MOST:
                at = 0 if is_several(line) else at
                yield from _items(prose, start + at, line[at:], rank, about)
            items += 1
            continue
        if items or OTHER_HEAD.match(line):
            rank = ""
            listed = listed and not OTHER_HEAD.match(line)
        yield from _sentences(prose, start, line)


def _number(lead: str) -> str:
    """Whether what a heading or a lead-in lists are parts of one aim, or several."""
    return LISTED if _SEVERAL.search(lead) else PARTED


def _says_itself(text: str) -> bool:
    """Whether what follows a heading has a lead-in of its own."""
    if (nested := _SAID.search(text)) and nested.start() < _NEAR:
        return True
    first = text[slice(*_first_sentence(text))]
    return begins_with_purpose(first)


def _sentences(prose: Fact, start: int, line: str) -> Iterator[Fact]:
    low = line.lower()
    if not any(clue in low for clue in (*CLUES, *_RANKS)):
        return
    done = 0
    for first, last in sentences(line):
        if first < done:
            continue
        said = line[first:last]
        if begun := _BEGUN.search(said):
            done = _numbered_to(line, first + begun.start("mark"), last)
            said = line[first:done]
        lower = said.lower()
        head = HEAD.match(said)
        if head and head["mark"] == ":":
            rank = (head["rank"] or "stated").lower()
            parts = _number(head[0])
            yield from _items(
                prose, start + first + head.end(), said[head.end() :], rank, parts=parts
            )
            continue
        ranked = any(word in lower for word in _RANKS)
        if match := _ranking(said) if ranked else None:
            if len(match["between"]) < _NEAR or " of " in match["between"]:
                yield from _stated(prose, start + first, said, match, *_ranked(match))
            continue
        if match := purpose(said, lower):
            yield from _stated(prose, start + first, said, match, "stated")


def _numbered_to(line: str, begun: int, last: int) -> int:
    """Where a sentence ends in which a numbered list begins: with the sentence of the last number;
    what explains a number in sentences of its own is no list.
    """
    text = line[begun : begun + _LONGEST]
    marks = marks_in_order(text)
    ends = [mark.start() for mark in marks[1:]]
    items = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=False)]
    if len(marks) < 2 or any(len(sentences(item)) > 1 for item in items):
        return last
    tail = marks[-1].end()
    return max(last, begun + tail + next(iter(sentences(text[tail:])), (0, 0))[1])


def _ranked(match: re.Match[str]) -> tuple[str, str]:
    """The rank in the words, and `named` where it is that of the main aim of nothing; what was that
    is only stated.
    """
    rank = match["rank"].lower()
    between = match["between"]
    if rank in ("primary", "secondary", "second") or _OF_THIS.search(between):
        return rank, ""
    past = _WAS.search(match.string[: match.start("aim")])
    return ("stated" if past else rank), NAMED


def _stated(
    prose: Fact, at: int, said: str, match: re.Match[str], rank: str, about: str = "",
) -> Iterator[Fact]:  # fmt: skip
    group = next(name for name, words in match.groupdict().items() if words and "aim" in name)
    low, high = match.span(group)
    if group == "aim3" and match["at"].lower() == "to":
        low = match.start("at")
    if rank == "stated" and _NOT_WHOLE.search(said[: match.start(group)]):
        return
    about = NAMED if group in ("aim5", "aim6", "aim14") else about
    yield from _items(
        prose, at + low, said[low:high], rank, about, parts=_number(match[0][: low - match.start()])
    )


def _items(
    prose: Fact, at: int, text: str, rank: str, about: str = "", *, parts: str = LISTED
) -> Iterator[Fact]:
    """A statement, or each of the numbered ones that it lists, as a fact of its rank; those are
    `about` what `parts` says.
    """
    concept = _CONCEPTS.get(rank)
    if not concept:
        return
    marks = marks_in_order(text)
    if marks and _FOLD.fullmatch(text[: marks[0].start()]):
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        spans = [(mark.end(), end) for mark, end in zip(marks, ends, strict=True)]
    else:
        spans = [_first_sentence(text)]
    about = about or parts * (len(spans) > 1)
    for span in spans:
        low, high = _trimmed(text, *span, listed=about in (LISTED, PARTED))
        own = RANK_HEAD.match(text[low:high])
        if own and own["mark"] == ":":
            yield from _items(prose, at + low + own.end(), text[low + own.end() : high],
                              own["rank"].lower())  # fmt: skip
            continue
        said = text[low:high]
        whole = (len(said) >= _SHORTEST and said.count(" ") > 1) or len(spans) > _FEW
        if whole and not said.endswith(":") and not _NONE.match(said):
            yield narrowed(prose, at + low, at + high, concept, about=about)


def _trimmed(text: str, low: int, high: int, *, listed: bool) -> tuple[int, int]:
    """The statement's own words: no lead-in, no stop, no "and" before the next one."""
    while low < high and text[low] in " \t*_:-":
        low += 1
    while high > low and text[high - 1] in " \t.;,*_":
        high -= 1
    if head := _NEXT_HEAD.search(text[low:high]):
        high = low + head.start()
    for tail in ("; and", ", and", " and"):
        if listed and text[low:high].lower().endswith(tail):
            high -= len(tail)
    opening = _LEAD.match(text[low:high])
    return (low + opening.end() if opening else low), high


def _first_sentence(text: str) -> tuple[int, int]:
    """The first sentence; the heading of another section ends it too."""
    low, high = next(iter(sentences(text)), (0, len(text)))
    head = _SECTION.search(text, low + 1, high)
    return low, head.start() if head else high
