"""Stated lengths of periods, phases that words name, and what prepares for a treatment."""

import json

import pytest

from tests.conftest import study_of, values
from tests.test_arms import SPEC, codes_of, inner, one, paths, trial

LENGTHS = [
    ("A 52-wk treatment period is followed by a 12-wk follow-up.", "P52W"),
    ("The treatment period (28 days) comes after screening (14 days).", "P28D"),
    ("Screening (14 days), the treatment period (28 days) and an observation period follow.", "P28D"),
    ("This asks whether two years treatment with New helps.", "P2Y"),
    ("New is given for 12 weeks followed by observation.", "P12W"),
    ("New is given weekly for 3 weeks followed by a week of rest.", ""),
    ("New is given once daily in 28-day treatment cycles.", ""),
    ("New is taken orally for 5 days of each week.", ""),
    ("New is given for the first 4 weeks.", ""),
    ("Participants are enrolled in the trial for a period of 132 days.", ""),
    ("Data will be collected weekly for 9 weeks.", ""),
    ("After a 12-week treatment period comes a 24-week treatment period.", ""),
    ("New is given for 3 weeks, then 1 week off.", ""),
    ("Six doses of New are given in one day.", ""),
    ("New is given daily in three weeks.", "P3W"),
    ("A 4~6-week treatment period, or one of 4\\~6 weeks.", ""),
    ("New 2 mg is given daily for 4 weeks, and New 1 mg daily for 4 weeks.", ""),
    ("A 12-week treatment period, in which New is taken daily for 6 weeks.", "P12W"),
    ("New is taken twice a day for five consecutive days.", "P5D"),
    ("New is given for 8 weeks, then New at half the dose for a while.", ""),
    ("New is given for 8 weeks, followed by a visit.", "P8W"),
    ("Capsules of New for oral administration for 7 days are dispensed.", ""),
    ("New is injected for seven consecutive days every 4 weeks.", ""),
    ("New is given for seven days, in two doses, repeated every 3 weeks.", ""),
    ("New is given in courses that repeat every 4 weeks for a total of 12 weeks.", "P12W"),
    ("Participants have 6 sessions of New, each of 20 minutes, over the course of 6 weeks.", "P6W"),
    ("Participants get New or nothing for a total period of 24 weeks.", "P24W"),
    ("The core period consists of 8 weeks of usage of treatment New.", "P8W"),
    ("Pain was reduced (3.8) compared to massage after one year of treatment with New.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), LENGTHS)
def test_how_long_treatment_is_said_to_last(words, expected):
    (treatment,) = [step for step in one("", "New", summary=words) if step[1]]
    assert treatment == ("TREATMENT", ("New",), expected)


def test_a_phase_may_stand_behind_what_is_given_in_it():
    text = "Patients get A-mab in the induction phase, followed by B-mab in the maintenance phase."
    assert one(text, "A-mab", "B-mab", label="A-mab → B-mab") == [
        ("INDUCTION TREATMENT", ("A-mab",), ""),
        ("CONTINUATION TREATMENT", ("B-mab",), ""),
    ]


def test_two_phases_named_at_once_are_of_the_same_treatment():
    text = "Patients get A-mab with B-mab during the induction and maintenance phases."
    both = ("A-mab", "B-mab")
    assert one(text, *both) == [("INDUCTION TREATMENT", both, ""), ("CONTINUATION TREATMENT", both, "")]  # fmt: skip
    assert len(one("Response in the induction and treatment phases is compared.", *both)) == 1


def test_what_a_preparation_consists_of_may_stand_elsewhere():
    arm = ("Cells", "EXPERIMENTAL", "Cells are infused after completion of lymphodepletion.", ("Cell-1", "Fluda", "Cyclo"))  # fmt: skip
    study = trial([arm], description="All receive lymphodepletion with Fluda and Cyclo. Cell-1 is infused once.")  # fmt: skip
    assert inner(study, "Cells") == [
        ("TREATMENT", ("Cyclo", "Fluda"), ""),
        ("TREATMENT", ("Cell-1",), ""),
    ]


def test_a_treatment_whose_name_is_a_stage_is_given_in_it():
    text = "Patients get A-mab, then perform surgical treatment, followed by A-mab."
    assert one(text, "A-mab", "B-mab", "Surgery") == [
        ("TREATMENT", ("A-mab", "B-mab"), ""),
        ("TREATMENT", ("Surgery",), ""),
        ("TREATMENT", ("A-mab",), ""),
    ]


def test_a_dose_is_named_in_the_words_of_the_record():
    arms = [
        (
            f"Group {n}",
            "EXPERIMENTAL",
            f"Bluamine {dose} micrograms is inhaled daily.",
            ("Bluamine",),
        )
        for n, dose in enumerate(("1,000", "2,000"), 1)
    ]
    study = trial(arms)
    names = [row["ELEMENT"].value for row in study.tables["TE"].rows]
    assert {"Bluamine 1,000 micrograms", "Bluamine 2,000 micrograms"} <= set(names)
    assert "arms.same-path" not in codes_of(study)
    assert len(paths(study)) == 2


def test_a_dose_of_a_label_is_quoted_too():
    arms = [(f"Bluamine {dose} mcg", "EXPERIMENTAL", "", ("Bluamine",)) for dose in ("1,000", "2,000")]  # fmt: skip
    names = {row["ELEMENT"].value for row in trial(arms).tables["TE"].rows}
    assert {"Bluamine 1,000 mcg", "Bluamine 2,000 mcg"} <= names


def given(description, *names):
    interventions = [{"type": "DRUG", "name": n, "description": description} for n in names]
    return one("", *names, interventions=interventions)


def test_a_treatment_lasts_as_long_as_its_own_description_says():
    assert given("It is taken twice daily for 16 weeks.", "A-mab") == [("TREATMENT", ("A-mab",), "P16W")]  # fmt: skip
    assert given("Taken once a day for 3 successive months.", "A-mab")[0][2] == "P3M"
    assert given("It is given daily for 14 days.", "A-mab")[0][2] == "P14D"
    assert given("It is given daily for 14 days of a 21-day cycle.", "A-mab")[0][2] == ""
    assert given("It is taken for 3 weeks, with a stop for 1 week.", "A-mab")[0][2] == "P3W"
    both = ("A-mab", "B-mab")
    halves = [{"type": "DRUG", "name": "A-mab", "description": "For 8 weeks."}, {"type": "DRUG", "name": "B-mab"}]  # fmt: skip
    assert one("", *both, interventions=halves)[0][2] == ""
    assert one("Introduced by 4 months of age.", "A-mab")[0][2] == ""


def test_sequences_may_be_told_with_the_intervention():
    told = "Fasted first, followed by fed after a washout, or: fed first, followed by fasted."
    arms = [(f"Bluamine {one}", "EXPERIMENTAL", "", ("Bluamine",)) for one in ("fasted", "fed")]
    words = [{"type": "DRUG", "name": "Bluamine", "description": told}]
    made = paths(trial(arms, model="CROSSOVER", interventions=words))
    assert set(made) == {"Bluamine fasted - Bluamine fed", "Bluamine fed - Bluamine fasted"}
    assert [step[0] for step in made["Bluamine fasted - Bluamine fed"][1:-1]] == ["TREATMENT 1", "WASHOUT", "TREATMENT 2"]  # fmt: skip


def visits(words):
    study = trial([("Arm", "EXPERIMENTAL", "", ("A-mab",))], description=words)
    return [(row["VISIT"].value, row["TVSTRL"].value) for row in study.tables["TV"].rows]


def test_a_schedule_that_is_told_in_part_is_none():
    told = "Visit 1 or first visit (week 0), visit 2 (week 4) and visit 3 or end of study (week 8)."
    assert visits(told) == [("VISIT 1", "Week 0"), ("VISIT 2", "Week 4"), ("VISIT 3", "Week 8")]
    assert visits("Visit 2 (week 4) and visit 3 (week 8). Pain is rated at visit 1.") == []
    assert visits("Visit 2 (week 4) and visit 4 (week 8).") == []
    short = "A start visit (V0; day 8 +/- 3 days; week 2) and a last visit (V1; day 64; week 10)."
    assert visits(short) == [("VISIT 0", "Day 8 +/- 3 days"), ("VISIT 1", "Day 64")]
    assert visits(short + " At the visit of the nurse (V3) pain is rated.") == []
    told = "Sleep is rated at baseline (Visit 1), and safety at 9 weeks (Visit 2)."
    assert visits(told) == [("VISIT 1", "Baseline"), ("VISIT 2", "9 weeks")]
    assert visits("Pain is rated at week 4, month 6 and year 1.") == []


def test_what_is_followed_by_a_treatment_is_no_follow_up():
    told = "Participants take New 4 mg daily, followed by New 2 mg daily for 4 weeks."
    assert paths(trial([("Arm", "EXPERIMENTAL", "", ("New",))], summary=told))["Arm"][-1][2] == ""
    told = "Participants are followed up for 4 weeks."
    assert (
        paths(trial([("Arm", "EXPERIMENTAL", "", ("New",))], summary=told))["Arm"][-1][2] == "P4W"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Participants receive escalating doses of oats, up to 30 mg, and will maintain it for six months.", ["", "P6M"]),
        ("Start with one drop and add one each day until the maintenance dose is reached. The maintenance dose is continued for 10 months.", ["", "P10M"]),
        ("Escalating doses of oats are tested. The maintenance dose is chosen later.", [""]),
        ("The maintenance phase of earlier care is over; participants receive increasing doses of oats.", [""]),
    ],
)  # fmt: skip
def test_a_dose_that_is_built_up_and_maintained_is_two_periods(text, expected):
    made = one(text, "Oats")
    assert [length for _, _, length in made] == expected
    assert all(step[:2] == ("TREATMENT", ("Oats",)) for step in made)


NO_LENGTHS = [
    "The first 24 weeks of the treatment period have a fixed dose.",
    "On Day 1 all take New and stay at the clinic for 8 days.",
    "Half of them will have received New for 6 months.",
    "In the maintenance phase, New is taken daily for one year.",
    "Five days of treatment with New and 23 days of interval are given.",
    "New is given once a week for 3 weeks of a single 28 day cycle.",
    "New is used for a duration of 6 months (main part) or 12 months.",
    "New is taken daily for 6 months, followed by an increase of the dose.",
]


@pytest.mark.parametrize("words", NO_LENGTHS)
def test_what_lasts_as_long_is_not_the_whole_treatment(words):
    (treatment,) = [step for step in one("", "New", summary=words) if step[1]]
    assert treatment[2] == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Patients are followed for 6 months after the last dose.", "P6M"),
        ("Patients are followed for 28 days for dose-limiting toxicity.", ""),
        ("The next subject is treated after 14 days of observation.", ""),
        ("A good response is awaited at 1 year of follow-up.", ""),
        ("They come to the clinic for follow up 2 weeks later.", ""),
    ],
)
def test_how_long_all_are_followed(words, expected):
    (path,) = paths(trial([("Arm", "EXPERIMENTAL", "", ("New",))], summary=words)).values()
    assert path[-1][2] == expected


