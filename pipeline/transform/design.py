"""Trial Arms and Trial Elements: the planned path of each arm, in the record's words where it has
them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

import msgspec

from pipeline.spec.model import Spec
from pipeline.text import shortened
from pipeline.transform.arms.arm import Arm, read_arms
from pipeline.transform.arms.branches import branch_points
from pipeline.transform.arms.crossing import Planned, crossed, is_crossover, narrowed_given
from pipeline.transform.arms.doubts import doubts
from pipeline.transform.arms.element import Element
from pipeline.transform.arms.epochs import numbered_epoch
from pipeline.transform.arms.path import arm_path
from pipeline.transform.codes import codes
from pipeline.transform.elements import cell, distinct, element_codes, fitted, te_row
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, Row, Table, Task, stated


def arms_and_elements(facts: Facts, spec: Spec) -> tuple[list[Table], list[Task], list[Issue]]:
    """TA and TE of an interventional study; ARMCD at most 20 characters, ETCD at most 8.

    An element that several arms share is one row of TE. What the record does not state is
    assumed by `mappings/sdtm/design.yaml` and says so (SDTMIG 3.4 sections 7.2.1 and 7.2.2).
    """
    if "INTERVENTIONAL" not in {fact.value for fact in facts["design.type"]}:
        return [], [], []
    arms = narrowed_given(read_arms(facts, spec), facts)
    if not arms:
        task = Task(
            "TA", "arms", "required", "The record states no arms, so there is no TA and no TE."
        )
        return [], [task], [Issue("arms.none", "", facts["design.type"][0].source)]
    planned, issues = crossed(_planned(arms, facts, spec), facts, spec)
    paths = fitted([arm.path for arm in planned], spec)
    etcds = element_codes(paths, spec)
    ta = Table("TA", tuple(_ta(planned, paths, etcds, facts, spec)))
    rows = sorted((te_row(one, etcds[one.key]) for one in distinct(paths)), key=_etcd)
    tasks = list(_tasks(paths, etcds, facts, spec))
    return [ta, Table("TE", tuple(rows))], tasks, [*issues, *doubts(arms, planned, facts)]


def arm_code(name: str) -> str:
    """The arm's name in capitals, digits and underscores, words without meaning dropped and cut at
    a word to at most 20 characters; equal codes are numbered.
    """
    return name


def branch(name: str) -> str:
    """Participants come to their arm at the end of the element before the arms part; where the
    record does not say when, the end of the last element that they share is assumed.
    """
    return name


def _planned(arms: list[Arm], facts: Facts, spec: Spec) -> list[Planned]:
    tested = _tested(arms, "EXPERIMENTAL", spec) or _tested(arms, "ACTIVE_COMPARATOR", spec)
    every = [arm_path(arm, tested, facts, spec) for arm in arms]
    paths = _told_apart(every, arms, facts, spec)
    names = _distinct_names([arm.label for arm in arms], spec)
    return [
        Planned(_name(name, arm.label), path, (arm.label,))
        for arm, path, name in zip(arms, paths, names, strict=True)
    ]


def _tested(arms: list[Arm], kind: str, spec: Spec) -> tuple[Fact, ...]:
    """What is given in arms of a type, but no placebo; several active arms do not say which."""
    own = [arm for arm in arms if kind in {fact.value for fact in arm.said("arm.type")}]
    if kind != "EXPERIMENTAL" and len(own) > 1:
        return ()
    given = {fact.value: fact for arm in own for fact in arm.given}
    placebo = re.compile(spec.phrases.placebo, re.IGNORECASE)
    return tuple(fact for name, fact in given.items() if not placebo.search(name))


def _name(name: str, label: Fact) -> Cell:
    return stated(name, label)


def _ta(
    planned: list[Planned], paths: list[list[Element]], etcds: dict[tuple[str, ...], str],
    facts: Facts, spec: Spec,
) -> list[Row]:  # fmt: skip
    limit = spec.domains["TA"].variables["ARMCD"].length
    allocation = facts["design.allocation"]
    form = spec.design.branch[allocation[0].value if allocation else ""]
    names = [str(arm.name.value) for arm in planned]
    made = codes(names, limit, spec.design.drop_words)
    periods = numbered_epoch(paths, is_crossover(facts), spec)
    rows: list[Row] = []
    every = zip(planned, paths, made, branch_points(paths), periods, strict=True)
    for arm, path, code, parts, epochs in every:
        name = shortened(str(arm.name.value), 200, spec)
        for order, element in enumerate(path):
            way = form.format(arm=parts[order] or name) if order in parts else ""
            rows.append(
                {
                    "ARMCD": Cell(code, "derived", arm.basis, "arm_code"),
                    "ARM": msgspec.structs.replace(arm.name, value=name),
                    "TAETORD": order + 1,
                    "ETCD": etcds[element.key],
                    "ELEMENT": cell(element.name, element),
                    "TABRANCH": Cell(
                        shortened(way, 200, spec), "assumed", (*allocation, *arm.basis), "branch",
                        spec.design.branch_why,
                    )
                    if way
                    else None,
                    "TATRANS": _transition(order, path, arm, facts, spec),
                    "EPOCH": _epoch(epochs[order], element),
                }
            )  # fmt: skip
    return sorted(rows, key=lambda row: (row["ARMCD"].value, row["TAETORD"]))  # type: ignore[union-attr]


def _epoch(name: str, element: Element) -> Cell:
    told = cell(name, element)
    if name == element.epoch:
        return told
    how = "assumed" if element.how == "assumed" else "derived"
    return msgspec.structs.replace(told, how=how, rule="numbered_epoch")


def _transition(
    order: int, path: list[Element], arm: Planned, facts: Facts, spec: Spec
) -> Cell | None:
    """The arm's words on when a participant leaves the treatment for another, at the last."""
    last = max((n for n, one in enumerate(path) if one.epoch.endswith("TREATMENT")), default=-1)
    words = [f for f in facts["arm.transition"] if f.item in {b.item for b in arm.basis}]
    if order != last or not words:
        return None
    text = shortened(words[0].value, 200, spec)
    return Cell(text, "copied" if text == words[0].quote else "normalised", (words[0],))


