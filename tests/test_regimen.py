"""How treatments are given, and for how long, as prose says it: what is read, and what is not."""

import time

import pytest

from pipeline.extract.concepts import by_concept
from pipeline.extract.durations import read_durations
from pipeline.extract.naming import names_of
from pipeline.extract.narrative import read_narrative
from pipeline.extract.plan import read_plan
from pipeline.extract.regimen import EVERYONE, read_regimens
from pipeline.extract.sentences import sentences
from pipeline.transform.rules.durations import treatment_duration
from pipeline.transform.rules.regimen import dose, dose_regimen, dosing_frequency
from pipeline.values import Fact, Source, Span

SOURCE = Source("record.json", "ClinicalTrials.gov", "ctgov_v2", "0" * 64)


def fact(concept, value, item=0, about=""):
    return Fact(concept, value, value, Span(0, len(value), concept), SOURCE, item, about)


def said(description, spec, *others, name="Alphamab"):
    """What is read of one treatment from its own description, as concept and value."""
    facts = [
        fact("design.type", "INTERVENTIONAL"),
        fact("intervention.name", name),
        fact("intervention.description", description),
        *others,
    ]
    found, issues = read_regimens(by_concept(facts), spec)
    assert not issues
    return {
        (one.concept.removeprefix("regimen."), one.value)
        for one in found
        if one.about == name and one.concept != "regimen.schedule"
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("10 mg/kg IV every 3 weeks", {("dose", "10"), ("unit", "mg/kg"),
                                       ("route", "INTRAVENOUS"), ("frequency", "EVERY 3 WEEKS")}),
        ("80mg QD", {("dose", "80"), ("unit", "mg"), ("frequency", "QD")}),
        ("100 mg tablets twice daily (BID)", {("dose", "100"), ("unit", "mg"), ("form", "TABLET"),
                                              ("frequency", "BID")}),
        ("0.5 mL intramuscular", {("dose", "0.5"), ("unit", "mL"), ("route", "INTRAMUSCULAR")}),
        ("1,000 mg", {("dose", "1000"), ("unit", "mg")}),
        ("75 mg/m^2 q3w", {("dose", "75"), ("unit", "mg/m2"), ("frequency", "EVERY 3 WEEKS")}),
        ("10 000 U/m²", {("dose", "10000"), ("unit", "U/m2")}),
        ("on Day 1 200 mg", {("dose", "200"), ("unit", "mg")}),
        ("500 mg/day", {("dose", "500"), ("unit", "mg/day")}),
        ("15 mcg/m2/day", {("dose", "15"), ("unit", "ug/m2/day")}),
        ("75,000 SQ-T, the SQ grass SLIT", {("dose", "75000"), ("unit", "SQ-T")}),
        ("12 DU sublingually q.d.", {("dose", "12"), ("unit", "DU"), ("route", "SUBLINGUAL"),
                                     ("frequency", "QD")}),
        ("(4 inhalations) of the 100/6 mcg device: a dose 400/24 mcg", {
            ("dose", "4"), ("unit", "INHALATION"), ("route", "RESPIRATORY (INHALATION)"),
        }),
        ("2 puffs of 100 mcg BID", {("dose", "2"), ("unit", "PUFF"), ("frequency", "BID")}),
        ("on days 1 and 15, with courses repeating every 28 days", {
            ("frequency", "2 TIMES PER CYCLE"),
        }),
        ("10 mg/day, once daily", {("dose", "10"), ("unit", "mg"), ("frequency", "QD")}),
        ("1000 mg/m2 oral at day 1 every 3 weeks", {
            ("dose", "1000"), ("unit", "mg/m2"), ("route", "ORAL"), ("frequency", "EVERY 3 WEEKS"),
        }),
        ("5 mg as IV bolus", {("dose", "5"), ("unit", "mg"), ("route", "INTRAVENOUS BOLUS")}),
        ("every 2 or every 4 weeks", {
            ("frequency", "EVERY 2 WEEKS"), ("frequency", "EVERY 4 WEEKS"),
        }),
        ("every 2 or 4 weeks", {
            ("frequency", "EVERY 2 WEEKS"), ("frequency", "EVERY 4 WEEKS"),
        }),
        ("open-label 10 mg", {("dose", "10"), ("unit", "mg")}),
        ("2.5, 5 or 10 mg", {("dose", "2.5"), ("dose", "5"), ("dose", "10"), ("unit", "mg")}),
        ("150 to 375 milligram (mg)", {("dose", "150"), ("dose", "375"), ("unit", "mg")}),
        ("1x10^6 or 3 x 10e6 cells/kg", {("dose", "1"), ("dose", "3"),
                                               ("unit", "10^6/kg")}),
        ("1 x 10^8 CAR+ T cells/kg", {("dose", "10"), ("unit", "10^7/kg")}),
        ("10^10 CFU daily", {("dose", "10"), ("unit", "10^9 CFU"), ("frequency", "QD")}),
        ("2 billion CFU", {("dose", "2"), ("unit", "10^9 CFU")}),
        ("A single dose of 5 mg", {("dose", "5"), ("unit", "mg"), ("frequency", "ONCE")}),
        ("Given once weekly p.o. for a month", {("frequency", "1 TIME PER WEEK"),
                                                ("route", "ORAL")}),
        ("two tablets", {("dose", "2"), ("unit", "TABLET"), ("form", "TABLET")}),
        ("200 mL infusion on Day 1: 250 mg", {("dose", "250"), ("unit", "mg")}),
        ("tablets, film-coated", {("form", "TABLET, FILM COATED")}),
        ("doses at minute 0 and 3 mg", {("dose", "3"), ("unit", "mg")}),
        ("Vial 3 - 0.4 mL", {("dose", "0.4"), ("unit", "mL")}),
        ("20 mg four times per week", {("dose", "20"), ("unit", "mg"),
                                       ("frequency", "4 TIMES PER WEEK")}),
        ("30 µg, od.", {("dose", "30"), ("unit", "ug"), ("frequency", "QD")}),
        ("given on Day 1 of each 21-day cycle", {("frequency", "EVERY 3 WEEKS")}),
        ("iv on day 1. Cycle repeated every 2 weeks", {("route", "INTRAVENOUS"),
                                                       ("frequency", "EVERY 2 WEEKS")}),
        ("10 mg/m2 weekly", {("dose", "10"), ("unit", "mg/m2"), ("frequency", "EVERY WEEK")}),
        ("4 weekly injections", {("frequency", "EVERY WEEK")}),
        ("given 3-weekly", {("frequency", "EVERY 3 WEEKS")}),
        ("every other week", {("frequency", "EVERY 2 WEEKS")}),
        ("by mouth once or twice daily", {("route", "ORAL"), ("frequency", "QD"),
                                          ("frequency", "BID")}),
        ("10 mg bd", {("dose", "10"), ("unit", "mg"), ("frequency", "BID")}),
        ("3 mg tab po hs", {("dose", "3"), ("unit", "mg"), ("form", "TABLET"), ("route", "ORAL"),
                            ("frequency", "QHS")}),
        ("every night", {("frequency", "QN")}),
        ("every 4 months", {("frequency", "Q4M")}),
        ("twice a month", {("frequency", "BIM")}),
        ("on Day 1 of each cycle (cycle length = 3 weeks)", {("frequency", "EVERY 3 WEEKS")}),
        ("on day 1 of each cycle. Cycles repeat every 28 days", {("frequency", "EVERY 4 WEEKS")}),
        ("once per 21-day cycle", {("frequency", "EVERY 3 WEEKS")}),
        ("for at least 5 days via IV infusion", {("route", "INTRAVENOUS")}),
        ("injected under the skin", {("route", "SUBCUTANEOUS")}),
        ("one eye drop", {("route", "OPHTHALMIC")}),
        ("2 puffs of a metered dose inhaler", {("route", "RESPIRATORY (INHALATION)"),
                                               ("dose", "2"), ("unit", "PUFF")}),
        ("80 mg per time", {("dose", "80"), ("unit", "mg")}),
        ("80 mg/day. It is taken once daily", {("dose", "80"), ("unit", "mg/day"),
                                               ("frequency", "QD")}),
        ("as the product label says, 5 mg", {("dose", "5"), ("unit", "mg")}),
        ("10 mg + water", {("dose", "10"), ("unit", "mg")}),
        ("0.04 mmol Gd/kg", {("dose", "0.04"), ("unit", "mmol/kg")}),
        ("0.7 mg/kg SQ weekly", {("dose", "0.7"), ("unit", "mg/kg"), ("route", "SUBCUTANEOUS"),
                                 ("frequency", "EVERY WEEK")}),
        ("on day +1, 10 mg/m2 on day +3", {("dose", "10"), ("unit", "mg/m2")}),
        ("500 mg on day 1 followed by 250 mg", {("dose", "500"), ("dose", "250"), ("unit", "mg")}),
        ("20 ml of 0.25% Alphamab", {("dose", "20"), ("unit", "mL")}),
        ("monthly for 3 months", {("frequency", "QM")}),
        ("a gel applied daily to the skin", {("form", "GEL"), ("frequency", "QD")}),
        ("210 mg SC monthly", {("dose", "210"), ("unit", "mg"), ("route", "SUBCUTANEOUS"),
                               ("frequency", "QM")}),
        ("60 mg q6mo", {("dose", "60"), ("unit", "mg"), ("frequency", "Q6M")}),
        ("1.25 mg/0.05 ml", {("dose", "1.25"), ("unit", "mg")}),
        ("in increasing doses weekly", {("frequency", "EVERY WEEK")}),
        ("Every other week or EOW", {("frequency", "EVERY 2 WEEKS")}),
        ("weekly x 3 every 4 weeks", {("frequency", "EVERY WEEK")}),
        ("oral inhalation by mouthpiece", {("route", "RESPIRATORY (INHALATION)")}),
        ("2-3 times a day", {("frequency", "BID"), ("frequency", "TID")}),
        ("at 3-month intervals", {("frequency", "Q3M")}),
        ("<18 years: 2 mg/kg", {("dose", "2"), ("unit", "mg/kg")}),
        ("2 tablets", {("dose", "2"), ("unit", "TABLET"), ("form", "TABLET")}),
        ("Take four capsules once a day",
         {("dose", "4"), ("unit", "CAPSULE"), ("form", "CAPSULE"), ("frequency", "QD")}),
        ("5 mg, 2 tablets daily",
         {("dose", "2"), ("unit", "TABLET"), ("form", "TABLET"), ("frequency", "QD")}),
        ("2 capsules (100 mg each) daily",
         {("dose", "2"), ("unit", "CAPSULE"), ("form", "CAPSULE"), ("frequency", "QD")}),
        ("100 mg with 4 weeks interval",
         {("dose", "100"), ("unit", "mg"), ("frequency", "EVERY 4 WEEKS")}),
        ("10 mg at intervals of 8 hours",
         {("dose", "10"), ("unit", "mg"), ("frequency", "Q8H")}),
        ("60 mg/m2 on days 1, 8, and 15 of each 28-day cycle",
         {("dose", "60"), ("unit", "mg/m2"), ("frequency", "3 TIMES PER CYCLE")}),
        ("days 1 and 8 of every 21-day cycle", {("frequency", "2 TIMES PER CYCLE")}),
        ("once weekly, on Days 1, 8, and 15 of 28-day cycles",
         {("frequency", "1 TIME PER WEEK")}),
        ("days 1, 8 and 15 of cycle 1", set()),
        ("Days 1,8 of each 21-28 day cycle", {("frequency", "2 TIMES PER CYCLE")}),
        ("every 2. week", {("frequency", "EVERY 2 WEEKS")}),
        ("once daily 5 days a week", {("frequency", "5 TIMES PER WEEK")}),
        ("six days per week", {("frequency", "6 TIMES PER WEEK")}),
        ("2.5 × 10⁷ cells", {("dose", "25"), ("unit", "10^6 Therapeutic Cells")}),
        ("intravenous drip", {("route", "INTRAVENOUS DRIP")}),
        ("4 tabs b.i.d.", {("dose", "4"), ("unit", "TABLET"), ("frequency", "BID")}),
        ("three 5-mg tablets or a 15 mg dose", {("dose", "15"), ("unit", "mg"), ("form", "TABLET")}),
        ("2 tablets of 50 mg", {("dose", "2"), ("unit", "TABLET"), ("form", "TABLET")}),
        ("49/51 mg BID", {("frequency", "BID")}),
        ("60 mg PO 4 x day", {("dose", "60"), ("unit", "mg"), ("route", "ORAL"),
                              ("frequency", "QID")}),
        ("1 puff morning & 1 puff evening", {("dose", "1"), ("unit", "PUFF"),
                                             ("frequency", "BID")}),
        ("2-3 classes/weekly", set()),
        ("0.25 mg/kg/hr", {("dose", "0.25"), ("unit", "mg/kg/h")}),
        ("5 mcg per minute", {("dose", "5"), ("unit", "ug/min")}),
        ("clearance of 30 mL/min", set()),
        ("6 mg, doubled weekly up to a maximum of 25 mg daily", {("dose", "6"), ("unit", "mg")}),
    ],
)  # fmt: skip
def test_how_a_treatment_is_given(spec, words, expected):
    assert said(words, spec) == expected


