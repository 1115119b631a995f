"""Lists that a registry has flattened: known by labels, numbers and the marks of their items."""

import pytest

from pipeline.extract.concepts import by_concept
from pipeline.extract.criteria import split_criteria
from pipeline.extract.criteria.reading import read_parts
from pipeline.extract.criteria.wording import excludes
from pipeline.extract.listing import listed
from pipeline.spec import load
from pipeline.transform.condensing import lead, under
from pipeline.values import Fact, Source, Span

SPEC = load()
SOURCE = Source("r.xml", "ctgov", "ctgov_v2", "0" * 64)
PDQ = (
    "DISEASE CHARACTERISTICS: Proven gout that is tired Must be awake and on stable tea Any of the"
    " following: Left toe Right toe No ankle\n\n"
    "PATIENT CHARACTERISTICS: Age: 18 and over Life expectancy: Not specified Hepatic: Bilirubin"
    " normal Platelet count at least 1,000 Other: No cold feet Not asleep\n\n"
    "PRIOR CONCURRENT THERAPY: Surgery: See Disease Characteristics At least 2 weeks since surgery"
)


def asked(text, kind="inclusion"):
    return [text[p.low : p.high] for p in read_parts(text, kind) if p.kind in ("inclusion",
            "exclusion")]  # fmt: skip


def issues(text):
    whole = Fact("eligibility.inclusion", text, text, Span(0, len(text)), SOURCE)
    return [(one.code, one.quote) for one in split_criteria(by_concept([whole]), SPEC)[1]]


def test_pdq_text_in_one_line_is_cut_at_its_labels_and_where_a_line_begins():
    assert asked(PDQ) == [
        "Proven gout that is tired",
        "Must be awake and on stable tea",
        "Any of the following: Left toe Right toe No ankle",
        "Age: 18 and over",
        "Hepatic: Bilirubin normal",
        "Platelet count at least 1,000",
        "Other: No cold feet",
        "Not asleep",
        "At least 2 weeks since surgery",
    ]


def test_a_line_of_pdq_that_may_hide_a_list_is_an_issue():
    assert issues(PDQ) == [
        ("criteria.flattened-list", "Any of the following: Left toe Right toe No ankle")
    ]
    assert issues(PDQ.replace("Left toe Right toe No ankle", "toes")) == []


@pytest.mark.parametrize("text", ["No gout. Not asleep", "Age: 18 and over Sex: Female"])
def test_what_is_not_pdq_is_not_cut_by_labels(text):
    assert asked(text) == [text]


@pytest.mark.parametrize(
    ("words", "out"),
    [
        ("Patients in bed are not eligible", True),
        ("Not eligible for this study: anybody in bed", True),
        ("Gout that is not eligible for surgery", False),
        ("Gout not considered measurable", False),
        ("One of the following: gout; cold feet, where warm ones are excluded", False),
    ],
)
def test_a_line_excludes_from_the_study_and_not_from_a_treatment(words, out):
    assert excludes(words) is out


def test_numbers_in_brackets_part_a_line():
    text = "(1) Aged 18. (2) Tired, one of: tea, coffee. (3 ) Awake at noon."
    assert asked(text) == ["Aged 18.", "Tired, one of: tea, coffee.", "Awake at noon."]


def test_a_number_without_a_blank_goes_on_with_its_list():
    assert asked("1. Tired;\n2. Awake;\n3.Both at once;\n4. Neither") == [
        "Tired;", "Awake;", "Both at once;", "Neither",
    ]  # fmt: skip


def test_bullets_below_a_number_belong_to_it_also_where_every_item_ends_in_a_semicolon():
    text = "1. Tired;\n2. Awake, defined as:\n- up, or\n- about;\n3. Neither"
    assert asked(text, "exclusion") == ["Tired;", "Awake, defined as:\n- up, or\n- about;",
                                        "Neither"]  # fmt: skip


