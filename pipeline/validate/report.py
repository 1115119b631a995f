"""One report of what all engines found: a page for people, CSV and JSON for machines."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.issues import Severity
from pipeline.text import visible
from pipeline.validate.finding import Finding
from pipeline.validate.run import EngineRun

HERE = Path(__file__).parent
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
SHOWN = 2000
"""Findings that the page lists; all of them stand in the CSV and the JSON."""


class Joined(msgspec.Struct, frozen=True, order=True, gc=False):
    """A finding once, with every engine that made it."""

    severity: Severity
    study: str
    domain: str
    variable: str
    key: str
    rule: str
    message: str
    value: str
    engines: tuple[str, ...]


def joined(findings: Iterable[Finding]) -> list[Joined]:
    """The same finding of several engines once, worst first, then by study and place."""
    found: dict[Finding, set[str]] = {}
    for one in findings:
        found.setdefault(msgspec.structs.replace(one, engine=""), set()).add(one.engine)
    made = [_once(one, engines) for one, engines in found.items()]
    return sorted(made, key=lambda one: (SEVERITIES.index(one.severity), one))


def _once(one: Finding, engines: set[str]) -> Joined:
    return Joined(
        severity=one.severity,
        study=one.study,
        domain=one.domain,
        variable=one.variable,
        key=one.key,
        rule=one.rule,
        message=one.message,
        value=one.value,
        engines=tuple(sorted(engines)),
    )


class Content(msgspec.Struct, frozen=True):
    """What the JSON holds."""

    counts: dict[str, int]
    engines: tuple[EngineRun, ...]
    findings: tuple[Joined, ...]


def read_back(data: bytes) -> tuple[list[Finding], list[EngineRun]]:
    """The findings of a report's JSON, for each engine that made them, and the engines."""
    said = msgspec.json.decode(data, type=Content)
    shared = [name for name in Finding.__struct_fields__ if name != "engine"]
    findings = [
        Finding(engine=engine, **{name: getattr(one, name) for name in shared})
        for one in said.findings
        for engine in one.engines
    ]
    return findings, list(said.engines)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among the findings, none when there are none.

    An exit status follows from it: `error` is 1, anything else 0.
    """
    found = {one.severity for one in findings}
    return next((severity for severity in SEVERITIES if severity in found), None)


def report(findings: Iterable[Finding], engines: list[EngineRun]) -> tuple[bytes, bytes, bytes]:
    """The findings of all engines as HTML, CSV and JSON (UTF-8), the same bytes for the same input.

    The page is self-contained and everything in it is escaped; texts that a spreadsheet would
    take for a formula get an apostrophe in the CSV.
    """
    found = joined(findings)
    counts = Counter(one.severity for one in found)
    rules = Counter((one.severity, one.rule, one.message) for one in found)
    templates = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = templates.get_template("report.html.j2").render(
        findings=found[:SHOWN],
        more=len(found) - len(found[:SHOWN]),
        counts=[(severity, counts[severity]) for severity in SEVERITIES],
        rules=sorted(
            rules.items(), key=lambda item: (SEVERITIES.index(item[0][0]), -item[1], item[0])
        ),
        engines=engines,
        css=(HERE / "pages.css").read_text(encoding="utf-8"),
    )
    content = Content(
        counts={severity: counts[severity] for severity in SEVERITIES},
        engines=tuple(engines),
        findings=tuple(found),
    )
    text = msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
    return visible(page).encode(), _csv(found), text


def _csv(found: list[Joined]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Joined.__struct_fields__)
    for one in found:
        values = msgspec.structs.astuple(one)
        writer.writerow([*(_plain(value) for value in values[:-1]), " ".join(one.engines)])
    return out.getvalue().encode()


def _plain(text: str) -> str:
    text = "".join(char if char.isprintable() else " " for char in text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