@pytest.mark.parametrize(
    "words",
    [
        "injection, 12.5 mg/mL",
        "up to 600 mg",
        "a maximum dose of 200 mg",
        "not to exceed 40 mg",
        "a syringe of 300 mg/2 ml",
        "supplied as 150-mg and 100-mg strengths",
        "50 mg will be dissolved in water",
        "in 10 mg average daily dosing increments",
        "75% of: 1000 mg, and 85 mg on the next day",
        "2 x 10^6 cells/kg as a split dose",
        "60 mg/day in 2 divided doses",
        "on days 1-14 (every 3 weeks)",
        "a blood sample (10 mL) will be taken",
        "challenges totaling 240 mL",
        "a total dose of 60 Gy",
        "increments of 5 mg",
        "for those with a weight of 70 g or more",
        "in 100 mL of saline",
        "each mL contains 50 mg",
        "10 mL of blood is drawn",
        "no 5 mg",
        "patients with stage IV cancer",
        "an oral food challenge",
        "daily living and quality of life",
        "Tumor assessments are done every 8 weeks",
        "every 9 weeks",
        "0.2 mg salbutamol in case of wheezing",
        "up to a dose of 30 mg",
        "1,3,10 mg",
        "taken to a maximum \nof 300 mg",
        "a 10 mL/kg bolus of normal saline is given",
        "dose incrementation is carried out every 2 hours",
        "a maximum dose per four weeks of 700 mg",
        "each vial contains a nominal fill of 3 mL",
        "fish oil, of which 500 mg is one acid and 300 mg another",
        "unit strengths 210 mg",
        "Ingredients:\n* one root 1.7g\n* another root 1.0g",
        "the team discussed it once a week",
        "children who tolerate eating 900 mg",
        "6 g a day",
        "on the first 5 days of each week",
        "twice daily 5 days a week",
        "the treatment cycle is every 3 weeks",
        "every 21 days cycle",
        "with weekly reminders by post",
        "they are visited every 2 weeks",
        "at the same time each day",
        "vials for single-dose use",
        "metastases in subcutaneous tissue",
        "shown on a digital tablet",
        "6 weekly visits",
        "80 mg/day, in divided doses",
        "an educational tablet",
        "played on a tablet",
        "capsule endoscopy, the posterior capsule",
        "PRP injection",
        "a cone of ice cream",
        "a substance called Alpha SQ Betula",
        "15 Gy-Eq",
        "skin of types III to IV, or NYHA IV",
        "irradiation to 50.4 Gy",
        "350 mg I/mL",
        "200 mg of it per litre"[:6] + " DHA per litre",
        "a level of 80 mg%",
        "0.5 mg aluminium hydroxide",
        "4 units of PRBC",
        "1000 mg (<75 kg) or 1200 mg (≥75 kg), in two divided doses",
        "escalated from 0.25 by others every 4 weeks",
        "2.5 g placebo",
        "given 21 to 28 days apart",
        "64 Gy in 32 fractions",
        "70 Gy at 2 Gy per fraction"[:5] + " in 35 fractions",
        "0.15 mg of it per kilogram",
        "the daily dose divided in half",
        "(µg)/90 mL",
        "given for seven days, 12 hours apart, repeated every 3 weeks",
        "Patients are followed at 3 weeks, 6 weeks, 3 months, in the first year and after it, and "
        "then every 6 months",
        "a DBPCFC to 5000 mg",
        "stages iii, iv, v",
        "SQ and non-SQ tumours",
        "standard care (SC), the SC group",
        "(iv) those of class iv",
        "food challenges of 8 g",
        "a child waiting for intrathecal chemotherapy",
        "Courses repeat every 28 days",
        "day 1 to day 7, every 4 weeks",
        "for five consecutive days every 3 weeks",
        "a daily treatment for 5 days in a row each week"[9:],
        "one injection, every 4 weeks for one cycle (q4w)",
        "on every Day 1 of it",
        "a pre-filled single-dose pre-filled syringe",
        "each dose was given as a single injection",
        "single dose: see the table",
        "the single and multiple dose pharmacokinetics",
        "one single dose at 3, 6 and 9 months",
        "and every 4 weeks to measure lung function",
        "milk ≥3 times/week",
        "patients unable to swallow orally",
        "5 mg to 20 mg/day",
        "0.1 mg lead/kg",
        "250 mg powder for solution",
        "with 250 mg of lactose",
        "The syringes contain 75 mg or 150 mg",
        "the tree AS2-1 capsules"[9:14],
        "S.C. placebo",
        "reaction rates after 50 and 100 mg",
        "a depot formulation for subcutaneous use",
    ],
)
def test_what_is_no_dose_route_or_frequency(spec, words):
    assert not said(words, spec)


