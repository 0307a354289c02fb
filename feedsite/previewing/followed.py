"""A folder as a preview shows it, followed by a thread: whoever waits sees what was saved.

Its index is in memory. So a preview takes no lock that a server may need, writes nothing for others, and can be stopped
at any moment.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..documentcache import DocumentCache
from ..folder.commit import Committed
from ..folder.library import Library
from ..serving import rootfolders
from .view import View

_SEARCHED = 0.1  # seconds of work on the search at a time
_log = logging.getLogger("feedsite")


def utc_now() -> datetime:
    return datetime.now(UTC)


class FollowedFolder:
    """`view` is what is shown now; only the thread replaces it, as a whole."""

    def __init__(self, library: Library, at: datetime | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        """The library must have been read, and have an index in memory."""
        self._library = library
        self._at = at
        self._clock = clock
        self._documents = DocumentCache()
        self._committed = Committed()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feedsite-preview", daemon=True)
        self.view = self._now()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread, and lets everybody go who waits."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join()
        self._library.index.close()

    @property
    def is_stopped(self) -> bool:
        return self._stop.is_set()

    def next_view(self, known: View | None, seconds: float) -> View:
        """The view, as soon as it is another one than the one that is known; after that time in any case."""
        with self._changed:
            self._changed.wait_for(lambda: self.view is not known or self.is_stopped, seconds)
        return self.view

    def _now(self) -> View:
        return View(self._library, self._documents, self._clock(), self._at)

    def _renew(self) -> None:
        view = self._now()
        with self._changed:
            self.view = view
            self._changed.notify_all()

    def _follow(self) -> None:
        """The thread, which must outlive any error of a disk."""
        while not self._stop.is_set():
            try:
                self._follow_folder(Path(os.path.abspath(self._library.folder)))
            except Exception:  # noqa: BLE001  # see above
                _log.exception("the folder could not be followed; trying again")
                self._stop.wait(1)

    def _follow_folder(self, folder: Path) -> None:
        index, is_searching = self._library.index, True
        for paths in rootfolders.to_take_in(folder, lambda: self._committed, self._stop):
            if paths is not None:
                change = self._library.scan(paths, waits_for_saves=True)
                with self._library.commit(change) as self._committed:
                    if self._committed.has_news:
                        is_searching = True
                        index.add_to_search(_SEARCHED)
            if self._committed.has_news or self._is_due():
                self._committed = replace(self._committed, has_news=False)
                self._renew()
            elif paths is None and is_searching:
                is_searching = index.tend_search(_SEARCHED)

    def _is_due(self) -> bool:
        """Whether the clock alone changes what is shown: an article became public, or a document grew old."""
        view, now = self.view, self._clock()
        next_one = min((one.at for one in view.unpublished.values() if one.kind == "scheduled"), default=None)
        until = None if view.is_later else view.site.current_until
        return bool((until and now >= until) or (next_one is not None and now.timestamp() >= next_one))
