"""Rules for codes that are not CDISC's: substances, conditions, classes, countries."""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.validate.rows import Column, Rows, filled, looked_up, matching, when
from pipeline.validate.rule import Holds, Rule

VERSIONED = ("CDISC CT", "SNOMED", "MED-RT", "ISO 3166-1 alpha-3")
"""Terminologies whose codes mean something only with a version; UNII is never reassigned."""

_AGAIN = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip


def is_unii(text: str) -> bool:
    """A Unique Ingredient Identifier: nine letters or digits, and one that is computed from them.

    The last is the sum of the others, 0 to 9 and A to Z as 0 to 35, modulo 36.
    """
    if not re.fullmatch(r"[0-9A-Z]{10}", text):
        return False
    return sum(int(char, 36) for char in text[:9]) % 36 == int(text[9], 36)


def is_concept(text: str) -> bool:
    """An identifier of SNOMED CT: 6 to 18 digits, the last by Verhoeff's scheme."""
    if not re.fullmatch(r"[1-9][0-9]{5,17}", text):
        return False
    rest = 0
    for place, digit in enumerate(reversed(text)):
        rest = _dihedral(rest, _AGAIN[place % 8][int(digit)])
    return rest == 0


def _dihedral(left: int, right: int) -> int:
    """The product in the group of the pentagon's ten symmetries."""
    if left < 5:
        return (left + right) % 5 if right < 5 else 5 + (left + right) % 5
    return 5 + (left - right) % 5 if right < 5 else (left - right) % 5


def is_class(text: str) -> bool:
    """An identifier of MED-RT: N and ten digits."""
    return bool(re.fullmatch(r"N[0-9]{10}", text))


def _of(rows: Rows, parameters: tuple[str, ...]) -> Column:
    asked = pc.is_in(rows["TSPARMCD"], value_set=pa.array(parameters))
    return pc.and_(asked, filled(rows["TSVALCD"]))


def _coded(parameters: tuple[str, ...], test: Callable[[str], bool]) -> Holds:
    def holds(rows: Rows, variable: str) -> Column:
        return when(_of(rows, parameters), matching(rows[variable], test))

    return holds


def _named(parameters: tuple[str, ...], name: str) -> Holds:
    def holds(rows: Rows, variable: str) -> Column:
        return when(_of(rows, parameters), pc.fill_null(pc.equal(rows[variable], name), False))

    return holds


def _versioned(rows: Rows, variable: str) -> Column:
    named = pc.is_in(rows["TSVCDREF"], value_set=pa.array(VERSIONED))
    return when(pc.and_(named, filled(rows["TSVALCD"])), filled(rows[variable]))


def _listed(parameters: tuple[str, ...], name: str) -> Holds:
    """Asked where the Spec has the dictionary, in the version that the row names."""

    def holds(rows: Rows, variable: str) -> Column:
        known = rows.spec.dictionaries.get(name)
        if known is None:
            return pa.chunked_array([pa.nulls(rows.table.num_rows, pa.bool_())])
        asked = pc.and_(_of(rows, parameters), pc.equal(rows["TSVCDREF"], name))
        if known.version:
            asked = pc.and_(asked, pc.equal(rows["TSVCDVER"], known.version))
        codes = pc.unique(rows["TSVALCD"].filter(pc.fill_null(asked, False))).to_pylist()
        term = looked_up(rows["TSVALCD"], {code: known.term(code) for code in codes})
        return when(asked, pc.fill_null(pc.equal(term, rows[variable]), False))

    return holds


CODE, REFERENCE = ("TS.TSVALCD",), ("TS.TSVCDREF",)
SUBSTANCES, CONDITIONS, CLASSES = ("TRT", "COMPTRT", "CURTRT"), ("INDIC", "TDIGRP"), ("PCLAS",)
COUNTRIES = ("FCNTRY", "MNFCNTRY")
DICTIONARIES = (
    *(
        Rule(f"substance-code-{name.lower()}", "error", f"The code of {name} is a UNII.",
             CODE, _coded((name,), is_unii), {"*": published})
        for name, published in zip(SUBSTANCES, ("CG0451", "CG0446", "CG0443"), strict=True)
    ),
    Rule("condition-code", "error",
         "The code of INDIC and TDIGRP is a concept identifier of SNOMED CT.",
         CODE, _coded(CONDITIONS, is_concept), {"*": "CG0449"}),
    Rule("class-code", "error", "The code of PCLAS is one of MED-RT.",
         CODE, _coded(CLASSES, is_class), {"*": "CG0454"}),
    Rule("substance-term", "error", "A coded substance is written by its preferred name in UNII.",
         ("TS.TSVAL",), _listed(SUBSTANCES, "UNII"),
         {"CURTRT": "CG0442", "COMPTRT": "CG0445", "TRT": "CG0450"}),
    Rule("condition-term", "error", "A coded condition is written by its preferred term in SNOMED.",
         ("TS.TSVAL",), _listed(CONDITIONS, "SNOMED"), {"*": "CG0448"}),
    Rule("class-term", "error", "A coded class is written by its preferred name in MED-RT.",
         ("TS.TSVAL",), _listed(CLASSES, "MED-RT"), {"*": "CG0453"}),
    Rule("substance-reference", "error", "A coded substance is one of UNII.",
         REFERENCE, _named(SUBSTANCES, "UNII"), {"*": "CG0444"}),
    Rule("condition-reference", "error", "A coded condition is one of SNOMED.",
         REFERENCE, _named(CONDITIONS, "SNOMED"), {"*": "CG0458"}),
    Rule("class-reference", "error",
         "A coded pharmacologic class is one of MED-RT, which NDF-RT became.",
         REFERENCE, _named(CLASSES, "MED-RT"), {"*": "CG0455"}),
    Rule("country-reference", "error", "A coded country is one of ISO 3166-1 alpha-3.",
         REFERENCE, _named(COUNTRIES, "ISO 3166-1 alpha-3"), {"*": "CG0456"}),
    Rule("reference-versioned", "warning", "A code of a versioned terminology says the version.",
         ("TS.TSVCDVER",), _versioned, {"*": "CG0267"}),
)  # fmt: skip
