"""Rules where an expert thinks: roles of treatments, control, scopes, indicators, contradictions."""

import json

import pytest

from tests.conftest import flavors, study_of, values


def trial(arms=(), *, spec, title="A Trial", summary="", **more):
    """A study of arms `(type, label, names)`; `more` are fields of the record."""
    names = dict.fromkeys(name for _, _, given in arms for name in given)
    design = {
        "allocation": more.get("allocation", "RANDOMIZED"),
        "interventionModel": more.get("model", "PARALLEL"),
    }
    design = {key: value for key, value in design.items() if value}
    if "masking" in more:
        design["maskingInfo"] = {"masking": more["masking"], "whoMasked": more.get("roles", [])}
    section = {
        "identificationModule": {"nctId": "NCT00000001", "officialTitle": title},
        "statusModule": {"overallStatus": more.get("status", "COMPLETED")},
        "descriptionModule": {
            "briefSummary": summary, "detailedDescription": more.get("description", ""),
        },
        "designModule": {
            "studyType": more.get("type", "INTERVENTIONAL"), "designInfo": design,
            "enrollmentInfo": more.get("enrolment", {"count": 10, "type": "ACTUAL"}),
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": label, "type": kind, "interventionNames": [f"Drug: {n}" for n in given],
                 "description": more.get("said", {}).get(label, "")}
                for kind, label, given in arms
            ],
            "interventions": [
                {"type": more.get("kinds", {}).get(name, "DRUG"), "name": name} for name in names
            ],
        },
        "eligibilityModule": {
            "eligibilityCriteria": more.get("criteria", "Inclusion Criteria:\n\n* Able to walk"),
            "sex": more.get("sex", "ALL"), "minimumAge": more.get("age", "18 Years"),
            "healthyVolunteers": more.get("healthy", True),
        },
    }  # fmt: skip
    return study_of(json.dumps({"protocolSection": section}), spec)


def contradictions(study):
    return [one for one in study.issues if one.code.endswith(".contradiction")]


