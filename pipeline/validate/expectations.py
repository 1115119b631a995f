"""Great Expectations over a build: suites from the Spec, one run for all lots, no network."""

import datetime as dt
import html
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Spec
from pipeline.validate.asserting import Sample, assertable, rows_of
from pipeline.validate.checks import asked, finding, findings
from pipeline.validate.docs import data_docs
from pipeline.validate.finding import Finding
from pipeline.validate.lot import Lot
from pipeline.validate.rows import Column
from pipeline.validate.rules import RULES
from pipeline.validate.rules.structure import STRUCTURE_RULES
from pipeline.validate.run import GxRun
from pipeline.validate.suites import Expected, expected, title

__all__ = ["asserted", "data_docs", "expectations"]

SEVERITY = {"error": "critical", "warning": "warning", "note": "info"}
AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The run time that Great Expectations is told: pages do not depend on when they were made."""


def expectations(lot: Lot, spec: Spec) -> tuple[list[Finding], GxRun]:
    """Asserts every suite on a lot's tables; what fails, as findings of the rows that fail."""
    answers = asked(lot, spec)
    native = findings(answers, "native", spec)
    return asserted([assertable(lot, answers, spec)], native, spec)


def asserted(
    samples: Iterable[Sequence[Sample]],
    native: Iterable[Finding],
    spec: Spec,
    *,
    told: bool = True,
) -> tuple[list[Finding], GxRun]:
    """Asserts every suite on the rows of some lots; what fails, as findings.

    `native` are what the rules found on all rows: they say which rows an expectation fails on.
    Not to be `told` by Data Docs, an expectation is asked only whether it holds.
    """
    gx = _great_expectations()
    session = _session(gx)
    source = session.data_sources.add_pandas("lot")
    suites: dict[str, list[Expected]] = {}
    results: dict[str, Any] = {}
    rows: dict[str, tuple[int, int]] = {}
    for name, (table, count) in rows_of(samples).items():
        columns = [each for each in table.column_names if not each.startswith("ok_")]
        wanted = suites[name] = expected(name, columns, spec)
        rows[name] = table.num_rows, count
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("lot")
        suite = session.suites.add(_suite(gx, title(name, spec), wanted))
        definition = gx.ValidationDefinition(name=name, data=batch, suite=suite)
        results[name] = session.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": _frame(table)},
            run_id=gx.core.run_identifier.RunIdentifier(run_name="validation", run_time=AT),
            result_format="SUMMARY" if told else "BOOLEAN_ONLY",
        )
    found = sorted(set(_found(results, native, spec)))
    return found, GxRun(gx.__version__, suites, results, session, rows)


@cache
def _great_expectations() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations  # noqa: PLC0415  it takes seconds
        import great_expectations.core.run_identifier  # noqa: PLC0415
        import great_expectations.data_context.types.base  # noqa: PLC0415
        import great_expectations.expectations  # noqa: PLC0415
    return great_expectations


def _session(gx: Any) -> Any:
    """All stores in memory, nothing on disk, nothing sent."""
    base = gx.data_context.types.base
    stores = base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    settings = base.DataContextConfig(store_backend_defaults=stores, analytics_enabled=False)
    session = gx.get_context(mode="ephemeral", project_config=settings)
    session.variables.progress_bars = {"globally": False}
    return session


def _suite(gx: Any, name: str, wanted: list[Expected]) -> Any:
    made = [
        getattr(gx.expectations, one.type)(
            **one.of,
            description=html.escape(one.sentence),
            severity=SEVERITY[one.severity],
            meta={"rule": one.rule, "variable": one.variable},
        )
        for one in wanted
    ]
    return gx.ExpectationSuite(name=name, expectations=made)


def _frame(table: pa.Table) -> pd.DataFrame:
    """The table for pandas, with nulls for empty texts.

    Great Expectations writes values into its pages as they are, hence the escape.
    """
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = table.column(at)
            column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
            table = table.set_column(at, field.name, _escaped(column))
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return frame


def _escaped(column: Column) -> Column:
    for char in "&<>\"'":
        if pc.any(pc.match_substring(column, char)).as_py():
            column = pc.replace_substring(column, char, html.escape(char))
    return column


def _found(results: dict[str, Any], native: Iterable[Finding], spec: Spec) -> Iterator[Finding]:
    """The rows behind every failed expectation; the expectation itself when no row explains it."""
    rules = {rule.name: rule for rule in RULES}
    structure = {rule.sentence for rule in STRUCTURE_RULES}
    said: dict[str, list[Finding]] = {}
    for one in native:
        said.setdefault(one.message, []).append(one)
    for domain, result in results.items():
        for one in result.results:
            if one.success:
                continue
            meta = one.expectation_config.meta
            name, variable = meta["rule"], meta["variable"]
            messages = structure if name == "column-order" else {rules[name].sentence}
            rows = [
                msgspec.structs.replace(found, engine="expectations")
                for message in sorted(messages)
                for found in said.get(message, ())
                if domain not in spec.domains
                or (found.domain == domain and variable in ("", found.variable))
            ]
            yield from rows or [finding(rules[name], "expectations", ("", domain, variable))]
