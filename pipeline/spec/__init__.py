"""schemas/ and mappings/ become one Spec; every contradiction is reported at load, all at once."""

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pipeline.issues import BadSpec
from pipeline.spec import mapping, model, wording
from pipeline.spec.check import contradictions
from pipeline.spec.model import Spec
from pipeline.spec.standard import as_in, chosen, standards, versioned
from pipeline.spec.text import parse

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


@cache
def load(root: Path = ROOT, sdtmig: str = "") -> Spec:
    """The specification under `root` for a version of SDTMIG (the default one when none is named).

    Raises `BadSpec` with every problem, by file and key, and `BadRequest` for a version that
    there is not.
    """
    spec = read(root, sdtmig)
    if dangling := contradictions(spec):
        raise BadSpec(dangling)
    return spec


def read(root: Path = ROOT, sdtmig: str = "") -> Spec:
    """The parts of the specification, each alone as it should be; whether they fit is not asked."""
    problems: list[str] = []
    standard = chosen(standards(root / "schemas" / "standards.yaml"), sdtmig)
    schemas, mappings = root / "schemas", root / "mappings"

    def one(path: Path, kind: type[T], key: str = "") -> Any:
        try:
            content = parse(path)
            return msgspec.convert(content[key] if key else content, kind, strict=False)
        except BadSpec as error:
            problems.extend(error.problems)
        except (OSError, KeyError, msgspec.ValidationError) as error:
            problems.append(f"{path.relative_to(root)}: {error}")
        return None

    found = [
        one(path, model.Domain)
        for path in sorted((schemas / "sdtm").glob("t?.yaml"))
    ]  # fmt: skip
    vocabularies = schemas / "vocabularies.yaml"
    parts: dict[str, Any] = {
        "standard": standard,
        "domains": {domain.domain: as_in(domain, standard) for domain in found if domain},
        "terminology": one(schemas / "terminology.yaml", model.Terminology),
        "references": one(vocabularies, dict[str, model.Reference], "references"),
        "flavors": one(vocabularies, dict[str, str], "flavors"),
        "reasons": one(vocabularies, dict[str, model.Reason], "reasons"),
        "hows": one(vocabularies, dict[str, str], "hows"),
        "parameters": one(
            schemas / "sdtm" / "parameters.yaml", dict[str, model.Parameter], "parameters"
        ),
        "concepts": one(schemas / "concepts.yaml", dict[str, model.Concept]),
        "registries": {
            path.stem: one(path, mapping.Mapping)  # type: ignore[arg-type]
            for path in sorted((mappings / "registries").glob("*.yaml"))
        },
        "decisions": one(mappings / "sdtm" / "ts.yaml", dict[str, model.Decision]),
        "settings": one(mappings / "settings.yaml", model.Settings),
        "design": one(mappings / "sdtm" / "design.yaml", wording.Design),
        "phrases": one(mappings / "phrases.yaml", wording.Phrases),
        "precedence": one(mappings / "precedence.yaml", model.Precedence),
        "ascii": one(schemas / "ascii.yaml", dict[str, str]),
    }
    if problems:
        raise BadSpec(problems)
    settings: model.Settings = parts.pop("settings")
    registries = parts["registries"].items()
    parts["registries"] = {name: mapping.peopled(one, settings.persons) for name, one in registries}
    decisions = parts["decisions"].items()
    parts["decisions"] = {code: versioned(one, standard) for code, one in decisions}
    return Spec(**parts)
