"""The WSGI application: the Site behind Flask, with the cache of answers in front. The only door to Flask.

It answers operators and their probes, too (/status, /healthz). A request takes the served site once and is answered
from that one, while another site may take its place.
"""

import hmac
import logging
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import flask

from .. import __version__, sharing
from ..errors import FeedsiteError
from ..index.unusable import Unusable
from ..orphans import end_with
from ..pictures.sizes import FOLDER as COPIES
from ..site import Site
from ..urls import HEALTH, STATUS
from . import accesslog, answers, health, shutdown
from .accesslog import FORMATS
from .answers import request_of, status_line
from .counts import DROPPED, Counts, SharedCounts, add, add_sent, cell
from .live import Live
from .logfile import LogFile
from .messages import Response
from .respond import busy, respond, unavailable
from .streaming import Busy, Stream, Streams

_log = logging.getLogger("feedsite")


def create_app(
    live: Live,
    status_token: str = "",
    counts: Counts | None = None,
    streams: Streams | None = None,
    share_secret: bytes = b"",
) -> flask.Flask:
    """The Flask application. It answers each request before Flask looks for a route: the Site is the route table.

    Answers are counted in `counts`, if it is given. Without a token there is no /status, and without a
    secret no signed address (sharing.py).
    """
    app = flask.Flask("feedsite", static_folder=None, template_folder=None)
    streams = streams or Streams()

    @app.before_request
    def answer() -> flask.Response:
        served = live.served
        try:
            return _answer(live, status_token, streams, share_secret)
        except Unusable as error:
            if error.is_damaged and served is live.served:
                live.replace_damaged_index()
        try:
            return _answer(live, status_token, streams, share_secret)
        except Unusable:
            return _as_flask(unavailable())

    if counts is not None:
        app.after_request(partial(_count, counts))
    return app


def _answer(live: Live, status_token: str, streams: Streams, share_secret: bytes) -> flask.Response:
    """Raises Unusable where the index is damaged, or was replaced meanwhile."""
    served, environment = live.served, flask.request.environ
    path, is_read = environment.get("PATH_INFO", ""), environment["REQUEST_METHOD"] in ("GET", "HEAD")
    if path == STATUS and is_read and _may_see_status(flask.request, status_token):
        return _text(200, _status(live))
    if path == HEALTH and is_read:
        return _text(*health.health(live))
    request = request_of(environment, served.site.below)
    if request.path.startswith(COPIES):
        _prepare(served.site, request.path)
    response = respond(request, served.site, live.clock(), served.last_modified, share_secret)
    if not request.path.startswith(sharing.FOLDER):
        served.answers.keep(environment, request, response)
    return _sent(response, streams)


def _prepare(site: Site, path: str) -> None:
    with suppress(OSError):  # the answer will say that it cannot be read
        site.prepare(path)


def _sent(response: Response, streams: Streams) -> flask.Response:
    """For Flask, with a short body, or one that is read while it is sent."""
    try:
        body = streams.body(response.body)
    except OSError:  # the file was replaced since the answer was made
        return _as_flask(unavailable())
    except Busy:
        return _as_flask(busy())
    if isinstance(body, bytes):
        return _as_flask(replace(response, body=body))
    streamed = _as_flask(replace(response, body=b""))
    streamed.response, streamed.direct_passthrough = body, True
    return streamed


def app_for_folder() -> flask.Flask:
    """The application for the folder that FEEDSITE_SITE names, or else the current one; it follows that folder."""
    return _app(_started(), None)


def _started() -> Live:
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    live = Live(Path(os.environ.get("FEEDSITE_SITE", ".")), dict(os.environ))
    live.start()
    health.log_delays(live)
    return live


def _app(live: Live, counts: Counts | None) -> flask.Flask:
    streams = Streams()
    app = create_app(live, os.environ.get("FEEDSITE_STATUS_TOKEN", ""), counts, streams, _share_secret())
    _put_before(app, answers.wrap(app.wsgi_app, lambda: live.served.answers, live.clock, counts, streams))
    return app


def _share_secret() -> bytes:
    """b"" also where the variable has a secret that can be guessed: `feedsite serve` refuses to begin with one."""
    try:
        return sharing.secret(os.environ)
    except FeedsiteError as error:
        _log.error("no article is shared: %s", error)
        return b""


def _put_before(app: flask.Flask, outer: WSGIApplication) -> None:
    """Puts `outer` before Flask, where Flask's documentation says."""
    app.wsgi_app = outer  # type: ignore[assignment, method-assign]  # mypy takes it for a method


