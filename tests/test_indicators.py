"""What prose says outright of the whole study: trial types, indicators, the share that is treated."""

from collections import defaultdict

import pytest

from pipeline.transform.rules.allocation import randomisation_quotient
from pipeline.transform.rules.indicators import (
    added_on,
    paediatric_study,
    rare_disease,
    sub_study,
)
from pipeline.transform.rules.scopes import trial_type
from pipeline.values import Fact, Source, Span

SOURCE = Source("a.json", "ctgov", "ctgov_v2", "0" * 64)


def fact(concept, value, item=0, about=""):
    return Fact(concept, value, value, Span(0, len(value)), SOURCE, item, about)


def known(*facts):
    found = defaultdict(tuple)
    for one in facts:
        found[one.concept] += (one,)
    return found


def values(rule, spec, *facts):
    cells = rule(known(*facts), spec)
    return {cell.value for cell in cells if cell.value is not None}


TYPES = [
    ("text.summary", "The study will assess the efficacy of X.", {"EFFICACY"}),
    ("text.summary", "We want to find out whether X is more effective than Y.", {"EFFICACY"}),
    ("objective.stated", "to learn whether X is a safe and effective treatment", {"SAFETY", "EFFICACY"}),
    ("text.summary", "We evaluate ways to identify effective treatments.", set()),
    ("text.summary", "Arms compare doses to determine a tolerable dose.", set()),
    ("objective.primary", "to find the maximum tolerable dose of X", set()),
    ("text.summary", "A study that was done in 2010 could show that X is effective and measured safety.", set()),
    ("text.summary", "Patients are treated to safely and rapidly measure X.", set()),
    ("text.summary", "To learn if X is safe and effective in adults.", {"SAFETY", "EFFICACY"}),
    ("text.summary", "X is effective in adults, and we study milk.", set()),
    ("text.summary", "We evaluate the dose of milk tolerated by children.", set()),
    ("text.summary", "The study product was well tolerated.", set()),
    ("text.summary", "We compare adults who are enrolled here in a trial of X (Efficacy of X).", set()),
    ("text.summary", "It is studied how to plan a larger efficacy trial.", set()),
    ("text.summary", "Outcomes are the score of the investigator and safety metrics.", set()),
    ("text.summary", "An aim is to describe the safety procedures.", set()),
    ("text.summary", "The earlier study demonstrated the safety of X in a test.", set()),
    ("text.summary", "The safety of X is demonstrated in this test.", {"SAFETY"}),
    ("text.summary", "Monitoring of efficacy relies on the assessment of tissue.", set()),
    ("text.summary", "We plan care by the markers studied, which is better tolerated.", set()),
    ("text.description", "This phase 1 study evaluates the safety of X.", {"SAFETY"}),
    ("text.description", "In an earlier phase 1 study the safety of X was evaluated.", set()),
    ("text.description", "We know that this study drug has efficacy in tests.", set()),
    ("outcome.primary", "Amount of milk that can be tolerated", set()),
    ("outcome.primary", "How well X is tolerated", {"TOLERABILITY"}),
    ("text.summary", "This is a pilot study of the safety of X.", {"SAFETY"}),
    ("text.summary", "The safety of X is evaluated in adults with previously untreated Y.", {"SAFETY"}),
    ("text.summary", "The safety of X was evaluated in a previous phase I trial.", set()),
    ("title.official", "Tolerance of X Combination", {"TOLERABILITY"}),
    ("text.summary", "We learn how well people tolerate X.", {"TOLERABILITY"}),
    ("title.official", "Induction of Tolerance of Peanut", set()),
]  # fmt: skip


@pytest.mark.parametrize(("place", "text", "expected"), TYPES)
def test_trial_types(place, text, expected, spec):
    assert values(trial_type, spec, fact(place, text)) == expected


ADDED = [
    ("text.summary", "X is studied as add-on to usual treatment.", {"Y"}),
    ("text.summary", "X is approved as add-on therapy.", set()),
    ("text.summary", "X can be used as an add-on treatment.", set()),
    ("title.official", "X as Add-on Therapy in Adults", {"Y"}),
    ("title.official", "X on Top of Chronic Yamab Treatment", {"Y"}),
    ("text.description", "X will be given as add-on treatment to Y.", {"Y"}),
    ("arm.description", "X in addition to standard care, chosen by guidelines.", {"Y"}),
    ("text.description", "On day 5 X will be added to the regimen.", set()),
    ("text.description", "X will be added to the existing regimen.", {"Y"}),
    ("text.description", "There is a need to see what X does when added to chemotherapy.", set()),
]


@pytest.mark.parametrize(("place", "text", "expected"), ADDED)
def test_added_on(place, text, expected, spec):
    assert values(added_on, spec, fact(place, text)) == expected


