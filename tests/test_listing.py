"""Entries of one text field: what is a list of them, and what stays whole."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.listing import listed


def entries(text: str) -> list[str]:
    return [text[start:end] for start, end in listed(text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. Pain at rest\n2. Sleep", ["Pain at rest", "Sleep"]),
        ("1.\tPain\n2)\tSleep\n", ["Pain", "Sleep"]),
        ("Both endpoints are:\n• Pain\nand\n• Sleep", ["Pain", "Sleep"]),
        ("The first:\n\uf0b7 Pain\nThe others are:\n\uf0b7 Sleep\n\uf0b7 Mood", ["Pain", "Sleep", "Mood"]),
        ("1. Pain as told\nby the patient\n2. Sleep", ["Pain as told\nby the patient", "Sleep"]),
    ],
)  # fmt: skip
def test_an_entry_a_line(text: str, said: list[str]) -> None:
    assert entries(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "Pain",
        "1. Pain",
        "1. Pain\n3. Sleep",  # a number is missing
        "1. Pain\n2. Sleep\n\nMeasured after a week.",  # words that are of all of them
        "We want to:\n- ease pain\n- improve sleep",  # the line begins each sentence
        "Pain, and\n1. sleep\n2. mood",
        "Pain at 1.5 hours\n2.5 hours after",
    ],
)
def test_what_is_no_plain_list_stays_whole(text: str) -> None:
    assert entries(text) == [text]


@given(st.text(alphabet="ab1.2) •:\n-", max_size=40))
def test_entries_stand_in_order_and_apart(text: str) -> None:
    places = listed(text)
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert all(one[1] <= two[0] for one, two in pairwise(places))
