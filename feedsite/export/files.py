"""Files of a built folder, one at a time: each is whole or not there, and none is anybody else's."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ..digest import digest_of_pieces
from ..document import Representation
from ..errors import FeedsiteError
from . import manifest
from .builds import Builds
from .manifest import OWN, UNKNOWN, Foreign, Refused, Row
from .tree import Tree

_LIST = f"{OWN}/written.json"
_BEGUN = f"{OWN}/begun.json"
_PART = "part"  # and the process, for each writes one at a time
_DIGEST = 12  # bytes; Document.digest has as many
_PIECE = 1024 * 1024  # bytes
_PRIVATE = 0o700  # else any user of the machine could lock it, and so stop every build
_LOCKED = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# What ends a build, for no other file could be written either.
_ENDING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
_IN_THE_WAY = {
    errno.ENOTDIR: "a file or a link stands where a folder must be",
    errno.ELOOP: "a link stands where a folder must be",
    errno.EISDIR: "a folder stands there",
    errno.ENOTEMPTY: "a folder stands there",
    errno.EEXIST: "a folder stands there",
}

Stat = tuple[int, int]  # size in bytes, time of change in nanoseconds


class Folder:
    """Where a build writes. In a dry run nothing is touched, and all is told as if it had been.

    `builds` are asked whether to believe the folder's manifest; without them it is believed.
    """

    def __init__(self, output: Path, builds: Builds | None = None, *, is_dry: bool = False) -> None:
        self.output = output
        self.is_dry = is_dry
        self._builds = builds
        self._tree: Tree | None = None  # None where the folder does not exist, in a dry run
        self._own = -1
        self._is_full = False  # whether it holds more than a memory

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Two builds into one folder would take each other's files for their own: the second is refused.

        Raises FeedsiteError, before anything is touched, where the folder holds something and is no export.
        """
        self._refuse_foreign()
        try:
            if not self.is_dry:
                os.makedirs(self.output, exist_ok=True)
            with suppress(FileNotFoundError):
                self._tree = Tree(os.open(self.output, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            if not self.is_dry:
                self._own = self._opened_own()
        except OSError as error:
            raise FeedsiteError(f"{self.output} cannot be written to: {error.strerror}") from None
        try:
            if self._own >= 0:
                fcntl.flock(self._own, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._clear()
            yield
        except BlockingIOError:
            raise FeedsiteError(f"another build is writing to {self.output}; wait until it has ended") from None
        finally:
            if self._own >= 0:
                os.close(self._own)
            if self._tree:
                self._tree.close()

    def remembered(self) -> dict[str, Row]:
        """What earlier builds wrote, or were about to write when they were killed: of that only the names are known.

        A list that somebody else may have written is deleted where nothing stands beside it. Raises FeedsiteError where
        something does: that may be forged as well.
        """
        text, begun = self._text(_LIST), self._text(_BEGUN)
        if self._builds:
            if begun is not None and not self._builds.wrote(begun):
                begun = None
            is_known = begun is not None if text is None else self._builds.wrote(text)
            if self._is_full and not is_known:
                message = f"{self.output} lies in the site's folder, and no build of yours is known to have written it"
                raise FeedsiteError(f"{message}; delete it, or build into a folder elsewhere")
            if text is not None and not is_known:
                text = None
                if not self.is_dry:
                    with suppress(OSError):  # the next write there says why
                        os.unlink(_LIST.rpartition("/")[2], dir_fd=self._own)
        return self._rows(_LIST, text) | {
            name: Row(UNKNOWN, source=row.source) for name, row in self._rows(_BEGUN, begun).items()
        }

    def begin(self, rows: Mapping[str, Row]) -> None:
        text = manifest.to_bytes(rows)
        if self._builds and not self.is_dry:
            self._builds.remember(text, is_begun=True)
        self._keep(_BEGUN, text)

    def remember(self, rows: Mapping[str, Row], earlier: Mapping[str, Row]) -> None:
        if self.is_dry:
            return
        if rows != earlier:
            text = manifest.to_bytes(rows)
            self._keep(_LIST, text)
            if self._builds:
                self._builds.remember(text)
        with suppress(FileNotFoundError):
            os.unlink(_BEGUN.rpartition("/")[2], dir_fd=self._own)

    def put(self, name: str, pieces: Iterable[bytes]) -> Stat:
        """The file as it stands then. A reader finds the old or the new bytes, never half.

        Raises Refused where this one cannot be written, and Foreign where something is in its way; FeedsiteError where
        none could be.
        """
        if self.is_dry or self._tree is None:
            return 0, 0
        part = f"{_PART}{os.getpid()}"
        try:
            try:
                with open(os.open(part, _NEW, 0o666, dir_fd=self._own), "wb") as file:
                    file.writelines(pieces)
                    file.flush()  # all of it, or an error: a full disk may take a part and say so at the next write
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
        """The file, and the folders that are empty without it. Raises as `put` does."""
        if self.is_dry or self._tree is None:
            return
        try:
            self._tree.remove(name)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return
        except OSError as error:
            raise self._refusal(name, error, "removed") from None

    def intact(self, name: str, row: Row) -> Row | None:
        """The row of a file that holds what was written. One that was copied or touched is read; None if it changed."""
        try:
            found = self.stat(name)
        except OSError:
            return None
        if found == (row.size, row.mtime):
            return row
        if found[0] != row.size or self._digest(name) != row.digest:
            return None
        return row._replace(mtime=found[1])

    def stands(self, name: str) -> bool:
        """Whether a file does, or whatever else but a folder: that is in nobody's way until something is put there."""
        try:
            return self._tree is not None and not stat.S_ISDIR(self._tree.stat(name).st_mode)
        except OSError:
            return False

    def holds(self, name: str, document: Representation) -> bool:
        try:
            return self.stat(name)[0] == document.size and self._digest(name) == document.digest
        except OSError:
            return False

    def stat(self, name: str) -> Stat:
        if self._tree is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        found = self._tree.stat(name)
        return found.st_size, found.st_mtime_ns

    def _opened_own(self) -> int:
        """The folder of the memory: no link, for that could lead anywhere."""
        top = os.open(self.output, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with suppress(FileExistsError):
                os.mkdir(OWN, _PRIVATE, dir_fd=top)
            own = os.open(OWN, _LOCKED, dir_fd=top)
            with suppress(PermissionError):  # another user's build made it
                os.fchmod(own, _PRIVATE)
            return own
        finally:
            os.close(top)

    def _clear(self) -> None:
        """Deletes what a build that was killed had not finished; or a link that somebody laid there."""
        for part in os.listdir(self._own):
            if part.startswith(_PART):
                try:
                    os.unlink(part, dir_fd=self._own)
                except OSError as error:
                    message = f"{self.output / OWN / part} is in the way ({error.strerror}); delete it, and build again"
                    raise FeedsiteError(message) from None

    def _keep(self, name: str, text: bytes) -> None:
        """A file of the memory: without it the build cannot go on."""
        try:
            self.put(name, [text])
        except Refused as error:
            raise FeedsiteError(f"{self.output}/{name} cannot be written: {error}") from None

    def _refusal(self, name: str, error: OSError, done: str) -> FeedsiteError:
        if error.errno in _ENDING:
            return FeedsiteError(f"{self.output}/{name} cannot be {done}: {error.strerror}")
        if error.errno in _IN_THE_WAY:
            return Foreign(_IN_THE_WAY[error.errno])
        return Refused(f"it cannot be {done}: {error.strerror}")

    def _digest(self, name: str) -> str:
        """Of a file's bytes; "" where it cannot be read."""
        try:
            with self._file(name) as file:
                return digest_of_pieces(iter(partial(file.read, _PIECE), b""), _DIGEST)
        except OSError:
            return ""

    def _file(self, name: str) -> BinaryIO:
        if self._tree is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return open(self._tree.opened(name), "rb")

    def _refuse_foreign(self) -> None:
        try:
            held = set(os.listdir(self.output))
        except FileNotFoundError:
            return
        except OSError as error:
            raise FeedsiteError(f"{self.output} cannot be written to: {error.strerror}") from None
        self._is_full = not held <= {OWN}
        if self._is_full and not any((self.output / name).exists() for name in (_LIST, _BEGUN)):
            message = f"{self.output} is not empty and was not written by feedsite; name a new or an empty folder"
            raise FeedsiteError(message)

    def _text(self, name: str) -> bytes | None:
        try:
            with self._file(name) as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError:
            raise self._damaged(name) from None

    def _rows(self, name: str, text: bytes | None) -> dict[str, Row]:
        try:
            return {} if text is None else manifest.from_bytes(text)
        except ValueError:
            raise self._damaged(name) from None

    def _damaged(self, name: str) -> FeedsiteError:
        return FeedsiteError(f"{self.output / name} is damaged; delete {self.output} and build again")
