"""Copies of pictures, kept on the disk once they are made: beside the index, for every process that has it.

A copy's name says what it was made of and how, so it is never outdated. One that nobody has asked for in a month goes,
and the least recently asked for make room. Only files are believed that nobody else can have written (ownfile.py);
where the disk keeps none, each copy is made when it is asked for.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock, get_ident

from ..codehash import code_hash
from ..index.ownfile import is_believed
from ..pictures.sizes import Copy

FOLDER = "pictures"  # beside the index
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_LARGEST = 1024**3  # bytes of all files together
_UNUSED = 30 * 24 * 3600  # seconds
_TOUCHED = 24 * 3600  # seconds after which it is noted again that a file is used
_OFTEN = 200  # files that are written between two looks at all of them
_PART = ".part"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LARGEST_COPY = 64 * 1024**2  # bytes


class CopyStore:
    """The copies that lie beside an index; without its path none are kept."""

    def __init__(self, index: Path | None) -> None:
        self._folder = index.parent / FOLDER if index else None

    def find(self, name: str) -> bytes | None:
        """The bytes of a copy; None where it must be made."""
        if self._folder is None:
            return None
        path = self._folder / name
        try:
            if not (is_believed(self._folder) and is_believed(path)):
                return None
            with open(path, "rb") as file:
                found = file.read(_LARGEST_COPY)
            age = time.time() - os.stat(path).st_mtime
            if not 0 <= age < _TOUCHED:
                os.utime(path)
        except OSError:
            return None
        return found

    def has(self, name: str) -> bool:
        """Whether the copy is kept."""
        return self._folder is not None and os.path.exists(self._folder / name)

    def put(self, name: str, body: bytes) -> None:
        """Keeps a copy, if the disk does."""
        if self._folder is None:
            return
        part = self._folder / f"{name}.{os.getpid()}-{get_ident()}{_PART}"
        with suppress(OSError):
            self._folder.mkdir(_PRIVATE_FOLDER, exist_ok=True)
            if not is_believed(self._folder):
                return
            try:
                with open(os.open(part, _NEW, _PRIVATE_FILE), "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())  # else a power loss could leave a half one, which would be believed
                os.replace(part, self._folder / name)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            if _counted():
                self._make_room(time.time())

    def _make_room(self, now: float) -> None:
        assert self._folder is not None  # noqa: S101  # put has looked
        kept = 0
        for used, size, path in sorted(self._files(), reverse=True):
            kept += size
            if kept > _LARGEST or not -_UNUSED < now - used < _UNUSED:
                with suppress(OSError):
                    os.unlink(path)

    def _files(self) -> Iterator[tuple[float, int, str]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime, found.st_size, entry.path


def name_of(digest: str, copy: Copy) -> str:
    """The name of the copy of a picture whose bytes have this digest."""
    ingredients = repr((digest, copy.type, copy.width, copy.height, version()))
    return blake2b(ingredients.encode(), digest_size=16).hexdigest()


@cache
def version() -> str:
    """Of what copies are made by: the code, and Pillow."""
    return code_hash("pictures.copies", "pictures.reading")


_lock = Lock()
_written = 0


def _counted() -> bool:
    """Counts a file that was written; whether it is time to look at all of them."""
    global _written  # noqa: PLW0603  # of this process
    with _lock:
        _written += 1
        return _written % _OFTEN == 1
