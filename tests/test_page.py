"""The supplied page and its changes: what an expert expects, and that outputs follow the facts."""

import pytest

from pipeline.issues import Unreadable
from tests.conftest import record_of, shared, study_of, values

EXPECTED = {
    "REGID": ["2019-001929-27"], "SPREFID": ["HEMAML42"], "SPONSOR": ["Radboud University Medical Center"],
    "TPHASE": ["PHASE I/II TRIAL"], "TBLIND": ["OPEN LABEL"], "RANDOM": ["N"], "INTMODEL": ["PARALLEL"],
    "TINDTP": ["TREATMENT"], "SEXPOP": ["BOTH"], "AGEMIN": ["P18Y"], "AGEMAX": [None],
    "PLANSUB": ["23"], "ACTSUB": [None], "SSTDTC": ["2020-12-03"], "SENDTC": [None],
    "TITLE": [None], "INDIC": [None], "HLTSUBJI": ["N"], "STYPE": ["INTERVENTIONAL"], "NARMS": ["3"],
    "FCNTRY": ["NLD"], "TRT": ["UCB-NK cells", "IL-2"], "ROUTE": ["SUBCUTANEOUS"], "DOSFRQ": ["QOD"],
    "DOSE": ["1.0", "3.0", "3.0", "6.0"], "TTYPE": ["SAFETY"],
    "DOSRGM": ["every other day for 6 doses in total"],
}  # fmt: skip


@pytest.mark.parametrize("code", EXPECTED)
def test_trial_summary_of_the_supplied_page(seed, code):
    assert values(seed, code) == EXPECTED[code]


def test_registry_number_has_its_code_system_and_studyid_is_the_sponsors(seed):
    row = next(row for row in seed.tables["TS"].rows if row["TSPARMCD"] == "REGID")
    assert (row["TSVALCD"], row["TSVCDREF"]) == ("2019-001929-27", "EudraCT")
    assert seed.studyid.value == "HEMAML42"
    assert seed.id == "2019-001929-27"


def test_the_minimum_age_is_corroborated_by_a_criterion(seed):
    cell = next(row["TSVAL"] for row in seed.tables["TS"].rows if row["TSPARMCD"] == "AGEMIN")
    assert [fact.quote for fact in cell.basis] == ["18 Years", "Age ≥ 18"]


def test_three_arms_of_several_elements(seed):
    paths = {}
    for row in seed.tables["TA"].rows:
        paths.setdefault(row["ARM"].value, []).append((row["ETCD"], row["EPOCH"].value))
    assert [code for code, _ in paths["NK cells without IL-2"]] == [
        "SCREEN",
        "LYMPHODE",
        "UCBNK",
        "FOLLOWUP",
    ]
    low = [code for code, _ in paths["NK cells with low dose IL-2"]]
    high = [code for code, _ in paths["NK cells with higher dose IL-2"]]
    assert low[:3] == high[:3] == ["SCREEN", "LYMPHODE", "UCBNK"]
    assert low[3] != high[3]
    epochs = [epoch for _, epoch in paths["NK cells with low dose IL-2"]]
    assert epochs == ["SCREENING", "TREATMENT", "TREATMENT", "TREATMENT", "FOLLOW-UP"]
    screening = next(row for row in seed.tables["TE"].rows if row["ETCD"] == "SCREEN")
    assert screening["TESTRL"].how == "assumed"
    assert screening["TESTRL"].reason


def test_criteria_are_verbatim_after_unescaping(seed, page):
    rows = seed.tables["TI"].rows
    bullets = [line[2:].replace("\\", "") for line in page.splitlines() if line.startswith("* ")]
    assert [row["IETEST"].value for row in rows if row["IECAT"] == "INCLUSION"] == bullets[:9]
    assert [row["IETEST"].value for row in rows if row["IECAT"] == "EXCLUSION"] == bullets[9:]
    codes = [row["IETESTCD"] for row in rows]
    assert len(set(codes)) == len(codes) == 18
    assert max(map(len, codes)) <= 8


