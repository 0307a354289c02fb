"""A server's hub is told in a thread of its own: whoever follows the folder never waits for a hub."""

import logging
import queue
import threading
from contextlib import closing
from pathlib import Path

from ..catalogue import Edition
from ..errors import FeedsiteError
from ..reading.settings import Settings
from ..site import Site
from ..websub import USUAL, Patience, ping, topics

_LONGEST_PAUSE = 3600  # seconds
_log = logging.getLogger("feedsite")


class Announcer:
    """Tells the hub of each new edition when it has stood for `settle` seconds: by then every worker serves it.

    A hub that is down is tried again after `pause` seconds, then after twice as many, at last each hour.
    """

    def __init__(self, memory: Path, *, settle: float = 1, pause: float = 60, patience: Patience = USUAL) -> None:
        self._memory = memory
        self._settle = settle
        self._pause = pause
        self._patience = patience
        self._announced: tuple[Edition, Settings] | None = None
        self._news: queue.SimpleQueue[tuple[Site, Settings] | None] = queue.SimpleQueue()
        self._is_over = False
        self._thread = threading.Thread(target=self._work, name="feedsite-ping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The hub is told nothing more. A slow one is not waited for: the thread is a daemon."""
        self._is_over = True
        self._news.put(None)

    def announce(self, edition: Edition, site: Site, settings: Settings) -> None:
        """`site` is the plan of the edition. One that differs in its pictures alone is no news."""
        if self._announced != (edition, settings):
            self._announced = (edition, settings)
            self._news.put((site, settings))

    def _work(self) -> None:
        news = self._news.get()
        wait: float | None = self._settle
        pause = self._pause
        while news:
            latest = news
            try:
                news = self._news.get(timeout=wait)
                wait = self._settle
            except queue.Empty:
                if self._tell(*latest):
                    wait, pause = None, self._pause
                else:
                    wait, pause = pause, min(pause * 2, _LONGEST_PAUSE)

    def _tell(self, site: Site, settings: Settings) -> bool:
        """False where it is worth trying again soon."""
        if not (settings.ping and settings.hub and settings.base_url):
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