class WorkerApplication:
    """The application of a worker. What takes long of an answer can be made before, in another thread."""

    slow = COPIES

    def __init__(self, app: WSGIApplication, live: Live) -> None:
        self._app = app
        self._live = live

    def __call__(self, environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environment, start_response)

    def is_ready(self, environment: WSGIEnvironment) -> bool:
        """Whether the answer takes no longer than others."""
        served = self._live.served
        if served.answers.find(environment, self._live.clock):
            return True
        with suppress(Unusable):
            return served.site.is_ready(request_of(environment, served.site.below).path)
        return True

    def prepare(self, environment: WSGIEnvironment) -> None:
        """Makes what takes long of the answer."""
        with suppress(Unusable):
            site = self._live.site
            _prepare(site, request_of(environment, site.below).path)


def app_for_worker() -> WorkerApplication:
    """The same in a worker process of `feedsite serve`, with counts and access log; it ends when that process ends."""
    end_with(os.getppid())
    live = _started_at_last()
    shutdown.call_first(live.announcer.stop)  # a hub would fetch the feeds from a server that ends
    counts = _counts(live)
    app = _app(live, counts)
    if path := os.environ.get("FEEDSITE_ACCESS_LOG"):
        log = LogFile(path, partial(_count_dropped, counts))
        log.start()
        form = FORMATS[os.environ["FEEDSITE_ACCESS_LOG_FORMAT"]]
        _put_before(app, accesslog.wrap(app.wsgi_app, log.add, form))
    return WorkerApplication(app.wsgi_app, live)


def _counts(live: Live) -> Counts | None:
    """This worker's counts, served at FEEDSITE_METRICS_PORT; None where no port is named."""
    if not (port := os.environ.get("FEEDSITE_METRICS_PORT")):
        return None
    from . import metrics  # noqa: PLC0415  # costs a megabyte, and 25 ms of a start

    try:
        shared = SharedCounts()
    except OSError as error:
        _log.error("a worker's answers are counted nowhere: %s", error)
        return None
    metrics.start(live, shared, int(port))
    return shared.own


def _count_dropped(counts: Counts | None, lines: int) -> None:
    if counts is not None:
        counts[DROPPED] += lines


def _started_at_last() -> Live:
    """Waits where site.yaml is faulty: other workers go on serving, and a worker that failed would end them, too."""
    logged = ""
    while True:
        try:
            return _started()
        except FeedsiteError as error:
            if str(error) != logged:
                logged = str(error)
                _log.error("a worker waits until this is mended: %s", logged.replace("\n", " "))
            time.sleep(1)


class _Answer(flask.Response):
    """A response whose headers are final: Flask would remove Last-Modified from a 304."""

    def get_wsgi_headers(self, environ: Any) -> Any:  # noqa: ARG002
        return self.headers


def _as_flask(response: Response) -> flask.Response:
    body = response.body
    answer = _Answer(body if isinstance(body, bytes) else b"", status=status_line(response.status))
    answer.headers.clear()
    answer.headers.extend(response.headers)
    return answer


def _count(counts: Counts, answered: flask.Response) -> flask.Response:
    environment = flask.request.environ
    place = cell(environment.get("PATH_INFO", ""), answered.status_code)
    if isinstance(answered.response, Stream):
        answered.response.at_end(partial(add_sent, counts, place))
        add(counts, place, 0)
    else:
        add(counts, place, 0 if environment["REQUEST_METHOD"] == "HEAD" else len(answered.get_data()))
    return answered


def _text(status: int, text: str) -> flask.Response:
    """An answer that no cache keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return flask.Response(f"{text}\n", status, headers, content_type="text/plain; charset=utf-8")


def _may_see_status(request: flask.Request, token: str) -> bool:
    """Whether the request has the token. No address, host name or other header proves where a request comes from."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _status(live: Live) -> str:
    faults, figures = [*live.served.index.faults(), *live.site.faults], health.gauges(live)
    lines = [
        f"feedsite {__version__}",
        f"articles: {figures.public} public, {figures.scheduled} scheduled, {figures.drafts} draft",
        f"next scheduled: {live.site.until.isoformat() if live.site.until else 'none'}",
        f"faults: {figures.faults}",
        *(str(fault) for fault in faults if not fault.is_note),
        *(str(fault) for fault in faults if fault.is_note),
    ]
    return "\n".join(lines)
