"""EU CTR in three forms, CTIS in two, ISRCTN in two: the same facts, every place exact."""

import html
import json
import re
from pathlib import Path

import pytest

from pipeline.extract import read, with_prose
from pipeline.extract.formats.euctr_text import split_fields
from pipeline.extract.formats.xml_text import parsed
from pipeline.extract.tree import string_at
from pipeline.issues import Unreadable
from pipeline.join import brief, join
from pipeline.spec import load
from pipeline.study import build
from pipeline.tabulate import tables
from pipeline.values import Record
from tests.conftest import SHARED, record_of, values

SPEC = load()
FIXTURES = Path(__file__).parent / "fixtures"
TEXT = (FIXTURES / "euctr.txt").read_text(encoding="utf-8")
CTRDATA = json.loads((FIXTURES / "euctr_ctrdata.json").read_text(encoding="utf-8"))
CTIS = json.loads((FIXTURES / "ctis.json").read_text(encoding="utf-8"))
ISRCTN = (FIXTURES / "isrctn.xml").read_text(encoding="utf-8")
FORMS = ("euctr_txt", "euctr_html", "euctr_ctrdata_json", "ctis_json", "isrctn_json")
REAL = [path for form in FORMS for path in sorted((SHARED / "records" / form).glob("*"))]


def records(content, name="r.txt"):
    data = content if isinstance(content, bytes) else content.encode()
    return list(read(data, name, SPEC))


def austrian(old="", new=""):
    """The first record of the text download, with one change."""
    assert old in TEXT
    return records(TEXT.replace(old, new, 1))[0]


def as_json(tree):
    return record_of(json.dumps(tree).encode(), "r.json", SPEC)


def said(record, concept):
    return [fact.value for fact in with_prose(record, SPEC).facts if fact.concept == concept]


def issues(record, code):
    return [issue.quote for issue in record.issues if issue.code == code]


def statements(record, *without):
    """What a record says, without where it stands."""
    return {(f.concept, f.item, f.value) for f in record.facts if f.concept not in without}


def as_page(text):
    """The protocol page of the same fields as the first record of a text download."""
    rows = []
    block = records(text)[0].text
    for field in split_fields(block, SPEC.registries["euctr_txt"]):
        answer = html.escape(block[field.start : field.end]).replace("\n", "&#13;<br>")
        label, code = html.escape(field.label), field.code
        if code in ("D.IMP", "D.8"):
            rows.append(
                f'<td colspan="3" class="cellBlue">{f"{code} {label}".strip()}: {answer}</td>'
            )
        elif answer == label:
            rows.append(f'<td colspan="3" class="cellBlue">{code} {label}</td>')
        elif not code:
            rows.append(f'<td class="cellGrey">{label}:</td><td>{answer}</td>')
        else:
            if field.label.endswith(" (de)"):
                label = label.removesuffix(" (de)")
                answer = f"<table><tr><td>{answer}</td><td>German</td></tr></table>"
            rows.append(
                f'<td class="first">{code}</td><td class="second">{label} <span>A note.</span></td>'
                f'<td class="third"> {answer} </td>'
            )
    cells = "".join(f'<tr class="tricell">{row}</tr>' for row in rows)
    return (
        "<!DOCTYPE html><html><head><title>Register</title></head><body><script>if (1 < 2) {}"
        '</script><table class="section index"><tr><td class="first">A.</td></tr></table>'
        f'<table id="section-a" class="section content">{cells}</table></body></html>'
    )


def in_place(record):
    """Law 1: each quote stands where its fact or issue says."""
    whole = record.text
    if record.source.format in ("ctrdata_euctr", "ctis", "isrctn"):
        tree = json.loads(whole)
    elif record.source.format == "isrctn_xml":
        tree = parsed(whole, "isrctn_xml", SPEC)
    else:
        tree = None
    for one in (*record.facts, *(issue for issue in record.issues if issue.quote)):
        place = one.span.path and string_at(tree, one.span.path)
        assert (place or whole)[one.span.start : one.span.end] == one.quote != ""


