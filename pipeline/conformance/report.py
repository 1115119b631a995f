"""The verdicts of a build: run over every package, written as JSON and as a text to read."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from pipeline.conformance.answer import ask
from pipeline.conformance.expectations import Expectation
from pipeline.conformance.followed import followed
from pipeline.conformance.guides import tell
from pipeline.conformance.judge import Judged, Verdict, judge
from pipeline.issues import BadRequest
from pipeline.spec.model import Standard
from pipeline.validate.report import read_back, report
from pipeline.validate.run import EngineRun

ENGINES = 4


def verdicts(
    out: Path,
    cache: Path,
    python: Path,
    documented: Mapping[str, Expectation],
    standards: Mapping[str, Standard],
    only: Container[str] | None = None,
) -> list[Verdict]:
    """Every package below `out/studies`, or those named by `only`, judged by the rules for the
    version of SDTMIG that its define.xml names.

    Raises `BadRequest` when there is no package, when one follows a version that is not among
    `standards`, or when CORE does not answer.
    """
    homes = (path.parent for path in out.glob("studies/*/submission"))
    folders = sorted(home for home in homes if only is None or home.name in only)
    if not folders:
        raise BadRequest(f"{out}: no package stands below studies/. Build one with `make build`.")

    def verdict(task: tuple[Path, str]) -> Verdict:
        folder, sdtmig = task
        data = folder / "submission"
        answer = ask(data, data / "define.xml", cache, python, sdtmig)
        tables = {
            path.stem.upper(): pq.read_table(path) for path in sorted(folder.glob("parquet/*"))
        }
        return judge(folder.name, answer, tables, documented)

    asked = [(folder, rules) for folder in folders for rules in _rules(folder, standards)]
    with ThreadPoolExecutor(min(ENGINES, cpu_count() or 1)) as pool:
        return list(pool.map(verdict, asked))


def _rules(folder: Path, standards: Mapping[str, Standard]) -> tuple[str, ...]:
    """The versions whose rules a package is judged by."""
    define = folder / "submission" / "define.xml"
    sdtmig = followed(define.read_bytes())
    if sdtmig not in standards:
        known = " and ".join(standards)
        raise BadRequest(f"{define} follows SDTMIG {sdtmig or '(none)'}; known are {known}.")
    return standards[sdtmig].rules


def write(made: Sequence[Verdict], documented: Mapping[str, Expectation], out: Path) -> str:
    """Write validation/conformance.json and .txt below `out`; returns the text."""
    folder, text = out / "validation", readable(made, documented)
    folder.mkdir(parents=True, exist_ok=True)
    as_json = msgspec.json.format(msgspec.json.encode(list(made)), indent=1)
    _join(made, folder)
    tell(made, out)
    (folder / "conformance.json").write_bytes(as_json + b"\n")
    (folder / "conformance.txt").write_text(text, encoding="utf-8")
    return text


def _join(made: Sequence[Verdict], folder: Path) -> None:
    """Put what CORE found into the build's own report, in place of what it found before."""
    earlier = folder / "findings.json"
    if not earlier.is_file():
        return
    said, ran_before = read_back(earlier.read_bytes())
    engines = [run for run in ran_before if run.name != "core"]
    findings = [one for one in said if one.engine != "core"]
    findings += [msgspec.structs.replace(item.finding, message=_said(item))
                 for one in made for item in one.judged]  # fmt: skip
    ran = {one.engine.version: one.engine for one in made}
    rules = tuple(sorted({rule for one in made for rule in one.engine.rules}))
    skipped = sorted({pair for one in made for pair in one.engine.skipped})
    core = EngineRun("core", ", ".join(ran), rules, tuple(s for s in skipped if s[0] not in rules))
    html, lines, data = report(findings, [*engines, core])
    for name, content in (("index.html", html), ("findings.csv", lines), ("findings.json", data)):
        (folder / name).write_bytes(content)


def _said(item: Judged) -> str:
    message = item.finding.message
    return f"{message.rstrip('. ')}. Documented: {item.why}" if item.why else message


def readable(made: Sequence[Verdict], documented: Mapping[str, Expectation]) -> str:
    """The verdicts as a text: a line a run, what is documented by rule, what is to be looked at."""
    engine = made[0].engine
    lines = [f"CDISC CORE {engine.version}", ""]
    lines += [
        f"{'study':<24}{'SDTMIG':>7}{'rules run':>11}{'skipped':>9}{'findings':>10}"
        f"{'documented':>12}{'to look at':>12}"
    ]
    lines += [_line(one) for one in made]
    known = Counter(item.finding.rule for one in made for item in one.judged if item.why)
    if known:
        lines += ["", "Documented"]
        lines += [
            f"  {rule:<12}{n:>5}  {documented[rule].why}" for rule, n in sorted(known.items())
        ]
    todo = [(one, item) for one in made for item in one.open]
    lines += ["", "To look at" if todo else "Nothing to look at: every finding is documented."]
    lines += [_open(one, item) for one, item in todo]
    return "\n".join(lines) + "\n"


def _line(one: Verdict) -> str:
    known = len(one.judged) - len(one.open)
    return (
        f"{one.study:<24}{one.sdtmig:>7}{len(one.engine.rules):>11}{len(one.engine.skipped):>9}"
        f"{len(one.judged):>10}{known:>12}{len(one.open):>12}"
    )


def _open(one: Verdict, item: Judged) -> str:
    found = item.finding
    ids = f" ({' '.join(item.published)})" if item.published else ""
    place = " ".join(part for part in (found.domain, found.key, found.variable) if part)
    said = f"  {one.study}, SDTMIG {one.sdtmig}, {found.rule}{ids}: {place}: {found.message}"
    shown = said + (f" {found.value}" if found.value else "")
    return "".join(char if char.isprintable() else "?" for char in shown)
