"""Law 4: one study, one table. A trial that is held in two formats gives the same rows wherever both
records say the same; what they say differently stands here with its reason.
"""

import re
from collections import defaultdict
from functools import cache
from itertools import combinations

import pytest

from pipeline.extract import read, with_prose
from pipeline.spec import load
from pipeline.study import build
from pipeline.values import Record
from tests.conftest import SHARED

SPEC = load()
FOLDERS = ("ctgov_v2", "ctgov_xml", "ctgov_v1_json", "page_text", "ctgov_csv")

# Formats from the richest to the poorest: a later one may say less than one before it.
RANK = ("ctgov_v2", "ctgov_xml", "ctgov_v1", "ctgov_page", "ctgov_csv", "ctgov_csv_old")

MARKS = "The list marks of the text are written in another way, or lost."
LINKED = (
    "In the XML the labels are the only links between arms and interventions, and are read as such."
)
OLDER = "The records are of different days; the registry itself says something else."
LATER = "The registry adds publications that name the trial, and leaves the record's day as it is."
DIFFERENT = {
    ("ctgov_v2", "ctgov_xml", "reference.pubmed"): LATER,
    ("ctgov_xml", "ctgov_v1", "reference.pubmed"): LATER,
    ("ctgov_v2", "ctgov_xml", "eligibility.criteria"): MARKS,
    ("ctgov_v2", "ctgov_xml", "text.description"): MARKS,
    ("ctgov_v2", "ctgov_xml", "sponsor.lead.class"): "The old format calls a network OTHER.",
    ("ctgov_v2", "ctgov_xml", "reference.citation"): "The old format has the authors apart; v2 keeps results references apart.",
    ("ctgov_v2", "ctgov_xml", "design.allocation"): OLDER,
    ("ctgov_v2", "ctgov_xml", "date.updated"): OLDER,
    ("ctgov_v2", "ctgov_v1", "eligibility.criteria"): MARKS,
    ("ctgov_xml", "ctgov_v1", "eligibility.criteria"): MARKS,
    ("ctgov_xml", "ctgov_v1", "criterion.inclusion"): "The retired API lost the marks of lists: an option below a criterion looks like one.",
    ("ctgov_xml", "ctgov_v1", "criterion.exclusion"): "The retired API lost the marks of lists: an option below a criterion looks like one.",
    ("ctgov_xml", "ctgov_v1", "criterion.heading"): MARKS,
    ("ctgov_xml", "ctgov_v1", "criterion.part"): MARKS,
    ("ctgov_xml", "ctgov_v1", "text.summary"): MARKS,
    ("ctgov_xml", "ctgov_v1", "reference.citation"): OLDER,
    ("ctgov_xml", "ctgov_v1", "sponsor.lead.class"): "The old format calls a public body OTHER.",
    ("ctgov_xml", "ctgov_v1", "date.updated"): OLDER,
    ("ctgov_v2", "ctgov_page", "date.completion"): "The site writes a month as its last day.",
    ("ctgov_v2", "ctgov_page", "text.description"): "The page is cut to a length, or its marks are lost.",
    ("ctgov_v2", "ctgov_xml", "intervention.arm"): LINKED,
    ("ctgov_xml", "ctgov_v1", "intervention.arm"): LINKED,
    ("ctgov_v2", "ctgov_csv", "date.completion"): OLDER,
    ("ctgov_v1", "ctgov_csv", "regimen.route"): OLDER,
    ("ctgov_v1", "ctgov_csv", "date.completion"): OLDER,
    ("ctgov_v1", "ctgov_csv", "intervention.name"): OLDER,
    ("ctgov_v1", "ctgov_csv", "sponsor.collaborator"): OLDER,
    ("ctgov_v2", "ctgov_csv_old", "location.country"): "The table joins city and country, and leaves places out.",
    ("ctgov_page", "ctgov_csv_old", ""): "An excerpt of a page has its first lines only.",
}  # fmt: skip
"""What two formats say differently of a concept, or of any (no concept), and why."""

