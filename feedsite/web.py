"""The Site behind Flask, and how it follows its folder: a saved file is seen within a second, in every process.

A request takes the Site once and is answered from it whole; a new Site replaces it in one assignment.
"""

import hmac
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import flask
import watchfiles

from . import __version__
from .errors import Fault
from .library import Holdings, Library
from .model import NEVER
from .respond import METHODS, Request, Response, respond
from .settings import FILE
from .site import Site, plan
from .urls import MEDIA_FOLDERS, STATUS
from .walk import ENTRIES

Clock = Callable[[], datetime]
TICK = 200  # ms: how late a scheduled article, or a change that the system did not tell of, can be noticed
_SETTLE = 20  # ms without a further change before a change is taken in
_OLD_HTTP = ("HTTP/1.0", "HTTP/1")  # granian says the second
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


def utc_now() -> datetime:
    return datetime.now(UTC)


class Live:
    """A site's folder as it is served now. `site` and `holdings` are replaced whole, by one thread only."""

    def __init__(self, folder: Path, environment: dict[str, str], clock: Clock = utc_now) -> None:
        self.clock = clock
        self._folder = folder
        self._library = Library(folder, environment)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feedsite-follow", daemon=True)
        self.holdings = self._library.read()
        self.site = self._planned()
        _tell_changes((), self.holdings.faults)
        if self.holdings.settings.base_url is None:
            _log.warning("site.yaml names no base_url: links point to %s", self.holdings.settings.urls.base)

    def start(self) -> None:
        """Begins to follow the folder."""
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def take_in(self) -> None:
        """Reads what changed and serves it."""
        before = self.holdings
        self.holdings = self._library.read(is_patient=True)
        self.site = self._planned()
        _tell_changes(before.faults, self.holdings.faults)

    def _planned(self) -> Site:
        holdings = self.holdings
        return plan(holdings.catalogue.at(self.clock()), holdings.settings, holdings.media)

    def _follow(self) -> None:
        while not self._stop.is_set():
            folders = [self._folder / name for name in (ENTRIES, *MEDIA_FOLDERS)]
            existing = [folder for folder in folders if folder.is_dir()]
            try:
                if existing:
                    self._watch(existing)
                else:
                    self._stop.wait(TICK / 1000)
                    self.take_in()
            except Exception:  # noqa: BLE001  # the thread must outlive whatever a disk does; the site goes on as it was
                _log.exception("the folder could not be followed; trying again")
                self._stop.wait(1)

    def _watch(self, folders: list[Path]) -> None:
        """Takes in changes until the folders themselves are others than before.

        The folders are watched, and site.yaml is looked at each tick: the site's own folder may hold thousands of files
        that are no part of it.
        """
        ground = self._ground()
        is_caught_up = False  # what was saved before the watch began, no event tells of
        for changes in watchfiles.watch(
            *folders,
            watch_filter=None,
            step=_SETTLE,
            debounce=10 * _SETTLE,
            rust_timeout=TICK,
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
        ):
            if self._ground() != ground:
                return
            if changes or not is_caught_up or self._library.is_being_saved:
                is_caught_up = True
                self.take_in()
            elif self.site.until and self.clock() >= self.site.until:
                self.site = self._planned()

    def _ground(self) -> list[tuple[int, ...] | None]:
        """What tells that site.yaml was saved, or that a folder was replaced, made or lost."""
        return [_signature(self._folder / FILE, is_content=True)] + [
            _signature(self._folder / name, is_content=False) for name in (ENTRIES, *MEDIA_FOLDERS)
        ]


def create_app(live: Live, status_token: str = "") -> flask.Flask:
    """The WSGI application. Every request is answered before Flask looks for a route: the Site is the route table."""
    app = flask.Flask("feedsite", static_folder=None, template_folder=None)

    @app.before_request
    def answer() -> flask.Response:
        request = flask.request
        if request.path == STATUS and request.method in METHODS and _may_see_status(request, status_token):
            return flask.Response(
                _status(live), content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
            )
        headers = {name.lower(): value for name, value in request.headers.items()}
        return _as_flask(respond(Request(request.method, request.path, headers), live.site, live.clock()))

    return app


def app_for_folder() -> flask.Flask:
    """The application for the folder that FEEDSITE_SITE names, or else the current one; it follows that folder."""
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    live = Live(Path(os.environ.get("FEEDSITE_SITE", ".")), dict(os.environ))
    live.start()
    return create_app(live, os.environ.get("FEEDSITE_STATUS_TOKEN", ""))


def app_for_worker() -> flask.Flask:
    """The same, in a worker process of `feedsite serve`: it ends when that does, however that ended."""
    threading.Thread(target=_end_with, args=(os.getppid(),), name="feedsite-server", daemon=True).start()
    return app_for_folder()


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
    made = _Answer(response.body, status=response.status)
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
    if any(name in request.headers for name in _PROXY_MARKS) or request.environ.get("SERVER_PROTOCOL") in _OLD_HTTP:
        return False
    return _is_loopback(request.remote_addr or "") and _is_loopback(request.host.rpartition(":")[0] or request.host)


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


def _tell_changes(before: tuple[Fault, ...], now: tuple[Fault, ...]) -> None:
    """Faults in the log when they come and when they go; notes are for `feedsite check`."""
    known = set(before)
    for fault in now:
        if fault not in known and not fault.is_note:
            _log.error("%s", fault)
    broken = {fault.path for fault in now if not fault.is_note}
    for path in sorted({fault.path for fault in before if not fault.is_note} - broken):
        _log.info("%s: no fault any more", path)


def _signature(path: Path, *, is_content: bool) -> tuple[int, ...] | None:
    try:
        found: Any = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if is_content else (found.st_dev, found.st_ino)
