"""Slips of forms and of those who fill them in: lists nested, escaped or run together by mistake."""

import pytest

from pipeline.extract.criteria.reading import read_parts
from pipeline.extract.criteria.tails import unformed

IN, OUT = "Inclusion Criteria:\n\n", "Exclusion Criteria:\n\n"


def parts(text: str) -> list[tuple[str, str, str]]:
    """Kind, words and part of all that is no heading."""
    found = read_parts(text, "")
    return [(p.kind[0], text[p.low : p.high], p.group) for p in found if p.kind != "heading"]


def asked(text: str) -> list[str]:
    return [words for kind, words, _ in parts(text) if kind in "ie"]


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("a) Tired b) Awake at noon c) Old", ["Tired", "Awake at noon", "Old"]),
        ("(i) tired; (ii) awake at noon; and, (iii) old.", 3),
        ("i. Tired ii. Awake iii. Old", ["Tired", "Awake", "Old"]),
        ("* Platelets ≥ 9; ② Bilirubin normal; ③ Not tired", 3),
        (
            "* Able to read; 3. Tired at noon; 4. Awake",
            ["Able to read;", "Tired at noon;", "Awake"],
        ),
        ("Tired, 2. Awake at noon 3. Old", ["Tired,", "Awake at noon", "Old"]),
        ("1. Up\n2. Tired. 3. Awake", ["Up", "Tired.", "Awake"]),
        ("1. Up\n2. Grade a) or 3", ["Up", "Grade a) or 3"]),
        ("1. Tea within 30 days 2) Awake 3) Old", 3),
        ("2. Inclusion criteria for the old 1) Tired 2) Awake", ["Tired", "Awake"]),
        ("a. Ill by B. cereus", ["Ill by B. cereus"]),
        ("1. Up\n2. Aged 18 to 3. Old", ["Up", "Aged 18 to 3. Old"]),
        ("* Tea with vitamin a. And milk", 1),
    ],
)
def test_numbers_and_letters_part_a_line(line, items):
    found = asked(IN + line)
    assert (len(found) if isinstance(items, int) else found) == items


def test_a_list_in_the_line_that_announces_it_is_told_as_one_below_it():
    text = "* Adequate renal and hepatic function: 1) Creatinine ≤ 2; 2) Bilirubin ≤ 1\n* Awake"
    assert asked(IN + text) == ["Creatinine ≤ 2;", "Bilirubin ≤ 1", "Awake"]
    for whole in (
        "Any of the following: a) gout b) cold feet",
        "Gout with: a) cold feet or b) warm feet",
        "Aged 18. Adequate organ function: 1) Creatinine ≤ 2; 2) Bilirubin ≤ 1",
    ):
        assert asked(f"{IN}* {whole}\n* Awake") == [whole, "Awake"]


def test_a_number_that_a_form_escaped_goes_on_with_the_list_outside():
    text = (
        f"{OUT}* 1\\. Tired\n\n  2\\. Any of the following:\n\n  • gout\n  * cold feet\n\n"
        "    3\\. Awake\n\n    4\\. Old. 5. Up"
    )
    assert asked(text) == [
        "Tired",
        "Any of the following:\n\n  • gout\n  * cold feet",
        "Awake",
        "Old.",
        "Up",
    ]
    lost = f"{OUT}Any of the following:\n\n1. Gout\n2. Cold feet\n\n   2\\. Tired\n\n   3\\. Old"
    assert asked(lost)[-2:] == ["Tired", "Old"]


def test_a_list_nested_below_a_whole_item_to_the_end_of_its_section_stands_beside_it():
    nested = "* Known gout\n\n  * Cold feet\n  * Awake at noon\n  * Tired\n"
    assert asked(f"{IN}{nested}\n{OUT}* Old") == ["Known gout", "Cold feet", "Awake at noon", "Tired",
                                                 "Old"]  # fmt: skip
    notes = "* Known gout\n\n  * Cold feet are allowed\n  * These may be warm\n  * Note: ask\n"
    assert len(asked(f"{IN}{notes}\n{OUT}* Old")) == 2
    options = "* Known gout with\n\n  * Cold feet\n  * Warm feet\n  * No feet\n"
    assert len(asked(f"{IN}{options}\n{OUT}* Old")) == 2
    assert len(asked(f"{IN}{nested}* Up\n\n{OUT}* Old")) == 3


