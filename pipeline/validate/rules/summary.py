"""Rules for Trial Summary (TS): each answer against what the Spec says of its parameter."""

from collections.abc import Callable
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.formats import FORMATS, is_country, is_date
from pipeline.spec.model import Parameter, Spec
from pipeline.validate.rows import (
    Column,
    Rows,
    counted,
    filled,
    joined,
    looked_up,
    matching,
    one_to_one,
    when,
)
from pipeline.validate.rule import Rule, is_known

START = "SSTDTC"


def said(rows: Rows, what: Callable[[Parameter], str]) -> Column:
    """What the Spec says of each row's parameter, null where it says nothing."""
    return looked_up(
        rows["TSPARMCD"], {k: what(p) or None for k, p in rows.spec.parameters.items()}
    )


def _codelist(rows: Rows) -> Column:
    return said(rows, lambda parameter: parameter.codelist)


def _terms(spec: Spec, *, extensible: bool | None = None) -> pa.Array:
    lists = spec.terminology.codelists.items()
    wanted = (item for item in lists if extensible is None or item[1].extensible is extensible)
    return pa.array(
        [f"{name}\x1f{term}" for name, one in wanted for term in one.terms], pa.string()
    )


def _is_term(rows: Rows) -> Column:
    return pc.is_in(joined(_codelist(rows), rows["TSVAL"]), value_set=_terms(rows.spec))


def _answers(rows: Rows, extensible: str) -> Column:
    codelists = rows.spec.terminology.codelists
    closed = [name for name, one in codelists.items() if str(one.extensible) == extensible]
    asked = pc.is_in(_codelist(rows), value_set=pa.array(closed, pa.string()))
    return when(pc.and_(asked, filled(rows["TSVAL"])), _is_term(rows))


def _term(rows: Rows, _: str) -> Column:
    return _answers(rows, "False")


def _extended(rows: Rows, _: str) -> Column:
    return _answers(rows, "True")


def _code(rows: Rows, variable: str) -> Column:
    codes = {
        f"{name}\x1f{term}": code
        for name, one in rows.spec.terminology.codelists.items()
        for term, code in one.terms.items()
    }
    code = looked_up(joined(_codelist(rows), rows["TSVAL"]), codes)
    return when(pc.is_valid(code), pc.fill_null(pc.equal(rows[variable], code), False))


def _code_alone(rows: Rows, variable: str) -> Column:
    return when(filled(rows[variable]), filled(rows["TSVAL"]))


def _reference(rows: Rows, variable: str) -> Column:
    asked = pc.and_(pc.is_valid(_codelist(rows)), filled(rows["TSVALCD"]))
    return when(asked, pc.fill_null(pc.equal(rows[variable], "CDISC CT"), False))


def _version(rows: Rows, variable: str) -> Column:
    published = pc.equal(rows[variable], rows.spec.terminology.version)
    asked = pc.equal(rows["TSVCDREF"], "CDISC CT")
    return when(asked, pc.fill_null(published, False))


def _version_of(rows: Rows, variable: str) -> Column:
    return when(filled(rows["TSVCDVER"]), filled(rows[variable]))


def _value_or_flavor(rows: Rows, variable: str) -> Column:
    return pc.or_(filled(rows["TSVAL"]), filled(rows[variable]))


def _value_without_flavor(rows: Rows, variable: str) -> Column:
    return when(filled(rows["TSVAL"]), pc.invert(filled(rows[variable])))


def _flavor_word(rows: Rows, variable: str) -> Column:
    flavors = rows.spec.flavors
    words = pa.array([*flavors, *flavors.values()], pa.string())
    word = pc.is_in(pc.utf8_upper(rows[variable]), value_set=words)
    return when(filled(rows[variable]), pc.or_(pc.invert(word), _is_term(rows)))


def _format(rows: Rows, variable: str) -> Column:
    wanted = said(rows, lambda parameter: parameter.format)
    holds = pa.chunked_array([pa.nulls(rows.table.num_rows, pa.bool_())])
    for name, test in FORMATS.items():
        asked = pc.and_(pc.equal(wanted, name), pc.not_equal(rows["TSPARMCD"], START))
        asked = pc.fill_null(asked, False)
        holds = pc.if_else(asked, matching(_where(asked, rows[variable]), test), holds)
    return holds