def test_a_length_is_of_the_arms_whose_treatment_its_sentence_names():
    arms = [("A", "EXPERIMENTAL", "", ("Xamab",)), ("B", "ACTIVE_COMPARATOR", "", ("Yomide",)), ("P", "PLACEBO_COMPARATOR", "", ("Placebo",))]  # fmt: skip
    told = "Xamab is given weekly for 8 weeks. Yomide is given daily for 6 months."
    made = paths(trial(arms, description=told))
    assert [path[1][2] for path in made.values()] == ["P8W", "P6M", ""]
    made = paths(
        trial(arms, description="This placebo-controlled 16-week intervention study is small.")
    )
    assert [path[1][2] for path in made.values()] == ["P16W"] * 3
    both = "Participants receive Xamab or placebo daily for 8 weeks."
    made = paths(trial(arms, description=both))
    assert [path[1][2] for path in made.values()] == ["P8W", "", "P8W"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("After completion of treatment, patients are followed up at 6 and 12 months.", "P12M"),
        ("Follow-ups are at 1, 3, and 6 months after completion of the program.", "P6M"),
        ("After completion of treatment, patients are followed up at 6 and 12 months and then every year.", ""),
        ("Patients are followed up at 6 and 12 months.", ""),
        ("Patients are followed every 3 months for 1 year, and every 6 months for 2 years.", ""),
    ],
)  # fmt: skip
def test_the_last_of_the_times_after_treatment_ends_the_follow_up(words, expected):
    (path,) = paths(trial([("Arm", "EXPERIMENTAL", "", ("New",))], summary=words)).values()
    assert path[-1][2] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("All attend the programme over a period of 8 weeks.", "P8W"),
        ("It is introduced stepwise during 12 months, unless it is not tolerated.", "P12M"),
        ("Injections, 12 weeks", "P12W"),
        ("Six administrations and 5 weeks duration", "P5W"),
        ("They receive 8 weeks of counselling from the team.", "P8W"),
        ("A code opens the 14-week digital intervention.", "P14W"),
        ("It is given every 2 or 4 weeks (as weight asks) for 16 weeks.", "P16W"),
        ("It is applied over 12 weeks or more.", ""),
    ],
)
def test_how_long_an_arms_own_words_say_that_it_is_treated(words, expected):
    (treatment,) = one(words, "New")
    assert treatment[2] == expected


