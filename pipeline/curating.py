"""A curation file that a person can fill in, written from a built study's worklist."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from pipeline.drafting import HEAD, Cells, Draft, drafts
from pipeline.explaining import folder_of
from pipeline.issues import BadRequest
from pipeline.load.saved import datasets
from pipeline.spec.model import Spec


class Written(msgspec.Struct, frozen=True):
    """The file that was written, how many entries it was given, and whether it was there before."""

    path: Path
    entries: int
    added: bool


def curate(
    out: Path, study: str, rows: Sequence[str], folder: Path, day: str, force: bool, spec: Spec
) -> Written:
    """Write what the study's worklist asks for, and the named rows, as entries to fill in.

    Each is a comment until a person takes it out of comments. A file that is there is kept, and
    what it does not speak of yet goes beneath; with `force` it is written anew. Raises
    `BadRequest` when the build does not have the study with its package, or a named row.
    """
    home = out / "studies" / folder_of(out, study)
    if not (home / "worklist.csv").exists():
        raise BadRequest(f"{home.name} was built without its package; build it with --packages.")
    with (home / "worklist.csv").open(encoding="utf-8-sig", newline="") as lines:
        tasks = list(csv.DictReader(lines))
    cells = Cells(datasets(home), pq.read_table(home / "provenance.parquet").to_pylist(), spec)
    path = folder / f"{home.name}.yaml"
    old = "" if force or not path.exists() else path.read_text(encoding="utf-8")
    made = [draft for draft in drafts(tasks, rows, cells, day) if _is_new(draft, old)]
    if made or not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        start = old.rstrip("\n") or HEAD.format(study=home.name)
        text = "\n\n".join([start, *(draft.text for draft in made)])
        path.write_text(text + "\n", encoding="utf-8")
    return Written(path, len(made), bool(old))


def _is_new(draft: Draft, old: str) -> bool:
    """Whether the file does not speak of it: neither as an entry nor as one in comments."""
    if draft.words:
        return draft.words not in old
    return not any(re.search(rf"^#? ?{re.escape(key)}:", old, re.MULTILINE) for key in draft.keys)
