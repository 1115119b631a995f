"""The supplied page's tables are what was last reviewed; `make golden` writes them again."""

import pytest

from tests.golden import HERE, golden

MADE = golden()


@pytest.mark.parametrize("name", sorted(MADE))
def test_golden(name):
    assert MADE[name] == (HERE / name).read_text(encoding="utf-8"), (
        "run `make golden` and read the diff"
    )


def test_no_golden_file_is_left_over():
    assert {path.name for path in HERE.glob("*.csv")} == set(MADE)
