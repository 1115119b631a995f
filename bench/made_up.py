"""Records of ClinicalTrials.gov's API made by recombining and perturbing real ones, with a seed.

    python bench/made_up.py COUNT OUT.jsonl [RECORDS]      default ../shared/records/ctgov_v2

Each has a number of its own, the design of one record, and arms, outcomes, eligibility and
conditions of others, with other digits in its texts. Without real records the project's own
synthetic one is perturbed.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "records" / "ctgov_v2"
SYNTHETIC = ROOT / "tests" / "fixtures"
PARTS = (
    ("armsInterventionsModule", "designModule"),  # arms belong to their design
    ("eligibilityModule",),
    ("outcomesModule",),
    ("conditionsModule",),
    ("sponsorCollaboratorsModule",),
    ("contactsLocationsModule",),
)
PROSE = {"eligibilityCriteria", "briefSummary", "detailedDescription", "description"}


def originals(folder: Path) -> list[dict[str, Any]]:
    """The records that others are made of."""
    if not folder.is_dir():
        return [orjson.loads((SYNTHETIC / "ctgov_trial.json").read_bytes())]
    found = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    return [one for one in found if "protocolSection" in one]


def made_up(count: int, folder: Path = REAL, seed: int = 7) -> Iterator[bytes]:
    """Records as JSON, the same for the same seed."""
    chance = random.Random(seed)
    known = originals(folder)
    for number in range(count):
        base = chance.choice(known)
        said = dict(base["protocolSection"])
        for part in PARTS:
            other = chance.choice(known)["protocolSection"]
            if chance.random() < 0.5 and all(module in other for module in part):
                said |= {module: other[module] for module in part}
        said["identificationModule"] = {
            key: value
            for key, value in said["identificationModule"].items()
            if key not in ("secondaryIdInfos", "nctIdAliases")
        } | {
            "nctId": f"NCT{number * 12 + 1:08}",
            "orgStudyIdInfo": {"id": f"{chance.choice('ABCDEFG')}-{chance.randrange(10**6):06}"},
        }
        yield orjson.dumps(base | {"protocolSection": _perturbed(said, chance)})


def _perturbed(value: Any, chance: random.Random, key: str = "") -> Any:
    """The same with other digits in its prose: no two texts are alike, all are as long."""
    if isinstance(value, dict):
        return {name: _perturbed(below, chance, name) for name, below in value.items()}
    if isinstance(value, list):
        return [_perturbed(below, chance, key) for below in value]
    if isinstance(value, str) and key in PROSE:
        digit = str(chance.randrange(1, 10))
        return value.replace(str(chance.randrange(1, 10)), digit)
    return value


def main() -> int:
    count, out = int(sys.argv[1]), Path(sys.argv[2])
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else REAL
    with out.open("wb") as file:
        for record in made_up(count, folder):
            file.write(record + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
