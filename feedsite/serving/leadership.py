"""Which of the processes that serve a site's folder is the leader, and which index each of them uses.

The leader takes changes of the folder into the index; the followers, which are all other processes, read the index. The
leader holds a file lock; the operating system releases it when its process exits, and a follower takes it. Where no
index can be kept on disk, each process has one of its own in memory, and is a leader.
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ..folder import indexfile
from ..folder.library import Library
from ..index import leaderlock
from ..index.index import Index
from ..index.readresult import ReadResult
from ..index.unusable import Unusable
from .watch import TICK

_RETRY = 60  # seconds until an index that could not be kept on disk is tried again
_SILENCE = 10  # seconds without a sign of the leader after which it counts as stuck
_STALLED = 30  # the same while the leader should read the folder into an empty index
_log = logging.getLogger("feedsite")


class Leadership:
    """The part of this process. A method that may replace the library (with its index) returns the one to use."""

    def __init__(self, folder: Path, environment: Mapping[str, str], stop: threading.Event) -> None:
        """`stop` ends the wait for another process."""
        self.is_leader_silent = False
        self._folder = folder
        self._environment = environment
        self._stop = stop
        self._lock: int | None = None  # the leader's file lock, as an open descriptor
        self._last_good: list[ReadResult] = []  # of files that are faulty now, from a former index
        self._retry_at = 0.0  # by the monotonic clock

    @property
    def has_lock(self) -> bool:
        return self._lock is not None

    def is_leading(self, library: Library) -> bool:
        return self.has_lock or library.index.is_in_memory

    def take_lock(self, library: Library) -> bool:
        """Takes the leader's lock unless another process has it; returns whether this one has it now."""
        if self._lock is None:
            self._lock = leaderlock.take(library.index)
        return self.has_lock

    def resign(self) -> None:
        """Releases the leader's lock, if this process has it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def heartbeat(self, library: Library) -> float:
        """In the leader, shows the followers that it works. In a follower, returns for how many seconds the leader has
        not done so; 0 while that is not too long.
        """
        silence = 0.0
        if self._lock is not None:
            leaderlock.beat(self._lock)
        elif not library.index.is_in_memory:
            silence = leaderlock.silence(library.index)
        self.is_leader_silent = silence > _SILENCE
        return silence if self.is_leader_silent else 0.0

    def opened(self) -> Library:
        """A library with the index on disk, or with one in memory where none can be kept on disk."""
        try:
            index = indexfile.opened(self._folder, self._environment)
        except Unusable as error:
            self._log_in_memory(error)
            index = Index()
        return Library(self._folder, self._environment, index)

    def fill(self, library: Library) -> None:
        """Reads the folder into an empty index as leader, or waits until the leader has read it.

        This process is the leader afterwards unless another one is. Raises Unusable where another process has the lock
        of an empty index and reads nothing, and Faults where site.yaml is faulty.
        """
        index, started = library.index, time.monotonic()
        while not self._stop.is_set():
            self.take_lock(library)
            if library.is_empty and self.is_leading(library):
                with index.writing() as writer:
                    for read in self._last_good:
                        writer.put(read)
                library.read(waits_for_saves=True)
            if not library.is_empty:
                return
            self.resign()
            if min(time.monotonic() - started, leaderlock.silence(index)) > _STALLED:
                raise Unusable(f"another process holds {index.database.path}, and reads nothing")
            self._stop.wait(TICK / 1000)

    def recovered(self, library: Library, error: Unusable) -> Library:
        """The library to use after an error of the index.

        It has a new index where this one is damaged, deleted or replaced, and one in memory where none can be written.
        It is the same library where the error passes by itself.
        """
        index = library.index
        if error.is_passing:
            _log.warning("%s; trying again", error)
            return library
        if not index.database.is_in_place:
            return self._moved(library)
        if error.is_damaged:
            _log.warning("the index is damaged (%s): it is made anew", error)
            index.database.discard()
            return self._replaced(library, self.opened())
        self._log_in_memory(error)
        try:
            copy = index.in_memory()
        except Unusable:
            copy = Index()
        return self._replaced(library, Library(self._folder, self._environment, copy))

    def checked(self, library: Library) -> Library:
        """The library to use now: another one if the index was deleted or replaced, or can be kept on disk again."""
        if not library.index.database.is_in_place:
            return self._moved(library)
        if library.index.is_in_memory and time.monotonic() > self._retry_at:
            return self._on_disk_again(library)
        return library

    def _moved(self, library: Library) -> Library:
        _log.warning("the index is gone, or another one stands there: that is used from now on")
        return self._replaced(library, self.opened())

    def _on_disk_again(self, library: Library) -> Library:
        self._retry_at = time.monotonic() + _RETRY
        try:
            index = indexfile.opened(self._folder, self._environment)
            with index.writing() as writer:
                writer.set_meta("tried", time.time_ns())
        except Unusable:
            return library
        _log.info("the index can be kept again")
        return self._replaced(library, Library(self._folder, self._environment, index))

    def _replaced(self, former: Library, library: Library) -> Library:
        """The new library. It takes over the last good versions of files that are faulty now, site.yaml among them."""
        self.resign()
        library.use_site_yaml_of(former)
        with suppress(Unusable):
            self._last_good = former.index.last_good()
        return library

    def _log_in_memory(self, error: Unusable) -> None:
        _log.warning("the index cannot be kept (%s): this process goes on without, all articles in memory", error)
        self._retry_at = time.monotonic() + _RETRY
