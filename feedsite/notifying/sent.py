"""A file in the cache folder of what was sent, and need not be sent again: a JSON value a line, and a lock beside it.

A sender locks the file before it reads it: of two processes that would send the same, the second finds it sent. A file
that others may have written is not believed, and deleted by the next process that locks it.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import FeedsiteError, reason
from ..folder import indexfile
from ..index import lockfile
from ..index.ownfile import is_believed
from ..index.unusable import Unusable

_PRIVATE = 0o600


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Waits for other processes. The lock of a process that was killed is released. Raises FeedsiteError."""
    try:
        indexfile.make(file.parent)
        lock = lockfile.wait_for(file.with_suffix(".lock"))
    except Unusable as error:
        raise FeedsiteError(f"{error}; so nobody is told anything") from None
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        _delete_unbelieved(file)
        yield
    finally:
        os.close(lock)


def read(file: Path) -> list[Any]:
    """The values, of any shape; none where the file is missing, damaged or not believed. Raises FeedsiteError."""
    try:
        if file.exists() and not file.is_file():
            raise _unreadable(file, "this is no ordinary file (a folder, a pipe or a device)")
        if not is_believed(file):
            return []
        return [json.loads(line) for line in file.read_bytes().splitlines()]
    except (FileNotFoundError, ValueError, RecursionError):
        return []
    except OSError as error:
        raise _unreadable(file, reason(error)) from None


def write(file: Path, values: Iterable[object]) -> None:
    """Replaces the whole file: when the process is killed meanwhile, the former file stays. Raises FeedsiteError.

    Many small values are better than a large one: while JSON is read or printed, all other threads wait.
    """
    part = file.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)  # of a process that was killed; or a link that somebody laid there
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(value, separators=(",", ":")) + "\n" for value in values)
        os.replace(part, file)
    except OSError as error:
        raise _unwritable(file, error) from None


def _delete_unbelieved(file: Path) -> None:
    try:
        if not is_believed(file):
            file.unlink()
    except OSError as error:
        raise _unwritable(file, error) from None


def _unreadable(file: Path, why: str) -> FeedsiteError:
    return FeedsiteError(f"{file} cannot be read: {why}; so nobody is told anything")


def _unwritable(file: Path, error: OSError) -> FeedsiteError:
    return FeedsiteError(f"{file.parent} cannot be written to: {error.strerror}; so nobody is told anything")
