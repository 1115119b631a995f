"""Two builds compared: what is found, how it is weighed, and what is no change."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import spec as specification
from pipeline.build import build
from pipeline.diffing import Weights, compare, diff
from pipeline.issues import BadRequest
from pipeline.publish import Packages
from pipeline.sources import Item
from pipeline.spec import ROOT
from pipeline.spec.text import parse
from tests.loopback import study

WEIGHTS = msgspec.convert(parse(ROOT / "mappings" / "changes.yaml"), Weights)
NCT = "NCT00000001"


def built(folder, *studies):
    items = [Item(f"{n}.json", msgspec.json.encode(one)) for n, one in enumerate(studies)]
    build(items, folder, specification.load(), packages=Packages(all=False))
    return folder


def told(tmp_path, old, new):
    found = diff(built(tmp_path / "old", *old), built(tmp_path / "new", *new))
    return {(one.severity, one.domain, one.key, one.kind) for one in found}


def test_the_same_build_has_no_changes(tmp_path):
    one = built(tmp_path / "one", study(NCT))
    assert diff(one, one) == []
    assert diff(one, built(tmp_path / "two", study(NCT))) == []


def test_studies_that_come_and_go(tmp_path):
    found = told(tmp_path, [study(NCT)], [study("NCT00000002")])
    assert found == {("critical", "", "", "removed"), ("notable", "", "", "added")}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"outcome": "Death"}, ("critical", "TS", "OUTMSPRI", "changed")),
        ({"phase": "PHASE3"}, ("critical", "TS", "TPHASE", "changed")),
        ({"count": 60}, ("notable", "TS", "PLANSUB", "changed")),
        ({"title": "Another"}, ("notable", "TS", "TITLE", "changed")),
        (
            {
                "criteria": "Inclusion Criteria:\n\n* Adults, 18 to 65\n\nExclusion Criteria:\n\n* Pregnancy"
            },
            ("critical", "TI", "INCL01", "changed"),
        ),
    ],
)
def test_changes_are_weighed(tmp_path, change, expected):
    assert expected in told(tmp_path, [study(NCT)], [study(NCT, **change)])


def test_a_criterion_put_first_is_one_criterion_more(tmp_path):
    more = "Inclusion Criteria:\n\n* Consent\n* Adults\n\nExclusion Criteria:\n\n* Pregnancy"
    found = told(tmp_path, [study(NCT)], [study(NCT, criteria=more)])
    rows = {one for one in found if one[1] == "TI"}
    assert rows == {("critical", "TI", "INCL01", "added"), ("notable", "TI", "INCL02", "changed")}


def test_what_is_no_build_is_said(tmp_path):
    with pytest.raises(BadRequest, match="no build"):
        diff(tmp_path, tmp_path)


def ts(code, value, version="2026-01-01"):
    return {"STUDY": NCT, "REGISTRY_VERSION": version, "TSSEQ": 1, "TSPARMCD": code, "TSVAL": value}


def test_a_date_that_passes_is_critical():
    def severity(old, new):
        (one,) = compare([old], [new], "TS", ("TSPARMCD",), WEIGHTS)
        return one.severity

    later = ts("SENDTC", "2027-01")
    assert severity(later, ts("SENDTC", "2026-02", "2026-03-01")) == "critical"
    assert severity(later, ts("SENDTC", "2027-06", "2026-03-01")) == "notable"


rows = st.lists(
    st.builds(ts, st.sampled_from(["TRT", "TITLE", "PLANSUB", "KEYWORD"]), st.sampled_from("abcd")),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(rows, rows)
def test_changes_lead_from_one_to_the_other(old, new):
    """The changes, applied to the old rows, give the new ones, and no row is spoken of twice."""
    held = sorted((row["TSPARMCD"], row["TSVAL"]) for row in old)
    for one in compare(old, new, "TS", ("TSPARMCD",), WEIGHTS):
        said = {name: (before, after) for name, before, after in one.cells}
        if one.kind != "added":
            held.remove((one.key, said["TSVAL"][0]))
        if one.kind != "removed":
            held.append((one.key, said["TSVAL"][1]))
    assert sorted(held) == sorted((row["TSPARMCD"], row["TSVAL"]) for row in new)


@settings(max_examples=50, deadline=None)
@given(rows)
def test_order_is_no_change(old):
    assert not list(compare(old, list(reversed(old)), "TS", ("TSPARMCD",), WEIGHTS))