def test_what_is_given_of_another_medicine_is_no_dose_of_this_one(spec):
    words = "Alphamab 10 mg by mouth. Supportive care is dexamethasone (4 mg IV) on the same day"
    assert said(words, spec) == {("dose", "10"), ("unit", "mg"), ("route", "ORAL")}
    never_named = "dexamethasone 4 mg IV"
    assert said(never_named, spec) == {("dose", "4"), ("unit", "mg"), ("route", "INTRAVENOUS")}
    mixed = fact("intervention.name", "Dexamethasone, Betanib", 1)
    assert said(words, spec, mixed) == {("dose", "10"), ("unit", "mg"), ("route", "ORAL")}
    parts = "Alphamab 10 mg with dexamethasone 4 mg"
    both = {("dose", "10"), ("dose", "4"), ("unit", "mg")}
    assert said(parts, spec, name="Alphamab and steroid") == both
    assert said(parts, spec, name="Alphamab and Betanib") == {("dose", "10"), ("unit", "mg")}


@pytest.mark.parametrize(
    "words",
    ["180 mg once daily; aspirin 100 mg in both groups", "180 mg once daily plus hCG 1000 IU"],
)
def test_a_medicine_named_after_an_amount_is_another(spec, words):
    assert said(words, spec) == {("dose", "180"), ("unit", "mg"), ("frequency", "QD")}


def test_an_amount_that_stands_before_another_medicine_is_of_that(spec):
    words = "Alphamab 12.5 mg with 25 mcg fentanyl"
    assert said(words, spec) == {("dose", "12.5"), ("unit", "mg")}


