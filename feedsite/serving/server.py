"""The application on a socket, in granian's worker processes. The only door to granian.

A worker answers all requests in one Python thread. A body that is read while it is sent would block it as long as a
slow client takes, so each such body is sent in a thread of its own. Where a part of an answer takes long to make,
such as the copy of a picture, another thread makes it first; one thread at a time answers.
"""

import gc
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from granian import _signals
from granian._granian import SocketHolder, WorkerSignal
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import mp

from . import shutdown
from .streaming import Stream

_GRACE = 5  # seconds that a client may still take when the server ends
_RESPAWN_PAUSE = 0.2  # seconds before a worker that died is replaced, for it may die at each start
_STALLED = 60  # seconds that a client may take nothing of what is sent to it
_CONNECTIONS = 8192  # of a worker at once; most of them are idle
FILES = 2 * _CONNECTIONS  # that a worker may have open
_LONGEST_HEADERS = 32768  # bytes of a request: more than any reader sends
_FULL_COLLECTIONS = 100  # collections of the middle generation between two full ones, at least
_MOST_MAKING = 64  # requests for copies of pictures at once, which wait for each other
_LATER = [("Retry-After", "10"), ("Cache-Control", "no-store")]
_SOCKET = 3  # the index of the socket among the arguments that granian gives a worker


class _Application(Protocol):
    """A WSGI application that says which answers may take long, by a part of their paths, and prepares them."""

    slow: str

    def __call__(self, environment: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]: ...
    def is_ready(self, environment: WSGIEnvironment, /) -> bool: ...
    def prepare(self, environment: WSGIEnvironment, /) -> None: ...


def serve(
    application: str, address: str, port: int, workers: int, keep_alive: int, on_startup: Callable[[], None]
) -> None:
    """Serves until a signal ends it. `application` is a factory, as module:name, which each worker calls.

    `keep_alive` are the seconds that a connection may wait for its first request, for the next one, and for the rest of
    one: hyper, below granian, has one time-out for all of these.
    """
    for unused in (signal.SIGUSR1, signal.SIGUSR2):  # the workers inherit that they are ignored (execve(2))
        signal.signal(unused, signal.SIG_IGN)
    server = _Server(
        application,
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=_LONGEST_HEADERS, header_read_timeout=keep_alive * 1000),
        backpressure=_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
    )
    server.on_startup(on_startup)
    with _reserved(address, port):
        server.serve(target_loader=_loaded)


def _loaded(application: str) -> _Application:
    """In place of granian's loader, which puts the current folder first in the module path: it is often the site's, and
    a commit there could add a module.
    """
    name, _, factory = application.partition(":")
    gc.disable()  # nothing of what is imported is garbage: looking for some takes a tenth of the time
    module = import_module(name)
    gc.enable()
    made: _Application = getattr(module, factory)()
    _collect_rarely()
    return made


def _collect_rarely() -> None:
    """Makes full garbage collections shorter and rarer, for each delays an answer by some 50 ms. What is loaded by now
    stays, so none need look at it.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _FULL_COLLECTIONS)


def _reserved(address: str, port: int) -> AbstractContextManager[object]:
    """A bound socket, by which no other user can take the port while a worker that died is replaced (SO_REUSEPORT,
    socket(7)). It does not listen, so it gets no connection.
    """
    if sys.platform != "linux":
        return nullcontext()
    reserved = _socket(address)
    reserved.bind((address, port))
    # With it any user could listen beside a socket that does not.
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    return reserved


class _Server(mp.MPServer):
    """granian's server, which would end all workers where one dies twice within seconds; here the others serve on."""

    def _respawn_workers(self, *arguments: Any, **named: Any) -> None:
        time.sleep(_RESPAWN_PAUSE)
        super()._respawn_workers(*arguments, **named)
        self.respawned_wrks.clear()  # by which granian finds a worker that died twice

    @staticmethod
    def _spawn_wsgi_worker(*arguments: Any) -> None:
        """Runs in the worker's process."""
        setattr(mp, "_wsgi_call_wrap", _wrapped)  # noqa: B010  # granian has no other place for it
        setattr(_signals, "set_sync_signals", _with_shutdown(_signals.set_sync_signals))  # noqa: B010  # as above
        if sys.platform == "linux":
            (spec, _), shared = arguments[_SOCKET]
            listening = (None, _listening(*spec.__getstate__())), shared
            arguments = (*arguments[:_SOCKET], listening, *arguments[_SOCKET + 1 :])
        mp.MPServer._spawn_wsgi_worker(*arguments)  # noqa: SLF001  # as above


