"""The Site behind Flask, with the fast lane in front; what operators and their probes ask. The only door to Flask.

A request takes the Site once and is answered from it whole; a new Site replaces it in one assignment.
"""

import hmac
import logging
import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import flask

from .. import __version__
from ..errors import FeedsiteError
from ..index.database import Unusable
from ..orphans import end_with
from ..urls import HEALTH, STATUS
from . import accesslog, answers, health, shutdown
from .accesslog import FORMATS
from .answers import asked, status_line
from .counts import DROPPED, Counts, Shared, add, cell
from .live import Live
from .logfile import LogFile
from .messages import Response
from .respond import busy, respond, unavailable
from .streaming import Busy, Stream, Streams

_log = logging.getLogger("feedsite")


def create_app(live: Live, status_token: str = "", counts: Counts | None = None) -> flask.Flask:
    """The WSGI application. Every request is answered before Flask looks for a route: the Site is the route table.

    What it answers is counted in `counts`, if anywhere.
    """
    app = flask.Flask("feedsite", static_folder=None, template_folder=None)
    streams = Streams()

    @app.before_request
    def answer() -> flask.Response:
        served = live.served
        try:
            return _answer(live, status_token, streams)
        except Unusable as error:
            if error.is_damaged and served is live.served:
                live.mend()
        try:
            return _answer(live, status_token, streams)
        except Unusable:
            return _as_flask(unavailable())

    if counts is not None:
        app.after_request(partial(_count, counts))
    return app


def _answer(live: Live, status_token: str, streams: Streams) -> flask.Response:
    """Raises Unusable where the index was damaged, or replaced while it was asked."""
    served, environment = live.served, flask.request.environ
    request = asked(environment)
    is_read = request.method in ("GET", "HEAD")
    if request.path == STATUS and is_read and _may_see_status(flask.request, status_token):
        return _text(200, _status(live))
    if request.path == HEALTH and is_read:
        return _text(*health.health(live))
    response = respond(request, served.site, live.clock(), served.last_modified)
    served.answers.keep(environment, response)
    return _sent(response, streams)


def _sent(response: Response, streams: Streams) -> flask.Response:
    """With a body that is read now, or while it is sent."""
    if isinstance(response.body, bytes):
        return _as_flask(response)
    try:
        body = streams.body(response.body)
    except OSError:  # another file stands there since the answer was thought of
        return _as_flask(unavailable())
    except Busy:
        return _as_flask(busy())
    if isinstance(body, bytes):
        return _as_flask(replace(response, body=body))
    made = _as_flask(replace(response, body=b""))
    made.response, made.direct_passthrough = body, True
    return made


def app_for_folder() -> flask.Flask:
    """The application for the folder that FEEDSITE_SITE names, or else the current one; it follows that folder."""
    return _app(_followed(), None)


def _followed() -> Live:
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    live = Live(Path(os.environ.get("FEEDSITE_SITE", ".")), dict(os.environ))
    live.start()
    health.watch(live)
    return live


def _app(live: Live, counts: Counts | None) -> flask.Flask:
    app = create_app(live, os.environ.get("FEEDSITE_STATUS_TOKEN", ""), counts)
    _put_before(app, answers.before(app.wsgi_app, lambda: live.served.answers, live.clock, counts))
    return app


def _put_before(app: flask.Flask, outer: WSGIApplication) -> None:
    """In Flask's documented place for what stands before it."""
    app.wsgi_app = outer  # type: ignore[assignment, method-assign]  # to mypy a method, which none may replace


def app_for_worker() -> flask.Flask:
    """The same, in a worker process of `feedsite serve`: it ends when that does, however that ended."""
    end_with(os.getppid())
    live = _followed_at_last()
    shutdown.first(live.announce_no_more)
    counts = _counts(live)
    app = _app(live, counts)
    if path := os.environ.get("FEEDSITE_ACCESS_LOG"):
        log = LogFile(path, partial(_count_dropped, counts))
        log.start()
        form = FORMATS[os.environ["FEEDSITE_ACCESS_LOG_FORMAT"]]
        _put_before(app, accesslog.before(app.wsgi_app, log.add, form))
    return app


def _counts(live: Live) -> Counts | None:
    """Where this worker counts, if FEEDSITE_METRICS_PORT says where everybody on the machine can read it."""
    if not (port := os.environ.get("FEEDSITE_METRICS_PORT")):
        return None
    from . import metrics  # noqa: PLC0415  # a megabyte, and 25 ms of a start, for those alone who want it

    try:
        shared = Shared()
    except OSError as error:
        _log.error("a worker's answers are counted nowhere: %s", error)
        return None
    metrics.start(live, shared, int(port))
    return shared.own


def _count_dropped(counts: Counts | None, lines: int) -> None:
    if counts is not None:
        counts[DROPPED] += lines


def _followed_at_last() -> Live:
    told = ""
    while True:
        try:
            return _followed()
        except FeedsiteError as error:  # site.yaml is broken; other workers serve on, and to fail would end them too
            if str(error) != told:
                told = str(error)
                _log.error("a worker waits until this is mended: %s", told.replace("\n", " "))
            time.sleep(1)


class _Answer(flask.Response):
    """A response whose headers are final: Flask would take Last-Modified from a 304."""

    def get_wsgi_headers(self, environ: Any) -> Any:  # noqa: ARG002
        return self.headers


def _as_flask(response: Response) -> flask.Response:
    body = response.body
    made = _Answer(body if isinstance(body, bytes) else b"", status=status_line(response.status))
    made.headers.clear()
    made.headers.extend(response.headers)
    return made


def _count(counts: Counts, answered: flask.Response) -> flask.Response:
    environment = flask.request.environ
    place = cell(environment.get("PATH_INFO", ""), answered.status_code)
    if isinstance(answered.response, Stream):
        answered.response.at_end(partial(_add_size, counts, place))
        add(counts, place, 0)
    else:
        add(counts, place, 0 if environment["REQUEST_METHOD"] == "HEAD" else len(answered.get_data()))
    return answered


def _add_size(counts: Counts, place: int, size: int) -> None:
    """Of a body that has been sent, by the thread that did: Python changes threads between statements, not in one."""
    counts[place + 1] += size


def _text(status: int, text: str) -> flask.Response:
    """An answer that is true now and told anew each time."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return flask.Response(f"{text}\n", status, headers, content_type="text/plain; charset=utf-8")


def _may_see_status(request: flask.Request, token: str) -> bool:
    """Only the holder of the token; without a token, nobody. No address, host name or header proves who asks."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _status(live: Live) -> str:
    faults, figures = live.served.index.faults(), health.gauges(live)
    lines = [
        f"feedsite {__version__}",
        f"articles: {figures.public} public, {figures.scheduled} scheduled, {figures.drafts} draft",
        f"next scheduled: {live.site.until.isoformat() if live.site.until else 'none'}",
        f"faults: {figures.faults}",
        *(str(fault) for fault in faults if not fault.is_note),
        *(str(fault) for fault in faults if fault.is_note),
    ]
    return "\n".join(lines)
