"""The version of SDTMIG is a setting: one place says what it changes, and a package says which."""

import datetime as dt
import re

import pytest

from pipeline.checking import followed as followed_by_data
from pipeline.conformance.followed import followed
from pipeline.conformance.report import verdicts
from pipeline.issues import BadRequest
from pipeline.load.dataset_json import dataset_json
from pipeline.load.define import define_xml
from pipeline.load.package import package
from pipeline.load.saved import save
from pipeline.spec import ROOT, load
from pipeline.spec.standard import standards
from pipeline.tabulate import tables
from pipeline.validate.define import define_findings
from pipeline.validate.lot import lot
from pipeline.validate.native import native_findings
from tests.conftest import shared, study_of, values

KNOWN = standards(ROOT / "schemas" / "standards.yaml")
CREATED = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)


@pytest.fixture(params=["3.4", "3.3"])
def spec(request):
    return load(sdtmig=request.param)


def test_the_newest_is_the_default_and_another_is_refused():
    assert list(KNOWN) == ["3.4", "3.3"]
    assert load().standard == load(sdtmig="3.4").standard == KNOWN["3.4"]
    with pytest.raises(BadRequest, match=r"no SDTMIG 3\.2 here; use 3\.4 or 3\.3"):
        load(sdtmig="3.2")


def test_everything_that_a_package_says_follows_the_setting(spec, page):
    study = study_of(page, spec)
    sdtmig, sdtm = spec.standard.sdtmig, spec.standard.sdtm
    assert (values(study, "SDTIGVER"), values(study, "SDTMVER")) == ([sdtmig], [sdtm])
    assert {"3.4": "2.0", "3.3": "1.7"}[sdtmig] == sdtm
    made = tables(study, spec)
    define = define_xml(study, made, spec, CREATED)
    assert followed(define) == sdtmig
    assert define_findings(define, made, spec, study.id) == []
    assert [
        one for one in native_findings(lot([(study.id, made)]), spec) if one.severity == "error"
    ] == []
    label = {"3.4": "Trial Summary", "3.3": "Trial Summary Information"}[sdtmig]
    assert f'"label":"{label}"'.encode() in dataset_json(made["TS"], study, spec, CREATED)
    _, files, _ = package(study, spec)
    assert f"for SDTMIG {sdtmig} with" in files["study.html"].decode()


def test_the_check_of_one_version_finds_a_package_of_the_other(page):
    older, newer = load(sdtmig="3.3"), load(sdtmig="3.4")
    study = study_of(page, older)
    made = tables(study, older)
    found = define_findings(define_xml(study, made, older, CREATED), made, newer, study.id)
    assert {one.rule for one in found} >= {"DEFINE-265", "DEFINE-266"}


def test_variables_are_those_of_the_published_guides(spec):
    lines = shared(f"standards/sdtmig{spec.standard.sdtmig.replace('.', '')}_tdm.tsv")
    head, *rows = [line.split("\t") for line in lines.read_text("utf-8").splitlines()]
    at = {
        name: head.index(name)
        for name in ("dataset", "dataset_label", "name", "label", "role", "core")
    }
    told = {}
    for row in rows:
        if row[at["dataset"]] in spec.domains and row[at["name"]]:
            key = row[at["dataset"]], row[at["name"]]
            told[key] = tuple(row[at[name]] for name in ("dataset_label", "label", "role", "core"))
    ours = {
        (code, name): (domain.label, variable.label, variable.role, variable.core)
        for code, domain in spec.domains.items()
        for name, variable in domain.variables.items()
    }
    assert ours == told


def test_core_is_asked_about_the_version_that_define_names(page, tmp_path, monkeypatch):
    spec = load(sdtmig="3.3")
    study = study_of(page, spec)
    _, files, _ = package(study, spec)
    save(files, tmp_path / "studies" / study.id)
    assert followed_by_data(tmp_path) == "3.3"
    asked = []
    monkeypatch.setattr("pipeline.conformance.report.ask", lambda *task: asked.append(task[-1]))
    monkeypatch.setattr("pipeline.conformance.report.judge", lambda *_: None)
    verdicts(tmp_path, tmp_path, tmp_path, {}, KNOWN)
    assert asked == ["3.3"]
    define = tmp_path / "studies" / study.id / "submission" / "define.xml"
    define.write_bytes(define.read_bytes().replace(b'Version="3.3"', b'Version="3.2"'))
    with pytest.raises(BadRequest, match=r"follows SDTMIG 3\.2; known are 3\.4 and 3\.3"):
        verdicts(tmp_path, tmp_path, tmp_path, {}, KNOWN)


def test_the_versions_are_said_in_one_place():
    for path in [
        *ROOT.glob("pipeline/**/*.py"),
        *ROOT.glob("pipeline/**/*.jinja"),
        *ROOT.glob("mappings/sdtm/*.yaml"),
    ]:
        text = path.read_text(encoding="utf-8")
        said = re.findall(
            r"""["']3\.[34]["']|SDTMIG 3\.\d(?! (?:section|sections|appendix)\b)""", text
        )
        assert said == [], path