E, A, P, S, N, OTHER = (
    "EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION",
    "OTHER",
)  # fmt: skip
ROLES = [  # arms, title; TRT, COMPTRT, CURTRT, TCNTRL
    ([(E, "1", ["Newmab"]), (P, "2", ["Placebo"])], "", ["Newmab"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Newmab", "Oldex"]), (A, "2", ["Oldex"])], "", ["Newmab"], [], ["Oldex"], ["ACTIVE"]),
    ([(E, "1", ["Venom"]), (E, "2", ["Venom", "Newmab"]), (A, "3", ["Venom"])], "",
     ["Venom", "Newmab"], [], [], ["ACTIVE"]),
    ([(E, "1", ["Newmab"]), (A, "2", ["Oldex"])], "", ["Newmab"], ["Oldex"], [], ["ACTIVE"]),
    ([(A, "1", ["Newmab"]), (P, "2", ["Saline"])], "", ["Newmab"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Newmab", "Oldex"]), (A, "2", ["Newmab", "Placebo"]), (P, "3", ["Placebo"])], "",
     ["Newmab", "Oldex"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Coaching"]), (S, "2", ["Support"]), (N, "3", [])], "",
     ["Coaching"], [], [], ["SHAM", "NO TREATMENT"]),
    ([(E, "5 mg", ["Newmab"]), (E, "10 mg", ["Newmab"])], "", ["Newmab"], [], [], ["DOSE RESPONSE"]),
    ([(E, "5 mg", ["Newmab"]), (E, "10 mg", ["Newmab"])], "A Non-controlled Study of Newmab",
     ["Newmab"], [], [], ["NONE"]),
    ([(E, "1", ["Newmab"]), (E, "2", ["Oldex"])], "", ["Newmab", "Oldex"], [], [], [None]),
    ([(E, "1", ["Newmab", "Standard of care"]), (E, "2", ["Newmab"])], "",
     ["Newmab"], [], ["Standard of care"], [None]),
    ([(E, "1", ["Newmab", "Oldex", "Questionnaire"])], "Newmab in Adults", ["Newmab"], [], [], ["NONE"]),
    ([(OTHER, "1", ["Newmab"]), (OTHER, "2", ["Exercises"])], "Efficacy of Newmab in Adults",
     ["Newmab"], ["Exercises"], [], ["ACTIVE"]),
    ([(A, "1", ["Newmab"]), (A, "2", ["Oldex"])], "Something Else Versus Oldex",
     [None], [], [], ["ACTIVE"]),
    ([(E, "1", ["Newmab"]), (OTHER, "Control", ["Oldex"])], "", ["Newmab"], ["Oldex"], [], ["ACTIVE"]),
    ([(A, "1", ["Newmab drops"]), (A, "2", ["Oldex drops"])],
     "A Study Comparing the Efficacy of Newmab and of Something Else", [None], [], [], ["ACTIVE"]),
    ([(A, "1", ["Newmab", "Oldex", "Placebo"]), (P, "2", ["Newmab", "Oldex", "Placebo"])],
     "Effects of Newmab", ["Newmab"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Newmab", "Oldex"]), (E, "2", ["Newmab", "Placebo 2"]), (P, "3", ["Placebo 1"])], "",
     ["Newmab", "Oldex"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Newmab", "Usual care", "Bath"]), (E, "2", ["Sham Newmab", "Usual care", "Bath"]),
      (A, "3", ["Usual care"])], "", ["Newmab"], [], ["Usual care"], ["ACTIVE", "SHAM"]),
    ([(None, "1", ["Oldex", "Newmab"]), (None, "2", ["Oldex"])],
     "Oldex With or Without Newmab in Adults", ["Newmab"], [], [], [None]),
    ([(E, "1", ["Newmab", "Keeping a log"]), (E, "2", ["Betanib", "Keeping a log"])], "Newmab or Betanib",
     ["Newmab", "Betanib"], [], ["Keeping a log"], [None]),
    ([(E, "1", ["Newmab", "Oldex"]), (E, "2", ["Betanib", "Oldex"])], "Oldex With Newmab or Betanib",
     ["Newmab", "Oldex", "Betanib"], [], [], [None]),
    ([(E, "1", ["Newmab", "Oldex"]), (E, "2", ["Placebo of Newmab", "Oldex"])], "",
     ["Newmab"], [], ["Oldex"], ["PLACEBO"]),
    ([(E, "1", ["Newmab", "Blank oil"]), (E, "2", ["Oldex"]), (P, "3", ["Blank oil"])], "",
     ["Newmab", "Oldex"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Coaching", "Treatment as usual"]), (N, "2", [])], "",
     ["Coaching"], [], ["Treatment as usual"], ["NO TREATMENT"]),
    ([(E, "1", ["Newmab®", "Radiotherapy", "Oldex"])], "Newmab With Radiation in Adults",
     ["Newmab®", "Radiotherapy"], [], [], ["NONE"]),
    ([(E, "100 QXU/ml drops", ["Newmab"]), (E, "1.000 QXU/ml drops", ["Newmab"])], "",
     ["Newmab"], [], [], ["DOSE RESPONSE"]),
    ([(E, "Standard-dose group", ["Newmab"]), (E, "Low-dose group", ["Newmab"])], "",
     ["Newmab"], [], [], ["DOSE RESPONSE"]),
    ([(E, "1", ["Egg placebo controlled challenge"]), (P, "2", ["Placebo challenge"])], "",
     ["Egg placebo controlled challenge"], [], [], ["PLACEBO"]),
    ([(A, "1", ["Newmab"]), (A, "2", ["Oldex"])], "Newmab Versus Oldex", [None], [], [], ["ACTIVE"]),
    ([(E, "Cohort 1", ["Newmab", "Oldex", "Betanib"]), (E, "Cohort 2", ["Newmab", "Oldex", "Betanib"])],
     "Newmab in Adults", ["Newmab"], [], [], [None]),
    ([(E, "Cohort 1", ["Newmab", "Oldex"]), (E, "Cohort 2", ["Newmab", "Oldex"])],
     "Newmab Combined With an Antibody", ["Newmab", "Oldex"], [], [], [None]),
    ([(E, "1", ["Newmab", "Oldex"])], "Simultaneous Newmab and OX-1 in Adults",
     ["Newmab", "Oldex"], [], [], ["NONE"]),
    ([(E, "1", ["Newmab", "Oldex", "Resistance treatment"])], "Newmab Plus Oldex",
     ["Newmab", "Oldex"], [], [], ["NONE"]),
    ([(E, "1", ["Newmab", "Oldex"])], "Newmab on Top of Chronic Oldex Treatment",
     ["Newmab"], [], ["Oldex"], ["NONE"]),
    ([(E, "1", ["Newmab", "Oldex"])], "Switching Participants Receiving Newmab and Oldex to Tablets",
     ["Newmab", "Oldex"], [], [], ["NONE"]),
    ([(A, "1", ["Newmab", "Rhinovirus"]), (P, "2", ["Newmab", "Rhinovirus"])],
     "Newmab to Ease an Infection With Rhinovirus", ["Newmab"], [], [], ["PLACEBO"]),
    ([(E, "1", ["Newmab", "Oldex"]), (A, "2", ["Oldex"]), (A, "3", ["Betanib"])], "Effects of Newmab",
     ["Newmab"], ["Betanib"], [], ["ACTIVE"]),
    ([(E, "1", ["Newmab", "Rescue medication"]), (P, "2", ["Placebo", "Rescue medication"])], "",
     ["Newmab"], [], [], ["PLACEBO"]),
    ([(A, "With", ["Mix one", "Mix two"]), (A, "Without", ["Mix one", "Mix two"])], "",
     [None], [], [], ["ACTIVE"]),
    ([(OTHER, "N1 (app)", ["N1"]), (OTHER, "Educational control (E1)", ["E1"])], "Two Apps",
     ["N1"], ["E1"], [], ["ACTIVE"]),
    ([(OTHER, "Glucose control", ["N1"]), (OTHER, "Weight loss", ["E1"])], "Two Apps",
     [None], [], [], [None]),
    ([(E, "1", ["Newmab"]), (A, "2", ["Observation activity"])], "", ["Newmab"], [], [], ["ACTIVE"]),
    ([(E, "1", ["Oldex", "Newmab"]), (E, "2", ["Oldex"])], "Effects of Newmab",
     ["Newmab"], [], ["Oldex"], [None]),
    ([(E, "1", ["Oldex", "Newmab"]), (E, "2", ["Oldex"])], "Oldex Alone and With Newmab",
     ["Oldex", "Newmab"], [], [], [None]),
    ([(E, "1", ["Oldex", "Newmab"]), (E, "2", ["Oldex"])],
     "With or Without Newmab in Adults Who Receive Adjuvant Therapy With Oldex",
     ["Newmab"], [], ["Oldex"], [None]),
    ([(E, "1", ["Newmab"]), (E, "2", ["Independent Control"])], "", ["Newmab"], [], [], [None]),
    ([(E, "Newmab Group", ["Newmab"]), (E, "Control Group", ["Oldex"])], "",
     ["Newmab"], ["Oldex"], [], ["ACTIVE"]),
    ([(A, "1", ["Newmab", "Oldex"]), (A, "2", ["Oldex"])], "Oldex Versus Oldex Plus Mabs",
     ["Newmab"], [], ["Oldex"], ["ACTIVE"]),
    ([(E, "Now", ["Newmab"]), (E, "Control Group", ["Newmab (delayed start)"])], "",
     ["Newmab", "Newmab (delayed start)"], [], [], [None]),
]  # fmt: skip


@pytest.mark.parametrize(("arms", "title", "trt", "compared", "current", "control"), ROLES)
def test_roles_of_treatments(arms, title, trt, compared, current, control, spec):
    allocation = "RANDOMIZED" if len(arms) > 1 else "NA"
    study = trial(arms, title=title or "A Trial", allocation=allocation, spec=spec)
    assert values(study, "TRT") == trt
    assert values(study, "COMPTRT") == compared
    assert values(study, "CURTRT") == current
    assert values(study, "TCNTRL") == control


def test_one_listed_arm_of_a_randomised_trial_does_not_say_that_there_is_no_control(spec):
    arms = [(E, "A", ["Newmab"])]
    assert values(trial(arms, allocation="NA", spec=spec), "TCNTRL") == ["NONE"]
    assert values(trial(arms, allocation="RANDOMIZED", spec=spec), "TCNTRL") == [None]
    titled = trial(arms, allocation="NA", title="A Controlled Study of Newmab", spec=spec)
    assert values(titled, "TCNTRL") == [None]


HEALTHY = [  # title, criteria, field; contradictions
    ("Newmab in Healthy Adult Volunteers", "* Able to walk", False, 1),
    ("Newmab in Healthy Adult Volunteers", "* Able to walk", True, 0),
    ("Newmab in Adults", "* Normal volunteers aged 18 or more", False, 1),
    ("Newmab in Asthma Versus Healthy Controls", "* Otherwise healthy adults", False, 0),
]


@pytest.mark.parametrize(("title", "criteria", "field", "count"), HEALTHY)
def test_healthy_participants_against_the_field(title, criteria, field, count, spec):
    criteria = f"Inclusion Criteria:\n\n{criteria}"
    study = trial(title=title, criteria=criteria, healthy=field, age="", spec=spec)
    assert len(contradictions(study)) == count


UNTYPED = [  # interventions, title; TRT, CURTRT
    (["Newmab", "Oldex"], "Newmab and Oldex in Adults", ["Newmab", "Oldex"], []),
    (["Newmab", "Oldex"], "Newmab in Adults", ["Newmab"], []),
    (["Newmab", "Oldex"], "Newmab in Adults Receiving Oldex", ["Newmab"], ["Oldex"]),
    (["Newmab", "Oldex"], "Adults Receiving Newmab: A Study", [None], []),
    (["Newmab", "Oldex"], "A Newmab-enhanced Regimen in Adults", [None], []),
    (
        ["Newmab", "Oldex"],
        "Newmab and Oldex in Advanced or Metastatic Disease",
        ["Newmab", "Oldex"],
        [],
    ),
    (["Newmab", "Oldex"], "NX-1 and Oldex in Adults", [None], []),
    (["Newmab", "Oldex"], "Chemotherapy With Oldex in Adults", [None], []),
    (["Newmab", "Oldex", "Bath"], "Newmab, Oldex (OX-1) in Adults", ["Newmab", "Oldex"], []),
    (["Newmab", "Oldex"], "NX-1 in Combination With Oldex", [None], []),
    (["Newmab", "Oldex"], "Newmab or Oldex in Adults", [None], []),
    (["Newmab", "Comparison of screening methods"], "A Screening Study", [None], []),
]


@pytest.mark.parametrize(("names", "title", "trt", "current"), UNTYPED)
def test_what_is_investigated_without_arms(names, title, trt, current, spec):
    section = {
        "identificationModule": {"nctId": "NCT00000001", "officialTitle": title},
        "designModule": {"studyType": "INTERVENTIONAL"},
        "armsInterventionsModule": {
            "interventions": [{"type": "DRUG", "name": name} for name in names]
        },
    }
    study = study_of(json.dumps({"protocolSection": section}), spec)
    assert (values(study, "TRT"), values(study, "CURTRT")) == (trt, current)


def test_assessments_alone_are_investigated_only_where_a_title_names_them(spec):
    arms = [(E, "1", ["Skin prick test", "Nasal swab"])]
    kinds = {"Skin prick test": "PROCEDURE", "Nasal swab": "PROCEDURE"}
    assert values(trial(arms, kinds=kinds, spec=spec), "TRT") == [None]
    part = trial(arms, kinds=kinds, title="Value of Nasal Endoscopy", spec=spec)
    assert values(part, "TRT") == [None]
    named = trial(arms, kinds=kinds, title="Value of a Skin Prick Test", spec=spec)
    assert values(named, "TRT") == ["Skin prick test"]


def test_a_factorial_trial_tries_what_stands_beside_one_placebo(spec):
    arms = [(E, "1", ["Rest", "Newmab"]), (E, "2", ["Rest", "Placebo"]), (A, "3", ["Work", "Newmab"]),
            (A, "4", ["Work", "Placebo"])]  # fmt: skip
    assert values(trial(arms, model="FACTORIAL", spec=spec), "TRT") == ["Rest", "Newmab"]


def test_what_an_objective_names_only_as_received_is_not_investigated(spec):
    section = {
        "identificationModule": {
            "nctId": "NCT00000001",
            "officialTitle": "Study of a Growth Factor",
        },
        "designModule": {"studyType": "INTERVENTIONAL"},
        "descriptionModule": {
            "briefSummary": "The purpose of this study is to test KGF in people receiving Radex."
        },
        "armsInterventionsModule": {
            "interventions": [{"type": "DRUG", "name": name} for name in ("Palifermin", "Radex")]
        },
    }
    assert values(study_of(json.dumps({"protocolSection": section}), spec), "TRT") == [None]


def test_samples_are_no_treatments_whatever_their_type(spec):
    arms = [(E, "1", ["Newmab", "Blood sample for liver function"])]
    kinds = {"Blood sample for liver function": "BIOLOGICAL"}
    study = trial(arms, kinds=kinds, allocation="NA", spec=spec)
    assert values(study, "TRT") == ["Newmab"]
    assert all("sample" not in row["ELEMENT"].value for row in study.tables["TE"].rows)


def test_of_what_arms_are_given_alike_the_treatment_whose_doses_differ_is_investigated(spec):
    arms = [(E, "Group A", ["Oldex", "Newmab"]), (A, "Group B", ["Oldex", "Newmab"])]
    said = {"Group A": "Newmab 300 mg once daily.", "Group B": "Newmab 1200 mg once daily."}
    study = trial(arms, said=said, spec=spec)
    assert (values(study, "TRT"), values(study, "CURTRT")) == (["Newmab"], ["Oldex"])
    assert "DOSE RESPONSE" in values(study, "TCNTRL")
    same = trial(arms, said=dict.fromkeys(said, "Newmab 300 mg once daily."), spec=spec)
    assert values(same, "TRT") == ["Oldex", "Newmab"]
    assert "DOSE RESPONSE" not in values(same, "TCNTRL")


def test_an_objective_and_a_title_that_name_different_ones_leave_it_open(spec):
    def study(title):
        section = {
            "identificationModule": {"nctId": "NCT00000001", "officialTitle": title},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "descriptionModule": {
                "briefSummary": "The purpose of this study is to test the response to Oldex."
            },
            "armsInterventionsModule": {
                "interventions": [{"type": "DRUG", "name": name} for name in ("Newmab", "Oldex")]
            },
        }
        return study_of(json.dumps({"protocolSection": section}), spec)

    assert values(study("A Study in Adults"), "TRT") == ["Oldex"]
    assert values(study("Newmab in Adults"), "TRT") == [None]


def test_a_description_that_calls_this_study_uncontrolled_says_so(spec):
    arms = [(E, "A", ["Newmab"]), (E, "B", ["Othermab"])]
    said = "This is an open-label, uncontrolled study."
    assert values(trial(arms, description=said, spec=spec), "TCNTRL") == ["NONE"]
    other = "In earlier uncontrolled studies it was well tolerated."
    assert values(trial(arms, description=other, spec=spec), "TCNTRL") == [None]


def test_usual_care_of_the_control_that_the_treatment_is_added_to_is_background(spec):
    arms = [(E, "A", ["Newmab"]), (A, "B", ["Treatment as usual"])]
    alone = trial(arms, spec=spec)
    assert (values(alone, "COMPTRT"), values(alone, "CURTRT")) == (["Treatment as usual"], [])
    added = trial(arms, said={"A": "Newmab in addition to treatment as usual."}, spec=spec)
    assert (values(added, "COMPTRT"), values(added, "CURTRT")) == ([], ["Treatment as usual"])
    assert values(added, "TCNTRL") == ["ACTIVE"]


def test_usual_treatment_that_an_arm_says_the_treatment_is_added_to_is_current(spec):
    arms = [(E, "A", ["Newmab"]), (N, "B", [])]
    added = trial(arms, said={"A": "Newmab in addition to their treatment as usual."}, spec=spec)
    assert values(added, "CURTRT") == ["treatment as usual"]


def test_a_trial_that_is_to_come_says_nothing_of_this_one(spec):
    later = "We estimate the effect size for a larger efficacy trial."
    assert values(trial(description=later, spec=spec), "TTYPE") == [None]
    assert values(trial(description="An efficacy trial.", spec=spec), "TTYPE") == ["EFFICACY"]


def test_a_placebo_taken_in_turn_is_a_control(spec):
    arms = [(E, "A first", ["Newmab", "Placebo"]), (E, "B first", ["Newmab", "Placebo"])]
    assert values(trial(arms, model="CROSSOVER", spec=spec), "TCNTRL") == ["PLACEBO"]
    assert values(trial(arms, spec=spec), "TCNTRL") == [None]


RATIOS = [
    ("Patients are randomized 1:1.", ["0.5"]),
    ("Patients are randomized 2:1 to Newmab or placebo.", ["0.67"]),
    ("Patients are randomized 2:1.", [None]),
    ("Patients are randomized 1:1:1.", [None]),
    ("Nothing is said.", [None]),
]


@pytest.mark.parametrize(("summary", "expected"), RATIOS)
def test_share_of_the_investigated_treatment(summary, expected, spec):
    arms = [(E, "1", ["Newmab"]), (P, "2", ["Placebo"])]
    assert values(trial(arms, summary=summary, spec=spec), "RANDQT") == expected


def test_what_comes_before_and_every_arm_is_given_is_background(spec):
    arms = [(E, "A", ["Newmab", "Oldrays"]), (E, "B", ["Othermab", "Oldrays"])]
    study = trial(arms, title="Newmab versus Othermab following Oldrays", spec=spec)
    assert (values(study, "TRT"), values(study, "CURTRT")) == (["Newmab", "Othermab"], ["Oldrays"])


def test_what_the_summary_says_is_tried_where_neither_title_nor_objective_does(spec):
    arms = [(E, "A", ["Newmab", "Oldex", "Oldrine"])]
    said = "The study will test the ability of Newmab to clear cells. Oldex is well known."
    assert values(trial(arms, summary=said, spec=spec), "TRT") == ["Newmab"]
    every = "The study will test Newmab, Oldex and Oldrine."
    assert values(trial(arms, summary=every, spec=spec), "TRT") == ["Newmab", "Oldex", "Oldrine"]


def test_everyone_gets_what_every_arm_is_given_whatever_the_ratio(spec):
    arms = [(E, "5 mg", ["Newmab"]), (E, "9 mg", ["Newmab"]), (E, "Expansion", ["Newmab"])]
    assert values(trial(arms, summary="Randomized 1:1 to two doses.", spec=spec), "RANDQT") == ["1"]
    hidden = "Randomized 3:1 to Newmab or placebo."
    assert values(trial(arms, summary=hidden, spec=spec), "RANDQT") == [None]


def test_no_share_without_randomisation(spec):
    study = trial([(E, "1", ["Newmab"])], allocation="NA", summary="Given 1:1.", spec=spec)
    assert flavors(study, "RANDQT") == ["NA"]


SCOPES = [
    ("Effects of X on Self-Efficacy", "", [None]),
    ("Usability of X", "We assess whether exposure to X is dose proportional.",
     ["USABILITY TESTING", "DOSE PROPORTIONALITY"]),
    ("Safety and Efficacy of X", "", ["EFFICACY", "SAFETY"]),
    ("A Trial", "This study evaluates the safety of X.", ["SAFETY"]),
    ("A Trial", "X has been shown to be safe and effective.", [None]),
    ("A Trial", "Women use effective contraception in this study.", [None]),
    ("Oral Tolerance Induction", "", [None]),
    ("Safety, Tolerability and Pharmacokinetics of X", "", ["SAFETY", "TOLERABILITY", "PHARMACOKINETIC"]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "summary", "expected"), SCOPES)
def test_scopes_are_words_of_what_is_studied(title, summary, expected, spec):
    assert values(trial(title=title, summary=summary, spec=spec), "TTYPE") == expected


INDICATORS = [
    ("ADAPT", "An Adaptive Phase 2 Trial of X", "", True),
    ("ADAPT", "Adaptive Behavior in Autism", "", False),
    ("ADDON", "X Added to Standard Therapy", "", True),
    ("ADDON", "X Plus Y", "", False),
    ("EXTTIND", "An Open-Label Extension Study of X", "", True),
    ("EXTTIND", "A Trial of X", "Participants may enter an open-label extension study.", False),
    ("PDSTIND", "X in Children With Asthma", "", True),
    ("PDSTIND", "X in Children and Adults", "", False),
    ("PDSTIND", "X for Parents of Children With Asthma", "", False),
    ("RDIND", "A Trial", "Y is a rare genetic disease.", True),
    ("SSTDYIND", "A Sub-study of the XYZ Trial", "", True),
    ("SSTDYIND", "A Trial", "Patients may be enrolled in a PK sub-study.", False),
    ("PIPIND", "A Trial", "It is part of a paediatric investigation plan.", True),
]


@pytest.mark.parametrize(("code", "title", "summary", "yes"), INDICATORS)
def test_indicators_are_y_by_words_and_never_n(code, title, summary, yes, spec):
    study = trial(title=title, summary=summary, age="6 Years", spec=spec)
    assert [value for value in values(study, code) if value] == (["Y"] if yes else [])


def test_children_are_not_the_population_of_a_trial_of_adults(spec):
    study = trial(title="X in Children", age="18 Years", spec=spec)
    assert [value for value in values(study, "PDSTIND") if value] == []


CONTRADICTED = [
    ({"criteria": "Inclusion Criteria:\n\n* Women aged 18 or more"}, "ALL", "Women aged"),
    ({"sex": "FEMALE", "criteria": "Inclusion Criteria:\n\n* Male or female"}, "FEMALE", "Male or female"),
    ({"criteria": "Inclusion Criteria:\n\n* Age ≥ 21 years"}, "18 Years", "Age ≥ 21 years"),
    ({"age": "6 Years", "criteria": "Inclusion Criteria:\n\n* Age 6 to 12 months"}, "6 Years", "6 to 12"),
    ({"age": "18 Months", "criteria": "Inclusion Criteria:\n\n* Aged 18-50 years"}, "18 Months", "18-50"),
    ({"criteria": "Inclusion Criteria:\n\n* Age at least 19 years"}, "18 Years", "19 years"),
    ({"masking": "DOUBLE", "roles": ["INVESTIGATOR"]}, "DOUBLE", "INVESTIGATOR"),
    ({"masking": "QUADRUPLE", "title": "An Open-Label Trial"}, "QUADRUPLE", "Open-Label"),
    ({"masking": "NONE", "title": "A Double-Blind Trial"}, "NONE", "Double-Blind"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "field", "words"), CONTRADICTED)
def test_a_contradiction_names_both_quotes(more, field, words, spec):
    (issue,) = contradictions(trial(spec=spec, **more))
    assert f"“{field}”" in issue.detail
    assert words in issue.quote


AGREED = [
    {"criteria": "Inclusion Criteria:\n\n* Women must use contraception"},
    {"criteria": "Inclusion Criteria:\n\n* Men\n* Women"},
    {"criteria": "Inclusion Criteria:\n\n* Age > 17 years"},
    {"age": "2 Years", "criteria": "Inclusion Criteria:\n\n* Age between 24 months and 6 years"},
    {"age": "6 Months", "criteria": "Inclusion Criteria:\n\n* Aged 26 weeks to 2 years"},
    {"criteria": "Inclusion Criteria:\n\n* Born at a gestational age of 37-42 weeks"},
    {"criteria": "Inclusion Criteria:\n\n* Consent of a parent aged > 30 years"},
    {"sex": "FEMALE", "criteria": "Inclusion Criteria:\n\n* Women aged 20 or more"},
    {"masking": "NONE", "title": "Open-Label Extension of a Double-Blind Trial"},
    {"masking": "DOUBLE", "roles": ["PARTICIPANT", "INVESTIGATOR"], "title": "A Double-Blind Trial"},
]  # fmt: skip


@pytest.mark.parametrize("more", AGREED)
def test_what_agrees_is_no_contradiction(more, spec):
    assert contradictions(trial(spec=spec, **more)) == []


def test_a_count_without_type_is_planned_before_the_end_and_never_actual(spec):
    for status, planned in (("RECRUITING", "10"), ("COMPLETED", None), ("UNKNOWN", None)):
        study = trial(enrolment={"count": 10}, status=status, spec=spec)
        assert (values(study, "PLANSUB"), values(study, "ACTSUB")) == ([planned], [None])


def test_masking_of_a_record_without_design_fields_is_taken_at_its_words(spec):
    study = trial(spec=spec, allocation="", model="", title="A Double-Blind Trial")
    assert values(study, "TBLIND") == ["DOUBLE BLIND"]
    assert values(trial(spec=spec, title="A Double-Blind Trial"), "TBLIND") == [None]


@pytest.mark.parametrize(
    ("words", "control"),
    [
        ("Infants in the control group will receive a dose of placebo.", ["PLACEBO"]),
        ("The other arm is given placebo for 6 weeks.", ["PLACEBO"]),
        ("The control arm receives tea plus placebo.", [None]),
        ("The control group receives coffee and placebo.", [None]),
        ("The control group received a placebo run-in.", [None]),
    ],
)
def test_without_arms_the_words_on_the_control_group_say_what_it_gets(words, control, spec):
    assert values(trial(spec=spec, description=words), "TCNTRL") == control


@pytest.mark.parametrize(
    ("names", "model", "control"),
    [
        (["Tea", "Placebo"], "PARALLEL", ["PLACEBO"]),
        (["Tea", "Sham tea"], "PARALLEL", ["SHAM"]),
        (["Tea", "Coffee", "Placebo"], "PARALLEL", [None]),
        (["Tea", "Placebo"], "SINGLE_GROUP", ["NONE"]),
        (["Tea"], "PARALLEL", [None]),
    ],
)
def test_without_arms_a_placebo_beside_the_only_treatment_is_the_control(
    names, model, control, spec
):
    record = {"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001"},
        "designModule": {"studyType": "INTERVENTIONAL", "designInfo": {"interventionModel": model}},
        "armsInterventionsModule": {
            "interventions": [{"type": "DRUG", "name": name} for name in names],
        },
    }}  # fmt: skip
    assert values(study_of(json.dumps(record), spec), "TCNTRL") == control


@pytest.mark.parametrize(
    ("title", "random"),
    [
        ("A Randomised Trial", "Y"), ("A Non-Randomized Trial", "N"), ("A nonrandomized trial", "N"),
        ("A Trial", None), ("A Randomized and a Non-randomized Part", None),
    ],
)  # fmt: skip
def test_a_record_without_design_fields_is_random_by_its_title(title, random, spec):
    assert values(trial(spec=spec, allocation="", model="", title=title), "RANDOM") == [random]
    assert values(trial(spec=spec, allocation="", title=title), "RANDOM") == [None]
    assert values(trial(spec=spec, allocation="NA", title=title), "RANDOM") == ["N"]


@pytest.mark.parametrize(
    ("conditions", "named"),
    [
        (["Healthy"], [None]), (["Healthy Adult Male Volunteers", "Asthma"], ["Asthma"]),
        (["Healthy Aging"], ["Healthy Aging"]), (["Healthy Diet"], ["Healthy Diet"]),
    ],
)  # fmt: skip
def test_healthy_participants_are_no_condition(conditions, named, spec):
    record = {"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001"}, "conditionsModule": {"conditions": conditions},
    }}  # fmt: skip
    study = study_of(json.dumps(record), spec)
    assert values(study, "INDIC") == values(study, "TDIGRP") == named


def test_every_kind_of_intervention_once_also_of_observational_studies(spec):
    arms = [(None, "1", ["X", "Y", "Z"])]
    kinds = {"X": "DEVICE", "Y": "DEVICE", "Z": "OTHER"}
    study = trial(arms, kinds=kinds, type="OBSERVATIONAL", spec=spec)
    assert values(study, "INTTYPE") == ["DEVICE"]
    assert flavors(study, "TPHASE") == ["NA"]


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("Participants are divided into two groups with 25 participants in each group.", ["0.5"]),
        ("587 patients will be included (293/292 patients per arm).", ["0.5"]),
        ("Patients are randomly divided into new (n=167) and control groups (n=167).", ["0.5"]),
        ("Randomized to new (n=10), old (n=10) and no treatment (n=10).", [None]),
        ("A reduction to 20 % requires 1638 children per group.", [None]),
        ("There are 3-6 subjects in each group.", [None]),
        ("They come into four groups, 25 patients in each group.", [None]),
        ("They are compared (4 patients in each group).", ["0.5"]),
        ("They are compared (2 patients in each group).", [None]),
        ("An RCT of newmab (n=28) against oldex (n=28).", ["0.5"]),
        ("Four families with 6 patients per group meet monthly.", [None]),
    ],
)
def test_as_many_in_each_arm_is_an_equal_allocation(words, share, spec):
    arms = [(E, "1", ["Newmab"]), (A, "2", ["Oldex"])]
    assert values(trial(arms, summary=words, spec=spec), "RANDQT") == share


