"""Parts of an arm's text under names of phases (`Induction: …`), or at numbered periods."""

import re
from functools import cache

from pipeline.extract.clauses import CONNECTOR
from pipeline.extract.mentions import Names, mentions
from pipeline.extract.prose import lowered
from pipeline.extract.sentences import sentences
from pipeline.extract.stage import Stage, named, stage_of
from pipeline.spec.wording import StageScheme

_MARKER = re.compile(
    r"\b(?P<unit>period|phase|visit|session|day|stage|treatment period|intervention period|part)\s*"
    r"(?P<number>1|2|3|4|iv|iii|ii|i|a|b|one|two)\b",
    re.IGNORECASE,
)
_NUMBERS = {"1": 1, "i": 1, "a": 1, "one": 1, "2": 2, "ii": 2, "b": 2, "two": 2, "3": 3, "iii": 3,
            "4": 4, "iv": 4}  # fmt: skip
_JOINT = re.compile(
    r"\b(?:during|throughout|in) (?:both )?(?:the )?(?P<one>[\w-]+) and (?:the )?(?P<other>[\w-]+)"
    r" (?:phases|periods|stages)\b"
)
_BUILT_UP = re.compile(
    r"\b(?:receive|given|take|consume|ingest|undergo|administ\w*)[^.;]{0,30} "
    r"(?:escalating|increasing) (?:doses|amounts|quantities)\b"
    r"|\b(?:increase|add)\b[^.;]{0,60}\buntil (?:the|a) maintenance\b"
    r"|\bduring (?:the )?dose escalation\b"
)
_MAINTAINED = re.compile(
    r"\bmaintenance (?:phase|period)\b"
    r"|\bmaintenance dose\b[^.;]{0,40} (?:continued|for|during)\b[^.;]{0,12}(?:week|month|year)"
    r"|\bmaintenance (?:injections|doses) every\b"
    r"|\bmaintain (?:it|(?:this|that|the) dose) (?:for|until)\b"
)
_INSIDE = re.compile(r"(?:in|during|the)\b")
_HEADS = ("induction", "lympho", "conditioning", "wash", "consolidation", "maintenance",
          "intensification", "extension", "open label", "open-label", "up-dosing", "updosing",
          "build-up", "buildup", "escalation", "boost", "prim", "adjuvant", "transplant", "run-in",
          "preparative", "initial", "continuance", "continuation")  # fmt: skip
_NOUN = r"(?:therapy|treatment|phase|period|epoch|chemotherapy|course|regimen|stage)"


def headed(low: str) -> bool:
    """Whether a text names two phases."""
    found = 0
    for clue in _HEADS:
        found += clue in low
    return found > 1


def last_headed(low: str) -> int:
    """Where the last paragraph ends that has the name of a phase."""
    last = max(low.rfind(clue) for clue in _HEADS)
    end = low.find("\n\n", max(last, 0))
    return end if end >= 0 else len(low)


def by_heads(text: str, names: Names, schemes: dict[str, StageScheme]) -> list[Stage]:
    """The parts of a text under names of phases: `Induction phase: …`, `in the … phase`."""
    low = lowered(text)
    heads = []
    for kind, scheme in schemes.items():
        if scheme.head and any(clue in low for clue in scheme.clues):
            heads += [(m.start(), m.end(), kind) for m in _under(scheme.head).finditer(low)]
            inside = _inside(scheme.head).finditer(low) if ":" in low else ()
            heads += [(m.start(), m.end(), kind) for m in inside if text[m.start()].isupper()]
    heads = _apart(sorted(heads))
    if len({kind for _, _, kind in heads}) < 2:
        return _joint(low, schemes) or _kept_up(low, heads, names)
    if _trailing(low, heads[0][0], heads[1][0]):
        return []
    ends = [start for start, _, _ in heads[1:]] + [len(text)]
    made: list[Stage] = []
    seen: set[str] = set()
    for (start, _, kind), end in zip(heads, ends, strict=True):
        if kind not in seen:
            words = named(lowered(text[start:end]), names)
            made.append(Stage(start, end, kind, words))
            seen.add(kind)
    return made