EXPECTED = {
    "design.type": ["INTERVENTIONAL"], "status.recruitment": ["COMPLETED"],
    "id.eudract": ["2099-000001-17"], "id.nct": ["NCT99999901"], "id.sponsor": ["ZZ-001"],
    "title.official": ["A randomised trial of zilumab in invented fever"],
    "sponsor.lead": ["Zeta Pharma"], "sponsor.commercial": ["COMMERCIAL"],
    "intervention.name": ["Zilumab", "Oldimab 5 mg"], "intervention.role": ["TEST", "COMPARATOR"],
    "intervention.type": ["BIOLOGICAL", "DRUG"],
    "intervention.form": ["Concentrate for solution for infusion"],
    "intervention.route": ["Intravenous use", "Subcutaneous use", "Oral use"],
    "condition.name": ["Invented fever"], "condition.rare": ["Yes"], "oversight.pip": ["No"],
    "objective.primary": ["To show that zilumab lowers the temperature"],
    "design.phase": ["PHASE2", "PHASE3"], "design.allocation": ["RANDOMIZED"],
    "design.masking": ["DOUBLE"], "design.model": ["PARALLEL"], "design.control": ["ACTIVE"],
    "design.scope": ["THERAPY", "SAFETY"], "design.purpose": ["TREATMENT"], "arm.count": ["2"],
    "design.duration": ["2 Years", "6 Months", "0 Days"], "oversight.dmc": ["true"],
    "eligibility.sex": ["FEMALE", "MALE"], "eligibility.healthy": ["No"],
    "enrolment.count": ["120"], "enrolment.type": ["ESTIMATED"],
    "date.completion": ["2099-12-31"], "date.completion.type": ["ACTUAL"],
}  # fmt: skip


@pytest.mark.parametrize("form", ["text", "page", "ctrdata"])
def test_the_three_forms_of_eu_ctr_say_the_same(form):
    record = {
        "text": austrian,
        "page": lambda: record_of(as_page(TEXT).encode(), "r.html", SPEC),
        "ctrdata": lambda: as_json(CTRDATA),
    }[form]()
    assert {concept: said(record, concept) for concept in EXPECTED} == EXPECTED
    assert "Austria" in said(record, "location.country")
    assert {f.item for f in record.facts if f.value in ("Oral use", "COMPARATOR", "DRUG")} == {1}
    assert not issues(record, "source.unread") + issues(record, "term.unknown")
    in_place(record)


def test_law_4_page_and_text_state_the_same_facts():
    page = record_of(as_page(TEXT).encode(), "r.html", SPEC)
    assert statements(page) == statements(austrian())
    assert page.source.format == "euctr_html"


def test_law_4_ctrdata_says_less_and_nothing_else():
    lossy = ("eligibility.inclusion", "eligibility.exclusion")
    assert statements(as_json(CTRDATA)) < statements(austrian(), *lossy)
    assert [issue.code for issue in as_json(CTRDATA).issues] == ["source.lossy"]


def test_words_in_another_language_are_read_as_they_are_where_the_record_has_no_others():
    record = austrian()
    assert said(record, "criterion.exclusion") == [
        "Schwangerschaft über 3 Monate", "Überempfindlichkeit",
    ]  # fmt: skip
    assert not any("Fieber" in fact.value for fact in record.facts)
    only = austrian("E.1.1.1 Medical condition in easily understood language: Invented fever\n", "")
    assert said(only, "condition.name") == ["Erfundenes Fieber"]


def test_prose_that_begins_like_a_field_stays_prose():
    (first, second) = said(austrian(), "criterion.inclusion")
    assert first == "Adults of either sex A. with fever, or B.2 with chills"
    assert second == "Written consent"


def test_law_2_a_field_that_no_mapping_knows_is_an_issue_with_its_place():
    record = austrian("E.8.7 Trial", "E.8.10 New question: a\nnew answer\nE.8.7 Trial")
    assert issues(record, "source.unread") == ["E.8.10 New question: a\nnew answer"]
    assert issues(as_json(CTRDATA | {"e99_new": "x"}), "source.unread") == ["x"]
    assert issues(as_json(CTIS | {"new": {"deep": [1]}}), "source.unread") == ["1"]
    in_place(record)