def test_a_dose_after_a_comma_is_that_of_the_name_that_follows(spec):
    words = "They get 360 mg Alphamab IV on Day 1, 15 mg/kg Betanib IV on Day 1"
    facts = [fact("intervention.name", "Alphamab"), fact("intervention.name", "Betanib", 1)]
    facts.append(fact("intervention.description", words))
    found = {(one.about, one.value) for one in read_regimens(by_concept(facts), spec)[0]}
    assert {("Alphamab", "360"), ("Betanib", "15")} < found
    assert ("Alphamab", "15") not in found


def test_a_sentence_that_names_two_gives_each_its_own(spec):
    other = fact("intervention.name", "Betanib", 1)
    facts = [
        fact("intervention.name", "Alphamab"),
        other,
        fact(
            "arm.description",
            "Alphamab 200 mg IV every 3 weeks and Betanib 20 mg orally once daily.",
        ),
        fact("arm.intervention", "Alphamab"),
        fact("arm.intervention", "Betanib"),
    ]
    found, _ = read_regimens(by_concept(facts), spec)
    doses = {(one.about, one.value) for one in found if one.concept == "regimen.dose"}
    assert doses == {("Alphamab", "200"), ("Betanib", "20")}
    routes = {(one.about, one.value) for one in found if one.concept == "regimen.route"}
    assert routes == {("Alphamab", "INTRAVENOUS"), ("Betanib", "ORAL")}


def test_other_treatments_keep_their_doses(spec):
    """What is given besides, and a placebo, lend nothing."""
    facts = [
        fact("intervention.name", "Alphamab"),
        fact("intervention.name", "Placebo", 1),
        fact("arm.description", "Alphamab plus methotrexate 15 mg weekly."),
        fact("arm.description", "Placebo matching Alphamab 40 mg once daily.", 1),
        fact("arm.intervention", "Alphamab"),
        fact("arm.intervention", "Placebo", 1),
        fact("text.summary", "Patients who previously took Alphamab 30 mg are not eligible."),
    ]
    found, _ = read_regimens(by_concept(facts), spec)
    assert not [one for one in found if one.concept == "regimen.dose"]


def test_an_arm_with_one_treatment_speaks_of_it(spec):
    facts = [
        fact("intervention.name", "Alphamab"),
        fact("arm.label", "20 mg BID", 3),
        fact("arm.intervention", "Alphamab", 3),
        fact("title.official", "A Study of Subcutaneous Alphamab", 0),
    ]
    found, _ = read_regimens(by_concept(facts), spec)
    (dose,) = (one for one in found if one.concept == "regimen.dose")
    assert (dose.value, dose.item, dose.about, dose.quote) == ("20", 3, "Alphamab", "20")
    (route,) = (one for one in found if one.concept == "regimen.route")
    assert (route.value, route.item) == ("SUBCUTANEOUS", EVERYONE)


def test_the_narrative_adds_no_dose_or_route_where_the_treatment_says_it(spec):
    told = fact("text.summary", "Alphamab 30 mg was once given intravenously, every 2 weeks.")
    assert said("10 mg subcutaneously", spec, told) == {
        ("dose", "10"), ("unit", "mg"), ("route", "SUBCUTANEOUS"), ("frequency", "EVERY 2 WEEKS"),
    }  # fmt: skip
    assert ("dose", "30") in said("An antibody", spec, told)


def read_of(spec, name, *facts):
    """What is read of a treatment that others may stand beside."""
    found, _ = read_regimens(by_concept([fact("intervention.name", name), *facts]), spec)
    return {(one.concept.removeprefix("regimen."), one.value) for one in found
            if one.about == name and one.concept != "regimen.schedule"}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Alphamab is tried for concurrent intravenous heroin dependence.", set()),
        ("Alphamab is given as an intravenous infusion.", {("route", "INTRAVENOUS")}),
        ("All get calcium 1000 mg and Alphamab 5 mg.", {("dose", "5"), ("unit", "mg")}),
        ("They get placebo IM on the same day as Alphamab.", set()),
        ("A placebo-controlled study of oral doses of Alphamab.", {("route", "ORAL")}),
        ("Daily administration of Alphamab results in loss of iron.", set()),
        ("Unlike topical agents, Alphamab is safe.", set()),
        ("Alphamab 8 mg is compared with ondansetron 4 mg.", {("dose", "8"), ("unit", "mg")}),
        ("Those who took Alphamab twice daily within the last month.", set()),
    ],
)
def test_what_the_narrative_says_of_a_treatment(spec, words, expected):
    assert read_of(spec, "Alphamab", fact("text.summary", words)) == expected


def test_a_therapy_of_another_kind_is_no_route_of_one_medicine(spec):
    for words in ("Alphamab and Oral Immunotherapy", "Sublingual AIT Tablets and Alphamab"):
        assert not read_of(spec, "Alphamab", fact("title.official", words))
    peanut = read_of(spec, "Peanut", fact("title.official", "Peanut Oral Immunotherapy"))
    assert peanut == {("route", "ORAL")}


def test_what_stands_before_the_next_name_is_of_that(spec):
    title = fact("title.official", "Comparing Alphamab, Inhaled Betanib")
    assert not read_of(spec, "Alphamab", fact("intervention.name", "Betanib", 1), title)
    label = fact("arm.label", "25 mg venom + 5 mg Alphamab")
    listed = [fact("arm.intervention", name) for name in ("Alphamab", "Betanib")]
    found = read_of(spec, "Alphamab", fact("intervention.name", "Betanib", 1), label, *listed)
    assert found == {("dose", "5"), ("unit", "mg")}


def test_what_and_joins_to_the_next_name_is_of_the_one_before(spec):
    words = fact("arm.description", "Helpers SC and Alphamab intramuscularly; Betanib daily.")
    names = [fact("intervention.name", "Betanib", item=1)]
    assert said("", spec, *names, words) == {("route", "INTRAMUSCULAR")}


def test_what_a_comma_parts_from_the_next_name_is_of_the_one_before(spec):
    words = "Betanib beginning with 0.8 mg/m2, Alphamab over 6 weeks"
    named = fact("intervention.name", "Betanib", 1), fact("arm.description", words)
    assert not read_of(spec, "Alphamab", *named)


