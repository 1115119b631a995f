"""The whole way from a registry's records to the lake, against `orjson.loads` of the same bytes.

    python bench/registry.py [COUNT] [JOBS]      default 50000 records, 2 processes
    python bench/registry.py profile [COUNT] [none|all]      where the time goes, by stage

Records are made up from real ones (`bench/made_up.py`). Ratios are of processor time, ours and the
bare parser's in the same run; beside them stands what one would do without this program: DuckDB
taking ten fields of the same lines to Parquet, by ten `->>` and by one list of paths. The target is
8 times `orjson.loads`; start-up (imports, above all of Great Expectations) is told apart.
"""

import importlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial, wraps
from pathlib import Path
from typing import Any

import duckdb
import orjson
from made_up import made_up
from stages import told
from starting import start

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
STARTING = str(ROOT / "bench" / "starting.py")
STAGES = {
    "pipeline.build.plan": "first pass",
    "pipeline.plan.read": "reading",
    "pipeline.publish._built": "deriving",
    "pipeline.publish.package": "packages",
    "pipeline.publish.summary": "summing up",
    "pipeline.publish.beside": "provenance and lists",
    "pipeline.publish.Gathered.add": "rows to columns",
    "pipeline.publish.Gathered.tables": "columns to Arrow",
    "pipeline.publish.Beside.tables": "columns to Arrow",
    "pipeline.publish.gathered": "native checks",
    "pipeline.publish.examine": "native checks",
    "pipeline.publish.part": "writing Parquet",
    "pipeline.build.tell": "Great Expectations",
    "pipeline.build.index": "index and define.xml",
    "pipeline.build.described": "index and define.xml",
}
"""Which call is which stage; what a stage calls of another counts there."""


def processor(work: Callable[[], object]) -> tuple[float, float]:
    """Processor seconds of this process and its children, and seconds by the clock."""

    def spent() -> float:
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in used)

    before, begun = spent(), time.perf_counter()
    work()
    return spent() - before, time.perf_counter() - begun


def run(*command: str, check: bool = True) -> Callable[[], object]:
    """A process of Python, in the order of its arguments.

    None is begun with `-c`: pyspark takes such a process for a test of its own and ends it.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    whole = [sys.executable, *command]
    return lambda: subprocess.run(whole, env=environment, capture_output=True, check=check)


def check_built(out: Path, count: int) -> None:
    """Raises `SystemExit` where the build is not there or has not built every record."""
    built = out / "build.json"
    if not built.exists():
        raise SystemExit(f"The build of {count:,} records failed: there is no {built.name}.")
    found = orjson.loads(built.read_bytes())["built"]
    if found != count:
        raise SystemExit(f"Of {count:,} records {found:,} were built: nothing was measured.")


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


def parse(lines: Path) -> None:
    """What all is measured against: each line parsed, and thrown away."""
    with lines.open("rb") as file:
        for line in file:
            orjson.loads(line)


def measure(count: int, jobs: int, folder: Path) -> dict[str, float]:
    lines, out = folder / f"{count}.jsonl", folder / f"{count}"
    with lines.open("wb") as file:
        for record in made_up(count):
            file.write(record + b"\n")
    bare = min(processor(partial(parse, lines))[0] for _ in range(3))
    begin, _ = processor(run(STARTING))
    options = ("--packages", "none", "--jobs", str(jobs), "--out", str(out))
    build = run("-m", "pipeline", "build", str(lines), *options, check=False)
    ours, clock = processor(build)  # its status is 1 where any record has faults
    check_built(out, count)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    ours -= begin + (processor(run(STARTING, "worker"))[0] * jobs if jobs > 1 else 0)
    size = lines.stat().st_size / count / 1000
    print(f"{count:,} records of {size:.0f} kB, {jobs} processes, at most {most:.0f} MiB in one")
    print(f"  {'orjson.loads':<18}{bare / count * 1e6:9.0f} µs a record")
    print(f"  {'this program':<18}{ours / count * 1e6:9.0f} µs  {ours / bare:6.1f} times that")
    for name, query in queries(lines, folder):
        spent, _ = processor(lambda query=query: duckdb.sql(query))
        print(f"  {name:<18}{spent / count * 1e6:9.0f} µs  {spent / bare:6.1f} times that")
    print(f"  start-up {begin:.1f} s, once; {count / clock:.0f} records a second by the clock")
    lines.unlink()
    return {"ratio": ours / bare, "seconds": ours / count}


def profile(count: int, packages: str) -> None:
    """Print where the processor time of one process goes, by stage."""
    sys.path.insert(0, str(ROOT))
    names = ("build", "spec", "publish", "sources")
    build, spec, publish, sources = (importlib.import_module(f"pipeline.{name}") for name in names)
    start(worker=False)
    spent: Counter[str] = Counter()
    for name, stage in STAGES.items():
        home, _, last = name.rpartition(".")
        try:
            owner: Any = importlib.import_module(home)
        except ModuleNotFoundError:
            module, _, kind = home.rpartition(".")
            owner = getattr(importlib.import_module(module), kind)
        setattr(owner, last, timed(getattr(owner, last), stage, spent))
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "records.jsonl"
        lines.write_bytes(b"".join(record + b"\n" for record in made_up(count)))
        given, wanted = sources.items([lines]), publish.Packages(all=packages == "all")
        whole, _ = processor(
            lambda: build.build(given, Path(folder) / "out", spec.load(), packages=wanted)
        )
    spent["the rest"] = whole - sum(spent.values())
    print(f"{count:,} records, packages {packages}: {count / whole:.0f} a second and core")
    for stage, seconds in spent.most_common():
        print(f"  {stage:<22}{seconds / count * 1e6:9.0f} µs a record {seconds / whole:6.1%}")


_UNDER_WAY: list[str] = []


def timed(call: Callable[..., Any], stage: str, spent: Counter[str]) -> Callable[..., Any]:
    """The call, whose processor time counts as the stage's and as no other's."""

    def counted(work: Callable[[], Any]) -> Any:
        begun = time.process_time()
        _UNDER_WAY.append(stage)
        try:
            return work()
        finally:
            _UNDER_WAY.pop()
            used = time.process_time() - begun
            spent[stage] += used
            if _UNDER_WAY:
                spent[_UNDER_WAY[-1]] -= used

    def slowly(found: Iterator[Any]) -> Iterator[Any]:
        nothing = object()
        while (one := counted(lambda: next(found, nothing))) is not nothing:
            yield one

    @wraps(call)
    def run(*args: Any, **named: Any) -> Any:
        found = counted(lambda: call(*args, **named))
        return slowly(found) if isinstance(found, Iterator) else found

    return run


def main() -> int:
    if sys.argv[1:2] == ["profile"]:
        asked = dict(enumerate(sys.argv[2:]))
        profile(int(asked.get(0, "2000")), asked.get(1, "none"))
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as folder:
        few = measure(count // 10, jobs, Path(folder))
        many = measure(count, jobs, Path(folder))
    profile(min(count, 2_000), "none")
    growth = {name: many[name] / few[name] for name in many}
    print("by stage, in one process:")
    told(1000)
    print(
        f"a record costs {growth['seconds']:.2f} times the processor time where there are ten times"
        f" as many, {growth['ratio']:.2f} times where orjson is the clock"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
