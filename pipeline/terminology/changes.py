"""What a new package says otherwise of the codelists that are used."""

from collections.abc import Iterator

import msgspec

from pipeline.spec.model import Codelist, Terminology


class Lost(msgspec.Struct, frozen=True):
    """A term that its codelist no longer has, and what its code is called now, if anything."""

    codelist: str
    term: str
    now: str = ""


def lost(old: Terminology, new: Terminology) -> list[Lost]:
    """The terms that are gone, also those that have another name now."""
    found = []
    for name, codelist in old.codelists.items():
        terms = new.codelists[name].terms
        called = {code: term for term, code in terms.items() if term not in codelist.terms}
        found += [
            Lost(name, term, called.get(code, ""))
            for term, code in codelist.terms.items()
            if term not in terms
        ]
    return found


def changes(old: Terminology, new: Terminology) -> list[str]:
    """Every change, a line each: the package, codelists, terms removed, renamed, added, recoded."""
    said = []
    if old.version != new.version:
        direction = " (an older one)" if new.version < old.version else ""
        said.append(f"{new.package} {old.version} → {new.version}{direction}")
    gone = {(one.codelist, one.term): one.now for one in lost(old, new)}
    for name, codelist in new.codelists.items():
        known = old.codelists.get(name)
        if known is None:
            said.append(f"{name}: new here, {len(codelist.terms)} terms")
        else:
            said += (f"{name}: {line}" for line in _codelist(name, known, codelist, gone))
    return said


def _codelist(
    name: str, old: Codelist, new: Codelist, gone: dict[tuple[str, str], str]
) -> Iterator[str]:
    if old.name != new.name:
        yield f"is called {new.name}, was {old.name}"
    if old.extensible != new.extensible:
        yield "can be extended now" if new.extensible else "can no longer be extended"
    renamed = set()
    for term, code in old.terms.items():
        if (name, term) in gone:
            now = gone[name, term]
            renamed.add(now)
            yield f"{term} ({code}) is called {now} now" if now else f"{term} ({code}) removed"
        elif new.terms[term] != code:
            yield f"{term} has the code {new.terms[term]}, was {code}"
    for term, code in new.terms.items():
        if term not in old.terms and term not in renamed:
            yield f"{term} ({code}) added"
