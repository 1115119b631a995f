"""CORE's answers become findings: each is documented, or something to look at."""

import json
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pyarrow as pa

from pipeline.conformance.answer import Answer, Found
from pipeline.conformance.expectations import Expectation, explained
from pipeline.validate.finding import Finding
from pipeline.validate.run import EngineRun


class Judged(msgspec.Struct, frozen=True):
    """A finding, the ids under which its rule is published, and why it is no fault (if so)."""

    finding: Finding
    published: tuple[str, ...] = ()
    why: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """One package judged by the rules of one SDTMIG version."""

    study: str
    sdtmig: str
    engine: EngineRun
    evaluated: dict[str, int]
    judged: tuple[Judged, ...]

    @property
    def open(self) -> tuple[Judged, ...]:
        """What nothing documents."""
        return tuple(one for one in self.judged if not one.why)


def judge(
    study: str,
    answer: Answer,
    tables: Mapping[str, pa.Table],
    documented: Mapping[str, Expectation],
) -> Verdict:
    """CORE's answer about a study whose datasets are `tables`, in the rows' order of the files.

    A rule that failed to execute and a dataset that no rule looked at are findings themselves.
    """
    rules = answer.rules
    return Verdict(
        study=study,
        sdtmig=answer.sdtmig,
        engine=EngineRun(
            "core", answer.engine.version, rules.run, tuple(sorted(rules.skipped.items()))
        ),
        evaluated=answer.evaluated,
        judged=(*_unchecked(study, answer), *_found(study, answer, tables, documented)),
    )


def _unchecked(study: str, answer: Answer) -> Iterator[Judged]:
    for rule, reason in sorted(answer.rules.failed.items()):
        yield Judged(Finding(study, "core", rule, "error", f"The rule failed to execute: {reason}"))
    for dataset, number in sorted(answer.evaluated.items()):
        if not number:
            words = "No rule looked at the dataset: CORE could not read it."
            yield Judged(Finding(study, "core", "not-evaluated", "error", words, dataset))


def _found(
    study: str,
    answer: Answer,
    tables: Mapping[str, pa.Table],
    documented: Mapping[str, Expectation],
) -> Iterator[Judged]:
    ts = tables["TS"].to_pylist() if "TS" in tables else []
    for found in answer.findings:
        why = explained(found, ts, documented)
        finding = Finding(
            study=study,
            engine="core",
            rule=found.rule,
            severity="note" if why else "error",
            message=found.message,
            domain=found.dataset if found.dataset in tables else "",
            variable=" ".join(name for name in found.variables if not name.startswith("$")),
            key=_key(found, tables.get(found.dataset)),
            value=json.dumps(found.value, sort_keys=True),
        )
        yield Judged(finding, found.published, why)


def _key(found: Found, table: pa.Table | None) -> str:
    if table is None or found.row is None or found.row > table.num_rows:
        return ""
    if not set(found.variables) & set(table.column_names):
        return ""  # the rule is about metadata, and its row is the number of a variable
    keys: Sequence[str] = table.schema.metadata[b"keys"].decode().split()
    row = table.slice(found.row - 1, 1).to_pylist()[0]
    return ".".join(str(row.get(key)) for key in keys if key != "STUDYID")