def test_single_arm_is_no_word_for_arms_that_are_randomised(spec):
    arms = [(E, "1", ["Newmab"]), (E, "2", ["Newmab"])]
    assert values(trial(arms, summary="If few come, it is single-arm.", spec=spec), "TCNTRL") == [
        None
    ]


def test_the_fuller_words_for_care_that_a_treatment_is_added_to_count(spec):
    study = trial(
        [(E, "1", ["Newmab"])], title="Newmab Added to Standard of Care Antipsychotic Therapy",
        summary="Newmab is added to standard of care.", spec=spec,
    )  # fmt: skip
    assert values(study, "CURTRT") == ["Standard of Care Antipsychotic Therapy"]


def test_a_label_that_is_the_studied_product_leaves_what_its_arm_lists_open(spec):
    arms = [(E, "Newmab injection (a cell)", ["Oldex"])]
    study = trial(arms, title="A Trial of Newmab Injection", allocation="NA", spec=spec)
    assert values(study, "TRT") == [None]
    study = trial(arms, title="Oldex before Newmab Injection", allocation="NA", spec=spec)
    assert values(study, "TRT") == ["Oldex"]


def test_arms_of_different_lengths_give_each_length_once(spec):
    arms = [(E, name, ["Newmab"]) for name in ("A", "B", "C")]
    said = {name: f"Newmab is given daily for {weeks} weeks." for name, weeks in
            (("A", 12), ("B", 24), ("C", 12))}  # fmt: skip
    assert values(trial(arms, said=said, spec=spec), "PTRTDUR") == ["P12W", "P24W"]


def test_a_placebo_joined_to_what_all_get_is_the_control(spec):
    arms = [(E, "1", ["Newmab/Chemo"]), (A, "2", ["Placebo/Chemo"])]
    assert values(trial(arms, spec=spec), "TCNTRL") == ["PLACEBO"]
    arms = [(E, "1", ["Newmab"]), (A, "2", ["Placebo or Oldex"])]
    assert values(trial(arms, spec=spec), "TCNTRL") == ["ACTIVE"]


def test_challenges_are_studied_only_where_nothing_else_is_given(spec):
    kinds = {"Food challenge": "OTHER", "Nasal allergen challenge": "OTHER"}
    arms = [(E, "1", ["Food challenge"]), (E, "2", ["Nasal allergen challenge"])]
    assert values(trial(arms, kinds=kinds, spec=spec), "TRT") == list(kinds)
    arms = [(E, "1", ["Newmab", "Food challenge"]), (P, "2", ["Placebo", "Food challenge"])]
    study = trial(arms, kinds=kinds, spec=spec)
    assert values(study, "TRT") == ["Newmab"]
    assert values(study, "CURTRT") == []
