"""What a specification may not contain: references to things that do not exist."""

import re
from collections.abc import Iterator

from pipeline.spec.mapping import Leaf, PageMapping, PageSection, TreeMapping, leaves
from pipeline.spec.model import Decision, Parameter, Spec, extended

PHRASES = {
    "routes": "ROUTE", "frequencies": "FREQ", "forms": "FRM", "product_forms": "FRM",
    "units": "UNIT",
}  # fmt: skip
"""The codelist that each list of phrases recodes to."""


def contradictions(spec: Spec) -> list[str]:
    """Every dangling reference in the spec, by file and key."""
    parts = (_schemas, _flavors, _decisions, _design, _phrases, _registries, _precedence)
    return [problem for part in parts for problem in part(spec)]


def _schemas(spec: Spec) -> Iterator[str]:
    codelists = spec.terminology.codelists
    lists = set(codelists) | set(spec.references)
    for code, domain in spec.domains.items():
        where = f"schemas/sdtm/{code.lower()}.yaml"
        for key in filter(None, (*domain.keys, domain.version)):
            if key not in domain.variables:
                yield f"{where}: key variable {key} is no variable of {code}"
        for name, variable in domain.variables.items():
            if variable.codelist and variable.codelist not in lists:
                yield f"{where}: {name}: no codelist {variable.codelist} in terminology.yaml"
            if variable.type == "text" and not 0 < variable.length <= 200:
                yield f"{where}: {name}: length {variable.length} is not in 1 to 200"
    yield from _parameters(spec)


def _parameters(spec: Spec) -> Iterator[str]:
    codelists = spec.terminology.codelists
    codes = codelists["TSPARMCD"].terms
    names = set(codelists["TSPARM"].terms.values())
    where = "schemas/sdtm/parameters.yaml"
    for code, parameter in spec.parameters.items():
        if code not in codes:
            yield f"{where}: {code} is no TSPARMCD of {spec.terminology.version}"
        elif codes[code] not in names:
            yield f"{where}: {code}: no TSPARM has its NCI code {codes[code]}"
        if parameter.codelist and parameter.codelist not in codelists:
            yield f"{where}: {code}: no codelist {parameter.codelist} in terminology.yaml"
        for reference in (parameter.external, parameter.dictionary):
            if reference and reference not in spec.references:
                yield f"{where}: {code}: no reference {reference} in vocabularies.yaml"
    for code in codes:
        if code not in spec.parameters:
            yield f"{where}: {code} of {spec.terminology.version} is missing"


def _decisions(spec: Spec) -> Iterator[str]:
    where = "mappings/sdtm/ts.yaml"
    for code, decision in spec.decisions.items():
        if code not in spec.parameters:
            yield f"{where}: {code} is no TS parameter"
            continue
        yield from _decision(f"{where}: {code}", decision, spec.parameters[code], spec)
    for code in spec.terminology.codelists["TSPARMCD"].terms:
        if code not in spec.decisions:
            yield f"{where}: {code} of {spec.terminology.version} has no decision"


def _decision(where: str, decision: Decision, parameter: Parameter, spec: Spec) -> Iterator[str]:
    for concept in decision.from_:
        if concept not in spec.concepts:
            yield f"{where}: no concept {concept} in concepts.yaml"
    if decision.only and decision.only not in spec.concepts["design.type"].values:
        yield f"{where}: {decision.only} is no value of design.type"
    yield from _answers(where, decision, parameter, spec)
    concepts = [spec.concepts[name] for name in decision.from_ if name in spec.concepts]
    known = {value for concept in concepts for value in concept.values}
    for word in decision.terms if known else ():
        if not set(word.split("/")) <= known:
            yield f"{where}: {word} is no value of {', '.join(decision.from_)}"
    yield from _patterns(where, decision.look_for)
    if decision.reads:
        yield from _patterns(f"{where}: reads", [*decision.reads.words, decision.reads.unless])
    filled = decision.from_ or decision.rule or decision.constant or decision.look_for
    if bool(filled) is bool(decision.never):
        yield f"{where}: it is either filled, or never and what a person must supply"


def _answers(where: str, decision: Decision, parameter: Parameter, spec: Spec) -> Iterator[str]:
    """The terms of a decision, held against the codelist or the code systems."""
    if parameter.codelist:
        codelist = spec.terminology.codelists[parameter.codelist]
        for term in [*decision.terms.values(), decision.constant]:
            if term and term not in {*codelist.terms, *spec.reasons, *decision.extends}:
                yield f"{where}: {term} is not in codelist {parameter.codelist}"
        for term in decision.reads.words.values() if decision.reads else ():
            if term not in codelist.terms:
                yield f"{where}: reads: {term} is not in codelist {parameter.codelist}"
        if decision.extends and not codelist.extensible:
            yield f"{where}: codelist {parameter.codelist} may not be extended"
    if decision.rule == "registry_numbers":
        for system in set(decision.terms.values()) - set(spec.references):
            yield f"{where}: no reference {system} in vocabularies.yaml"


def _design(spec: Spec) -> Iterator[str]:
    where, design = "mappings/sdtm/design.yaml", spec.design
    epochs = spec.terminology.codelists["EPOCH"].terms
    assumed = (design.before, design.after, design.untreated, design.unlisted, design.run_in,
               design.washout, design.extension)  # fmt: skip
    named = [one.epoch for one in assumed] + [one.epoch for one in design.stages.values()]
    for epoch in (*named, design.epoch, design.blinded):
        if epoch not in epochs:
            yield f"{where}: {epoch} is no EPOCH"
    for name, period in design.periods.items():
        for concept in (*period.places, *period.later):
            if concept not in spec.concepts:
                yield f"{where}: {name}: no concept {concept} in concepts.yaml"
        yield from _patterns(f"{where}: {name}", [period.words, period.never])
        lengths = [
            one.replace("{length}", "(?P<number>)(?P<unit>)")
            for one in (*period.lengths, *period.own)
        ]
        yield from _patterns(f"{where}: {name}", lengths)
    for name, stage in design.stages.items():
        yield from _patterns(f"{where}: {name}", [stage.words, stage.head])
    yield from _patterns(
        where,
        (
            design.assessments,
            design.challenges,
            design.samples,
            design.assessed_every,
            design.milestones,
        ),
    )


