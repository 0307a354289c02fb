"""The fast lane: an answer that was given before is given again, before Flask wakes up.

An answer follows from the site, from what KEY names of the request, and from the clock where it says so; from nothing
else. So looking it up is as exact as working it out. Kept are answers with whole documents, or with none; and small
deltas, for after a change every poller lacks the same few articles. Each knows where it is counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from .counts import Counts, cell
from .messages import LOOKED_AT, Request, Response

_LINE = ("REQUEST_METHOD", "PATH_INFO", "SERVER_PROTOCOL")
KEY = (*_LINE, *(f"HTTP_{name.upper().replace('-', '_')}" for name in LOOKED_AT))
MOST = 4096  # answers
LARGEST = 16 * 1024 * 1024  # bytes of different bodies: more than the feeds and a thousand pages have
_LONGEST = 8192  # characters of a request that is worth keeping
_LARGEST_DELTA = 8192  # bytes
OLD_HTTP = ("HTTP/1.0", "HTTP/1")  # granian says the second


@dataclass(frozen=True, slots=True)
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
    _bodies: dict[int, bytes] = field(default_factory=dict)  # those of the answers: several share one
    _size: int = 0  # bytes of these

    def find(self, environment: WSGIEnvironment, clock: Callable[[], datetime]) -> _Answer | None:
        found = self._answers.get(tuple(map(environment.get, KEY)))
        return found if found and found.since <= clock() < found.until else None

    def keep(self, environment: WSGIEnvironment, response: Response) -> None:
        body = response.body
        if not isinstance(body, bytes):
            return  # a recording, which nobody holds in memory
        key = tuple(map(environment.get, KEY))
        is_small = response.status == 226 and len(body) <= _LARGEST_DELTA
        if not (response.status in (200, 304) or is_small) or sum(len(part or "") for part in key) > _LONGEST:
            return
        if len(body) > LARGEST // 8:
            return
        if len(self._answers) >= MOST or self._size > LARGEST:
            self._answers.clear()
            self._bodies.clear()
            self._size = 0
        if id(body) not in self._bodies:
            self._bodies[id(body)] = body
            self._size += len(body)
        line, headers = status_line(response.status), list(response.headers)
        place, size = cell(environment.get("PATH_INFO", ""), response.status), len(body)
        self._answers[key] = _Answer(line, headers, [body], response.since, response.until, place, size)


def asked(environment: WSGIEnvironment) -> Request:
    """What a WSGI server was asked (PEP 3333): nothing that KEY does not name."""
    fields = zip(LOOKED_AT, map(environment.get, KEY[len(_LINE) :]), strict=True)
    is_old = environment.get("SERVER_PROTOCOL") in OLD_HTTP
    path = environment.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    # Some servers name every Host, an empty one where there was none.
    headers = {name: value for name, value in fields if value is not None and (value or name != "host")}
    return Request(environment["REQUEST_METHOD"], path, headers, is_old)


def before(
    app: WSGIApplication, cache: Callable[[], AnswerCache], clock: Callable[[], datetime], counts: Counts | None = None
) -> WSGIApplication:
    """The application with the fast lane before it. What the lane answers is counted in `counts`, if anywhere."""

    def lane(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (answer := cache().find(environment, clock)) is None:
            return app(environment, start_response)
        if counts is not None:  # what follows is no call of `add`, which would take as long again
            counts[answer.cell] += 1
            counts[answer.cell + 1] += answer.size
        start_response(answer.status, answer.headers.copy())
        return answer.body

    return lane


def status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
