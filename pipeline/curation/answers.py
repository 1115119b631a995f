"""Entries about TS: the values of a parameter, held against what the standards say of it."""

from collections.abc import Iterator

import yaml

from pipeline.curation.reading import SIGNED, Entry, parts_of
from pipeline.curation.terms import one_of
from pipeline.formats import FORMATS, LOOKS, is_country
from pipeline.spec.curation import Answer, Chosen
from pipeline.spec.model import Parameter, Spec

CODED = ("value", "code", "dictionary", "version", "group")


def answer(entry: Entry, spec: Spec) -> Answer | None:
    """The parameter's answer; None, with problems noted, when nothing can be made of it."""
    code = entry.rest
    entry.only((*CODED, "values", "flavor", "drop", "extends", *SIGNED))
    signed, extends = entry.signed(), entry.flag("extends")
    if code not in spec.parameters:
        version = spec.terminology.version
        entry.wrong(entry.line, one_of(code, spec.parameters, f"TSPARMCD of {version}"))
        return None
    if code in spec.decisions and spec.decisions[code].constant:
        entry.wrong(entry.line, "is a version that the whole package follows; it is set by build")
        return None
    ways = [part for part in ("value", "values", "flavor", "drop") if part in entry.parts]
    if len(ways) != 1:
        entry.wrong(entry.line, "one of value, values, flavor or drop says what it shall be")
        return None
    if ways != ["value"]:
        for part in CODED[1:]:
            if part in entry.parts:
                entry.wrong(entry.line_of(part), f"{part} stands beside the value it belongs to")
    flavor = _flavor(entry, spec)
    if entry.flag("drop") and spec.parameters[code].required == "always":
        entry.wrong(entry.line, "must be present (CG0287); say why it has no value with flavor")
    parts = list(_values(entry))
    values = [_chosen(entry, one, extends, spec.parameters[code], spec) for one in parts]
    return Answer(code, signed, tuple(values), flavor)


def _flavor(entry: Entry, spec: Spec) -> str:
    flavor = entry.text("flavor")
    if flavor and flavor not in spec.flavors:
        entry.wrong(entry.line_of("flavor"), one_of(flavor, spec.flavors, "null flavor"))
    return flavor


def _values(entry: Entry) -> Iterator[dict[str, yaml.Node]]:
    """The parts of each value: the entry's own, or those of each member of its list."""
    if "value" in entry.parts:
        yield {part: entry.parts[part] for part in CODED if part in entry.parts}
    node = entry.parts.get("values")
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        entry.wrong(entry.line_of("values"), "values is a list of at least one value")
        return
    for one in node.value:
        if isinstance(one, yaml.MappingNode):
            parts = parts_of(entry, one)
            for name, part in parts.items():
                if name not in CODED:
                    line = part.start_mark.line + 1
                    entry.wrong(line, one_of(name, CODED, "key of a value"))
            if "value" not in parts:
                entry.wrong(one.start_mark.line + 1, "value is missing")
            yield parts
        else:
            yield {"value": one}


def _chosen(
    entry: Entry, parts: dict[str, yaml.Node], extends: bool, parameter: Parameter, spec: Spec
) -> Chosen:
    said = {name: entry.scalar(node, name) for name, node in parts.items() if name in CODED}
    line = min((node.start_mark.line + 1 for node in parts.values()), default=entry.line)
    value = said.get("value", "")
    if value and (why := _unfit(value, parameter, extends, spec)):
        entry.wrong(line, why)
    if said.get("code") or said.get("dictionary"):
        said["dictionary"] = said.get("dictionary") or _dictionary(parameter, spec)
        wrong = list(_miscoded(said, parameter, spec))
        if not said.get("version") and said["dictionary"] not in _registries(spec):
            said["version"] = _version(said["dictionary"], spec)
            if not said["version"] and not wrong:
                wrong.append(f"a code needs version: that of {said['dictionary']}")
        for why in wrong:
            entry.wrong(line, why)
        said.setdefault("code", value)
    elif said.get("version"):
        entry.wrong(line, "version is that of a dictionary: state its code too")
    return Chosen(value, *(said.get(name, "") for name in CODED[1:]))


def _unfit(value: str, parameter: Parameter, extends: bool, spec: Spec) -> str:
    """Why the value cannot be the parameter's answer; empty when it can."""
    if parameter.codelist:
        codelist = spec.terminology.codelists[parameter.codelist]
        if value in codelist.terms or (extends and codelist.extensible):
            return ""
        more = " (extensible: with `extends: yes` another term is taken)"
        return one_of(value, codelist.terms, f"term of codelist {parameter.codelist}") + (
            more if codelist.extensible else ""
        )
    if value.upper() in (*spec.flavors, *spec.flavors.values()):
        return f"'{value}' is a word for a missing value; flavor: {', '.join(spec.flavors)}"
    if parameter.format and not FORMATS[parameter.format](value):
        return f"'{value}' is no {LOOKS[parameter.format]}"
    if parameter.external == "ISO 3166-1 alpha-3" and not is_country(value):
        return f"'{value}' is no country code of ISO 3166-1 alpha-3, such as NLD"
    return ""


def _miscoded(said: dict[str, str], parameter: Parameter, spec: Spec) -> Iterator[str]:
    if parameter.codelist or parameter.format or parameter.external:
        yield "its code is given by the standard: state the value alone"
        return
    wanted, dictionary = _dictionary(parameter, spec), said["dictionary"]
    if not dictionary:
        yield "a code needs dictionary: the name of the terminology it is from"
    elif wanted and dictionary != wanted:
        yield one_of(dictionary, [wanted], "dictionary of this parameter")
    elif dictionary not in (known := _dictionaries(spec)):
        yield one_of(dictionary, known, "DICTNAM")
    if not said.get("code") and dictionary not in _registries(spec):
        yield f"dictionary {dictionary} needs code"


def _dictionary(parameter: Parameter, spec: Spec) -> str:
    return spec.references[parameter.dictionary].name if parameter.dictionary else ""


def _dictionaries(spec: Spec) -> list[str]:
    names = [one.name for one in spec.references.values()]
    return list(dict.fromkeys([*spec.terminology.codelists["DICTNAM"].terms, *names]))


def _registries(spec: Spec) -> list[str]:
    """The systems of registry numbers: a number is its own code, and has no version."""
    return [one.name for one in spec.references.values() if one.defines == "registry numbers"]


def _version(dictionary: str, spec: Spec) -> str:
    known = [one.version for one in spec.references.values() if one.name == dictionary]
    return next(iter(known), "")