def _country(rows: Rows, variable: str) -> Column:
    asked = pc.equal(said(rows, lambda parameter: parameter.external), "ISO 3166-1 alpha-3")
    code = pc.if_else(filled(rows["TSVALCD"]), rows["TSVALCD"], rows[variable])
    return matching(_where(asked, code), is_country)


def _where(asked: Column, texts: Column) -> Column:
    """The texts of the rows that are asked, null elsewhere: what is slow is done with few."""
    return pc.if_else(pc.fill_null(asked, False), texts, pa.scalar(None, pa.string()))


def _start_format(rows: Rows, variable: str) -> Column:
    asked = pc.equal(rows["TSPARMCD"], START)
    return when(asked, matching(_where(asked, rows[variable]), is_date))


def _start_stated(rows: Rows, variable: str) -> Column:
    return when(pc.equal(rows["TSPARMCD"], START), filled(rows[variable]))


def _name(rows: Rows, variable: str) -> Column:
    name = looked_up(rows["TSPARMCD"], dict(rows.spec.terminology.parameter_names()))
    return when(pc.is_valid(name), pc.fill_null(pc.equal(rows[variable], name), False))


def _one_code(rows: Rows, variable: str) -> Column:
    within = joined(rows["STUDY"], rows["TSVCDREF"], _codelist(rows))
    return one_to_one(within, rows["TSVAL"], rows[variable])


def _contiguous(rows: Rows, variable: str) -> Column:
    parts = {variable: 0}
    for name in rows.table.column_names:
        if is_known(rows.spec.domains["TS"], name) and name.startswith(variable):
            number = name.removeprefix(variable)
            parts |= {name: int(number)} if number.isdigit() else {}
    there = [filled(rows[name]) for name in sorted(parts, key=parts.__getitem__)]
    holds = pa.chunked_array([pa.array([True] * rows.table.num_rows, pa.bool_())])
    for before, after in pairwise(there):
        holds = pc.and_(holds, pc.or_(before, pc.invert(after)))
    return holds


def _arms(rows: Rows, variable: str) -> Column:
    arms = rows.of("TA")
    counts = counted(arms["STUDY"], arms["ARMCD"])
    stated = looked_up(rows["STUDY"], {study: str(count) for study, count in counts.items()})
    asked = pc.and_(pc.equal(rows["TSPARMCD"], "NARMS"), pc.is_valid(stated))
    return when(pc.and_(asked, filled(rows[variable])), pc.equal(rows[variable], stated))


def _stated(rows: Rows, parameter: str) -> Column:
    """For each row the first answer that its study gives to another parameter."""
    chosen = rows.table.filter(pc.equal(rows["TSPARMCD"], parameter))
    pairs = zip(chosen["STUDY"].to_pylist(), chosen["TSVAL"].to_pylist(), strict=True)
    found: dict[str, str] = {}
    for study, value in pairs:
        found.setdefault(study, value)
    return looked_up(rows["STUDY"], found)


def _ends_later(rows: Rows, variable: str) -> Column:
    start, end = _stated(rows, START), rows[variable]
    asked = pc.and_(pc.equal(rows["TSPARMCD"], "SENDTC"), pc.and_(filled(start), filled(end)))
    start, end = _where(asked, start), _where(asked, end)
    length = pc.min_element_wise(pc.utf8_length(start), pc.utf8_length(end))
    dates = pa.chunked_array([pa.array([
        not one or not two or not (is_date(one) and is_date(two)) or two[:n] >= one[:n]
        for one, two, n in zip(start.to_pylist(), end.to_pylist(), length.to_pylist(), strict=True)
    ], pa.bool_())])  # fmt: skip
    return when(asked, dates)


def _healthy(rows: Rows, variable: str) -> Column:
    asked = pc.and_(pc.equal(rows["TSPARMCD"], "INDIC"), pc.equal(_stated(rows, "HLTSUBJI"), "Y"))
    return when(asked, pc.fill_null(pc.equal(rows[variable], "NA"), False))


