"""What is decoded straight into its shape says the same as what is walked step by step."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read
from pipeline.extract.formats import json_text
from pipeline.extract.typed import typed
from pipeline.issues import Unreadable
from pipeline.join import CONCEPTS, brief, registry_ids
from pipeline.spec import ROOT, load
from pipeline.spec.narrow import narrowed
from tests.conftest import SHARED

SPEC = load()
TRIAL = json.loads((ROOT / "tests" / "fixtures" / "ctgov_trial.json").read_bytes())
REAL = sorted((SHARED / "records" / "ctgov_v2").glob("*.json"))[::30]


def walked(data: bytes):
    """What the walk says, where nothing is decoded into a shape."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "typed", lambda *_: None)
        return list(read(data, "x.json", SPEC))


def is_typed(text: str) -> bool:
    return typed(text, "x.json", "", SPEC) is not None


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_records_say_the_same_both_ways(path):
    data = path.read_bytes()
    assert list(read(data, "x.json", SPEC)) == walked(data)


def test_a_record_of_the_known_shape_is_decoded_at_once():
    assert is_typed(json.dumps(TRIAL))
    assert is_typed(json.dumps(TRIAL, indent=3))


def places(tree, at=()):
    yield at
    if isinstance(tree, dict):
        for key, below in tree.items():
            yield from places(below, (*at, key))
    elif isinstance(tree, list):
        for index, below in enumerate(tree):
            yield from places(below, (*at, index))


def changed(tree, place, value):
    made = copy.deepcopy(tree)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return made


WRONG = [None, 7, 1.5, True, "", "  ", "a: b", "NCT99999998", [], {}, ["x"], {"new": "y"}, [[None]]]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(places(TRIAL))[1:]), st.sampled_from(WRONG))
def test_a_value_of_any_kind_says_the_same_both_ways(place, value):
    data = json.dumps(changed(TRIAL, place, value)).encode()
    assert list(read(data, "x.json", SPEC)) == walked(data)


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda text: text.replace('"briefTitle":', '"briefTitle": "Another", "briefTitle":'),
        lambda text: text.replace('"phases":', '"phases": ["PHASE1"], "phases":'),
    ],
)
def test_a_key_that_is_written_twice_is_an_error(spoiled):
    text = spoiled(json.dumps(TRIAL))
    assert not is_typed(text)
    (found,) = read(text.encode(), "x.json", SPEC)
    assert isinstance(found, Unreadable)
    assert "stands twice" in found.detail


def test_an_escaped_colon_does_not_hide_a_key():
    text = json.dumps(TRIAL).replace(
        '"briefTitle": "', '"briefTitle": "Another", "briefTitle": "\\u003a'
    )
    (found,) = read(text.encode(), "x.json", SPEC)
    assert isinstance(found, Unreadable)


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "tests" / "fixtures").glob("*.*")), *REAL],
    ids=lambda path: path.name,
)
def test_a_quick_look_finds_the_same_numbers(path):
    quick = narrowed((*registry_ids(SPEC), *CONCEPTS), SPEC)
    data = path.read_bytes()
    whole = [brief(one, SPEC) for one in read(data, path.name, SPEC)]
    assert [brief(one, SPEC) for one in read(data, path.name, quick)] == whole
    assert all(one.keys for one in whole)


def test_a_declared_encoding_is_believed():
    text = (ROOT / "tests" / "fixtures" / "ctgov_trial.xml").read_text(encoding="utf-8")
    body = text[text.index("<clinical_study") :].replace("</brief_title>", " Mörbus</brief_title>")
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n{body}'.encode("latin-1")
    (found,) = read(data, "old.xml", SPEC)
    assert any("Mörbus" in fact.value for fact in found.facts)
    (refused,) = read(data.replace(b"ISO-8859-1", b"utf-8"), "old.xml", SPEC)
    assert refused.code == "input.encoding"
