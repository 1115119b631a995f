"""Files by place, on disk: written to a folder, and read back from a build."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def save(files: dict[str, bytes], folder: Path) -> None:
    """Write files by their place below a folder."""
    places = {folder / name: data for name, data in files.items()}
    for parent in {path.parent for path in places}:
        parent.mkdir(parents=True, exist_ok=True)
    for path, data in places.items():
        try:
            path.write_bytes(data)
        except OSError as error:  # a full disk is told without the file
            raise OSError(error.errno, error.strerror, str(path)) from error


def datasets(home: Path) -> dict[str, pa.Table]:
    """The datasets of the package in `home`, by domain, from its Parquet files."""
    return {
        path.stem.upper(): pq.read_table(path)
        for path in sorted((home / "parquet").glob("*.parquet"))
    }
