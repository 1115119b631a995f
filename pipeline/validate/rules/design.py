"""Rules for arms, elements, visits and criteria: TA, TE, TV and TI, and what ties them."""

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.validate.rows import (
    Column,
    Rows,
    alone,
    among,
    filled,
    joined,
    numbered,
    one_to_one,
    when,
)
from pipeline.validate.rule import Rule
from pipeline.validate.rules.every import companions, named

NO_ARM_CODE = ("SCRNFAIL", "NOTASSGN", "UNPLAN", "NOTTRT")
NO_ARM = ("SCREEN FAILURE", "NOT ASSIGNED", "UNPLANNED TREATMENT", "NOT TREATED")


def _order(rows: Rows, variable: str) -> Column:
    return numbered(joined(rows["STUDY"], rows["ARMCD"]), rows[variable])


def _planned(rows: Rows, variable: str) -> Column:
    words = pc.is_in(pc.utf8_upper(rows[variable]), value_set=pa.array(NO_ARM))
    return when(filled(rows[variable]), pc.invert(words))


def _planned_code(rows: Rows, variable: str) -> Column:
    codes = pc.is_in(pc.utf8_upper(rows[variable]), value_set=pa.array(NO_ARM_CODE))
    return when(filled(rows[variable]), pc.invert(codes))


def _in_other(rows: Rows, variable: str) -> Column:
    other = rows.of("TA" if rows.domain in ("TE", "TV") else "TE")
    return when(filled(rows[variable]), among(named(rows, variable), named(other, variable)))


def _same_element(rows: Rows, variable: str) -> Column:
    elements = rows.of("TE")
    asked = pc.and_(filled(rows[variable]), among(named(rows, "ETCD"), named(elements, "ETCD")))
    pairs = (joined(each["STUDY"], each["ETCD"], each[variable]) for each in (rows, elements))
    return when(asked, among(*pairs))


def _ends(rows: Rows, variable: str) -> Column:
    return pc.or_(filled(rows[variable]), filled(rows["TEDUR"]))


def _distinct(rows: Rows, _: str) -> Column:
    return alone(rows["STUDY"], rows["TESTRL"], rows["TEENRL"], rows["TEDUR"])


def _branches(rows: Rows, variable: str) -> Column:
    """Asked of the first element of an arm that shares it with another arm."""
    first = pc.equal(rows["TAETORD"], 1)
    begun = joined(rows["STUDY"], rows["ETCD"])
    shared = pc.and_(first, pc.invert(alone(pc.if_else(first, begun, pa.scalar("")))))
    arms = joined(rows["STUDY"], rows["ARMCD"])
    return when(shared, among(arms, arms.filter(filled(rows[variable]))))


def _versions(rows: Rows, variable: str) -> Column:
    some = among(rows["STUDY"], rows["STUDY"].filter(filled(rows[variable])))
    return when(some, filled(rows[variable]))


def _visits(rows: Rows, variable: str) -> Column:
    return one_to_one(rows["STUDY"], rows["VISITNUM"], rows[variable])


DESIGN = (
    Rule("element-code", "error", "In a study one ETCD has one ELEMENT, and the reverse.",
         ("TA.ETCD", "TE.ETCD"), companions, {"*": "CG0154"}),
    Rule("element-known", "error", "Every element of an arm is described in TE.",
         ("TA.ETCD",), _in_other, {"*": "CG0414"}),
    Rule("element-used", "warning", "Every element of TE occurs in an arm.",
         ("TE.ETCD",), _in_other),
    Rule("element-same", "error", "ELEMENT in TA is the ELEMENT that TE has for the ETCD.",
         ("TA.ELEMENT",), _same_element),
    Rule("element-end", "error", "An element has a rule for its end, a duration, or both.",
         ("TE.TEENRL",), _ends, {"*": "CG0328"}),
    Rule("element-distinct", "error", "No two elements have the same start, end and duration.",
         ("TE.TESTRL",), _distinct, {"*": "CG0325"}),
    Rule("element-order", "error", "The elements of an arm are numbered 1, 2, 3, … in TAETORD.",
         ("TA.TAETORD",), _order),
    Rule("arm-code", "error", "In a study one ARMCD has one ARM, and the reverse.",
         ("TA.ARMCD", "TV.ARMCD"), companions, {"*": "FB0902"}),
    Rule("arm-planned", "error", "ARM names a planned arm, not what became of a subject.",
         ("TA.ARM", "TV.ARM"), _planned, {"*": "CG0570"}),
    Rule("arm-planned-code", "error", "ARMCD is the code of a planned arm.",
         ("TA.ARMCD", "TV.ARMCD"), _planned_code, {"*": "CG0415"}),
    Rule("arm-branch", "warning",
         "Arms that begin alike say in TABRANCH how participants come to them.",
         ("TA.TABRANCH",), _branches, {"*": "CG0251"}),
    Rule("visit-number", "error", "In a study one VISITNUM has one VISIT, and the reverse.",
         ("TV.VISIT",), _visits, {"*": "CG0035"}),
    Rule("visit-arm", "error", "The arm of a visit is an arm of TA.",
         ("TV.ARMCD", "TV.ARM"), _in_other, {"TV.ARMCD": "CG0293", "TV.ARM": "CG0294"}),
    Rule("criterion-code", "error", "In a study one IETESTCD has one IETEST, and the reverse.",
         ("TI.IETESTCD",), companions, {"*": "FB0918"}),
    Rule("criterion-version", "error",
         "Where criteria have versions, TIVERS is filled in every row of the study.",
         ("TI.TIVERS",), _versions, {"*": "CG0253"}),
)  # fmt: skip
