"""The reference of Trial Summary says of every parameter what the specification says."""

import re

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.reference import flavors, parameters_page, places
from pipeline.spec import load
from pipeline.transform.rules import methods

SPEC = load()
PAGE = parameters_page(SPEC)
CODES = sorted(SPEC.terminology.codelists["TSPARMCD"].terms)


def section(code: str) -> str:
    return re.split(r"(?m)^## ", PAGE)[1 + CODES.index(code)]


def test_every_parameter_has_a_line_and_a_section():
    assert re.findall(r"(?m)^\| \[(\w+)\]", PAGE) == CODES
    assert re.findall(r"(?m)^## (\w+)$", PAGE) == CODES
    assert {line.count("|") for line in PAGE.splitlines() if line.startswith("|")} == {7}


@pytest.mark.parametrize("code", CODES)
def test_a_section_says_what_the_decision_says(code):
    decision, parameter, text = SPEC.decisions[code], SPEC.parameters[code], section(code)
    assert SPEC.terminology.parameter_names()[code] in text
    assert all(f"`{concept}`" in text for concept in decision.from_)
    assert all(rule in text for rule in parameter.rules)
    assert parameter.codelist in text
    assert decision.never in text
    if decision.rule:
        assert methods()[decision.rule] in text
    if parameter.required:
        assert "not stated → NI" in text


def test_sources_are_the_paths_of_the_registries():
    text = section("EXPARECN")
    assert "`protocolSection.statusModule.expandedAccessInfo.nctId`" in text
    assert "FDA's technical rejection criteria: TRC1734" in section("SSTDTC")
    found = places(SPEC)
    assert found["arm.intervention"]["ctgov_page"] == ["Study Groups"]
    assert found["id.eudract"]["ctgov_v2"][-1].endswith("secondaryIdInfos[].id")
    assert "eligibility.inclusion.entry" in found


def test_null_flavors_are_those_that_the_rule_gives():
    decision, parameter = SPEC.decisions["AGEMAX"], SPEC.parameters["AGEMAX"]
    assert flavors(decision, parameter, SPEC)["no limit above"] == "PINF"
    assert not flavors(SPEC.decisions["KEYWORD"], SPEC.parameters["KEYWORD"], SPEC)


def test_the_page_is_written_where_it_is_asked_for(tmp_path):
    done = CliRunner().invoke(app, ["reference", "--to", str(tmp_path / "docs")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "docs" / "ts-parameters.md").read_text(encoding="utf-8") == PAGE


def test_persons_have_a_source_although_they_are_not_read():
    text = section("CONNAME")
    assert "ctgov_v2: `protocolSection.contactsLocationsModule.centralContacts[].name`" in text
    assert "mappings/settings.yaml" in text