def conditioned(words, *given, **over):
    return [step[1] for step in one(words, *given, **over)]


def test_what_prepares_for_cells_is_an_element_where_words_say_so():
    cells = "X CAR-T cells"
    assert conditioned(f"After lymphodepletion with two drugs, {cells} are infused.", cells) == [(), (cells,)]  # fmt: skip
    assert conditioned("", cells, summary="Patients get the cells following lymphodepleting chemotherapy.") == [(), (cells,)]  # fmt: skip
    assert conditioned("Cells are infused without lymphodepletion.", cells) == [(cells,)]
    assert conditioned("After lymphodepletion, X is infused.", "Xamab") == [("Xamab",)]
    listed = conditioned(f"* Lymphodepleting chemotherapy (Days -4 to -2): Fluda and Cyclo.\n* Day 0: {cells}.", cells, "Fluda", "Cyclo")  # fmt: skip
    assert listed == [("Cyclo", "Fluda"), (cells,)]


@pytest.mark.parametrize(("told", "lengths"), [("", [4, 4]), ("Given once.", [3, 4])])
def test_an_arm_without_words_is_conditioned_as_one_that_is_given_the_same(told, lengths):
    cells = "X CAR-T cells"
    arms = [("A", "EXPERIMENTAL", told, (cells,)), ("B", "EXPERIMENTAL", "Days after the start of conditioning lymphodepletion.", (cells,))]  # fmt: skip
    assert [len(path) for path in paths(trial(arms)).values()] == lengths


