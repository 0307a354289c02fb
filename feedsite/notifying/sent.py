"""What others were told and need not be told again: a file in the cache folder, a JSON value a line.

Whoever tells holds the file's lock, and reads the file only then: of two workers the second finds nothing left to tell.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import FeedsiteError, reason
from ..folder import indexfile
from ..index.database import Unusable

_PRIVATE = 0o600


@contextmanager
def alone(memory: Path) -> Iterator[None]:
    """One run at a time, whatever the process; another one waits. The lock of a killed process is open."""
    try:
        indexfile.make(memory.parent)
        lock = os.open(memory.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE)
    except Unusable as error:
        raise FeedsiteError(f"{error}; so nobody is told anything") from None
    except OSError as error:
        raise _unwritable(memory, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def remembered(memory: Path) -> list[Any]:
    """The values, checked by nobody yet; none where the file is away or damaged. Raises FeedsiteError."""
    try:
        if memory.exists() and not memory.is_file():
            raise _unreadable(memory, "this is no ordinary file (a folder, a pipe or a device)")
        return [json.loads(line) for line in memory.read_bytes().splitlines()]
    except (FileNotFoundError, ValueError, RecursionError):
        return []
    except OSError as error:
        raise _unreadable(memory, reason(error)) from None


def remember(memory: Path, held: Iterable[object]) -> None:
    """The file is replaced whole: a process that is killed meanwhile leaves the former one. Raises FeedsiteError.

    Many small values are better than a large one: reading or writing one keeps all threads waiting.
    """
    part = memory.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)  # of a run that was killed; or a link that somebody laid there
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(value, separators=(",", ":")) + "\n" for value in held)
        os.replace(part, memory)
    except OSError as error:
        raise _unwritable(memory, error) from None


def _unreadable(memory: Path, why: str) -> FeedsiteError:
    return FeedsiteError(f"{memory} cannot be read: {why}; so nobody is told anything")


def _unwritable(memory: Path, error: OSError) -> FeedsiteError:
    return FeedsiteError(f"{memory.parent} cannot be written to: {error.strerror}; so nobody is told anything")
