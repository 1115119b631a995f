"""Arms that only prose describes, in records that list none: `Arm I: Patients receive …`."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from pipeline.extract.label_links import UNLIKE, read_label_links
from pipeline.extract.mentions import aliases, mentions
from pipeline.extract.prose import NARRATIVE, Prose, Texts, treatments
from pipeline.extract.sentences import sentences
from pipeline.values import Fact, narrowed

_HEAD = re.compile(
    r"(?:^|[\n.;•*(–-]\s*|(?<=\s))(?P<label>(?P<kind>(?:treatment )?(?:arm|group|cohort|regimen))\s"
    r"(?P<number>iv|v|iii|ii|i|vi|[a-h]|\d))(?:\s*\((?P<what>[^()\n]{1,60})\))?"
    r"(?:\s*:\s|\s*[-–]\s|\s(?=(?:patients? |participants? |subjects? )?(?:will )?"
    r"(?:receive|undergo|get)s?\b))",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"\((?P<label>(?P<kind>arm|group)\s(?P<number>[a-h]|\d|i{1,3})\s*:\s*[^()\n]{2,60})\)",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"(?:^|(?<=\n))[ \t*]*(?:\d[.)][ \t]*)?(?P<label>(?P<what>intervention|experimental"
    r"|treatment|active|placebo|control|comparator|comparison|usual care|standard care)"
    r"(?:[ ](?:arm|group))?)"
    r"(?:[ ]\([^()\n]{1,40}\))?[ \t*]*(?::\s|\n)",
    re.IGNORECASE,
)
_SIDE_CLUES = ("control", "compar", "placebo", " care")
_OTHERS = frozenset({"control", "placebo", "comparator", "comparison", "usual care",
                     "standard care"})  # fmt: skip
_AS_IN = re.compile(
    r"\bas (?:in|on|described (?:in|for)|for) (?:arm|group|cohort|regimen)s?"
    r" (?:iv|v|iii|ii|i|vi|[a-h]|\d)\b"
)
_SAME_AS = re.compile(
    r"\b(?:receive|undergo|get)s? (?:the )?(?:same )?(?:treatment|therapy|chemotherapy|regimen)"
    r" as (?:in|on|described (?:in|for)|for) (?:arm|group|cohort|regimen)"
    r" (?P<number>iv|v|iii|ii|i|vi|[a-h]|\d)\b"
)
_SHORT = re.compile(r" \((?P<short>(?=[^()]{0,9}[A-Z])[A-Z\d][A-Za-z\d-]{2,9})\)")
_CLOSED = re.compile(r"\([^()]*\)")
_TIMED = re.compile(
    r"\b(?:(?:end|completion|start|the course) of(?: (?:\d+|\w+) courses of)?|after|following"
    r"|before|prior to|until) (?:the )?$"
)
_MEDICINES = frozenset({"DRUG", "BIOLOGICAL", "GENETIC", "COMBINATION_PRODUCT",
                        "DIETARY_SUPPLEMENT"})  # fmt: skip
_OBJECTIVE = re.compile(r"\s*to (?:compare|evaluate|determine|assess|monitor|study)\b")
"""What a group is there for, and not what it is given."""
_LONGEST_NAME = 60
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi")
_CLUES = ("arm ", "group ", "cohort ", "regimen ")
_BREAK = re.compile(r"\n\s*\n")
_END = re.compile(
    r"\n\s*\n|(?<=[a-z0-9)])\.\s+(?=(?:Patients are followed|All patients|Quality|PROJECTED"
    r"|Patients (?:on|in) (?:both|all|either)|Patients receive (?:one|1) of"
    r"|Patients are (?:then )?(?:randomi[sz]ed|stratified)"
    r"|(?:Both|All) (?:arms|groups|cohorts|regimens)"
    r"|(?:Arms?|Groups?|Cohorts?) (?:I|1|A),? (?:and|&|-) (?:II|2|B)"
    r"|[^.,;]{0,60}, (?:all|both) (?:patients|participants|subjects|groups|arms))\b)"
)


def read_described(texts: Texts) -> list[Fact]:
    """The arms of a record without arms, in order, with the interventions that the words on each
    name; none where the numbering is not whole or stands there twice. Where a record lists arms and
    never says what is given in them, what their labels name; and what labels say against its lists.
    """
    if texts.get("arm.label"):
        return [*_named_in_labels(texts), *read_label_links(texts)]
    for concept in ("intervention.description", *reversed(NARRATIVE)):
        for prose in texts.get(concept, ()):
            numbered = any(clue in prose.low for clue in _CLUES)
            for pattern in (_INSIDE, _HEAD) if numbered else ():
                if found := _arms(prose, pattern, texts):
                    return found
            if found := _sides(prose, texts):
                return found
    return []


def _named_in_labels(texts: Texts) -> Iterator[Fact]:
    if texts.get("arm.intervention") or not texts.get("intervention.name"):
        return
    names = aliases(treatments(texts))
    for prose in texts["arm.label"]:
        for at, to, name in mentions(prose.low, names):
            if not UNLIKE.search(prose.low, 0, at):
                words = narrowed(prose.fact, at, to, "arm.intervention", value=name)
                yield _as(words, prose.fact.item)


def _sides(prose: Prose, texts: Texts) -> list[Fact]:
    """Arms under the lines `Intervention group:` and `Control group:`."""
    if not any(clue in prose.low for clue in _SIDE_CLUES):
        return []
    heads = list(_SIDES.finditer(prose.fact.value))
    names = {head["what"].lower() for head in heads}
    if len(heads) < 2 or len(names) < len(heads) or not names & _OTHERS or names <= _OTHERS:
        return []
    return list(_facts(prose, heads, texts))


def _arms(prose: Prose, pattern: re.Pattern[str], texts: Texts) -> list[Fact]:
    heads = list(pattern.finditer(prose.fact.value))
    if len(heads) < 2 or len({head["kind"].lower() for head in heads}) > 1:
        return []
    if any(_OBJECTIVE.match(prose.low, head.end()) for head in heads):
        return []
    numbers = [_number(head["number"].lower()) for head in heads]
    if numbers != list(range(1, len(heads) + 1)) or max(Counter(numbers).values()) > 1:
        return []
    return list(_facts(prose, heads, texts))


def _facts(prose: Prose, heads: list[re.Match[str]], texts: Texts) -> Iterator[Fact]:
    names, fact, low = _known(prose, texts), prose.fact, prose.low
    whole = _all_named(low, names, texts)
    ends = [head.start() for head in heads[1:]] + [len(low)]
    given: list[list[str]] = []
    for number, (head, stop) in enumerate(zip(heads, ends, strict=True)):
        yield _as(narrowed(fact, *head.span("label"), "arm.described"), number)
        end = (_END if stop == len(low) else _BREAK).search(fact.value, head.end(), stop)
        start, last = head.end(), end.start() + 1 if end else stop
        if head[0].rstrip()[-1] not in ":–-" and "\n" not in head[0].lstrip("\n"):
            last = (
                next((high for _, high in sentences(fact.value[start:last])), last - start) + start
            )
        if low[start:last].strip():
            yield _as(narrowed(fact, start, last, "arm.description"), number)
        own: dict[str, tuple[int, int]] = {}
        words = (fact.value[start:last], low[start:last]) if whole else ("", "")
        for at, to, name in _named(*words, names, given):
            own.setdefault(name, (start + at, start + to))
        given.append(list(own))
        for name, place in own.items():
            yield _as(narrowed(fact, *place, "arm.intervention", value=name), number)


def _named(
    text: str, low: str, names: dict[str, tuple[str, ...]], before: list[list[str]]
) -> Iterator[tuple[int, int, str]]:
    """Place and name of what an arm's words say is given: by name, or as in an arm before it."""
    for start, end in sentences(text):
        said = _AS_IN.sub(lambda match: " " * len(match[0]), low[start:end])
        for at, to, name in mentions(said, names):
            so_far = _CLOSED.sub(" ", _CLOSED.sub(" ", said[:at]))
            if not UNLIKE.search(so_far) and not _TIMED.search(so_far):
                yield start + at, start + to, name
        for match in _SAME_AS.finditer(low, start, end):
            number = _number(match["number"]) - 1
            for name in before[number] if number < len(before) else ():
                yield *match.span(), name


