"""Eligibility text in Markdown: lists that a form nested wrongly, and paragraphs between them."""

import pytest

from pipeline.extract.criteria.reading import read_parts
from pipeline.extract.criteria.tails import untailed


def parts(text: str) -> list[tuple[str, str]]:
    return [(one.kind[:3], text[one.low : one.high]) for one in read_parts(text, "")]


def asked(text: str) -> list[str]:
    return [words for kind, words in parts(text) if kind in ("inc", "exc")]


def test_an_asterisk_behind_a_number_is_a_mark_of_the_item_and_no_note():
    text = "Exclusion Criteria:\n\n1. Cold feet.\n2. \\*Warm hands.\n\n\\*Seen by a doctor."
    assert parts(text)[1:] == [
        ("exc", "Cold feet."),
        ("exc", "\\*Warm hands.\n\n\\*Seen by a doctor."),
    ]


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("FEV1: Forced Expiratory Volume PV: predicted value", True),
        ("FEV1: Forced Expiratory Volume PV: over 80", False),
        ("Table 2 Signs seen at each visit", True),
        ("Table 2 Limits: ANC ≥ 1.5", False),
    ],
)
def test_abbreviations_and_names_of_tables_ask_nothing(line, remark):
    assert parts(f"* Old\n* Awake\n\n{line}")[-1] == ("rem" if remark else "inc", line)


def test_a_formula_belongs_to_the_criterion_before_it():
    formula = "CrCl = (140 - age) x weight x 0.85"
    assert (
        asked(f"* Old\n* Clearance over 50\n\n{formula}")[-1] == f"Clearance over 50\n\n{formula}"
    )
    assert len(asked("* Old\n* Clearance over 50\n\nScore = mild or less")) == 3


def test_limits_that_stand_outside_the_line_that_announces_them():
    text = "* Platelets over 75\n\n  * Adequate liver function\n* AST normal\n* Awake"
    assert asked(text) == ["Platelets over 75", "Adequate liver function", "AST normal", "Awake"]
    below = "* Adequate function:\n\n  * Adequate liver function\n* Awake"
    assert len(asked(below)) == 2


def test_consent_is_no_option_of_the_item_above():
    text = "* Adults with gout\n\n  * Seen for three months.\n  * Signed informed consent"
    assert len(asked(text)) == 3
    assert len(asked(text.replace("Signed informed consent", "Treated for a year"))) == 1
    assert len(asked(text.replace("with gout", "with gout, including"))) == 1


def test_a_bullet_below_an_item_of_circled_numbers_is_the_next_item():
    text = "* cold feet; ② warm hands;\n\n  * tired."
    assert asked(text) == ["cold feet;", "warm hands;", "tired."]


def test_lists_under_topics_stay_with_the_item_that_announces_them():
    whole = "Any finding including:\n\nBlood:\n\n* pale,\n\nSkin:\n\n* red"
    text = f"* 15\\. {whole}\n\n  * 16\\. Tired"
    assert asked(f"* 14\\. Cold feet\n{text}") == ["Cold feet", whole, "Tired"]


def test_what_a_contraindication_is_is_told_below_it():
    text = "Exclusion Criteria:\n\n* Presence of absolute contra-indications\n\n  * Gout\n  * Cold feet"
    assert len(asked(text)) == 1
    assert len(asked(text.replace("Presence of absolute contra-indications", "Feet"))) == 2


def test_requirements_of_earlier_treatment_are_a_criterion_each():
    assert (
        len(asked("* Prior therapy requirements\n\n  * Rest must be over\n  * Tea may go on")) == 2
    )
    text = "* Prior therapy:\n\nParticipants must have rested.\n\nThey must have had tea."
    assert parts(f"* Old\n{text}")[1] == ("hea", "Prior therapy:")


def test_whom_a_list_is_for():
    found = read_parts("(Awake):\n\n* Old\n* Seen\n\n(Non-allergic):\n\n* Young\n* Unseen", "")
    assert [one.group for one in found if one.kind == "inclusion"] == ["Awake"] * 2 + [
        "Non-allergic"
    ] * 2
    found = read_parts("1. Old\n2. Seen\n\nPatients without gout:\n\n3. Awake", "")
    assert [one.group for one in found if one.kind == "inclusion"] == [
        "",
        "",
        "Patients without gout",
    ]


def test_a_paragraph_after_a_colon_is_the_definition_within_a_group_too():
    text = "For men:\n\n* Old\n* Gout defined by:\n\nRed toes or cold feet.\n\n* Awake"
    assert asked(text) == ["Old", "Gout defined by:\n\nRed toes or cold feet.", "Awake"]


OPTIONS = "".join(f"  * Feet that were cold for {at} weeks before the first dose of the tea\n" for at in
                  "abcdefgh")  # fmt: skip


def test_many_long_items_below_an_item_that_is_whole_are_no_notes_to_it():
    assert len(asked(f"* Has had gout of the toe.\n{OPTIONS}* Awake")) == 10
    assert len(asked(f"* Gout of the toe, such as\n{OPTIONS}* Awake")) == 2
    few = "".join(OPTIONS.splitlines(keepends=True)[:5])
    assert len(asked(f"* Has had gout of the toe.\n{few}* Awake")) == 2


