"""The Site behind Flask, with the fast lane in front, and the status page for operators. The only door to Flask.

A request takes the Site once and is answered from it whole; a new Site replaces it in one assignment.
"""

import hmac
import logging
import os
import re
import threading
import time
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import flask

from .. import __version__
from ..errors import FeedsiteError
from ..model import NEVER
from ..reading.library import Holdings
from ..urls import STATUS
from . import lane
from .lane import OLD_HTTP, asked, status_line
from .live import Live
from .respond import Response, respond

_PROXY_MARKS = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-IP",
    "X-Client-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
)


_log = logging.getLogger("feedsite")


def create_app(live: Live, status_token: str = "") -> flask.Flask:
    """The WSGI application. Every request is answered before Flask looks for a route: the Site is the route table."""
    app = flask.Flask("feedsite", static_folder=None, template_folder=None)

    @app.before_request
    def answer() -> flask.Response:
        served, environment = live.served, flask.request.environ
        request = asked(environment)
        is_read = request.method in ("GET", "HEAD")
        if request.path == STATUS and is_read and _may_see_status(flask.request, status_token):
            return flask.Response(
                _status(live), content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
            )
        response = respond(request, served.site, live.clock())
        served.keep(environment, response)
        return _as_flask(response)

    return app


def app_for_folder() -> flask.Flask:
    """The application for the folder that FEEDSITE_SITE names, or else the current one; it follows that folder."""
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    live = Live(Path(os.environ.get("FEEDSITE_SITE", ".")), dict(os.environ))
    live.start()
    app = create_app(live, os.environ.get("FEEDSITE_STATUS_TOKEN", ""))
    # Flask's documented place for what stands before it; to mypy it is a method, which none may replace.
    app.wsgi_app = lane.before(app.wsgi_app, lambda: live.served, live.clock)  # type: ignore[assignment, method-assign]
    return app


def app_for_worker() -> flask.Flask:
    """The same, in a worker process of `feedsite serve`: it ends when that does, however that ended."""
    threading.Thread(target=_end_with, args=(os.getppid(),), name="feedsite-server", daemon=True).start()
    told = ""
    while True:
        try:
            return app_for_folder()
        except FeedsiteError as error:  # site.yaml is broken; other workers serve on, and to fail would end them too
            if str(error) != told:
                told = str(error)
                _log.error("a worker waits until this is mended: %s", told.replace("\n", " "))
            time.sleep(1)


class _Answer(flask.Response):
    """A response whose headers are final: Flask would take Last-Modified from a 304."""

    def get_wsgi_headers(self, environ: Any) -> Any:  # noqa: ARG002
        return self.headers


def _end_with(server: int) -> None:
    """A worker whose server was killed would serve on for ever, and hold the port."""
    while os.getppid() == server:
        time.sleep(1)
    os._exit(1)


def _as_flask(response: Response) -> flask.Response:
    made = _Answer(response.body, status=status_line(response.status))
    made.headers.clear()
    made.headers.extend(response.headers)
    return made


def _may_see_status(request: flask.Request, token: str) -> bool:
    """Whoever holds the token. Where there is none: whoever sits at this machine and came through no proxy.

    A proxy shows itself by its headers, by the Host it passes on, or by asking in HTTP/1.0.
    """
    if token:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    if any(name in request.headers for name in _PROXY_MARKS) or request.environ.get("SERVER_PROTOCOL") in OLD_HTTP:
        return False
    return _is_loopback(request.remote_addr or "") and _is_loopback(
        re.sub(r":\d*$", "", request.headers.get("Host", ""))
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _status(live: Live) -> str:
    holdings: Holdings = live.holdings
    now = live.clock()
    entries = holdings.catalogue.entries
    drafts = sum(entry.published == NEVER for entry in entries)
    scheduled = sum(now < entry.published < NEVER for entry in entries)
    faults = [fault for fault in holdings.faults if not fault.is_note]
    lines = [
        f"feedsite {__version__}",
        f"articles: {len(entries) - drafts - scheduled} public, {scheduled} scheduled, {drafts} draft",
        f"next scheduled: {live.site.until.isoformat() if live.site.until else 'none'}",
        f"faults: {len(faults)}",
        *map(str, faults),
        *(str(fault) for fault in holdings.faults if fault.is_note),
    ]
    return "\n".join(lines) + "\n"
