"""The lock of the leader: the one process that commits changes of the folder to an index.

The lock is a file beside the index. The operating system releases it when its process exits, and a follower takes it.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from .databasefile import take_lock
from .index import Index

_BEAT = 1  # seconds between two heartbeats


def take(index: Index) -> int | None:
    """Takes the lock, which is held until the returned descriptor is closed.

    None where another process has it, or where the index is in memory. Raises Unusable.
    """
    path = index.database.path
    return take_at(path) if path else None


def take_at(path: Path) -> int | None:
    """The same for the index at a path, also where that cannot be opened."""
    return take_lock(_file(path))


def beat(lock: int) -> None:
    """A heartbeat: sets the time of the lock's file, so that the followers see that the leader works."""
    now = time.time()
    if now - os.fstat(lock).st_mtime > _BEAT or os.fstat(lock).st_mtime > now:
        os.utime(lock)


def silence(index: Index) -> float:
    """Seconds since the last heartbeat of a leader, or the last commit; 0 for an index in memory."""
    if (path := index.database.path) is None:
        return 0.0
    last = 0.0
    for file in (_file(path), Path(f"{path}-wal")):
        with suppress(OSError):
            last = max(last, os.stat(file).st_mtime)
    return max(0.0, time.time() - last)


def _file(path: Path) -> Path:
    return path.with_suffix(".leading")
