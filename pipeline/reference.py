"""The reference of Trial Summary: what the specification says of each parameter, as Markdown."""

import ast
import inspect
import textwrap
from collections import defaultdict
from collections.abc import Iterator

from pipeline.spec.mapping import Mapping, PageMapping, leaves
from pipeline.spec.model import Decision, Parameter, Spec
from pipeline.transform.rules import methods, rules

ASKS = {
    "TRC": "FDA's technical rejection criteria",
    "FB": "FDA's business rules",
    "CG": "the SDTMIG conformance rules, which CDISC CORE runs for the older guides",
}
"""Who asks, by the first letters of a rule's number."""
FORMATS = {
    "duration": "ISO 8601 duration",
    "date": "ISO 8601 date, also in part",
    "integer": "a count above zero",
    "ratio": "a share between 0 and 1",
}
PROSE = ("criterion.", "objective.", "regimen.")
"""How the concepts begin that are found by reading, whether or not a registry has a field too."""
SECTIONS = {
    "arms": ("arm.label", "arm.type", "arm.description", "arm.intervention"),
    "interventions": ("intervention.name", "intervention.type", "intervention.description"),
    "sponsors": ("sponsor.lead", "sponsor.lead.class", "sponsor.collaborator"),
}
"""The concepts that the reader of a page's section makes."""


def parameters_page(spec: Spec) -> str:
    """Markdown with one line, and one section, for each TSPARMCD of the terminology."""
    names, found = spec.terminology.parameter_names(), places(spec)
    codes = sorted(spec.terminology.codelists["TSPARMCD"].terms)
    never = sum(bool(spec.decisions[code].never) for code in codes)
    lines = [
        "# Trial Summary parameters",
        "",
        f"Made from `schemas/` and `mappings/` for SDTMIG {spec.standard.sdtmig} and CDISC CT "
        f"{spec.terminology.version}. Of {len(codes)} parameters, a registry can answer or hint at "
        f"{len(codes) - never}; {never} only a person can supply.",
        "",
        "| TSPARMCD | TSPARM | Filled | Answer | Present | Asked for by |",
        "|---|---|---|---|---|---|",
    ]
    for code in codes:
        decision, parameter = spec.decisions[code], spec.parameters[code]
        cells = (
            f"[{code}](#{code.lower()})", names[code], way(decision), answer(parameter, spec),
            parameter.required or "optional", ", ".join(parameter.rules),
        )  # fmt: skip
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    for code in codes:
        lines += ["", *_section(code, names[code], found, spec)]
    return "\n".join(lines) + "\n"


def places(spec: Spec) -> dict[str, dict[str, list[str]]]:
    """Where each concept stands: concept to the mapping's name to its paths or sections."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, mapping in spec.registries.items():
        for concept, place in dict.fromkeys(_stands(mapping)):
            found[concept][name].append(place)
    return found


def flavors(decision: Decision, parameter: Parameter, spec: Spec) -> dict[str, str]:
    """Each reason for which the value may be absent, to its null flavor; empty where a parameter
    without value is left out.
    """
    if not parameter.required:
        return {}
    reasons = {term for term in decision.terms.values() if term in spec.reasons} | {"not stated"}
    if decision.rule:
        reasons |= _named(decision.rule, spec)
    if decision.only and parameter.required == "always":
        reasons.add("not applicable")
    return {reason: spec.reasons[reason].flavor for reason in sorted(reasons)}


def way(decision: Decision) -> str:
    """In a few words, how the value is come by."""
    if decision.never:
        return "by a person"
    if decision.constant:
        return "constant"
    if decision.rule:
        return f"rule {decision.rule}"
    if decision.from_:
        return "recoded" if decision.terms else "copied"
    return "offered in the worklist"


def answer(parameter: Parameter, spec: Spec) -> str:
    """What the standards want as the answer."""
    if parameter.codelist:
        codelist = spec.terminology.codelists[parameter.codelist]
        return f"{parameter.codelist}{' (extensible)' if codelist.extensible else ''}"
    return FORMATS.get(parameter.format) or parameter.external or parameter.dictionary or "text"


def _section(
    code: str, name: str, found: dict[str, dict[str, list[str]]], spec: Spec
) -> Iterator[str]:
    decision, parameter = spec.decisions[code], spec.parameters[code]
    yield from (f"## {code}", "", f"{name}. Answer: {answer(parameter, spec)}.", "")
    if decision.never:
        yield f"- Never in a registry. A person supplies: {decision.never}"
    elif decision.constant:
        yield f"- Always {decision.constant}, the version that the package follows."
    elif decision.rule:
        yield f"- Rule `{decision.rule}`: {methods()[decision.rule]}"
    elif not decision.from_:
        yield "- Not filled: no field states it. Words that may answer it stand in the worklist."
    else:
        yield "- The first of its sources that the record states, recoded where it has terms."
    if decision.only:
        yield f"- Only for studies that are {decision.only}."
    if decision.terms:
        pairs = (f"{word} → {term or 'nothing'}" for word, term in decision.terms.items())
        yield f"- Terms: {'; '.join(pairs)}."
    if decision.reads:
        terms = sorted(set(decision.reads.words.values()))
        yield f"- Words of prose are read for: {', '.join(terms)}."
    yield from (f"- {text}" for text in (decision.why, decision.ask) if text)
    absent = flavors(decision, parameter, spec)
    said = "; ".join(f"{reason} → {flavor}" for reason, flavor in absent.items())
    yield f"- Null flavors: {said or 'none; without a value it is left out'}."
    for start, who in ASKS.items():
        if asking := [rule for rule in parameter.rules if rule.startswith(start)]:
            yield f"- Asked for by {who}: {', '.join(asking)}."
    for concept in decision.from_:
        yield f"- From `{concept}`, {spec.concepts[concept].about}:"
        stands = found.get(concept, {})
        yield from (f"    - {where}: {_quoted(paths)}" for where, paths in stands.items())
        if not stands or concept.startswith(PROSE):
            yield "    - found by reading the record's prose"


def _stands(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """Each concept with the place where the mapping reads it."""
    if isinstance(mapping, PageMapping):
        yield from ((value.concept, "title") for value in mapping.title.values)
        for heading, section in mapping.sections.items():
            made = SECTIONS.get(section.read, ())
            if section.read == "identifiers":
                made = tuple(mapping.identifiers.values())
            for concept in (section.concept, *made, *(one.concept for one in section.values)):
                if concept:
                    yield concept, heading
        return
    for path, said in (mapping.read | mapping.persons).items():
        for leaf in leaves(said):
            yield from ((one, path) for one in (leaf.concept, *leaf.shapes) if one)
    for path, link in mapping.links.items():
        yield link.concept, path
    for path, pick in mapping.pick.items():
        for concept in (*pick.concepts.values(), *pick.shapes, pick.other):
            yield concept, f"{path}.{pick.value}"


def _named(rule: str, spec: Spec) -> set[str]:
    """The reasons that a rule, and what it calls in its module, give for an absent value."""
    known = vars(inspect.getmodule(rules()[rule]))
    asked, seen, reasons = [rule], set(), set()
    while asked:
        name = asked.pop()
        if name in seen or not inspect.isfunction(known.get(name)):
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(known[name])))):
            if isinstance(node, ast.Name):
                asked.append(node.id)
            elif isinstance(node, ast.Constant) and node.value in spec.reasons:
                reasons.add(str(node.value))
    return reasons


def _quoted(paths: list[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
