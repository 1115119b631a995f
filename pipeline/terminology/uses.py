"""Where mappings, schemas and rules say a term of a codelist: the file and the line."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import yaml

from pipeline.spec.check import PHRASES
from pipeline.spec.model import Spec
from pipeline.transform.rules import rules

Place = tuple[str, ...]


def uses(root: Path, spec: Spec) -> dict[tuple[str, str], list[str]]:
    """The lines that say a term, by codelist and term, for all codelists."""
    found: dict[tuple[str, str], list[str]] = {}
    for file, line, codelist, term in (*_mapped(root, spec), *_ruled(spec)):
        found.setdefault((codelist, term), []).append(f"{file}:{line}")
    return found


def _mapped(root: Path, spec: Spec) -> Iterator[tuple[str, int, str, str]]:
    folders = ("mappings/*.yaml", "mappings/sdtm/*.yaml", "schemas/sdtm/*.yaml")
    files = [path for folder in folders for path in sorted(root.glob(folder))]
    for path in (*files, root / "schemas/standards.yaml"):
        top = yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for place, node in _scalars(top, ()):
            if (codelist := _codelist(path.name, place, spec)) and "{n}" not in node.value:
                yield str(path.relative_to(root)), node.start_mark.line + 1, codelist, node.value


def _scalars(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, yaml.ScalarNode]]:
    """Every scalar with the keys that lead to it; a key itself stands at `…, key, ''`."""
    if isinstance(node, yaml.ScalarNode):
        yield place, node
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _scalars(child, place)
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield (*place, key.value, ""), key
            yield from _scalars(child, (*place, key.value))


def _codelist(file: str, place: Place, spec: Spec) -> str:
    """The codelist that the value at this place is from, if from any."""
    match file, *place:
        case ("ts.yaml", _, "") | ("parameters.yaml", "parameters", _, ""):
            return "TSPARMCD"
        case "ts.yaml", code, "terms", _ if place[-1]:
            return spec.parameters[code].codelist if code in spec.parameters else ""
        case "phrases.yaml", section, _ if place[-1]:
            return PHRASES.get(section, "")
        case "design.yaml", *_, "epoch":
            return "EPOCH"
        case "standards.yaml", _, "":
            return "SDTMIGRS"
        case "standards.yaml", _, "sdtm":
            return "SDTMVRS"
        case _, "domain":
            return "DOMAIN"
    return ""


def _ruled(spec: Spec) -> Iterator[tuple[str, int, str, str]]:
    """The words in the module of each rule that answers a parameter with a codelist."""
    known = rules()
    for code, decision in spec.decisions.items():
        parameter = spec.parameters.get(code)
        if decision.rule in known and parameter and parameter.codelist:
            module = import_module(known[decision.rule].__module__)
            name = module.__name__.replace(".", "/") + ".py"
            terms = spec.terminology.codelists[parameter.codelist].terms
            for node in ast.walk(ast.parse(inspect.getsource(module))):
                if isinstance(node, ast.Constant) and node.value in terms:
                    yield name, node.lineno, parameter.codelist, str(node.value)
