"""The order in which an arm's treatments are given, where its words say one: `A followed by B`,
`Induction: … Maintenance: …`, `A in Period 1 and B in Period 2`.

Each stage is a fact of its own (`arm.stage`: its kind, `about` its number in the arm), with the
interventions that its words name (`arm.stage.treatment`) and its length (`arm.stage.duration`).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.extract.afterwards import by_after
from pipeline.extract.clauses import CONNECTOR, THEN, by_connectors
from pipeline.extract.heads import by_dosing, by_heads, by_markers, headed, last_headed
from pipeline.extract.lengths import stage_length
from pipeline.extract.maintained import by_maintenance
from pipeline.extract.mentions import Names, aliases
from pipeline.extract.named_phases import by_names
from pipeline.extract.prose import NARRATIVE, Prose, Texts, treatments
from pipeline.extract.stage import PLAIN, Stage, joined, named
from pipeline.spec.model import Spec
from pipeline.values import Fact, narrowed

_ORDER = ("followed", "then", "subsequently", "after that", "→", "->", "=>", "neoadj", "neo-adj",
          "pre-treat", "pretreat", "conditioning", "lympho", "induction", "completi",
          "after which", "following which",
          ". after", ". following", "\nafter", "\nfollowing")  # fmt: skip
_PERIODS = ("period", "phase", "day 1", "day 2", "visit", "session", "first", "washout", "sequence")
_BUILT_UP = ("escalating", "increas", "add ")
_KEPT_UP = ("maintenance phase", "maintenance period", "maintenance t", "maintenance ch",
            "as maintenance", "as a maintenance")  # fmt: skip
_MOST = 8


def read_stages(texts: Texts, spec: Spec) -> Iterator[Fact]:
    """The stages of each arm, from its label or description, whichever tells more of them."""
    crossed = any(one.fact.value == "CROSSOVER" for one in texts.get("design.model", ()))
    asked: dict[int, list[Prose]] = {}
    for concept in ("arm.label", "arm.description"):
        for prose in texts.get(concept, ()):
            if _told(prose.low, crossed=crossed):
                asked.setdefault(prose.fact.item, []).append(prose)
    found = list(_by_arm(asked, texts, spec, crossed=crossed)) if asked else []
    yield from found or _of_only_arm(texts, spec)


def _by_arm(
    asked: dict[int, list[Prose]], texts: Texts, spec: Spec, *, crossed: bool
) -> Iterator[Fact]:
    known = aliases(treatments(texts))
    given: dict[int, dict[str, tuple[str, ...]]] = {}
    for one in texts.get("arm.intervention", ()):
        fact = one.fact
        if fact.item in asked:
            own = given.setdefault(fact.item, dict(known) if crossed else {})
            own[fact.value] = known.get(fact.value) or (fact.value.lower(),)
    for item, proses in asked.items():
        names = given.get(item, {})
        told = [(one.fact, _stages(one, names, spec, crossed=crossed)) for one in proses]
        words, stages = max(told, key=lambda one: (len(one[1]), _phases(one[1]), _timed(*one)))
        if len(stages) > 1 and not (crossed and _either(words, stages)):
            yield from _facts(words, stages[:_MOST])


def _of_only_arm(texts: Texts, spec: Spec) -> Iterator[Fact]:
    """The stages that the narrative names of the only arm of a study, whose own words have none;
    none where they leave out more than one treatment that stands before them.
    """
    labels = texts.get("arm.label", ())
    if len(labels) != 1:
        return
    known = aliases(treatments(texts))
    own = {one.fact.value for one in texts.get("arm.intervention", ())}
    names = {name: said for name, said in known.items() if name in own}
    for concept in NARRATIVE:
        for prose in texts.get(concept, ()):
            if "maintenance" not in prose.low and "consolidation" not in prose.low:
                continue
            text = prose.fact.value[: last_headed(prose.low)]
            parts = (by_heads(text, names, spec.design.stages), by_maintenance(text, names))
            stages = max(map(joined, parts), key=len)
            given = {name for stage in stages for name in stage.names}
            left = [name for name in names if name not in given]
            before = prose.low[: stages[0].start] if stages else ""
            told = not left or (len(left) == 1 and bool(named(before, {left[0]: names[left[0]]})))
            if len(stages) > 1 and told and all(one.names for one in stages):
                item = labels[0].fact.item
                yield from (replace(f, item=item) for f in _facts(prose.fact, stages[:_MOST]))
                return


def _either(words: Fact, stages: list[Stage]) -> bool:
    """Whether a period of a cross-over gives one treatment or another: words for both sequences."""
    return any(
        len(one.names) > 1 and " or " in words.value[one.start : one.end].lower() for one in stages
    )


def _told(low: str, *, crossed: bool) -> bool:
    """Whether a text has a word that puts treatments in order, or names two phases."""
    for clue in _ORDER:
        if clue in low:
            return True
    if ("mainten" in low or "maintain" in low) and any(one in low for one in _BUILT_UP):
        return True
    if low.startswith(("after ", "following ")) or (
        "maintenance" in low and any(one in low for one in _KEPT_UP)
    ):
        return True
    return any(clue in low for clue in _PERIODS) if crossed else headed(low)


def _phases(stages: list[Stage]) -> int:
    """How many stages are named, not only told by what is given."""
    return sum(stage.kind not in PLAIN for stage in stages)


def _timed(words: Fact, stages: list[Stage]) -> int:
    """How many stages are said to last some time."""
    return sum(bool(stage_length(words.value[one.start : one.end])) for one in stages)


def _facts(prose: Fact, stages: list[Stage]) -> Iterator[Fact]:
    for number, stage in enumerate(stages, 1):
        about = str(number)
        span = stage.start, stage.end
        yield narrowed(prose, *span, "arm.stage", value=stage.kind, about=about)
        for name in stage.names:
            yield narrowed(prose, *span, "arm.stage.treatment", value=name, about=about)
        length = stage_length(prose.value[stage.start : stage.end])
        if length and stage.kind not in ("surgery", "transplant"):
            yield narrowed(prose, *span, "arm.stage.duration", value=length, about=about)


def _stages(prose: Prose, names: Names, spec: Spec, *, crossed: bool) -> list[Stage]:
    schemes, text = spec.design.stages, prose.fact.value
    heads = headed(prose.low) or "maintenance" in prose.low
    told = [joined(by_heads(text, names, schemes))] if heads else [[]]
    if "mainten" in prose.low or "maintain" in prose.low:
        told.append(by_dosing(text))
        told.append(by_maintenance(text, names))
    told.append(joined(by_names(text, names)))
    connectors = [CONNECTOR, THEN] if "then" in prose.low else [CONNECTOR]
    for one in connectors:
        clauses = list(by_connectors(text, names, schemes, one))
        left = set(names) - {name for clause in clauses for name in clause.names}
        told.append(joined(clauses, others=left if len(left) == 1 else None, by="sort"))
    if not max(told, key=len):
        told.append(joined(by_after(text, names, schemes)))
    if crossed:
        told.insert(0, joined(by_markers(text, names, schemes)))
        told.append(joined(by_connectors(text, names, schemes, THEN), others=set(names)))
    return max(told, key=len)