def test_a_course_that_repeats_says_how_often_what_its_first_day_has_is_given(spec):
    once = "Patients receive Alphamab IV over 30 minutes on day 1. Courses repeat every 28 days."
    given = {("route", "INTRAVENOUS")}
    found = read_of(spec, "Alphamab", fact("text.description", once))
    assert found == given | {("frequency", "EVERY 4 WEEKS")}
    twice = once.replace("day 1", "days 1 and 8")
    found = read_of(spec, "Alphamab", fact("text.description", twice))
    assert found == given | {("frequency", "2 TIMES PER CYCLE")}
    more = once.replace("day 1", "days 1, 8, 15 and 22")
    assert read_of(spec, "Alphamab", fact("text.description", more)) == given


def test_what_comes_before_a_treatment_is_not_how_it_is_given(spec):
    words = "After lymphodepletion with fludarabine (30 mg/m2) for 3 days, participants will " \
            "receive a single intravenous infusion."  # fmt: skip
    assert said(words, spec) == {("route", "INTRAVENOUS"), ("frequency", "ONCE")}
    parts = "Betanib 160 mg with oxaliplatin 85 mg/m2"
    assert ("dose", "85") in said(parts, spec, name="Betanib/FOLFOX")


@pytest.mark.parametrize(
    "beside",
    [" plus matching placebo to Betanib 5 mg", ", with dexamethasone premedication 8 mg bid",
     "; matching placebo 2 mL IV", " and rescue tramadol 50 mg"],
)  # fmt: skip
def test_what_is_given_beside_a_treatment_says_nothing_of_it(spec, beside):
    found = said(f"10 mg once daily{beside}", spec)
    assert found == {("dose", "10"), ("unit", "mg"), ("frequency", "QD")}


def test_of_several_pieces_the_strength_in_the_name_is_no_dose(spec):
    assert said("2 puffs twice daily", spec, name="Alphamab 500 mcg") >= {
        ("dose", "2"),
        ("unit", "PUFF"),
    }
    assert ("dose", "500") not in said("2 puffs twice daily", spec, name="Alphamab 500 mcg")
    assert ("dose", "500") in said("1 puff twice daily", spec, name="Alphamab 500 mcg")


def test_an_assessment_beside_it_leaves_a_treatment_the_only_one_of_its_arm(spec):
    facts = [
        fact("design.type", "INTERVENTIONAL"),
        fact("intervention.name", "Alphamab", 0), fact("intervention.type", "DRUG", 0),
        fact("intervention.name", "Laboratory Biomarker Analysis", 1),
        fact("intervention.type", "OTHER", 1),
        fact("arm.intervention", "Alphamab", 0),
        fact("arm.intervention", "Laboratory Biomarker Analysis", 0),
        fact("arm.description", "Patients receive AB-12 IV on day 1.", 0),
    ]  # fmt: skip
    found, _ = read_regimens(by_concept(facts), spec)
    assert [(one.value, one.about) for one in found if one.concept == "regimen.route"] == [
        ("INTRAVENOUS", "Alphamab")
    ]


def test_the_study_drug_is_the_only_treatment(spec):
    told = fact("text.description", "The study drug is given orally at doses of 5 and 10 mg.")
    given = fact("arm.intervention", "Alphamab", 0)
    assert said("", spec, given, told) >= {("route", "ORAL"), ("dose", "5"), ("dose", "10")}
    other = fact("arm.intervention", "Betamab", 1)
    assert not said("", spec, given, other, told)


def test_an_arm_that_is_given_nothing_says_nothing_of_a_treatment(spec):
    arms = [
        fact("arm.label", "Four times a week"), fact("arm.intervention", "Alphamab"),
        fact("arm.description", "Alphamab once daily", 1),
    ]  # fmt: skip
    assert read_of(spec, "Alphamab", *arms) == {("frequency", "4 TIMES PER WEEK")}


def test_a_treatment_that_only_a_general_word_names_has_its_own_words(spec):
    words = fact("intervention.description", "Three times a week")
    assert read_of(spec, "Exercise", words) == {("frequency", "3 TIMES PER WEEK")}


def test_oral_before_a_name_is_a_route(spec):
    words = fact("text.summary", "Patients receive oral Alphamab on days 1-5.")
    assert read_of(spec, "Alphamab", words) == {("route", "ORAL")}
    assert not read_of(spec, "Alphamab", fact("text.summary", "Alphamab heals oral mucositis."))


def test_a_word_that_is_in_a_name_says_nothing_against_its_doses(spec):
    found = read_of(spec, "Salbutamol", fact("arm.label", "Salbutamol 100 mcg"))
    assert found == {("dose", "100"), ("unit", "ug")}


def test_a_number_that_ends_a_name_is_no_dose(spec):
    found = read_of(spec, "rAlpha v 1", fact("intervention.description", "rAlpha v 1 tablets"))
    assert found == {("form", "TABLET")}


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("A single dose, then every 3 weeks (Q3W).", "every 3 weeks"),
        ("10 mg (BID).", "BID"),
        ("Day 1 of each cycle (cycle length = 3 weeks).", "Day 1 of each cycle (cycle length = 3 weeks)"),
    ],
)  # fmt: skip
def test_the_words_of_a_schedule_stand_once_for_each_frequency(spec, text, schedule):
    facts = by_concept([
        fact("intervention.name", "Alphamab"),
        fact("intervention.role", "TEST"),
        fact("intervention.description", text),
    ])  # fmt: skip
    for one in read_regimens(facts, spec)[0]:
        facts.setdefault(one.concept, []).append(one)
    cells = dose_regimen(_every({name: tuple(own) for name, own in facts.items()}), spec)
    assert [cell.value for cell in cells] == [schedule]


def test_an_amount_said_again_with_a_nought_is_the_same_dose(spec):
    facts = {
        "intervention.role": (fact("intervention.role", "TEST"),),
        "intervention.name": (fact("intervention.name", "Alphamab"),),
        "regimen.dose": tuple(
            fact("regimen.dose", amount, about="Alphamab") for amount in ("8", "8.0", "8.05")
        ),
    }
    assert [cell.value for cell in dose(_every(facts), spec)] == ["8", "8.05"]


def test_what_is_given_in_a_procedure_is_not_its_dose(spec):
    kind = fact("intervention.type", "PROCEDURE")
    assert said("Sedation with 5 mg IV, twice daily", spec, kind) == {("frequency", "BID")}


def test_the_rhythm_of_what_is_no_medicine_is_its_own_words_alone(spec):
    told = fact("text.summary", "Elsewhere the dressing change is done every 48 hours.")
    for kind in ("PROCEDURE", "OTHER"):
        assert not said("Done", spec, fact("intervention.type", kind), told, name="Dressing change")
    own = said("Every 48 hours", spec, fact("intervention.type", "OTHER"), name="Dressing change")
    assert own == {("frequency", "Q48H")}


