"""Words by which as many participants are planned in each arm."""

import re
from collections.abc import Iterator

from pipeline.extract.narrative.allocation import planned
from pipeline.extract.sentences import sentence_at, sentences
from pipeline.values import Fact, narrowed

_EQUAL = re.compile(
    r"(?<![\d.,-])(?P<one>\d{1,4})(?:/(?P<other>\d{1,4}))?"
    r" (?:(?:healthy |adult )?(?:patients|participants|subjects|children|infants|women|men|people|"
    r"volunteers|individuals|cases|persons|students) )?"
    r"(?:(?:will be |were |are )?(?:assigned|allocated|randomi[sz]ed|included|enrolled) )?"
    r"(?:(?:in|to|from|for|into|on) each|per) (?:of the (?:two|three|four) )?"
    r"(?:study |treatment |intervention )?(?:group|arm)s?\b"
    r"|\brandomi[sz]ed (?:\w+ ){0,3}in equal (?:proportions|numbers)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\(n ?= ?(?P<size>\d{1,4})\)")
_NO_PLAN = re.compile(
    r"(?:[-–/]|\bto|\bor|at least|up to|minimum(?: of)?|at most|more than|≥|>|fev|about \d+%)\s*$"
)
_NO_PART = re.compile(
    r"\b(?:focus groups?|dose groups?|cohorts?|sessions?|therapists?|famil(?:y|ies)|visits?|"
    r"events?|power|requires?|reduction|detect|previous|crossover|cross-over)\b"
)
_RANDOM = re.compile(r"random|\brct\b")
_BESIDE = 14


def equal_parts(prose: Fact, low: str) -> Iterator[Fact]:
    """`allocation.equal`: the words by which as many are planned in each arm (`25 in each group`),
    `about` the rest of their sentence.
    """
    if ("random" in low or "rct" in low) and _SIZE.search(low):
        yield from _of_like_sizes(prose, low)
    if not any(clue in low for clue in ("each", "per ", "equal ")):
        return
    for match in _EQUAL.finditer(prose.value):
        start, end = sentence_at(prose.value, match.start()) or match.span()
        before = low[max(start, match.start() - _BESIDE) : match.start()]
        if _NO_PLAN.search(before) or _NO_PART.search(low, start, end):
            continue
        one, other = match["one"], match["other"]
        if other and abs(int(one) - int(other)) > 1:
            continue
        if sentence := planned(prose.value, low, start, end):
            yield narrowed(prose, *match.span(), "allocation.equal", about=sentence)


def _of_like_sizes(prose: Fact, low: str) -> Iterator[Fact]:
    """Groups of as many (`experimental (n=167) and control groups (n=167)`), `about` how many."""
    for start, end in sentences(prose.value):
        sizes = list(_SIZE.finditer(low, start, end))
        if len(sizes) < 2 or not _RANDOM.search(low, start, end):
            continue
        numbers = [int(one["size"]) for one in sizes]
        if max(numbers) - min(numbers) <= 1 and planned(prose.value, low, start, end):
            span = sizes[0].start(), sizes[-1].end()
            yield narrowed(prose, *span, "allocation.equal", about=str(len(sizes)))
