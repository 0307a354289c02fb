"""A site's folder as it is served now: a saved file is seen within a second, in every process.

A thread of its own keeps it up to date: as leader it follows the folder, as follower the index (leadership.py).
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..documentcache import DocumentCache
from ..errors import Fault, FeedsiteError
from ..folder import indexfile
from ..folder.library import Committed, Library
from ..folder.opening import ROOTS
from ..index.database import Unusable
from ..notifying.announcer import Announcer
from ..notifying.websub import MEMORY
from ..site import Site
from . import faultlog, rootfolders, servedsite, watch
from .leadership import Leadership
from .servedsite import ServedSite

Clock = Callable[[], datetime]
_MENDED = 10  # seconds that a request waits for a new index when the old one was damaged
_log = logging.getLogger("feedsite")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Live:
    """A site's folder as it is served now. `served` is replaced whole, by one thread only."""

    def __init__(self, folder: Path, environment: Mapping[str, str], clock: Clock = utc_now) -> None:
        """Raises Faults where site.yaml is faulty and always was, and Unusable where no index can be used just now."""
        self.clock = clock
        self.documents = DocumentCache()
        self.taken_in = clock()  # when what is served was last compared with the folder, by whichever process leads
        self.trouble = ""  # why that failed since
        self._folder = Path(os.path.abspath(folder))  # whatever links it has are followed anew each time
        self._index_folder = indexfile.folder(folder, environment)
        self._faults: list[Fault] = []  # that the log names by now
        self._damage = threading.Event()  # a request met it in the index
        self._announcer = Announcer(self._index_folder / MEMORY)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feedsite-follow", daemon=True)
        self._leadership = Leadership(self._folder, environment, self._stop)
        self._library = self._leadership.opened()
        self._committed = Committed()  # what the last commit did
        try:
            self.served = self._first()
        except FeedsiteError:  # there is nothing to serve
            self._leadership.resign()
            self._library.index.close()
            raise
        self._announcer.announce(self.served.site, self.served.settings)
        self._finish()
        if self.served.settings.base_url is None:
            _log.warning("site.yaml names no base_url: links point to %s", self.served.settings.urls.base)

    def start(self) -> None:
        """Begins to follow the folder, and to notify the hub and the caches of what changed."""
        self._announcer.start()
        self._thread.start()

    def announce_no_more(self) -> None:
        """A server that ends could not give a hub what it fetches when it is notified."""
        self._announcer.stop()

    def stop(self) -> None:
        self._stop.set()
        self._announcer.stop()
        self._thread.join()
        self._leadership.resign()
        for index in {self._library.index, self.served.index}:  # two where this came before the other one was served
            index.close()

    @property
    def site(self) -> Site:
        return self.served.site

    @property
    def is_following(self) -> bool:
        """Whether changes are taken in."""
        return self._thread.is_alive()

    @property
    def is_waiting(self) -> bool:
        """Whether this process waits for another one that holds a lock of the index, longer than it should."""
        return self._library.index.database.is_waiting or self._leadership.is_leader_silent

    def mend(self) -> None:
        """Has an index that a request found damaged made anew; returns when that is served, or after some seconds."""
        before = self.served
        self._damage.set()
        until = time.monotonic() + _MENDED
        while self.served is before and time.monotonic() < until:
            time.sleep(0.01)

    def take_in(self, paths: Iterable[str] = ROOTS) -> None:
        """Reads what changed at these paths and below, and serves it."""
        try:
            change = self._library.scan(paths, is_patient=True)
            with self._library.commit(change) as self._committed:
                served = self._drawn() if self._committed.has_news else None
            if served is not None:
                self._serve(served)
            self._was_taken_in()
            if served is not None:
                self._finish()
                self._library.index.database.tidy()
        except Unusable as error:
            self._recover(error)

    # What is served

    def _first(self) -> ServedSite:
        try:
            return self._filled_and_drawn()
        except Unusable as error:
            former, self._library = self._library, self._leadership.recovered(self._library, error)
        if self._library is not former:
            former.index.close()
        return self._filled_and_drawn()

    def _filled_and_drawn(self) -> ServedSite:
        self._leadership.fill(self._library)
        return self._drawn()

    def _drawn(self) -> ServedSite:
        return servedsite.draw(self._library, self.documents, self.clock, is_leading=self._is_leading)

    def _replan(self) -> None:
        """Serves what the index holds now: another process has written it, or an article is due."""
        self._serve(self._drawn())
        self._finish()

    def _serve(self, served: ServedSite) -> None:
        former, self.served = self.served, served
        self._announcer.announce(served.site, served.settings)
        if former.index is not served.index:
            former.index.close()

    def _finish(self) -> None:
        """What a leader does when a site is served already."""
        if self._is_leading:
            self._faults = faultlog.report(self._faults, self.served.index.faults(with_notes=False))
            servedsite.compress(self.served)

    def _was_taken_in(self) -> None:
        """Just now where this process leads; else when the leader last showed that it works."""
        self.taken_in = self.clock() - timedelta(seconds=self._leadership.heartbeat(self._library))
        self.trouble = ""

    # Which index is used

    @property
    def _is_leading(self) -> bool:
        return self._leadership.is_leading(self._library)

    def _recover(self, error: Unusable) -> None:
        self.trouble = str(error)
        library = self._leadership.recovered(self._library, error)
        if library is self._library:  # the error passes by itself
            self._committed = replace(self._committed, again=frozenset(ROOTS))
        self._go_on_with(library)

    def _go_on_with(self, library: Library) -> None:
        """Serves another library, if it is one."""
        former, self._library = self._library, library
        if library is former:
            return
        self._committed = Committed()
        self._leadership.fill(library)
        if self._stop.is_set():
            return
        self._replan()
        former.index.close()
        if self._is_leading:
            self.take_in()

    def _has_other_library(self) -> bool:
        """Whether the index was replaced by another one, which is followed from now on."""
        former = self._library
        if self._damage.is_set():
            self._damage.clear()
            self._recover(Unusable("a request met it", is_damaged=True))
        else:
            self._go_on_with(self._leadership.checked(former))
        return self._library is not former

    # The thread

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                if self._is_leading:
                    self._follow_folder()
                else:
                    self._follow_index()
            except Unusable as error:
                self._try_to_recover(error)
            except Exception as error:  # noqa: BLE001  # the thread must outlive whatever a disk does; the site goes on
                self.trouble = repr(error)
                _log.exception("the folder could not be followed; trying again")
                self._stop.wait(1)

    def _try_to_recover(self, error: Unusable) -> None:
        try:
            self._recover(error)
        except Unusable as problem:
            _log.warning("the index could not be replaced (%s); trying again", problem)
            self._stop.wait(1)
        except Exception:  # noqa: BLE001  # as above
            _log.exception("the index could not be replaced; trying again")
            self._stop.wait(1)

    def _follow_folder(self) -> None:
        """Takes in what changes, until other folders are to be watched, or another index is used."""
        library = self._library
        for paths in rootfolders.to_take_in(self._folder, lambda: self._committed, self._stop):
            if self._has_other_library() or library is not self._library:
                return
            if paths is None:
                self._was_taken_in()
            else:
                self.take_in(paths)
            if library is self._library and (self._is_outdated or not self.served.has_every_moment):
                self._replan()

    def _follow_index(self) -> None:
        """Serves what the leader writes to the index, until this process leads itself."""
        for _ in watch.changes([self._index_folder], self._stop):
            if self._has_other_library():
                return
            if self._is_outdated:
                self._replan()
            self._was_taken_in()
            if self._leadership.take_lock(self._library):
                return

    @property
    def _is_outdated(self) -> bool:
        return self.served.is_outdated(self._library.index, self.clock())
