"""A site's folder as the operating system shows it: which files there are, and their bytes."""

import errno
import fcntl
import os
import re
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

from .. import media
from ..errors import Fault
from ..urls import MEDIA_FOLDERS

ENTRIES = "entries"
ROOTS = (ENTRIES, *MEDIA_FOLDERS)
LARGEST = 1024 * 1024  # bytes of one YAML file; a long article has 50 kB
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SUFFIXES = (".yaml", ".yml")
# Endings under which an article may have been saved by mistake.
_OTHER_SUFFIXES = (".txt", ".md", ".json", ".rtf", ".doc", ".docx", ".odt")


# Refusals that pass by themselves: too many open files, a disk or a network that is away for a moment.
_PASSING = frozenset({errno.EAGAIN, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT})


class Unreadable(Exception):
    """A file that is there and cannot be an article; the text says why."""


class Walk:
    """A walk over one of ROOTS, or over what changed below it: a path relative to the site's folder.

    `lost` are the places that could not be looked at, so that nothing is known of what stands there. `is_passing` says
    that such a refusal may be gone the next moment, though no change will tell so.
    """

    def __init__(self, folder: Path, path: str) -> None:
        self.faults: list[Fault] = []
        self.lost: list[str] = []
        self.is_passing = False
        self._folder = os.fspath(folder)
        self._path = path

    def entry_files(self) -> Iterator[tuple[str, os.stat_result]]:
        for path, found, _ in self._found():
            name = path.rpartition("/")[2].lower()
            if name.endswith(_SUFFIXES):
                yield path, found
            elif any(f"{suffix}." in name for suffix in _SUFFIXES) or (
                name.endswith(_OTHER_SUFFIXES) and not name.startswith("readme")
            ):
                message = "this file is not read; its name must end in .yaml"
                self.faults.append(Fault(path, 0, 0, message, is_note=True))

    def media_files(self) -> Iterator[tuple[str, os.stat_result, str]]:
        """The files to be published beside the articles, each with its media type."""
        top = os.path.realpath(f"{self._folder}/{self._path.partition('/')[0]}")
        for path, found, is_linked in self._found():
            kind = media.type_of(path)
            if kind and stat.S_ISREG(found.st_mode):
                if is_linked and not os.path.realpath(f"{self._folder}/{path}").startswith(f"{top}/"):
                    continue  # a link may lead to any file of the machine
                yield path, found, kind

    def _found(self) -> Iterator[tuple[str, os.stat_result, bool]]:
        """Each file, and whether a link led to it."""
        top, *names = self._path.split("/")
        try:
            found = os.stat(f"{self._folder}/{top}")
        except OSError as error:
            if top == ENTRIES or not isinstance(error, FileNotFoundError):
                self._lose(top, error)
            return
        if not stat.S_ISDIR(found.st_mode):
            if top == ENTRIES:
                self._lose(top, NotADirectoryError())
            return
        if not names:
            yield from self._below(top, (), is_linked=False)
            return
        above = [(found.st_dev, found.st_ino)]
        is_linked = False
        for depth, name in enumerate(names, 1):
            path = "/".join((top, *names[:depth]))
            if _is_passed_over(name) or not self._is_told(path):
                return
            is_linked |= os.path.islink(f"{self._folder}/{path}")
            if depth == len(names):
                yield from self._one(path, tuple(above), is_linked)
            else:
                try:
                    found = os.stat(f"{self._folder}/{path}")
                except (FileNotFoundError, NotADirectoryError):
                    return
                except OSError as error:
                    self._lose(path, error)
                    return
                if name.lower().endswith(_SUFFIXES) or (found.st_dev, found.st_ino) in above:
                    return  # the folder was told when it was met
                above.append((found.st_dev, found.st_ino))

    def _below(
        self, path: str, above: tuple[tuple[int, int], ...], *, is_linked: bool
    ) -> Iterator[tuple[str, os.stat_result, bool]]:
        """Every file below a folder that is not hidden and no editor's backup, in the order of names."""
        try:
            found = os.stat(f"{self._folder}/{path}")
            with os.scandir(f"{self._folder}/{path}") as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            self._lose(path, error)
            return
        here = (found.st_dev, found.st_ino)
        if here in above:
            self._fault(path, "this link leads back to a folder above it; delete the link")
            return
        for entry in entries:
            if not _is_passed_over(entry.name) and self._is_told(f"{path}/{entry.name}"):
                yield from self._one(f"{path}/{entry.name}", (*above, here), is_linked or entry.is_symlink())

    def _one(
        self, path: str, above: tuple[tuple[int, int], ...], is_linked: bool
    ) -> Iterator[tuple[str, os.stat_result, bool]]:
        try:
            found = os.stat(f"{self._folder}/{path}")
        except OSError as error:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                self._lose(path, error)
            elif os.path.islink(f"{self._folder}/{path}"):
                self._fault(path, told(error))  # else it has just been taken away
            return
        if not stat.S_ISDIR(found.st_mode):
            yield path, found, is_linked
        elif path.lower().endswith(_SUFFIXES):
            self._fault(path, "this is a folder with the name of an article; rename the folder")
        else:
            yield from self._below(path, above, is_linked=is_linked)

    def _is_told(self, path: str) -> bool:
        """Whether the path is text; else that is a fault."""
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode("utf-8", "replace")
            self._fault(shown, "the file's name holds letters of another encoding; give it a new name")
            return False
        if _CONTROL.search(path):  # in a log it could begin a line of its own
            self._fault(_CONTROL.sub("?", path), "the file's name holds an invisible character (?); give it a new name")
            return False
        return True

    def _lose(self, path: str, error: OSError) -> None:
        self.lost.append(path)
        self.is_passing |= is_passing(error)
        self._fault(path, told(error))

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(path, 0, 0, message))


def _is_passed_over(name: str) -> bool:
    """Hidden files, and what editors' programs leave beside a file."""
    return name.startswith((".", "#")) or name.endswith("~")


def is_below(path: str, folders: list[str]) -> bool:
    """Whether a path is one of these, or stands below one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def content(path: str | Path) -> bytes:
    """A file's bytes. Raises OSError, and Unreadable where reading it would never end or lead nowhere."""
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("this is no ordinary file (a folder, a pipe or a device)")
    with open(path, "rb", buffering=0) as file:
        content = b"" if found.st_size > LARGEST else file.read()
    if max(len(content), found.st_size) > LARGEST:
        raise Unreadable(
            f"the file is larger than {LARGEST // 1024**2} MB; an article holds text, its pictures stand in images/"
        )
    return content


def is_written_to(path: str | Path) -> bool | None:
    """Whether some program has the file open for writing. False where the system cannot tell, None where it will not:
    the file is another user's.

    A lease for reading is granted only where nobody writes (fcntl(2), F_SETLEASE), to a file's owner, on local disks.
    Who opens the file while it is held waits for its end, microseconds, and this process is sent a signal that does
    nothing.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # of a pipe nobody is waited for
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


def is_passing(error: Exception) -> bool:
    """Whether what the operating system refuses now it may grant a moment later."""
    return isinstance(error, OSError) and error.errno in _PASSING


def told(error: Exception) -> str:
    """An operating system's refusal in an editor's words."""
    if isinstance(error, FileNotFoundError):
        return "this does not exist; a link may point nowhere, or the folder has still to be made"
    if isinstance(error, PermissionError):
        return "feedsite is not allowed to read this; give its user permission to read"
    if isinstance(error, NotADirectoryError):
        return "this must be a folder"
    if isinstance(error, OSError):
        return f"this cannot be read: {error.strerror}"
    return str(error)
