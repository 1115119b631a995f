"""What prose states of the whole study: objectives, ratios, factors, stop rules, named criteria."""

from collections import defaultdict

import pytest

from pipeline.extract.concepts import by_concept
from pipeline.extract.narrative import read_narrative
from pipeline.transform.rules.objectives import primary_objective
from pipeline.values import Fact, Source, Span

SOURCE = Source("a.json", "ctgov", "ctgov_v2", "0" * 64)


def said(text, concept, spec, place="text.description"):
    prose = Fact(place, text, text, Span(0, len(text)), SOURCE)
    found, issues = read_narrative(by_concept([prose]), spec)
    assert not issues
    for fact in found:
        assert text[fact.span.start : fact.span.end] == fact.quote  # the words are there
    return [fact.value for fact in found if fact.concept == concept]


PRIMARY = [
    ("The primary objective is to learn X in adults. More.", ["to learn X in adults"]),
    ("PRIMARY OBJECTIVES:\n\nI. To learn what X does.\n\nII. To see what Y does.\n\nOUTLINE: Z is given to all.",
     ["To learn what X does", "To see what Y does"]),
    ("OBJECTIVES:\n\nPrimary\n\n* Determine the response to X.\n\nSecondary\n\n* Determine the survival.\n",
     ["Determine the response to X"]),
    ("PRIMARY OBJECTIVES:\n\nI. To learn what X does. (Phase I) II. To see what Y does at 2. To do.",
     ["To learn what X does. (Phase I)", "To see what Y does at 2. To do"]),
    ("PRIMARY OBJECTIVES:\n\n1. To learn what X does (cohort 1) or what Y does (cohort 2) in adults",
     ["To learn what X does (cohort 1) or what Y does (cohort 2) in adults"]),
    ("Primary\n\n1. To learn what X does\n\nSecondary\n\n1. To learn what Y does",
     ["To learn what X does"]),
    ("The study's primary safety objective is to show that X does no harm.", ["to show that X does no harm"]),
    ("The primary aims are: 1) to measure X in blood; and 2) to measure Y in urine.",
     ["to measure X in blood", "to measure Y in urine"]),
    ("The primary aims are 1/ to measure X in blood, 2/ to measure Y in urine.",
     ["to measure X in blood", "to measure Y in urine"]),
    ("A trial with the primary objective of measuring X in blood.", ["measuring X in blood"]),
    ("The primary objective is to compare X vs. Yamab and Zumab Vs. Xumab.",
     ["to compare X vs. Yamab and Zumab Vs. Xumab"]),
    ("The main question it aims to answer is: does X help people with Y?", []),
    ("The main question it aims to answer is:\n\n* does X help people with Y?", []),
    ("The primary endpoint of the objective response is to be read at week 8.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PRIMARY)
def test_primary_objectives_without_their_lead_in(text, expected, spec):
    assert said(text, "objective.primary", spec) == expected


def test_secondary_objectives_under_their_heading(spec):
    text = "The primary aim is to learn X.\n\nThe secondary objectives are:\n\n* to learn what Y does\n* to learn what Z does"
    assert said(text, "objective.secondary", spec) == [
        "to learn what Y does", "to learn what Z does",
    ]  # fmt: skip


def test_an_outcome_that_states_an_objective_is_one(spec):
    text = "The primary objective of this study is to learn X early."
    for place, expected in (("outcome.primary", ["to learn X early"]), ("outcome.other", [])):
        assert said(text, "objective.primary", spec, place) == expected
    text = "The objective is to learn X early."
    assert said(text, "objective.stated", spec, "outcome.primary") == []


def test_a_heading_in_a_list_is_no_objective(spec):
    text = "* Primary objective:\n\n  * To learn X early\n* Secondary objectives:\n\n  * To learn Y early"
    assert said(text, "objective.primary", spec) == ["To learn X early"]
    assert said(text, "objective.secondary", spec) == ["To learn Y early"]


def test_primary_outcomes_are_no_objectives(spec):
    text = (
        "Objectives\n\nTo learn X early.\n\nOutcome Measures\n\nPrimary\n\n1. Count of Y in blood"
    )
    assert said(text, "objective.primary", spec) == []
    assert said(text, "objective.stated", spec) == ["To learn X early"]


def test_a_listed_objective_goes_on_with_the_list_below_it(spec):
    text = "Secondary objectives\n\n* Change of X after:\n\n  * water\n  * milk\n* Count of Y in blood\n\nMethods"
    assert said(text, "objective.secondary", spec) == [
        "Change of X after:\n\n  * water\n  * milk", "Count of Y in blood",
    ]  # fmt: skip


STATED = [
    ("The aim of this study is to see how much tea helps Secondary aims", ["to see how much tea helps"]),
    ("The purpose of this study is to learn whether X helps.", ["to learn whether X helps"]),
    ("This study aims to learn whether X helps.", ["to learn whether X helps"]),
    ("This is a randomized study to learn whether X helps.", ["to learn whether X helps"]),
    ("A study evaluating X in adults with Y and nothing else.", []),
    ("For the purposes of this study, the investigators will be using one clock.", []),
    ("The aim of this sub-study is to learn whether X helps.", []),
    ("This study is an open trial to learn whether X helps.", ["to learn whether X helps"]),
    ("Study to learn whether X helps.", ["to learn whether X helps"]),
    ("The trial is randomized prospective study to learn whether X helps.", ["to learn whether X helps"]),
    ("This study is designed as a blinded study to learn whether X helps.", ["to learn whether X helps"]),
    ("PURPOSE: This study is being performed to learn whether X helps.", ["to learn whether X helps"]),
    ("This is a dose-escalation Phase 1 trial designed to learn whether X helps.", ["to learn whether X helps"]),
    ("In this trial the investigators intend to compare X with Y.", ["to compare X with Y"]),
    ("This study intends to learn whether X helps.", ["to learn whether X helps"]),
    ("This research study is a pilot study to learn whether X helps.", ["to learn whether X helps"]),
    ("We ask in a trial in adults whether an intervention aimed at reducing X helps.", []),
    ("In this trial the investigators intend to enroll 50 adults.", []),
    ("A larger trial was planned. The main goal was to compare X with Y.", ["to compare X with Y"]),
    ("The goal of the Phase I part of this study is to find a dose of X.", []),
    ("This study was designed to be a randomized trial.", []),
    ("Objective: To learn whether X helps Methods: In 6 towns, X is given.", ["To learn whether X helps"]),
    (
        "Objectives:\n\n1. Primary: to learn X first\n2. To learn Y after it",
        ["To learn Y after it"],
    ),
    ("Y matters. Objectives: 1) To see what X does. 2) To see what Z does. It is cheap.",
     ["To see what X does", "To see what Z does"]),
    ("Y matters. Objectives: 1) To see what X does. It is cheap. 2) To see what Z does.",
     ["To see what X does"]),
    ("The study is to assess what X does.", ["to assess what X does"]),
    ("The study is to be stopped early.", []),
    ("This is an open study to the core study of X.", []),
    ("Other trials are made, one of their main goals being to find what X does.", []),
    ("This trial is performed to assess what X does.", ["to assess what X does"]),
    ("The study was conducted to assess what X does.", []),
    ("This blinded, early study is to assess what X does.", ["to assess what X does"]),
    ("The purpose of phase I clinical study is to assess what X does.", []),
    ("This is a blinded study in adults with Y to assess what X does.", ["to assess what X does"]),
    ("This is a blinded study in adults with Y who want to sleep.", []),
    ("This is an open, phase I clinical study, to assess what X does.", ["to assess what X does"]),
    ("Little is known. We have designed this study to test whether: 1) X helps people, 2) Y helps cats.",
     ["X helps people", "Y helps cats"]),
    ("The investigator's objective is to assess what X does.", ["to assess what X does"]),
    ("The overarching study aim is to recruit people who smoke and to randomize them.", []),
    ("This study has two parts designed to address these issues.", []),
    ("This study is designed to address these issues in adults with X.", []),
    ("This study is designed to observe these adults with X.", ["to observe these adults with X"]),
    ("The investigators propose to study X in adults.", ["to study X in adults"]),
    ("We propose to pay those who take part.", []),
    ("The study constitutes two research projects aiming at driving X.", []),
    ("The study is being conducted to to learn what X does.", ["to learn what X does"]),
    ("The aim of this study to see what X does.", ["to see what X does"]),
    ("They explain the purpose of the study to the people who are asked.", []),
    ("This survey aims at seeing what X does.", ["seeing what X does"]),
    ("The goals of this vaccination campaign are to reduce X.", []),
    ("The objectives of the Phase 1 are to find a dose of X.", []),
    ("The objective of the analysis of the samples is to learn whether X helps.", []),
    ("Efficacy goals of the study:\n\n1. Primary efficacy variable: the score of X", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_the_purpose_of_the_whole_study(text, expected, spec):
    assert said(text, "objective.stated", spec) == expected


def test_a_purpose_of_two_parts_is_two_objectives(spec):
    text = (
        "The purpose of this study is twofold: 1) to learn what X does and 2) to learn what Y does."
    )
    prose = Fact("text.summary", text, text, Span(0, len(text)), SOURCE)
    facts = defaultdict(
        tuple, {"objective.stated": tuple(read_narrative(by_concept([prose]), spec)[0])}
    )
    assert [cell.value for cell in primary_objective(facts, spec)] == [
        "to learn what X does", "to learn what Y does",
    ]  # fmt: skip


LISTS = [
    ("Objectives:\n\n* To learn what X does\n* To learn what Y does", [None]),
    ("The objectives of this study are: 1) to learn what X does 2) to learn what Y does", [None]),
    ("Objectives:\n\nTo learn what X does\n\nMethods: none", ["To learn what X does"]),
    ("Aim of study:\n\n* To learn what X does\n* To learn what Y does",
     ["To learn what X does", "To learn what Y does"]),
    ("The goal of this study is to 1)learn what X does, 2)learn what Y does.",
     ["learn what X does", "learn what Y does"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_several_objectives_without_rank_are_none_of_the_whole_study(text, expected, spec):
    prose = Fact("text.summary", text, text, Span(0, len(text)), SOURCE)
    purposes = tuple(read_narrative(by_concept([prose]), spec)[0])
    facts = defaultdict(tuple, {"objective.stated": purposes})
    assert [cell.value for cell in primary_objective(facts, spec)] == expected


def test_an_aim_of_this_study_comes_before_a_main_aim_of_nothing(spec):
    text = "The main objective of this study is to learn what X does. The main goal is to count Y."
    prose = Fact("text.summary", text, text, Span(0, len(text)), SOURCE)
    facts = defaultdict(
        tuple, {"objective.primary": tuple(read_narrative(by_concept([prose]), spec)[0])}
    )
    assert [cell.value for cell in primary_objective(facts, spec)] == ["to learn what X does"]


RATIOS = [
    ("Subjects are randomized 2:1 to X or placebo.", ["2:1"]),
    ("Subjects are randomized (2:1) to X or matched placebo.", ["2:1"]),
    ("Randomized patients are matched 1:1 with controls.", []),
    ("Assignment is on a 1 to 1 ratio, at random.", ["1 to 1"]),
    ("Children are randomized 50/50.", ["50/50"]),
    ("Randomized patients get a 1:10 dilution of X at 12:30.", []),
    ("Serum is mixed 1:1 with buffer.", []),
    ("In a previous trial patients were randomized 2:1.", []),
]


@pytest.mark.parametrize(("text", "expected"), RATIOS)
def test_ratios_of_allocation(text, expected, spec):
    assert said(text, "allocation.ratio", spec) == expected


FACTORS = [
    ("Randomization is stratified by site, sex and age (<65 vs ≥65 years).",
     ["site", "sex", "age (<65 vs ≥65 years)"]),
    ("Patients are randomized in pairs stratified by age, time since onset, and score.",
     ["age", "time since onset", "score"]),
    ("Patients are randomized, stratified by center, when and whether they take tea, and sex.", []),
    ("Patients are randomized, stratified by risk: low (few), or high (many).", []),
    ("Patients are randomized, stratified according to sex and to stage (I vs II).",
     ["sex", "stage (I vs II)"]),
    ("Subjects will be stratified by region and randomised 2:1 to X or placebo.", ["region"]),
    ("Patients are randomized. The results will be analysed stratified by site.", []),
    ("Patients are randomized, stratified by number of nodes in a single site, time since onset and "
     "age (40 and under vs 41-55) and diagnosis.",
     ["number of nodes in a single site", "time since onset", "age (40 and under vs 41-55)", "diagnosis"]),
    ("Randomization is stratified by site and arrhythmia, either of the atrium or of the ventricle.",
     ["site", "arrhythmia"]),
    ("Patients are randomized and stratified by viral load: (1) greater than 1,000 copies or (2) "
     "greater than 20,000 copies.", []),
    ("Randomization is stratified by age (3-6 years) as younger people recover.", ["age (3-6 years)"]),
    ("Randomization is stratified by sex as well as age.", ["sex", "age"]),
    ("Patients are randomized at a ratio of 1:1 according to the stratification factors as below:\n\n"
     "* Stage: II vs III\n* Age (young or old).\n\nX is given.",
     ["Stage: II vs III", "Age (young or old)"]),
    ("Randomization is based on stratification by (1) sex, and (2) age.", ["sex", "age"]),
    ("The randomization is stratified using 2 factors: (1) sex, and (2) age.", ["sex", "age"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FACTORS)
def test_factors_of_a_stratified_randomisation(text, expected, spec):
    assert said(text, "allocation.factor", spec) == expected


def test_the_name_of_the_disease_names_no_criteria(spec):
    text = "Meets NTF diagnostic criteria"
    entry = Fact("criterion.inclusion", text, text, Span(0, len(text)), SOURCE)
    disease = Fact("condition.name", "Novel Town Fever", "Novel Town Fever", Span(0, 16), SOURCE)
    for facts, count in (([entry], 1), ([entry, disease], 0)):
        assert len(read_narrative(by_concept(facts), spec)[0]) == count


STOPS = [
    ("Enrolment will be suspended if two deaths occur.", 1),
    ("If fewer than 3 patients respond, the trial will be stopped.", 1),
    ("If severe toxicity occurs in 2 of the first 5 patients, accrual will stop.", 1),
    ("Study drug will be stopped if the patient vomits.", 0),
    ("The study was terminated by the sponsor.", 0),
    ("Patients will stop the study treatment if the disease progresses.", 0),
]


@pytest.mark.parametrize(("text", "count"), STOPS)
def test_rules_by_which_the_whole_study_stops(text, count, spec):
    assert len(said(text, "stopping.rule", spec)) == count


CRITERIA = [
    ("Diagnosis of Y according to the 2016 World Health Organization (WHO) classification",
     ["2016 World Health Organization (WHO) classification"]),
    ("Meets DSM-5 criteria for major depressive disorder", ["DSM-5 criteria for major depressive disorder"]),
    ("Measurable disease as defined by RECIST 1.1 criteria", []),
    ("Meets all inclusion criteria", []),
    ("Meets Town IV Diagnostic Criteria for Y", ["Town IV Diagnostic Criteria for Y"]),
    ("Measurable disease as defined by Young criteria for lymphoma, diagnosed early", []),
    ("Diagnosed patients who meet the Western medical diagnostic criteria", []),
    ("Toxicity defined by Common Terminology Criteria for Adverse Events is resolved", []),
    ("Must not meet DSM-5 criteria for mania", []),
    ("Diagnosed with Y according to the 2021 version of the Town guidelines for a year",
     ["2021 version of the Town guidelines"]),
    ("Diagnosis of Y according to the criteria of Young and Old, for a year",
     ["criteria of Young and Old"]),
    ("Diagnosed early, and treated according to local guidelines", []),
    ("Meet the diagnostic criteria of Novel Town Fever", []),
    ("Meet the Town criteria for severe fever", []),
    ("Diagnosed with AML OR\n\n* Newly diagnosed fever based on the smear criteria", []),
    ("DSM-5 diagnosis of a novel disorder", ["DSM-5"]),
    ("Diagnosed with Y, DSM-IV criteria for a novel disorder", ["DSM-IV criteria for a novel disorder"]),
    ("Diagnosed early, DSM-5 severity scale above 2", []),
    ("Has the criteria for moderate-to-severe Y according to the Town Fever (TF) classification", []),
    ("Diagnosed with Fever by smear and meet the clinical classification of it", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CRITERIA)
def test_named_diagnostic_criteria(text, expected, spec):
    assert said(text, "criteria.diagnosis", spec, "criterion.inclusion") == expected


def test_an_objective_that_a_verb_states(spec):
    words = "The primary study objective determines the effect of X. The secondary objective assesses Y in adults."
    assert said(words, "objective.primary", spec) == ["determines the effect of X"]
    assert said(words, "objective.secondary", spec) == ["assesses Y in adults"]


def test_criteria_of_the_disease_in_brackets_and_ranks_below_a_head_of_a_phase(spec):
    entry = "AD (Hanifin and Rajka criteria) moderate to severe"
    named = said(entry, "criteria.diagnosis", spec, "criterion.inclusion")
    assert named == ["Hanifin and Rajka criteria"]
    graded = "Heart failure (NYHA criteria)"
    assert said(graded, "criteria.diagnosis", spec, "criterion.inclusion") == []
    text = "Study Objectives Phase Ia (Dose Escalation)\n\n* Primary: Assess the safety of X.\n* Secondary: Learn the effect of X."
    assert said(text, "objective.primary", spec) == ["Assess the safety of X"]
    assert said(text, "objective.secondary", spec) == ["Learn the effect of X"]


def test_a_second_aim_is_secondary_and_a_list_of_more_may_be_of_single_words(spec):
    text = "The first aim is to learn X. The second aim is to learn what Y does."
    assert said(text, "objective.secondary", spec) == ["to learn what Y does"]
    text = "SECONDARY OBJECTIVES:\n\nI. Safety. II. Response. III. Quality of life."
    assert said(text, "objective.secondary", spec) == ["Safety", "Response", "Quality of life"]


def test_what_investigators_wish_to_learn_is_stated_and_what_a_platform_aims_at_is_not(spec):
    text = "The investigators wish to determine whether X helps children."
    assert said(text, "objective.stated", spec) == ["to determine whether X helps children"]
    text = "Our research group will study the use of a platform aimed at reducing anxiety."
    assert not said(text, "objective.stated", spec)


def test_an_initiative_may_define_the_diagnosis(spec):
    text = "* Diagnosis of asthma as defined by the Global Initiative for Asthma (GINA) 2011"
    place = "criterion.inclusion"
    assert said(text, "criteria.diagnosis", spec, place) == [
        "Global Initiative for Asthma (GINA) 2011"
    ]
    assert not said("* Asthma of GINA step 3", "criteria.diagnosis", spec, place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PURPOSE: This phase II trial is studying how well X works.", "how well X works"),
        ("PURPOSE: This trial is studying X alone to see how it works.",
         "studying X alone to see how it works"),
        ("PURPOSE: This randomized trial is comparing X with Y.", "comparing X with Y"),
    ],
)  # fmt: skip
def test_a_purpose_has_no_this_trial_before_it(text, expected, spec):
    assert said(text, "objective.stated", spec) == [expected]
