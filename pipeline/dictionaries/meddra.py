"""MedDRA: preferred and lowest level terms, from `pt.asc`, `llt.asc` and `meddra_release.asc`.

Fields end in `$`: of a preferred term its code and name; of a lowest level term its code, its name
and its preferred term's code, and in the tenth field whether it is current.
"""

import re
from collections.abc import Sequence

from pipeline.dictionaries.parts import Part, encoding_of, rows
from pipeline.issues import BadRequest
from pipeline.spec.dictionary import Dictionary, Entry, dictionary

NAME = "MedDRA"
FILES = re.compile(r"(?:pt|llt|meddra_release)\.asc", re.IGNORECASE)


def read(parts: Sequence[Part]) -> Dictionary:
    """The preferred terms, with their current lowest level terms as synonyms."""
    files = {part.name.lower(): part for part in parts}
    missing = [name for name in ("pt.asc", "llt.asc", "meddra_release.asc") if name not in files]
    if missing or len(files) != len(parts):
        raise BadRequest(
            f"{parts[0].place}: MedDRA is one each of pt.asc, llt.asc and meddra_release.asc"
            f"{'; missing: ' + ', '.join(missing) if missing else ''}."
        )
    terms = {cells[0]: cells[1] for cells in _cells(files["pt.asc"], 2)}
    lower: dict[str, list[str]] = {}
    for cells in _cells(files["llt.asc"], 10):
        if cells[9] == "Y":
            lower.setdefault(cells[2], []).append(cells[1])
    release = next(iter(_cells(files["meddra_release.asc"], 1)), [""])
    entries = (Entry(code, term, tuple(lower.get(code, ()))) for code, term in terms.items())
    return dictionary(NAME, release[0], entries)


def _cells(part: Part, least: int) -> list[list[str]]:
    found = list(rows(part, "$", encoding_of(part)))
    for number, cells in enumerate(found, 1):
        if len(cells) < least or not cells[0].strip():
            raise BadRequest(f"{part.place}, line {number}: this is no line of MedDRA.")
    return found