def test_the_only_heading_of_exclusions_is_one_wherever_it_is_indented():
    text = f"{IN}* Tired:\n\n  1. Gout\n  2. Old\n\n     Exclusion Criteria:\n     1. Awake"
    assert parts(text)[-1][:2] == ("e", "Awake")
    twice = (
        f"{IN}* Either:\n\n  1. Gout; OR\n\n     Exclusion Criteria:\n  2. Old\n* Up\n\n{OUT}* Down"
    )
    assert [kind for kind, _, _ in parts(twice)] == ["i", "i", "e"]


@pytest.mark.parametrize(
    "line",
    [
        "Not meeting inclusion criteria",
        "Any participant not fulfilling the inclusion criteria",
        "Failure to meet eligibility criteria",
        "Requirement for systemic immune suppression",
    ],
)
def test_an_exclusion_that_speaks_of_criteria_is_no_heading(line):
    assert parts(f"{OUT}* {line}\n* Old") == [("e", line, ""), ("e", "Old", "")]


def test_a_line_that_says_who_is_eligible_leads_to_the_criteria_below_it():
    lead = "* A person is eligible to be included only if all of the following criteria apply:"
    assert asked(f"{IN}{lead}\n\n  1. Tired\n  2. Awake") == ["Tired", "Awake"]
    out = "People who meet any of the following criteria will be disqualified from entering:"
    assert asked(f"{OUT}{out}\n\n1. Tired\n2. Awake") == ["Tired", "Awake"]
    one = "* One of the following inclusion criteria must be true:\n\n  1. Gout\n  2. Cold feet"
    assert len(asked(IN + one)) == 1
    named = "* People with the following stones are not eligible, as they roll:\n\n  * Pebbles"
    assert len(asked(f"{OUT}* Up\n{named}")) == 2


def test_what_must_be_met_in_addition_is_a_criterion_of_its_own():
    text = (
        "* Consent\n\nIn addition to the above criteria, people must meet one of:\n\n* Gout\n* Old"
    )
    assert asked(IN + text)[0] == "Consent"


def test_an_inclusion_that_ends_in_or_goes_on_and_an_exclusion_does_not():
    listed = "* Creatinine ≤ 2 OR\n* Clearance ≥ 60\n* Awake"
    assert len(asked(IN + listed)) == 2
    assert len(asked(OUT + listed)) == 3


def test_the_title_of_a_section_behind_an_item_is_a_heading():
    text = "1. Gout.\n\n   Prior/Concomitant Therapy\n2. Tea, in\n\n   Graves Disease\n3. Old"
    assert asked(OUT + text) == ["Gout.", "Tea, in\n\n   Graves Disease", "Old"]


def test_a_part_is_named_by_its_heading_and_not_by_numbers_of_criteria():
    text = "Part A Only\n\nInclusion criteria 1-4 for all parts plus:\n\n* Old\n"
    assert parts(f"{IN}* Tired\n\n{text}")[-1] == ("i", "Old", "Part A Only")
    assert parts("Inclusion Criteria for All Parts\n\n* Old")[-1][2] == "All parts"
    assert parts("Specific exclusion criteria by cohort:\n\n* Old")[-1][2] == ""


def test_a_dash_that_is_left_behind_a_criterion_is_no_part_of_it():
    assert asked(f"{IN}* Tired -\n\n{OUT}* Old") == ["Tired", "Old"]


def test_numbers_of_sections_part_a_line():
    text = (
        f"{IN}5.2.3 Tired 5.2.4 Awake.\n\n{OUT}a. Concerns 5.3.1 Old. 5.3.2 Up\n\nb. ICH 1.2.3 Up"
    )
    assert asked(text) == ["Tired", "Awake.", "Concerns", "Old.", "Up", "ICH 1.2.3 Up"]


def test_a_nested_item_that_no_list_begins_with_stands_beside_the_one_above_it():
    assert asked(f"{OUT}* Old\n\n  * 6\\. Tired\n* Up") == ["Old", "Tired", "Up"]


def test_a_cohort_that_an_item_names_is_the_part_of_its_list():
    text = f"{IN}* Cohort 1 (Gout)\n\n  * Known\n  * Old\n* Cohort 2 (Feet)\n\n  * Cold"
    assert parts(text) == [
        ("i", "Known", "Cohort 1 (Gout)"),
        ("i", "Old", "Cohort 1 (Gout)"),
        ("i", "Cold", "Cohort 2 (Feet)"),
    ]


def test_notes_below_a_short_item_are_its_own():
    text = f"{OUT}* Tumor pain\n\n  * People must be on tea\n  * Feet should be warm\n* Old"
    assert len(asked(text)) == 2
    assert asked(f"{OUT}* Comorbidities or Prior Conditions:\n\n  1. Gout\n  2. Feet") == [
        "Gout",
        "Feet",
    ]


