"""Rules for what arms, elements and visits say of one another's paths (TA, TE, TV, TD)."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.validate.rows import Column, Rows, among, counted, filled, joined, matching, when
from pipeline.validate.rule import Rule
from pipeline.validate.rules.every import named

AN_ARM = r"(?i)\b(arms?|groups?|cohorts?)\s+([A-Z]|\d{1,2}|[IVX]{1,4})\b"
"""Words that single out an arm, whatever it is called: arm A, group 2, cohort IV."""
ADSL_DATE = re.compile(r"[A-Z][A-Z0-9]{0,5}DT")
"""The name of a date in ADSL: at most eight characters, the last two DT (ADaMIG 3.1.5)."""


def _arm(rows: Rows) -> Column:
    return joined(rows["STUDY"], rows["ARMCD"])


def _not_last(rows: Rows, variable: str) -> Column:
    """Asked where an element may be left for another than the next: there is a next one."""
    there = joined(_arm(rows), rows["TAETORD"])
    following = joined(_arm(rows), pc.add(rows["TAETORD"], 1))
    return when(filled(rows[variable]), among(following, there))


def _one_run(rows: Rows, variable: str) -> Column:
    """Along an arm a value comes in one run: what comes back later is another period."""
    arms = _arm(rows).to_pylist()
    order, values = rows["TAETORD"].to_pylist(), rows[variable].to_pylist()
    places = sorted(range(len(arms)), key=lambda at: (arms[at], order[at] is None, order[at] or 0))
    holds, before = [True] * len(arms), ("", None)
    begun: set[tuple[str, object]] = set()
    for at in places:
        here = (arms[at], values[at])
        holds[at] = here == before or here not in begun
        begun.add(here)
        before = here
    return when(filled(rows[variable]), pa.chunked_array([pa.array(holds, pa.bool_())]))


def _shared(rows: Rows, over: str) -> Column:
    """Where the element of a row stands in several arms, or several epochs, of TA."""
    design = rows.of("TA")
    counts = counted(named(design, "ETCD"), design[over])
    many = [element for element, count in counts.items() if count > 1]
    return pc.is_in(named(rows, "ETCD"), value_set=pa.array(many, pa.string()))


def _of_no_arm(rows: Rows, variable: str) -> Column:
    named_ = pc.match_substring_regex(rows[variable], AN_ARM)
    return when(pc.and_(_shared(rows, "ARMCD"), filled(rows[variable])), pc.invert(named_))


def _of_no_epoch(rows: Rows, variable: str) -> Column:
    terms = rows.spec.terminology.codelists["EPOCH"].terms
    word = re.compile(rf"\b({'|'.join(map(re.escape, terms))})\b", re.IGNORECASE)
    asked = _shared(rows, "EPOCH")
    return when(asked, matching(rows[variable], lambda text: not word.search(text)))


def _dependent(rows: Rows, variable: str) -> Column:
    """Asked of visits with an arm: some visit of the study is not the same for every arm."""
    design = rows.of("TA")
    arms = counted(design["STUDY"], design["ARMCD"])
    what = [rows[name] for name in ("VISITNUM", "VISIT", "VISITDY", "TVSTRL", "TVENRL")]
    some = filled(rows["ARMCD"])
    visits = joined(rows["STUDY"], *what).filter(some)
    differ = {
        visit.partition("\x1f")[0]
        for visit, count in counted(visits, rows["ARMCD"].filter(some)).items()
        if count < arms.get(visit.partition("\x1f")[0], 0)
    }
    known = pc.is_in(rows["STUDY"], value_set=pa.array(list(arms), pa.string()))
    differs = pc.is_in(rows["STUDY"], value_set=pa.array(sorted(differ), pa.string()))
    return when(pc.and_(filled(rows[variable]), known), differs)


def _anchor(rows: Rows, variable: str) -> Column:
    return matching(rows[variable], lambda text: bool(ADSL_DATE.fullmatch(text)))


PATHS = (
    Rule("transition-last", "error", "The last element of an arm cannot be left for another.",
         ("TA.TATRANS",), _not_last, {"*": "CG0249"}),
    Rule("epoch-once", "error", "Along an arm an EPOCH comes once; a later period has its own.",
         ("TA.EPOCH",), _one_run, {"*": "CG0250"}),
    Rule("element-of-no-arm", "warning", "An element of several arms is not named after one.",
         ("TE.ELEMENT",), _of_no_arm, {"*": "CG0322"}),
    Rule("element-of-no-epoch", "warning", "An element of several epochs is not named after one.",
         ("TE.ELEMENT",), _of_no_epoch, {"*": "CG0323"}),
    Rule("end-of-no-arm", "warning", "The end of an element of several arms does not name an arm.",
         ("TE.TEENRL",), _of_no_arm, {"*": "CG0324"}),
    Rule("visit-arm-needless", "error", "Visits that are the same for every arm name no arm.",
         ("TV.ARMCD", "TV.ARM"), _dependent, {"TV.ARMCD": "CG0295", "TV.ARM": "CG0296"}),
    Rule("anchor-date", "warning", "The anchor of assessments is a date of ADSL.",
         ("TD.TDANCVAR",), _anchor, {"*": "CG0375"}),
)  # fmt: skip
