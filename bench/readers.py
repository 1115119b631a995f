"""Reading records to facts, against the bare parser on the same bytes: ratios, not times.

    python bench/readers.py [RECORDS]      default ../shared/records

Every format is read three times in turn with its bare parser (orjson, lxml, csv, nothing but
UTF-8 for text) and the best round of each is kept: to facts, and then its prose (criteria,
regimens, statements), which a build reads too. The target for `ctgov_v2` is 2 for facts.
"""

import csv
import io
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import orjson
from lxml import etree

from pipeline.extract import read, with_prose
from pipeline.spec import ROOT, load
from pipeline.values import Record

ROUNDS = 3
FORMATS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "ctgov_v2": ("*.json", orjson.loads),
    "ctgov_v1_json": ("*.json", orjson.loads),
    "euctr_ctrdata_json": ("*.json", orjson.loads),
    "ctis_json": ("*.json", orjson.loads),
    "isrctn_json": ("*.json", orjson.loads),
    "ctgov_xml": ("*.xml", etree.fromstring),
    "ictrp": ("*.xml", etree.fromstring),
    "ctgov_csv": ("*.csv", lambda data: list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))),
    "euctr_txt": ("*.txt", lambda data: data.decode("utf-8", "replace")),
    "page_text": ("*.txt", lambda data: data.decode("utf-8", "replace")),
}


def best(work: Callable[[], object]) -> float:
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def facts(files: Iterable[tuple[str, bytes]], spec) -> list[Record]:
    found = (one for name, data in files for one in read(data, name, spec))
    return [one for one in found if isinstance(one, Record)]


def main(folder: Path) -> int:
    spec = load()
    print(
        f"{'format':<20}{'records':>9}{'records/s':>11}{'bare parser':>13}{'facts':>8}{'prose':>8}"
    )
    for name, (pattern, parse) in FORMATS.items():
        files = [(path.name, path.read_bytes()) for path in sorted((folder / name).glob(pattern))]
        if not files:
            continue
        found = facts(files, spec)
        ours = best(lambda files=files: facts(files, spec))
        prose = best(lambda found=found: [with_prose(one, spec) for one in found])
        bare = best(lambda files=files, parse=parse: [parse(data) for _, data in files])
        speed = f"{len(found) / (ours + prose):>11.0f}{len(found) / bare:>13.0f}"
        print(f"{name:<20}{len(found):>9}{speed}{ours / bare:>8.1f}{prose / bare:>8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else ROOT.parent / "shared" / "records"))
