"""The laws of the design: quotation, nothing unread, no guess, provenance, projections."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read
from pipeline.extract.lines import split_lines
from pipeline.issues import CATALOGUE, Unreadable
from pipeline.spec import load
from pipeline.tabulate import tables
from pipeline.transform import methods
from pipeline.values import Cell
from tests.conftest import SEED, SHARED, flavors, record_of, study_of, values

SPEC = load()
PAGES = [SEED, *sorted((SHARED / "records" / "page_text").glob("*ed.txt"))]
LINES = SEED.read_text(encoding="utf-8").splitlines(keepends=True)


def basis_of(study):
    for table in study.tables.values():
        for row in table.rows:
            for variable, cell in row.items():
                if isinstance(cell, Cell):
                    yield table.domain, variable, cell


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_law_1_a_quote_is_what_stands_at_its_span(path):
    study = study_of(path.read_text(encoding="utf-8"), SPEC, path.name)
    text = study.records[0].text
    facts = [*study.records[0].facts, *(f for *_, cell in basis_of(study) for f in cell.basis)]
    facts += [fact for task in study.worklist for fact in task.candidates]
    assert len(facts) > 8
    for fact in facts:
        assert fact.quote == text[fact.span.start : fact.span.end]
        assert fact.quote
    for issue in study.issues:
        if issue.quote:
            assert issue.quote == text[issue.span.start : issue.span.end]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_law_2_every_line_is_read_ignored_by_name_or_an_issue(path):
    text = path.read_text(encoding="utf-8") + "\nA line that no page is known to hold\n"
    record = record_of(text.encode(), path.name, SPEC)
    mapping = SPEC.registries["ctgov_page"]
    spans = [(fact.span.start, fact.span.end) for fact in record.facts]
    spans += [(i.span.start, i.span.end) for i in record.issues if i.span]
    ignored = {heading for heading, section in mapping.sections.items() if section.read == "ignore"}
    starts = tuple(s.starts for s in mapping.sections.values() if s.starts)
    labels = {v.label for s in mapping.sections.values() for v in s.values}
    section, item, unread = "", 0, []
    for line in split_lines(text):
        word = line.text.removeprefix("View full results")
        if word in mapping.sections:
            section, item = word, 0
            continue
        if line.text.startswith(starts) or section in ignored or line.text in labels:
            continue
        item += 1
        facility = section == "Locations" and item % 2
        kind = line.text.startswith(("Identifier ", "Group Type", "Intervention Type"))
        again = section == "Study Groups" or (
            section == "Sponsors" and re.fullmatch(r"[A-Z_]+", line.text)
        )
        if facility or kind or again:
            continue
        if not any(low < line.end and line.start < high for low, high in spans):
            unread.append(line.text)
    assert not [text for text in unread if section not in ignored]


def test_law_2_a_line_that_fits_nothing_is_an_issue_with_its_place(page):
    for heading, intruder in (
        ("INTERVENTIONAL\n", "7 sites\n"),
        ("Role: primary\nReferences", None),
        ("Identifier Source: org_study_id\n", "stray words\n"),
    ):
        if intruder is None:
            continue
        text = page.replace(heading, heading + intruder, 1)
        record = record_of(text.encode(), "p.txt", SPEC)
        found = [i for i in record.issues if i.code == "source.unread"]
        assert [i.quote for i in found] == [intruder.strip()]
        assert text[found[0].span.start : found[0].span.end] == intruder.strip()


@pytest.mark.parametrize(
    ("word", "code"),
    [("RECRUITING", "SENDTC"), ("PHASE1/PHASE2", "TPHASE"), ("NON_RANDOMIZED", "RANDOM"),
     ("PARALLEL", "INTMODEL"), ("TREATMENT", "TINDTP"), ("INTERVENTIONAL", "STYPE")],
)  # fmt: skip
def test_law_3_an_unknown_word_is_an_issue_never_a_default(page, word, code):
    text = page.replace(f"\n{word}\n", "\nNEVER_SEEN\n", 1)
    study = study_of(text, SPEC)
    assert any(i.code == "term.unknown" and i.quote == "NEVER_SEEN" for i in study.issues)
    assert values(study, code) in ([], [None])


def test_law_3_a_null_flavor_has_a_stated_reason(seed):
    for row in seed.tables["TS"].rows:
        cell = row["TSVAL"]
        assert (cell.value is None) == (row["TSVALNF"] is not None)
        if cell.value is None:
            assert SPEC.reasons[cell.reason].flavor == row["TSVALNF"]


def test_law_3_what_is_filled_has_words_and_what_is_assumed_says_why(seed):
    for domain, variable, cell in basis_of(seed):
        if cell.how in ("copied", "normalised", "derived"):
            assert cell.basis, (domain, variable, cell.value)
        if cell.how == "assumed":
            assert cell.reason, (domain, variable, cell.value)
        if cell.how == "copied" and isinstance(cell.value, str):
            assert any(cell.value == fact.value for fact in cell.basis)
        if cell.how == "derived":
            assert methods()[cell.rule], (domain, variable)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, len(LINES) - 1), max_size=25))
def test_a_page_with_lines_missing_never_says_what_its_lines_do_not(gone):
    text = "".join(line for number, line in enumerate(LINES) if number not in gone)
    try:
        study = study_of(text, SPEC)
    except Unreadable as error:
        assert error.code in CATALOGUE
        return
    for *_, cell in basis_of(study):
        for fact in cell.basis:
            assert text[fact.span.start : fact.span.end] == fact.quote
    assert "NCT00003148" not in {fact.value for fact in study.records[0].facts}
    assert values(study, "REGID") in ([None], ["2019-001929-27"], ["HEMAML42"])
    tables(study, SPEC)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=120))
def test_a_page_with_lines_shuffled_is_refused_or_built(lines):
    try:
        study = study_of("".join(lines), SPEC)
    except Unreadable:
        return
    tables(study, SPEC)


def test_law_7_every_variable_and_parameter_is_projected(seed):
    made = tables(seed, SPEC)
    for code, table in made.items():
        own = {name for name in table.schema.names if not re.fullmatch(r"TSVAL\d", name)}
        assert own <= set(SPEC.domains[code].variables)
        for name, variable in SPEC.domains[code].variables.items():
            assert name in table.schema.names or variable.core == "Perm"
    assert set(SPEC.parameters) == set(SPEC.terminology.codelists["TSPARMCD"].terms)
    always = {code for code, parameter in SPEC.parameters.items() if parameter.required == "always"}
    assert always <= {row["TSPARMCD"] for row in seed.tables["TS"].rows}


def test_every_rule_is_used_and_every_rule_named_exists():
    from pipeline.transform.rules import rules

    named = {decision.rule for decision in SPEC.decisions.values() if decision.rule}
    assert named == set(rules())


def test_every_issue_code_in_the_code_is_in_the_catalogue_and_back():
    from pathlib import Path

    root = Path(read.__code__.co_filename).parents[1]
    source = "".join(
        path.read_text() for path in root.rglob("*.py") if path.parent.name != "issues"
    )
    for code in CATALOGUE:
        assert f'"{code}"' in source, f"nobody raises {code}"
    for code in re.findall(r'(?:Issue|Unreadable|note|_about)\(\s*"([a-z]+\.[a-z-]+)"', source):
        assert code in CATALOGUE


def test_flavors_say_no_upper_limit_and_not_yet(seed):
    assert flavors(seed, "AGEMAX") == ["PINF"]
    assert flavors(seed, "SENDTC") == ["NAV"]
    assert flavors(seed, "TITLE") == ["NI"]
