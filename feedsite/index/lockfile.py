"""Locks between processes: files, which the operating system unlocks when the process that locked them exits.

Whoever can open a file can lock it. So the file of a lock is its user's alone. Another user may have locked one that is
not, such as those of older versions (0644), and a chmod would not end that: it is deleted, and made anew.
"""

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

_PRIVATE = 0o600
_OTHERS = 0o077  # all rights of the group and of others
_FLAGS = os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TRIES = 10
_GUARD = "renewal.lock"  # beside the lock's file, locked while that is deleted


def take(path: Path) -> int | None:
    """Locks a file, until the returned descriptor is closed; None where another process has locked it.

    Raises OSError.
    """
    try:
        return _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def wait_for(path: Path) -> int:
    """The same, when the process that has locked the file is done."""
    return _locked(path, fcntl.LOCK_EX)


def _locked(path: Path, operation: int) -> int:
    """Tries again where the file was deleted before it was locked: the next process would lock another one."""
    while True:
        lock = _opened(path)
        try:
            fcntl.flock(lock, operation)
            is_in_place = _is_in_place(lock, path)
        except BaseException:
            os.close(lock)
            raise
        if is_in_place:
            return lock
        os.close(lock)


def _opened(path: Path) -> int:
    for _ in range(_TRIES):
        if not _is_private(path):
            _delete(path)
        lock = os.open(path, _FLAGS, _PRIVATE)
        if _is_alone(os.fstat(lock)):
            return lock
        os.close(lock)
    raise PermissionError(errno.EACCES, "the disk does not keep it from other users")


def _delete(path: Path) -> None:
    """Deletes a file that others may have locked.

    One process at a time looks and deletes. Else a slow one would delete the file that a quick one has made and locked.
    """
    guard_path = path.with_name(_GUARD)
    guard = os.open(guard_path, _FLAGS, _PRIVATE)
    try:
        if not _is_alone(os.fstat(guard)):
            raise PermissionError(errno.EACCES, f"another user may hold {guard_path}; delete that")
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not _is_private(path):
            with suppress(FileNotFoundError):  # an operator deleted it
                os.unlink(path)
    finally:
        os.close(guard)


def _is_private(path: Path) -> bool:
    """Whether no other user can open the file. So it is where there is none."""
    try:
        return _is_alone(os.lstat(path))
    except FileNotFoundError:
        return True


def _is_alone(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS


def _is_in_place(lock: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock), os.stat(path))
    except FileNotFoundError:
        return False
