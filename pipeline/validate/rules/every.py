"""Rules for every dataset: values there must be, terms, lengths, keys, and plain text."""

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.formats import is_duration
from pipeline.spec.model import Domain, Spec, Variable
from pipeline.text import width
from pipeline.validate.lot import SCHEMAS
from pipeline.validate.rows import Column, Rows, alone, filled, joined, matching, when
from pipeline.validate.rows import one_to_one as paired
from pipeline.validate.rule import Rule


def is_required(_: Domain, __: str, variable: Variable, ___: Spec) -> bool:
    """A variable that must have a value in every row."""
    return variable.core == "Req"


def is_coded(_: Domain, __: str, variable: Variable, ___: Spec) -> bool:
    """A variable whose values come from one codelist."""
    return bool(variable.codelist)


def is_text(_: Domain, __: str, variable: Variable, ___: Spec) -> bool:
    """A variable that holds characters."""
    return variable.type in ("text", "durationDatetime")


def is_limited(_: Domain, __: str, variable: Variable, ___: Spec) -> bool:
    """A text whose length the Spec limits."""
    return variable.length > 0


def is_period(_: Domain, __: str, variable: Variable, ___: Spec) -> bool:
    """A variable that holds an ISO 8601 duration."""
    return variable.type == "durationDatetime"


def is_last_key(domain: Domain, column: str, _: Variable, __: Spec) -> bool:
    """The variable that tells the rows of a domain apart last."""
    return column == domain.keys[-1]


def is_named(name: str, _: Domain, column: str, __: Variable, ___: Spec) -> bool:
    """The variable of that name, in whatever domain."""
    return column == name


def _required(rows: Rows, variable: str) -> Column:
    return filled(rows[variable])


def _term(rows: Rows, variable: str) -> Column:
    codelist, values = rows.spec.domains[rows.domain].variables[variable].codelist, rows[variable]
    terms = [reference.name for reference in rows.spec.references.values()]
    if codelist in rows.spec.terminology.codelists:
        terms = list(rows.spec.terminology.codelists[codelist].terms)
        if codelist == "EPOCH":
            values = pc.replace_substring_regex(values, rows.spec.design.period_number, "")
        if codelist == "DICTNAM":
            terms += [reference.name for reference in rows.spec.references.values()]
    elif codelist == "NULLFLAV":
        terms = list(rows.spec.flavors)
    known = pc.is_in(values, value_set=pa.array(terms, pa.string()))
    return when(filled(values), known)


def _length(rows: Rows, variable: str) -> Column:
    known = rows.spec.domains[rows.domain].variables
    limit = known[variable if variable in known else "TSVAL"].length
    column = rows[variable]
    ascii_ = pc.fill_null(pc.string_is_ascii(column), True)
    short = pc.less_equal(pc.binary_length(column), limit)
    if pc.all(ascii_).as_py() is not False:
        return short
    wide = matching(
        pc.if_else(ascii_, pa.scalar(None, pa.string()), column),
        lambda text: width(text, rows.spec) <= limit,
    )
    return pc.if_else(ascii_, short, wide)


def _unique(rows: Rows, _: str) -> Column:
    domain = rows.spec.domains[rows.domain]
    names = filter(None, (*domain.keys, domain.version))  # CG0255: criteria of several versions
    return alone(rows["STUDY"], *(rows[key] for key in names))


def _leading(rows: Rows, variable: str) -> Column:
    return pc.invert(pc.match_substring_regex(rows[variable], r"^\s"))


def _dot(rows: Rows, variable: str) -> Column:
    return pc.not_equal(rows[variable], ".")


def _domain(rows: Rows, variable: str) -> Column:
    return pc.equal(rows[variable], rows.domain)


def _one_study(rows: Rows, variable: str) -> Column:
    ids = [
        table.select(["STUDY", variable])
        for name, table in rows.lot.items()
        if name != SCHEMAS and variable in table.column_names
    ]
    pairs = pa.concat_tables(ids).group_by(["STUDY", variable], use_threads=False).aggregate([])
    single = pairs.column("STUDY").filter(alone(pairs.column("STUDY")))
    return pc.is_in(rows["STUDY"], value_set=single)


def _period(rows: Rows, variable: str) -> Column:
    return matching(rows[variable], is_duration)


def companions(rows: Rows, variable: str) -> Column:
    """Within a study each code has one text and each text one code: ETCD and ELEMENT, …"""
    text = {"ETCD": "ELEMENT", "ARMCD": "ARM", "IETESTCD": "IETEST"}[variable]
    return paired(rows["STUDY"], rows[variable], rows[text])


def named(rows: Rows, variable: str) -> Column:
    """The study and a value, as one text to compare between datasets."""
    return joined(rows["STUDY"], rows[variable])


EVERY = (
    Rule("required-value", "error", "A required variable has a value.", is_required, _required),
    Rule(
        "key-unique", "error", "The key variables tell every row of a study apart.",
        is_last_key, _unique, {"TS": "CG0268", "TA": "CG0247", "TI": "CG0256"},
    ),
    Rule("coded-value", "error", "The value is a term of the codelist.", is_coded, _term),
    Rule(
        "length", "error", "The text fits the variable's length in bytes, also in ASCII.",
        is_limited, _length,
        {"TS.TSPARMCD": "CG0257", "TS.TSPARM": "CG0258", "TA.ARMCD": "CG0153", "TV.ARMCD": "CG0297",
         "TA.ETCD": "CG0246", "TE.ETCD": "CG0246"},
    ),
    Rule("leading-space", "error", "A text does not start with a space.",
         is_text, _leading, {"*": "FB1501"}),
    Rule("dot-alone", "error", "A text is not a single full stop.", is_text, _dot, {"*": "FB1502"}),
    Rule("duration", "error", "A duration is an ISO 8601 duration.", is_period, _period,
         {"TD.TDSTOFF": "CG0376"}),
    Rule("domain-code", "error", "DOMAIN is the code of the dataset.",
         partial(is_named, "DOMAIN"), _domain),
    Rule("one-studyid", "error", "All datasets of a study have one STUDYID.",
         partial(is_named, "STUDYID"), _one_study),
)  # fmt: skip
