"""The files of a database on disk: made for their user alone, locked between processes, and deleted.

SQLite keeps files beside the main one: its log (-wal or -journal) and the log's index (-shm). The log of another
database would be taken for its own: it is deleted before the main file, and before a new one is made.
"""

import os
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from . import lockfile
from .ownfile import is_believed
from .unusable import Unusable, unwritable

_PRIVATE = 0o600
_LOGS = ("-wal", "-shm", "-journal")


def make(path: Path, alone: AbstractContextManager[None]) -> None:
    """Makes the main file where it is missing, empty, while no other process does (`alone`).

    Files that others may have written are deleted before. Only its user may read the file, for it holds drafts; SQLite
    gives its log the same rights. Raises Unusable.
    """
    try:
        if not (path.exists() and _are_believed(path)):
            with alone:
                if not _are_believed(path):
                    discard(path)
                if not path.exists():
                    _delete(path, _LOGS)
                with suppress(FileExistsError):  # another process was quicker
                    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE))
            if not _are_believed(path):
                raise Unusable(f"others may have written {path}; delete {path.parent}")
        elif os.stat(path).st_mode & ~_PRIVATE & 0o777:
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
    try:
        return lockfile.take(path)
    except OSError as error:
        raise unwritable(path, error) from None


def _are_believed(path: Path) -> bool:
    return all(is_believed(Path(f"{path}{suffix}")) for suffix in ("", *_LOGS))


def _delete(path: Path, suffixes: tuple[str, ...]) -> None:
    for suffix in suffixes:
        with suppress(OSError):
            os.unlink(f"{path}{suffix}")