def test_the_part_that_an_item_names_ends_with_its_list():
    text = f"{IN}1. Female volunteers:\n   * Not pregnant\n   * Old\n2. Tired"
    assert parts(text) == [
        ("i", "Not pregnant", "Female volunteers"),
        ("i", "Old", "Female volunteers"),
        ("i", "Tired", ""),
    ]


def test_a_digit_that_slipped_into_a_heading_leaves_it_one():
    assert asked("5Inclusion Criteria:\n\n* Old\n* Tired") == ["Old", "Tired"]


def test_a_group_above_the_line_that_leads_to_its_criteria_is_a_heading():
    lead = "Pregnant women who meet the following criteria:\n\n* Old\n* Tired"
    assert asked(f"{IN}Pregnant Women-\n\n{lead}") == ["Old", "Tired"]


def test_the_population_of_a_heading_is_its_part():
    assert parts("Inclusion criteria for patients treated with tea:\n\n* Old")[-1][2] == (
        "patients treated with tea"
    )
    assert parts("Inclusion criteria for the study participants:\n\n* Old")[-1][2] == ""


def test_counts_of_a_form_behind_the_criteria_are_remarks():
    form = "Are the trial subjects under 18? no\nF.1.2 Adults (18-64 years) yes"
    text = f"1. Tired\n2. Old, that is:\n- up\n{form}"
    made = unformed(text, read_parts(text, "inclusion"))
    assert [(p.kind[0], text[p.low : p.high].partition("\n")[0]) for p in made] == [
        ("i", "Tired"),
        ("i", "Old, that is:"),
        ("r", "Are the trial subjects under 18? no"),
    ]
    assert text[made[1].low : made[1].high].endswith("up")


def test_a_diagnosis_that_a_laboratory_confirms_is_no_function():
    text = (
        f"{IN}* Laboratory-confirmed gout or a test result that fulfils all of:\n\n  * Up\n  * Old"
    )
    assert len(asked(text)) == 1


def test_that_others_may_apply_heads_nothing_and_names_no_part():
    other = "Other protocol-defined inclusion criteria may apply."
    assert parts(f"{IN}* Old\n\n{other}\n\n{OUT}* Tired")[-1] == ("e", "Tired", "")


def test_criteria_to_leave_a_study_are_none_to_enter_it():
    assert parts(f"{OUT}* Old\n\nWithdrawal criteria:\n\n* Tired") == [
        ("e", "Old", ""),
        ("r", "Tired", ""),
    ]


def test_limits_beside_the_line_that_asks_for_function_are_criteria():
    text = f"{IN}6. Must have adequate organ function as defined below:\n7. Platelets ≥ 9\n8. Old"
    assert asked(text) == ["Platelets ≥ 9", "Old"]
    assert len(asked(f"{IN}6. Good organ function:\n7. Being willing\n8. Old")) == 3


def test_what_asks_nothing_of_anybody_is_a_remark():
    for line in (
        "The information listed above is not intended to contain all considerations.",
        "Patients must meet all of the following criteria to be considered for the study.",
    ):
        assert [kind for kind, _, _ in parts(f"{IN}* Old\n\n{line}")] == ["i", "r"]


def test_a_line_that_ends_by_announcing_what_follows_is_told():
    found = read_parts(f"{IN}* Meets at least one of the following conditions\n* Gout", "")
    assert [one.flattened for one in found] == [False, True, False]


def test_who_may_bear_children_is_said_and_not_asked():
    text = (
        "Inclusion Criteria:\n\n* A female of childbearing potential is a sexually mature female who:\n\n"
        "  * has not undergone a hysterectomy; or\n  * has had menses\n* Age 18 or over"
    )
    assert asked(text) == ["Age 18 or over"]
    line = "* Women of childbearing potential are willing to use contraception"
    assert asked(f"Inclusion Criteria:\n\n{line}") == [line[2:]]


def test_a_line_that_asks_for_all_that_follows_splits_and_one_of_diagnostic_criteria_does_not():
    items = "\n  * Hives for 6 weeks\n  * UAS7 of 16 or more\n"
    asks = f"Inclusion Criteria:\n\n* CSU (with or without wheals), as defined by all of the following:{items}"
    assert asked(asks) == ["Hives for 6 weeks", "UAS7 of 16 or more"]
    defines = "Inclusion Criteria:\n\n* Allergy meeting all the following diagnostic criteria:"
    assert len(asked(defines + items)) == 1
    who = (
        "Exclusion Criteria:\n\n* Patients who received the following drugs before treatment:\n"
        "  1. Patients who received vaccines\n  2. Patients who received chemotherapy\n"
    )
    assert len(asked(who)) == 2
