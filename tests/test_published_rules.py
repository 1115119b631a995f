"""Every published rule about trial design is decided: a check, the worklist, or why neither."""

import csv
import re

import pytest
import yaml

from pipeline.validate.rules import RULES
from tests.conftest import ROOT, SHARED
from tests.good_lot import SPEC
from tests.test_native import SPOILT

DECIDED = yaml.safe_load((ROOT / "mappings" / "sdtmig_rules.yaml").read_text(encoding="utf-8"))
OURS = {one for rule in RULES for one in rule.published.values()}
ASKED = {rule for parameter in SPEC.parameters.values() for rule in parameter.rules}
ELSEWHERE = [{*DECIDED[how]} for how in ("also", "worklist", "required", "protocol", "never")]


def published(name: str, column: str) -> list[dict[str, str]]:
    path = SHARED / "standards" / name
    if not path.is_file():
        pytest.skip("no published rules in ../shared/standards")
    with path.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t") if row[column]]


def test_every_rule_of_sdtmig_is_decided_once():
    rules = {row["Rule ID"] for row in published("sdtmig_conformance_rules_v2_tdm.tsv", "Rule ID")}
    assert rules <= OURS.union(*ELSEWHERE)
    assert sum(map(len, ELSEWHERE)) == len(set().union(*ELSEWHERE))
    assert not OURS & set().union(*ELSEWHERE)


def test_every_rule_of_fda_about_trial_design_is_decided():
    rows = published("core_rules.tsv", "fda_rule_ids")
    special = [row for row in rows if row["scope"] == "trial-design-specific"]
    ids = {one[:7] for row in special for one in re.split(r"[ ,]+", row["fda_rule_ids"])}
    known = OURS.union(*ELSEWHERE)
    assert ids
    assert {one for one in ids if one not in known} == set()


def test_what_is_seen_elsewhere_is_seen():
    assert {*DECIDED["also"].values()} <= OURS
    assert {*DECIDED["worklist"]} <= ASKED
    assert {*ASKED} <= OURS.union(*ELSEWHERE), "a parameter names a rule that nobody decided"
    assert {rule.name for rule in RULES} == SPOILT.keys()
