"""A preview on a socket, in one process, with a thread for each connection: for an editor, and for whoever looks on.

It is no server for readers: a client that takes long has a time-out, and `connections` says how many there may be.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qs, unquote

from ..document import Part
from ..index.unusable import Unusable
from ..serving.messages import Request, Response
from . import answering, panel
from .connections import Connections
from .followed import FollowedFolder
from .view import View

_PATIENCE = 30  # seconds for a client that sends, or takes, nothing
_BEAT = 10  # seconds between two signs of life to a page that waits for a change
_AGAIN = 300  # ms until a page asks again that has lost the preview
_PIECE = 256 * 1024  # bytes
_LONGEST_HEAD = 32 * 1024  # bytes of a request


class Server(ThreadingHTTPServer):
    """Serves a folder. `names` are those by which this machine is known; `is_open` where others may connect to it."""

    daemon_threads = True
    request_queue_size = 128  # connections at once; of http.server's 5 a browser with many tabs waits a second for one
    block_on_close = False

    def __init__(self, address: tuple[str, int], names: frozenset[str] = frozenset(), *, is_open: bool = False) -> None:
        """Listens from now on, and answers once it has one (`followed`). Raises OSError where it cannot listen."""
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.names = names
        self.is_open = is_open
        self.connections = Connections()
        self.followed: FollowedFolder
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without the question to the network for this machine's name, which HTTPServer has here."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.connections.take(request, client_address[0])

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.connections.drop(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    server_version, sys_version = "feedsite-preview", ""

    def setup(self) -> None:
        super().setup()
        self.rfile = self._head = _Head(self.rfile)  # type: ignore[assignment]  # readline and close are all that is used

    def handle_one_request(self) -> None:
        self._head.left = _LONGEST_HEAD
        super().handle_one_request()

    def do_GET(self) -> None:
        followed = self.server.followed
        target, _, query = self.path.partition("?")
        path = unquote(target, errors="replace")
        if not answering.is_own_name(self.headers.get("Host", ""), self.server.names, is_open=self.server.is_open):
            self._send(answering.refused(421, "This is a preview: open it at the address that it has printed."))
        elif not target.startswith("/"):
            self._send(answering.refused(400, "A request names a path, which begins with a slash."))
        elif self.command == "GET" and followed.view.site.below(path) == panel.EVENTS:
            self._send_events(followed, query)
        else:
            self._send(_answer(followed.view, Request(self.command, path, _fields(self.headers), query=query)))

    do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_GET  # noqa: N815  # http.server's names

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if {"content-length", "transfer-encoding"} & {name.lower() for name in self.headers}:  # which was not read
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        for piece in _pieces(response.body):
            self.wfile.write(piece)

    def _send_events(self, followed: FollowedFolder, query: str) -> None:
        """Tells a page its version whenever that may have changed (HTML 9.2, server-sent events)."""
        if not self.server.connections.wait(self.connection):
            self._send(answering.refused(503, "Too many pages are open: close some."))
            return
        self.close_connection = True
        self.send_response(200)
        for name, value in (*answering.ALWAYS, ("Content-Type", "text/event-stream"), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        page = parse_qs(query).get("page", ["/"])[0]
        for event in _events(followed, page):
            self.wfile.write(event)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's name
        """An editor looks at pages, not at requests."""


class _Head:
    """What a client sends. One that sends a longer head than any browser is left."""

    def __init__(self, file: BufferedIOBase) -> None:
        self._file = file
        self.left = _LONGEST_HEAD
        self.close = file.close

    def readline(self, size: int) -> bytes:
        line = self._file.readline(min(size, self.left + 1))
        self.left -= len(line)
        if self.left < 0:
            raise ConnectionAbortedError
        return line


def _fields(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _answer(view: View, request: Request) -> Response:
    try:
        return answering.answer(view, request)
    except (OSError, Unusable):
        return answering.refused(503, "This cannot be read just now.")


def _events(followed: FollowedFolder, page: str) -> Iterator[bytes]:
    known, told = None, ""
    yield f"retry: {_AGAIN}\n\n".encode()
    while not followed.is_stopped:
        view = followed.next_view(known, _BEAT)
        if view is known:
            yield b":\n\n"  # a comment, by which a client that is gone is found
            continue
        known = view
        with suppress(OSError, Unusable):  # an article is gone already; the next view comes at once
            if (version := answering.version(view, page)) != told:
                told = version
                yield f"data: {version}\n\n".encode()


def _pieces(body: bytes | Part) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    with closing(body.file.open()) as file:
        for place in range(body.start, body.start + body.length, _PIECE):
            yield file.read(place, min(_PIECE, body.start + body.length - place))
