"""A lot with the bytes of its inputs, for a machine that does not see the shelf of the build."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa

from pipeline.plan import Lot, Place, Planned, item_of, kept
from pipeline.sources import Item
from pipeline.sources.shelf import Shelf, taken

_CODEC = pa.Codec("zstd", 1)


def packed(lot: Lot, shelves: Path) -> bytes:
    """The lot with every input that it needs, compressed; places count in those inputs."""
    planned = [study for _, studies in lot for study in studies]
    numbers = sorted({place.item for study in planned for place in study.places})
    new = {number: at for at, number in enumerate(numbers)}
    items = [item_of(data) for data in taken(shelves / "inputs", numbers)]
    contents = [kept(Item(item.name, item.data())) for item in items]
    moved = [(name, [_moved(study, new) for study in studies]) for name, studies in lot]
    whole = msgspec.msgpack.encode((moved, contents))
    return msgspec.msgpack.encode((len(whole), _CODEC.compress(whole, asbytes=True)))


@contextmanager
def unpacked(parcel: bytes) -> Iterator[tuple[Lot, Path]]:
    """The lot, and a folder of this machine that is its shelf for as long as it is needed.

    Beside the shelf there is room for what is made of the lot.
    """
    size, data = msgspec.msgpack.decode(parcel, type=tuple[int, bytes])
    whole = _CODEC.decompress(data, size, asbytes=True)
    lot, contents = msgspec.msgpack.decode(
        whole, type=tuple[list[tuple[str, list[Planned]]], list[bytes]]
    )
    with tempfile.TemporaryDirectory(prefix="registry-sdtm-") as folder:
        shelf = Shelf(Path(folder) / "inputs")
        for content in contents:
            shelf.put(content)
        shelf.close()
        yield lot, Path(folder)


def _moved(study: Planned, new: dict[int, int]) -> Planned:
    places = tuple(Place(new[place.item], place.at, place.doubt) for place in study.places)
    return Planned(study.study, places)
