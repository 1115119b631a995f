"""How participants are allotted to arms: stated ratios, and the factors of a stratified
randomisation.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.extract.sentences import sentence_at, sentences
from pipeline.values import Fact, narrowed

_RATIO = re.compile(
    r"(?<![\d:./])(?P<ratio>[1-9]\s?:\s?[1-9](?:\s?:\s?[1-9])*)(?![\d:/]|\.\d)"
    r"|\b(?P<words>(?:1|2|3|one|two|three)[ -](?:to|on)[ -](?:1|2|3|one|two|"
    r"three))\b(?=[^.;]{0,40}\b(?:ratio|random|alloc))"
    r"|(?P<halves>\b50\s?(?:%?\s?[/:]|%\s?-)\s?50\b)",
    re.IGNORECASE,
)
_COLON = re.compile(r"[1-9]\s?:(?=\s?[1-9])")
_DILUTION = re.compile(
    r"\b(?:dilut|titer|titre|match(?:ed|ing)? "
    r"(?:1|controls?\b|cases?\b|by\b|for\b|in\b|on\b)|"
    r"mixture|weight|molar|omega|volume|v/v|female|case)",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\bprevious|\brecently|\bprior (?:study|trial)|\bnct\d{8}|\bearlier\b|\bhas been\b"
)
_FACTORS = re.compile(
    r"(?:\bstratif(?:ied|ying|y)\s+(?:\w+\s+){0,4}?(?:by|according to|based on|on the basis of|"
    r"for|on|using(?: (?:the following|\d|two|three|four|five)){0,2}\s+(?:factors|variables):)"
    r"|\bstratification\s+(?:factors?|variables?|criteria|strata)\s*(?:(?:used|for \w+)\s*)?"
    r"(?:(?:is|are|were|was|will be|include[sd]?|will include)\b|[:=])"
    r"|\bstratification\s+(?:will be |was |is )?(?:by|according to|based on|"
    r"for))\s*:?\s*(?P<factors>[\w(].*)",
    re.IGNORECASE | re.DOTALL,
)
_BELOW = re.compile(
    r"\b(?:random|alloc|assign)[^.]*\b(?:stratification factors?|stratified (?:by|according to))"
    r"[^.:]*:$",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM = re.compile(r"\s*(?:[-*•]\s+|\(?\d{1,2}\\?[.)]\s+)(?=\w)")
_NOT_ALLOTTED = re.compile(
    r"\b(?:analys[ie]s|analy[sz]ed|log-rank|logrank|results?|subgroups?|cox|mantel|cochran|"
    r"estimate|"
    r"compared|risk[- ]stratif\w+|sampling|sampled|reported)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\.|;|\band (?:then )?(?:will be |were |are )?(?:randomi[sz]ed|allocated|assigned)\b|"
    r"\b(?:prior to|before) (?:being )?randomi|\b(?:to|will) receive\b|\busing\b|\bwith a \w+ "
    r"ratio|\bin an? (?:\d|\w+[- ]ratio|ratio|\w+ed\b|block)|\bat randomi[sz]ation|"
    r"\bthen randomi|,? ?\bpatients (?:are|will)|\bto ensure\b|\bin order to\b|\bto one of\b|"
    r"\bthrough\b|\bto (?:either|arm|group)s?\b|"
    r",?\s+(?:because|so that|so as to)\b|,\s+(?:since|either|namely)\b|"
    r",?(?<!well)\s+as (?!well|defined|assessed|measured|determined|per\b)|"
    r",\s+(?:with|ensuring|which|where)\b|"
    r"\bto the (?:two|three|four|treatment|study)\b|\band (?:blocked|permuted)|\bwith (?:random|"
    r"permuted|block)|\brandomi[sz]ed\b)",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"(?:or|either|versus|vs|greater|less|more|fewer|higher|lower|at least|yes|no)\b|[<>≥≤]|"
    r"(?:when|whether|if|how|which|what)$",
    re.IGNORECASE,
)
_LONGEST = 2000
_SPLIT = re.compile(
    r"\s*(?:[,;]?\s*(?:and\s+)?(?:\(|(?<![\w-]))\d[.)]\s*|,?\s*\bas well as\s+(?:by\s+)?|"
    r",(?!\d{3}\b)\s*(?:and\s+)?(?:by\s+)?|;\s*(?:and\s+)?|\s+and\s+(?:by\s+)?)"
)


def ratios(prose: Fact, low: str) -> Iterator[Fact]:
    """`allocation.ratio`: the words of the ratio, `about` the rest of its sentence."""
    if "random" not in low and "ratio" not in low and "alloc" not in low and "assigned" not in low:
        return
    for match in _written(low, prose.value):
        near = low[max(0, match.start() - 120) : match.end() + 120]
        if not any(word in near for word in ("random", "ratio", "alloc", "assigned")):
            continue
        if _DILUTION.search(near[60:-60] if len(near) > 160 else near):
            continue
        group = next(g for g in ("ratio", "words", "halves") if match[g])
        start, end = sentence_at(prose.value, match.start()) or match.span()
        if sentence := planned(prose.value, low, start, end):
            yield narrowed(prose, *match.span(group), "allocation.ratio", about=sentence)


@lru_cache(maxsize=8)
def planned(text: str, low: str, start: int, end: int) -> str:
    """The words of a sentence, if they are not about an earlier study."""
    return "" if _EARLIER.search(low, start, end) else text[start:end]


def _written(low: str, text: str) -> Iterator[re.Match[str]]:
    """What looks like a ratio; texts are long, and few have one."""
    if any(
        word in low
        for word in ("50/50", "50:50", "50-50", "50%", "to 1", "to-1", "to one", "to-one")
    ):
        yield from _RATIO.finditer(text)
        return
    done = 0
    for near in _COLON.finditer(low):
        for match in _RATIO.finditer(text, max(done, near.start()), near.end() + 15):
            done = match.end()
            yield match


def factors(prose: Fact, low: str) -> Iterator[Fact]:
    """`allocation.factor`: each factor by which a randomisation is stratified, in its words."""
    if "stratif" not in low or ("random" not in low and "assigned" not in low):
        return
    for start, end in sentences(prose.value):
        if "stratif" not in low[start:end]:
            continue
        said = prose.value[start : min(end, start + _LONGEST)]
        match = _FACTORS.search(said)
        if _BELOW.search(said):
            items = list(_listed(prose.value, end))
            whole = all(len(list(sentences(prose.value[low:high]))) == 1 for low, high in items)
            for first, last in items if whole else ():
                yield narrowed(prose, first, last, "allocation.factor")
            return
        if not match or _NOT_ALLOTTED.search(said[: match.start("factors")]):
            continue
        around = low[max(0, start - 200) : end + 200]
        if not any(w in around for w in ("randomi", "randomly", "allocat")):
            continue
        low_end = _close(said, match.start("factors"))
        parts = list(_parts(said, match.start("factors"), low_end))
        whole = all(_is_whole(said[first:last]) for first, last in parts)
        for first, last in parts if whole else ():
            yield narrowed(prose, start + first, start + last, "allocation.factor")
        return


def _listed(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The factors that stand as a list below a line that ends with a colon."""
    for line in _LINE.finditer(text, start):
        item = _ITEM.match(text, *line.span())
        if not item or line.end() - start > _LONGEST:
            return
        last = line.end()
        while last > item.end() and text[last - 1] in " .;,":
            last -= 1
        yield item.end(), last


def _is_whole(factor: str) -> bool:
    """Whether a factor is no piece of one that was cut: a list of its levels, half a question."""
    return not _PIECE.match(factor) and factor.count("(") == factor.count(")")


def _close(text: str, start: int) -> int:
    """Where the list of factors ends: at the first word outside parentheses that goes on to
    something else.
    """
    for match in _TAIL.finditer(text, start):
        if _depth(text, start, match.start()) == 0 and match.start() > start:
            return match.start()
    return len(text)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The factors of a list, without what stands around them."""
    at = start
    cuts = [m for m in _SPLIT.finditer(text, start, end) if _depth(text, start, m.start()) == 0]
    for low, high in [*((m.start(), m.end()) for m in cuts), (end, end)]:
        first, last = at, low
        while first < last and text[first] in " ,:;-*":
            first += 1
        while last > first and text[last - 1] in " ,:;.-":
            last -= 1
        for lead in ("both ", "their ", "to "):
            if text[first:last].lower().startswith(lead):
                first += len(lead)
        if last - first >= 2:
            yield first, last
        at = high


def _depth(text: str, start: int, at: int) -> int:
    part = text[start:at]
    return part.count("(") + part.count("[") - part.count(")") - part.count("]")