def test_law_3_a_word_that_a_flag_does_not_know_is_an_issue():
    record = austrian("E.8.1.4 Double blind: Yes", "E.8.1.4 Double blind: Perhaps")
    assert (issues(record, "term.unknown"), said(record, "design.masking")) == (["Perhaps"], [])
    record = austrian("whole clinical trial: 120", "whole clinical trial: some 120")
    assert (issues(record, "term.unknown"), said(record, "enrolment.count")) == (["some 120"], [])


def test_a_mark_of_damage_is_an_issue_and_never_an_answer():
    record = austrian(
        "A.3 Full title of the trial: A randomised",
        "A.3 Full title of the trial: JSON_ERROR_HERE\nA.3.9 x: A randomised",
    )
    assert issues(record, "source.lossy") == ["JSON_ERROR_HERE"] * 2
    assert said(record, "title.official") == [
        "Eine randomisierte Studie mit Zilumab bei erfundenem Fieber"
    ]


def test_each_block_of_a_download_is_a_record_by_itself():
    first, second = records(TEXT, "all.txt")
    assert (first.source.name, second.source.name) == ("all.txt#1", "all.txt#2")
    assert said(first, "record.part") == ["Austria"]
    assert not said(second, "record.part")
    cut = records(TEXT[: TEXT.rindex("A. Protocol")])
    assert [type(one) for one in cut] == [Record, Unreadable]
    (cut,) = records(TEXT[: TEXT.index("P. End of Trial")])
    assert [issue.code for issue in cut.issues] == ["source.lossy", "source.truncated"]


def test_one_trial_of_many_countries_is_one_study_in_all_of_them():
    spanish = austrian().text.replace("Austria - BASG", "Spain - AEMPS")
    found = [austrian(), *records(spanish, "es.txt")]
    (together,), doubts = join([brief(one, SPEC) for one in found])
    group = [found[index] for index in together]
    study = build(group, SPEC)
    assert not doubts
    assert values(study, "FCNTRY") == ["AUT", "CAN", "RUS", "ESP"]
    assert values(study, "REGID") == ["NCT99999901", "2099-000001-17"]
    assert values(study, "PLANSUB") == ["120"]


def test_flags_and_numbers_become_rows():
    study = build([austrian()], SPEC)
    assert values(study, "SEXPOP") == ["BOTH"]
    assert values(study, "PLNTRDUR") == ["P2Y6M"]
    assert values(study, "TPHASE") == ["PHASE II/III TRIAL"]
    assert values(study, "SENDTC") == ["2099-12-31"]
    assert values(study, "CMSPSTAT") == ["COMMERCIAL"]
    assert values(study, "RDIND") == ["Y"]


def test_ctis_is_read_in_entry_order_with_roles_and_arms_apart():
    record = as_json(CTIS)
    assert said(record, "criterion.inclusion") == ["Adults", "Fever: * new * high", "Consent"]
    arms = {
        (f.item, f.value) for f in record.facts if f.concept in ("arm.label", "arm.description")
    }
    assert arms == {(0, "Zilumab"), (0, "By mouth."), (1, "Placebo"), (1, "Sugar.")}
    names = {f.item: f.value for f in record.facts if f.concept == "intervention.name"}
    assert names == {0: "Placebo of zilumab", 1: "zilumab"}
    assert said(record, "intervention.role") == ["PLACEBO", "TEST"]
    assert said(record, "eligibility.healthy") == ["Yes"]
    assert said(record, "enrolment.part") == ["30", "7", "4"]
    assert said(record, "enrolment.count") == []
    assert said(record, "design.phase") == ["PHASE2", "PHASE3"]
    assert (said(record, "date.start"), record.source.version) == (["2098-02-03"], "2098-05-06")
    assert issues(record, "term.unknown") == ["9"]
    in_place(record)