def test_what_is_left_out_has_no_route(spec):
    title = fact("title.official", "Oral Administration and Alphamab Avoidance")
    assert not said("For a year", spec, title, name="Alphamab avoidance")


def test_an_observational_study_has_no_regimen(spec):
    facts = [
        fact("design.type", "OBSERVATIONAL"),
        fact("intervention.name", "Alphamab 5 mg"),
    ]
    assert read_regimens(by_concept(facts), spec) == ([], [])


def test_a_single_dose_beside_a_frequency_is_no_frequency(spec):
    facts = {
        "intervention.role": (fact("intervention.role", "TEST"),),
        "intervention.name": (fact("intervention.name", "Alphamab"),),
        "regimen.frequency": (
            fact("regimen.frequency", "ONCE", about="Alphamab"),
            fact("regimen.frequency", "QD", about="Alphamab"),
        ),
    }
    cells = list(dosing_frequency(_every(facts), spec))
    assert [(cell.value, cell.group) for cell in cells] == [("QD", "TRT1")]


def test_a_rhythm_that_has_two_terms_is_said_once(spec):
    facts = {
        "intervention.role": (fact("intervention.role", "TEST"),),
        "intervention.name": (fact("intervention.name", "Alphamab"),),
        "regimen.frequency": tuple(
            fact("regimen.frequency", term, about="Alphamab")
            for term in ("1 TIME PER WEEK", "EVERY WEEK", "EVERY 2 WEEKS")
        ),
    }
    cells = list(dosing_frequency(_every(facts), spec))
    assert [cell.value for cell in cells] == ["1 TIME PER WEEK", "EVERY 2 WEEKS"]


def lasting(text, spec, concept="text.description"):
    named = fact("intervention.name", "Alphamab")
    found, _ = read_durations(by_concept([named, fact(concept, text)]), spec)
    told = {(one.concept.removeprefix("duration."), one.value) for one in found}
    return {one for one in told if one[0] != "open"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alphamab is given once weekly for 12 weeks.", {("treatment", "P12W")}),
        ("There is an 8-week treatment period.", {("treatment", "P8W")}),
        ("The treatment part of the study lasts eight weeks.", {("treatment", "P8W")}),
        ("They are followed for an additional 24 months.", {("follow_up", "P24M")}),
        ("A follow-up period of 28 days.", {("follow_up", "P28D")}),
        ("Subjects are enrolled in the trial for a period of 132 days.",
         {("participation", "P132D")}),
        ("The total duration of the research will be 4 years.", {("trial", "P4Y")}),
        ("Treatment for at least 4 weeks.", set()),
        ("Given daily for 6 to 14 weeks.", set()),
        ("Taken once daily in 28-day cycles.", set()),
        ("Patients are 18 years of age.", set()),
        ("Data are collected weekly for 9 weeks.", set()),
        ("Followed every 3 months for 2 years and then every year.", set()),
        ("Conditioning is given daily for 5 days.", set()),
        ("Alphamab is given for 6 weeks, followed by an end of study (EOS) visit, 4 weeks later.",
         {("treatment", "P6W")}),
        ("Treatment duration: 24 months Follow-up duration: 12 months",
         {("treatment", "P24M"), ("follow_up", "P12M")}),
        ("The intervention period will be 8weeks.", {("treatment", "P8W")}),
        ("For 9 weeks, participants will receive Alphamab.", {("treatment", "P9W")}),
        ("The study is expected to last approximately 30 months from the first visit of the first "
         "to the last visit of the last participant.", {("trial", "P30M")}),
        ("The study is expected to last about 36 months.", {("trial", "P36M")}),
        ("The maximum study duration will be about 16 weeks.", {("participation", "P16W")}),
        ("The maximum study duration will be about 16 months.", set()),
        ("The study will run for 24 months and has two stages.", {("trial", "P24M")}),
        ("Duration of the study: Total duration: 26 months", {("trial", "P26M")}),
        ("Patients are followed up every 3-6 months for up to 5 years.", {("follow_up", "P5Y")}),
        ("They are followed for 1 year. After 1 year, yearly visits go on.", set()),
        ("Alphamab is given daily for seven consecutive days, repeated every 3 weeks.", set()),
        ("Prednisone is given for 10 days.", set()),
        ("Alphamab is given for 14 days. Courses repeat every 21 days.", set()),
        ("Recruit a total of 30, of whom 15 receive Alphamab over a one year period.", set()),
        ("Group 1 gets Alphamab for 52 weeks, group 2 gets Alphamab for 26 weeks.", set()),
        ("Two years treatment with Alphamab given daily for two years.", {("treatment", "P2Y")}),
        ("Alphamab is taken over 10 days for 3 successive months.", set()),
        ("All get Alphamab for 8 weeks, with some receiving an additional 8 weeks.", set()),
        ("The study duration is 9 weeks, including a 1-week run-in, 6-week intervention, and 2-week "
         "follow-up after the intervention.",
         {("participation", "P9W"), ("treatment", "P6W"), ("follow_up", "P2W")}),
        ("Alphamab is given for 6 weeks, then reduced to half for 4 weeks.", set()),
        ("Alphamab is given for 6 weeks and may be continued.", set()),
        ("Part B: Alphamab is given for 6 weeks.", set()),
        ("In each stage participants complete 28 days of therapy.", set()),
        ("In a previous study Alphamab was given for 6 weeks.", set()),
        ("The current standard is irradiation, five days a week for 4 weeks.", set()),
        ("Alphamab is taken once a day, for 5 days/week.", set()),
        ("After a pre-treatment period of 8 weeks, OIT begins.", set()),
        ("Follow-up is weekly for 4 weeks, monthly for 6 months.", set()),
        ("The toxicity observation period was 28 days.", set()),
        ("The rate of side effects at 1 year of follow-up is compared.", set()),
        ("Therapy is given for 5 days in a row each week.", set()),
        ("A 3-week screening period, a 6-week treatment period, and a 4-week extension.",
         {("treatment", "P6W")}),
        ("They call a nurse during the 3-month intervention.", {("treatment", "P3M")}),
        ("The study duration was 66 weeks per participants.", {("participation", "P66W")}),
        ("The expected duration of the study for each subject will be one year.",
         {("participation", "P1Y")}),
        ("The duration is up to 13 months for each participant.", {("participation", "P13M")}),
        ("The total time in the study is 30 days.", {("participation", "P30D")}),
        ("The duration of the cure is up to 13 months.", set()),
        ("Participation in this research study is expected to last 1 month.",
         {("participation", "P1M")}),
        ("The follow up of each patient will last three years.", {("follow_up", "P3Y")}),
        ("The duration of follow-up is 12 months.", {("follow_up", "P12M")}),
        ("Participation in this study is anticipated to be about 17 weeks.",
         {("participation", "P17W")}),
        ("A 30-day safety follow-up after the last dose.", {("follow_up", "P30D")}),
        ("A 30-day safety follow-up after the last dose, survival follow-up until death.", set()),
        ("Alphamab is given daily for 3 days following each injection.", set()),
        ("All get Alphamab for 24 weeks, after which all get Alphamab for an additional 24 weeks.",
         set()),
        ("Stents are used, and over 6 months restenosis declines.", set()),
        ("Patients are followed every 8 weeks for 2 years.", {("follow_up", "P2Y")}),
        ("The study includes a 30 day screening period, up to 24 months of treatment, and visits.",
         {("limit", "P24M")}),
        ("It is measured at baseline, and after 1, 2, and 3 years of treatment.", set()),
        ("Patients are followed every 8 weeks for 2 years\n   and then every year.", set()),
        ("Followed every week for 2 months and then monthly for 10 months.", set()),
        ("They are followed daily for 7 days, twice a week for 3 weeks.", set()),
        ("They are followed every month for 3 months, 3 months for 2 years.", set()),
        ("They are followed for 3 years on therapy.", set()),
        ("Patients with a negative biopsy are followed for 2 years.", set()),
        ("Those who achieve remission receive Alphamab for 1 year.", set()),
        ("Alphamab is given for 2 weeks. Treatment may continue for 2 more weeks.", set()),
        ("Alphamab is given for 4 weeks. It is well known. Patients continue treatment in the "
         "absence of toxicity.", set()),
    ],
)  # fmt: skip
def test_how_long(spec, text, expected):
    assert lasting(text, spec) == expected


