"""Arms that a registry writes in one line: `Group: what it is given;` beside `Group: its size;`."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.concepts import Concepts, named
from pipeline.extract.group_parts import Part, empty, is_usual, parts
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, narrowed

_SIZE = re.compile(r"\s*(?P<label>(?:[^:;]|: )*[^:;\s])\s*:\s*(?P<size>\d+)\s*(?:;|$)")
_SEVERAL = re.compile(
    r"\b(?:two|three|four|both|all|\d+) (?:groups|arms|cohorts)\b|\b(?:vs|versus)\b", re.IGNORECASE
)
_CONTROL = re.compile(r"\b(?:control|placebo|comparator)\b", re.IGNORECASE)
_TRIED = re.compile(
    r"\b(?:experiment\w*|intervention|trial|test|study|observation)\b", re.IGNORECASE
)
_SIMULATED = re.compile(r"\bsimula(?:nts?|tors?|ted|tion)\b|\bmimetic\b", re.IGNORECASE)
"""What the Chinese registry calls a placebo that looks like the treatment."""
_INACTIVE = re.compile(r"\b(?:saline|glucose|water)\b", re.IGNORECASE)


class Group(msgspec.Struct, frozen=True):
    """One group: its label, the words on what it is given, and the treatments that they list;
    `given` is None where the words are more than a list of treatments.
    """

    label: Fact
    words: Fact | None
    given: tuple[Part, ...] | None

    @property
    def control(self) -> bool:
        """Whether the group is called the control."""
        return bool(_CONTROL.search(self.label.value))


def read_groups(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The arms of an interventional study, with their words; what they are given where the words of
    each group are a list of treatments; and which of them is tried where labels and lists say so.
    """
    sizes = named(facts, "groups.size")
    if not sizes:
        return [], []
    counts = list(_counts(sizes[0]))
    if "INTERVENTIONAL" not in {one.value for one in named(facts, "design.type")}:
        return counts, []
    labels = _labels(sizes[0])
    groups = _groups(labels, named(facts, "groups.given"), spec)
    found = [*counts, *labels, *(one.words for one in groups if one.words)]
    return [*found, *_treatments(groups, spec)], []


def _counts(sizes: Fact) -> Iterator[Fact]:
    for head in _SIZE.finditer(sizes.value):
        yield narrowed(sizes, *head.span("size"), "enrolment.part")


def _labels(sizes: Fact) -> list[Fact]:
    """The groups' names; none where one stands for several groups."""
    heads = list(_SIZE.finditer(sizes.value))
    if any(_SEVERAL.search(head["label"]) for head in heads):
        return []
    spans = (head.span("label") for head in heads)
    return [
        msgspec.structs.replace(narrowed(sizes, *span, "arm.label"), item=item)
        for item, span in enumerate(spans)
    ]


def _groups(labels: Sequence[Fact], given: Sequence[Fact], spec: Spec) -> list[Group]:
    """The groups with their words, where the second text has the same groups in their order."""
    if not labels or not given:
        return []
    text, at, heads = given[0].value, 0, []
    for label in labels:
        name = r"\s+".join(re.escape(word) for word in label.value.split())
        head = re.compile(rf"(?:^|;)\s*{name}\s*:\s*", re.IGNORECASE).search(text, at)
        if not head:
            return []
        heads.append(head)
        at = head.end()
    stops = [*(head.start() for head in heads[1:]), len(text)]
    places = [
        (head.end(), head.end() + len(text[head.end() : stop].rstrip(" ;\n")))
        for head, stop in zip(heads, stops, strict=True)
    ]
    lists = parts([text[low:high] for low, high in places], spec)
    made = []
    for label, (low, high), own in zip(labels, places, lists, strict=True):
        words: Fact | None = None
        if not empty(text[low:high]):
            said = narrowed(given[0], low, high, "arm.description")
            words = msgspec.structs.replace(said, item=label.item)
        made.append(Group(label, words, own))
    return made


def _treatments(groups: Sequence[Group], spec: Spec) -> list[Fact]:
    """Treatments, which arm is given them, and the arms' types; nothing where the words of a group
    are no list, or a control gets usual care of which the others' words do not speak.
    """
    if not groups or any(one.given is None for one in groups):
        return []
    controls = [one for one in groups if one.control]
    others = [one for one in groups if not one.control]
    kinds = [_kind(one, controls, others, spec) for one in groups]
    apart = any(_usual_apart(one, others) for one in controls)
    if apart and any(is_usual(part.name) for one in others for part in one.given or ()):
        return []
    found: list[Fact] = []
    names: dict[str, str] = {}
    for group in groups:
        for part in group.given or ():
            if not group.words or (apart and is_usual(part.name)):
                continue
            if part.key not in names:
                names[part.key] = part.name
                fact = narrowed(group.words, part.start, part.end, "intervention.name")
                found.append(msgspec.structs.replace(fact, item=len(names) - 1))
            words = narrowed(
                group.words, part.start, part.end, "arm.intervention", value=names[part.key]
            )
            found.append(msgspec.structs.replace(words, item=group.label.item))
    inert = {"EXPERIMENTAL", "PLACEBO_COMPARATOR", "NO_INTERVENTION"}
    if controls and others and all(kinds) and (not apart or set(kinds) <= inert):
        for group, kind in zip(groups, kinds, strict=True):
            whole = narrowed(group.label, 0, len(group.label.value), "arm.type", value=kind)
            found.append(whole)
    return found


def _kind(
    group: Group, controls: Sequence[Group], others: Sequence[Group], spec: Spec
) -> str:  # fmt: skip
    """What type of arm a group is; nothing where its words leave it open."""
    own = group.given or ()
    if not group.control:
        named_so = any(part.key in group.label.value.casefold() for part in own)
        called = _TRIED.search(group.label.value) or named_so or len(others) == 1
        return "EXPERIMENTAL" if called and not all(is_usual(part.name) for part in own) else ""
    if not own:
        return "NO_INTERVENTION"
    shared = {part.key for other in others for part in other.given or ()}
    left = [part for part in own if part.key not in shared and not is_usual(part.name)]
    if left and all(
        re.search(spec.phrases.placebo, part.name.lower()) or _SIMULATED.search(part.name)
        for part in left
    ):
        return "PLACEBO_COMPARATOR"
    if any(_INACTIVE.search(part.name) for part in left) or len(controls) == 0:
        return ""
    return "OTHER"


def _usual_apart(control: Group, others: Sequence[Group]) -> bool:
    """Whether a control gets usual care which some other group is not said to get."""
    return any(
        is_usual(part.name)
        and any(part.key not in {p.key for p in other.given or ()} for other in others)
        for part in control.given or ()
    )