def test_initial_and_continued_therapy_under_heads_are_two_stages():
    text = "INITIAL THERAPY: Patients receive A-mab and B-mab.\n\nCONTINUANCE THERAPY: Patients then receive A-mab. Patients also fill in a questionnaire."  # fmt: skip
    made = one(text, "A-mab", "B-mab")
    assert made == [("TREATMENT", ("A-mab", "B-mab"), ""), ("CONTINUATION TREATMENT", ("A-mab",), "")]  # fmt: skip


def test_an_extension_study_has_no_extension_of_its_own():
    assert len(one("", "New", summary="This open-label extension (OLE) study looks at safety.")) == 1  # fmt: skip
    blind = one("", "New", summary="A challenge is followed by a 7-day open feeding.", masking="DOUBLE")  # fmt: skip
    assert [step[0::2] for step in blind] == [("BLINDED TREATMENT", ""), ("OPEN LABEL TREATMENT", "P7D")]  # fmt: skip


def treated(words, *given, **over):
    return [step[:2] for step in one(words, *given, **over)]


def test_a_treatment_that_comes_after_another_is_an_element_of_its_own():
    two = [("TREATMENT", ("A-mab",)), ("TREATMENT", ("B-mab",))]
    assert treated("After initial therapy with A-mab patients take B-mab.", "A-mab", "B-mab") == two
    assert treated("B-mab is given after completion of A-mab.", "A-mab", "B-mab") == two
    both = [("TREATMENT", ("A-mab", "B-mab"))]
    assert treated("After progression on treatment with A-mab, patients may take B-mab.", "A-mab", "B-mab") == both  # fmt: skip
    assert treated("After treatment with A-mab, blood is drawn.", "A-mab", "B-mab") == both


def test_a_treatment_may_be_named_by_its_sort_alone():
    assert treated("", "Usual care", "Phoneapp", label="Usual care followed by digital treatment") == [("TREATMENT", ("Usual care",)), ("TREATMENT", ("Phoneapp",))]  # fmt: skip


def test_what_stands_before_the_only_head_is_given_before_it():
    text = "* First phase (12 weeks) A-mab 5 mg\n* Maintenance phase (Duration: 1 year) A-mab 2 mg"
    assert one(text, "A-mab") == [
        ("TREATMENT", ("A-mab",), ""),
        ("CONTINUATION TREATMENT", ("A-mab",), "P1Y"),
    ]
    assert len(one("A-mab is given as in the maintenance phase of others.", "A-mab")) == 1


def test_the_narrative_may_say_how_long_one_of_two_treatments_lasts():
    text = "After therapy with A-mab, patients escalate B-mab to 3 mg in 18 weeks."
    made = one(text, "A-mab", "B-mab", summary="All receive three doses of A-mab over 8 weeks.")
    assert [step[2] for step in made] == ["P8W", "P18W"]


def test_an_extension_gives_what_the_only_active_arm_tries():
    arms = [("Now", "ACTIVE_COMPARATOR", "", ("Newapp",)), ("Later", "OTHER", "", ("Other",))]
    made = paths(trial(arms, summary="A randomized trial with open-label extension."))
    assert made["Later"][2][:2] == ("OPEN LABEL TREATMENT", ("Newapp",))


