"""A new package of CDISC terminology takes the old one's place, or is refused with the reasons."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from pipeline.issues import BadRequest
from pipeline.spec import ROOT, read
from pipeline.spec.check import contradictions
from pipeline.spec.model import Codelist, Spec, Terminology
from pipeline.terminology.changes import changes, lost
from pipeline.terminology.published import published
from pipeline.terminology.uses import uses

FILE = "schemas/terminology.yaml"
_HEAD = """\
# CDISC controlled terminology, {package} package {version}: submission values and NCI codes.
# NCI Thesaurus (EVS) publishes it; only what the trial-design domains use is kept.
"""
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ./^-]*[A-Za-z0-9.])?")


def renew(path: Path, date: str = "", root: Path = ROOT) -> list[str]:
    """Write `schemas/terminology.yaml` from NCI's file, and say what changed in what is used.

    Raises `BadRequest`, and writes nothing, for a file that is not NCI's or of another package,
    and when something that mappings, schemas or rules say is no longer there; it names the lines.
    """
    spec = read(root)
    new = _used(published(path, date), spec, path)
    if problems := list(_problems(new, spec, root)):
        raise BadRequest("\n".join([f"{path} is not taken, nothing was written:", *problems]))
    staged = root / f"{FILE}.{os.getpid()}"
    staged.write_text(written(new), encoding="utf-8")
    staged.replace(root / FILE)
    return changes(spec.terminology, new)


def written(terminology: Terminology) -> str:
    """The terminology as the text of its file."""
    lines = [_HEAD.format(package=terminology.package, version=terminology.version)]
    lines.append(f"package: {_key(terminology.package)}\nversion: {terminology.version}\n")
    lines.append("codelists:\n")
    for name, one in terminology.codelists.items():
        extensible = str(one.extensible).lower()
        lines.append(f"  {_key(name)}:\n    code: {one.code}\n    name: {_name(one.name)}\n")
        lines.append(f"    extensible: {extensible}\n    terms:\n")
        lines += (f"      {_key(term)}: {code}\n" for term, code in one.terms.items())
    return "".join(lines)


def _used(whole: Terminology, spec: Spec, path: Path) -> Terminology:
    """The codelists that the specification uses, under the names by which it knows them."""
    known = spec.terminology
    if whole.package != known.package:
        raise BadRequest(f"{path} is the package {whole.package}; {known.package} is asked for.")
    by_code = {one.code: one for one in whole.codelists.values()}
    missing = [f"{one.code} {name}" for name, one in known.codelists.items()
               if one.code not in by_code]  # fmt: skip
    if missing:
        raise BadRequest(
            f"{path} has no codelist {', '.join(missing)}: is it the {known.package} package?"
        )
    found = {name: by_code[one.code] for name, one in known.codelists.items()}
    for name in _asked(spec):
        if name in whole.codelists:
            found.setdefault(name, whole.codelists[name])
    found["DOMAIN"] = _only(found["DOMAIN"], set(spec.domains))
    return Terminology(whole.package, whole.version, found)


def _asked(spec: Spec) -> list[str]:
    """The codelists that variables and parameters name."""
    names = [one.codelist for domain in spec.domains.values() for one in domain.variables.values()]
    names += [parameter.codelist for parameter in spec.parameters.values()]
    return [name for name in dict.fromkeys(names) if name and name not in spec.references]


def _only(codelist: Codelist, wanted: set[str]) -> Codelist:
    terms = {term: code for term, code in codelist.terms.items() if term in wanted}
    return replace(codelist, terms=terms)


def _problems(new: Terminology, spec: Spec, root: Path) -> Iterator[str]:
    """What says a term that is gone, by line, and what else no longer fits."""
    places = uses(root, spec)
    for one in lost(spec.terminology, new):
        if lines := places.get((one.codelist, one.term)):
            now = f"is called {one.now} now" if one.now else "is gone"
            yield f"{one.codelist}: {one.term} {now}; it is said in {', '.join(sorted(set(lines)))}"
    yield from contradictions(replace(spec, terminology=new))


def _key(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _name(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][\w /()'-]*", text) else _key(text)
