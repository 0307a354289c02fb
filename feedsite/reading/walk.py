"""A site's folder as the operating system shows it: which files there are, and their bytes."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .. import media
from ..errors import Fault
from ..urls import MEDIA_FOLDERS

ENTRIES = "entries"
LARGEST = 1024 * 1024  # bytes of one YAML file; a long article has 50 kB
_SUFFIXES = (".yaml", ".yml")
# Endings under which an article may have been saved by mistake.
_OTHER_SUFFIXES = (".txt", ".md", ".json", ".rtf", ".doc", ".docx", ".odt")


# Refusals that pass by themselves: too many open files, a disk or a network that is away for a moment.
_PASSING = frozenset({errno.EAGAIN, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT})


class Unreadable(Exception):
    """A file that is there and cannot be an article; the text says why."""


class Walk:
    """One walk over a site's folder; `lost` are the folders that could not be listed.

    `is_passing` says that some refusal may be gone the next moment, though no change will tell so.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.lost: list[str] = []
        self.is_passing = False

    def entry_files(self) -> Iterator[tuple[str, os.stat_result]]:
        for path, found in self._below(ENTRIES, ()):
            name = path.rpartition("/")[2].lower()
            if not name.endswith(_SUFFIXES):
                if any(f"{suffix}." in name for suffix in _SUFFIXES) or (
                    name.endswith(_OTHER_SUFFIXES) and not name.startswith("readme")
                ):
                    self._note(path, "this file is not read; its name must end in .yaml")
                continue
            yield path, found

    def media_files(self) -> Iterator[tuple[str, str]]:
        """The files to be published beside the articles, each with its media type."""
        home = self.folder.resolve()
        for top in MEDIA_FOLDERS:
            if not (self.folder / top).is_dir():
                continue
            for path, found in self._below(top, ()):
                kind = media.type_of(path)
                is_inside = (self.folder / path).resolve().is_relative_to((home / top).resolve())
                if kind and stat.S_ISREG(found.st_mode) and is_inside:
                    yield path, kind

    def _below(self, path: str, above: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, os.stat_result]]:
        """Every file below a folder that is not hidden and no editor's backup, in the order of names."""
        try:
            found = os.stat(self.folder / path)
            names = sorted(os.listdir(self.folder / path))
        except OSError as error:
            self.lost.append(path)
            self.is_passing |= is_passing(error)
            self._fault(path, told(error))
            return
        here = (found.st_dev, found.st_ino)
        if here in above:
            self._fault(path, "this link leads back to a folder above it; delete the link")
            return
        for name in names:
            if name.startswith((".", "#")) or name.endswith("~"):
                continue
            below = f"{path}/{name}"
            if not _is_text(name):
                shown = os.fsencode(below).decode("utf-8", "replace")
                self._fault(shown, "the file's name holds letters of another encoding; give it a new name")
                continue
            try:
                found = os.stat(self.folder / below)
            except OSError as error:
                if (self.folder / below).is_symlink() or not isinstance(error, FileNotFoundError):
                    self._fault(below, told(error))  # else it has just been taken away
                continue
            if not stat.S_ISDIR(found.st_mode):
                yield below, found
            elif name.lower().endswith(_SUFFIXES):
                self._fault(below, "this is a folder with the name of an article; rename the folder")
            else:
                yield from self._below(below, (*above, here))

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(path, 0, 0, message))

    def _note(self, path: str, message: str) -> None:
        self.faults.append(Fault(path, 0, 0, message, is_note=True))


def _is_text(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def content(path: Path) -> bytes:
    """A file's bytes. Raises OSError, and Unreadable where reading it would never end or lead nowhere."""
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("this is no ordinary file (a folder, a pipe or a device)")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(
            f"the file is larger than {LARGEST // 1024**2} MB; an article holds text, its pictures stand in images/"
        )
    return content


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
