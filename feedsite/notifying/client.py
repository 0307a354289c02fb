"""feedsite as an HTTP client: one request, and what became of it. The only door to urllib3."""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import responses
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import urllib3
from urllib3 import exceptions

from .. import __version__

BUSY = frozenset({429, *range(500, 600)})  # statuses of a server in trouble; the request itself may be right
_REDIRECTS = frozenset({301, 302, 303, 307, 308})  # RFC 9110 15.4
_SHOWN = 200  # letters of an address in Location
_PIECE = 256 * 1024  # bytes
_LONGEST_WAIT = 30  # seconds: a longer Retry-After is cut to it
logging.getLogger("urllib3").setLevel(logging.ERROR)  # it would log each attempt; callers log how they ended


class Unreached(Exception):
    """No answer came. The text says why, as what the server does or cannot: "cannot be reached: ..."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Seconds that a server may take to answer, and to send all of a body; how often a request is repeated, and seconds
    before the first repetition, doubled before each further one.

    A request is repeated where no connection is made, and after 429 and 5xx. It is not repeated where no answer came:
    the server may have acted on it.
    """

    answer: float = 10
    body: float = 120
    retries: int = 3
    backoff: float = 1


USUAL = RetryPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The last answer to a request. The names in `headers` are compared without regard to capitals.

    `target` is the address to which a redirect leads, for people to read; "" for every other answer.
    """

    status: int
    headers: Mapping[str, str]
    target: str = ""

    @property
    def line(self) -> str:
        return f"{self.status} {responses.get(self.status, '')}".rstrip()


class Client:
    """Sends requests. At the end of its context it closes its connections."""

    def __init__(self, policy: RetryPolicy = USUAL) -> None:
        self._policy = policy
        self._pool = urllib3.PoolManager()
        self._retries = urllib3.Retry(
            total=policy.retries,
            read=0,
            other=0,
            allowed_methods=None,  # POST too
            status_forcelist=BUSY,
            backoff_factor=policy.backoff,
            raise_on_status=False,
            retry_after_max=_LONGEST_WAIT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.clear()

    def send(
        self, method: str, address: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> Answer:
        """A redirect is an answer like any other, and is never followed. Raises Unreached."""
        try:
            with self._pool.request(
                method,
                address,
                fields=form,
                encode_multipart=False,
                # A connection for each request: a server may close an idle one just when the next request is sent.
                headers={"User-Agent": f"feedsite/{__version__}", "Connection": "close", **headers},
                preload_content=False,  # only status and headers are of use
                redirect=False,
                retries=self._retries,
                timeout=self._policy.answer,
            ) as answer:
                location = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                return Answer(
                    status=answer.status, headers=answer.headers, target=_target(address, location) if location else ""
                )
        except (exceptions.HTTPError, ValueError) as error:
            raise Unreached(self._trouble(error)) from None

    def get(self, address: str, most: int) -> tuple[Answer, bytes]:
        """The answer to a GET, and at most so many bytes of its body. No redirect is followed. Raises Unreached.

        A body is taken as it is sent: compressed ones are not asked for, and a small one could be without end.
        """
        try:
            with self._pool.request(
                "GET",
                address,
                headers={"User-Agent": f"feedsite/{__version__}", "Connection": "close", "Accept-Encoding": "identity"},
                preload_content=False,
                redirect=False,
                retries=self._retries,
                timeout=self._policy.answer,
            ) as answer:
                location = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                target = _target(address, location) if location else ""
                return Answer(status=answer.status, headers=answer.headers, target=target), self._body(answer, most)
        except (exceptions.HTTPError, ValueError) as error:
            raise Unreached(self._trouble(error)) from None

    def _body(self, answer: urllib3.BaseHTTPResponse, most: int) -> bytes:
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unreached("sends it compressed, which was not asked for")
        body = bytearray()
        until = time.monotonic() + self._policy.body
        while len(body) < most and (piece := answer.read1(min(_PIECE, most - len(body)), decode_content=False)):
            body += piece
            if time.monotonic() > until:
                raise Unreached(f"did not send all of it within {self._policy.body:g} seconds")
        return bytes(body)

    def _trouble(self, error: Exception) -> str:
        reason = (isinstance(error, exceptions.MaxRetryError) and error.reason) or error
        if isinstance(reason, exceptions.TimeoutError) and not isinstance(reason, exceptions.NewConnectionError):
            return f"did not answer within {self._policy.answer:g} seconds"
        cause = next((one for one in (reason.__cause__, *reason.args) if isinstance(one, OSError)), reason)
        return f"cannot be reached: {getattr(cause, 'strerror', None) or cause}"


def _target(address: str, location: str) -> str:
    """Where a Location leads, as printable text, for its letters come from the server."""
    with suppress(ValueError):
        location = urljoin(address, location)
    printable = "".join(letter if letter.isprintable() else "?" for letter in location)
    return printable if len(printable) <= _SHOWN else f"{printable[:_SHOWN]}..."
