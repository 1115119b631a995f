"""Which records are which study, found in one pass that keeps next to nothing in memory."""

import json
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.plan import SMALL, partition_width, plan, records_of
from pipeline.sources import Item
from pipeline.spec import ROOT, load
from pipeline.values import Record

SPEC = load()
TRIAL = json.loads((ROOT / "tests" / "fixtures" / "ctgov_trial.json").read_bytes())


def refuse(item: Item, code: str, detail: str) -> None:
    raise AssertionError(f"{item.name}: {code} {detail}")


def trials(numbers) -> Iterator[Item]:
    """A record a number, each of its own sponsor."""
    for number in numbers:
        one = json.loads(json.dumps(TRIAL))
        said = one["protocolSection"]["identificationModule"]
        said["nctId"] = f"NCT{number:08}"
        said["orgStudyIdInfo"] = {"id": f"SP-{number:08}"}
        said.pop("secondaryIdInfos", None)
        yield Item(f"{number}.json", json.dumps(one).encode())


def test_every_record_is_in_one_study_and_studies_stand_in_order(tmp_path):
    made = plan(trials([30, 10, 20]), tmp_path, refuse, SPEC)
    ((name, studies),) = next(made.lots())
    assert (name, made.records, made.studies, made.doubles) == ("all", 3, 3, [])
    assert [one.study for one in studies] == ["NCT00000010", "NCT00000020", "NCT00000030"]
    read = {
        one.study: [r.source.id for _, r in found if isinstance(r, Record)]
        for one, found in records_of(studies, tmp_path, SPEC)
    }
    assert read == {one.study: [one.study] for one in studies}


def test_records_of_one_trial_meet_wherever_they_stand(tmp_path):
    european = (ROOT / "tests" / "fixtures" / "euctr.txt").read_bytes()
    (number,) = {w for w in european.decode().split() if w.startswith("NCT") and len(w) == 11}
    items = [
        *trials([7]), Item("eu.txt", european), *trials([8]), *trials([int(number[3:])]),
    ]  # fmt: skip
    made = plan(items, tmp_path, refuse, SPEC)
    ((_, studies),) = next(made.lots())
    together = next(one for one in studies if one.study == number)
    names = [item.name for _, found in records_of([together], tmp_path, SPEC) for item, _ in found]
    assert names == ["eu.txt", "eu.txt", f"{int(number[3:])}.json"]
    assert made.studies == 3


def test_a_record_leaves_little_more_than_digests_in_memory(tmp_path):
    peaks = []
    for count in (100, 1_100):
        folder = tmp_path / str(count)
        folder.mkdir()
        tracemalloc.start()
        plan(trials(range(count)), folder, refuse, SPEC)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 1_000 < 700  # digests of four numbers, and of its name


@pytest.mark.parametrize(
    ("numbers", "width"),
    [
        (range(SMALL), 0),
        (range(0, 100_000_000, 30_000), 4),
        (range(0, 100_000_000, 1_500), 5),
        ([*range(8_000), *range(50_000_000, 50_008_000)], 8),
    ],
)
def test_a_partition_has_a_bounded_number_of_studies(numbers, width):
    names = np.array([f"NCT{number:08}".encode() for number in numbers], "S48")
    assert partition_width(names) == width