ASIDE = {
    "eligibility.criteria",
    "sponsor.lead.class",
    "reference.citation",
    "reference.pubmed",
    "date.updated",
    "text.description",
}
"""Concepts whose marks or words differ, and on which no row but those of TS rests."""


def said(record: Record) -> dict[str, tuple[str, ...]]:
    """The values of each concept in order, however they are spaced."""
    found = defaultdict(list)
    for fact in with_prose(record, SPEC).facts:
        found[fact.concept].append(" ".join(fact.value.split()))
    return {concept: tuple(sorted(values)) for concept, values in found.items()}


@cache
def held():
    """The trials that stand in more than one format: one record of each, richest first."""
    found = defaultdict(dict)
    for path in (p for folder in FOLDERS for p in sorted((SHARED / "records" / folder).glob("*"))):
        for one in read(path.read_bytes(), path.name, SPEC):
            if isinstance(one, Record) and re.fullmatch(r"NCT\d{8}", one.source.id):
                found[one.source.id].setdefault(one.source.format, one)
    return {
        trial: sorted(records.values(), key=lambda one: RANK.index(one.source.format))
        for trial, records in sorted(found.items())
        if len(records) > 1
    }


def pairs():
    if not (SHARED / "records").is_dir():
        pytest.skip("../shared is not there")
    return [(t, *pair) for t, records in held().items() for pair in combinations(records, 2)]


def differing(richer: Record, poorer: Record) -> set[str]:
    """The concepts of which the poorer record says something that the richer does not say, or of
    which it should say as much.
    """
    ours, theirs = said(richer), said(poorer)
    lossy = RANK.index(poorer.source.format) > RANK.index("ctgov_v1")
    return {
        concept
        for concept in {*ours, *theirs}
        if ours.get(concept, ()) != theirs.get(concept, ())
        and not (lossy and set(theirs.get(concept, ())) < set(ours.get(concept, ())))
    }


def reasons(richer: Record, poorer: Record, concept: str) -> set[tuple[str, str, str]]:
    formats = richer.source.format, poorer.source.format
    return {key for key in ((*formats, concept), (*formats, "")) if key in DIFFERENT}


def test_what_two_formats_say_differently_is_known_with_its_reason():
    found, unknown = set(), []
    for trial, richer, poorer in pairs():
        for concept in differing(richer, poorer):
            why = reasons(richer, poorer, concept)
            found |= why
            if any(DIFFERENT[key] == OLDER for key in why):
                assert richer.source.version != poorer.source.version, (trial, concept)
            if not why:
                unknown.append((trial, richer.source.format, poorer.source.format, concept))
    assert not unknown
    assert found == set(DIFFERENT)


def tables_of(record: Record):
    """The values of TS by parameter, and the other tables whole; texts however they are spaced."""
    study = build([record], SPEC)
    values = defaultdict(set)
    for row in study.tables["TS"].rows:
        if row["TSVAL"].value is not None:
            values[row["TSPARMCD"]].add(_spaced(row["TSVAL"].value))
    others = {
        domain: [
            {name: _spaced(getattr(cell, "value", cell)) for name, cell in row.items()}
            for row in table.rows
        ]
        for domain, table in study.tables.items()
        if domain != "TS"
    }
    return values, others


def _spaced(value):
    return " ".join(str(value).split())


def test_rows_agree_wherever_both_records_say_the_same():
    compared = 0
    for trial, richer, poorer in pairs():
        differ = differing(richer, poorer)
        lacking = {c for c, values in said(richer).items() if said(poorer).get(c, ()) != values}
        (ours, others), (theirs, poorer_others) = tables_of(richer), tables_of(poorer)
        for code in {*ours, *theirs}:
            asked = set(SPEC.decisions[code].from_)
            if asked & differ:
                continue
            compared += 1
            place = trial, richer.source.format, poorer.source.format, code
            assert theirs[code] <= ours[code], place
            if not asked & lacking:
                assert theirs[code] == ours[code], place
        if not {c for c in differ | lacking if c not in ASIDE}:
            compared += 1
            assert poorer_others == others, trial
    assert compared > 500
