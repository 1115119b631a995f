"""The scoring of the accuracy benchmark, on values made up for it."""

import accuracy
import pytest
from scoring import (
    ALIKE,
    FIELD,
    OUTSIDE,
    Arm,
    Criterion,
    Element,
    Value,
    fabrications,
    names,
    overlap,
    paired,
    scored_arms,
    scored_criteria,
    scored_summary,
)


def same(pairs) -> list[str]:
    return [pair.expected.text for pair in pairs if pair.same]


def test_white_space_is_nothing_and_letters_are_everything():
    expected = [Value("TITLE", "A  study\nof X", kind="field")]
    assert same(paired(expected, [Value("TITLE", "A study of X")]))
    assert not same(paired(expected, [Value("TITLE", "A study of x")]))


def test_a_repeated_value_is_matched_once():
    expected = [Value("KEYWORD", "asthma", kind="field")]
    score = scored_summary(paired(expected, [Value("KEYWORD", "asthma")] * 2))
    assert (score["field right"], score["field"]) == (1, 2)


def test_another_value_is_one_difference_not_two():
    pairs = paired([Value("TPHASE", "NA", kind="field")], [Value("TPHASE", "PHASE I TRIAL")])
    assert scored_summary(pairs) == {"field": 1, "field right": 0}
    assert [(pair.expected.text, pair.made.text) for pair in pairs] == [("NA", "PHASE I TRIAL")]


def test_a_dose_belongs_to_its_treatment():
    expected = [Value("DOSE", "5", "Aspirin", "prose"), Value("DOSE", "10", "Placebo", "prose")]
    made = [Value("DOSE", "5.0", "aspirin"), Value("DOSE", "10", "Aspirin")]
    pairs = paired(expected, made)
    assert same(pairs) == ["5"]
    assert fabrications(pairs) == {"DOSE": 1}


@pytest.mark.parametrize(
    ("code", "made", "right"),
    [
        ("OBJPRIM", "The objective is to evaluate the safety of X.", True),
        ("OBJPRIM", "evaluate the safety of X", True),
        ("OBJPRIM", "to assess how X is distributed", False),
        ("TTYPE", "to evaluate the safety of X in adults", False),
    ],
)
def test_only_worded_texts_match_in_part(code, made, right):
    pairs = paired([Value(code, "to evaluate the safety of X", kind="prose")], [Value(code, made)])
    assert bool(same(pairs)) is right


def test_overlap_counts_words_with_their_repetitions():
    assert overlap("a b c", "a b c") == 1
    assert overlap("a a b", "a b b") == pytest.approx(2 / 3)
    assert overlap("", "") == 0
    assert 0.5 < ALIKE <= 1


def test_precision_recall_and_fabrication():
    expected = [Value("TTYPE", "SAFETY", kind="prose"), Value("TTYPE", "EFFICACY", kind="prose")]
    made = [Value("TTYPE", "SAFETY"), Value("ADAPT", "Y"), Value("SENDTC", "2020", "", "assumed")]
    score = scored_summary(paired(expected, made))
    assert (score["prose right"], score["prose made"], score["prose expected"]) == (1, 3, 2)
    assert (score["fabricated"], score["fabricated alone"]) == (2, 2)
    assert fabrications(paired(expected, made)) == {"ADAPT": 1, "SENDTC": 1}


def test_a_boundary_needs_both_ends_and_the_category_is_counted_apart():
    expected = [Criterion(0, 9, "INCLUSION"), Criterion(10, 20, "EXCLUSION")]
    made = [Criterion(0, 9, "EXCLUSION"), Criterion(10, 19, "EXCLUSION"), Criterion(30, 40, "")]
    score = scored_criteria(expected, made)
    assert (score["ti right"], score["ti made"], score["ti expected"]) == (1, 3, 2)
    assert score["ti same"] == 0


def arm(label: str, *steps: str, duration: str = "") -> Arm:
    return Arm(label, tuple(Element("TREATMENT", names([step]), duration) for step in steps))


def test_arms_match_by_label_and_sequences_by_epoch_and_treatments():
    expected = [arm("Drug", "A", "B", duration="P1W"), arm("Other", "A"), arm("Left out", "A")]
    made = [arm("drug ", "a", "b"), arm("Other", "A", "A"), arm("More", "A")]
    score = scored_arms(expected, made)
    assert (score["arms right"], score["arms made"], score["arms expected"]) == (2, 3, 3)
    assert score["sequences right"] == 1
    assert (score["durations right"], score["durations expected"]) == (0, 2)


def test_the_expectations_are_all_scored():
    codes = {
        value.code
        for folder in accuracy.GOLD.glob("NCT*")
        for value in accuracy.expected_summary(folder)
    }
    assert codes
    assert not codes & OUTSIDE
    assert not FIELD & OUTSIDE


def test_a_development_trial_is_scored():
    trial = "NCT00113659"
    if not accuracy.RECORDS.is_dir():
        pytest.skip(f"there are no records in {accuracy.RECORDS}")
    [(name, study)] = accuracy.studies(accuracy.RECORDS, [trial])
    score = accuracy.scored(accuracy.GOLD / trial, study)
    assert name == trial
    assert score["field right"] > 20
    assert score["arms right"] == score["arms expected"] == 2
    assert list(accuracy.told(score))
