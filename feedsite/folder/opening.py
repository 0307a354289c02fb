"""Files of the site, opened so that no link leads out of it, whatever is changed at that very moment.

A path is walked one name at a time, each opened below the folder before it and never through a link: O_NOFOLLOW. A link
is read, and what it says is walked in the same way: within the site it leads to where it would anyway, and no further.
The site's own folder may be reached by any links: they are the operator's.
"""

import errno
import fcntl
import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self, TypeVar

from ..errors import Outside
from ..urls import MEDIA_FOLDERS

ENTRIES = "entries"
ROOTS = (ENTRIES, *MEDIA_FOLDERS)
LARGEST = 1024 * 1024  # bytes of one YAML file; a long article has 50 kB
_MOST_NAMES = 2000  # that one way may go by, those of its links among them
_MOST_LINKS = 40  # on the way to one file, as Linux has it (path_resolution(7))
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # of a pipe nobody is waited for
_LISTED = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_PIECE = 256 * 1024  # bytes
Result = TypeVar("Result")


class Unreadable(Exception):
    """A file that is there and cannot be an article; the text says why."""


class Opened:
    """A file of the site, open to be read in pieces as long as its bytes stay: replaced or deleted it may be."""

    def __init__(self, file: int, found: os.stat_result) -> None:
        self._file = file
        self._bytes = found.st_size, found.st_mtime_ns  # and no ctime, which another name, or none, changes too
        self.found = found

    def read(self, start: int, most: int) -> bytes:
        """Up to so many bytes from there on. Raises OSError where the file was changed since it was opened."""
        piece = os.pread(self._file, most, start)
        now = os.fstat(self._file)
        if (now.st_size, now.st_mtime_ns) != self._bytes:
            raise OSError(errno.ESTALE, "the file is being changed")
        return piece

    def whole(self) -> bytes:
        """All of it, changed or not."""
        with open(self._file, "rb", buffering=0, closefd=False) as file:
            return file.read()

    def pieces(self, size: int = _PIECE) -> Iterator[bytes]:
        """All of it."""
        start = 0
        while piece := self.read(start, size):
            start += len(piece)
            yield piece

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def signature(found: os.stat_result) -> tuple[int, int, int, int]:
    """What tells a file's content from another one: size, mtime and ctime in ns, inode."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def opened(folder: str | Path, path: str, beneath: str = "") -> Opened:
    """An ordinary file of the site. Raises OSError, and Unreadable for what is none.

    `beneath` is the folder of the site that a link must not lead out of, where that is not the whole site.
    """
    file, _ = _led(folder, path, beneath, _file)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("this is no ordinary file (a folder, a pipe or a device)")
    except BaseException:
        os.close(file)
        raise
    return Opened(file, found)


def listed(folder: str | Path, path: str, beneath: str = "") -> int:
    """A descriptor of one of the site's folders, to be listed. Raises OSError."""
    return _led(folder, path, beneath, _listed)[0]


def found(folder: str | Path, path: str, beneath: str = "") -> os.stat_result:
    """What stands there; of a link, where it leads. Raises OSError."""
    return _led(folder, path, beneath, _stat)[0]


def led(folder: str | Path, path: str, beneath: str = "") -> tuple[os.stat_result, str]:
    """The same, and its path in the site's folder without links."""
    there, names = _led(folder, path, beneath, _stat)
    return there, "/".join(names)


def content(folder: str | Path, path: str) -> bytes:
    """A YAML file's bytes. Raises OSError, and Unreadable where reading it would never end or lead nowhere."""
    with opened(folder, path) as file:
        text = file.whole() if file.found.st_size <= LARGEST else b""
        size = max(len(text), file.found.st_size)
    if size > LARGEST:
        raise Unreadable(
            f"the file is larger than {LARGEST // 1024**2} MB; an article holds text, its pictures stand in images/"
        )
    return text