def test_items_nested_below_the_last_option_of_a_paragraph_stand_beside_the_paragraph():
    text = (
        f"* Old\n\nMay join if the following hold:\n\n* Warm hands\n* Red toes\n\n{OPTIONS}\nAwake"
    )
    assert asked(text)[:2] == ["Old", "May join if the following hold:\n\n* Warm hands\n* Red toes"]
    assert len(asked(text)) == 11


def test_a_list_that_begins_with_an_age_is_all_that_is_asked_of_the_people_above_it():
    text = "Drinkers with cold feet:\n\n* Drinkers > 18 years of age\n* Seen once\n* Awake"
    assert [one.group for one in read_parts(text, "")] == ["", *["Drinkers with cold feet"] * 3]
    assert len(asked(text.replace("cold feet:", "one of the following:"))) == 1
    assert len(asked(text.replace("> 18 years of age", "of tea"))) == 1


def test_a_long_name_in_brackets_does_not_hide_whom_a_list_is_for():
    name = (
        "For growth in gout (after the first line of tea \\[T1\\] and of any other brewed drink):"
    )
    assert parts(f"1. {name}\n   1. Old\n   2. Awake")[0] == ("hea", name)


def test_bracketed_numbers_below_a_number_with_a_colon_are_its_options():
    text = (
        "4. Old\n5. Tiredness is defined as follows:\n\n1\\) asleep;\n\n2\\) yawning.\n\n6. Awake"
    )
    assert asked(text) == [
        "Old",
        "Tiredness is defined as follows:\n\n1\\) asleep;\n\n2\\) yawning.",
        "Awake",
    ]
    apart = text.replace("yawning", "must be yawning")
    assert len(asked(apart.replace("is defined as follows", "of the day"))) == 4
    assert len(asked(apart.replace("is defined as follows", "is one of the following"))) == 3


def test_what_a_paragraph_allows_belongs_to_the_exclusion_before_it():
    text = "Exclusion Criteria:\n\n* Any tea.\n\nTea at the first visit will be allowed.\n\n* Gout"
    assert asked(text) == ["Any tea.\n\nTea at the first visit will be allowed.", "Gout"]
    assert len(asked(text.replace("\n\nTea", "\n* Tea"))) == 3


def test_the_next_letter_of_a_list_may_stand_behind_the_item_before_it():
    text = "* Feet are warm b) The toes of the participant are:\n\n* Red"
    found = [(one.kind, text[one.low : one.high]) for one in untailed(text, read_parts(text, ""))]
    assert found[:2] == [
        ("inclusion", "Feet are warm"),
        ("heading", "The toes of the participant are:"),
    ]


def test_other_names_a_topic_outside_lists():
    text = "Exclusion Criteria:\n\n* Gout\n\nOther allergies:\n\n* To tea, all year"
    assert parts(text)[2:] == [("hea", "Other allergies:"), ("exc", "To tea, all year")]


def test_one_item_below_a_whole_sentence_on_functions_is_another():
    assert len(asked("* Adequate organ function.\n\n  * Gives toenails for tests\n* Awake")) == 3
    assert len(asked("* Adequate organ function of\n\n  * Toes\n* Awake")) == 2


def test_a_title_before_a_paragraph_that_announces_a_list_is_a_heading():
    text = "* Old\n\nBeverages\n\nSomebody drank the following before:\n\n* Tea\n* Milk"
    assert parts(text)[1] == ("hea", "Beverages")
    assert parts(text.replace("before:", "before."))[1] == ("inc", "Beverages")


def test_a_paragraph_between_two_numbers_that_follow_each_other_belongs_to_the_first():
    more = "Somebody who drinks tea for as long as this study lasts must also have warm feet."
    text = f"1. Old\n2. Warm hands.\n\n{more}\n\n3. Awake"
    assert asked(text) == ["Old", f"Warm hands.\n\n{more}", "Awake"]
    assert len(asked(text.replace("3. Awake", "1. Awake"))) == 4
    assert parts(text.replace(more, "For men:"))[2] == ("hea", "For men:")


def test_a_step_of_the_study_in_capitals_heads_the_items_after_it():
    text = "Inclusion Criteria:\n\n* PRE-REGISTRATION\n* Awake\n* PRIOR TO DAY 0\n* Old\n* ECOG 0-2"
    assert asked(text) == ["Awake", "Old", "ECOG 0-2"]


def test_what_must_be_met_is_asked_item_by_item():
    head = "Prior to entry, earlier therapies must meet the following washout requirements:"
    text = f"Inclusion Criteria:\n\n* {head}\n\n  1. Cells: 6 weeks;\n  2. Drugs: 3 weeks\n* Awake"
    assert asked(text) == ["Cells: 6 weeks;", "Drugs: 3 weeks", "Awake"]
    text = text.replace("earlier therapies", "subjects who have had therapies")
    assert len(asked(text)) == 2


def test_limits_that_end_a_list_by_a_heading_begin_another():
    text = (
        "Inclusion Criteria:\n\n* Liver function (within 7 days) :\n* AST ≤ 2;\n* ALT ≤ 3;\n"
        "* Kidney function (within 7 days) :\n* Creatinine ≤ 2"
    )
    assert asked(text) == ["AST ≤ 2;", "ALT ≤ 3;", "Creatinine ≤ 2"]


def test_a_remark_in_brackets_asks_nothing():
    text = "Inclusion Criteria:\n\n* Allergic\n* (If to several foods (nuts), the worst is taken.)"
    assert parts(text)[-1][0] == "rem"
