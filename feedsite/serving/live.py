"""A site's folder as it is served now, and how it is followed: a saved file is seen within a second, in every process.

The only door to watchfiles.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import watchfiles

from ..errors import Fault
from ..reading.library import Library
from ..reading.settings import FILE
from ..reading.walk import ENTRIES
from ..site import Site, plan
from ..urls import MEDIA_FOLDERS
from ..websub import MEMORY
from .announcer import Announcer
from .lane import Served

Clock = Callable[[], datetime]
TICK = 200  # ms: how late a scheduled article, or a change that the system did not tell of, can be noticed
_SETTLE = 20  # ms without a further change before a change is taken in
_log = logging.getLogger("feedsite")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Live:
    """A site's folder as it is served now. `served` and `holdings` are replaced whole, by one thread only."""

    def __init__(self, folder: Path, environment: dict[str, str], clock: Clock = utc_now) -> None:
        self.clock = clock
        self._folder = folder
        self._library = Library(folder, environment)
        self._announcer = Announcer(folder / MEMORY)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feedsite-follow", daemon=True)
        self.holdings = self._library.read()
        self._serve()
        _tell_changes((), self.holdings.faults)
        if self.holdings.settings.base_url is None:
            _log.warning("site.yaml names no base_url: links point to %s", self.holdings.settings.urls.base)

    def start(self) -> None:
        """Begins to follow the folder, and to tell the hub what changed."""
        self._announcer.start()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._announcer.stop()
        self._thread.join()

    def take_in(self) -> None:
        """Reads what changed and serves it."""
        before = self.holdings
        self.holdings = self._library.read(is_patient=True)
        self._serve()
        _tell_changes(before.faults, self.holdings.faults)

    @property
    def site(self) -> Site:
        return self.served.site

    def _serve(self) -> None:
        """Draws what pollers ask for, serves it from then on, and lets the hub be told."""
        holdings = self.holdings
        self._planned_at = self.clock()
        edition = holdings.catalogue.at(self._planned_at)
        site = plan(edition, holdings.settings, holdings.media)
        site.prepare()
        self.served = Served(site)
        self._announcer.announce(edition, site, holdings.settings)

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
            elif self._is_out_of_date():
                self._serve()

    def _is_out_of_date(self) -> bool:
        """The next article is due; or the clock was ahead when this was planned, and has been set right."""
        now = self.clock()
        return now < self._planned_at or (self.site.until is not None and now >= self.site.until)

    def _ground(self) -> list[tuple[int, ...] | None]:
        """What tells that site.yaml was saved, or that a folder was replaced, made or lost."""
        return [_signature(self._folder / FILE, is_content=True)] + [
            _signature(self._folder / name, is_content=False) for name in (ENTRIES, *MEDIA_FOLDERS)
        ]


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