def is_written_to(folder: str | Path, path: str) -> bool | None:
    """Whether some program has the file open for writing. False where the system cannot tell, None where it will not:
    the file is another user's.

    A lease for reading is granted only where nobody writes (fcntl(2), F_SETLEASE), to a file's owner, on local disks.
    Who opens the file while it is held waits for its end, microseconds, and this process is sent a signal that does
    nothing.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    file, _ = _led(folder, path, "", _file)
    try:
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except PermissionError:
        return None
    except OSError:
        return False
    finally:
        os.close(file)
    return False


def _led(folder: str | Path, path: str, beneath: str, reach: Callable[[str, int], Result]) -> tuple[Result, list[str]]:
    """What `reach` gives for the last name of a path and the folder that it stands in, and the names without links.

    `reach` raises OSError for a link.
    """
    way = _Way(folder, beneath)
    try:
        if beneath:
            way.go(f"{beneath}/.", _stat)
            others = {root for root in ROOTS if root != beneath}
            if not way.names or way.names[0] in others or any(map(_is_hidden, way.names)):
                raise Outside(
                    beneath
                )  # the folder itself is a link: to articles, to all of the site, to what is hidden
            way.floor = list(way.names)
            path = path[len(beneath) + 1 :]
        return way.go(path, reach), way.names
    finally:
        way.close()


class _Way:
    """A way down from the site's folder. `names` are those that were gone by, `floor` those above which it must not go.

    Never more than two folders are open, and so a way back begins at the top again.
    """

    def __init__(self, folder: str | Path, beneath: str) -> None:
        self.names: list[str] = []
        self.floor: list[str] = []
        self._folder = folder
        self._beneath = beneath
        self._links = 0
        self._entered = 0
        self._here = os.open(folder, _FOLDER)

    def go(self, path: str, reach: Callable[[str, int], Result]) -> Result:
        waiting = path.split("/")[::-1]
        while waiting:
            name = waiting.pop()
            if name == "..":
                if len(self.names) <= len(self.floor):
                    raise Outside(self._beneath)
                waiting += self.names[-2::-1]
                self._begin_again()
            elif name not in ("", "."):
                try:
                    if not waiting:
                        reached = reach(name, self._here)
                        self.names.append(name)
                        return reached
                    self._enter(name)
                except OSError:
                    if (target := _target(name, self._here)) is None:
                        raise
                    self._links += 1
                    if self._links > _MOST_LINKS:
                        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
                    waiting += target.split("/")[::-1] if not target.startswith("/") else self._from_top(target)
        return reach(".", self._here)

    def close(self) -> None:
        os.close(self._here)

    def _enter(self, name: str) -> None:
        self._entered += 1
        if self._entered > _MOST_NAMES:  # each .. of a link is a new way from the top
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=self._here)
        self.close()
        self._here = below
        self.names.append(name)

    def _begin_again(self) -> None:
        top = os.open(self._folder, _FOLDER)
        self.close()
        self._here = top
        self.names = []

    def _from_top(self, target: str) -> list[str]:
        """An absolute target's names, the last first, on a way that begins at the top; it must lie below the floor."""
        for place in (os.path.abspath(self._folder), os.path.realpath(self._folder)):
            floor = "/".join((place.rstrip("/"), *self.floor))
            if f"{target}/".startswith(f"{floor}/"):
                self._begin_again()
                return [*target[len(floor) :].split("/")[::-1], *self.floor[::-1]]
        raise Outside(self._beneath)


def _is_hidden(name: str) -> bool:
    """But for the folders that Kubernetes makes beside ..data."""
    return name.startswith(".") and not name.startswith("..")


def _folder(name: str, within: int) -> int:
    return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=within)


def _listed(name: str, within: int) -> int:
    return os.open(name, _LISTED, dir_fd=within)


def _file(name: str, within: int) -> int:
    return os.open(name, _FILE, dir_fd=within)


def _stat(name: str, within: int) -> os.stat_result:
    found = os.stat(name, dir_fd=within, follow_symlinks=False)
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return found


def _target(name: str, within: int) -> str | None:
    """Where a link leads; None for what is none."""
    try:
        return os.readlink(name, dir_fd=within)
    except OSError:
        return None
