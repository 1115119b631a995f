"""The dossier of one study: what to supply, what to know, the design, the data, the words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.issues import CATALOGUE
from pipeline.load.pages.words import named, place, shown
from pipeline.load.schematic import schematic
from pipeline.load.visible import visible
from pipeline.spec.model import Spec
from pipeline.tabulate import plain
from pipeline.values import Cell, Fact, Study

HERE = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
SIGNS: dict[str, str] = {
    "copied": "c",
    "normalised": "n",
    "derived": "d",
    "assumed": "a",
    "curated": "u",
    "absent": "–",
}
HIDDEN = {"STUDYID", "DOMAIN"}


def render(template: str, content: dict[str, Any]) -> bytes:
    """A page from its template, self-contained, everything from a registry escaped."""
    css = Markup((HERE / "page.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return PAGES.get_template(template).render(css=css, **content).encode("utf-8")


def study_page(study: Study, tables: dict[str, pa.Table], spec: Spec) -> bytes:
    """`study.html`: needs no network and no script, opens from a folder, prints."""
    cells = [
        cell
        for table in study.tables.values()
        for row in table.rows
        for cell in row.values()
        if isinstance(cell, Cell)
    ]
    facts = [fact for cell in (study.studyid, *cells) for fact in cell.basis]
    facts += [fact for task in study.worklist for fact in task.candidates]
    names = named(facts)
    hows = dict.fromkeys(spec.hows, 0)
    for cell in cells:
        hows[cell.how] += 1
    stated = {fact.concept: fact.value for record in study.records for fact in record.facts}
    title = stated.get("title.official") or stated.get("title.brief") or ""
    content = {
        "study": study,
        "title": visible(title),
        "hows": [(how, SIGNS[how], spec.hows[how], count) for how, count in hows.items()],
        "tasks": [
            (task, [_word(fact, names) for fact in task.candidates]) for task in study.worklist
        ],
        "issues": [(issue, CATALOGUE[issue.code], visible(issue.quote)) for issue in study.issues],
        "picture": Markup(schematic(tables)),  # noqa: S704 - escaped where it is drawn
        "datasets": list(_datasets(study, names, spec)),
        "records": [shown(record, names) for record in study.records],
        "visible": visible,
    }
    return render("study.html.jinja", content)


def _datasets(
    study: Study, names: dict[tuple[str, str, int, int], str], spec: Spec
) -> Iterator[dict[str, Any]]:
    for code, domain in spec.domains.items():
        table = study.tables.get(code)
        if not table or not table.rows:
            continue
        columns = [
            (name, variable.label)
            for name, variable in domain.variables.items()
            if name not in HIDDEN and any(plain(row.get(name)) is not None for row in table.rows)
        ]
        rows = [[_cell(row.get(name), names, spec) for name, _ in columns] for row in table.rows]
        yield {"code": code, "label": domain.label, "columns": columns, "rows": rows}


def _cell(value: Any, names: dict[tuple[str, str, int, int], str], spec: Spec) -> dict[str, Any]:
    shown_value = plain(value)
    text = (
        f"{shown_value:g}"
        if isinstance(shown_value, float)
        else ""
        if shown_value is None
        else str(shown_value)
    )
    if not isinstance(value, Cell):
        return {"text": visible(text), "how": "", "sign": "", "why": "", "words": []}
    reason = spec.reasons[value.reason].sentence if value.reason in spec.reasons else value.reason
    return {
        "text": visible(text),
        "how": value.how,
        "sign": SIGNS[value.how],
        "why": " ".join(filter(None, [reason, value.rule and f"Rule: {value.rule}."])),
        "words": [_word(fact, names) for fact in value.basis],
    }


def _word(fact: Fact, names: dict[tuple[str, str, int, int], str]) -> dict[str, str]:
    where = fact.span.path or f"characters {fact.span.start} to {fact.span.end}"
    return {
        "name": names[place(fact)],
        "quote": visible(" ".join(fact.quote.split())),
        "where": f"{fact.source.name}, {where}",
    }