def test_no_visit_schedule_means_no_tv_and_the_worklist_says_why(seed):
    assert not seed.tables["TV"].rows
    assert any(task.domain == "TV" and "no visit schedule" in task.why for task in seed.worklist)


def test_words_elsewhere_are_candidates_never_values(seed):
    tasks = {task.item: [fact.value for fact in task.candidates] for task in seed.worklist}
    assert "patients with AML" in tasks["INDIC"]
    assert any("two-stage" in words for words in tasks["ADAPT"])
    assert "TITLE" in tasks


def test_related_trials_give_nothing(seed):
    text = " ".join(str(row["TSVAL"].value) for row in seed.tables["TS"].rows)
    assert "NCT" not in text
    assert "Myelogenous" not in text


def test_this_kind_of_page_is_known_to_lose_text(seed):
    lossy = [issue for issue in seed.issues if issue.code == "source.lossy"]
    assert len(lossy) == 1
    assert "first bullet" in lossy[0].detail


CHANGES = [
    ("23 participants", "48 participants", "PLANSUB", ["48"]),
    ("\nALL\nNo\n", "\nFEMALE\nNo\n", "SEXPOP", ["F"]),
    ("\nALL\nNo\n", "\nALL\nYes\n", "HLTSUBJI", ["Y"]),
    ("Age ≥ 18 years", "Age ≥ 21 years", "AGEMIN", [None]),
    ("2020-12-03", "2021-05", "SSTDTC", ["2021-05"]),
    ("RECRUITING\n", "COMPLETED\n", "SENDTC", ["2025-09-01"]),
    ("RECRUITING\n", "COMPLETED\n", "ACTSUB", [None]),
    ("RECRUITING\n", "COMPLETED\n", "PLANSUB", [None]),
    ("RECRUITING\n", "NOT_YET_RECRUITING\n", "SSTDTC", [None]),
    ("RECRUITING\n", "UNKNOWN\n", "PLANSUB", [None]),
    ("HEMAML42", "ABC-7/1", "SPREFID", ["ABC-7/1"]),
    ("2019-001929-27", "2031-000001-11", "REGID", ["2031-000001-11"]),
    ("NON_RANDOMIZED", "RANDOMIZED", "RANDOM", ["Y"]),
    ("PHASE1/PHASE2", "PHASE3", "TPHASE", ["PHASE III TRIAL"]),
    ("\nNONE\n", "\nDOUBLE\nPARTICIPANT\nINVESTIGATOR\n", "TBLIND", ["DOUBLE BLIND"]),
    ("\nNONE\n", "\nSINGLE\nOUTCOMES_ASSESSOR\n", "TBLIND", ["OBSERVER BLIND"]),
    ("Radboud University Medical Center\nOTHER", "Acme\nINDUSTRY", "SPONSOR", ["Acme"]),
    ("Nijmegen, , Netherlands", "Gent, , Belgium", "FCNTRY", ["BEL"]),
    ("every other day", "once daily", "DOSFRQ", ["QD"]),
    ("3.0 x 10\\^6 units", "2.5 mg", "DOSU", ["10^9 Therapeutic Cells", "10^6 U", "mg"]),
]


@pytest.mark.parametrize(("old", "new", "code", "expected"), CHANGES)
def test_outputs_follow_the_facts(page, spec, old, new, code, expected):
    assert old in page
    assert sorted(map(str, values(study_of(page.replace(old, new), spec), code))) == sorted(
        map(str, expected)
    )


def test_both_ages_are_minimum_and_maximum(page, spec):
    study = study_of(page.replace("\n18 Years\n", "\n18 Years\n65 Years\n"), spec)
    assert (values(study, "AGEMIN"), values(study, "AGEMAX")) == (["P18Y"], ["P65Y"])


