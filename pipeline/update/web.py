"""Asking a registry politely: one request at a time, not too often, patient with its faults."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import httpx
import msgspec
import stamina

from pipeline import __version__
from pipeline.issues import BadRequest

T = TypeVar("T")

AGENT = f"registry-sdtm/{__version__}"
SMALL = 1 << 12
"""Bytes of an answer that is kept, to ask later whether it is still so."""

SLOW = 10
"""How many times the longest silence an answer may take as a whole, as one that trickles."""

BUSY = {408, 425, 429, 500, 502, 503, 504}


Tags: TypeAlias = dict[str, tuple[str, bytes]]


class Manners(msgspec.Struct, frozen=True):
    """How a registry is asked: `rate` requests a second at most, `attempts` for each, the first
    again after `wait` seconds and none after more than `longest`; `timeout` seconds of silence
    end a request; `contact` says in the user agent whom to write to.
    """

    rate: float = 1.0
    attempts: int = 7
    wait: float = 1.0
    longest: float = 120.0
    timeout: float = 60.0
    contact: str = ""


class Faulty(Exception):
    """An answer that is worth asking for again; `after` is how long the registry said to wait."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.after = after


class Refusal(BadRequest):
    """The registry does not answer such a request."""

    def __init__(self, url: httpx.URL, status: int) -> None:
        super().__init__(f"{url} answers {status}.")
        self.status = status


class Web:
    """A connection that keeps its manners, and counts its requests; to be closed.

    `tags` are short answers by address with their ETag, from which it asks only whether they are
    still so; it adds to them.
    """

    def __init__(self, manners: Manners, tags: Tags | None = None) -> None:
        self.requests = 0
        self.tags: Tags = {} if tags is None else tags
        self._manners = manners
        self._last = float("-inf")
        who = f"{AGENT} ({manners.contact})" if manners.contact else AGENT
        self._client = httpx.Client(
            headers={"User-Agent": who}, timeout=manners.timeout, follow_redirects=True
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def ask(
        self, url: str, question: dict[str, str], read: Callable[[bytes], T], body: Any = None
    ) -> T:
        """The answer as `read` makes it of the bytes; with a `body` (JSON) it is posted.

        What `read` raises as `ValueError` is an answer that breaks off, and is asked for again.
        Raises `BadRequest` when the registry stays silent or refuses.
        """
        request = self._client.build_request(
            "GET" if body is None else "POST", url, params=question or None, json=body
        )
        return self._patiently(request, lambda: self._answer(request, read))

    def download(
        self, url: str, question: dict[str, str], path: Path, check: Callable[[Path], None]
    ) -> None:
        """Write the answer to a file, whole or not at all.

        An answer that breaks off is gone on with where it broke off, in a later run too, as long
        as its ETag is the same (RFC 9110 section 14); it begins again when it is not, or when
        `check` finds the file unfit and raises `ValueError`.
        """
        request = self._client.build_request("GET", url, params=question)
        self._patiently(request, lambda: self._write(request, path, check))

    def _patiently(self, request: httpx.Request, attempt: Callable[[], T]) -> T:
        manners = self._manners
        tries = stamina.retry_context(
            on=_again,
            attempts=manners.attempts,
            timeout=None,
            wait_initial=manners.wait,
            wait_max=manners.longest,
            wait_jitter=manners.wait,
        )
        try:
            for one in tries:
                with one:
                    self._wait()
                    return attempt()
        except (httpx.TransportError, Faulty) as error:
            why = f"{error}" or type(error).__name__
            raise BadRequest(
                f"{request.url.host} does not answer after {manners.attempts} attempts: {why}"
            ) from error
        raise AssertionError

    def _wait(self) -> None:
        left = self._last + 1 / self._manners.rate - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._last = time.monotonic()
        self.requests += 1

    def _answer(self, request: httpx.Request, read: Callable[[bytes], T]) -> T:
        key = str(request.url)
        tag, known = self.tags.get(key, ("", b"")) if request.method == "GET" else ("", b"")
        if tag:
            request.headers["If-None-Match"] = tag
        response = self._client.send(request, stream=True)
        try:
            data = b"".join(self._pieces(response))
        finally:
            response.close()
        data = known if response.status_code == httpx.codes.NOT_MODIFIED else data
        _check(response)
        try:
            found = read(data)
        except ValueError as error:
            raise Faulty(f"the answer breaks off ({error})") from error
        if "etag" in response.headers and request.method == "GET":
            self.tags |= {key: (response.headers["etag"], data)} if len(data) < SMALL else {}
        return found

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        begun = time.monotonic()
        for data in response.iter_bytes():
            yield data
            if time.monotonic() - begun > SLOW * self._manners.timeout:
                raise Faulty("the answer does not end")

    def _write(self, request: httpx.Request, path: Path, check: Callable[[Path], None]) -> None:
        part, said = (path.with_name(f"{path.name}.{end}") for end in ("part", "tag"))
        tag = said.read_text(encoding="utf-8") if part.exists() and said.exists() else ""
        there = part.stat().st_size if tag else 0
        request.headers.pop("Range", None)
        if there:
            request.headers.update({"Range": f"bytes={there}-", "If-Range": tag})
        response = self._client.send(request, stream=True)
        try:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink()
                raise Faulty("the file has no such part")
            _check(response)
            more = response.status_code == httpx.codes.PARTIAL_CONTENT
            if not more:
                said.write_text(_strong(response), encoding="utf-8")
            with part.open("ab" if more else "wb") as file:
                for data in response.iter_bytes():
                    file.write(data)
        finally:
            response.close()
        try:
            check(part)
        except ValueError as error:
            if more:
                part.unlink()
            raise Faulty(f"the file breaks off ({error})") from error
        said.unlink()
        part.replace(path)


def _strong(response: httpx.Response) -> str:
    """The ETag that tells every change of the bytes; none when it is weak."""
    tag: str = response.headers.get("etag", "")
    return "" if tag.startswith("W/") else tag


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status in BUSY:
        after = response.headers.get("retry-after", "")
        raise Faulty(f"it answers {status}", float(after) if after.isdigit() else 0.0)
    if status >= httpx.codes.BAD_REQUEST:
        raise Refusal(response.url, status)


def _again(error: Exception) -> bool | float:
    if isinstance(error, Faulty):
        return error.after or True
    return isinstance(error, httpx.TransportError)
