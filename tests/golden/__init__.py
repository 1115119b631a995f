"""The supplied page's tables as CSV, whose git diff is the review: `python -m tests.golden` writes
them.
"""

import csv
import io
from pathlib import Path

from pipeline.extract import read
from pipeline.load.lists import issues_csv, worklist_csv
from pipeline.spec import ROOT, load
from pipeline.study import build
from pipeline.tabulate import tables
from pipeline.values import Record

HERE = Path(__file__).parent


def golden() -> dict[str, str]:
    """Each golden file's content by its name."""
    spec = load()
    page = next((ROOT / "data" / "raw").glob("*.txt"))
    study = build(
        [r for r in read(page.read_bytes(), page.name, spec) if isinstance(r, Record)], spec
    )
    files = {
        "worklist.csv": worklist_csv(study, spec).decode("utf-8-sig"),
        "issues.csv": issues_csv(study).decode("utf-8-sig"),
    }
    for domain, table in tables(study, spec).items():
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(row.values() for row in table.to_pylist())
        files[f"{domain.lower()}.csv"] = out.getvalue()
    return {name: text.replace("\r\n", "\n") for name, text in files.items()}