def of_what(spec, *facts):
    found, _ = read_durations(by_concept(facts), spec)
    return [(one.about, one.value) for one in found if one.concept == "duration.treatment"]


def test_a_duration_is_of_the_treatment_that_the_words_or_their_place_give(spec):
    names = fact("intervention.name", "Alphamab"), fact("intervention.name", "Betamab", 1)
    assert of_what(spec, *names, fact("text.summary", "Betamab is given for 6 weeks.")) == [
        ("Betamab", "P6W")
    ]
    assert of_what(
        spec, *names, fact("intervention.description", "Taken daily for 6 weeks.", 1)
    ) == [("Betamab", "P6W")]
    arm = fact("arm.intervention", "Alphamab"), fact("arm.description", "Once daily for 6 weeks.")
    assert of_what(spec, *names, *arm) == [("Alphamab", "P6W")]
    assert of_what(spec, *names, *arm, fact("arm.type", "PLACEBO_COMPARATOR")) == []
    two = (fact("arm.intervention", name) for name in ("Alphamab", "Betamab"))
    words = fact("arm.description", "Betamab once daily for 6 weeks.")
    assert of_what(spec, *names, *two, words) == [("Betamab", "P6W")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alphamab with water for 12 weeks", [("Alphamab", "P12W")]),
        ("Once they reach it, they stay on it for six months.", []),
        ("The program remains open for 180 days.", []),
        ("Usual care for 12 months", []),
    ],
)
def test_a_description_without_a_verb_says_how_long(spec, text, expected):
    own = fact("intervention.name", "Alphamab"), fact("intervention.description", text)
    assert of_what(spec, *own) == expected


def long(spec, *texts, names=("Alphamab",), **more):
    """The durations of treatment that the rule takes from a record with these texts."""
    facts = [fact(f"text.{place}", text) for place, text in zip(("summary", "description"), texts)]  # noqa: B905
    for item, name in enumerate(names):
        facts.append(fact("intervention.name", name, item))
    facts += [fact(concept.replace("_", "."), text) for concept, text in more.items()]
    found = by_concept([*facts, *read_durations(by_concept(facts), spec)[0]])
    return [cell.value for cell in treatment_duration(_every(found), spec)]


def test_a_longer_limit_leaves_the_duration_open(spec):
    six = "Alphamab is given for 6 weeks."
    assert long(spec, six) == ["P6W"]
    assert long(spec, six, "Alphamab is given for up to 12 weeks.") == []
    assert long(spec, "Alphamab is given for up to 12 weeks.") == ["P12W"]
    assert long(spec, "Alphamab may be given for up to 12 weeks.") == []
    cycles = "Alphamab on day 1 of each cycle (cycle length = 3 weeks) for up to 17 cycles (up to \\~1 year)"  # fmt: skip
    assert long(spec, intervention_description=cycles) == ["P1Y"]
    assert long(spec, intervention_description=f"{cycles}, followed by Betamab.") == []
    assert long(spec, six, "Alphamab is given for up to 6 weeks.") == ["P6W"]
    assert long(spec, "Alphamab is given for 12 weeks.", "Alphamab is given for up to 3 months.")


def test_the_length_of_a_part_leaves_another_open(spec):
    six = "Alphamab is given for 6 weeks."
    assert long(spec, six, "Part B: Alphamab is given for 9 weeks.") == []
    assert long(spec, six, "In part B Alphamab is given for 6 weeks.") == ["P6W"]
    more = "Patients in both arms then receive Alphamab for an additional 6 weeks."
    assert long(spec, six, more) == []


def test_a_length_that_is_given_again_afterwards_is_not_the_whole(spec):
    six = "Patients get Alphamab daily for 6 weeks."
    assert long(spec, six, "Patients then receive Alphamab daily for 6 weeks.") == []
    assert long(spec, six, "An initial cohort of patients receives Alphamab for 2 weeks.") == []


def test_the_length_of_one_of_several_treatments_is_not_that_of_all(spec):
    both = ("Alphamab", "Betamab")
    assert long(spec, "Alphamab is given for 6 weeks.", names=both) == []
    assert long(spec, "Alphamab and Betamab are given for 6 weeks.", names=both) == ["P6W"]
    order = "Patients receive Alphamab then Betamab for 6 weeks."
    assert long(spec, order, names=both) == []
    period = "After Alphamab there is an 8-week treatment period."
    assert long(spec, period, names=both) == ["P8W"]


def test_single_and_multiple_doses_have_no_length_in_common(spec):
    title = "A Study of Single and Multiple Ascending Doses of Alphamab"
    ten = "Alphamab is given once daily for 10 days."
    assert long(spec, ten, title_brief="A Study of Alphamab") == ["P10D"]
    assert long(spec, ten, title_brief=title) == []


