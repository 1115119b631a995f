"""Great Expectations over a lot: suites from the Spec, one run for all studies, no network."""

import datetime as dt
import html
import os
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Spec
from pipeline.validate.checks import Asked, asked, failing, finding, in_words
from pipeline.validate.docs import data_docs
from pipeline.validate.finding import Finding
from pipeline.validate.lot import Lot
from pipeline.validate.rows import Column
from pipeline.validate.rules import RULES
from pipeline.validate.rules.structure import COLUMNS
from pipeline.validate.run import GxRun
from pipeline.validate.suites import OK, Expected, checks, expected, title

__all__ = ["data_docs", "expectations"]

SEVERITY = {"error": "critical", "warning": "warning", "note": "info"}
AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The run time that Great Expectations is told: pages do not depend on when they were made."""


def expectations(lot: Lot, spec: Spec, *, told: bool = True) -> tuple[list[Finding], GxRun]:
    """Asserts every suite on the lot's tables; what fails, as findings of the rows that fail.

    Not to be `told` by Data Docs, it is asked only whether each expectation holds.
    """
    gx = _great_expectations()
    session = _session(gx)
    source = session.data_sources.add_pandas("lot")
    answers = asked(lot, spec)
    suites: dict[str, list[Expected]] = {}
    results: dict[str, Any] = {}
    for domain, asked_of in answers.items():
        if not asked_of:
            continue
        raw = lot.get(domain, asked_of[0].table)
        wanted = suites[domain] = expected(domain, raw.column_names, spec)
        words = {name: in_words(asked_of, name, OK, spec) for name in checks(wanted)}
        batch = source.add_dataframe_asset(domain).add_batch_definition_whole_dataframe("lot")
        suite = session.suites.add(_suite(gx, title(domain, spec), wanted))
        definition = gx.ValidationDefinition(name=domain, data=batch, suite=suite)
        results[domain] = session.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": _frame(raw, words)},
            run_id=gx.core.run_identifier.RunIdentifier(run_name="validation", run_time=AT),
            result_format="SUMMARY" if told else "BOOLEAN_ONLY",
        )
    found = sorted(set(_found(results, answers, spec)))
    return found, GxRun(gx.__version__, suites, results, session)


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


def _frame(raw: pa.Table, words: dict[str, Column]) -> pd.DataFrame:
    """The table for pandas, with nulls for empty texts, and its check columns in words.

    Great Expectations writes values into its pages as they are, hence the escape.
    """
    for at, field in enumerate(raw.schema):
        if pa.types.is_string(field.type):
            column = raw.column(at)
            column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
            raw = raw.set_column(at, field.name, _escaped(column))
    for name, column in words.items():
        raw = raw.append_column(name, _escaped(column))
    frame: pd.DataFrame = raw.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return frame


def _escaped(column: Column) -> Column:
    for char in "&<>\"'":
        if pc.any(pc.match_substring(column, char)).as_py():
            column = pc.replace_substring(column, char, html.escape(char))
    return column


def _found(
    results: dict[str, Any], answers: dict[str, list[Asked]], spec: Spec
) -> Iterator[Finding]:
    """The rows behind every failed expectation; the expectation itself when no row explains it."""
    rules = {rule.name: rule for rule in RULES}
    for domain, result in results.items():
        for one in result.results:
            if one.success:
                continue
            meta = one.expectation_config.meta
            name, variable = meta["rule"], meta["variable"]
            rows = [
                found
                for each in (*answers[domain], *answers[COLUMNS])
                if each.rule.name == name or (each.domain, name) == (COLUMNS, "column-order")
                if variable in ("", each.variable) or each.domain == COLUMNS
                for found in failing(each, "expectations", spec)
                if (found.domain == domain and variable in ("", found.variable))
                or domain not in spec.domains
            ]
            yield from rows or [finding(rules[name], "expectations", ("", domain, variable))]
