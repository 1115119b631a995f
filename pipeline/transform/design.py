"""Trial Arms and Trial Elements: the planned path of each arm, in the record's words where it has
them.
"""

from collections.abc import Iterator

import msgspec

from pipeline.spec.model import Spec
from pipeline.text import shortened, told_apart
from pipeline.transform.codes import codes
from pipeline.transform.elements import Element, arm_elements
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, Row, Table, Task, stated


def arms_and_elements(facts: Facts, spec: Spec) -> tuple[list[Table], list[Task], list[Issue]]:
    """TA and TE of an interventional study; ARMCD at most 20 characters, ETCD at most 8.

    An element that several arms share is one row of TE. What the record does not state is
    assumed by `mappings/sdtm/design.yaml` and says so (SDTMIG 3.4 sections 7.2.1 and 7.2.2).
    """
    if "INTERVENTIONAL" not in {fact.value for fact in facts["design.type"]}:
        return [], [], []
    arms = facts["arm.label"]
    if not arms:
        task = Task(
            "TA", "arms", "required", "The record states no arms, so there is no TA and no TE."
        )
        return [], [task], [Issue("arms.none", "", facts["design.type"][0].source)]
    paths = _told_apart({arm.item: arm_elements(arm.item, facts, spec) for arm in arms}, arms)
    paths = _fitted(paths, spec)
    elements = _element_codes(paths, spec)
    ta = Table("TA", tuple(_ta(arms, paths, elements, facts, spec)))
    te = Table("TE", tuple(sorted((_te(e, elements[e.key]) for e in _distinct(paths)), key=_etcd)))
    return [ta, te], list(_tasks(paths, elements, facts, spec)), list(_issues(facts))


def arm_code(name: str) -> str:
    """The arm's name in capitals, digits and underscores, words without meaning dropped and cut at
    a word to at most 20 characters; equal codes are numbered.
    """
    return name


def branch(name: str) -> str:
    """Participants come to their arm at the end of the element before the arms part; where the
    record does not say when, the end of screening is assumed.
    """
    return name


def _ta(
    arms: tuple[Fact, ...], paths: dict[int, list[Element]], elements: dict[tuple[str, ...], str],
    facts: Facts, spec: Spec,
) -> list[Row]:  # fmt: skip
    names = _distinct_names(arms, spec)
    limit = spec.domains["TA"].variables["ARMCD"].length
    allocation = facts["design.allocation"]
    form = spec.design.branch[allocation[0].value if allocation else ""]
    rows: list[Row] = []
    for arm, name, code in zip(
        arms, names, codes(names, limit, spec.design.drop_words), strict=True
    ):
        for order, element in enumerate(paths[arm.item], 1):
            branches = order == 1 and len(arms) > 1
            text = shortened(form.format(arm=name), 200, spec)
            rows.append(
                {
                    "ARMCD": Cell(code, "derived", (arm,), "arm_code"),
                    "ARM": stated(name, arm),
                    "TAETORD": order,
                    "ETCD": elements[element.key],
                    "ELEMENT": _cell(element.name, element),
                    "TABRANCH": Cell(
                        text, "assumed", (*allocation, arm), "branch", spec.design.branch_why
                    )
                    if branches
                    else None,
                    "TATRANS": None,
                    "EPOCH": _cell(element.epoch, element),
                }
            )
    return sorted(rows, key=lambda row: (row["ARMCD"].value, row["TAETORD"]))  # type: ignore[union-attr]


def _te(element: Element, code: str) -> Row:
    return {
        "ETCD": code,
        "ELEMENT": _cell(element.name, element),
        "TESTRL": _cell(element.testrl, element),
        "TEENRL": _cell(element.teenrl, element),
    }


def _cell(value: str, element: Element) -> Cell:
    return Cell(value, element.how, element.basis, element.rule, element.reason)


