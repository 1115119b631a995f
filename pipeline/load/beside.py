"""The tables of the lake beside the domains: where values come from, what is left to do, and what
to know.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from pipeline.issues import CATALOGUE
from pipeline.load.provenance import SCHEMA, columns
from pipeline.spec.model import Spec
from pipeline.spec.once import once_per_spec
from pipeline.values import Study

LEAD = [("STUDY", pa.string()), ("STUDYID", pa.string())]
TASKS = ("severity", "domain", "item", "name", "why", "rules")
NOTES = ("severity", "code", "sentence", "detail", "registry", "record", "version", "file", "path")
BESIDE = {
    "PROVENANCE": pa.schema([*LEAD, *[field for field in SCHEMA if field.name != "study"]]),
    "WORKLIST": pa.schema(
        [*LEAD, ("number", pa.int32()), *[(name, pa.string()) for name in TASKS]],
    ),
    "ISSUES": pa.schema(
        [
            *LEAD,
            ("number", pa.int32()),
            *[(name, pa.string()) for name in NOTES],
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("quote", pa.string()),
        ]
    ),
}
"""By name, their columns; `number` is the place of a row in the study's own list."""
FOUND_BY = {"WORKLIST": "item", "ISSUES": "code"}
"""What rows can be found by besides their study."""


Rows: TypeAlias = dict[str, dict[str, Sequence[Any]]]


def beside(study: Study, spec: Spec) -> Rows:
    """The rows of one study, by table and column."""
    made = {
        "PROVENANCE": columns(study, spec),
        "WORKLIST": _tasks(study, spec),
        "ISSUES": _issues(study),
    }
    for added in made.values():
        size = len(next(iter(added.values())))
        added["STUDY"] = [study.id] * size
        added["STUDYID"] = [str(study.studyid.value)] * size
    return made


class Beside:
    """The rows of the three tables, for many studies."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in schema.names} for name, schema in BESIDE.items()
        }

    def add(self, rows: Rows) -> None:
        """Append the rows of a study."""
        for name, known in self._columns.items():
            for column in known:
                known[column].extend(rows[name][column])

    def tables(self) -> dict[str, pa.Table]:
        """The rows by table, as far as there are any."""
        made = {name: pa.table(self._columns[name], schema) for name, schema in BESIDE.items()}
        return {name: table for name, table in made.items() if table.num_rows}


def _tasks(study: Study, spec: Spec) -> dict[str, Sequence[Any]]:
    tasks, names = study.worklist, _names(spec)
    return {
        "number": list(range(1, len(tasks) + 1)),
        "severity": [task.severity for task in tasks],
        "domain": [task.domain for task in tasks],
        "item": [task.item for task in tasks],
        "name": [names.get(task.item) if task.domain == "TS" else None for task in tasks],
        "why": [task.why for task in tasks],
        "rules": [" ".join(task.rules) or None for task in tasks],
    }


def _issues(study: Study) -> dict[str, Sequence[Any]]:
    issues = study.issues
    kinds = [CATALOGUE[one.code] for one in issues]
    sources, spans = [one.source for one in issues], [one.span for one in issues]
    return {
        "number": list(range(1, len(issues) + 1)),
        "severity": [kind.severity for kind in kinds],
        "code": [one.code for one in issues],
        "sentence": [kind.sentence for kind in kinds],
        "detail": [one.detail or None for one in issues],
        "registry": [source.registry if source else None for source in sources],
        "record": [(source.id or None) if source else None for source in sources],
        "version": [(source.version or None) if source else None for source in sources],
        "file": [source.name if source else None for source in sources],
        "path": [(span.path or None) if span else None for span in spans],
        "start": [span.start if span else None for span in spans],
        "end": [span.end if span else None for span in spans],
        "quote": [one.quote or None for one in issues],
    }


@once_per_spec
def _names(spec: Spec) -> dict[str, str]:
    return spec.terminology.parameter_names()