def test_a_single_age_that_criteria_set_as_upper_limit_is_the_maximum(page, spec):
    text = page.replace("Age ≥ 18 years", "Age ≤ 17 years").replace("\n18 Years\n", "\n17 Years\n")
    study = study_of(text, spec)
    assert (values(study, "AGEMIN"), values(study, "AGEMAX")) == ([None], ["P17Y"])


def test_one_arm_fewer(page, spec):
    start = page.index("NK cells with higher dose IL-2\nOn day 0")
    study = study_of(page[:start] + page[page.index("Interventions\nLearn about") :], spec)
    assert values(study, "NARMS") == ["2"]
    assert len({row["ARMCD"].value for row in study.tables["TA"].rows}) == 2
    assert values(study, "DOSE") == ["1.0", "3.0", "3.0"]


def test_other_arm_names(page, spec):
    text = page.replace("NK cells with low dose IL-2", "Cohort B").replace(
        "NK cells without IL-2", "Cohort A"
    )
    study = study_of(text, spec)
    assert {"COHORT_A", "COHORT_B"} <= {row["ARMCD"].value for row in study.tables["TA"].rows}


def test_one_date_without_a_label_is_ambiguous(page, spec):
    study = study_of(page.replace("2025-09-01\n", ""), spec)
    assert values(study, "SSTDTC") == [None]
    assert any(
        issue.code == "source.ambiguous" and issue.quote == "2020-12-03" for issue in study.issues
    )


@pytest.mark.parametrize(
    ("shown", "kept"),
    [("2019-02-28", "2019-02"), ("2020-02-28", "2020-02-28"), ("2020-02-29", "2020-02"), ("2019-02", "2019-02")],
)  # fmt: skip
def test_a_month_end_may_be_a_month(page, spec, shown, kept):
    ended = page.replace("2025-09-01", shown).replace("RECRUITING", "COMPLETED")
    made = study_of(ended, spec)
    assert values(made, "SENDTC") == [kept]
    noted = [one.quote for one in made.issues if one.code == "date.month-end"]
    assert noted == [shown] * (kept != shown)


def test_visits_that_prose_numbers_are_tv(page, spec):
    text = page.replace(
        "In phase I of the study",
        "Visit 1 (Screening), Visit 2 (Day 1) and Visit 3 (Week 4) follow. In phase I of the study",
    )
    rows = study_of(text, spec).tables["TV"].rows
    assert [(row["VISITNUM"].value, row["VISIT"].value) for row in rows] == [
        (1.0, "VISIT 1"),
        (2.0, "VISIT 2"),
        (3.0, "VISIT 3"),
    ]
    assert rows[1]["VISITDY"].value == 1


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_ends_say_the_same(page, spec, seed, ending):
    study = study_of(page.replace("\n", ending), spec)
    for domain, table in seed.tables.items():
        ours = [
            {k: getattr(v, "value", v) for k, v in row.items()} for row in study.tables[domain].rows
        ]
        assert ours == [{k: getattr(v, "value", v) for k, v in row.items()} for row in table.rows]


def test_a_results_page_is_recognised_and_refused(spec):
    text = shared("records/page_text/NCT00819013.results.txt").read_bytes()
    with pytest.raises(Unreadable, match="results page"):
        record_of(text, "r.txt", spec)


def test_a_results_page_without_shared_files(spec):
    with pytest.raises(Unreadable, match="results page"):
        record_of(
            b"Trial Outcomes & Findings for A Study (NCT NCT00000001)\n\nResults Overview\n",
            "r.txt",
            spec,
        )


def test_a_labelled_page_says_the_same_as_an_unlabelled_one(spec):
    for trial in ("NCT05802212", "NCT04770285", "NCT05021718"):
        pair = [
            study_of(shared(f"records/page_text/{trial}.{kind}.txt").read_text(), spec)
            for kind in ("labelled", "unlabelled")
        ]
        for row in pair[1].tables["TS"].rows:
            if row["TSVAL"].value is not None:
                assert row["TSVAL"].value in values(pair[0], row["TSPARMCD"])


