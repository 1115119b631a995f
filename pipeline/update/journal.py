"""What runs leave for those who watch them: a log of JSON lines, a table, and OpenMetrics."""

import sqlite3
from typing import Any

import msgspec

from pipeline.update.store import Store, now

COUNTED = {
    "requests": "Requests that registries were sent",
    "fetched": "Records that came",
    "changed": "Records that were new or had changed",
    "gone": "Records that were found gone",
    "held": "Records that were held back",
    "built": "Studies that were built",
    "refused": "Records that a build refused",
}


def note(store: Store, run: int, event: str, facts: dict[str, Any]) -> None:
    """A line of the log."""
    line = msgspec.json.encode({"at": now(), "run": run, "event": event} | facts)
    with (store.home / "log.jsonl").open("ab") as file:
        file.write(line + b"\n")


def begin(store: Store) -> int:
    """A new run; those that never ended were killed, as no two run at once."""
    with store.sql:
        store.sql.execute("UPDATE runs SET status = 'killed' WHERE status = 'running'")
        made = store.sql.execute("INSERT INTO runs (begun) VALUES (?)", (now(),)).lastrowid
    assert made
    note(store, made, "begun", {})
    return made


def end(store: Store, run: int, status: str, facts: dict[str, Any]) -> None:
    """Keep how a run ended, in the table, the log and the metrics."""
    values = {"status": status} | facts
    names = ", ".join(f"{name} = :{name}" for name in values)
    with store.sql:
        store.sql.execute(f"UPDATE runs SET {names} WHERE run = :run", values | {"run": run})  # noqa: S608
    note(store, run, status, facts)
    beside = store.home / "metrics.writing"
    beside.write_text(metrics(store.sql), encoding="utf-8")
    beside.replace(store.home / "metrics.prom")


def metrics(sql: sqlite3.Connection) -> str:
    """The runs as OpenMetrics text: totals of all runs, and how the last one went."""
    lines = []
    for name, what in COUNTED.items():
        (total,) = sql.execute(f"SELECT sum({name}) FROM runs").fetchone()  # noqa: S608
        lines += [
            f"# TYPE registry_sdtm_{name} counter",
            f"# HELP registry_sdtm_{name} {what}.",
            f"registry_sdtm_{name}_total {total or 0}",
        ]
    lines += ["# TYPE registry_sdtm_runs counter", "# HELP registry_sdtm_runs Runs by their end."]
    for status, count in sql.execute("SELECT status, count(*) FROM runs GROUP BY 1 ORDER BY 1"):
        lines.append(f'registry_sdtm_runs_total{{status="{status}"}} {count}')
    lines += ["# TYPE registry_sdtm_last_run gauge", "# HELP registry_sdtm_last_run The last run."]
    last = "SELECT fetching, building, seconds FROM runs ORDER BY run DESC LIMIT 1"
    stages = ("fetching", "building", "all")
    for stage, seconds in zip(stages, sql.execute(last).fetchone(), strict=True):
        lines.append(f'registry_sdtm_last_run{{seconds="{stage}"}} {seconds:.3f}')
    when = "SELECT strftime('%s', max(begun)) FROM runs WHERE status IN ('unchanged', 'published')"
    (seen,) = sql.execute(when).fetchone()
    lines += [
        "# TYPE registry_sdtm_last_success_timestamp_seconds gauge",
        "# UNIT registry_sdtm_last_success_timestamp_seconds seconds",
        "# HELP registry_sdtm_last_success_timestamp_seconds When the last good run began.",
        f"registry_sdtm_last_success_timestamp_seconds {seen or 0}",
        "# EOF",
    ]
    return "\n".join(lines) + "\n"
