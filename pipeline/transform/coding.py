"""Texts coded by the dictionaries that a user has, and what is left to code."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from pipeline.spec.dictionary import Entry
from pipeline.spec.model import Parameter, Spec
from pipeline.values import Cell, Fact

MOST = 8


def coded(cells: Iterable[Cell], parameter: Parameter, spec: Spec) -> list[Cell]:
    """The cells, those whose text names one entry of the parameter's dictionary in its words.

    TSVAL is then the preferred term (CG0445, CG0448, CG0450), with the record's words as its
    basis. Texts that name the same entry become one cell, unless each has a group of its own.
    """
    known = spec.dictionaries.get(parameter.dictionary)
    found: dict[tuple[str, str, int], Cell] = {}
    for number, cell in enumerate(cells):
        entries = known.named(str(cell.value)) if known and _open(cell) else ()
        if known is None or len(entries) != 1:
            found["", "", number] = cell
            continue
        (entry,) = entries
        how = "normalised" if cell.how == "copied" and entry.term != cell.value else cell.how
        made = replace(cell, value=entry.term, how=how, code=entry.code, system=known.name)
        key = (entry.code, cell.group, 0)
        if key in found:
            made = replace(found[key], basis=(*found[key].basis, *cell.basis))
        found[key] = made
    return list(found.values())


class Uncoded(msgspec.Struct, frozen=True):
    """Why values have no code, the entries that they could be, and the words."""

    why: str
    allowed: str
    words: tuple[Fact, ...]


def uncoded(cells: Iterable[Cell], parameter: Parameter, spec: Spec) -> Uncoded | None:
    """What a person must code of the values of a parameter that a dictionary codes, if anything."""
    left = [cell for cell in cells if parameter.dictionary and _open(cell)]
    if not left:
        return None
    reference = spec.references[parameter.dictionary].name
    known = spec.dictionaries.get(parameter.dictionary)
    words = tuple(fact for cell in left for fact in cell.basis[:1])[:MOST]
    if known is None:
        return Uncoded(needed(parameter, spec), reference, words)
    missing = [str(cell.value) for cell in left if not known.named(str(cell.value))]
    several = [entry for cell in left for entry in known.named(str(cell.value))]
    return Uncoded(
        " ".join(_said(missing, several, f"{reference} {known.version}")),
        _offered(several, reference),
        words,
    )


def needed(parameter: Parameter, spec: Spec) -> str:
    """That the dictionary of a parameter is not there, if it has one."""
    if not parameter.dictionary or parameter.dictionary in spec.dictionaries:
        return ""
    return f"Dictionary needed: {spec.references[parameter.dictionary].name}."


def _said(missing: Sequence[str], several: Sequence[Entry], release: str) -> Iterator[str]:
    if missing:
        yield f"{release} has no name that is exactly: {'; '.join(missing)}."
    if several:
        yield f"{release} has more than one entry of that name."


def _offered(entries: Iterable[Entry], reference: str) -> str:
    offered = dict.fromkeys(f"{entry.code} {entry.term}" for entry in entries)
    return f"{reference}: {' | '.join(offered)}" if offered else reference


def _open(cell: Cell) -> bool:
    return cell.value is not None and not cell.system and cell.how != "curated"
