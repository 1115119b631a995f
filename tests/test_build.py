"""A build as a user runs it: complete or not at all, counts that add up, the same bytes every
time.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.build import build
from pipeline.issues import BadRequest
from pipeline.sources import items
from pipeline.spec import ROOT
from tests.conftest import SEED

COMMAND = [sys.executable, "-m", "pipeline"]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, text=True, capture_output=True, check=False,
        env=os.environ | environment,
    )  # fmt: skip


def digests(out: Path) -> dict[str, str]:
    """Every file's hash, but for the folder that says when what was run."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.relative_to(out).parts[0] != "runs"
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    done = run("build", "data/raw", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_the_outputs_of_the_design_are_there(built):
    home = built / "studies" / "2019-001929-27"
    for name in (
        "index.html",
        "studies.parquet",
        "validation/index.html",
        "tables/ts/all.parquet",
        "tables/define.xml",
        "tables/define.html",
    ):
        assert (built / name).stat().st_size > 0
    for name in (
        "study.html",
        "define.html",
        "reviewers-guide.html",
        "reviewers-guide.md",
        "data.xlsx",
        "json/ts.ndjson",
        "worklist.csv",
        "issues.csv",
        "discrepancies.csv",
        "manifest.json",
        "provenance.parquet",
    ):
        assert (home / name).stat().st_size > 0
    assert {path.name for path in (home / "submission").iterdir()} == {
        "ta.xpt", "te.xpt", "ti.xpt", "ts.xpt", "define.xml", "define2-1.xsl",
    }  # fmt: skip
    assert {path.stem for path in (home / "json").iterdir()} == {"ta", "te", "ti", "ts"}
    assert pq.read_table(built / "studies.parquet").to_pylist()[0]["studyid"] == "HEMAML42"
    assert "first bullet" in (home / "issues.csv").read_text(encoding="utf-8-sig")


def test_law_5_same_in_same_out(built, tmp_path):
    second = tmp_path / "second"
    done = run(
        "build",
        "data/raw",
        "--out",
        second,
        "--jobs",
        2,
        TZ="Asia/Kolkata",
        LC_ALL="C",
        PYTHONHASHSEED="7",
    )
    assert done.returncode == 0, done.stderr
    assert digests(built) == digests(second)


LATER = """
import time
_time, _gmtime, _localtime = time.time, time.gmtime, time.localtime
_ahead = 400 * 86400
time.time = lambda: _time() + _ahead
time.gmtime = lambda at=None: _gmtime(time.time() if at is None else at)
time.localtime = lambda at=None: _localtime(time.time() if at is None else at)
"""


def test_law_5_on_another_day_elsewhere_with_more_workers(tmp_path):
    """Every file of the packages and the lake: several records, with versions and without."""
    raw, made = tmp_path / "raw", []
    raw.mkdir()
    for name in ("ctgov_trial.json", "euctr.txt", "isrctn.xml"):
        shutil.copy(ROOT / "tests" / "fixtures" / name, raw)
    shutil.copy(SEED, raw)
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "sitecustomize.py").write_text(LATER)
    elsewhere = {
        "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "11", "PYTHONPATH": str(tmp_path / "later"),
    }  # fmt: skip
    for jobs, surroundings in ((1, {"TZ": "UTC", "LC_ALL": "C"}), (3, elsewhere)):
        out = tmp_path / f"out{jobs}"
        done = run("build", raw, "--out", out, "--jobs", jobs, **surroundings)
        assert done.returncode in (0, 1), done.stderr
        made.append(digests(out))
    (begun,) = (path.stem[:4] for path in (tmp_path / "out3" / "runs").iterdir())
    assert int(begun) > time.gmtime().tm_year, "the day was not another one"
    assert made[0] == made[1]
    kinds = {name.rpartition(".")[2] for name in made[0]}
    assert kinds >= {"xpt", "xlsx", "parquet", "json", "ndjson", "html", "md", "csv", "xml", "xsl"}


