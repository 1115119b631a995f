"""A specification that contradicts itself is refused, all problems at once, by file and key."""

import shutil

import pytest

from pipeline.issues import BadSpec
from pipeline.spec import ROOT, load
from pipeline.spec.text import parse


@pytest.fixture
def copy(tmp_path):
    for name in ("schemas", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def spoil(root, path, old, new):
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


SPOILS = [
    ("mappings/sdtm/ts.yaml", "RANDOMIZED: Y", "RANDOMIZED: YES", "YES is not in codelist NY"),
    ("mappings/sdtm/ts.yaml", "[design.masking, ", "[design.maskign, ", "no concept design.maskign"),
    ("mappings/sdtm/ts.yaml", "\nTITLE:", "\nTITEL:", "TITEL is no TS parameter"),
    ("mappings/sdtm/ts.yaml", "  rule: phase", "  rul: phase", "unknown field `rul`"),
    ("mappings/sdtm/ts.yaml", "NON_RANDOMIZED: N,", "NONRANDOMISED: N,", "NONRANDOMISED is no value"),
    ("mappings/sdtm/design.yaml", "epoch: FOLLOW-UP", "epoch: FOLLOWUP", "FOLLOWUP is no EPOCH"),
    ("mappings/phrases.yaml", ": SUBCUTANEOUS", ": UNDER THE SKIN", "UNDER THE SKIN is not in codelist ROUTE"),
    ("schemas/sdtm/te.yaml", "keys: [STUDYID, ETCD]", "keys: [STUDYID, ETC]", "key variable ETC"),
    ("mappings/sdtm/ts.yaml", "APPLCNT:\n  never: The applicant of the submission.\n", "", "APPLCNT of 2026-03-27 has no decision"),
    ("mappings/sdtm/ts.yaml", "CITNSTDY:\n", "CITNSTDY:\n  never: A citation.\n", "either filled, or never"),
    ("mappings/sdtm/ts.yaml", "  never: The applicant of the submission.", "  why: Nobody says it.", "either filled, or never"),
    ("mappings/registries/ctgov_page.yaml", "why: Names of files.", "why: ''", "without a reason"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "message"), SPOILS)
def test_a_contradiction_is_named(copy, path, old, new, message):
    spoil(copy, path, old, new)
    with pytest.raises(BadSpec) as caught:
        load(copy)
    assert any(message in problem for problem in caught.value.problems)
    assert any(path.rpartition("/")[2] in problem for problem in caught.value.problems)


def test_all_problems_are_reported_at_once(copy):
    for path, old, new, _ in SPOILS[:2]:
        spoil(copy, path, old, new)
    with pytest.raises(BadSpec) as caught:
        load(copy)
    assert len(caught.value.problems) == 2


def test_scalars_are_text_and_double_keys_an_error(tmp_path):
    file = tmp_path / "x.yaml"
    assert parse(file, "NO: off\nn: 1.0") == {"NO": "off", "n": "1.0"}
    with pytest.raises(BadSpec, match=r"x.yaml:2: the key 'a' stands twice"):
        parse(file, "a: 1\na: 2")
    with pytest.raises(BadSpec, match="x.yaml"):
        parse(file, "a: [1")
