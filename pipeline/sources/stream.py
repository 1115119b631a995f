"""Bytes that are read forward only, a little at a time, and that may not outgrow their archive."""

from collections.abc import Callable

import msgspec

from pipeline.issues import Unreadable
from pipeline.values import LARGEST

CHUNK = 1 << 16
SOME = 100_000_000  # bytes that anything may unpack to
RATIO = 200  # times its size; registries' records pack to a tenth, line by line to a fiftieth


class Budget(msgspec.Struct):
    """How much one archive has unpacked to, beside how much of it was read for that."""

    packed: Callable[[], int]
    unpacked: int = 0

    @property
    def spent(self) -> bool:
        """Whether what was unpacked is out of all proportion."""
        return self.unpacked > max(SOME, RATIO * self.packed())

    def spend(self, size: int) -> None:
        """Count unpacked bytes; raises `Unreadable` when they are too many."""
        self.unpacked += size
        if self.spent:
            detail = f"It unpacks to more than {RATIO} times its size: it is no archive of records."
            raise Unreadable("input.unopened", detail)


class Stream:
    """What a function gives bit by bit, with a small window before what comes next.

    `last` is what the last `read` gave. It can be sought forward, as `tarfile` does.
    """

    def __init__(self, more: Callable[[int], bytes], budget: Budget | None = None) -> None:
        self._give = more
        self._budget = budget
        self._window = bytearray()
        self._at = 0
        self.last = b""

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay."""
        while len(self._window) < size and self._more():
            pass
        return bytes(self._window[:size])

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer only at the end; raises `Unreadable` for more than a record."""
        if not 0 <= size <= LARGEST + CHUNK:
            raise Unreadable(
                "input.unopened", "Its structure is not that of an archive of records."
            )
        self.last = self.peek(size)
        self._drop(len(self.last))
        return self.last

    def line(self, most: int) -> bytes:
        """The next line with its end; of a longer one, one byte more than `most`, and the rest is
        passed over.
        """
        start = 0
        while (end := self._window.find(b"\n", start)) < 0:
            start = len(self._window)
            if start > most or not self._more():
                break
        if end > most or (end < 0 and len(self._window) > most):
            found = self.read(most + 1)
            self._pass_line()
            return found
        return self.read(end + 1 if end >= 0 else len(self._window))

    def tell(self) -> int:
        """How many bytes were taken."""
        return self._at

    def seek(self, position: int, whence: int = 0) -> int:
        """Pass over bytes up to a position; raises `Unreadable` for one that lies behind."""
        if whence or position < self._at:
            raise Unreadable("input.unopened", "Its structure leads back to where it was.")
        while self._at < position and (self._window or self._more()):
            self._drop(min(len(self._window), position - self._at))
        return self._at

    def _pass_line(self) -> None:
        while (end := self._window.find(b"\n")) < 0:
            self._drop(len(self._window))
            if not self._more():
                return
        self._drop(end + 1)

    def _more(self) -> bool:
        chunk = self._give(CHUNK)
        if self._budget:
            self._budget.spend(len(chunk))
        self._window += chunk
        return bool(chunk)

    def _drop(self, size: int) -> None:
        del self._window[:size]
        self._at += size
