"""Trial Elements: the elements of all arms, each once, with texts that fit and codes to read."""

import msgspec

from pipeline.spec.model import Spec
from pipeline.text import shortened, told_apart
from pipeline.transform.arms.element import Element
from pipeline.transform.codes import codes
from pipeline.values import Cell, Row


def distinct(paths: list[list[Element]]) -> list[Element]:
    """Each element once, in the order in which arms come to it."""
    return list({element.key: element for path in paths for element in path}.values())


def fitted(paths: list[list[Element]], spec: Spec) -> list[list[Element]]:
    """The paths with texts that fit their variables; two elements that are cut alike stay apart."""
    known = distinct(paths)
    limits = spec.domains["TE"].variables
    names = told_apart([one.name for one in known], limits["ELEMENT"].length, spec)
    made: dict[tuple[str, ...], Element] = {}
    for number, (element, name) in enumerate(zip(known, names, strict=True), 1):
        mark = f" [{number}]" if name.endswith(f" [{number}]") else ""
        testrl = shortened(element.testrl, limits["TESTRL"].length - len(mark), spec) + mark
        teenrl = shortened(element.teenrl, limits["TEENRL"].length - len(mark), spec) + mark
        made[element.key] = msgspec.structs.replace(
            element, name=name, testrl=testrl, teenrl=teenrl
        )
    return [[made[element.key] for element in path] for path in paths]


def element_codes(paths: list[list[Element]], spec: Spec) -> dict[tuple[str, ...], str]:
    """ETCD of each element by its key: at most 8 characters, unique."""
    known = distinct(paths)
    limit = spec.domains["TE"].variables["ETCD"].length
    shorts = codes([element.short for element in known], limit, spec.design.drop_words)
    return {element.key: code for element, code in zip(known, shorts, strict=True)}


def te_row(element: Element, code: str) -> Row:
    """A row of TE; TEDUR only where the words state it."""
    return {
        "ETCD": code,
        "ELEMENT": cell(element.name, element),
        "TESTRL": _rule(element.testrl, element),
        "TEENRL": _rule(element.teenrl, element),
        "TEDUR": Cell(element.duration, "normalised", element.lengths, "stated_length")
        if element.duration
        else None,
    }


def cell(value: str, element: Element) -> Cell:
    """A value of an element with how it was come by."""
    return Cell(value, element.how, element.basis, element.rule, element.reason)


def _rule(value: str, element: Element) -> Cell:
    if not element.assumed_rules:
        return cell(value, element)
    return Cell(value, "assumed", element.basis, "assumed_element", element.assumed_rules)
