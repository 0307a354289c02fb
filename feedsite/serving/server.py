"""The application on a socket, in processes: granian's, and threads of our own for what is streamed. The only door to
granian.

One Python thread of a worker answers everything; a body that is sent while it is read would hold it as long as the
slowest client takes. So such a body is sent by a thread of its own.
"""

import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

from granian import _signals
from granian._granian import SocketHolder, WorkerSignal
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import mp

from . import shutdown
from .streaming import Stream

_PATIENCE = 5  # seconds that a client may still take when the server ends
_BREATH = 0.2  # seconds before a worker that died is replaced: one that dies at each start keeps nobody busy
_STALLED = 60  # seconds that a client may take nothing of what is sent to it
_CONNECTIONS = 8192  # that a worker holds; most of them wait for nothing
FILES = 2 * _CONNECTIONS  # that a worker may have open
_LONGEST_HEADERS = 32768  # bytes of a request: more than any reader sends, less than hurts
_SOCKET = 3  # where granian hands a worker what it listens by


def serve(application: str, address: str, port: int, workers: int, keep_alive: int, begun: Callable[[], None]) -> None:
    """Serves until a signal ends it. `application` is a factory, as module:name, which each worker calls.

    `keep_alive` is how many seconds a connection may wait for a request, the first or the next one, and for the rest of
    one: hyper, which granian stands on, has one clock for all of these.
    """
    for unused in (signal.SIGUSR1, signal.SIGUSR2):  # what is ignored the workers ignore too (execve(2))
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
        workers_kill_timeout=_PATIENCE,
    )
    server.on_startup(begun)
    with _kept(address, port):
        server.serve(target_loader=_loaded)


def _loaded(application: str) -> WSGIApplication:
    """granian's own loader puts the current folder first among those that modules are imported from. That is often the
    site's, where a commit could lay a module.
    """
    module, _, factory = application.partition(":")
    made: WSGIApplication = getattr(import_module(module), factory)()
    return made


def _kept(address: str, port: int) -> AbstractContextManager[object]:
    """The port stays this user's while a worker that died is replaced: only who has the same user may listen there too
    (SO_REUSEPORT, socket(7)). A socket that does not listen is asked nothing.
    """
    if sys.platform != "linux":
        return nullcontext()
    kept = _socket(address)
    kept.bind((address, port))
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)  # with it any user could listen beside one that does not
    return kept


class _Server(mp.MPServer):
    """granian ends all workers where one dies twice within seconds; here the others serve on."""

    def _respawn_workers(self, *told: Any, **more: Any) -> None:
        time.sleep(_BREATH)
        super()._respawn_workers(*told, **more)
        self.respawned_wrks.clear()  # what granian would take for a loop

    @staticmethod
    def _spawn_wsgi_worker(*told: Any) -> None:
        """In the worker's process."""
        setattr(mp, "_wsgi_call_wrap", _answering)  # noqa: B010  # granian has no other place for it
        setattr(_signals, "set_sync_signals", _with_ending(_signals.set_sync_signals))  # noqa: B010  # as above
        if sys.platform == "linux":
            (spec, _), shared = told[_SOCKET]
            told = (*told[:_SOCKET], ((None, _listening(*spec.__getstate__())), shared), *told[_SOCKET + 1 :])
        mp.MPServer._spawn_wsgi_worker(*told)  # noqa: SLF001  # as above


def _with_ending(set_signals: Callable[[], WorkerSignal]) -> Callable[[], WorkerSignal]:
    def set_both() -> WorkerSignal:
        ended = set_signals()
        shutdown.watch()
        return ended

    return set_both


def _listening(host: str, port: int, backlog: int) -> SocketHolder:
    """A socket as granian makes it, which closes besides a connection whose client takes nothing of what is sent.

    Accepted sockets inherit TCP_USER_TIMEOUT (tcp(7)): without it, a client that stops to read would hold a thread and
    a file for ever.
    """
    made = _socket(host)
    for level, option, value in (
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED * 1000),
    ):
        made.setsockopt(level, option, value)
    made.bind((host, port))
    return SocketHolder(made.detach(), False, backlog)  # type: ignore[call-arg]  # their stub lacks it


def _socket(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def _answering(application: WSGIApplication, *_: Any) -> Callable[[Any, dict[str, Any]], int]:
    """What granian calls for each request, in place of its own (granian.wsgi)."""
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

    def answer(client: Any, asked: dict[str, Any]) -> int:
        told = _Told()
        body = application(fixed | asked, told)
        if isinstance(body, list):
            client.response_bytes(told.status, told.headers, b"".join(body))
        elif isinstance(body, Stream):
            _begin_to_send(client, told, body)
        else:
            client.response_bytes(told.status, told.headers, _joined(body))
        return told.status

    return answer


class _Told:
    """What an application tells before its body (start_response of PEP 3333)."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        self.headers = headers
        return _refused


def _refused(_: bytes) -> None:
    raise NotImplementedError("an application gives its body back")


def _begin_to_send(client: Any, told: _Told, body: Stream) -> None:
    try:
        Thread(target=_send, args=(client, told, body), name="feedsite-send", daemon=True).start()
    except RuntimeError:  # the system lends no thread
        body.close()
        client.response_bytes(503, [("Retry-After", "10"), ("Cache-Control", "no-store")], b"")


def _send(client: Any, told: _Told, body: Stream) -> None:
    """Returns when all is sent, or the client is gone."""
    try:
        client.response_iter(told.status, told.headers, body)
    finally:
        body.close()


def _joined(body: Any) -> bytes:
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
