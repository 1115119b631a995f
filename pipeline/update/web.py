"""Asking a registry politely: one request at a time, not too often, patient with its faults."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import stamina

from pipeline import __version__
from pipeline.issues import BadRequest

T = TypeVar("T")

AGENT = f"registry-sdtm/{__version__}"
SMALL = 1 << 12
"""Bytes of an answer that is kept, to ask later whether it is still so."""

BUSY = {408, 425, 429, 500, 502, 503, 504}


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
    """A connection that keeps its manners, and counts its requests; to be closed."""

    def __init__(self, manners: Manners) -> None:
        self.requests = 0
        self._manners = manners
        self._last = float("-inf")
        who = f"{AGENT} ({manners.contact})" if manners.contact else AGENT
        self._client = httpx.Client(
            headers={"User-Agent": who}, timeout=manners.timeout, follow_redirects=True
        )
        self._tags: dict[str, tuple[str, bytes]] = {}

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
        """Write the answer to a file, from the start again when it breaks off or when `check`
        finds so and raises `ValueError`.
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
        tag, known = self._tags.get(key, ("", b"")) if request.method == "GET" else ("", b"")
        if tag:
            request.headers["If-None-Match"] = tag
        response = self._client.send(request)
        data = known if response.status_code == httpx.codes.NOT_MODIFIED else response.content
        _check(response)
        try:
            found = read(data)
        except ValueError as error:
            raise Faulty(f"the answer breaks off ({error})") from error
        if "etag" in response.headers and request.method == "GET":
            self._tags |= {key: (response.headers["etag"], data)} if len(data) < SMALL else {}
        return found

    def _write(self, request: httpx.Request, path: Path, check: Callable[[Path], None]) -> None:
        response = self._client.send(request, stream=True)
        try:
            _check(response)
            with path.open("wb") as file:
                for data in response.iter_bytes():
                    file.write(data)
        finally:
            response.close()
        try:
            check(path)
        except ValueError as error:
            raise Faulty(f"the file breaks off ({error})") from error


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