def test_a_label_without_which_an_item_says_nothing_is_its_parent():
    text = "Age:\n\n  -  Over 18\n\nRenal:\n\n  -  Creatinine normal\n"
    parents = [part.parent for part in read_parts(text, "inclusion") if part.kind == "inclusion"]
    assert [parent and text[parent.low : parent.high] for parent in parents] == ["Age:", None]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("To see tea.\n\nTo see coffee.", ["To see tea.", "To see coffee."]),
        ("To see tea.\n\nTea is hot.", ["To see tea.\n\nTea is hot."]),
        ("1. To see tea\n2. To see coffee", ["To see tea", "To see coffee"]),
    ],
)
def test_aims_of_one_field_are_entries(text, entries):
    assert [text[low:high] for low, high in listed(text)] == entries


def entries(*texts):
    whole = [Fact("eligibility.inclusion.entry", text, text, Span(0, len(text), f"c[{at}].t"), SOURCE)
             for at, text in enumerate(texts)]  # fmt: skip
    return split_criteria(by_concept(whole), SPEC)[0]


def test_an_entry_of_a_list_is_one_criterion_unless_it_says_more():
    found = entries(
        "INCLUSION CRITERIA COMMON TO THE COHORT A 1. Tired. 2. Awake, that is: up",
        "Asleep: • deeply • or not",
        "Inclusion criteria for cohort B:",
        "1. Neither, since 2020. Nor both",
        "Not applicable",
    )
    asked_for = [one.value for one in found if one.concept == "criterion.inclusion"]
    assert asked_for == ["Tired.", "Awake, that is: up", "Asleep: • deeply • or not",
                         "Neither, since 2020. Nor both"]  # fmt: skip
    assert [(one.item, one.value) for one in found if one.concept == "criterion.part"] == [
        (0, "COHORT A"), (1, "COHORT A"), (2, "COHORT A"), (3, "cohort B"),
    ]  # fmt: skip
    assert [one.value for one in found if one.concept == "criterion.remark"] == ["Not applicable"]


def test_every_word_of_an_entry_is_in_a_criterion_a_heading_or_a_remark():
    text = "Inclusion criteria for part B 1. Tired 2. Awake 3. Neither"
    found = [one for one in entries(text) if one.concept != "criterion.part"]
    left = list(text)
    for one in found:
        assert text[one.span.start : one.span.end] == one.quote
        left[one.span.start : one.span.end] = ""
        left[one.span.start : one.span.start] = [""] * len(one.quote)
    assert "".join(left).split() == ["1.", "2.", "3."]


def test_the_heading_behind_the_last_item_of_a_stretch_is_none_of_its_words():
    text = "Inclusion criteria: 1. Tired. 2. Awake, that is: up. During surgery: 3. Asleep. 4. At rest."
    whole = Fact("eligibility.inclusion", text, text, Span(0, len(text)), SOURCE)
    found, noted = split_criteria(by_concept([whole]), SPEC)
    said = [(one.concept.removeprefix("criterion."), one.quote) for one in found]
    assert ("inclusion", "Awake, that is: up.") in said
    assert ("heading", "During surgery:") in said
    assert not noted


def test_a_medicine_stands_under_its_topic_or_time_and_what_is_required_is_an_inclusion():
    text = (
        "Inclusion Criteria\n\nConcurrent Medication:\n\nAllowed:\n\n  -  Tea.\n\n"
        "Exclusion Criteria\n\nConcurrent Medication:\n\nExcluded:\n\n  -  Coffee.\n\n"
        "Prior Medication:\n\nExcluded within 4 weeks of study entry:\n\n  -  Cocoa.\n\n"
        "Required:\n\n  -  At least 10 days of milk.\n\nAllowed:\n\n  -  Water.\n\nSubstance abuse."
    )
    whole = Fact("eligibility.criteria", text, text, Span(0, len(text)), SOURCE)
    found, noted = split_criteria(by_concept([whole]), SPEC)
    above = {(one.about, one.item): one.value for one in found if one.concept == "criterion.parent"}
    said = {
        one.value: (kind, above.get((kind, one.item)))
        for one in found
        if (kind := one.concept.removeprefix("criterion.")) in ("inclusion", "exclusion")
    }
    assert said == {
        "Tea.": ("inclusion", "Allowed:"),
        "Coffee.": ("exclusion", "Concurrent Medication:"),
        "Cocoa.": ("exclusion", "Excluded within 4 weeks of study entry:"),
        "At least 10 days of milk.": ("inclusion", "Prior Medication:"),
        "Substance abuse.": ("exclusion", None),
    }
    assert not noted