def _group(rows: Rows, variable: str) -> Column:
    asked = pc.and_(pc.equal(rows["TSPARMCD"], "TDIGRP"), filled(rows[variable]))
    asked = pc.and_(asked, pc.equal(_stated(rows, "HLTSUBJI"), "Y"))
    return when(asked, pc.equal(rows[variable], "HEALTHY SUBJECTS"))


VALUE, CODE, FLAVOR = ("TS.TSVAL",), ("TS.TSVALCD",), ("TS.TSVALNF",)
SUMMARY = (
    Rule("parameter-name", "error", "TSPARM is the name of the parameter that TSPARMCD codes.",
         ("TS.TSPARM",), _name, {"*": "CG0307"}),
    Rule("value-or-flavor", "error", "Without TSVAL, TSVALNF says why.",
         FLAVOR, _value_or_flavor, {"*": "CG0259"}),
    Rule("value-without-flavor", "error", "With TSVAL, TSVALNF is empty.",
         FLAVOR, _value_without_flavor, {"*": "CG0260"}),
    Rule("flavor-word", "error", "TSVAL does not hold words for a missing value; TSVALNF says it.",
         VALUE, _flavor_word, {"*": "CG0291"}),
    Rule("answer-term", "error", "The answer is a term of the parameter's closed codelist.",
         VALUE, _term, {"ADDON": "CG0269", "RANDOM": "CG0271", "ADAPT": "CG0282"}),
    Rule("answer-extended", "warning",
         "The answer is a term of the parameter's open codelist, or extends it.",
         VALUE, _extended),
    Rule("answer-format", "error", "The answer has the format of its parameter.",
         VALUE, _format,
         {"AGEMAX": "CG0270", "AGEMIN": "CG0438", "LENGTH": "CG0439", "RANDQT": "CG0280",
          "DCUTDTC": "CG0283", "SENDTC": "CG0286", "NARMS": "CG0284", "PLANSUB": "CG0440",
          "ACTSUB": "CG0457"}),
    Rule("answer-country", "error", "The country is coded by ISO 3166-1 alpha-3.", VALUE, _country),
    Rule("answer-code", "error", "TSVALCD is the NCI code of the term in TSVAL.", CODE, _code,
         {"*": "CG0288"}),
    Rule("code-alone", "error", "A code stands beside a value.", CODE, _code_alone),
    Rule("one-code", "warning", "In one codelist a TSVAL has one TSVALCD, and the reverse.",
         CODE, _one_code, {"*": "CG0265"}),
    Rule("reference-name", "error", "The code of a term of CDISC's names CDISC CT in TSVCDREF.",
         ("TS.TSVCDREF",), _reference),
    Rule("reference-of-version", "error", "With TSVCDVER, TSVCDREF says whose version it is.",
         ("TS.TSVCDREF",), _version_of, {"*": "CG0266"}),
    Rule("reference-version", "error", "CDISC terms name the version they were taken from.",
         ("TS.TSVCDVER",), _version, {"*": "CG0289"}),
    Rule("value-parts", "error", "A long value runs on in TSVAL1, TSVAL2, … without a gap.",
         VALUE, _contiguous, {"*": "CG0262"}),
    Rule("start-date-format", "error", "SSTDTC is an ISO 8601 date.",
         VALUE, _start_format, {"*": "TRC1734"}),
    Rule("start-date", "warning", "SSTDTC has a date: a submission without it is rejected.",
         VALUE, _start_stated, {"*": "TRC1734"}),
    Rule("end-after-start", "warning", "The study does not end before it starts (SENDTC, SSTDTC).",
         VALUE, _ends_later),
    Rule("healthy-indication", "note", "Where healthy subjects take part, INDIC is not applicable.",
         FLAVOR, _healthy, {"*": "FB1110"}),
    Rule("healthy-group", "error",
         "Where healthy subjects take part, TDIGRP is empty or HEALTHY SUBJECTS.",
         VALUE, _group, {"*": "CG0272"}),
    Rule("arm-count", "warning", "NARMS is the number of arms in TA.", VALUE, _arms),
)  # fmt: skip
