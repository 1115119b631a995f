"""One cell explained: value, code, how it was come by, the quoted words with their place, the
rule.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.issues import BadRequest
from pipeline.load.saved import datasets
from pipeline.spec.model import Spec
from pipeline.transform import methods

WORDS = ("quote", "concept", "file", "registry", "record", "path", "start", "end")


def explain(
    out: Path, study: str, domain: str, key: str, variable: str, spec: Spec
) -> list[dict[str, Any]]:
    """What is known of the cells that a key names, one entry a cell, from the files of a build
    alone.

    `study` is a folder name or a STUDYID that only one study has; `key` the row's key values
    joined by a dot, of which the last may be left out (`RANDOM` for `RANDOM.1`). Raises
    `BadRequest` when nothing or more than one study fits.
    """
    home = out / "studies" / folder_of(out, study)
    domain = domain.upper()
    if domain not in spec.domains:
        raise BadRequest(f"{domain} is no domain; there are {', '.join(spec.domains)}.")
    table = datasets(home).get(domain)
    if table is None:
        raise BadRequest(f"{home.name} has no {domain}; worklist.csv may say why.")
    names = [
        name
        for name in spec.domains[domain].keys_of(table.column_names)
        if name != "STUDYID" and name in table.column_names
    ]
    rows = {row_name(row, names): row for row in table.to_pylist()}
    hits = {name: row for name, row in rows.items() if name == key or name.startswith(f"{key}.")}
    if not hits:
        some = ", ".join(list(rows)[:8])
        raise BadRequest(f"{home.name} {domain} has no row {key}; there are {some}, …")
    basis = pq.read_table(home / "provenance.parquet").to_pylist()
    found: list[dict[str, Any]] = []
    for name, row in hits.items():
        same = ".".join(str(row[part]) for part in names)
        cells = [b for b in basis if b["domain"] == domain and b["key"] == same]
        wanted = (
            [variable.upper()] if variable else list(dict.fromkeys(b["variable"] for b in cells))
        )
        found.extend(
            _cell(domain, name, v, row, [b for b in cells if b["variable"] == v], spec)
            for v in wanted
        )
    return found


def _cell(
    domain: str,
    key: str,
    variable: str,
    row: dict[str, Any],
    basis: list[dict[str, Any]],
    spec: Spec,
) -> dict[str, Any]:
    if variable not in row:
        raise BadRequest(f"{domain} has no variable {variable}; there are {', '.join(row)}.")
    first = basis[0] if basis else {}
    how = first.get("how", "")
    code = {
        name: row[name] for name in ("TSVALNF", "TSVALCD", "TSVCDREF", "TSVCDVER") if row.get(name)
    }
    label = spec.domains[domain].variables[variable].label
    return {
        "domain": domain, "key": key, "variable": variable, "label": label,
        "value": first.get("value") or row[variable], "code": code if variable == "TSVAL" else {},
        "how": how, "means": spec.hows.get(how, "The specification alone gives it."),
        "rule": first.get("rule"), "method": methods().get(first.get("rule") or "", ""),
        "reason": _reason(first.get("reason"), spec),
        "words": [
            {name: b[name] for name in WORDS}
            for b in basis
            if b["basis"]
        ],
    }  # fmt: skip


def _reason(reason: str | None, spec: Spec) -> str:
    if not reason:
        return ""
    return spec.reasons[reason].sentence if reason in spec.reasons else reason


def folder_of(out: Path, study: str) -> str:
    """The folder of the study of that registry id, or of that STUDYID when only one has it."""
    if not (out / "studies.parquet").exists():
        raise BadRequest(f"{out} holds no build; run `build` first.")
    lines = pq.read_table(out / "studies.parquet", columns=["id", "studyid"]).to_pylist()
    if any(line["id"] == study for line in lines):
        return study
    same = [line["id"] for line in lines if line["studyid"] == study]
    if len(same) == 1:
        return str(same[0])
    if same:
        raise BadRequest(f"STUDYID {study} is not unique; name one of {', '.join(same)}.")
    raise BadRequest(f"{out} has no study {study}; studies.parquet lists them.")


def row_name(row: Mapping[str, object], names: Sequence[str]) -> str:
    """How a person names a row: its key values joined by a dot, without those it has not."""
    parts = (row.get(name) for name in names)
    return ".".join(plain_text(part) for part in parts if part is not None)


def plain_text(value: object) -> str:
    """A value as a person writes it: visit 3 is `3`."""
    return f"{value:g}" if isinstance(value, float) else str(value)