def _all_named(low: str, names: dict[str, tuple[str, ...]], texts: Texts) -> bool:
    """Whether the text names every medicine of the record; where it has a name of its own for one,
    what an arm is given cannot be told from the others.
    """
    kinds = {one.fact.item: one.fact.value for one in texts.get("intervention.type", ())}
    there = {name for _, _, name in mentions(low, names)}
    return all(
        one.fact.value in there
        for one in texts["intervention.name"]
        if kinds.get(one.fact.item) in _MEDICINES
    )


def _known(prose: Prose, texts: Texts) -> dict[str, tuple[str, ...]]:
    """The names of interventions, with short forms of the text's own: `etoposide (VP-16)`."""
    names = aliases(treatments(texts))
    short: dict[str, set[str]] = {}
    for match in _SHORT.finditer(prose.fact.value):
        before = prose.low[max(0, match.start() - _LONGEST_NAME) : match.start()].rstrip()
        for name, forms in names.items():
            if any(before.endswith(form) for form in forms):
                short.setdefault(match["short"].lower().replace("-", " "), set()).add(name)
    for form, owners in short.items():
        if len(owners) == 1:
            (name,) = owners
            names[name] = (*names[name], form)
    return names


def _as(fact: Fact, number: int) -> Fact:
    return msgspec.structs.replace(fact, item=number)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    return ord(text) - ord("a") + 1