def _distinct_names(labels: list[Fact], spec: Spec) -> list[str]:
    """The arms' names; equal ones are numbered, because ARM and ARMCD are one to one."""
    names = [shortened(label.value, 190, spec) for label in labels]
    taken, seen, made = set(names), Counter[str](), []
    for name in names:
        seen[name] += 1
        new = name
        while seen[name] > 1 and new in taken:
            new = f"{name} ({seen[name]})"
            seen[name] += new in taken
        taken.add(new)
        made.append(new)
    return made


def _told_apart(
    paths: list[list[Element]], arms: list[Arm], facts: Facts, spec: Spec
) -> list[list[Element]]:
    """Arms that the words give the same elements get elements of their own, named by the arm;
    unless their labels tell populations apart, which are treated alike. What other arms are given
    too, or prepares for the treatment, stays the same.
    """
    groups: dict[tuple[tuple[str, ...], ...], list[Arm]] = defaultdict(list)
    for arm, path in zip(arms, paths, strict=True):
        groups[tuple(element.key for element in path)].append(arm)
    paths_with = Counter(key for path in groups for key in set(path))
    alone = {key for key, group in groups.items() if len(group) == 1 or _alike(group, facts, spec)}
    made = []
    for arm, own in zip(arms, paths, strict=True):
        keys = tuple(element.key for element in own)
        if keys in alone:
            made.append(own)
            continue
        some = [one for one in own if one.names] or own
        some = [one for one in some if paths_with[one.key] == 1] or some
        named = {one.key for one in some}
        made.append([_named_by(e, arm.label.value) if e.key in named else e for e in own])
    return made


def _alike(arms: list[Arm], facts: Facts, spec: Spec) -> bool:
    """Whether labels tell populations apart and neither labels nor descriptions different doses;
    or tell no doses, where nobody is randomized and the descriptions are the same.
    """
    populations, doses = _words(spec.design.populations), _words(spec.design.doses)
    labels = [arm.label.value.lower() for arm in arms]
    if any(doses.search(label) for label in labels):
        return False
    said = {" ".join(f.value.lower() for f in arm.said("arm.description")) for arm in arms}
    randomized = any(fact.value == "RANDOMIZED" for fact in facts["design.allocation"])
    if len(said) == 1 and "" not in said and not randomized:
        return True
    if not all(populations.search(label) for label in labels):
        return False
    return len({tuple(doses.findall(words)) for words in said}) == 1


@cache
def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _named_by(element: Element, label: str) -> Element:
    if element.how == "assumed" or element.assumed_rules:
        return element
    return msgspec.structs.replace(
        element,
        name=f"{element.name} ({label})",
        testrl=f"{element.testrl} ({label})",
        teenrl=f"{element.teenrl} ({label})",
    )


def _tasks(
    paths: list[list[Element]], etcds: dict[tuple[str, ...], str], facts: Facts, spec: Spec
) -> Iterator[Task]:
    for element in distinct(paths):
        reason = element.reason if element.how == "assumed" else element.assumed_rules
        if reason:
            why = f"{reason} Confirm or correct it."
            yield Task("TE", etcds[element.key], "confirm", why, candidates=element.basis)
    if len(paths) > 1:
        why = f"{spec.design.branch_why} Confirm or correct it."
        yield Task("TA", "TABRANCH", "confirm", why, candidates=facts["design.allocation"])


def _etcd(row: Row) -> str:
    return str(row["ETCD"])
