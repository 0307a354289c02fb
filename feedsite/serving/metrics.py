"""Figures for Prometheus, on a port of their own on this machine. The only door to prometheus_client.

Every worker listens there (SO_REUSEPORT), and whichever one gets a connection answers with the figures of all workers.
So none has to take over from one that died. The library formats the figures; counts.py counts.
"""

import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BufferedIOBase
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .counts import BEAT, DELAY, DOCUMENTS, DROPPED, KINDS, STATUSES, TAKEN_IN, SharedCounts
from .health import CAUSES, delay, gauges
from .live import Live

ADDRESS = "127.0.0.1"
_AT_ONCE = 64  # connections; more are closed
_LONGEST_HEAD = 16384  # bytes of a request
_LONGEST = 5.0  # seconds of one connection
_PAUSE = 1.0  # seconds between two updates of a worker's row
_ALIVE = 5_000_000_000  # nanoseconds since the last update of its row after which a worker counts as dead
_log = logging.getLogger("feedsite")


def start(live: Live, shared: SharedCounts, port: int) -> None:
    """Serves the figures from now on, in a thread that ends with the process."""
    target = _Metrics(live, shared).serve
    threading.Thread(target=target, args=(port,), name="feedsite-metrics", daemon=True).start()


class _Metrics(Collector):
    """The figures of all workers, for prometheus_client."""

    def __init__(self, live: Live, shared: SharedCounts) -> None:
        self._live = live
        self._shared = shared

    def serve(self, port: int) -> None:
        registry = CollectorRegistry()
        registry.register(self)
        logged = ""
        while True:
            try:
                self.update_row()
                with _Server(port, self.update_row) as server:
                    server.set_app(make_wsgi_app(registry))
                    server.serve_forever(_PAUSE)
            except Exception as error:  # noqa: BLE001  # the thread must outlive any error
                if str(error) != logged:
                    logged = str(error)
                    _log.error("metrics cannot be served at %s:%d: %s", ADDRESS, port, logged)
                time.sleep(_PAUSE)

    def update_row(self) -> None:
        """Writes the figures of this worker alone where the other workers read them."""
        figures, own = gauges(self._live), self._shared.own
        own[DOCUMENTS] = figures.documents
        own[TAKEN_IN] = int(figures.taken_in.timestamp() * 1000)
        late = delay(self._live)
        own[DELAY] = 1 + list(CAUSES).index(late.cause) if late else 0
        own[BEAT] = time.monotonic_ns()

    def collect(self) -> Iterator[Metric]:
        self.update_row()
        rows, now = self._shared.rows(), time.monotonic_ns()
        yield from _counters([sum(numbers) for numbers in zip(*rows, strict=True)])
        yield from self._gauges([row for row in rows if now - row[BEAT] < _ALIVE])

    def _gauges(self, alive: Sequence[Sequence[int]]) -> Iterator[Metric]:
        figures = gauges(self._live)
        age = self._live.clock().timestamp() - min(row[TAKEN_IN] for row in alive) / 1000
        articles = GaugeMetricFamily("feedsite_articles", "Articles, by who may see them.", labels=["state"])
        articles.add_metric(["public"], figures.public)
        articles.add_metric(["scheduled"], figures.scheduled)
        articles.add_metric(["draft"], figures.drafts)
        yield articles
        late = GaugeMetricFamily("feedsite_workers_behind", "Workers that take no change in.", labels=["cause"])
        for number, cause in enumerate(CAUSES, 1):
            late.add_metric([cause], sum(row[DELAY] == number for row in alive))
        yield late
        for name, meaning, value in (
            ("faults", "Faults to mend in the site's files.", figures.faults),
            ("workers", "Processes that answer.", len(alive)),
            ("documents", "Drawn documents that all workers hold.", sum(row[DOCUMENTS] for row in alive)),
            ("index_age_seconds", "Since the files were taken in, by the worker that did so first.", max(0.0, age)),
        ):
            yield GaugeMetricFamily(f"feedsite_{name}", meaning, value=value)


class _Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread. Unlike http.server it asks no name server for the machine's name.

    Any user of the machine may connect, so connections are few and short, and none of them can fill the log.
    """

    daemon_threads = True
    allow_reuse_port = True
    request_queue_size = 128  # connections that wait to be accepted

    def __init__(self, port: int, update_row: Callable[[], None]) -> None:
        super().__init__((ADDRESS, port), _Handler)
        self._update_row = update_row
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        limit = threading.Timer(_LONGEST, _shut_down, [request])
        limit.daemon = True
        limit.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            limit.cancel()
            self._free.release()

    def service_actions(self) -> None:
        self._update_row()

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        if not isinstance(sys.exception(), OSError):  # of a client that hangs up, or sends nothing in time
            _log.warning("metrics could not be served: %s", sys.exception())


def _shut_down(connection: socket.socket) -> None:
    """A thread that waits for this client gets an error."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(WSGIRequestHandler):
    timeout = 5  # seconds that a client may send nothing

    def setup(self) -> None:
        super().setup()
        self.rfile = _Head(self.rfile)  # type: ignore[assignment]  # which has all that http.server calls

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name in the base class
        pass


class _Head:
    """The first bytes of a request, and no more: http.server takes a hundred header fields of 64 kB each."""

    def __init__(self, file: BufferedIOBase) -> None:
        self._file = file
        self._left = _LONGEST_HEAD

    def readline(self, most: int = -1) -> bytes:
        line = self._file.readline(min(most, self._left) if most >= 0 else self._left)
        self._left -= len(line)
        return line

    def close(self) -> None:
        self._file.close()


def _counters(total: Sequence[int]) -> Iterator[Metric]:
    requests = CounterMetricFamily("feedsite_requests", "Answers given.", labels=("kind", "status"))
    content = CounterMetricFamily("feedsite_content_bytes", "Bytes in their bodies.", labels=("kind", "status"))
    cells = [(kind, status) for kind in KINDS for status in STATUSES]
    for labels, answers, size in zip(cells, total[0::2], total[1::2], strict=False):
        requests.add_metric(labels, answers)
        content.add_metric(labels, size)
    yield requests
    yield content
    dropped = "Lines that the access log had to leave out."
    yield CounterMetricFamily("feedsite_access_log_dropped_lines", dropped, value=total[DROPPED])