def _element_codes(paths: dict[int, list[Element]], spec: Spec) -> dict[tuple[str, ...], str]:
    distinct = _distinct(paths)
    limit = spec.domains["TE"].variables["ETCD"].length
    shorts = codes([element.short for element in distinct], limit, spec.design.drop_words)
    return {element.key: code for element, code in zip(distinct, shorts, strict=True)}


def _distinct(paths: dict[int, list[Element]]) -> list[Element]:
    return list({element.key: element for path in paths.values() for element in path}.values())


def _distinct_names(arms: tuple[Fact, ...], spec: Spec) -> list[str]:
    """The arms' names; equal ones are numbered, because ARM and ARMCD are one to one."""
    names: list[str] = []
    for arm in arms:
        name, number = shortened(arm.value, 190, spec), 1
        while (name if number == 1 else f"{name} ({number})") in names:
            number += 1
        names.append(name if number == 1 else f"{name} ({number})")
    return names


def _told_apart(
    paths: dict[int, list[Element]], arms: tuple[Fact, ...]
) -> dict[int, list[Element]]:
    """Arms that the words give the same elements get elements of their own, named by the arm."""
    labels = {arm.item: arm.value for arm in arms}
    seen: dict[tuple[tuple[str, ...], ...], list[int]] = {}
    for arm, path in paths.items():
        seen.setdefault(tuple(element.key for element in path), []).append(arm)
    same = {arm for group in seen.values() if len(group) > 1 for arm in group}
    return {
        arm: [_named_by(element, labels[arm]) if arm in same else element for element in path]
        for arm, path in paths.items()
    }


def _fitted(paths: dict[int, list[Element]], spec: Spec) -> dict[int, list[Element]]:
    """The elements with texts that fit their variables; two that are cut alike stay apart."""
    distinct = _distinct(paths)
    limits = spec.domains["TE"].variables
    names = told_apart([e.name for e in distinct], limits["ELEMENT"].length, spec)
    made: dict[tuple[str, ...], Element] = {}
    for number, (element, name) in enumerate(zip(distinct, names, strict=True), 1):
        mark = f" [{number}]" if name.endswith(f" [{number}]") else ""
        testrl = shortened(element.testrl, limits["TESTRL"].length - len(mark), spec) + mark
        teenrl = shortened(element.teenrl, limits["TEENRL"].length - len(mark), spec) + mark
        made[element.key] = msgspec.structs.replace(
            element, name=name, testrl=testrl, teenrl=teenrl
        )
    return {arm: [made[element.key] for element in path] for arm, path in paths.items()}


def _named_by(element: Element, label: str) -> Element:
    if element.how == "assumed":
        return element
    return Element(
        f"{element.name} ({label})", element.epoch, f"{element.testrl} ({label})",
        f"{element.teenrl} ({label})", element.how, element.short, element.rule, element.reason,
        element.basis,
    )  # fmt: skip


def _tasks(
    paths: dict[int, list[Element]], etcds: dict[tuple[str, ...], str], facts: Facts, spec: Spec
) -> Iterator[Task]:
    for element in _distinct(paths):
        if element.how == "assumed":
            why = f"{element.reason} Confirm or correct it."
            yield Task("TE", etcds[element.key], "confirm", why, candidates=element.basis)
    if len(paths) > 1:
        why = f"{spec.design.branch_why} Confirm or correct it."
        yield Task("TA", "TABRANCH", "confirm", why, candidates=facts["design.allocation"])


def _issues(facts: Facts) -> Iterator[Issue]:
    for fact in facts["regimen.not_given"]:
        yield Issue("element.not-given", fact.about, fact.source, fact.span, fact.quote)
    later = {(fact.item, fact.about) for fact in facts["regimen.start"]}
    for arm in facts["arm.label"]:
        given = [f.value for f in facts["arm.intervention"] if f.item == arm.item]
        together = [name for name in given if (arm.item, name) not in later]
        if len(together) > 1:
            detail = f"{arm.value}: {', '.join(together)}."
            yield Issue("regimen.unordered", detail, arm.source, arm.span, arm.quote)


def _etcd(row: Row) -> str:
    return str(row["ETCD"])