def _phrases(spec: Spec) -> Iterator[str]:
    where = "mappings/phrases.yaml"
    for name, codelist in PHRASES.items():
        phrases: dict[str, str] = getattr(spec.phrases, name)
        for phrase, term in phrases.items():
            numbers = range(1, 100) if "{n}" in term else (0,)
            terms = {term.replace("{n}", str(number)) for number in numbers}
            if terms.isdisjoint(extended(codelist, spec)):
                yield f"{where}: {name}: {term} is not in codelist {codelist}"
            yield from _patterns(f"{where}: {name}", (phrase.replace("{number}", ""),))
    yield from _patterns(f"{where}: per", tuple(spec.phrases.per))
    for name, said in spec.phrases.durations.items():
        lengths = [one.replace("{length}", "") for one in said.words]
        yield from _patterns(f"{where}: durations: {name}", (*lengths, said.never))


def _flavors(spec: Spec) -> Iterator[str]:
    for name, reason in spec.reasons.items():
        if reason.flavor not in spec.flavors:
            yield f"schemas/vocabularies.yaml: {name}: {reason.flavor} is no null flavor"


def _precedence(spec: Spec) -> Iterator[str]:
    where, order = "mappings/precedence.yaml", spec.precedence
    for concept in (*order.united, *(concept for family in order.families for concept in family)):
        if concept not in spec.concepts:
            yield f"{where}: no concept {concept} in concepts.yaml"
    for code in (*order.critical, *order.notable):
        if code not in spec.parameters:
            yield f"{where}: {code} is no TS parameter"
    for name in spec.registries:
        if name not in order.order:
            yield f"{where}: order does not say where {name} stands"


def _registries(spec: Spec) -> Iterator[str]:
    for name, mapping in spec.registries.items():
        where = f"mappings/registries/{name}.yaml"
        for concept, terms in mapping.terms.items():
            if concept not in spec.concepts:
                yield f"{where}: terms: no concept {concept} in concepts.yaml"
                continue
            for word, value in terms.items():
                values = spec.concepts[concept].values
                if values and value and value not in values:
                    yield f"{where}: terms: {word}: {value} is no value of {concept}"
        if isinstance(mapping, PageMapping):
            yield from _page(mapping, where, spec)
        else:
            yield from _tree(mapping, where, spec)


def _page(mapping: PageMapping, where: str, spec: Spec) -> Iterator[str]:
    for heading, section in _sections(mapping):
        if section.read == "ignore" and not section.why:
            yield f"{where}: {heading}: ignored without a reason"
        for concept in filter(None, [section.concept, *(v.concept for v in section.values)]):
            if concept not in spec.concepts:
                yield f"{where}: {heading}: no concept {concept} in concepts.yaml"
        yield from _patterns(f"{where}: {heading}", [v.pattern for v in section.values])


def _tree(mapping: TreeMapping, where: str, spec: Spec) -> Iterator[str]:
    for path, said in (mapping.read | mapping.persons).items():
        for leaf in leaves(said):
            yield from _leaf(f"{where}: {path}", leaf, spec)
    for path in mapping.links:
        yield from _link(path, mapping, where, spec)
    for path, why in mapping.ignore.items():
        if not why:
            yield f"{where}: {path}: ignored without a reason"
    for path, pick in mapping.pick.items():
        for concept in (*pick.concepts.values(), *pick.shapes, pick.other):
            if concept not in spec.concepts:
                yield f"{where}: {path}: no concept {concept} in concepts.yaml"


def _link(path: str, mapping: TreeMapping, where: str, spec: Spec) -> Iterator[str]:
    link = mapping.links[path]
    if link.concept not in spec.concepts:
        yield f"{where}: {path}: no concept {link.concept} in concepts.yaml"
    if "[]" not in link.to:
        yield f"{where}: {path}: {link.to} is in no list"
    for other in (link.to, f"{path.rpartition('.')[0]}.{link.says}"):
        if other not in mapping.read:
            yield f"{where}: {path}: {other} is not read"


def _leaf(where: str, leaf: Leaf, spec: Spec) -> Iterator[str]:
    if not leaf.concept and not (leaf.pattern and leaf.why):
        yield f"{where}: ignored without a pattern or a reason"
    if leaf.concept and leaf.concept not in spec.concepts:
        yield f"{where}: no concept {leaf.concept} in concepts.yaml"
    for name in leaf.shapes:
        if name not in spec.concepts or not spec.concepts[name].pattern:
            yield f"{where}: {name} is no concept with a pattern in concepts.yaml"
    yield from _patterns(where, [leaf.pattern, leaf.split])
    values = spec.concepts[leaf.concept].values if leaf.concept in spec.concepts else ()
    for word, value in leaf.says.items():
        if values and value and value not in values:
            yield f"{where}: {word}: {value} is no value of {leaf.concept}"


def _sections(mapping: PageMapping) -> Iterator[tuple[str, PageSection]]:
    yield "title", mapping.title
    yield from mapping.sections.items()


def _patterns(where: str, patterns: tuple[str, ...] | list[str]) -> Iterator[str]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"{where}: the pattern {pattern!r} is wrong: {error}"