def test_what_follows_may_be_said_with_which():
    text = "They get routine care for 12 months, after which they are given A-mab."
    assert one(text, "A-mab") == [("TREATMENT", (), "P12M"), ("TREATMENT", ("A-mab",), "")]
    assert len(one("A-mab is taken for 2 weeks, after which patients return to the clinic.", "A-mab")) == 1  # fmt: skip


def test_arms_that_only_prose_describes_tell_of_their_stages_and_lengths():
    words = [{"type": "DRUG", "name": n} for n in ("etoposide", "tamoxifen")]
    words += [{"type": "PROCEDURE", "name": "surgery"}]
    told = (
        "Patients are randomized. Arm I: Patients undergo surgery followed by tamoxifen for 5 years. "
        "Arm II: Patients receive etoposide (VP-16) for 6 weeks. "
        "Arm III: Patients receive VP-16 as in arm II and tamoxifen. "
        "Patients are followed monthly for 18 months."
    )
    made = inner_paths(trial([], description=told, interventions=words))
    assert made["Arm I"] == [("TREATMENT", ("surgery",), ""), ("TREATMENT", ("tamoxifen",), "P5Y")]
    assert made["Arm II"] == [("TREATMENT", ("etoposide",), "P6W")]
    assert made["Arm III"] == [("TREATMENT", ("etoposide", "tamoxifen"), "")]
    again = "Arm I: Patients receive etoposide. Arm II: Patients receive treatment as in arm I and tamoxifen."  # fmt: skip
    made = inner_paths(trial([], description=again, interventions=words))
    assert made["Arm II"] == [("TREATMENT", ("etoposide", "tamoxifen"), "")]


def inner_paths(study):
    return {label: path[1:-1] for label, path in paths(study).items()}


def test_a_length_of_one_of_several_treatments_is_not_that_of_all():
    text = "Etopo is given weekly. Filgra is given for 7 days."
    assert one(text, "Etopo", "Filgra")[0][2] == ""
    assert one("Etopo and Filgra are given for 7 weeks.", "Etopo", "Filgra")[0][2] == "P7W"


def test_infusions_that_share_a_schedule_are_of_one_visit():
    text = "Patients receive A-mab IV followed by B-mab IV on days 1-5."
    assert len(one(text, "A-mab", "B-mab")) == 1
    text = "Patients receive A-mab IV weekly for 3 weeks followed by B-mab IV on days 1-5."
    assert len(one(text, "A-mab", "B-mab")) == 2


def test_usual_care_has_no_length_of_its_own():
    arms = [("A", "EXPERIMENTAL", "They also use the app over a 4-week period.", ("Newapp", "Usual care"))]  # fmt: skip
    assert paths(trial(arms))["A"][1][2] == "P4W"
    told = "Subjects will receive 8 weeks of talks in addition to treatment as usual."
    assert one(told, "Talks")[0][2] == "P8W"


def test_a_time_after_which_something_is_measured_is_no_length_beside_a_longer_one():
    told = "The threshold after 3 months of treatment with New is primary."
    assert one("", "New", summary=told)[0][2] == "P3M"
    assert one("", "New", summary=told + " That at 6 months is secondary.")[0][2] == ""


def test_all_are_meant_by_each_cohort_and_by_the_period_of_treatment():
    told = "In Period 2, subjects in each cohort will receive treatment every 2 weeks for 14 weeks."
    assert one("", "New", summary=told)[0][2] == "P14W"
    told = "In Period 2, subjects will receive New for 14 weeks."
    assert one("", "New", summary=told)[0][2] == ""


def test_an_open_feeding_may_stand_in_the_time_of_an_outcome():
    assert open_feeding("At the end of the 7-day open feeding period") == [
        ("BLINDED TREATMENT", ""),
        ("OPEN LABEL TREATMENT", "P7D"),
    ]
    assert len(open_feeding("Day 7")) == 1


def open_feeding(time):
    record = json.loads(json.dumps(RECORD))
    section = record["protocolSection"]
    section["outcomesModule"] = {"primaryOutcomes": [{"measure": "Reaction", "timeFrame": time}]}
    (path,) = paths(study_of(json.dumps(record), SPEC)).values()
    return [step[0::2] for step in path[1:-1]]


RECORD = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "orgStudyIdInfo": {"id": "X-1"}},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "designInfo": {"interventionModel": "PARALLEL", "maskingInfo": {"masking": "DOUBLE"}},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": "A", "type": "EXPERIMENTAL", "interventionNames": ["Drug: New"]}],
            "interventions": [{"type": "DRUG", "name": "New"}],
        },
    }
}  # fmt: skip