def test_forms_and_scopes_are_terms():
    study = build([austrian()], SPEC)
    assert values(study, "DOSFRM") == ["INJECTION, SOLUTION, CONCENTRATE"]
    assert {"INTRAVENOUS", "SUBCUTANEOUS"} <= set(values(study, "ROUTE"))
    assert values(study, "DOSE") == []
    tree = json.loads(json.dumps(CTIS))
    part = tree["authorizedApplication"]["authorizedPartI"]
    objective = part["trialDetails"]["trialInformation"]["trialObjective"]
    objective["trialScopes"] = [
        {"code": "3"},
        {"code": "6"},
        {"code": "13", "otherDescription": "X"},
    ]
    study = build([as_json(tree)], SPEC)
    assert values(study, "TTYPE") == ["TREATMENT", "PHARMACOKINETIC"]
    assert values(study, "TINDTP") == ["TREATMENT"]


@pytest.mark.parametrize(
    ("criteria", "ages"),
    [
        (["Patients aged 18 to 65 years", "Fever"], (["P18Y"], ["P65Y"])),
        (["Adults aged ≥ 18 years"], (["P18Y"], [None])),
        (["Aged > 18 years"], ([None], [None])),
        (["Aged 3 to 17 years", "or adults ≥ 18 years with fever"], ([None], [None])),
        (["If aged 12 to 17 years, assent"], ([None], [None])),
        (["18 years of age, treated for 6-12 weeks"], ([None], [None])),
        (["Fever"], ([None], [None])),
    ],
)
def test_a_registry_without_ages_has_those_of_its_only_criterion_with_some(criteria, ages):
    tree = json.loads(json.dumps(CTIS))
    part = tree["authorizedApplication"]["authorizedPartI"]["trialDetails"]["trialInformation"]
    part["eligibilityCriteria"]["principalInclusionCriteria"] = [
        {"id": 30 + n, "number": n, "principalInclusionCriteria": words}
        for n, words in enumerate(criteria, 1)
    ]
    study = build([as_json(tree)], SPEC)
    assert (values(study, "AGEMIN"), values(study, "AGEMAX")) == ages


def test_ctis_of_before_june_2024_says_the_same():
    application = dict(CTIS["authorizedApplication"])
    old = {key: value for key, value in CTIS.items() if key != "authorizedApplication"}
    old |= {"eudraCtInfo": {"eudraCtCode": application.pop("eudraCt")["eudraCtCode"]}}
    record = as_json(old | application)
    assert statements(record) == statements(as_json(CTIS))
    assert not issues(record, "source.unread")


def test_isrctn_as_its_registry_serves_it_and_as_ctrdata_keeps_it():
    record = record_of(ISRCTN.encode(), "r.xml", SPEC)
    assert said(record, "id.isrctn") == ["ISRCTN99999901"]
    assert said(record, "id.eudract") == ["2099-000001-17"]
    assert said(record, "id.sponsor") == []
    assert said(record, "intervention.name") == ["Zilumab (one, or two)", "oldimab"]
    assert said(record, "design.masking") == ["DOUBLE"]
    assert (record.source.id, record.source.version) == ("ISRCTN99999901", "2098-03-04")
    assert issues(record, "term.unknown") == ["about 58"]
    assert not issues(record, "source.unread")
    in_place(record)
    trial = _as_ctrdata_keeps(parsed(ISRCTN_ONE, "isrctn_xml", SPEC)["trial"])
    kept = as_json({"isrctn": "99999901", **trial})
    gone = ("sponsor.lead", "sponsor.lead.class", "sponsor.commercial", "date.updated")
    assert {(concept, value) for concept, _, value in statements(kept)} == {
        (concept, value) for concept, _, value in statements(record, *gone)
    }
    assert values(build([kept], SPEC), "FCNTRY") == ["GBR"]


ISRCTN_ONE = ISRCTN[ISRCTN.index("<fullTrial>") : ISRCTN.index("</allTrials>")]


