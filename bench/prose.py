"""What splitting criteria and reading regimens cost, against `orjson.loads` of the same records,
and how the time to read regimens grows with their texts.

    python bench/prose.py [RECORDS]      default ../shared/records/ctgov_v2

Rounds alternate and the best of each is kept. The target is 3 for criteria, regimens and the plan
(periods, stages) together. Results are dropped as they come, as in a build; `kept` is the same with
all of them held in memory, where the bare parser mostly pays for Python's collector of garbage.
Four times the text may take some four times as long; `GROWS` marks one that takes more than seven.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
from criteria import LONG, SHAPES, SHORT
from readers import facts

from pipeline.extract.concepts import by_concept
from pipeline.extract.criteria import split_criteria
from pipeline.extract.durations import read_durations
from pipeline.extract.narrative import read_narrative
from pipeline.extract.plan import read_plan
from pipeline.extract.regimen import read_regimens
from pipeline.spec import ROOT, load
from pipeline.spec.model import Spec
from pipeline.values import Fact, Record, Source, Span

ROUNDS = 5
TOGETHER = (split_criteria, read_regimens, read_plan)
READERS = (*TOGETHER, read_durations, read_narrative)
SOURCE = Source("made up", "", "ctgov_v2", "")
WORDED = {
    "doses": "alphamab 10 mg daily ", "doses in sentences": "Alphamab 10 mg/kg IV once a day. ",
    "lengths": "treated for 2 weeks and ", "order": "alphamab then placebo followed by ",
    "numbers": "1 2.5 3,000 4/5 ", "periods": "screening period of 2 weeks, follow-up; ",
    "lists of numbers": "1, 2, 3 and ", "medicines": "betanib and gammamab ",
    "doses of others": "alphamab, betanib 10 mg daily ",
    "ratios": "Randomized 1:1 to arms. ", "ratios in one line": "randomized 1:1 ",
    "factors": "randomization stratified by age, sex and ", "stops": "The study stops if so. ",
    "aims": "The primary objective is to learn more. ", "aims in one line": "primary aim is to ",
    "phases": "induction Alphamab, and adjuvant placebo; ",
    "marks of lists": "primary objectives: 1) to learn a; 2) to learn b; ",
}  # fmt: skip


def measured(parts: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best of each part's rounds, in seconds of processor time; the parts take turns."""
    found = dict.fromkeys(parts, float("inf"))
    for _ in range(ROUNDS):
        for name, work in parts.items():
            begun = time.process_time()
            work()
            found[name] = min(found[name], time.process_time() - begun)
    return found


def costs(folder: Path, spec: Spec) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    records = facts(files, spec)
    concepts = [by_concept(record.facts) for record in records]
    for one in concepts:
        for fact in split_criteria(one, spec)[0]:
            one[fact.concept].append(fact)

    def all_three(record: Record) -> list[object]:
        grouped = by_concept(record.facts)
        return [reader(grouped, spec) for reader in TOGETHER]

    parts: dict[str, Callable[[], object]] = {
        "orjson.loads": lambda: sum(orjson.loads(data) is None for _, data in files),
        "criteria, regimens, plan": lambda: sum(all_three(one) is None for one in records),
        "orjson.loads, kept": lambda: [orjson.loads(data) for _, data in files],
        "criteria, regimens, plan, kept": lambda: [all_three(one) for one in records],
    }
    for reader in READERS:
        parts[reader.__name__] = lambda reader=reader: sum(
            reader(one, spec) is None for one in concepts
        )
    found = measured(parts)
    print(f"{'':<32}{'µs a record':>12}{'ratio':>8}")
    for name, taken in found.items():
        bare = found["orjson.loads, kept" if name.endswith("kept") else "orjson.loads"]
        print(f"{name:<32}{taken / len(records) * 1e6:>12.0f}{taken / bare:>8.1f}")


def seconds(text: str, spec: Spec) -> float:
    said = {
        "design.type": "INTERVENTIONAL",
        "intervention.name": "Alphamab",
        "arm.label": "A",
        "arm.intervention": "Alphamab",
        "arm.description": text,
        "text.description": text,
    }
    record = by_concept(
        Fact(concept, value, value, Span(0, len(value)), SOURCE) for concept, value in said.items()
    )  # fmt: skip
    begun = time.process_time()
    for reader in (read_regimens, read_plan, read_durations, read_narrative):
        reader(record, spec)
    return time.process_time() - begun


def growth(spec: Spec) -> bool:
    grows = False
    print(f"\n{'text of an arm':<32}{SHORT:>12,}{LONG:>12,}  seconds")
    for name, shape in (WORDED | SHAPES).items():
        one, two = (
            min(seconds(shape * (size // len(shape)), spec) for _ in range(2))
            for size in (SHORT, LONG)
        )
        bad = two > 7 * one + 0.02
        grows |= bad
        print(f"{name:<32}{one:>12.3f}{two:>12.3f}{'  GROWS' if bad else ''}")
    return grows


def main(folder: Path) -> int:
    spec = load()
    costs(folder, spec)
    return int(growth(spec))


if __name__ == "__main__":
    default = ROOT.parent / "shared" / "records" / "ctgov_v2"
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else default))
