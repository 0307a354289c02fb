"""Notifies a server's caches and its hub, in a thread of its own, so that the thread that scans never waits for them.

Caches come first: a hub fetches each topic at once, and would take what a cache still has for no change.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ..errors import FeedsiteError
from ..settings import Settings
from ..site import Site
from . import purging, websub
from .client import USUAL, RetryPolicy

_LONGEST_PAUSE = 3600  # seconds
_log = logging.getLogger("feedsite")


class Announcer:
    """Notifies of each new edition `settle` seconds after it came: by then every worker serves it.

    A cache or hub that is down is tried again after `pause` seconds, then after twice as many, at last each hour. The
    hub waits for a cache that is down during the first two pauses: after these three minutes no cache serves what it
    had before.
    """

    def __init__(
        self, folder: Callable[[], Path], *, settle: float = 1, pause: float = 60, policy: RetryPolicy = USUAL
    ) -> None:
        """`folder` returns the cache folder, which has the files of what was sent, or raises FeedsiteError."""
        self._folder = folder
        self._settle = settle
        self._pause = pause
        self._policy = policy
        self._announced: object = None  # what the topics of the last site were drawn from
        # A site, its settings, and whether a topic changed: only then `settle` begins anew, so that a large picture
        # that is copied for minutes keeps no hub waiting. None ends the thread.
        self._sites: queue.SimpleQueue[tuple[Site, Settings, bool] | None] = queue.SimpleQueue()
        self._is_over = False
        self._thread = threading.Thread(target=self._work, name="feedsite-ping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Sends nothing more. A request under way is not waited for: the thread is a daemon."""
        self._is_over = True
        self._sites.put(None)

    def announce(self, site: Site, settings: Settings) -> None:
        """Takes a new site. Where no topic changed, only caches are notified of it."""
        if not (settings.purge or _notifies_hub(settings)):
            self._announced = None
            return
        former, self._announced = self._announced, _ingredients(site, settings)
        is_changed = self._announced != former
        if is_changed or settings.purge:
            self._sites.put((site, settings, is_changed))

    def _work(self) -> None:
        latest = self._sites.get()
        due, pause = self._soon(), self._pause
        while latest:
            site, settings, _ = latest
            try:
                latest = self._sites.get(timeout=max(0.0, due - time.monotonic()))
                if latest and latest[2]:
                    due = self._soon()
            except queue.Empty:
                if self._notify(site, settings, is_waiting=pause <= 2 * self._pause):
                    latest = self._sites.get()
                    due, pause = self._soon(), self._pause
                else:
                    due, pause = time.monotonic() + pause, min(pause * 2, _LONGEST_PAUSE)

    def _soon(self) -> float:
        return time.monotonic() + self._settle

    def _notify(self, site: Site, settings: Settings, *, is_waiting: bool) -> bool:
        """False where it is to be tried again. With `is_waiting` no hub is notified before every cache is."""
        is_purged = self._purge(site, settings)
        if self._is_over or (is_waiting and not is_purged):
            return is_purged
        return self._ping(site, settings) and is_purged

    def _purge(self, site: Site, settings: Settings) -> bool:
        if not settings.purge:
            return True
        problems = []
        try:
            file = self._folder() / purging.SENT
            for purged in purging.purge(purging.published(site), settings.purge, file, self._policy):
                _log.log(logging.WARNING if purged.problem else logging.INFO, "%s", purged)
                problems.append(purged.problem)
        except FeedsiteError as error:
            _log.error("%s", error)
        except Exception:  # noqa: BLE001  # as below
            _log.exception("the caches could not be told")
        return not any(problems)

    def _ping(self, site: Site, settings: Settings) -> bool:
        if not (settings.hub and _notifies_hub(settings)):
            return True
        try:
            file = self._folder() / websub.SENT
            with closing(websub.ping(settings.hub, websub.topics(site, settings), file, self._policy)) as run:
                for notified in run:
                    _log.log(logging.WARNING if notified.problem else logging.INFO, "%s", notified)
                    if notified.is_down:
                        return False
                    if self._is_over:
                        return True
        except FeedsiteError as error:
            _log.error("%s", error)
        except Exception:  # noqa: BLE001  # the thread must outlive whatever a hub or a disk does
            _log.exception("the hub could not be told")
        return True


def _ingredients(site: Site, settings: Settings) -> object:
    """While these stay, no topic changes. Pictures are none of them, and articles that become due change `until`."""
    state = site.plan.state
    return (settings, state.journal, state.common, state.article_row, site.until) if state else object()


def _notifies_hub(settings: Settings) -> bool:
    return bool(settings.ping and settings.hub and settings.base_url)