def test_a_treatment_may_last_over_successive_months():
    text = "Treatment over 3 successive months with one tablet a day."
    assert one(text, "A-mab") == [("TREATMENT", ("A-mab",), "P3M")]


@pytest.mark.parametrize(
    "words",
    [
        "New is given for 5 days in a row each week.",
        "New is given daily for 3 weeks. Treatment continues every 4 weeks.",
        "New is given weekly for 4 weeks, followed by maintenance therapy with New.",
        "Both eyes were observed for any change for a period of five years.",
        "New is taken daily for 5 days followed by 2 days without it.",
        "Patients are followed every 2 months for 6 months.",
    ],
)
def test_what_comes_again_or_is_only_watched_has_no_length(words):
    (treatment,) = [step for step in one("", "New", summary=words) if step[1]]
    assert treatment[2] == ""


def test_what_an_infusion_is_followed_by_is_no_follow_up():
    arms = [("Arm", "EXPERIMENTAL", "", ("New", "Other"))]
    told = "New is infused over 1 hour, followed immediately by Other over 1 hour."
    (path,) = paths(trial(arms, summary=told)).values()
    assert path[-1] == ("FOLLOW-UP", (), "")


def test_a_stage_lasts_no_longer_than_it_is_given():
    text = "Induction: A-mab daily. Maintenance: B-mab monthly. Patients are followed every 3 months for 2 years."  # fmt: skip
    assert [step[2] for step in one(text, "A-mab", "B-mab")] == ["", ""]


def test_an_extension_study_by_its_title_has_no_extension():
    record = json.loads(json.dumps(RECORD))
    section = record["protocolSection"]
    section["descriptionModule"] = {"briefSummary": "After a 52-week open-label treatment phase all are seen again."}  # fmt: skip
    section["identificationModule"]["briefTitle"] = "A Long-term Open-label Extension Study of New"
    (path,) = paths(study_of(json.dumps(record), SPEC)).values()
    assert [step[0] for step in path] == ["SCREENING", "TREATMENT", "FOLLOW-UP"]
    section["identificationModule"]["briefTitle"] = "A Study of New With an Extension Study"
    (path,) = paths(study_of(json.dumps(record), SPEC)).values()
    assert len(path) == 4


def test_a_range_before_the_washout_is_not_its_length():
    arms = [(f"Group {n}", "EXPERIMENTAL", f"{a} for 7 days then {b} for 7 days.", ("Amol", "Bmol")) for n, a, b in (("A", "Amol", "Bmol"), ("B", "Bmol", "Amol"))]  # fmt: skip
    told = "A crossover treatment for 7 days with 10-14 days washout."
    made = paths(trial(arms, model="CROSSOVER", summary=told))
    assert [step[2] for step in made["Group A"] if step[0] == "WASHOUT"] == [""]


def test_a_period_of_the_whole_study_is_also_that_of_the_arm_without_treatment():
    arms = [("Try", "EXPERIMENTAL", "", ("A-mab",)), ("Wait", "NO_INTERVENTION", "", ())]
    study = trial(arms, summary="The study has a 12-week treatment period.")
    assert inner(study, "Wait") == [("TREATMENT", (), "P12W")]
    alone = trial(arms, summary="A-mab is taken daily for 12 weeks.")
    assert inner(alone, "Wait") == [("TREATMENT", (), "")]


ARMS = [("New", "EXPERIMENTAL", "", ("New",)), ("Old", "ACTIVE_COMPARATOR", "", ("Old",))]


def told(*said, summary="", labels=("New", "Old")):
    """A trial of New against Old with what each arm's description says."""
    pairs = zip(ARMS, labels, said or ("", ""), strict=True)
    arms = [(label, kind, text, given) for (_, kind, _, given), label, text in pairs]
    return trial(arms, summary=summary)


def test_treatment_lasts_as_long_as_the_elements_in_which_it_is_given():
    study = told("3 sessions a week for 12 consecutive weeks.", "Sessions for 6 weeks.")
    assert values(study, "PTRTDUR") == ["P12W"]
    assert values(told(summary="A 16-week intervention study."), "PTRTDUR") == ["P16W"]
    assert not values(told("Sessions.", "3 sessions a week for 12 weeks."), "PTRTDUR")
    stages = told("New for 90 days.", "Old for 90 days.", labels=("New stage 1", "Old stage 1"))
    assert not values(stages, "PTRTDUR")
    phases = told("New for 90 days.", "Old for 90 days.", labels=("New phase 1", "Old phase 1"))
    assert not values(phases, "PTRTDUR")
    more = "New or Old is given daily for 48 weeks, with all getting an additional 48 weeks of New."
    assert not values(told(summary=more), "PTRTDUR")