def test_parts_with_dashes_in_one_line_are_lists_of_their_own():
    text = "Part A and B: - Tired - Awake  Part C:  - Asleep, that is:  - deeply - or not"
    parts = [part for part in read_parts(text, "inclusion") if part.kind == "inclusion"]
    assert [(part.group, text[part.low : part.high]) for part in parts] == [
        ("Part A and B", "Tired"),
        ("Part A and B", "Awake"),
        ("Part C", "Asleep, that is:  - deeply - or not"),
    ]
    assert asked("In part A - the first - all are tired") == [
        "In part A - the first - all are tired"
    ]


def test_headings_of_the_office_of_rare_diseases_are_no_criteria():
    text = (
        "PROTOCOL ENTRY CRITERIA:\n\n--Disease Characteristics--\n\n  -  Thirst\n\n"
        "--Prior/Concurrent Therapy-- No prior tea Not on coffee\n\n"
        "--Patient Characteristics-- Age: 18 to 65 Renal: No stones\n"
    )
    assert asked(text, "") == [
        "Thirst", "No prior tea", "Not on coffee", "Age: 18 to 65", "Renal: No stones",
    ]  # fmt: skip


def groups(text):
    return [(p.group, text[p.low : p.high]) for p in read_parts(text, "") if p.kind != "heading"]


def test_people_that_a_line_names_are_the_subcategory_until_the_next_heading():
    text = (
        "Inclusion Criteria:\n\nNormal Volunteers:\n\nAdults that sing.\n\nGlad Subjects:\n\n"
        "Adults that dance.\n\nType-2 patients (awake or not):\n\nAdults that nap."
    )
    people = ["Normal Volunteers", "Glad Subjects", "Type-2 patients (awake or not)"]
    assert [name for name, _ in groups(text)] == people
    text = (
        "Exclusion Criteria:\n\nFor female singers:\n\nThose with a cold.\n\nGeneral criteria:\n\n"
        "Anybody asleep."
    )
    assert groups(text) == [("For female singers", "Those with a cold."), ("", "Anybody asleep.")]


@pytest.mark.parametrize(
    "heading", ["Concurrent Medication:", "PATIENT CHARACTERISTICS:", "General requirements:"]
)
def test_a_section_of_a_form_is_for_the_participants_of_every_part(heading):
    text = f"Part A:\n\n* Has gout\n\n{heading}\n\n* No cold feet"
    assert groups(text) == [("Part A", "Has gout"), ("", "No cold feet")]
    topic = "Part A:\n\n* Has gout\n\nFeet:\n\n* No cold feet"
    assert groups(topic) == [("Part A", "Has gout"), ("Part A", "No cold feet")]


def test_an_item_that_names_people_says_nothing_of_the_items_beside_it():
    text = "Inclusion Criteria:\n\n* For women of any age:\n* Has gout\n* Age over 20"
    assert [name for name, _ in groups(text)] == ["", ""]


def test_a_heading_of_another_choice_ends_the_part_before_it():
    text = (
        "For the first draw:\n\nInclusion Criteria:\n\n* Has gout\n\n"
        "Eligibility criteria for the second draw of lots Inclusion criteria\n\n* Is awake"
    )
    assert groups(text) == [("For the first draw", "Has gout"), ("", "Is awake")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Weight over 40 kg\n\nOral food is taken", ["Weight over 40 kg", "Oral food is taken"]),
        ("Has gout\n\nor has had it", ["Has gout\n\nor has had it"]),
        (
            "No cold feet.\n\nBy what the nurse sees, any toe which is classified as cold.",
            ["No cold feet.", "By what the nurse sees, any toe which is classified as cold."],
        ),
        (
            "No cold feet.\n\nA foot is classified as cold.",
            ["No cold feet.\n\nA foot is classified as cold."],
        ),
    ],
)
def test_a_paragraph_goes_on_only_by_a_whole_word_that_says_so(text, found):
    assert asked(text) == found


