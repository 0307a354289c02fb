"""A site's folder as it is served now: every process serves a saved file within a second.

A thread keeps the site up to date. In the leader it takes changes of the folder into the index; in a follower it reads
the index again when the leader has written to it (leadership.py).
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ..documentcache import DocumentCache
from ..errors import Fault, FeedsiteError
from ..folder import indexfile
from ..folder.commit import Committed
from ..folder.library import Library
from ..folder.opening import ROOTS
from ..index.unusable import Unusable
from ..notifying.announcer import Announcer
from ..site import Site
from . import faultlog, rootfolders, servedsite, watch
from .leadership import Leadership
from .servedsite import ServedSite

Clock = Callable[[], datetime]
_TRIED = 3  # articles that are drawn to try a new theme
_SEARCHED = 0.2  # seconds of work on the search at a time, which an edit may have to wait for
_REPLACED = 10  # seconds that a request waits for a new index where the old one is damaged
_log = logging.getLogger("feedsite")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Live:
    """A site's folder as it is served now: `served`, which only the thread replaces, and only as a whole.

    `taken_in` is when the leader last compared the folder with the index, and `trouble` why that has failed since.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], clock: Clock = utc_now) -> None:
        """Raises Faults where site.yaml is faulty and always was, and Unusable where no index can be used just now."""
        self.clock = clock
        self.documents = DocumentCache()
        self.taken_in = clock()
        self.trouble = ""
        self._folder = Path(os.path.abspath(folder))  # with its links, which may be set anew
        self._index_folder = partial(indexfile.folder, folder, environment)
        self._logged_faults: list[Fault] = []
        self._theme_faults: tuple[Fault, ...] = ()
        self._is_damage_found = threading.Event()  # in the index, by a request
        self.announcer = Announcer(self._index_folder)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feedsite-follow", daemon=True)
        self._leadership = Leadership(self._folder, environment, self._stop)
        self._library = self._leadership.opened()
        self._committed = Committed()  # what the last commit did
        self._is_search_done = False
        try:
            self.served = self._first()
        except FeedsiteError:  # there is nothing to serve
            self._leadership.resign()
            self._library.index.close()
            raise
        self.announcer.announce(self.served.site, self.served.settings)
        try:
            self._finish()
        except Unusable as error:
            self._recover(error)
        if self.served.settings.base_url is None:
            _log.warning("site.yaml names no base_url: links point to %s", self.served.settings.urls.base)

    def start(self) -> None:
        """Begins to follow the folder, and to notify the hub and the caches of changes."""
        self.announcer.start()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self.announcer.stop()
        self._thread.join()
        self._leadership.resign()
        for index in {self._library.index, self.served.index}:  # two where a new one is not served yet
            index.close()

    @property
    def site(self) -> Site:
        return self.served.site

    @property
    def is_following(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def is_waiting(self) -> bool:
        """Whether another process keeps a lock of the index longer than it should."""
        return self._library.index.database.is_waiting or self._leadership.is_leader_silent

    def replace_damaged_index(self) -> None:
        """For a request that found it damaged. Returns when a new index is served, or after some seconds."""
        before = self.served
        self._is_damage_found.set()
        until = time.monotonic() + _REPLACED
        while self.served is before and time.monotonic() < until:
            time.sleep(0.01)

    def take_in(self, paths: Iterable[str] = ROOTS) -> None:
        """Takes in and serves what changed at these paths and below them."""
        try:
            change = self._library.scan(paths, waits_for_saves=True)
            with self._library.commit(change) as self._committed:
                served = self._searchable_and_drawn() if self._committed.has_news else None
            if served is not None:
                self._serve(served)
            self._note_taken_in()
            if served is not None:
                self._finish()
                self._library.index.database.checkpoint()
        except Unusable as error:
            self._recover(error)

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

    def _searchable_and_drawn(self) -> ServedSite:
        """In one commit with the change: what is served can be searched for."""
        self._library.index.add_to_search(_SEARCHED)
        self._is_search_done = False  # words may have to be taken out for good
        return self._drawn()

    def tend_search(self) -> None:
        """Goes on a little with what the search still has to do (Index.tend_search)."""
        if not self._is_search_done:
            index = self._library.index
            self._is_search_done = not index.tend_search(_SEARCHED)
            index.database.checkpoint()

    def _replan_if_outdated(self) -> None:
        if self.served.is_outdated(self._library.index, self.clock(), is_leading=self._is_leading):
            self._replan()

    def _replan(self) -> None:
        """Serves what is in the index now."""
        self._serve(self._drawn())
        self._finish()

    def _serve(self, served: ServedSite) -> None:
        former, self.served = self.served, served
        self.announcer.announce(served.site, served.settings)
        if former.index is not served.index:
            former.index.close()

    def _finish(self) -> None:
        """What can wait until the site is served; the leader does it."""
        if self._is_leading:
            self.served.site.try_theme(_TRIED)
            self._report_faults()
            servedsite.compress(self.served)

    def _report_faults(self) -> None:
        self._theme_faults = self.served.site.faults
        now = [*self.served.index.faults(with_notes=False), *(one for one in self._theme_faults if not one.is_note)]
        self._logged_faults = faultlog.report(self._logged_faults, now)

    def _note_taken_in(self) -> None:
        """Now, if this process leads; else when the leader last showed that it works."""
        self.taken_in = self.clock() - timedelta(seconds=self._leadership.heartbeat(self._library))
        self.trouble = ""

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
        """Serves this library, if it is not the one that is served already."""
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
        """Whether the index had to be replaced; then another library is served from now on."""
        former = self._library
        if self._is_damage_found.is_set():
            self._is_damage_found.clear()
            self._recover(Unusable("a request met it", is_damaged=True))
        else:
            self._go_on_with(self._leadership.checked(former))
        return self._library is not former

    def _follow(self) -> None:
        """The thread, which must outlive any error of a disk."""
        error: Unusable | None = None  # of the index, from which to recover
        while not self._stop.is_set():
            failure = "the index could not be replaced" if error else "the folder could not be followed"
            try:
                if error:
                    self._recover(error)
                elif self._is_leading:
                    self._follow_folder()
                else:
                    self._follow_index()
            except Unusable as another:
                if error:
                    _log.warning("%s (%s); trying again", failure, another)
                    self._stop.wait(1)
                error = another
            except Exception as another:  # noqa: BLE001  # see above
                self.trouble = repr(another)
                _log.exception("%s; trying again", failure)
                self._stop.wait(1)
                error = None
            else:
                error = None

    def _follow_folder(self) -> None:
        """Takes in what changes, until other folders are to be watched, or another index is used."""
        library = self._library
        self._is_search_done = False
        for paths in rootfolders.to_take_in(self._folder, lambda: self._committed, self._stop):
            if self._has_other_library() or library is not self._library:
                return
            if paths is None:
                self._note_taken_in()
            else:
                self.take_in(paths)
            self._replan_if_outdated()
            if self.served.site.faults != self._theme_faults:  # a page that was asked for met another one
                self._report_faults()
            self.tend_search()

    def _follow_index(self) -> None:
        """Serves what the leader writes to the index, until this process leads itself."""
        for _ in watch.Watch([self._index_folder()], self._stop):
            if self._has_other_library():
                return
            self._replan_if_outdated()
            self._note_taken_in()
            if self._leadership.take_lock(self._library):
                return
