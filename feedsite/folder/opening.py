"""Files and folders of the site, opened, read and listed; a link is followed within the site only (nofollow.py)."""

import errno
import fcntl
import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from ..errors import Outside
from ..urls import MEDIA_FOLDERS
from .nofollow import Descent, Result

ENTRIES, PAGES, THEME = "entries", "pages", "theme"
TEXTS = (ENTRIES, PAGES)  # the folders of YAML files: of articles, and of standing pages
ROOTS = (*TEXTS, *MEDIA_FOLDERS, THEME)
LARGEST = 1024 * 1024  # bytes of one YAML file; a long article has 50 kB
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # opening a pipe waits for no writer
_LISTED = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_OPEN = 5_000_000_000  # ns since its last change for which a file that a program has open for writing is waited for
_QUIET = 500_000_000  # the same for a file of another user: the system does not say whether a program has it open
_PIECE = 256 * 1024  # bytes


class Unreadable(Exception):
    """A file that exists and cannot be an article; the text says why."""


class Opened:
    """A file of the site, open to be read in pieces. It may be replaced or deleted meanwhile, but not changed."""

    def __init__(self, file: int, found: os.stat_result) -> None:
        self._file = file
        self._bytes = found.st_size, found.st_mtime_ns  # ctime also changes when the file is renamed or deleted
        self.found = found

    def read(self, start: int, most: int) -> bytes:
        """At most `most` bytes from `start` on. Raises OSError where the file was changed since it was opened."""
        piece = os.pread(self._file, most, start)
        if self.has_changed:
            raise OSError(errno.ESTALE, "the file is being changed")
        return piece

    @property
    def has_changed(self) -> bool:
        """Whether the file was written to since it was opened."""
        now = os.fstat(self._file)
        return (now.st_size, now.st_mtime_ns) != self._bytes

    def whole(self) -> bytes:
        """All bytes, also of a file that is being changed."""
        found: list[bytes] = []
        start, most = 0, self.found.st_size + 1
        while piece := os.pread(self._file, most, start):
            found.append(piece)
            start, most = start + len(piece), _PIECE
        return b"".join(found)

    def pieces(self, size: int = _PIECE) -> Iterator[bytes]:
        """All bytes, in pieces. Raises OSError as `read` does."""
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
    """What changes whenever a file's bytes do: its size, mtime and ctime in ns, and inode."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def opened(folder: str | Path, path: str, beneath: str = "") -> Opened:
    """Opens an ordinary file of the site. Raises OSError, and Unreadable for a folder, a pipe or a device.

    `beneath` is the folder of the site out of which no link may lead; "" is the site's own.
    """
    file, _ = _reached(folder, path, beneath, _file)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("this is no ordinary file (a folder, a pipe or a device)")
    except BaseException:
        os.close(file)
        raise
    return Opened(file, found)


def open_folder(folder: str | Path, path: str, beneath: str = "") -> int:
    """A descriptor of one of the site\'s folders, to be listed and closed. Raises OSError."""
    return _reached(folder, path, beneath, _listed)[0]


def status(folder: str | Path, path: str, beneath: str = "") -> os.stat_result:
    """The status of a path; for a link, of its target. Raises OSError."""
    return _reached(folder, path, beneath, _stat)[0]


def without_links(folder: str | Path, path: str) -> str:
    """The same path without links, relative to the site\'s folder. Raises OSError."""
    return "/".join(_reached(folder, path, "", _stat)[1])


def content(folder: str | Path, path: str) -> bytes:
    """A YAML file's bytes. Raises OSError, and Unreadable for what is no ordinary file, or too large."""
    return content_and_change(folder, path)[0]


def content_and_change(folder: str | Path, path: str) -> tuple[bytes, bool]:
    """The same, and whether the file was written to while it was read."""
    with opened(folder, path) as file:
        text = file.whole() if file.found.st_size <= LARGEST else b""
        size = max(len(text), file.found.st_size)
        was_changed = file.has_changed
    if size > LARGEST:
        raise Unreadable(
            f"the file is larger than {LARGEST // 1024**2} MB; an article holds text, its pictures stand in images/"
        )
    return text, was_changed


def is_written_to(folder: str | Path, path: str) -> bool | None:
    """Whether some program has the file open for writing. None where the file is another user's, so that the system
    refuses to answer; False where it cannot answer.

    A lease for reading is granted only while no program has the file open for writing (fcntl(2), F_SETLEASE), to the
    file's owner, on local disks. A program that opens the file during the lease waits for its end, microseconds, and
    this process gets a signal that does nothing.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    file, _ = _reached(folder, path, "", _file)
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


def is_open(folder: str | Path, path: str, age: int) -> bool:
    """Whether a file that was last changed `age` ns ago should be waited for: a program may still write to it."""
    if not 0 <= age < _OPEN:
        return False
    is_written = is_written_to(folder, path)
    return age < _QUIET if is_written is None else is_written


def _reached(
    folder: str | Path, path: str, beneath: str, act: Callable[[str, int], Result]
) -> tuple[Result, list[str]]:
    """What `act` returns for a path, and the path's names without links (nofollow.Descent.reach)."""
    descent = Descent(folder, beneath)
    try:
        if beneath:
            descent.reach(f"{beneath}/.", _stat)
            others = {root for root in ROOTS if root != beneath}
            names = descent.names
            if not names or names[0] in others or any(map(_is_hidden, names)):
                raise Outside(beneath)  # `beneath` is a link itself: to articles, to all of the site, to what is hidden
            descent.floor = list(names)
            path = path[len(beneath) + 1 :]
        reached = descent.reach(path, act)
        top, slash, _ = path.partition("/")
        if slash and top in TEXTS and _are_hidden(folder, top, descent.names):
            if isinstance(reached, int):
                os.close(reached)
            raise Outside("", is_hidden=True)
        return reached, descent.names
    finally:
        descent.close()


def _are_hidden(folder: str | Path, top: str, names: list[str]) -> bool:
    """Whether these names, to which a path below `top` led, are hidden; `top` itself may be a link anywhere."""
    if not any(map(_is_hidden, names)):
        return False
    root = Descent(folder)
    try:
        root.reach(top, _stat)
    finally:
        root.close()
    return names[: len(root.names)] != root.names or any(map(_is_hidden, names[len(root.names) :]))


def _is_hidden(name: str) -> bool:
    """Whether a name is hidden. The folders that Kubernetes makes beside ..data are not."""
    return name.startswith(".") and not name.startswith("..")


def _listed(name: str, within: int) -> int:
    return os.open(name, _LISTED, dir_fd=within)


def _file(name: str, within: int) -> int:
    return os.open(name, _FILE, dir_fd=within)


def _stat(name: str, within: int) -> os.stat_result:
    found = os.stat(name, dir_fd=within, follow_symlinks=False)
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return found