def test_the_stop_of_an_abbreviation_ends_no_sentence():
    assert excludes("Users of thinners (e.g. Warfarin) are not eligible.")
    assert not excludes("Users of thinners enter. Others are not eligible.")


def test_a_stage_and_its_prospects_are_no_part_of_the_study():
    assert groups("Stage and Outlook: any stage") == [("", "Stage and Outlook: any stage")]
    assert groups("Stage 2: any age") == [("Stage 2", "Stage 2: any age")]


def test_limits_of_several_tests_below_a_label_of_pdq_are_one_criterion_each():
    text = (
        "DISEASE CHARACTERISTICS: Proven gout\n\nPATIENT CHARACTERISTICS: Age: Any age Hepatic:"
        " (unless due to gout) Bilirubin less than 2 mg/dL SGOT and SGPT no greater than 3 times"
        " normal PT normal Renal: Creatinine less than 2 mg/dL OR Creatinine clearance at least"
        " 60 mL/min Calcium normal Other: Serum at least 1 mL AST never taken"
    )
    assert asked(text)[2:] == [
        "Hepatic: (unless due to gout) Bilirubin less than 2 mg/dL",
        "SGOT and SGPT no greater than 3 times normal",
        "PT normal",
        "Renal: Creatinine less than 2 mg/dL OR Creatinine clearance at least 60 mL/min",
        "Calcium normal",
        "Other: Serum at least 1 mL AST never taken",
    ]


def test_a_label_below_which_nothing_is_said_asks_nothing():
    text = "Has gout\n\nAge: Not specified\n\nRenal: Part I: See Disease Characteristics\n\nAwake"
    assert asked(text) == ["Has gout", "Awake"]
    said = "Consent: Not specified by phone\n\nSee Disease Characteristics of gout"
    assert asked(said) == said.split("\n\n")


def kinds(text):
    return [(p.kind[:3], text[p.low : p.high]) for p in read_parts(text, "")]


@pytest.mark.parametrize(
    ("words", "out"),
    [
        ("A nodule is not considered a tumour", False),
        ("Those with gout are not considered for entry", True),
        ("Values may not exceed 2 mg/dL", False),
        ("Tests, which should exclude other causes, show gout", False),
        ("Nurses exclude those with gout", True),
    ],
)
def test_what_excludes_a_finding_excludes_nobody(words, out):
    assert excludes(words) is out


def test_words_that_pdq_ran_together_exclude_nobody_and_its_sections_begin_anew():
    pdq = (
        "DISEASE CHARACTERISTICS: Proven gout that is tired Left toes alone not eligible\n\n"
        "The following are not eligible:\n\n* Right toes\n\n"
        "PATIENT CHARACTERISTICS:\n\nAge:\n\n* Under 10"
    )
    assert [one for one in kinds(pdq) if one[0] != "hea"] == [
        ("inc", "Proven gout that is tired Left toes alone not eligible"),
        ("exc", "Right toes"),
        ("inc", "Under 10"),
    ]
    told = "Exclusion Criteria:\n\nPATIENT CHARACTERISTICS:\n\nAge:\n\n* Under 10"
    assert kinds(told)[-1] == ("exc", "Under 10")


@pytest.mark.parametrize(
    "line",
    [
        "To enter the second study, a woman must:",
        "Women may be eligible if they:",
        "Any of the following will result in exclusion from the study of sleep:",
    ],
)
def test_a_line_that_only_leads_to_those_after_it_is_a_heading(line):
    assert kinds(f"{line}\n\nHave a cold")[0] == ("hea", line)


def test_a_line_that_leads_to_others_and_asks_for_something_stays_a_criterion():
    line = "Gout or any of the following will result in exclusion:"
    assert kinds(f"{line}\n\nHave a cold")[0] == ("exc", line)


def test_a_role_in_capitals_heads_what_is_below_it():
    text = "CONTROL\n\nIs awake\n\nPATIENT\n\nHas gout"
    assert [p.group for p in read_parts(text, "") if p.kind != "heading"] == ["CONTROL", "PATIENT"]