def _apart(heads: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Heads in order, without those that stand within the one before."""
    made: list[tuple[int, int, str]] = []
    for head in heads:
        if not made or head[0] >= made[-1][1]:
            made.append(head)
    return made


def _trailing(low: str, first: int, second: int) -> bool:
    """Whether the name of the first phase stands behind what is given in it (`A in the … phase,
    followed by B in the … phase`).
    """
    inside = _INSIDE.match(low, first) and low[:first].rstrip()[-1:] not in ("", ".", ";", ":", ",")
    return bool(inside and CONNECTOR.search(low, first, second))


def _kept_up(low: str, heads: list[tuple[int, int, str]], names: Names) -> list[Stage]:
    """What is given before the only head, `Maintenance phase: …`, is the treatment before it."""
    if not heads or heads[0][2] != "maintenance":
        return []
    at = heads[0][0]
    before, after = named(low[:at], names), named(low[at:], names)
    if not before or low[at] not in "\n.;:*":
        return []
    return [Stage(0, at, "treatment", before), Stage(at, len(low), "maintenance", after)]


def _joint(low: str, schemes: dict[str, StageScheme]) -> list[Stage]:
    """Two phases that are named at once, so that both are of the same treatment."""
    match = _JOINT.search(low)
    if match is None:
        return []
    kinds = [
        kind
        for word in match.group("one", "other")
        for kind, scheme in schemes.items()
        if scheme.head and re.fullmatch(scheme.head, word)
    ]
    return [Stage(*match.span(), kind, ()) for kind in kinds] if len(set(kinds)) == 2 else []


def by_dosing(text: str) -> list[Stage]:
    """A dose that is built up and then maintained: two phases of the same treatment, where the
    words give the second as a period of its own.
    """
    low = lowered(text)
    built = _BUILT_UP.search(low)
    kept = _MAINTAINED.search(low, built.end()) if built else None
    if not built or not kept:
        return []
    end = next((e for s, e in sentences(text) if s <= kept.start() < e), kept.end())
    return [
        Stage(built.start(), kept.start(), "build-up", ()),
        Stage(kept.start(), end, "maintenance", ()),
    ]


def by_markers(text: str, names: Names, schemes: dict[str, StageScheme]) -> list[Stage]:
    """What stands at `Period 1`, `Period 2` of a cross-over, each number once and in order."""
    low = lowered(text)
    marks: dict[int, re.Match[str]] = {}
    for match in _MARKER.finditer(low):
        number = _NUMBERS[match["number"]]
        if number == len(marks) + 1 and (not marks or match["unit"] == marks[1]["unit"]):
            marks[number] = match
    if len(marks) < 2:
        return []
    parts = [(s, e) for s, e in sentences(text)]
    found: list[Stage] = []
    for number, match in marks.items():
        after = marks[number + 1].start() if number + 1 in marks else len(text)
        sentence = next(((s, e) for s, e in parts if s <= match.start() < e), (0, len(text)))
        leads = not mentions(low[sentence[0] : match.start()], names)
        start = match.start() if leads else sentence[0]
        earlier = marks[number - 1].end() if number > 1 else 0
        end = min(after, sentence[1]) if leads else match.end()
        found.append(stage_of(text, max(start, earlier if not leads else 0), end, names, schemes))
    return found


@cache
def _under(name: str) -> re.Pattern[str]:
    """A head: the name of a stage before a colon, or in words such as `in the … phase`."""
    return re.compile(
        rf"(?:^|[\n.;:*)]\s*)(?:\d[.)]\s*)?(?:the )?(?:{name})(?: {_NOUN}){{0,2}}\s*"
        r"(?:\([^)]{0,80}\))?\s*[:–-]\s"
        rf"|(?:^|\n)[\s*•-]*(?:{name}) {_NOUN}\s*\([^)]{{0,80}}\)\s"
        rf"|(?:^|[\n.;]\s*)(?:{name}) {_NOUN} (?:consists? of|comprises|includes)\b"
        rf"|\b(?:in|during|the) (?:the )?(?:{name}) (?:phase|period|therapy|part)\b"
    )


@cache
def _inside(name: str) -> re.Pattern[str]:
    """The name of a stage before a colon within a line, where line ends were lost."""
    return re.compile(rf"(?<=[\w)] )(?:{name})(?: {_NOUN})?:\s")
