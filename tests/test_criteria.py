"""Eligibility text: nothing is lost, nothing is taken twice, and what experts read is what is made."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import read
from pipeline.extract.concepts import by_concept
from pipeline.extract.criteria import blocks, split_criteria
from pipeline.extract.criteria.reading import read_parts
from pipeline.spec import load
from pipeline.text import width
from pipeline.transform.condensing import condensed
from pipeline.transform.limits import rule_of
from pipeline.transform.ti import criteria
from pipeline.values import Fact, Record, Source, Span
from tests.conftest import SEED, SHARED

SPEC = load()
SOURCE = Source(name="x", registry="r", format="f", sha256="0")
OWN = ("criterion.inclusion", "criterion.exclusion", "criterion.heading", "criterion.remark")
LAYOUT = re.compile(r"(?:\W|_|\d+|[①-⑳]|[a-zA-Z]\b|[ivxIVX]+\b|<br ?/?>)*")
"""What may stand between: blanks, bullets, numbers and letters of lists, a registry's line breaks."""


def split(text: str) -> list[Fact]:
    whole = Fact("eligibility.criteria", text, text, Span(0, len(text)), SOURCE)
    return split_criteria(by_concept([whole]), SPEC)[0]


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


FORMATS = (
    "ctgov_v2", "ctgov_xml", "ctgov_v1_json", "isrctn_json", "euctr_ctrdata_json", "euctr_txt",
    "euctr_html", "ictrp",
)  # fmt: skip
"""Those that state criteria as one text; CTIS states each by itself, pages are below."""
WHOLE = ("eligibility.criteria", "eligibility.inclusion", "eligibility.exclusion")


def texts_of(folder: str) -> Iterator[tuple[Record, list[Fact]]]:
    """Each shared record of a format with its texts of criteria."""
    files = sorted((SHARED / "records" / folder).glob("*"))
    if not files:
        pytest.skip("../shared/records is not there")
    for path in files:
        for record in read(path.read_bytes(), path.name, SPEC):
            if isinstance(record, Record):
                yield record, [fact for fact in record.facts if fact.concept in WHOLE]


@pytest.mark.parametrize("folder", FORMATS)
def test_every_word_of_the_shared_records_belongs_to_one_part(folder):
    parted = 0
    for record, wholes in texts_of(folder):
        found = [
            fact
            for fact in split_criteria(by_concept(record.facts), SPEC)[0]
            if fact.concept in OWN
        ]
        for whole in wholes:
            start, end = whole.span.start, whole.span.end
            inside = [
                fact for fact in found
                if fact.span.path == whole.span.path and start <= fact.span.start < end
            ]  # fmt: skip
            assert_parted(whole.quote, start, inside)
            parted += len(inside)
    assert parted


def test_every_word_of_a_page_belongs_to_one_part():
    (record,) = read(SEED.read_bytes(), SEED.name, SPEC)
    (whole,) = [fact for fact in record.facts if fact.concept in WHOLE]
    found = [
        fact for fact in split_criteria(by_concept(record.facts), SPEC)[0] if fact.concept in OWN
    ]
    assert_parted(whole.quote, whole.span.start, found)


FLAT_LINES = st.sampled_from(
    ["Age over 18", "tea", "", "text:", "<b>x</b>", "---", "***", "1. one 2. two", "# head", "> q",
     "```", "| a | b |", "=== ", "x\\", "[a]: b", "* * *", "<div>", "&amp;", "2.", "*"]
)  # fmt: skip
FLAT_STARTS = st.sampled_from(
    ["", "* ", "- ", "+ ", "1. ", "2. ", "3) ", "(a) ", "• ", "1\\) ", "a. ", "-", "*"]
)


def depths(text: str) -> list[tuple[int, int, int, bool]]:
    return [(unit.low, unit.high, unit.depth, unit.fresh) for unit in blocks.units(text)]


