"""The version of SDTMIG that packages follow, and what it says otherwise than the newest one."""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from pipeline.issues import BadRequest, BadSpec
from pipeline.spec.model import Decision, Domain, Older, Standard, Variable
from pipeline.spec.text import parse

T = TypeVar("T", Domain, Variable)


class _Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sdtm: str
    rules: tuple[str, ...]


def standards(path: Path) -> dict[str, Standard]:
    """The versions of SDTMIG that packages can follow, the default first."""
    try:
        said = msgspec.convert(parse(path), dict[str, _Version])
    except msgspec.ValidationError as error:
        raise BadSpec([f"{path.name}: {error}"]) from error
    return {name: Standard(name, one.sdtm, one.rules) for name, one in said.items()}


def chosen(known: dict[str, Standard], wanted: str) -> Standard:
    """The wanted version, the default when none is; `BadRequest` names those that there are."""
    if wanted and wanted not in known:
        raise BadRequest(f"There is no SDTMIG {wanted} here; use {' or '.join(known)}.")
    return known[wanted or next(iter(known))]


def as_in(domain: Domain, standard: Standard) -> Domain:
    """The dataset and its variables in the words of a version of SDTMIG."""
    variables = {
        name: _older(variable, standard.sdtmig) for name, variable in domain.variables.items()
    }
    return replace(_older(domain, standard.sdtmig), variables=variables)


def versioned(decision: Decision, standard: Standard) -> Decision:
    """The decision with the version that its constant names."""
    named = {"sdtmig": standard.sdtmig, "sdtm": standard.sdtm}
    constant = named.get(decision.constant, decision.constant)
    return replace(decision, constant=constant) if decision.constant else decision


def _older(one: T, sdtmig: str) -> T:
    said = msgspec.to_builtins(one.older.get(sdtmig, Older()))
    return replace(one, **said) if said else one
