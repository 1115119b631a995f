"""Eligibility text: nothing is lost, nothing is taken twice, and what experts read is what is made."""

import re
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import read
from pipeline.extract.criteria import split_criteria
from pipeline.extract.criteria.reading import read_parts
from pipeline.spec import load
from pipeline.text import width
from pipeline.transform.condensing import condensed
from pipeline.transform.limits import rule_of
from pipeline.transform.ti import criteria
from pipeline.values import Fact, Record, Source, Span
from tests.conftest import SHARED

SPEC = load()
SOURCE = Source(name="x", registry="r", format="f", sha256="0")
OWN = ("criterion.inclusion", "criterion.exclusion", "criterion.heading", "criterion.remark")
LAYOUT = re.compile(r"(?:\W|_|\d+|[a-zA-Z]\b|[ivxIVX]+\b|<br ?/?>)*")
"""What may stand between: blanks, bullets, numbers and letters of lists, a registry's line breaks."""


def split(text: str) -> list[Fact]:
    whole = Fact("eligibility.criteria", text, text, Span(0, len(text)), SOURCE)
    return split_criteria([whole], SPEC)[0]


def made(text: str) -> list[tuple[str, str]]:
    facts = [fact for fact in split(text) if fact.concept in OWN]
    return [(fact.concept.split(".")[1][0], fact.value) for fact in facts]


def rows(text: str) -> list[dict]:
    found = defaultdict(tuple)
    for fact in split(text):
        found[fact.concept] += (fact,)
    return [
        {name: getattr(cell, "value", cell) for name, cell in row.items()}
        for row in criteria(found, SPEC)[0].rows
    ]


def assert_parted(text: str, start: int, facts: list[Fact]) -> None:
    at = 0
    for fact in facts:
        low, high = fact.span.start - start, fact.span.end - start
        assert at <= low < high <= len(text)
        assert text[low:high] == fact.quote
        assert LAYOUT.fullmatch(text[at:low]), text[at:low]
        at = high
    assert LAYOUT.fullmatch(text[at:]), text[at:]


LINES = st.sampled_from(
    ["Inclusion Criteria:", "EXCLUSION CRITERIA", "Part B:", "Any of the following:",
     "Adequate organ function as follows:", "Age over 18 years", "No stroke;", "ends here.",
     "Patients may be rescreened and are allowed to join", "Note: read this", "", "مرضى السكري",
     "<b>Bold</b> | a | table |", "1. one 2. two 3. three", "ÄÖ €", "x" * 300, "---", "\\>18"]
)  # fmt: skip
STARTS = st.sampled_from(
    ["", "* ", "- ", "  * ", "1. ", "    2. ", "(a) ", "• ", "1\\) ", "\t", "\r"]
)


@given(st.lists(st.tuples(STARTS, LINES)), st.sampled_from(["", "inclusion"]))
def test_every_word_belongs_to_one_part(lines, kind):
    text = "\n".join(start + line for start, line in lines)
    at = 0
    for part in read_parts(text, kind):
        assert at <= part.low < part.high <= len(text)
        assert LAYOUT.fullmatch(text[at : part.low]), text[at : part.low]
        at = part.high
    assert LAYOUT.fullmatch(text[at:])


@given(st.text())
def test_no_text_is_lost(text):
    at = 0
    for part in read_parts(text, ""):
        assert LAYOUT.fullmatch(text[at : part.low]), text[at : part.low]
        at = part.high
    assert LAYOUT.fullmatch(text[at:])


@pytest.mark.parametrize("folder", ["ctgov_v2", "ctgov_xml", "ctgov_v1_json", "euctr_ctrdata_json"])
def test_every_word_of_the_shared_records_belongs_to_one_part(folder):
    files = sorted((SHARED / "records" / folder).glob("*"))
    if not files:
        pytest.skip("../shared/records is not there")
    for path in files:
        for record in read(path.read_bytes(), path.name, SPEC):
            if not isinstance(record, Record):
                continue
            found = split_criteria(record.facts, SPEC)[0]
            for whole in record.facts:
                if not whole.concept.startswith("eligibility.") or whole.concept not in (
                    "eligibility.criteria", "eligibility.inclusion", "eligibility.exclusion",
                ):  # fmt: skip
                    continue
                inside = [
                    fact for fact in found
                    if fact.concept in OWN and fact.span.path == whole.span.path
                    and whole.span.start <= fact.span.start < whole.span.end
                ]  # fmt: skip
                assert_parted(whole.quote, whole.span.start, inside)


