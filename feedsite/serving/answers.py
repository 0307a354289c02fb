"""The cache of answers, in front of Flask: an answer that was given before is given again.

An answer follows from the site, from the parts of the request in KEY, and from the clock within the bounds that the
answer names. So an answer from the cache is the one that Flask would give. Cached are answers with a whole document or
without content, and small deltas: after an edit every poller lacks the same few articles. Where the query counts, no
answer is cached: at /mix/, where every one is a redirect or a 404, and below /search/, where most are asked for once.
Each answer stores the index of its metrics counter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from .counts import Counts, add, add_sent, cell
from .messages import LOOKED_AT, Request, Response, has_query
from .streaming import SHORT, Busy, Streams

_REQUEST_LINE = ("REQUEST_METHOD", "PATH_INFO", "SERVER_PROTOCOL")
KEY = (*_REQUEST_LINE, *(f"HTTP_{name.upper().replace('-', '_')}" for name in LOOKED_AT))
MOST = 4096  # answers
LARGEST = 16 * 1024 * 1024  # bytes of all bodies, each counted once: the feeds and a thousand pages take less
_LONGEST_KEY = 8192  # characters
_LARGEST_DELTA = 8192  # bytes
HTTP_1_0 = ("HTTP/1.0", "HTTP/1")  # the second is granian's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]
    since: datetime
    until: datetime
    cell: int
    size: int


@dataclass(slots=True)
class AnswerCache:
    """What one site has answered so far; another site needs another cache."""

    _answers: dict[tuple[Any, ...], _Answer] = field(default_factory=dict)
    _bodies: dict[int, bytes] = field(default_factory=dict)  # of the answers, by id(): several answers share one
    _size: int = 0  # bytes of these bodies

    def find(self, environment: WSGIEnvironment, clock: Callable[[], datetime]) -> _Answer | None:
        found = self._answers.get(tuple(map(environment.get, KEY)))
        return found if found and found.since <= clock() < found.until else None

    def keep(self, environment: WSGIEnvironment, request: Request, response: Response) -> None:
        """`request` is the one that was read from the environment."""
        body = response.body
        if not isinstance(body, bytes):
            return  # a recording is not kept in memory
        key = tuple(map(environment.get, KEY))
        is_small = response.status == 226 and len(body) <= _LARGEST_DELTA
        if not (response.status in (200, 304) or is_small) or sum(len(part or "") for part in key) > _LONGEST_KEY:
            return
        if len(body) > LARGEST // 8 or has_query(request.path):
            return
        if len(self._answers) >= MOST or self._size > LARGEST:
            self._answers.clear()
            self._bodies.clear()
            self._size = 0
        if id(body) not in self._bodies:
            self._bodies[id(body)] = body
            self._size += len(body)
        self._answers[key] = _Answer(
            status=status_line(response.status),
            headers=list(response.headers),
            body=[body],
            since=response.since,
            until=response.until,
            cell=cell(environment.get("PATH_INFO", ""), response.status),
            size=len(body),
        )


def _as_it_is(path: str) -> str:
    return path


def request_of(environment: WSGIEnvironment, below: Callable[[str], str] = _as_it_is) -> Request:
    """The request in a WSGI environment (PEP 3333), without whatever KEY does not name. `below` is Site.below."""
    fields = zip(LOOKED_AT, map(environment.get, KEY[len(_REQUEST_LINE) :]), strict=True)
    is_old = environment.get("SERVER_PROTOCOL") in HTTP_1_0
    path = below(environment.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"))
    # Some servers give an empty Host where the request has none.
    headers = {name: value for name, value in fields if value is not None and (value or name != "host")}
    query = environment.get("QUERY_STRING", "") if has_query(path) else ""
    return Request(environment["REQUEST_METHOD"], path, headers, is_old, query)


def wrap(
    app: WSGIApplication,
    cache: Callable[[], AnswerCache],
    clock: Callable[[], datetime],
    counts: Counts | None = None,
    streams: Streams | None = None,
) -> WSGIApplication:
    """The application behind the cache. An answer from the cache is counted in `counts`, if it is given. Long ones take
    one of the `streams`, which are those of the application.
    """
    streams = streams or Streams()

    def answer(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (found := cache().find(environment, clock)) is None:
            return app(environment, start_response)
        if found.size > SHORT:
            return streamed(found, environment, start_response)
        if counts is not None:  # without a call of `counts.add`, which would take as long again
            counts[found.cell] += 1
            counts[found.cell + 1] += found.size
        start_response(found.status, found.headers.copy())
        return found.body

    def streamed(found: _Answer, environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            stream = streams.stream(found.body[0])
        except Busy:
            return app(environment, start_response)  # which finds the same, and says so
        if counts is not None:
            add(counts, found.cell, 0)
            stream.at_end(partial(add_sent, counts, found.cell))
        start_response(found.status, found.headers.copy())
        return stream

    return answer


def status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