def test_treatment_lasts_at_most_as_long_as_a_limit_or_as_an_outcome_says():
    def treated(words, **over):
        arms = [("Newmab", "EXPERIMENTAL", words, ("Newmab",))]
        return values(trial(arms, **over), "PTRTDUR")

    assert treated("Newmab on day 1 of each 21-day cycle (for a maximum of 12 months).") == ["P12M"]
    assert treated("", summary="Participants may receive Newmab for up to 1 year.") == ["P1Y"]
    assert not treated("", summary="Participants may receive Newmab again for 1 year.")
    until = (
        "Newmab is given by investigator assessment for a maximum of 24 months, until progression."
    )
    assert treated(until) == ["P24M"]
    measured = [{"measure": "Falls", "timeFrame": "During the 24-week treatment period"}]
    assert treated("", outcomes={"primaryOutcomes": measured}) == ["P24W"]
    assert treated("Newmab daily for 8 weeks.", outcomes={"primaryOutcomes": measured}) == ["P8W"]
    assert treated("", summary="52 weeks for treatment, and 8 weeks for follow-up.") == []
    listed = (
        "The study has 4 weeks for screening, 52 weeks for treatment, and 8 weeks for follow-up."
    )
    assert treated("", summary=listed) == ["P52W"]
    seen = "Participants receive Newmab for 24 weeks, followed by a 4-week follow-up."
    assert treated("", summary=seen) == ["P24W"]
    then = "Participants receive Newmab for 24 weeks, followed by 4 weeks of Oldex."
    assert not treated("", summary=then)
    again = [{"measure": "Falls", "timeFrame": "After the 24-week follow-up period"}]
    assert not treated("", outcomes={"primaryOutcomes": again})


def test_what_a_built_up_dose_is_kept_at_is_no_length_of_all_treatment():
    words = "Newmab is titrated from 5 mg to 15 mg over 8 weeks, then kept at 15 mg for 44 weeks"
    arm = ("New", "EXPERIMENTAL", words, ("Newmab",))
    assert inner(trial([arm]), "New") == [("TREATMENT", ("Newmab",), "")]


def test_lengths_in_other_units_are_the_same_length():
    arm = ("Newmab", "EXPERIMENTAL", "Newmab is taken for 12 months.", ("Newmab",))
    made = inner(
        trial([arm], summary="Participants may receive Newmab for up to 1 year."), "Newmab"
    )
    assert made == [("TREATMENT", ("Newmab",), "P12M")]


def test_follow_up_is_as_long_as_its_element():
    def followed(*said, summary=""):
        return values(told(*said, summary=summary), "TRGFUDUR")

    words = "Patients are followed up every 3 months for 2 years."
    assert followed(summary=words) == ["P2Y"]
    assert followed("Followed up for 8 weeks.", "Followed up for 8 weeks.") == ["P8W"]
    assert followed(summary="Participants are followed up to 21 days post treatment.") == ["P21D"]
    assert not followed("Followed up for 8 weeks.", "Waiting.")
    on = "They will be followed closely for 1 year. After 1 year, yearly visits go up to 15 years."
    assert not followed(summary=on)
    assert not followed(summary="Most have completed the three-year observation period.")
    assert not followed(summary="Levels will be followed during eight weeks.")
    assert not followed(summary="The average follow-up was approximately 18 months.")
    assert not followed(summary="Patients are followed weekly for 1 month and then monthly.")
    assert not followed(summary="Patients with benign findings are followed for 2 years.")


def test_a_length_of_another_medicine_or_of_one_option_is_none():
    assert one("", "New", summary="The regimen is doxorubicin once daily for 4 days.")[0][2] == ""
    lines = "Group 1: New daily for 6 weeks.\nGroup 2: New is given once daily for 7 weeks."
    arm = ("New", "EXPERIMENTAL", lines, ("New",))
    assert inner(trial([arm]), "New") == [("TREATMENT", ("New",), "")]
    alone = ("New", "EXPERIMENTAL", "Group 2: New is given once daily for 7 weeks.", ("New",))
    assert inner(trial([alone]), "New") == [("TREATMENT", ("New",), "P7W")]