def test_law_5_whatever_the_number_of_processes(tmp_path, page):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(5):
        text = page.replace("2019-001929-27", f"2019-00192{number}-27").replace("HEMAML42", "302")
        (raw / f"{number}.txt").write_text(text, encoding="utf-8")
    for jobs in (1, 3):
        assert run("build", raw, "--out", tmp_path / f"out{jobs}", "--jobs", jobs).returncode == 0
    assert digests(tmp_path / "out1") == digests(tmp_path / "out3")
    ambiguous = run("explain", "302", "TS", "RANDOM", "--out", tmp_path / "out1")
    assert ambiguous.returncode == 2
    assert "not unique" in ambiguous.stderr


BAD = {
    "empty.txt": (b"", "input.empty"),
    "blank.txt": (b" \n\n ", "input.empty"),
    "binary.txt": (bytes(range(256)) * 64, "input.binary"),
    "latin1.txt": ("Study Results\nä\nBasic Information\nGet a concise snapshot".encode("latin-1"), "input.encoding"),
    "other-site.txt": (b"Welcome to our shop\nBasket: 3 items\n", "input.unknown"),
    "results.txt": (b"Trial Outcomes & Findings for X (NCT NCT00000001)\nResults Overview\n", "input.results-page"),
    "huge.txt": (b"Study Results\n" + b"x" * 50_000_000, "input.too-large"),
}  # fmt: skip


def test_bad_inputs_are_quarantined_and_the_others_are_built(tmp_path, page):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    for name, (data, _) in BAD.items():
        (raw / name).write_bytes(data)
    (raw / "good.txt").write_text(page, encoding="utf-8")
    (raw / "windows.txt").write_bytes(
        page.replace("2019-001929-27", "2020-000001-01").replace("\n", "\r\n").encode("utf-16")
    )
    done = run("build", raw, "--out", out)
    assert done.returncode == 1
    summary = json.loads((out / "build.json").read_text())
    assert summary["studies"] == ["2019-001929-27", "2020-000001-01"]
    assert summary["inputs"] == len(BAD) + 2
    assert summary["built"] + summary["quarantined"] + summary["passed over"] == summary["inputs"]
    assert {one["name"]: one["code"] for one in summary["refused"]} == {
        name: code for name, (_, code) in BAD.items()
    }
    lines = done.stdout.splitlines()
    for name in BAD:
        assert sum(line.startswith(f"{name}: quarantined.") for line in lines) == 1
    kept = {path.name for path in (out / "quarantine").iterdir()}
    assert all(name.endswith((".input", ".csv")) for name in kept)


@pytest.mark.parametrize(
    "heading",
    [
        "Basic Information",
        "Brief Summary",
        "Detailed Description",
        "Study Design",
        "Study Groups",
        "Interventions",
        "Eligibility Criteria",
        "Exclusion Criteria",
        "Sponsors",
        "Locations",
        "References",
        "Other Identifiers",
    ],
)
def test_a_page_cut_in_the_middle_of_a_section_is_built_with_an_issue_or_refused(
    tmp_path, page, spec, heading
):
    at = page.index(f"\n{heading}\n") + len(heading) + 60
    (tmp_path / "cut.txt").write_text(page[:at], encoding="utf-8")
    outcome = build(items([tmp_path / "cut.txt"]), tmp_path / "out", spec)
    if outcome.built:
        issues = (tmp_path / "out" / "studies" / outcome.built[0].study / "issues.csv").read_text(
            "utf-8-sig"
        )
        assert "source.truncated" in issues
    else:
        assert [one.code for one in outcome.refused] == [
            "input.no-study"
        ] or heading == "Basic Information"
    assert len(outcome.built) + len(outcome.refused) == outcome.inputs == 1