def test_that_criteria_vary_asks_nothing():
    text = "Inclusion and exclusion criteria vary with the protocol.\n\nIn addition, Glad people"
    assert kinds(text)[0] == ("rem", "Inclusion and exclusion criteria vary with the protocol.")


def test_a_number_that_a_line_leaves_out_ends_no_list():
    text = "1. Awake\n\n3. Aged over 18. 4. Has gout\n\n6. Sleeps"
    assert asked(text) == ["Awake", "Aged over 18.", "Has gout", "Sleeps"]
    assert "Aged over 18 at visit 4. Has gout" in asked(text.replace("18.", "18 at visit"))
    line = "1) one, 2) two, 3) three, 4) four, 6) six"
    assert asked(line) == ["one,", "two,", "three,", "four,", "six"]
    assert asked("1) one, 2) two, 3) three, 4) four 6) six")[-1] == "four 6) six"
    twice = "1. Old\n2. Awake\n\n4) Tired 5) Has gout 5) Has toes"
    assert asked(twice)[2:] == ["Tired", "Has gout", "Has toes"]


@pytest.mark.parametrize("end", ["NOTE:", "(e.g.:", "Note:"])
def test_a_note_that_a_line_announces_is_the_next_line_alone(end):
    text = f"Inclusion Criteria:\n\n* Has gout {end}\n* tired toes\n* Is awake"
    assert asked(text) == [f"Has gout {end}\n* tired toes", "Is awake"]
    assert asked(f"Gout of the toes {end}\n\nTired ones") == [
        f"Gout of the toes {end}\n\nTired ones"
    ]


def test_a_diagnosis_keeps_the_list_below_it_and_a_topic_does_not():
    text = "* Histologically confirmed gout\n  * Of the toe\n  * Of the thumb\n* Awake"
    assert asked(text) == [
        "Histologically confirmed gout\n  * Of the toe\n  * Of the thumb",
        "Awake",
    ]
    assert asked(text.replace("Histologically confirmed gout", "Gout:"))[0] == "Of the toe"
    assert asked(text, "exclusion")[0] == "Of the toe"


def test_a_list_for_some_people_or_of_one_time_is_a_criterion_an_item():
    text = "Exclusion Criteria:\n\n* For people with gout:\n  * Cold feet\n  * Tired toes\n* Asleep"
    assert groups(text) == [
        ("For people with gout", "Cold feet"),
        ("For people with gout", "Tired toes"),
        ("", "Asleep"),
    ]
    for line in ("Within 5 days prior to sleep:", "Your child may be eligible for this if he/she:"):
        assert asked(f"{line}\n\n* Has gout\n* Is awake") == ["Has gout", "Is awake"]
    assert len(asked("Within one hour, either of:\n\n* gout\n* cold feet")) == 1


def test_a_lone_number_below_a_sentence_is_no_list_of_it():
    text = "* No cold feet.\n  1. Prior gout.\n* Awake"
    assert asked(text) == ["No cold feet.", "Prior gout.", "Awake"]
    assert asked(text.replace("feet.", "feet:")) == ["No cold feet:\n  1. Prior gout.", "Awake"]


def test_or_between_two_lines_joins_them_and_not_what_stands_below():
    text = "Inclusion Criteria:\n\nHas gout\n\nOR\n\nIs tired.\n\n* Awake\n* Asleep"
    assert asked(text) == ["Has gout\n\nOR\n\nIs tired.", "Awake", "Asleep"]
    assert asked("Exclusion Criteria:\n\n* Has gout\n\nOR\n\n* Is tired") == [
        "Has gout",
        "Is tired",
    ]
    part = "Part A:\n\n* Has gout\n\nOR\n\nPart B:\n\n* Is tired"
    assert [p.group for p in read_parts(part, "inclusion") if p.kind == "inclusion"] == [
        "Part A",
        "Part B",
    ]


@pytest.mark.parametrize(
    ("words", "heads"),
    [
        ("Drawn within 48 hours of meeting inclusion criteria", False),
        ("Satisfies inclusion criteria 1 and 4 of the main study", False),
        ("Same as inclusion criteria of the main study", False),
        ("Meets all of the following inclusion criteria", True),
        ("Main study inclusion criteria", True),
    ],
)
def test_words_on_other_criteria_ask_and_head_nothing(words, heads):
    assert (kinds(f"{words}\n\nHas gout")[0][0] == "hea") is heads