def _with_shutdown(set_signals: Callable[[], WorkerSignal]) -> Callable[[], WorkerSignal]:
    def set_both() -> WorkerSignal:
        signals = set_signals()
        shutdown.handle_signals()
        return signals

    return set_both


def _listening(host: str, port: int, backlog: int) -> SocketHolder:
    """A socket as granian makes it, and with a time-out for a client that takes nothing of what is sent to it.

    Accepted sockets inherit TCP_USER_TIMEOUT (tcp(7)). Without it, a client that stops reading would keep a thread and
    a file for ever.
    """
    listening = _socket(host)
    for level, option, value in (
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED * 1000),
    ):
        listening.setsockopt(level, option, value)
    listening.bind((host, port))
    return SocketHolder(listening.detach(), False, backlog)  # type: ignore[call-arg]  # their stub lacks it


def _socket(host: str) -> socket.socket:
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return opened


def _wrapped(application: _Application, *_: Any) -> Callable[[Any, dict[str, Any]], int]:
    """What granian calls for each request, in place of its own wrapper (granian.wsgi)."""
    fixed = {
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": "Granian",
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    slow, free, answering = application.slow, BoundedSemaphore(_MOST_MAKING), Lock()

    def answer(client: Any, environment: dict[str, Any]) -> int:
        if slow not in environment["PATH_INFO"] or application.is_ready(environment):
            return answer_now(client, environment)
        if not free.acquire(blocking=False):
            client.response_bytes(503, _LATER, b"")
            return 503
        try:
            Thread(target=answer_later, args=(client, environment), name="feedsite-picture", daemon=True).start()
        except RuntimeError:  # the operating system refuses another thread
            free.release()
            client.response_bytes(503, _LATER, b"")
        return 200  # which granian only logs

    def answer_later(client: Any, environment: dict[str, Any]) -> None:
        try:
            application.prepare(environment)
            answer_now(client, environment)
        except BaseException:
            client.response_bytes(500, _LATER, b"")
            raise
        finally:
            free.release()

    def answer_now(client: Any, environment: dict[str, Any]) -> int:
        start = _StartResponse()
        with answering:
            body = application(fixed | environment, start)
        if isinstance(body, list):
            client.response_bytes(start.status, start.headers, b"".join(body))
        elif isinstance(body, Stream):
            _send_in_thread(client, start, body)
        else:
            client.response_bytes(start.status, start.headers, _joined(body))
        return start.status

    return answer


class _StartResponse:
    """PEP 3333's start_response, which stores the status and the headers."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        self.headers = headers
        return _refused


def _refused(_: bytes) -> None:
    """write() of PEP 3333, for applications that return no body; ours return one each time."""
    raise NotImplementedError("an application gives its body back")


def _send_in_thread(client: Any, start: _StartResponse, body: Stream) -> None:
    try:
        Thread(target=_send, args=(client, start, body), name="feedsite-send", daemon=True).start()
    except RuntimeError:  # the operating system refuses another thread
        body.close()
        client.response_bytes(503, _LATER, b"")


def _send(client: Any, start: _StartResponse, body: Stream) -> None:
    """Returns when the body is sent, or the client has closed the connection."""
    try:
        client.response_iter(start.status, start.headers, body)
    finally:
        body.close()


def _joined(body: Any) -> bytes:
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
