"""define.xml checked: its XSD, then what the XSD does not see.

The XSD lets dangling OIDs, missing origins, wrong NCI codes and lengths pass.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Any

import pyarrow as pa
from lxml import etree

from pipeline import __version__
from pipeline.spec.model import Spec
from pipeline.validate.define import data, shape, standard, structure, vocabulary
from pipeline.validate.define.package import opened
from pipeline.validate.finding import Finding
from pipeline.validate.run import EngineRun

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
SCHEMA = "define2-1-0.xsd"
CHECKED = (shape, vocabulary, structure, standard, data)
CHECKS = (
    shape.elements,
    shape.names,
    vocabulary.parts,
    structure.dangling,
    structure.offenders,
    structure.reference_needs,
    structure.clauses,
    standard.codelist_terms,
    standard.standard_words,
    data.datasets,
    data.values,
    data.value_lists,
    data.keys,
)


def define_findings(
    xml: bytes, tables: Mapping[str, pa.Table], spec: Spec, study_id: str
) -> list[Finding]:
    """What is wrong with a define.xml: engine `xsd` for its schema, `define` for our own checks.

    `tables` are the datasets of the package by domain. Text that is no XML is one finding.
    Standard: CDISC Define-XML 2.1 and its conformance rules.
    """
    try:
        root = etree.fromstring(xml, PARSER)
    except etree.XMLSyntaxError as error:
        return [Finding(study_id, "xsd", "well-formed", "error", str(error))]
    schema = _schema()
    schema.validate(root.getroottree())
    errors: Iterable[Any] = schema.error_log  # type: ignore[assignment]
    found = [
        Finding(study_id, "xsd", error.type_name, "error", error.message, key=error.path or "")
        for error in errors
    ]
    package = opened(root, tables, spec)
    faults = dict.fromkeys(fault for check in CHECKS for fault in check(package))
    return found + [_finding(study_id, *fault) for fault in faults]


def define_run() -> tuple[EngineRun, EngineRun]:
    """Which rules are asked of each define.xml, by the schema and by our own checks."""
    rules = {rule for module in CHECKED for rule in module.RULES}
    return (
        EngineRun("xsd", f"defineutils {version('defineutils')}", (SCHEMA,)),
        EngineRun("define", __version__, tuple(sorted(rules))),
    )


def _finding(study: str, rule: str, oid: str, sentence: str) -> Finding:
    """The finding, with domain and variable as our OIDs name them (`IT.TS.TSVAL.RANDOM`)."""
    kind, domain, variable, *_ = [*oid.split("."), "", ""]
    placed = kind in {"IT", "IG"}
    return Finding(
        study,
        "define",
        rule,
        "error",
        f"{oid}: {sentence}.",
        domain=domain if placed else "",
        variable=variable if placed else "",
        value=oid,
    )


@cache
def _schema() -> etree.XMLSchema:
    folder = files("defineutils") / "validate" / "schema"
    with as_file(folder) as path:
        return etree.XMLSchema(etree.parse(path / "cdisc-define-2.1" / SCHEMA, PARSER))