def _as_ctrdata_keeps(tree):
    """Without attributes and with lists of one entry as that entry."""
    if isinstance(tree, dict):
        plain = {key: below for key, below in tree.items() if "@" not in key}
        return {key: _as_ctrdata_keeps(below) for key, below in plain.items()}
    if isinstance(tree, list):
        return _as_ctrdata_keeps(tree[0]) if len(tree) == 1 else tree
    return tree or ""


TWISTS = {
    "nothing": lambda _: None,
    "a number": lambda _: 7,
    "no words": lambda _: "",
    "a list": lambda value: [value],
    "an object": lambda value: {"x": value},
}


@pytest.mark.parametrize("twist", TWISTS)
@pytest.mark.parametrize("tree", [CTRDATA, CTIS], ids=["ctrdata", "ctis"])
def test_records_of_other_shapes_than_promised_are_read_or_noted(tree, twist):
    def twisted(value):
        if isinstance(value, dict):
            return {key: twisted(below) for key, below in value.items()}
        if isinstance(value, list):
            return [twisted(below) for below in value]
        return TWISTS[twist](value)

    keys = ("a2_eudract_number", "x4_clinical_trial_type", "ctNumber")
    record = as_json({k: v if k in keys else twisted(v) for k, v in tree.items()})
    tables(build([record], SPEC), SPEC)
    in_place(record)


@pytest.mark.parametrize(
    "content",
    [
        '<html><table id="section-a"><tr class="tricell"><td class="first">A.2</td></tr></table>',
        '<html><tr class="tricell">\n<div id="section-a">' + "<b>" * 5000,
        "EudraCT Number: 1\nA.2",
        "EudraCT Number: 1\nSponsor Name: x\n",
        "EudraCT Number:\n" * 2000,
    ],
    ids=["page without answers", "page of tags", "no answers", "search summary", "headings only"],
)
def test_what_is_no_whole_record_is_refused_once(content):
    found = records(content)
    assert found
    assert all(isinstance(one, Unreadable) or not one.facts for one in found)


def test_hostile_text_is_read_in_one_pass():
    noise = ("A. B.1.1.1.1.1.1 and C.2: " * 40 + "\n" + "E." * 3000 + " (" * 3000 + "\n") * 20
    record = austrian("A. with fever", noise)
    assert said(record, "design.phase") == ["PHASE2", "PHASE3"]
    assert "<script>" in said(austrian("lowers", "<script>lowers"), "objective.primary")[0]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_real_record_is_read_whole_and_built(path):
    (record,) = read(path.read_bytes(), path.name, SPEC)
    assert isinstance(record, Record)
    assert not issues(record, "source.unread")
    assert len(record.facts) > 25
    assert said(record, "design.type")
    assert said(record, "title.official")
    in_place(record)
    study = build([record], SPEC)
    assert {"TI", "TS"} <= set(tables(study, SPEC))
    assert len(values(study, "SEXPOP")) == len(values(study, "SPREFID") or [0]) == 1


@pytest.mark.skipif(not REAL, reason="../shared is not there")
def test_every_word_of_a_real_page_stands_in_the_page():
    for path in sorted((SHARED / "records" / "euctr_html").glob("*.html")):
        page = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", path.read_text("utf-8"))).split())
        for fact in record_of(path.read_bytes(), path.name, SPEC).facts:
            assert " ".join(fact.quote.split()) in page


def test_roles_scopes_and_controls_become_rows():
    study = build([austrian()], SPEC)
    assert values(study, "TRT") == ["Zilumab"]
    assert values(study, "COMPTRT") == ["Oldimab 5 mg"]
    assert values(study, "ROUTE") == ["INTRAVENOUS", "SUBCUTANEOUS", "ORAL"]
    assert values(study, "TTYPE") == ["TREATMENT", "SAFETY"]
    assert values(study, "TCNTRL") == ["ACTIVE"]
    assert values(study, "NARMS") == ["2"]
    assert values(build([as_json(CTIS)], SPEC), "PLANSUB") == ["41"]
    spanish = records(austrian().text.replace("Austria - BASG", "Spain - AEMPS"), "es.txt")
    assert "input.superseded" not in {i.code for i in build([austrian(), *spanish], SPEC).issues}


