"""A walk over a site's folder: which files there are, and which links lead to them."""

import os
import re
import stat
from collections.abc import Container, Iterator
from pathlib import Path

from .. import media
from ..codes import Code
from ..errors import Fault, is_passing, reason
from .opening import ENTRIES, TEXTS, open_folder, signature, status

_MOST_LINKED = 100_000  # names in linked folders that one walk takes
_DEEPEST = 50  # folders within each other; no site has ten
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SUFFIXES = (".yaml", ".yml")
# Endings under which an article may have been saved by mistake.
_OTHER_SUFFIXES = (".txt", ".md", ".json", ".rtf", ".doc", ".docx", ".odt")


# What a link leads to: the signature of a file, the device and inode of a folder, or None.
Place = tuple[int, ...] | None


def where(folder: Path, path: str) -> Place:
    """What a link of the site leads to now."""
    top = path.partition("/")[0]
    try:
        return _place(status(folder, path, "" if top in TEXTS else top))
    except OSError:
        return None


class Walk:
    """A walk over one of ROOTS, or over a path below one, relative to the site's folder.

    `lost` are the paths that could not be read: what is below them is unknown. `is_passing` says that the reason of one
    may pass by itself, without an event. `links` are the links on the walk, with what each leads to; `folders` are the
    folders that it has listed, with their devices and inodes.
    """

    def __init__(self, folder: Path, path: str) -> None:
        self.faults: list[Fault] = []
        self.lost: set[str] = set()
        self._linked = 0  # names in linked folders
        self.is_passing = False
        self.links: dict[str, Place] = {}
        self.folders: dict[str, Place] = {}
        self._has_files = True
        self._folder = os.fspath(folder)
        self._path = path
        top = path.partition("/")[0]
        self._beneath = "" if top in TEXTS else top  # a link among pictures must not lead to articles or drafts

    def entry_files(self) -> Iterator[tuple[str, os.stat_result]]:
        """The files of articles, or of standing pages. A file that only looks like one gets a note."""
        for path, stat_ in self._files():
            name = path.rpartition("/")[2].lower()
            if name.endswith(_SUFFIXES):
                yield path, stat_
            elif any(f"{suffix}." in name for suffix in _SUFFIXES) or (
                name.endswith(_OTHER_SUFFIXES) and not name.startswith("readme")
            ):
                message = "this file is not read; its name must end in .yaml"
                self.faults.append(Fault(path, 0, 0, Code.NOT_READ, message))

    def media_files(self) -> Iterator[tuple[str, os.stat_result, str]]:
        """The files to be published beside the articles, each with its media type."""
        for path, stat_ in self._files():
            kind = media.type_of(path)
            if kind and stat.S_ISREG(stat_.st_mode):
                yield path, stat_, kind

    def find_folders(self) -> None:
        """Walks for `folders` alone: of files, only links are looked at."""
        self._has_files = False
        for _ in self._files():
            pass

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        top, *names = self._path.split("/")
        try:
            here = status(self._folder, top)
        except OSError as error:
            if top == ENTRIES or not isinstance(error, FileNotFoundError) or not os.path.isdir(self._folder):
                self._lose(top, error)
            return
        if not stat.S_ISDIR(here.st_mode):
            if top in TEXTS:
                self._lose(top, NotADirectoryError())
            return
        if not names:
            yield from self._below(top, (), is_linked=False)
            return
        yield from self._at(top, names, (here.st_dev, here.st_ino))

    def _at(self, top: str, names: list[str], root: tuple[int, int]) -> Iterator[tuple[str, os.stat_result]]:
        """The files at these names below a root, if a walk over the whole root would come there."""
        above = [root]
        is_linked = False
        for depth, name in enumerate(names, 1):
            path = "/".join((top, *names[:depth]))
            if _is_passed_over(name) or not self._is_readable(path):
                return
            if depth == len(names):
                yield from self._one(path, None, tuple(above), is_linked=is_linked)
                return
            is_link = os.path.islink(f"{self._folder}/{path}")
            try:
                here = self._through(path) if is_link else self._stat(path)
            except (FileNotFoundError, NotADirectoryError):
                return
            except OSError as error:
                self._lose(path, error)
                return
            if (
                name.lower().endswith(_SUFFIXES)
                or (here.st_dev, here.st_ino) in above
                or depth >= _DEEPEST
                or (is_link and is_linked)
            ):
                return  # a walk over the folder above has reported it
            is_linked |= is_link
            above.append((here.st_dev, here.st_ino))

    def _below(
        self, path: str, above: tuple[tuple[int, int], ...], *, is_linked: bool
    ) -> Iterator[tuple[str, os.stat_result]]:
        """The files below a folder in the order of names, without hidden ones and editors' backups."""
        if len(above) >= _DEEPEST:
            self._fault(
                Code.TOO_MANY_FOLDERS,
                path,
                f"folders stand in each other {_DEEPEST} deep here; what is in this one is not read",
            )
            return
        try:
            folder = open_folder(self._folder, path, self._beneath)
        except OSError as error:
            self._lose(path, error)
            return
        try:
            try:
                stat_ = os.fstat(folder)
                with os.scandir(folder) as names:
                    entries = sorted(names, key=lambda entry: entry.name)
            except OSError as error:
                self._lose(path, error)
                return
            here = (stat_.st_dev, stat_.st_ino)
            if here in above:
                self._fault(Code.UNFOLLOWED_LINK, path, "this link leads back to a folder above it; delete the link")
                return
            self._linked += len(entries) if is_linked else 0
            if self._linked > _MOST_LINKED:
                message = f"links lead to more than {_MOST_LINKED} files; what is in this folder is not read"
                self._fault(Code.TOO_MANY_FOLDERS, path, message)
                return
            self.folders[path] = here
            for entry in entries:
                if not self._has_files and entry.is_file(follow_symlinks=False):
                    continue
                if not _is_passed_over(entry.name) and self._is_readable(f"{path}/{entry.name}"):
                    yield from self._one(f"{path}/{entry.name}", entry, (*above, here), is_linked=is_linked)
        finally:
            os.close(folder)

    def _one(
        self, path: str, entry: "os.DirEntry[str] | None", above: tuple[tuple[int, int], ...], *, is_linked: bool
    ) -> Iterator[tuple[str, os.stat_result]]:
        """The file at a path, or the files below it. `entry` is its entry in the folder's listing, if there is one.

        `is_linked`: the path is in a linked folder. A link to a folder is not followed there, for a dozen links in
        linked folders would lead to thousands of folders.
        """
        is_link = entry.is_symlink() if entry else os.path.islink(f"{self._folder}/{path}")
        try:
            seen = self._through if is_link else self._stat
            there = seen(path) if is_link or not entry else entry.stat(follow_symlinks=False)
        except OSError as error:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                self._lose(path, error)
            elif is_link:
                self._fault(Code.UNREADABLE, path, reason(error))  # else it was deleted since its folder was listed
            return
        if not stat.S_ISDIR(there.st_mode):
            yield path, there
        elif path.lower().endswith(_SUFFIXES):
            self._fault(Code.FOLDER_AS_ARTICLE, path, "this is a folder with the name of an article; rename the folder")
        elif is_link and is_linked:
            message = "this link to a folder stands in a linked folder; put the files themselves there"
            self._fault(Code.UNFOLLOWED_LINK, path, message)
        else:
            yield from self._below(path, above, is_linked=is_linked or is_link)

    def _through(self, path: str) -> os.stat_result:
        """The status of what a link leads to; the link is added to `links`."""
        self.links[path] = None
        there = self._stat(path)
        self.links[path] = _place(there)
        return there

    def _stat(self, path: str) -> os.stat_result:
        return status(self._folder, path, self._beneath)

    def _is_readable(self, path: str) -> bool:
        """Whether the path can be printed; a fault is added where it cannot."""
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode("utf-8", "replace")
            message = "the file's name holds letters of another encoding; give it a new name"
            self._fault(Code.UNREADABLE_NAME, shown, message)
            return False
        if _CONTROL.search(path):  # in a log it could begin a line of its own
            message = "the file's name holds an invisible character (?); give it a new name"
            self._fault(Code.UNREADABLE_NAME, _CONTROL.sub("?", path), message)
            return False
        return True

    def _lose(self, path: str, error: OSError) -> None:
        self.lost.add(path)
        self.is_passing |= is_passing(error)
        self._fault(Code.UNREADABLE, path, reason(error))

    def _fault(self, code: Code, path: str, message: str) -> None:
        self.faults.append(Fault(path, 0, 0, code, message))


def _place(there: os.stat_result) -> Place:
    return (there.st_dev, there.st_ino) if stat.S_ISDIR(there.st_mode) else signature(there)


def is_hidden(path: str) -> bool:
    """Whether walks pass a path over, for its own name or that of a folder above it."""
    return any(map(_is_passed_over, path.split("/")))


def _is_passed_over(name: str) -> bool:
    """Whether a name is hidden, or that of a file which an editor's program leaves beside another one."""
    return name.startswith((".", "#")) or name.endswith("~")


def is_below(path: str, folders: Container[str]) -> bool:
    """Whether a path is one of these, or below one."""
    while path:
        if path in folders:
            return True
        path = path.rpartition("/")[0]
    return False
