"""The whole way from a registry's records to the lake, against `orjson.loads` of the same bytes.

    python bench/registry.py [COUNT] [JOBS]      default 50000 records, 2 processes

Records are made up from real ones (`bench/made_up.py`). Ratios are of processor time, ours and the
bare parser's in the same run; beside them stands what one would do without this program: DuckDB
taking ten fields of the same lines to Parquet, by ten `->>` and by one list of paths. The target is
8 times `orjson.loads`; start-up (imports, above all of Great Expectations) is told apart.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import orjson
from made_up import made_up
from stages import told

ROOT = Path(__file__).parents[1]
FIELDS = {
    "nct": "identificationModule.nctId",
    "title": "identificationModule.officialTitle",
    "status": "statusModule.overallStatus",
    "start": "statusModule.startDateStruct.date",
    "sponsor": "sponsorCollaboratorsModule.leadSponsor.name",
    "type": "designModule.studyType",
    "allocation": "designModule.designInfo.allocation",
    "masking": "designModule.designInfo.maskingInfo.masking",
    "size": "designModule.enrollmentInfo.count",
    "sex": "eligibilityModule.sex",
}
BUILD = "import sys; from pipeline.cli import app; app(sys.argv[1:])"
START = """
import pipeline.build
from pipeline.validate.expectations import _great_expectations
_great_expectations()
"""


def processor(work: Callable[[], object]) -> tuple[float, float]:
    """Processor seconds of this process and its children, and seconds by the clock."""

    def spent() -> float:
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in used)

    before, begun = spent(), time.perf_counter()
    work()
    return spent() - before, time.perf_counter() - begun


def run(code: str, *more: str) -> Callable[[], object]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *more]
    return lambda: subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def queries(lines: Path, out: Path) -> Iterator[tuple[str, str]]:
    source = f"read_ndjson_objects('{lines}', maximum_object_size=67108864)"
    paths = {name: f"$.protocolSection.{path}" for name, path in FIELDS.items()}
    arrows = ", ".join(f"json->>'{path}' AS \"{name}\"" for name, path in paths.items())
    listed = ", ".join(f"'{path}'" for path in paths.values())
    for name, fields in (
        ("DuckDB, ten ->>", arrows),
        ("DuckDB, one list", f"json_extract_string(json, [{listed}]) AS fields"),
    ):
        yield name, f"COPY (SELECT {fields} FROM {source}) TO '{out / 'ten.parquet'}'"


def measure(count: int, jobs: int, folder: Path) -> dict[str, float]:
    lines, out = folder / f"{count}.jsonl", folder / "out"
    with lines.open("wb") as file:
        for record in made_up(count):
            file.write(record + b"\n")
    with lines.open("rb") as file:
        bare, _ = processor(lambda: [None for line in file if orjson.loads(line) is None])
    start, _ = processor(run(START))
    options = ("--packages", "none", "--jobs", str(jobs), "--out", str(out))
    ours, clock = processor(run(BUILD, "build", str(lines), *options))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    ours -= start * jobs
    size = lines.stat().st_size / count / 1000
    print(f"{count:,} records of {size:.0f} kB, {jobs} processes, at most {most:.0f} MiB in one")
    print(f"  {'orjson.loads':<18}{bare / count * 1e6:9.0f} µs a record")
    print(f"  {'this program':<18}{ours / count * 1e6:9.0f} µs  {ours / bare:6.1f} times that")
    for name, query in queries(lines, folder):
        spent, _ = processor(lambda query=query: duckdb.sql(query))
        print(f"  {name:<18}{spent / count * 1e6:9.0f} µs  {spent / bare:6.1f} times that")
    print(f"  start-up {start:.1f} s a process; {count / clock:.0f} records a second by the clock")
    lines.unlink()
    return {"ratio": ours / bare}


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as folder:
        few = measure(count // 10, jobs, Path(folder))
        many = measure(count, jobs, Path(folder))
    growth = many["ratio"] / few["ratio"]
    print("by stage, in one process:")
    told(1000)
    print(f"a record costs {growth:.2f} times as much where there are ten times as many")
    return 0


if __name__ == "__main__":
    sys.exit(main())
