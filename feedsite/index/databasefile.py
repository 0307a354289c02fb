"""The files of a database on disk: made for their user alone, locked between processes, and deleted.

SQLite keeps two files beside the main one, its log (-wal) and the log's index (-shm). The log of another database would
be taken for its own: it is deleted before the main file, and before a new one is made.
"""

import fcntl
import os
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from .unusable import Unusable, unwritable

_PRIVATE = 0o600
_LOGS = ("-wal", "-shm")


def make(path: Path, alone: AbstractContextManager[None]) -> None:
    """Makes the main file where it is missing, empty, while no other process does (`alone`).

    Only its user may read it, for it holds drafts; SQLite gives its log the same rights. Raises Unusable.
    """
    try:
        if not path.exists():
            with alone:
                if not path.exists():
                    _delete(path, _LOGS)
                with suppress(FileExistsError):  # another process was quicker
                    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE))
        elif (found := os.stat(path)).st_uid != os.geteuid():
            raise Unusable(f"{path} belongs to another user; delete it")
        elif found.st_mode & ~_PRIVATE & 0o777:
            os.chmod(path, _PRIVATE)
    except OSError as error:
        raise unwritable(path, error) from None


def discard(path: Path) -> None:
    """Deletes a database. Processes that have it open go on with the deleted files."""
    _delete(path, (*_LOGS, ""))


def take_lock(path: Path) -> int | None:
    """Takes a lock, which is held until the returned descriptor is closed; None where another process has it.

    The operating system closes it when its process exits. Raises Unusable.
    """
    lock = open_lock(path)
    if try_lock(lock):
        return lock
    os.close(lock)
    return None


def open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise unwritable(path, error) from None


def try_lock(lock: int) -> bool:
    """Whether this process has the lock now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _delete(path: Path, suffixes: tuple[str, ...]) -> None:
    for suffix in suffixes:
        with suppress(OSError):
            os.unlink(f"{path}{suffix}")