def test_the_same_trial_twice_is_one_study_and_says_where_they_differ(tmp_path, page, spec):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(page, encoding="utf-8")
    (tmp_path / "raw" / "b.txt").write_text(
        page.replace("23 participants", "24 participants"), encoding="utf-8"
    )
    outcome = build(items([tmp_path / "raw"]), tmp_path / "out", spec)
    assert (len(outcome.built), len(outcome.refused)) == (1, 0)
    home = tmp_path / "out" / "studies" / "2019-001929-27"
    assert "input.superseded" in (home / "issues.csv").read_text("utf-8-sig")
    lines = (home / "discrepancies.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("critical,TS,PLANSUB,")


def test_a_symbol_that_xpt_cannot_hold_costs_the_submission_folder_and_nothing_else(
    tmp_path, page, spec
):
    text = page.replace(
        "Pregnancy or breastfeeding", "Pregnancy \U0001f930 or =cmd() <b>breastfeeding</b>"
    )
    (tmp_path / "emoji.txt").write_text(text, encoding="utf-8")
    outcome = build(items([tmp_path / "emoji.txt"]), tmp_path / "out", spec)
    home = tmp_path / "out" / "studies" / outcome.built[0].study
    assert outcome.faults == 1
    assert not (home / "submission").exists()
    assert "U+1F930" in (home / "issues.csv").read_text("utf-8-sig")
    assert (
        pq.read_table(home / "parquet" / "ti.parquet")["IETEST"]
        .to_pylist()[8]
        .startswith("Pregnancy \U0001f930")
    )
    assert b"<b>" not in (home / "study.html").read_bytes()


def test_the_lake_without_packages(built, tmp_path):
    out = tmp_path / "out"
    assert run("build", SEED, "--out", out, "--packages", "none").returncode == 0
    assert not list((out / "studies").iterdir())
    ours, theirs = (path / "tables" / "ts" / "all.parquet" for path in (out, built))
    assert ours.read_bytes() == theirs.read_bytes()
    assert run("build", SEED, "--out", out, "--packages", "2019-001929-27").returncode == 0
    assert (out / "studies" / "2019-001929-27" / "study.html").exists()
    assert run("build", SEED, "--out", out, "--engine", "abacus").returncode == 2


def test_a_folder_that_is_no_build_is_never_replaced(tmp_path, spec):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(BadRequest, match="no build"):
        build(items([SEED]), tmp_path, spec)
    assert (tmp_path / "thesis.docx").read_text() == "precious"


def test_law_8_a_killed_build_leaves_the_earlier_one(built, tmp_path, page):
    out, raw = tmp_path / "out", tmp_path / "raw"
    raw.mkdir()
    for number in range(40):
        (raw / f"{number}.txt").write_text(
            page.replace("2019-001929-27", f"2019-0019{number:02}-27"), encoding="utf-8"
        )
    assert run("build", SEED, "--out", out).returncode == 0
    before = digests(out)
    process = subprocess.Popen(
        [*COMMAND, "build", str(raw), "--out", str(out)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".out.building/studies/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert digests(out) == before
    assert run("build", SEED, "--out", out).returncode == 0
    assert digests(out) == before


def test_explain_shows_value_how_words_place_and_rule(built):
    done = run("explain", "HEMAML42", "TS", "AGEMIN", "--out", built)
    assert done.returncode == 0
    for words in (
        "P18Y",
        "normalised",
        "18 Years",
        "Age ≥ 18",
        "characters",
        "minimum_age",
        "TSVCDREF=ISO 8601",
    ):
        assert words in done.stdout
    cells = json.loads(
        run(
            "explain",
            "2019-001929-27",
            "TA",
            "NK_CELLS_LOW_DOSE.3",
            "TABRANCH",
            "--out",
            built,
            "--json",
        ).stdout
    )
    assert cells[0]["how"] == "assumed"
    assert cells[0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["HEMAML42", "TS", "NOPE"], "no row NOPE"),
        (["HEMAML42", "XX", "A"], "no domain"),
        (["HEMAML42", "TV", "1"], "worklist"),
        (["../../etc", "TS", "RANDOM"], "no study"),
        (["HEMAML42", "TS", "RANDOM", "NOVAR"], "no variable"),
    ],
)
def test_explain_says_what_is_wrong(built, arguments, message):
    done = run("explain", *arguments, "--out", built)
    assert done.returncode == 2
    assert message in done.stderr


def test_check_validates_from_the_files_alone(built, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(built, copy)
    assert run("check", copy).returncode == 0
    victim = copy / "studies" / "2019-001929-27" / "worklist.csv"
    victim.write_text("spoiled")
    done = run("check", copy)
    assert done.returncode == 1
    assert "worklist.csv" in done.stdout


def test_wrong_usage_is_2(tmp_path):
    assert run("build", tmp_path / "nothing-here", "--out", tmp_path / "out").returncode == 2
    assert run("check", tmp_path).returncode == 2
