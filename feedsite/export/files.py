"""The files of a built folder: each is whole or not there, and none of anybody else's is touched."""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ..digest import digest_of_pieces
from ..document import Representation
from ..errors import FeedsiteError
from .manifest import Foreign, Refused, Row
from .tree import Tree

PART = "part"  # and the process's id: each process writes one file at a time
_DIGEST = 12  # bytes; Document.digest has as many
_PIECE = 1024 * 1024  # bytes
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# These end a build: no other file could be written either.
_ENDING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
_IN_THE_WAY = {
    errno.ENOTDIR: "a file or a link stands where a folder must be",
    errno.ELOOP: "a link stands where a folder must be",
    errno.EISDIR: "a folder stands there",
    errno.ENOTEMPTY: "a folder stands there",
    errno.EEXIST: "a folder stands there",
}

Stat = tuple[int, int]  # size in bytes, time of change in nanoseconds


class Files:
    """The files below the folder `output`, by names relative to it.

    `tree` is None where the folder does not exist, `own` the descriptor of feedsite's own folder in it; None in a dry
    run, in which nothing is touched, and `put` and `remove` return as if they had done it.
    """

    def __init__(self, output: Path, tree: Tree | None, own: int | None) -> None:
        self.output = output
        self._tree = tree
        self._own = own

    def put(self, name: str, pieces: Iterable[bytes]) -> Stat:
        """Writes the file, and returns its size and time. A reader finds the old or the new bytes, never half.

        Raises Refused where this file cannot be written, Foreign where something is in its way, and FeedsiteError where
        no file could be written.
        """
        if self._own is None or self._tree is None:
            return 0, 0
        part = f"{PART}{os.getpid()}"
        try:
            try:
                with open(os.open(part, _NEW, 0o666, dir_fd=self._own), "wb") as file:
                    file.writelines(pieces)
                    file.flush()  # all bytes, or an error: a full disk may take a part of them
                    written = os.fstat(file.fileno())
                self._tree.take(self._own, part, name)
            except BaseException:
                with suppress(OSError):
                    os.unlink(part, dir_fd=self._own)
                raise
        except OSError as error:
            raise self._refusal(name, error, "written") from None
        return written.st_size, written.st_mtime_ns

    def remove(self, name: str) -> None:
        """Removes the file, and the folders that are empty without it. Raises as `put` does."""
        if self._own is None or self._tree is None:
            return
        try:
            self._tree.remove(name)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return
        except OSError as error:
            raise self._refusal(name, error, "removed") from None

    def intact(self, name: str, row: Row) -> Row | None:
        """The row of a file that is as it was written, with its present time; None for a file that was changed.

        A file of another time, such as one that was copied or touched, is read.
        """
        try:
            found = self.stat(name)
        except OSError:
            return None
        if found == (row.size, row.mtime):
            return row
        if found[0] != row.size or self._digest(name) != row.digest:
            return None
        return row._replace(mtime=found[1])

    def exists(self, name: str) -> bool:
        """Whether a file stands there, or anything else but a folder: a folder is found when a file is put there."""
        try:
            return self._tree is not None and not stat.S_ISDIR(self._tree.stat(name).st_mode)
        except OSError:
            return False

    def has(self, name: str, document: Representation) -> bool:
        """Whether the file has the document's bytes."""
        try:
            return self.stat(name)[0] == document.size and self._digest(name) == document.digest
        except OSError:
            return False

    def stat(self, name: str) -> Stat:
        """Raises OSError."""
        found = self._existing().stat(name)
        return found.st_size, found.st_mtime_ns

    def opened(self, name: str) -> BinaryIO:
        """The file, to be read. Raises OSError."""
        return open(self._existing().opened(name), "rb")

    def _digest(self, name: str) -> str:
        """The digest of a file's bytes; "" where it cannot be read."""
        try:
            with self.opened(name) as file:
                return digest_of_pieces(iter(partial(file.read, _PIECE), b""), _DIGEST)
        except OSError:
            return ""

    def _existing(self) -> Tree:
        if self._tree is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._tree

    def _refusal(self, name: str, error: OSError, participle: str) -> FeedsiteError:
        if error.errno in _ENDING:
            return FeedsiteError(f"{self.output}/{name} cannot be {participle}: {error.strerror}")
        if error.errno in _IN_THE_WAY:
            return Foreign(_IN_THE_WAY[error.errno])
        return Refused(f"it cannot be {participle}: {error.strerror}")
