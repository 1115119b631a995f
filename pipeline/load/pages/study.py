"""The dossier of one study: what to supply, what to know, the design, the data, the words."""

from collections import Counter

import pyarrow as pa
from markupsafe import Markup

from pipeline.load.pages.datasets import SIGNS, datasets, uses
from pipeline.load.pages.rendering import render
from pipeline.load.pages.source import Use, shown
from pipeline.load.pages.words import cells, places, sigla, told, word
from pipeline.load.pages.worklist import asked, noted, open_uses
from pipeline.load.schematic import schematic
from pipeline.spec.model import Spec
from pipeline.values import Study


def study_page(study: Study, tables: dict[str, pa.Table], spec: Spec) -> bytes:
    """`study.html`: needs no network and no script, opens from a folder, prints.

    Every value that rests on a record links to its words, and every quoted line back to what
    rests on it. Made in time linear in the records and the datasets.
    """
    known = places(study)
    made = datasets(study, tables, known, spec)
    tasks, issues = asked(study, known, spec), noted(study, known)
    resting: dict[str, list[Use]] = {}
    for name, use in [*uses(study, made, known, spec), *open_uses(tasks, issues)]:
        resting.setdefault(name, []).append(use)
    quoted = [fact for cell in (study.studyid, *cells(study)) for fact in cell.basis]
    quoted += [fact for task in study.worklist for fact in task.candidates]
    records = told(study)
    signs = sigla(len(records))
    content = {
        "study": study,
        "title": _stated(study, "title.official", "title.brief"),
        "conditions": _stated(study, "condition.name"),
        "studyid": [word(fact, known) for fact in study.studyid.basis],
        "counts": Counter(cell.how for cell in cells(study)),
        "hows": [(how, SIGNS[how], means) for how, means in spec.hows.items()],
        "tasks": tasks,
        "noted": issues,
        "picture": Markup(schematic(tables)),  # noqa: S704 - escaped where it is drawn
        "datasets": made,
        "ct": f"{spec.terminology.package} {spec.terminology.version}",
        "sdtmig": spec.standard.sdtmig,
        "records": [
            shown(record, sign, known, quoted, resting)
            for record, sign in zip(records, signs, strict=True)
        ],
    }
    return render("study.html.jinja", content)


def _stated(study: Study, *concepts: str) -> str:
    """What the records say of the first of the concepts that any of them states."""
    facts = [fact for record in study.records for fact in record.facts]
    for concept in concepts:
        if found := [fact.value for fact in facts if fact.concept == concept]:
            return found[0] if len(concepts) > 1 else "; ".join(dict.fromkeys(found))
    return ""
