"""Python's search for cycles: seldom while studies are made, and as it was afterwards."""

import gc

import pytest

from pipeline.cycles import seldom_sought


def test_it_is_seldom_only_while_something_is_under_way():
    before = gc.get_threshold()
    with seldom_sought():
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count()
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()


def test_it_is_as_it_was_after_an_error():
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="no"), seldom_sought():
        raise ValueError("no")
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()
