"""A server's caches and its hub are told in a thread of its own: whoever follows the folder never waits for them.

First the caches: a hub asks at once, and what a cache still gave it would be taken for no change.
"""

import logging
import queue
import threading
import time
from contextlib import closing
from pathlib import Path

from ..errors import FeedsiteError
from ..settings import Settings
from ..site import Site
from .client import USUAL, RetryPolicy
from .purging import MEMORY, purge, standing
from .websub import ping, topics

_LONGEST_PAUSE = 3600  # seconds
_log = logging.getLogger("feedsite")


class Announcer:
    """Tells of each new edition when it has stood for `settle` seconds: by then every worker serves it.

    Who is down is tried again after `pause` seconds, then after twice as many, at last each hour. For a cache the hub
    waits twice: after those three minutes no cache gives what it had before.
    """

    def __init__(self, memory: Path, *, settle: float = 1, pause: float = 60, patience: RetryPolicy = USUAL) -> None:
        self._memory = memory
        self._settle = settle
        self._pause = pause
        self._patience = patience
        self._announced: object = None
        # A site, its settings, and whether more than its pictures changed: who copies a large one keeps no hub waiting.
        self._news: queue.SimpleQueue[tuple[Site, Settings, bool] | None] = queue.SimpleQueue()
        self._is_over = False
        self._thread = threading.Thread(target=self._work, name="feedsite-ping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Nobody is told anything more. Who is slow is not waited for: the thread is a daemon."""
        self._is_over = True
        self._news.put(None)

    def announce(self, site: Site, settings: Settings) -> None:
        """A site whose topics stand as they did is no news, but to caches."""
        if not (settings.purge or _is_telling(settings)):
            self._announced = None
            return
        is_news = self._announced != (settings, site.topic_fingerprints)
        self._announced = (settings, site.topic_fingerprints)
        if is_news or settings.purge:
            self._news.put((site, settings, is_news))

    def _work(self) -> None:
        latest = self._news.get()
        due, pause = self._soon(), self._pause
        while latest:
            site, settings, _ = latest
            try:
                latest = self._news.get(timeout=max(0.0, due - time.monotonic()))
                if latest and latest[2]:
                    due = self._soon()
            except queue.Empty:
                if self._tell(site, settings, is_waiting=pause <= 2 * self._pause):
                    latest = self._news.get()
                    due, pause = self._soon(), self._pause
                else:
                    due, pause = time.monotonic() + pause, min(pause * 2, _LONGEST_PAUSE)

    def _soon(self) -> float:
        return time.monotonic() + self._settle

    def _tell(self, site: Site, settings: Settings, *, is_waiting: bool) -> bool:
        """False where it is worth trying again soon. `is_waiting` says that no hub is told before every cache is."""
        is_purged = self._purge(site, settings)
        if self._is_over or (is_waiting and not is_purged):
            return is_purged
        return self._ping(site, settings) and is_purged

    def _purge(self, site: Site, settings: Settings) -> bool:
        if not settings.purge:
            return True
        problems = []
        memory = self._memory.with_name(MEMORY)
        try:
            for purged in purge(standing(site), settings.purge, memory, self._patience):
                _log.log(logging.WARNING if purged.problem else logging.INFO, "%s", purged)
                problems.append(purged.problem)
        except FeedsiteError as error:
            _log.error("%s", error)
        except Exception:  # noqa: BLE001  # as below
            _log.exception("the caches could not be told")
        return not any(problems)

    def _ping(self, site: Site, settings: Settings) -> bool:
        if not (settings.hub and _is_telling(settings)):
            return True
        try:
            with closing(ping(settings.hub, topics(site, settings), self._memory, self._patience)) as run:
                for told in run:
                    _log.log(logging.WARNING if told.problem else logging.INFO, "%s", told)
                    if told.is_down:
                        return False
                    if self._is_over:
                        return True
        except FeedsiteError as error:
            _log.error("%s", error)
        except Exception:  # noqa: BLE001  # the thread must outlive whatever a hub or a disk does
            _log.exception("the hub could not be told")
        return True


def _is_telling(settings: Settings) -> bool:
    return bool(settings.ping and settings.hub and settings.base_url)