def test_headings_in_many_spellings():
    for heading in (
        "Key Inclusion Criteria", "INCLUSION CRITERIA:", "**Inclusion Criteria**", "Inclusion:",
        "Inclusion criteria for Part B", "Criteria for inclusion:", "Main inclusion criteria are:",
    ):  # fmt: skip
        assert made(f"{heading}\n\n* Thirsty\n\nNon-inclusion criteria:\n\n* Asleep") == [
            ("h", heading), ("i", "Thirsty"), ("h", "Non-inclusion criteria:"), ("e", "Asleep"),
        ]  # fmt: skip


def test_a_heading_in_the_line_leaves_its_criterion():
    assert made("Inclusion Criteria: Thirsty adults") == [
        ("h", "Inclusion Criteria:"), ("i", "Thirsty adults"),
    ]  # fmt: skip


def test_alternatives_stay_one_and_organ_functions_are_many():
    text = (
        "Inclusion Criteria:\n\n* One of the following:\n\n  * red\n  * blue\n"
        "* Patients must have adequate organ function as follows:\n\n"
        "  * Platelets ≥ 100,000/mcL\n  * Bilirubin ≤ 1.5 x ULN\n"
    )
    assert [row["IETEST"] for row in rows(text)] == [
        "One of the following: * red * blue",
        "Adequate organ function: Platelets ≥ 100,000/mcL",
        "Adequate organ function: Bilirubin ≤ 1.5 x ULN",
    ]
    assert [row.get("TIRL") for row in rows(text)][1:] == [
        "PLAT >= 100,000 /mcL", "BILI <= 1.5 x ULN",
    ]  # fmt: skip


def test_a_part_is_the_subcategory_until_the_next():
    text = (
        "Part A Inclusion Criteria:\n\n* Tired\n\nInclusion Criteria for Part B:\n\n* Awake\n\n"
        "Exclusion Criteria:\n\n* Asleep\n* Part C: Dreaming"
    )
    assert {row["IETEST"]: row.get("IESCAT") for row in rows(text)} == {
        "Tired": "Part A", "Awake": "Part B", "Asleep": None, "Part C: Dreaming": "Part C",
    }  # fmt: skip


def test_notes_are_remarks_and_permissions_are_criteria():
    text = (
        "Inclusion Criteria:\n\n* Thirsty\n* Prior tea is allowed\n"
        "* Other protocol-defined inclusion/exclusion criteria may apply\n* No coffee allowed"
    )
    assert [kind for kind, _ in made(text)] == ["h", "i", "i", "r", "i"]


def test_a_paragraph_that_leads_to_a_list_is_no_criterion_and_its_items_are():
    text = "Inclusion Criteria:\n\nParticipants who meet the following criteria will enter:\n\n* Tired\n* Awake"
    assert [kind for kind, _ in made(text)] == ["h", "h", "i", "i"]
    text = "Inclusion Criteria:\n\nThey must have tea. Participants must be:\n\n* Tired\n* Awake"
    assert [kind for kind, _ in made(text)] == ["h", "i", "h", "i", "i"]
    text = "Inclusion Criteria:\n\nOne of the following criteria is met:\n\n* Tired\n* Awake"
    assert [kind for kind, _ in made(text)] == ["h", "i"]


def test_without_headings_the_wording_classifies():
    text = "* Adults\n* Pregnant women will be excluded\n* No prior tea"
    assert [kind for kind, _ in made(text)] == ["i", "e", "i"]


def test_a_shortened_criterion_keeps_its_limits():
    long = f"Bilirubin (measured {'very ' * 40}often) at most 3 mg/dL"
    text, lost = condensed(long, 200, SPEC)
    assert text == "Bilirubin ... at most 3 mg/dL"
    assert not lost
    text, lost = condensed("tea " * 60 + "unless asleep", 200, SPEC)
    assert lost
    assert width(text, SPEC) <= 200


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Age ≥ 18 years", "AGE >= 18 YEARS"),
        ("Aged 18 to 65 years (inclusive)", "AGE >= 18 YEARS AND AGE <= 65 YEARS"),
        ("18 years of age or older", "AGE >= 18 YEARS"),
        ("Female", "SEX = F"),
        ("ECOG performance status =< 1", "ECOG <= 1"),
        ("ECOG performance status 0-2", "ECOG <= 2"),
        ("Platelet count ≥100 x 109/L", "PLAT >= 100 x 10^9/L"),
        ("AST and ALT ≤ 2.5 x ULN", "AST <= 2.5 x ULN AND ALT <= 2.5 x ULN"),
        ("Age ≥ 18 years unless tired", None),
        ("Male or female", None),
        ("AST ≤ 3 x ULN, or 5 x ULN with liver metastases", None),
    ],
)
def test_a_simple_criterion_is_a_rule(text, rule):
    assert rule_of(text) == rule


