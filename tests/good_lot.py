"""A lot without a flaw, for tests that spoil it."""

import pyarrow as pa

from pipeline import spec as specs
from pipeline.spec.model import Spec
from pipeline.tabulate import tables
from pipeline.validate.lot import Lot, lot
from pipeline.values import Cell, Row, Scalar, Study, Table

SPEC = specs.load()
ANSWERS = {
    "SSTDTC": "2024-05", "SENDTC": "2025-05-31", "DCUTDTC": "2025-06-01", "AGEMIN": "P18Y",
    "LENGTH": "P6M", "PLANSUB": "120", "ACTSUB": "118", "NARMS": "2", "RANDQT": "0.5",
    "STYPE": "INTERVENTIONAL", "ADDON": "N", "HLTSUBJI": "N", "SEXPOP": "BOTH", "RANDOM": "Y",
    "INTTYPE": "DRUG", "INTMODEL": "PARALLEL", "TPHASE": "PHASE II TRIAL", "TTYPE": "EFFICACY",
    "TBLIND": "DOUBLE BLIND", "TCNTRL": "PLACEBO", "ADAPT": "N",
    "TITLE": "A Trial of Alphamab in Beta Disease", "SPONSOR": "Gamma Institute",
}  # fmt: skip
NULL = {"AGEMAX": "PINF", "PCLAS": "NI", "TDIGRP": "NI"}
CODED = {
    "FCNTRY": ("FRA", "FRA", "ISO 3166-1 alpha-3", "2020"),
    "INDIC": ("Beta disease", "44054006", "SNOMED", "2024-09-01"),
}


def study(name: str, spec: Spec = SPEC) -> Study:
    """A randomised study of two arms, whole in every dataset but TV, TD and TM."""
    made = {
        "TS": [_answer(code, spec) for code, known in spec.parameters.items() if known.required],
        "TE": _rows("ETCD ELEMENT TESTRL TEENRL TEDUR", [
            ("SCREEN", "Screening", "Informed consent", "Randomization", None),
            ("ALPHA", "Alphamab", "First dose of alphamab", None, "P12W"),
            ("PLACEBO", "Placebo", "First dose of placebo", None, "P12W"),
        ]),
        "TA": _rows("ARMCD ARM TAETORD ETCD ELEMENT TABRANCH EPOCH", [
            ("A", "Alphamab", 1, "SCREEN", "Screening", "Randomized to alphamab", "SCREENING"),
            ("A", "Alphamab", 2, "ALPHA", "Alphamab", None, "TREATMENT"),
            ("P", "Placebo", 1, "SCREEN", "Screening", "Randomized to placebo", "SCREENING"),
            ("P", "Placebo", 2, "PLACEBO", "Placebo", None, "TREATMENT"),
        ]),
        "TV": _rows("VISITNUM VISIT ARMCD ARM TVSTRL", [
            (1.0, "Screening", "A", "Alphamab", "Informed consent"),
            (1.0, "Screening", "P", "Placebo", "Consent to placebo"),
        ]),
        "TI": _rows("IETESTCD IETEST IECAT", [
            ("INCL01", "Adults with β disease", "INCLUSION"),
            ("EXCL01", "Allergy to alphamab", "EXCLUSION"),
        ]),
    }  # fmt: skip
    filled = {code: Table(code, tuple(rows)) for code, rows in made.items()}
    return Study(name, Cell(name, "copied"), (), filled, (), ())


def good_lot(*names: str, spec: Spec = SPEC) -> Lot:
    """The lot of studies with these names."""
    return lot((name, tables(study(name, spec), spec)) for name in names or ("NCT01", "NCT02"))


def spoiled(good: Lot, domain: str, variable: str, change: dict[int, Scalar]) -> Lot:
    """The lot with other values of one variable in some rows."""
    table = good[domain]
    if variable not in table.column_names:
        table = table.append_column(variable, pa.nulls(table.num_rows, pa.string()))
    at = table.column_names.index(variable)
    values = table.column(variable).to_pylist()
    for row, value in change.items():
        values[row] = value
    column = pa.array(values, table.schema.field(variable).type)
    return {**good, domain: table.set_column(at, variable, column)}


def row_of(good: Lot, domain: str, variable: str, value: Scalar) -> int:
    """The first row in which the variable has the value."""
    return good[domain].column(variable).to_pylist().index(value)


def _answer(code: str, spec: Spec) -> Row:
    terms = spec.terminology.codelists
    codes = {nci: name for name, nci in terms["TSPARM"].terms.items()}
    row: dict[str, Scalar] = {
        "TSSEQ": 1, "TSPARMCD": code, "TSPARM": codes[terms["TSPARMCD"].terms[code]],
    }  # fmt: skip
    if code in NULL:
        return {**row, "TSVALNF": NULL[code]}
    if code in CODED:
        names = ("TSVAL", "TSVALCD", "TSVCDREF", "TSVCDVER")
        return {**row, **dict(zip(names, CODED[code], strict=True))}
    value = ANSWERS.get(code, f"Text for {code}")
    codelist = spec.parameters[code].codelist
    if not codelist:
        return {**row, "TSVAL": value}
    nci = terms[codelist].terms[value]
    version = spec.terminology.version
    return {**row, "TSVAL": value, "TSVALCD": nci, "TSVCDREF": "CDISC CT", "TSVCDVER": version}


def _rows(names: str, values: list[tuple[Scalar, ...]]) -> list[Row]:
    return [dict(zip(names.split(), row, strict=True)) for row in values]