CHILDREN = [
    ("text.summary", "We enroll infants with Y.", {"Y"}),
    ("text.summary", "Small samples are of use in pediatric populations.", set()),
    ("title.official", "X in Children", {"Y"}),
    ("text.summary", "The study looks at the risk of having affected children.", set()),
    ("text.summary", "Adolescents and older patients are randomized.", set()),
    ("text.summary", "Children will be randomly assigned.", {"Y"}),
    ("title.official", "The Children's Asthma Research Network Cohort", set()),
]


@pytest.mark.parametrize(("place", "text", "expected"), CHILDREN)
def test_children_as_participants(place, text, expected, spec):
    assert values(paediatric_study, spec, fact(place, text)) == expected


RARE = [
    ("title.official", "X in Patients With Advanced Rare Cancers", {"Y"}),
    ("text.summary", "Carcinomas of this kind are rare and highly aggressive diseases.", {"Y"}),
    ("text.summary", "Rare earth elements are used in people with cancers.", set()),
    ("text.summary", "Side effects are rare and mild.", set()),
]


@pytest.mark.parametrize(("place", "text", "expected"), RARE)
def test_rare_diseases(place, text, expected, spec):
    assert values(rare_disease, spec, fact(place, text)) == expected


PARTS = [
    ("title.brief", "Tissue Sub-study of X", {"Y"}),
    ("text.summary", "Participants are asked to take part in this substudy.", {"Y"}),
    ("text.summary", "A substudy will look at the kinetics of X.", {"Y"}),
    ("text.summary", "Participants may join an optional sub study of sleep.", {"Y"}),
    ("text.summary", "The platform comprises three sub-studies.", {"Y"}),
    ("title.official", "X in Adults With a Sub-study of Sleep", {"Y"}),
    ("text.description", "A previous substudy will be discussed.", set()),
    ("text.description", "In adults a substudy showed effects.", set()),
    ("text.description", "As an ancillary study, we have collected samples.", set()),
]


@pytest.mark.parametrize(("place", "text", "expected"), PARTS)
def test_sub_studies(place, text, expected, spec):
    assert values(sub_study, spec, fact(place, text)) == expected


SHARES = [
    (("2:1", "Randomized 2:1 to X or placebo."), {"0.67"}),
    (("3:1", "Randomized 3:1 to arm A (X) or arm B (observation)."), {"0.75"}),
    (("2:1", "Randomized 2:1 to placebo or X."), set()),
    (("2:1", "Randomized 2:1 to receive standard care or X."), set()),
    (("1:1", "Randomized 1:1.", "4:1", "Four get X for one who does not (4:1)."), set()),
]


@pytest.mark.parametrize(("said", "expected"), SHARES)
def test_the_share_of_those_treated_where_the_words_put_the_control_last(said, expected, spec):
    arms = [
        fact("arm.label", "X"), fact("arm.label", "Control", 1),
        fact("arm.type", "EXPERIMENTAL"), fact("arm.type", "NO_INTERVENTION", 1),
        fact("arm.intervention", "X"), fact("intervention.name", "X"),
        fact("intervention.type", "DRUG"),
    ]  # fmt: skip
    ratios = [
        fact("allocation.ratio", value, about=about)
        for value, about in zip(said[::2], said[1::2], strict=True)
    ]
    assert values(randomisation_quotient, spec, *arms, *ratios) == expected


def test_the_share_of_those_treated_leaves_out_arms_of_placebo(spec):
    arms = [
        fact(concept, value, item)
        for item, (label, kind, *given) in enumerate(
            [
                ("High X", "EXPERIMENTAL", "High X", "Y"),
                ("Low X", "EXPERIMENTAL", "Low X", "Y"),
                ("Placebo", "PLACEBO_COMPARATOR", "Placebo", "Y"),
            ]
        )
        for concept, value in (
            ("arm.label", label),
            ("arm.type", kind),
            *(("arm.intervention", name) for name in given),
        )
    ]
    named = [
        fact("intervention.name", n, i) for i, n in enumerate(("High X", "Low X", "Placebo", "Y"))
    ]
    kinds = [fact("intervention.type", "DRUG", i) for i in range(4)]
    title = fact("title.official", "High X and Low X to Speed Y")
    ratio = fact("allocation.ratio", "2:2:1", about="Randomized to high or low X or placebo 2:2:1.")
    found = values(randomisation_quotient, spec, *arms, *named, *kinds, title, ratio)
    assert found == {"0.8"}


def test_children_whom_a_criterion_names_where_nobody_older_may_enter(spec):
    entry = fact("criterion.inclusion", "Healthy children")
    young = fact("eligibility.age.maximum", "8 Years")
    assert values(paediatric_study, spec, entry, young) == {"Y"}
    assert (
        values(paediatric_study, spec, entry, fact("eligibility.age.maximum", "40 Years")) == set()
    )


def test_a_study_that_tests_the_addition_of_its_treatment_to_usual_care_adds_on(spec):
    words = "This trial tests the addition of newmab to usual chemotherapy for adults."
    assert values(added_on, spec, fact("text.summary", words)) == {"Y"}
    known_before = "The addition of newmab to standard therapies has been found to help."
    assert values(added_on, spec, fact("text.summary", known_before)) == set()
