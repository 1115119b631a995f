"""The files for schedulers, run as far as they can be without the scheduler."""

import shutil
import subprocess
import sys
import types

import pytest
import yaml

from pipeline.spec import ROOT

FILES = ROOT / "docs" / "schedule"


def stub(home, status):
    """A project whose command says something and ends with a status."""
    command = home / ".venv" / "bin" / "registry-sdtm"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(f'#!/bin/sh\necho "said $*"\nexit {status}\n')
    command.chmod(0o755)
    return command


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path):
    command = stub(tmp_path, 0)
    for name in ("registry-sdtm.service", "registry-sdtm.timer"):
        text = (FILES / name).read_text()
        text = text.replace("/srv/registry-sdtm/.venv/bin/registry-sdtm", str(command))
        (tmp_path / name).write_text(text)
    units = [str(tmp_path / name) for name in ("registry-sdtm.service", "registry-sdtm.timer")]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], check=False, capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "registry-sdtm" in line]
    assert not ours
    when = next(
        line
        for line in (FILES / "registry-sdtm.timer").read_text().splitlines()
        if "OnCalendar" in line
    )
    said = subprocess.run(
        ["systemd-analyze", "calendar", when.partition("=")[2]],
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr


def test_the_unit_takes_a_publication_for_success():
    text = (FILES / "registry-sdtm.service").read_text()
    assert "SuccessExitStatus=1 3\n" in text
    assert "ExecStart=/srv/registry-sdtm/.venv/bin/registry-sdtm update\n" in text


@pytest.mark.parametrize(
    ("status", "quiet"), [(0, True), (1, True), (2, False), (3, True), (4, False)]
)
def test_cron_speaks_of_failures_only(tmp_path, status, quiet):
    stub(tmp_path, status)
    (line,) = [
        one for one in (FILES / "crontab").read_text().splitlines() if not one.startswith("#")
    ]
    fields = line.split(maxsplit=5)
    assert all(one == "*" or one.isdigit() for one in fields[:5])
    assert "%" not in fields[5]  # cron would take it for the end of the line
    command = fields[5].replace("/srv/registry-sdtm", str(tmp_path))
    done = subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True, text=True)
    assert done.stdout == ("" if quiet else "said update\n")
    assert done.returncode == (0 if quiet else status)


@pytest.mark.parametrize(("status", "ends"), [(0, 0), (1, 0), (2, 2), (3, 0), (4, 4)])
def test_the_workflow_runs_the_command(tmp_path, status, ends):
    stub(tmp_path, status)
    (tmp_path / "Makefile").write_text(".venv/installed:\n\t@true\n")
    flow = yaml.safe_load((FILES / "github-actions.yml").read_text())
    assert flow[True]["schedule"][0]["cron"].split()[2:] == [
        "*",
        "*",
        "*",
    ]  # `on` is true in YAML 1.1
    (step,) = [one for one in flow["jobs"]["update"]["steps"] if one.get("id") == "update"]
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path, check=False, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "GITHUB_OUTPUT": str(tmp_path / "out"), "REGISTRY_IDS": "NCT1"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (ends, "said update --ids NCT1\n")
    assert (tmp_path / "out").read_text() == f"status={status}\n"


class Skipped(Exception):
    pass


class Failed(Exception):
    pass


@pytest.fixture
def airflow(monkeypatch, tmp_path):
    """As much of Airflow as the DAG uses: what is decorated is called."""
    parts = {
        "airflow": {},
        "airflow.decorators": {
            "dag": lambda **_: lambda made: made,
            "task": lambda **_: lambda made: made,
        },
        "airflow.exceptions": {"AirflowException": Failed, "AirflowSkipException": Skipped},
        "airflow.models": {"Variable": types.SimpleNamespace(get=lambda _: str(tmp_path))},
    }
    for name, content in parts.items():
        module = types.ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    return tmp_path


@pytest.mark.parametrize(
    ("status", "ends"), [(0, Skipped), (1, None), (2, Failed), (3, None), (4, Failed)]
)
def test_the_dag_skips_what_has_nothing_new(airflow, status, ends):
    stub(airflow, status)
    code = compile((FILES / "airflow_dag.py").read_text(), "airflow_dag.py", "exec")
    if ends:
        with pytest.raises(ends):
            exec(code, {"__name__": "dag"})
    else:
        exec(code, {"__name__": "dag"})


@pytest.mark.parametrize(("status", "ends"), [(0, 0), (1, 0), (3, 0), (2, 2), (4, 2)])
def test_make_update_succeeds_when_it_published(tmp_path, status, ends):
    stub(tmp_path, status)
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml", ".venv/installed"):
        (tmp_path / name).touch()
    done = subprocess.run(
        ["make", "update"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == ends, done.stderr


def test_the_page_speaks_of_every_file():
    page = (ROOT / "docs" / "schedule.md").read_text()
    for path in FILES.iterdir():
        assert f"docs/schedule/{path.name}" in page