def parsed_depths(text: str) -> list[tuple[int, int, int, bool]]:
    """The same with the parser of CommonMark in any case."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "is_flat", lambda _: False)
        return depths(text)


@given(st.lists(st.tuples(FLAT_STARTS, FLAT_LINES), max_size=6))
def test_lists_that_are_not_indented_need_no_parser(lines):
    text = "\n".join(start + line for start, line in lines)
    assert depths(text) == parsed_depths(text)


def test_lists_of_the_shared_records_that_are_not_indented_need_no_parser():
    flat = [
        whole.quote for _, wholes in texts_of("ctgov_v2") for whole in wholes
        if blocks.is_flat(whole.quote)
    ]  # fmt: skip
    assert flat
    for text in flat:
        assert depths(text) == parsed_depths(text)


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
    many = f"Has had tea of any kind, {'green tea, ' * 30}or black tea in the last 12 months"
    text, lost = condensed(many, 200, SPEC)
    assert text.endswith("... or black tea in the last 12 months")
    assert not lost
    bound = f"Has had tea of any kind, {'green tea, ' * 30}black tea, within the last 12 months"
    assert condensed(bound, 200, SPEC)[0].endswith("... black tea, within the last 12 months")
    for kept in (
        "coffee is allowed",
        "cups should be hot",
        "old women are excluded",
        "uncontrolled thirst",
        "stage IV",
    ):
        text, lost = condensed(f"Tea, {'green tea, ' * 30}{kept}, black tea", 200, SPEC)
        assert kept in text
        assert not lost
    judged = f"Tea, {'green tea, ' * 30}which, in the opinion of the cook, keeps one up"
    assert condensed(judged, 200, SPEC)[0].endswith("keeps one up")
    both = f"Tea, {'green tea, ' * 30}AND coffee, black tea"
    assert "AND coffee" in condensed(both, 200, SPEC)[0]
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
    ("text", "parent", "rule"),
    [
        ("At least 2 months", "Life expectancy:", None),
        ("At least 2 years", "Life expectancy:", None),
        ("At least 2 months", "", None),
        ("At least 2 months", "Age:", "AGE >= 2 MONTHS"),
        ("At least 2 months old", "Who may enter:", "AGE >= 2 MONTHS"),
        ("At least 18 years", "", "AGE >= 18 YEARS"),
        ("Hepatic: Bilirubin less than 2 mg/dL", "", "BILI < 2 mg/dL"),
        ("Performance status: ECOG 0-2", "", "ECOG <= 2"),
        ("Feet: Bilirubin less than 2 mg/dL", "", None),
    ],
)
def test_a_time_is_an_age_only_where_the_words_say_so(text, parent, rule):
    assert rule_of(text, parent) == rule


@pytest.mark.parametrize(
    "text",
    [
        "word " * 40_000,
        "x" * 200_000,
        "مرضى السكري " * 5_000,
        "<td>a</td>" * 20_000,
        "старше 18 лет 年齢 مرضى años " * 7_000,
    ],
    ids=["one-line", "no-blanks", "right-to-left", "html", "mixed-languages"],
)
def test_a_text_that_nothing_parts_is_kept_whole_with_an_issue(text):
    whole = Fact("eligibility.criteria", text, text, Span(0, len(text)), SOURCE)
    (one,), issues = split_criteria(by_concept([whole]), SPEC)
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
        ("1. Good organ function:\n2. Awake", "ii"),
        ("* One of the following:\n\nA) dry\n\nB) hot\n\n* Awake", "ii"),
        ("Exclusion criteria:\n1. Patients with thirst are excluded if:\n\n   1. dry\n   2. hot", "he"),
        ("* 1\\. Tired\n\n  2\\. Awake\n\n  3\\. Old", "iii"),
        ("* Adequate organ function including:\n\n  1. Platelets ≥ 80\n  2. Neutrophils ≥ 2", "hii"),
        ("* Tea\n\nNo inclusion / Exclusion Criteria:\n\n* Tired", "ihe"),
        ("Exclusion Criteria:\n\n* Thirst, namely:\n\n  * dry\n  * hot", "he"),
        ("Patients were eligible if they met all criteria:\n\nDisease Of Tea\n\n* Old", "hhi"),
        ("* 1\\. Tired 2. Awake\n\n  3\\. Old. 4. Young, tea 5. Up\n\n  6\\. Ill", "iiiiii"),
        ("1. Tired of tea\n2. Awake 2. day\n3. Old", "iii"),
        ("* 1\\. Any tea:\n\n  1. green\n  2. black\n\n  2\\. Awake\n\n  3\\. Old", "iii"),
        ("* All who meet all of the following criteria are eligible:\n\n  * Old\n  * Up", "hii"),
        ("* See Disease Characteristics\n* Awake", "ri"),
    ],
)  # fmt: skip
def test_what_lines_are(lines, kinds):
    assert "".join(kind for kind, _ in made(f"Inclusion Criteria:\n\n{lines}"))[1:] == kinds


def test_roman_numbers_are_marks():
    text = "Inclusion Criteria:\n\n1. One of these:\n\n   i. dry\n\n   ii. hot\n\n   iii. red\n2. Awake"
    assert [value for kind, value in made(text) if kind == "i"][-1] == "Awake"
    assert len(made(text)) == 3


def test_the_same_criterion_of_two_parts_says_its_part_and_twice_in_one_its_number():
    text = "Inclusion Criteria for Part A:\n\n* Tired\n\nInclusion Criteria for Part B:\n\n* Tired"
    assert [row["IETEST"] for row in rows(text)] == ["Part A: Tired", "Part B: Tired"]
    text = "Inclusion Criteria:\n\n* Tired\n* Awake\n* Tired"
    assert [row["IETEST"] for row in rows(text)] == ["Tired [1]", "Awake", "Tired [3]"]


def test_a_criterion_that_announces_a_list_which_is_not_below_it_is_told():
    text = "Exclusion Criteria:\n\n* Tired of tea of kinds including:\n* green tea\n* Awake"
    whole = Fact("eligibility.criteria", text, text, Span(0, len(text)), SOURCE)
    issues = split_criteria(by_concept([whole]), SPEC)[1]
    assert [issue.code for issue in issues] == ["criteria.flattened-list"]


def test_a_second_heading_without_category_where_no_exclusions_are_headed_is_told():
    text = "Inclusion Criteria:\n\n* Tired\n\nEligibility Criteria:\n\n* Asleep"
    for more, codes in (("", ["criteria.unclassified"]), ("\n\nExclusion Criteria:\n\n* Old", [])):
        said = text + more
        whole = Fact("eligibility.criteria", said, said, Span(0, len(said)), SOURCE)
        assert [issue.code for issue in split_criteria(by_concept([whole]), SPEC)[1]] == codes


def test_a_table_of_200_000_characters_is_parted_by_its_lines_and_nothing_is_lost():
    text = "| Age | at least 18 |\n|---|---|\n" * 6_000
    parts = read_parts(text, "")
    assert len(parts) == 6_000
    assert LAYOUT.fullmatch("".join(text[a.high : b.low] for a, b in pairwise(parts)))


def test_items_below_an_item_of_two_bullets_stand_beside_it():
    text = (
        "Inclusion Criteria:\n\n* • Aged 20 or more\n\n  * Able to walk\n  * Willing to take part\n"
    )
    made = [text[part.low : part.high] for part in read_parts(text, "") if part.kind == "inclusion"]
    assert made == ["Aged 20 or more", "Able to walk", "Willing to take part"]


def test_an_item_that_only_names_a_cohort_heads_the_items_after_it():
    text = (
        "Inclusion Criteria:\n\n* Cohort 1 (people who rest)\n* Tired\n"
        "* Cohort 2 (people who do not)\n* Awake\n"
    )
    assert [one for one in made(text) if one[0] != "h"] == [("i", "Tired"), ("i", "Awake")]
    assert [row["IESCAT"] for row in rows(text)] == [
        "Cohort 1 (people who rest)",
        "Cohort 2 (people who do not)",
    ]
    choices = "Inclusion Criteria:\n\n* Cohort 1 (people who rest)\n* Cohort 2 (those who do not)\n"
    assert [kind for kind, _ in made(choices)] == ["h", "i", "i"]


def test_a_long_heading_behind_the_letter_of_its_part_is_a_heading():
    text = (
        "Inclusion Criteria:\n\n* Tired\n\n"
        "Part B1: Tea in Combination with Biscuits at a Slow Pace Inclusion Criteria\n\n* Awake\n\n"
        "Exclusion Criteria: Study-Wide Eligibility (Across All Parts)\n\n* Asleep\n"
    )
    asked = [one for one in made(text) if one[0] != "h"]
    assert asked == [("i", "Tired"), ("i", "Awake"), ("e", "Asleep")]


def test_items_that_end_in_or_are_alternatives_of_one_criterion():
    text = (
        "Inclusion Criteria:\n\n* Tired, as follows:\n\n  1. for a week OR\n  2. for a day\n* Awake"
    )
    asked = [value for kind, value in made(text) if kind == "i"]
    assert len(asked) == 2
    assert asked[0].startswith("Tired")
    assert asked[1] == "Awake"


def test_a_condition_that_a_line_breaks_is_one_criterion_with_its_consequence():
    listed = "Inclusion Criteria:\n\n1. Awake\n\n"
    asked = made(listed + "If people rest for a day or\nA week, they may still enter.")
    assert asked[-1] == ("i", "If people rest for a day or A week, they may still enter.")
    assert len(made(listed + "If pregnant or nursing\nAge over 70, that is old")) == len(asked) + 1
