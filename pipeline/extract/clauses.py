"""Clauses between words that put one treatment after another (`A followed by B`)."""

import re
from collections.abc import Iterator

from pipeline.extract.mentions import Names
from pipeline.extract.prose import lowered
from pipeline.extract.sentences import sentences
from pipeline.extract.stage import Stage, stage_of
from pipeline.spec.clues import clues, hinted
from pipeline.spec.wording import StageScheme

CONNECTOR = re.compile(
    r"[,;]?\s*\b(?:which (?:is|was|will be) |and (?:is |are |were |was )?|(?:is|are|was|were) |"
    r"to be )?(?:immediately |directly )?followed (?:up |sequentially )?(?:by|with)\b"
    r"|[,;]\s*(?:after|following) which\b"
    r"|(?:[,;，；]|\band)\s*(?:subsequently|thereafter|after that|then)\b|\s*(?:→|->|=>)\s*"
    r"|\s(?:will )?\bthen\b(?=\s+(?:be (?:fed|given|treated|switched)|receiv|switch|cross|"
    r"tak|treat|undergo|placebo|start))"
    r"|^\s*(?:then|thereafter|subsequently|afterwards?),?\s",
    re.IGNORECASE,
)
THEN = re.compile(rf"{CONNECTOR.pattern}|,?\s*\bthen\b", re.IGNORECASE)
_CONDITION = re.compile(r"(?:if|when|in case|should)\b")
"""In a sentence that begins so, "then" puts nothing in order (`If A, then B`)."""
_BARE = re.compile(r"(?:the |all )?(?:patients|participants|subjects|children|they)\s*")
"""What goes before "then" where a sentence goes on from the one before it (`They then …`)."""
_BEFORE = re.compile(r"\b(?:prior to|before)\b", re.IGNORECASE)
_PREPARES = re.compile(
    r"\b(?:neo-?adjuvant|pre-?treat|conditioning|lympho-?deplet|induction)", re.IGNORECASE
)
_PREPARING = clues(_PREPARES.pattern)
_SESSION = re.compile(
    r"\b(?:each|every) (?:\d+[- ]?(?:day|week)s?[- ])?(?:cycle|course|dose|infusion|"
    r"injection|visit|session)|\bday 1 of (?:each|every|a|the)?\s*(?:\d|cycle|each)"
    r"|\bsame day\b|\bpre-?medicat"
)
_WITHIN = re.compile(r"\bwithin \w+ \w+ (?:of|after) \w+")
_BESIDE = 160
_KEPT_UP = re.compile(r"\s*(?:[\w-]+ ){0,3}maintenance\b(?! dose)")
_INFUSED = re.compile(r"\biv\b|\bintravenous|\binfusion\b")
_TIMED = re.compile(
    r"\b(?:daily|weekly|monthly|days?|weeks?|months?|cycles?|courses?|doses|every|times|until|"
    r"q ?\d ?[wd]|complet\w+|induction|neo-?adjuvant|consolidation)\b"
)
_PREPARED = re.compile(r"lympho-?deplet|conditioning")
_MINUTES = re.compile(r"\b(?:minutes?|mins?|hours?|hrs?|bolus|flush|rinse|meal|taper)")
_WASHED = re.compile(
    r"(?:\b(?:after|following|with|separated by) )?"
    r"(?P<wash>(?:\b(?:an?|the|at least) )*(?:\w+[ -](?:hour|day|week|month)s?[ -](?:of (?:a )?)?)?"
    r"\bwash-? ?out(?: period| phase| interval)?)(?:,? and (?:another|then))?"
)


def by_connectors(
    text: str, names: Names, schemes: dict[str, StageScheme],
    connector: re.Pattern[str] = CONNECTOR,
) -> Iterator[Stage]:  # fmt: skip
    """The clauses between words that put one after another; a sentence without them that stands
    before one that begins with `Then` is the clause before it.
    """
    needed = clues(connector.pattern)
    whole = lowered(text)
    prepares = hinted(_PREPARING, whole)
    if not hinted(needed, whole) and not prepares:
        return
    before: tuple[int, int] | None = None
    begun = False
    for start, end in sentences(text):
        low = whole[start:end]
        cuts = list(connector.finditer(text[start:end])) if hinted(needed, low) else []
        if _CONDITION.match(low):
            cuts = [m for m in cuts if "then" not in m[0].lower()]
        if not cuts and prepares and _PREPARES.search(low):
            cuts = list(_BEFORE.finditer(text[start:end]))
        if not _PREPARED.search(low):
            cuts = [m for m in cuts if not _within_session(low, m.start(), m.end())]
        if not cuts:
            if not begun:
                before = (start, end)
            continue
        at = start
        for cut in cuts:
            low_end = start + cut.start()
            first = stage_of(text, *before, names, schemes) if before and not begun else None
            bare = first and first.names and _BARE.fullmatch(low, at - start, cut.start())
            if low_end > at and not bare:
                yield from _parts(text, at, low_end, names, schemes)
            elif first:
                yield first
            at = start + cut.end()
        yield from _parts(text, at, end, names, schemes)
        begun = True


def _within_session(low: str, start: int, end: int) -> bool:
    """Whether the words put infusions of one visit in order, not periods of treatment; two that
    share the schedule of the second are of one visit.
    """
    first, second = low[max(0, start - _BESIDE) : start], low[end : end + _BESIDE]
    if _KEPT_UP.match(second):
        return False
    first = _WITHIN.sub(" ", first)
    infused = _INFUSED.search(first) and _INFUSED.search(second)
    if infused and _TIMED.search(second) and not _TIMED.search(first):
        return True
    near = low[max(0, start - 60) : end + 60]
    return bool(_SESSION.search(low[max(0, start - 120) : end + 120]) or _MINUTES.search(near))


def _parts(
    text: str, start: int, end: int, names: Names,
    schemes: dict[str, StageScheme],
) -> Iterator[Stage]:  # fmt: skip
    """The stage of a clause; `B after a washout` and `a washout and then B` are two."""
    low = lowered(text[start:end])
    wash = _WASHED.search(low) if "wash" in low else None
    if not wash or not names:
        yield stage_of(text, start, end, names, schemes)
        return
    yield Stage(start + wash.start("wash"), start + wash.end("wash"), "washout", ())
    before = stage_of(text, start, start + wash.start(), names, schemes)
    after = stage_of(text, start + wash.end(), end, names, schemes)
    yield before if before.names else after
