"""define.xml of the lake: the tables of all studies, described by the Spec alone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pipeline.load.define.document import document
from pipeline.load.define.measure import measured
from pipeline.load.define.model import About, Dataset, Item, Note
from pipeline.load.oid import variable_oid
from pipeline.spec.model import Domain, Parameter, Spec
from pipeline.tabulate import variable_of

OWN = {
    "STUDY": ("The study's folder", 48),
    "REGISTRY_ID": ("Number of the record in its registry", 48),
    "REGISTRY_VERSION": ("Version date of the record", 10),
}
"""What stands before the variables of the standard: label and length."""
WIDEST = 200
LIKE = {
    "date": ("2024", "2024-05-31"),
    "duration": ("P12W",),
    "durationDatetime": ("P12W",),
    "integer": ("99999999",),
    "ratio": ("0.6667",),
    "float": ("9999.99",),
}
"""Values of each format that say what type and length it may need."""
WHOLE = Note(
    "COM.LAKE",
    "All studies of a build, one table a domain. How each value was come by, its method and what "
    "it rests on stand in the define.xml and the provenance of the study's own package. Lengths "
    "are the limits of the standard; codelists are whole, and open ones may be extended in the "
    "data. Origin is Protocol for what a record states.",
)


def lake_define(
    columns: Mapping[str, Sequence[str]], studies: int, spec: Spec, created: dt.datetime
) -> bytes:
    """define.xml for `tables/`, whose domains have these columns.

    Standard: CDISC Define-XML 2.1, context Other: the tables are Parquet and no submission.
    """
    about = About(
        id="lake",
        name="All studies",
        description=f"Trial-design datasets of {studies} studies",
        protocol="All studies",
        title="All studies, data definitions",
        words="Trial design datasets made from registry records",
        comment=WHOLE,
        context="Other",
    )
    datasets = [_dataset(spec.domains[code], names, spec) for code, names in columns.items()]
    return document(about, datasets, spec, created)


def _dataset(domain: Domain, names: Sequence[str], spec: Spec) -> Dataset:
    keys = ("STUDY", *(key for key in domain.keys_of(names) if key != "STUDYID"))
    items = (_item(domain, name, keys, spec) for name in names)
    structure = f"{domain.structure}, for every study"
    file = f"{domain.domain.lower()}/"
    return Dataset(domain.domain, domain.label, structure, WHOLE, tuple(items), file)


def _item(domain: Domain, name: str, keys: Sequence[str], spec: Spec) -> Item:
    oid, key = variable_oid(domain.domain, name), keys.index(name) + 1 if name in keys else 0
    if name in OWN:
        label, length = OWN[name]
        return Item(oid, name, label, "text", length, 0, True, "Assigned", key=key, own=True)
    variable = variable_of(domain, name)
    number = name.removeprefix("TSVAL") if name not in domain.variables else ""
    size = measured(variable.type, LIKE.get(variable.type, ()), spec)
    parts = tuple(_parts(name, spec)) if name == "TSVAL" else ()
    return Item(
        oid=oid,
        name=name,
        label=f"{variable.label} {number}".strip(),
        type=size.type,
        length=(variable.length or WIDEST) if size.type == "text" else size.length,
        digits=size.digits,
        has_data=True,
        origin="" if parts else _origin(variable.origin),
        codelist=variable.codelist if variable.codelist in spec.terminology.codelists else "",
        mandatory=variable.core == "Req",
        key=key,
        role=variable.role,
        values=parts,
    )


def _parts(name: str, spec: Spec) -> Iterator[Item]:
    names = spec.terminology.parameter_names()
    for code, parameter in sorted(spec.parameters.items()):
        size = measured(parameter.format, LIKE.get(parameter.format, ()), spec)
        codelist, version = _codelist(parameter, spec)
        yield Item(
            oid=variable_oid("TS", f"{name}.{code}"),
            name=name,
            label=names.get(code, code),
            type=size.type,
            length=WIDEST if size.type == "text" else size.length,
            digits=size.digits,
            has_data=True,
            origin="Protocol",
            codelist=codelist,
            version=version,
            where=code,
        )


def _codelist(parameter: Parameter, spec: Spec) -> tuple[str, str]:
    """The codelist of the answers; a dictionary only where the Spec knows its version."""
    if parameter.codelist or not parameter.external:
        return parameter.codelist, ""
    version = spec.references[parameter.external].version
    return (parameter.external, version) if version else ("", "")


def _origin(usual: str) -> str:
    """A derived variable has its method in each package's own define.xml."""
    return "Assigned" if usual == "Derived" else usual