def labelled(page: str) -> str:
    """The supplied page as a labelled extraction of the same trial, with a title block."""
    start, end = page.index("Related Clinical Trials\n"), page.index("Detailed Description\n")
    text = page[:start] + page[end:]
    for value, label in (
        ("RECRUITING\n", "Recruitment Status"), ("PHASE1/PHASE2\n", "Clinical Phase"), ("23 participants\n", "Total Enrollment"),
        ("INTERVENTIONAL\n", "Study Classification"), ("2020-12-03\n", "Study Start Date"), ("2025-09-01\n", "Study Completion Date"),
        ("NON_RANDOMIZED\n", "Allocation Method"), ("PARALLEL\n", "Intervention Model"), ("TREATMENT\n", "Primary Study Purpose"),
        ("NONE\n", "Blinding Strategy"),
    ):  # fmt: skip
        text = text.replace(f"\n{value}", f"\n{label}\n\n{value}", 1)
    for tail in ("N=3.\n", "N=3\n", "N=6\n"):
        text = text.replace(tail, f"{tail}\nGroup Type EXPERIMENTAL\n\n", 1)
    head, groups = text.split("Study Groups\n", 1)
    groups, rest = groups.split("Interventions\nLearn", 1)
    groups = groups.replace(
        "\nUCB-NK cells\n", "\nUCB-NK cells\n\nIntervention Type BIOLOGICAL\n\n"
    )
    groups = groups.replace("\nIL-2\n", "\nIL-2\n\nIntervention Type DRUG\n\n")
    block = "NK Cells in AML\n\nNCT ID: NCT99999999\n\nLast Updated: 2024-02-03\n\n"
    return block + head + "Study Groups\n" + groups + "Interventions\nLearn" + rest


def test_the_labelled_page_of_the_same_trial_says_the_same_and_more(page, spec, seed):
    study = study_of(labelled(page), spec)
    assert (study.id, study.records[0].source.version) == ("NCT99999999", "2024-02-03")
    assert not {"source.lossy", "source.unread", "term.unknown", "arms.ambiguous"} & {
        i.code for i in study.issues
    }
    assert values(study, "INTTYPE") == ["BIOLOGIC", "DRUG"]
    assert values(study, "REGID") == ["NCT99999999", "2019-001929-27"]
    for code in {row["TSPARMCD"] for row in seed.tables["TS"].rows} - {"REGID", "INTTYPE"}:
        assert values(study, code) == values(seed, code), code
    for domain in ("TA", "TE", "TI"):
        ours, theirs = (
            [{k: getattr(v, "value", v) for k, v in row.items()} for row in one.tables[domain].rows]
            for one in (study, seed)
        )
        assert ours == theirs


def test_the_unlabelled_page_has_a_title_block(page, spec):
    study = study_of(
        "NK Cells in AML\nNCT ID: NCT99999999\nLast Updated: 2024-02-03\n" + page, spec
    )
    assert study.id == "NCT99999999"
    assert [task.candidates[0].value for task in study.worklist if task.item == "TITLE"] == [
        "NK Cells in AML"
    ]
    lossy = next(issue for issue in study.issues if issue.code == "source.lossy")
    assert "NCT number" not in lossy.detail


def test_keywords_and_masked_roles_are_read(page, spec):
    text = page.replace(
        "Study Design\n",
        "Keywords\nExplore important study keywords that can help.\nNK cells\nAML\nStudy Design\n",
        1,
    )
    text = text.replace(
        "\nNONE\n", "\nDOUBLE\nPARTICIPANT\nINVESTIGATOR\nThe pharmacist prepares the syringes.\n"
    )
    study = study_of(text, spec)
    assert values(study, "KEYWORD") == ["NK cells", "AML"]
    assert values(study, "TBLIND") == ["DOUBLE BLIND"]
    facts = {fact.concept: fact.value for fact in study.records[0].facts}
    assert facts["design.masking.description"] == "The pharmacist prepares the syringes."