@pytest.mark.parametrize(
    "text",
    ["word " * 40_000, "x" * 200_000, "مرضى السكري " * 5_000, "<td>a</td>" * 20_000],
    ids=["one-line", "no-blanks", "right-to-left", "html"],
)
def test_a_text_that_nothing_parts_is_kept_whole_with_an_issue(text):
    whole = Fact("eligibility.criteria", text, text, Span(0, len(text)), SOURCE)
    (one,), issues = split_criteria([whole], SPEC)
    assert one.quote == text.strip()
    assert [issue.code for issue in issues] == ["criteria.unclassified", "criteria.unsplit"]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        # a list of parts, each named by a line of its own, in the open and inside an item
        ("* All parts (A, B)\n\n  1. Tired\n  2. Awake\n\nPart A only\n\n* Thirsty", "hiihi"),
        ("1. Cohort 1:\n\n   Tired and old\n\n   Cohort 2:\n\n   Awake and young", "hihi"),
        ("Tea drinking patients:\n\n* Tired\n* Awake\n\nHealthy controls:\n\n* Thirsty", "hiihi"),
        # what goes on inside an item: a paragraph, also one with a list of its own
        ("1. Laboratory tests meet the requirements:\n\n   Platelets ≥ 80 and more\n2. Awake", "ii"),
        ("1. Tired of one of these:\n\n   a. green tea\n\n   if tea failed, also coffee:\n\n   b. black\n2. Awake", "ii"),
        ("* Adults who have had thirst as defined (below):\n\nOne of these three:\n\n1. dry\n2. hot", "i"),
        # items of one list all end in a semicolon, so that a colon gathers none of them
        ("* Tired;\n* Tea and history of it:\n* Awake;\n* Thirsty;\n* Old", "iiiii"),
        ("* Tea as one of:\n* green, or\n* black\n* Awake", "ii"),
        # lines that only announce
        ("* Patients must meet the following criteria for study entry:\n\n  * Tired\n  * Awake", "hii"),
        ("The following age-specific requirements apply:\n\n* Tired\n* Awake", "hii"),
        ("* Values in the following laboratory ranges:\n\n  * Platelets ≥ 80\n  * Neutrophils ≥ 2", "hii"),
        ("1. Prior or concomitant medications\n\n   1. No tea\n   2. No coffee", "hii"),
        ("* The following lab values\n\n  * Platelets < 80\n  * Neutrophils < 2", "hii"),
        ("1. Tired\n\n   ADDITIONAL CRITERIA FOR COHORT B\n2. Awake", "ihi"),
        ("1. Inclusion criteria for tea people 1) Tired 2) Awake 3) Old", "hiii"),
        ("* Tea \\< 3 cups with the following exception:\n* Tired with 4 cups\n* Awake", "ii"),
        ("* The following blood counts at baseline:\n* Platelets ≥ 80\n* Neutrophils ≥ 2", "hii"),
        ("1. No tea\n\n   The following are exceptions:\n\n   1. green\n   2. black\n2. Awake", "ii"),
        ("Criteria for entry The following criteria are required for tea.\n\n* Awake", "ri"),
        ("The screening window is 28 days.\n\n* Awake", "ri"),
        ("Group A (tea, \\[green\\], black) - Specific Exclusion Criteria:\n\n* Tired\n* Old", "hee"),
        ("Patients with thirst:\n\n* Tired\n* Awake", "hii"),
        ("* Thirst, defined as:\n* dry\n* OR hot, if old\n* Awake", "ii"),
        ("* Tired\n* N/A; retrospective study", "ir"),
        ("* 1\\) Tired 2) Awake 3) Old 4) Young", "iiii"),
        ("* See Disease Characteristics\n* Awake", "ri"),
    ],
)  # fmt: skip
def test_what_lines_are(lines, kinds):
    assert "".join(kind for kind, _ in made(f"Inclusion Criteria:\n\n{lines}"))[1:] == kinds


def test_roman_numbers_are_marks():
    text = "Inclusion Criteria:\n\n1. One of these:\n\n   i. dry\n\n   ii. hot\n\n   iii. red\n2. Awake"
    assert [value for kind, value in made(text) if kind == "i"][-1] == "Awake"
    assert len(made(text)) == 3
