"""What the document must take over from the standard: words, keys, terms and their NCI codes."""

from collections.abc import Iterator

from lxml import etree

from pipeline.spec.model import Codelist
from pipeline.tabulate import variable_of
from pipeline.validate.define.package import (
    DEF,
    ODM,
    Fault,
    Package,
    label_of,
    nci_code,
    number,
    oid_of,
    terms_of,
)

RULES = (
    "DEFINE-067",
    "DEFINE-071",
    "DEFINE-122",
    "DEFINE-149",
    "DEFINE-179",
    "DEFINE-186",
    "DEFINE-187",
    "DEFINE-249",
    "DEFINE-265",
    "DEFINE-266",
    "role",
)


def codelist_terms(package: Package) -> Iterator[Fault]:
    """CDISC codelists carry CDISC's values and NCI codes; others are flagged where that may be."""
    lists = {codelist.code: codelist for codelist in package.spec.terminology.codelists.values()}
    for element in package.root.iter(f"{ODM}CodeList"):
        if not element.get(f"{DEF}StandardOID"):
            continue
        codelist = lists.get(nci_code(element))
        if codelist is None:
            yield (
                "DEFINE-249",
                oid_of(element),
                f"{nci_code(element)} is no codelist of this terminology",
            )
            continue
        for term in terms_of(element):
            for rule, sentence in _term_faults(term, codelist):
                yield rule, oid_of(element), f"{term.get('CodedValue')}: {sentence}"


def _term_faults(term: etree._Element, codelist: Codelist) -> Iterator[tuple[str, str]]:
    code = codelist.terms.get(term.get("CodedValue", ""))
    extended = term.get(f"{DEF}ExtendedValue")
    if extended and not codelist.extensible:
        yield "DEFINE-187", "the codelist is not extensible"
    if extended and code:
        yield "DEFINE-179", "is a term of the codelist, not an extended value"
    if not extended and code is None:
        yield "DEFINE-186", "is no term of the codelist and not flagged as extended"
    if not extended and code and nci_code(term) != code:
        yield "DEFINE-179", f"its NCI code is {code}"


def standard_words(package: Package) -> Iterator[Fault]:
    """Labels, required variables, roles and keys are those of the implementation guide."""
    for group in package.root.iter(f"{ODM}ItemGroupDef"):
        domain = package.spec.domains.get(group.get("Name", ""))
        if domain is None:
            yield "DEFINE-122", oid_of(group), "is no dataset of the standard"
            continue
        if label_of(group) != domain.label:
            yield "DEFINE-265", oid_of(group), f"its label is {domain.label}"
        keys = {}
        for ref in group.iter(f"{ODM}ItemRef"):
            item = package.items.get(ref.get("ItemOID", ""))
            name = item.get("Name", "") if item is not None else ""
            keys[number(ref, "KeySequence")] = name
            if item is None or name not in domain.variables:
                continue
            variable = variable_of(domain, name)
            if label_of(item) != variable.label:
                yield "DEFINE-266", oid_of(item), f"its label is {variable.label}"
            if variable.core == "Req" and ref.get("Mandatory") != "Yes":
                yield "DEFINE-067", oid_of(item), "is required, so Mandatory is Yes"
            coded = variable.codelist and item.find(f"{ODM}CodeListRef") is None
            if coded and not ref.get(f"{DEF}HasNoData"):
                yield "DEFINE-149", oid_of(item), f"its values are coded by {variable.codelist}"
            if ref.get("Role") != variable.role:
                yield "role", oid_of(item), f"its role is {variable.role}"
        wanted = domain.keys_of(package.columns.get(domain.domain, ()))
        if tuple(keys.get(number) for number in range(1, len(wanted) + 1)) != wanted:
            yield "DEFINE-071", oid_of(group), f"its keys are {', '.join(wanted)}"
