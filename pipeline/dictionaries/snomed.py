"""SNOMED CT: conditions, from the RF2 snapshot files of a release, or from its zip.

Concept, Description (English) and, when it is there, the Language reference set; columns by the
RF2 specification. A description is the fully specified name, which ends in its semantic tag, or a
synonym; the reference set says which synonym is preferred.
"""

import re
from collections.abc import Sequence

from pipeline.dictionaries.parts import Part, table
from pipeline.issues import BadRequest
from pipeline.spec.dictionary import Dictionary, Entry, dictionary

NAME = "SNOMED"
FILES = re.compile(
    r"x?(?:sct2_Concept_Snapshot|sct2_Description_Snapshot-en|der2_cRefset_LanguageSnapshot-en)"
    r"_(\w+)_(\d{8})\.txt"
)
KINDS = frozenset({"disorder", "finding"})
"""The semantic tags of what INDIC and TDIGRP can be."""
_FULL, _SYNONYM = "900000000000003001", "900000000000013009"
_PREFERRED, _US_ENGLISH = "900000000000548007", "900000000000509007"
_TAGGED = re.compile(r"(.+) \(([^()]+)\)")


def read(parts: Sequence[Part]) -> Dictionary:
    """The active disorders and findings by their active English descriptions.

    The term is the synonym preferred in US English, else the fully specified name without its tag.
    """
    concepts = _one(parts, "Concept")
    descriptions = _one(parts, "Description")
    live = {code for code, active in table(concepts, "id", "active") if active == "1"}
    names: dict[str, str] = {}
    for active, code, kind, text in table(descriptions, "active", "conceptId", "typeId", "term"):
        tagged = _TAGGED.fullmatch(text) if kind == _FULL and active == "1" else None
        if tagged and tagged[2] in KINDS and code in live:
            names[code] = tagged[1]
    preferred = _preferred(parts)
    chosen: dict[str, str] = {}
    synonyms: dict[str, list[str]] = {code: [name] for code, name in names.items()}
    columns = ("id", "active", "conceptId", "typeId", "term")
    for number, active, code, kind, text in table(descriptions, *columns):
        if active == "1" and kind == _SYNONYM and code in names:
            synonyms[code].append(text)
            if number in preferred:
                chosen[code] = text
    entries = (
        Entry(code, chosen.get(code, name), tuple(synonyms[code])) for code, name in names.items()
    )
    return dictionary(NAME, _version(parts), entries)


def _preferred(parts: Sequence[Part]) -> set[str]:
    """The descriptions that US English prefers; none without the reference set."""
    columns = ("active", "refsetId", "referencedComponentId", "acceptabilityId")
    return {
        description
        for part in parts
        if part.name.lstrip("x").startswith("der2_")
        for active, refset, description, acceptability in table(part, *columns)
        if active == "1" and refset == _US_ENGLISH and acceptability == _PREFERRED
    }


def _one(parts: Sequence[Part], what: str) -> Part:
    found = [part for part in parts if f"sct2_{what}_" in part.name]
    if len(found) != 1:
        raise BadRequest(
            f"{parts[0].place}: SNOMED CT has one sct2_{what}_Snapshot file, here are {len(found)}."
        )
    return found[0]


def _version(parts: Sequence[Part]) -> str:
    """The date in the names of the files, in the form of ISO 8601."""
    matches = [match for part in parts if (match := FILES.fullmatch(part.name))]
    if len({match.groups() for match in matches}) != 1:
        raise BadRequest(f"{parts[0].place}: the files are of several editions or dates.")
    date = matches[0][2]
    return f"{date[:4]}-{date[4:6]}-{date[6:]}"
