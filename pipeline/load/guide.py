"""The reviewer's guide of one package: what its data rest on, what is assumed, open and known."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow as pa

from pipeline.issues import CATALOGUE
from pipeline.load.answered import expected
from pipeline.load.arms import read_arms
from pipeline.load.pages.rendering import render
from pipeline.load.pages.worklist import URGENCY
from pipeline.load.section import Section, markdown, shortened, some
from pipeline.spec.model import Spec
from pipeline.tabulate import row_key
from pipeline.values import Cell, Study


def guide(study: Study, tables: Mapping[str, pa.Table], spec: Spec) -> dict[str, bytes]:
    """`reviewers-guide.html` and `.md`, which say the same; every registry text is inert."""
    title = f"Reviewer's guide: {study.studyid.value or study.id}"
    sections = list(_sections(study, tables, spec))
    page = {"title": title, "sections": sections, "study": study}
    return {
        "reviewers-guide.html": render("guide.html.jinja", page),
        "reviewers-guide.md": markdown(title, sections).encode("utf-8", "replace"),
    }


def _sections(study: Study, tables: Mapping[str, pa.Table], spec: Spec) -> Iterator[Section]:
    terms = spec.terminology
    yield Section(
        "What the data rest on",
        (
            f"These trial-design datasets follow SDTMIG {spec.standard.sdtmig} with CDISC "
            f"{terms.package} terminology {terms.version}. They were made from public registry "
            "records by fixed rules: no value is there that no record, rule or person gave. "
            "study.html shows the words under every value, provenance.parquet lists them.",
        ),
        ("Registry", "Record", "Version", "File", "SHA-256"),
        tuple(
            (
                spec.registries[one.format].site if one.format in spec.registries else one.registry,
                one.id or "not stated",
                one.version or "not stated",
                one.name,
                one.sha256,
            )
            for one in (record.source for record in (*study.records, *study.earlier))
        ),
    )
    yield Section(
        "Datasets",
        ("define.xml describes them; define.html shows it. How values were come by is counted.",),
        ("Dataset", "Label", "Records", "Keys", *spec.hows),
        tuple(_dataset(code, table, study, spec) for code, table in tables.items()),
    )
    arms = read_arms(dict(tables))
    yield Section(
        "Planned arms",
        () if arms else ("The records give no arms, so there is no TA.",),
        ("ARMCD", "ARM", "Elements in order") if arms else (),
        tuple((arm.code, arm.label, " → ".join(f"{s.element} ({s.epoch})" for s in arm.steps))
              for arm in arms),
    )  # fmt: skip
    yield _judged("Assumptions", "assumed", study, spec, "Nothing is assumed.")
    yield _judged("Decisions of persons", "curated", study, spec, "No person decided a value.")
    yield _absent(study, spec)
    yield Section(
        "Open worklist",
        () if study.worklist else ("Nothing is left to supply.",),
        ("Urgency", "Item", "Why", "Allowed", "Rules") if study.worklist else (),
        tuple(
            (URGENCY[one.severity], f"{one.domain} {one.item}", one.why, one.allowed,
             ", ".join(one.rules))
            for one in study.worklist
        ),
    )  # fmt: skip
    yield from _known(study, tables)


def _dataset(code: str, table: pa.Table, study: Study, spec: Spec) -> tuple[str, ...]:
    cells = (
        cell for row in study.tables[code].rows for cell in row.values() if isinstance(cell, Cell)
    )
    counts = Counter(cell.how for cell in cells)
    domain = spec.domains[code]
    numbers = (str(counts[how]) for how in spec.hows)
    keys = ", ".join(domain.keys_of(table.column_names))
    return code, domain.label, str(table.num_rows), keys, *numbers


def _judged(title: str, how: str, study: Study, spec: Spec, none: str) -> Section:
    found: dict[tuple[str, str], list[str]] = {}
    for code, table in study.tables.items():
        for row in table.rows:
            for name, cell in row.items():
                if isinstance(cell, Cell) and cell.how == how:
                    key = row_key(row, spec.domains[code])
                    found.setdefault((f"{code} {name}", cell.reason), []).append(key)
    rows = tuple((where, some(keys), reason) for (where, reason), keys in found.items())
    text = spec.hows[how] if rows else none  # type: ignore[index]
    return Section(title, (text,), ("Variable", "Records", "Why") if rows else (), rows)


def _absent(study: Study, spec: Spec) -> Section:
    found: dict[str, list[str]] = {}
    for row in study.tables["TS"].rows if "TS" in study.tables else ():
        cell = row.get("TSVAL")
        if isinstance(cell, Cell) and cell.how == "absent":
            found.setdefault(cell.reason, []).append(str(row["TSPARMCD"]))
    rows = tuple(
        (spec.reasons[reason].flavor, spec.reasons[reason].sentence, ", ".join(codes))
        for reason, codes in found.items()
        if reason in spec.reasons
    )
    heads = ("TSVALNF", "Why", "Parameters")
    text = "A null flavor stands only for a reason." if rows else "Every parameter has a value."
    return Section("Parameters without a value", (text,), heads if rows else (), rows)


def _known(study: Study, tables: Mapping[str, pa.Table]) -> Iterator[Section]:
    kinds: dict[str, list[str]] = {}
    for issue in study.issues:
        kinds.setdefault(issue.code, []).append(shortened(issue.detail or issue.quote))
    rows = tuple(
        (CATALOGUE[code].severity, CATALOGUE[code].sentence, some(details), CATALOGUE[code].remedy)
        for code, details in kinds.items()
    )
    yield Section(
        "Issues of the data",
        () if rows else ("None.",),
        ("Severity", "What is so", "Where", "What can be done") if rows else (),
        rows,
    )
    differ = tuple(
        (f"{one.domain} {one.item}", str(one.value), one.source.name, str(one.other_value),
         one.other.name)
        for one in study.discrepancies
    )  # fmt: skip
    if differ:
        heads = ("Item", "One record says", "in", "Another says", "in")
        yield Section("Where the records disagree", (), heads, differ)
    yield expected(tables["TS"].to_pylist() if "TS" in tables else [])