def test_a_line_of_the_office_of_rare_diseases_is_cut_at_its_semicolons():
    text = (
        "--Patient Characteristics--\n\nAge: 18 and over\n\nOther: Not tired (of tea; Coffee); No gout;"
        " Documented toes; no thumbs\n\nRenal: No gout, i.e.:\n\n* of the toe\n* of the thumb"
    )
    assert asked(text) == [
        "Age: 18 and over",
        "Other: Not tired (of tea; Coffee);",
        "No gout;",
        "Documented toes; no thumbs",
        "Renal: No gout, i.e.:\n\n* of the toe\n* of the thumb",
    ]
    assert asked("Other: Not tired; No gout") == ["Other: Not tired; No gout"]


def test_the_next_number_behind_the_last_option_of_an_item_is_the_next_item():
    text = "4. Old\n5. Any of:\n   * gout\n   * cold feet. 6. Asleep\n7. Awake"
    assert asked(text) == ["Old", "Any of:\n   * gout\n   * cold feet.", "Asleep", "Awake"]
    assert len(asked(text.replace("feet. 6.", "feet at visit 6."))) == 3
    assert len(asked(text.replace("7. Awake", "6. Awake"))) == 3


def test_criteria_of_others_begin_anew_and_stand_under_their_name():
    text = "Exclusion Criteria:\n\nAsleep\n\nDonor criteria:\n\nAwake\n\nMust not have gout"
    said = [(p.kind, p.group, p.classified) for p in read_parts(text, "") if p.kind != "heading"]
    assert said == [
        ("exclusion", "", True),
        ("inclusion", "Donor", False),
        ("exclusion", "Donor", True),
    ]
    assert [p.kind for p in read_parts(text, "exclusion")][-2:] == ["exclusion", "exclusion"]


@pytest.mark.parametrize(
    ("parent", "words"),
    [
        ("Patients must meet the following within 14 days of sleep:", "within 14 days of sleep"),
        ("The following values obtained ≤14 days before sleep:", "obtained ≤14 days before sleep"),
        ("Good toes, as assessed by the following:", "Good toes"),
        ("Good toes at sleep including:", "Good toes at sleep"),
        ("Values within the following ranges:", "Values"),
    ],
)
def test_what_announces_a_list_goes_and_its_time_stays(parent, words):
    assert lead(parent) == words


def test_words_above_a_list_that_do_not_fit_end_in_dots():
    said = under(f"Good {'toes and ' * 30}thumbs:", "Gout of any kind", 200, SPEC)
    assert said.endswith("...: Gout of any kind")


def test_a_lead_that_says_as_whom_one_enters_names_the_subcategory():
    text = (
        "In order to be eligible to participate as a glad helper, an individual must meet all of the"
        " following criteria:\n\n* Awake\n* Alive\n\nIn order to be eligible to participate in the"
        " study as a sleeper with a long and deep and sound and dreamless sleep without end, an"
        " individual must meet all of the following criteria:\n\n* Asleep\n* Alive\n\nIn order to be eligible to participate, an individual must"
        " meet all of the following criteria:\n\n* Has gout"
    )
    sleeper = "sleeper with a long and deep and sound and dreamless sleep without end"
    assert [name for name, _ in groups(text)] == ["glad helper"] * 2 + [sleeper] * 2 + [""]


@pytest.mark.parametrize("mark", [",", ".;", "?"])
def test_a_line_of_a_stop_alone_is_no_criterion(mark):
    assert asked(f"Has gout\n\n{mark}\n\nAwake") == ["Has gout", "Awake"]


def test_numbers_of_a_section_part_a_line():
    assert asked("7-1.Awake; 7-2. Has gout; 7-3.Sleeps") == ["Awake;", "Has gout;", "Sleeps"]
    for text in ("7-1.Awake; 7-3. Has gout; 7-4.Sleeps", "Of 7-1. Awake; 7-2. Has; 7-3. Sleeps"):
        assert asked(text) == [text]