def test_both_numbers_of_isrctn_are_each_what_they_are():
    study = build([record_of(ISRCTN.replace("about 58", "58").encode(), "r.xml", SPEC)], SPEC)
    assert (values(study, "PLANSUB"), values(study, "ACTSUB")) == (["60"], ["58"])
    study = build([record_of(ISRCTN.encode(), "r.xml", SPEC)], SPEC)
    assert (values(study, "PLANSUB"), values(study, "ACTSUB")) == (["60"], [None])


def test_criteria_in_one_line_are_known_by_their_numbers_and_options_by_their_colon():
    record = as_json(CTRDATA | {
        "e3_principal_inclusion_criteria": "1. Score of 2. Weight &gt; 3 kg 2.Fever 3. Consent",
        "e4_principal_exclusion_criteria": "1. Any of:\n- a rash\n- a cough\n2. Pregnancy",
    })  # fmt: skip
    assert said(record, "criterion.inclusion") == ["Score of 2. Weight > 3 kg", "Fever", "Consent"]
    assert said(record, "criterion.exclusion") == [
        "Any of: * a rash * a cough",
        "Pregnancy",
    ]
    in_place(record)


def test_every_objective_of_a_list_is_a_row_without_number_and_lead_in():
    tree = json.loads(json.dumps(CTIS))
    aims = _part_one(tree)["trialDetails"]["trialInformation"]["trialObjective"]
    aims["mainObjective"] = "The primary objective of this study is to see whether tea helps"
    aims["secondaryObjectives"] = [
        {"number": 1, "secondaryObjective": "1. To see whether it is safe"},
        {"number": 2, "secondaryObjective": "2. To count cups"},
    ]
    study = build([as_json(tree)], SPEC)
    assert values(study, "OBJPRIM") == ["to see whether tea helps"]
    assert values(study, "OBJSEC") == ["To see whether it is safe", "To count cups"]


def test_two_sexes_in_two_fields_contradict_no_words_about_both():
    tree = json.loads(json.dumps(CTIS))
    information = _part_one(tree)["trialDetails"]["trialInformation"]
    information["populationOfTrialSubjects"] |= {"isFemaleSubjects": True, "isMaleSubjects": True}
    criteria = information["eligibilityCriteria"]["principalInclusionCriteria"]
    criteria[0]["principalInclusionCriteria"] = "Male or female, aged 18 or more"
    study = build([as_json(tree)], SPEC)
    assert values(study, "SEXPOP") == ["BOTH"]
    assert not [one for one in study.issues if one.code == "eligibility.contradiction"]


def _part_one(tree):
    return tree["authorizedApplication"]["authorizedPartI"]


def test_a_field_that_says_uncontrolled_against_the_title_leaves_the_control_open():
    title = "A.3 Full title of the trial: A randomised"
    text = TEXT.replace(title, f"{title}, active-controlled").replace(
        "E.8.1 Controlled: Yes", "E.8.1 Controlled: No"
    )
    alone = text.replace(
        "E.8.2.1 Other medicinal product(s): Yes", "E.8.2.1 Other medicinal product(s): No"
    )
    for comparator in re.findall(r"D.1.2 and D.1.3 IMP Role: Comparator", alone)[:1]:
        alone = alone.replace(comparator, "D.1.2 and D.1.3 IMP Role: Test")
    study = build(records(alone)[:1], SPEC)
    assert values(study, "TCNTRL") == [None]
    assert "control.contradiction" in {one.code for one in study.issues}


def test_a_field_that_says_uncontrolled_gives_way_to_a_named_comparator():
    text = TEXT.replace("E.8.1 Controlled: Yes", "E.8.1 Controlled: No").replace(
        "E.8.2.1 Other medicinal product(s): Yes", "E.8.2.1 Other medicinal product(s): No"
    )
    study = build(records(text)[:1], SPEC)
    assert "NONE" not in values(study, "TCNTRL")
    assert "ACTIVE" in values(study, "TCNTRL")
    assert "control.contradiction" in {one.code for one in study.issues}