def test_how_long_a_placebo_alone_is_given_is_no_length_of_the_treatment(spec):
    facts = [fact("intervention.name", "Alphamab and placebo injections")]
    for words, expected in (
        ("All received placebo injections for 3 months.", []),
        ("All received tablets or placebo for 3 months.", ["P3M"]),
    ):
        found, _ = read_durations(by_concept([*facts, fact("text.summary", words)]), spec)
        assert [one.value for one in found] == expected


def test_durations_of_other_treatments_are_not_the_investigated_ones(spec):
    facts = {
        "arm.label": (fact("arm.label", "A"), fact("arm.label", "B", 1)),
        "arm.type": (fact("arm.type", "EXPERIMENTAL"), fact("arm.type", "ACTIVE_COMPARATOR", 1)),
        "intervention.name": (
            fact("intervention.name", "Alphamab"), fact("intervention.name", "Betamab", 1),
        ),
        "intervention.type": (
            fact("intervention.type", "DRUG"), fact("intervention.type", "DRUG", 1),
        ),
        "arm.intervention": (
            fact("arm.intervention", "Alphamab"), fact("arm.intervention", "Betamab", 1),
        ),
        "duration.treatment": (
            fact("duration.treatment", "P6W", about="Alphamab"),
            fact("duration.treatment", "P9W", about="Betamab"),
        ),
    }  # fmt: skip
    assert [cell.value for cell in treatment_duration(_every(facts), spec)] == ["P6W"]


def test_durations_that_disagree_are_none(spec):
    both = (fact("duration.treatment", "P12W"), fact("duration.treatment", "P24W"))
    assert not list(treatment_duration(_every({"duration.treatment": both}), spec))
    (cell,) = treatment_duration(_every({"duration.treatment": both[:1]}), spec)
    assert cell.value == "P12W"
    year = (fact("duration.treatment", "P12M"), fact("duration.treatment", "P1Y"))
    assert [
        one.value for one in treatment_duration(_every({"duration.treatment": year}), spec)
    ] == ["P12M"]


def test_what_ends_a_sentence():
    text = "Given i.v. Once only. See Dr. No.\nNext\n      wrapped line, e.g. This."
    assert [text[low:high] for low, high in sentences(text)] == [
        "Given i.v. Once only.",
        "See Dr. No.",
        "Next\n      wrapped line, e.g. This.",
    ]


def test_reading_grows_with_the_text(spec):
    """A record of 500 arms takes no more than some four times one of 125."""

    def taken(count):
        facts = [fact("design.type", "INTERVENTIONAL")]
        for item in range(count):
            name = f"Drug{item}mab"
            facts += [
                fact("intervention.name", name, item),
                fact("intervention.description", f"{name} 10 mg IV every 3 weeks.", item),
                fact("arm.description", f"They receive {name} 20 mg twice daily.", item),
                fact("arm.intervention", name, item),
            ]
        begun = time.process_time()
        found, _ = read_regimens(by_concept(facts), spec)
        assert len(found) > 8 * count
        return time.process_time() - begun

    assert min(taken(500) for _ in range(3)) < 10 * min(taken(125) for _ in range(3))


class _Every(dict):
    def __missing__(self, concept):
        return ()


def _every(facts):
    return _Every(facts)


@pytest.mark.parametrize("words", ["alphamab then placebo followed by ", "given for 2 weeks and ",
                                   "screening period of 2 weeks, follow-up; ",
                                   "randomized 1:1 ", "Aims: 1) to see X 2) ",
                                   "Randomized, stratified by: sex, 1) age as well as (", ])  # fmt: skip
def test_time_grows_with_a_text_without_sentences_and_no_faster(words, spec):
    def taken(size):
        text = words * (size // len(words))
        facts = [
            fact("design.type", "INTERVENTIONAL"),
            fact("intervention.name", "Alphamab"),
            fact("arm.description", text),
            fact("text.description", text),
        ]
        begun = time.process_time()
        read_plan(by_concept(facts), spec)
        read_durations(by_concept(facts), spec)
        read_narrative(by_concept(facts), spec)
        return time.process_time() - begun

    taken(1_000)
    assert taken(100_000) < 8 * taken(25_000) + 0.1


def test_a_placebo_that_is_named_by_its_medicine_takes_no_name_from_it():
    names = [fact("intervention.name", "pioglitazone hydrochloride", 0),
             fact("intervention.name", "Pioglitazone Placebo", 1)]  # fmt: skip
    low = "pioglitazone 10 mg or pioglitazone placebo"
    found = [mention.name for mention in names_of(names, []).mentions(low)]
    assert found == ["pioglitazone hydrochloride", "Pioglitazone Placebo"]


def test_names_of_a_list_share_the_route_that_stands_before_them(spec):
    facts = [
        fact("design.type", "INTERVENTIONAL"),
        fact("intervention.name", "Alphamab", 0), fact("intervention.name", "Betamab", 1),
        fact("text.summary", "They receive an SC abdominal injection of Alphamab and Betamab."),
    ]  # fmt: skip
    found, _ = read_regimens(by_concept(facts), spec)
    routes = [(one.about, one.value) for one in found if one.concept == "regimen.route"]
    assert routes == [("Alphamab", "SUBCUTANEOUS"), ("Betamab", "SUBCUTANEOUS")]


def test_names_of_a_list_share_what_is_said_after_the_last_but_no_dose(spec):
    names = [fact("intervention.name", name, n) for n, name in enumerate(("Alphamab", "Betanib"))]

    def told(words):
        facts = [*names, fact("arm.description", words)]
        made, _ = read_regimens(by_concept([fact("design.type", "INTERVENTIONAL"), *facts]), spec)
        return {(one.about, one.value) for one in made if one.concept != "regimen.schedule"}

    both = {(name, "EVERY 4 WEEKS") for name in ("Alphamab", "Betanib")}
    assert told("Alphamab and betanib once every 4 weeks") == both
    assert told("Alphamab and betanib 5 mg once daily") == {
        ("Betanib", "5"), ("Betanib", "mg"), ("Betanib", "QD"),
    }  # fmt: skip
    assert ("Alphamab", "9") in told("Alphamab (9 mg), and betanib (5 mg)")
    assert told("200 mg alphamab plus 900 mg betanib once every 4 weeks") == both | {
        ("Alphamab", "200"), ("Alphamab", "mg"), ("Betanib", "900"), ("Betanib", "mg"),
    }  # fmt: skip
    assert told("Alphamab in combination with betanib every 4 weeks") == both
    assert told("Alphamab, then betanib, in combination with rest, every 4 weeks") != both
