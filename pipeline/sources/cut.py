"""A stream becomes items: one, or one a line where each line is a record (NDJSON)."""

import json
from collections.abc import Iterator

from pipeline.sources.item import Item, too_large
from pipeline.sources.stream import Stream
from pipeline.values import LARGEST

_BOM = b"\xef\xbb\xbf"


def cut(stream: Stream, name: str) -> Iterator[Item]:
    """The stream's records; lines are numbered without the blank ones, as readers number them."""
    head = first_lines(stream)
    if are_records(head):
        yield from lines(head, stream, name)
        return
    data = b"".join(head)
    data += stream.read(max(LARGEST + 1 - len(data), 0))
    more = len(data) > LARGEST
    yield too_large(name, f"more than {LARGEST:,}", data) if more else Item(name, data)


def first_lines(stream: Stream) -> list[bytes]:
    """The first two lines, where the first begins as a record of JSON does."""
    if not stream.peek(len(_BOM) + 1).removeprefix(_BOM).startswith(b"{"):
        return []
    return [stream.line(LARGEST), stream.line(LARGEST)]


def are_records(head: list[bytes]) -> bool:
    """Whether lines are records by themselves: both begin as one, and at least one is whole."""
    return bool(head) and head[1].startswith(b"{") and any(_whole(line) for line in reversed(head))


def lines(head: list[bytes], stream: Stream, name: str) -> Iterator[Item]:
    """An item a line, however many there are."""
    number = 0
    for line in _all(head, stream):
        if not line.strip():
            continue
        number += 1
        own = f"{name}#{number}"
        data = line.rstrip(b"\r\n")
        more = len(data) > LARGEST
        yield too_large(own, f"more than {LARGEST:,}", data) if more else Item(own, data)


def _all(head: list[bytes], stream: Stream) -> Iterator[bytes]:
    yield from head
    while line := stream.line(LARGEST):
        yield line


def _whole(line: bytes) -> bool:
    try:
        json.loads(line.removeprefix(_BOM))
    except (ValueError, RecursionError):
        return False
    return True
