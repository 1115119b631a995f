"""Clues are looked for first: a pattern never finds anything in a text without one of them."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.spec import load
from pipeline.spec.clues import clues, firsts, hinted
from pipeline.study import build
from pipeline.transform.limits import _LIMITING, _OPERATOR
from tests.conftest import record_of

SPEC = load()
PATTERNS = {
    *(pattern for decision in SPEC.decisions.values() for pattern in decision.look_for),
    SPEC.phrases.visits,
    SPEC.design.assessed_every,
    SPEC.design.milestones,
    *(scheme.words for scheme in (SPEC.design.before, SPEC.design.after) if scheme.words),
}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\badaptive\b[^.]*", [{"adaptive"}]),
        (r"\b(?:single|one)[- ]arms?", [{"single arm", "single-arm", "one arm", "one-arm"}]),
        (r"\b[Rr]elapse\b[^.]{0,40}\b(?:defined|criteria)\b", [{"relapse"}, {"defined", "criteria"}]),
        (r"\b\d+ visits?|\w+", []),
        (r"(?:added? )?to", [{"to"}]),
        (r"(?:added? )+to", [{"adde"}, {"to"}]),
        (r"(?i)AD(?=verse)", [{"ad"}]),
    ],
)  # fmt: skip
def test_clues_follow_from_the_pattern(pattern, found):
    known = {frozenset(one.letters for one in words) for words in clues(pattern)}
    assert known == {frozenset(one) for one in found}


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_pattern_matches_holds_a_clue(pattern, data):
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII)))
    assert hinted(clues(pattern), text.casefold())


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\b(?:every|[Oo]nce)\b", "eo"),
        (r"(?<=a )q?\d{1,2}", "q0123456789"),
        (r"(?:a|b)*c", "abc"),
        (r"[a-c]x|z", "abcz"),
        (r"\w+ly", ""),
        (r"a?", ""),
        (r"[^a]b", ""),
    ],
)
def test_what_a_match_begins_with_follows_from_the_pattern(pattern, found):
    assert firsts(pattern) == frozenset(found)


PHRASES = [*SPEC.phrases.routes, *SPEC.phrases.forms, *SPEC.phrases.frequencies]


@pytest.mark.parametrize("pattern", [one.replace("{number}", r"\d{1,3}") for one in PHRASES])
@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_phrase_matches_begins_as_it_can(pattern, data):
    words = data.draw(st.from_regex(re.compile(pattern, re.ASCII | re.IGNORECASE)))
    found = re.compile(pattern, re.IGNORECASE).search(words)
    assert not found or not firsts(pattern) or found[0][0].casefold() in firsts(pattern)


@given(words=st.from_regex(re.compile(_OPERATOR, re.IGNORECASE | re.ASCII), fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_every_operator_of_a_limit_ends_as_limits_do(words):
    assert words.lower().rstrip().endswith(_LIMITING)


def test_a_study_that_offers_no_words_is_otherwise_the_same(seed, page):
    bare = build([record_of(page.encode(), "page.txt", SPEC)], SPEC, offer=False)
    assert bare.tables == seed.tables
    assert bare.issues == seed.issues
    asked = [(task.domain, task.item, task.severity, task.why) for task in seed.worklist]
    assert [(task.domain, task.item, task.severity, task.why) for task in bare.worklist] == asked
    offered, left = (sum(len(t.candidates) for t in one.worklist) for one in (seed, bare))
    assert offered > left