def test_a_title_may_say_how_long_treatment_lasts():
    record = json.loads(json.dumps(RECORD))
    section = record["protocolSection"]
    section["identificationModule"]["officialTitle"] = "Open-label, 9-week Treatment, Trial of New"
    study = study_of(json.dumps(record), SPEC)
    assert values(study, "PTRTDUR") == ["P9W"]


def test_what_one_arm_says_of_all_is_of_the_others_too():
    words = "All randomized patients were treated with either Old or New (80 mg) for 2 years."
    study = told(words, "Old.")
    assert inner(study, "Old") == [("TREATMENT", ("Old",), "P2Y")]
    assert inner(told("Patients are treated with New for 2 years.", "Old."), "Old")[0][2] == ""


def test_years_are_not_of_radiotherapy_beside_a_drug():
    text = "Patients undergo radiotherapy and receive New daily for 5 years."
    assert one(text, "Radiotherapy", "New")[0][2] == ""
    assert one(text.replace("years", "weeks"), "Radiotherapy", "New")[0][2] == "P5W"


def test_open_label_treatment_before_a_masked_withdrawal():
    words = (
        "An open-label treatment period of 12 weeks, a randomized double-blind withdrawal period "
        "of 24 weeks and a 30-day follow-up."
    )
    arms = [
        ("New", "EXPERIMENTAL", "", ("Newmab",)),
        ("Placebo", "PLACEBO_COMPARATOR", "", ("Placebo",)),
    ]
    study = trial(arms, description=words, masking="DOUBLE")
    assert [(epoch, length) for epoch, _, length in inner(study, "Placebo")] == [
        ("OPEN LABEL TREATMENT", "P12W"), ("BLINDED TREATMENT", "P24W"),
    ]  # fmt: skip
    assert values(study, "PTRTDUR") == []


@pytest.mark.parametrize(
    "words",
    [
        "A 12-week double-blind treatment period is followed by a 40-week open-label extension.",
        "Newmab is given for 12 weeks (double-blind period), then in a 40-week open-label period.",
        "A double-blind, placebo-controlled phase of 12 weeks; an open-label extension of 40 weeks.",
    ],
)
def test_the_masked_period_before_an_extension_has_its_own_length(words):
    arms = [
        ("New", "EXPERIMENTAL", "", ("Newmab",)),
        ("Placebo", "PLACEBO_COMPARATOR", "", ("Placebo",)),
    ]
    study = trial(arms, description=words, masking="DOUBLE")
    blinded, extension = inner(study, "New")
    assert (blinded[0], blinded[2]) == ("BLINDED TREATMENT", "P12W")
    assert (extension[0], extension[2]) == ("OPEN LABEL TREATMENT", "P40W")
    assert values(study, "PTRTDUR") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A screening period of up to 28 days precedes treatment.", "P28D"),
        ("The Screening period (Day -30 to Day -1) lasts up to about 30 days.", "P30D"),
        ("Screening: within 21 days prior to the first dose.", "P21D"),
        ("Screening epoch: Day -14 to Day -1.", "P14D"),
        ("There are screening, 12 months of treatment, and a visit.", ""),
        ("The screening period, up to 24 months of treatment, and visits.", ""),
    ],
)
def test_how_long_screening_lasts(words, expected):
    (path,) = paths(trial([("Arm", "EXPERIMENTAL", "", ("New",))], description=words)).values()
    assert path[0] == ("SCREENING", (), expected)


def test_stages_last_as_long_as_their_words_say_at_most():
    words = "Up to 7 months of New, followed by 6 months conventional Old"
    arms = [("New then Old", "EXPERIMENTAL", words, ("New", "Old"))]
    assert inner(trial(arms), "New then Old") == [
        ("TREATMENT", ("New",), "P7M"), ("TREATMENT", ("Old",), "P6M"),
    ]  # fmt: skip


def test_a_run_in_may_stand_in_criteria():
    study = trial(
        [("Arm", "EXPERIMENTAL", "", ("New",))],
        criteria="Exclusion Criteria:\n\n* An exacerbation during the run-in period",
    )
    assert [step[0] for step in paths(study)["Arm"]] == [
        "SCREENING", "RUN-IN", "TREATMENT", "FOLLOW-UP",
    ]  # fmt: skip


def test_a_dose_that_the_name_has_is_not_said_again():
    study = trial(
        [("A", "EXPERIMENTAL", "New 5 mg daily", ("New 5 mg",)),
         ("B", "EXPERIMENTAL", "New 9 mg daily", ("New 9 mg",))]
    )  # fmt: skip
    names = {row["ELEMENT"].value for row in study.tables["TE"].rows}
    assert {"New 5 mg", "New 9 mg"} <= names
