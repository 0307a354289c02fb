"""Files of a built folder, one at a time: each is whole or not there, and none is anybody else's."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..delta import mark_of
from ..document import Representation
from ..errors import FeedsiteError
from . import manifest
from .manifest import Row

_OWN = ".feedsite"  # the folder of the memory, and of files that are being written
_LIST = f"{_OWN}/written.json"
_BEGUN = f"{_OWN}/begun.json"
_PART = "part"  # and the process, for each writes one at a time
_DIGEST = 12  # bytes; Document.digest has as many
_PIECE = 1024 * 1024  # bytes

Stat = tuple[int, int]  # size in bytes, time of change in nanoseconds


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a build writes. In a dry run nothing is touched, and all is told as if it had been."""

    output: Path
    is_dry: bool

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Two builds into one folder would take each other's files for their own: the second is refused.

        Raises FeedsiteError, before anything is touched, where the folder holds something and is no export.
        """
        self._refuse_foreign()
        if self.is_dry:
            yield
            return
        own = self.output / _OWN
        try:
            own.mkdir(parents=True, exist_ok=True)
            folder = os.open(own, os.O_RDONLY)
        except OSError as error:
            raise FeedsiteError(f"{self.output} cannot be written to: {error.strerror}") from None
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for part in own.glob(f"{_PART}*"):
                part.unlink()  # of a build that was killed; or a link that somebody laid there
            yield
        except BlockingIOError:
            raise FeedsiteError(f"another build is writing to {self.output}; wait until it has ended") from None
        finally:
            os.close(folder)

    def remembered(self) -> dict[str, Row]:
        """What earlier builds wrote, or were about to write when they were killed."""
        return self._listed(_LIST) | self._listed(_BEGUN)

    def begin(self, rows: Mapping[str, Row]) -> None:
        self.put(_BEGUN, [manifest.to_bytes(rows)])

    def remember(self, rows: Mapping[str, Row], earlier: Mapping[str, Row]) -> None:
        if rows != earlier:
            self.put(_LIST, [manifest.to_bytes(rows)])
        if not self.is_dry:
            (self.output / _BEGUN).unlink(missing_ok=True)

    def put(self, name: str, pieces: Iterable[bytes]) -> Stat:
        """The file as it stands then. A reader finds the old or the new bytes, never half."""
        if self.is_dry:
            return 0, 0
        target, part = f"{self.output}/{name}", f"{self.output}/{_OWN}/{_PART}{os.getpid()}"
        try:
            with open(part, "xb") as file:
                file.writelines(pieces)
                file.flush()  # all of it, or an error: a full disk may take a part and say so at the next write only
                written = os.fstat(file.fileno())
            try:
                os.replace(part, target)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.replace(part, target)
        except OSError as error:
            raise FeedsiteError(f"{target} cannot be written: {error.strerror}") from None
        return written.st_size, written.st_mtime_ns

    def remove(self, name: str) -> None:
        """The file, and the folders that are empty without it."""
        if self.is_dry:
            return
        target = self.output / name
        try:
            target.unlink()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return
        with suppress(OSError):
            for folder in target.relative_to(self.output).parents[:-1]:
                (self.output / folder).rmdir()

    def intact(self, name: str, row: Row) -> Row | None:
        """The row of a file that holds what was written. One that was copied or touched is read; None if it changed."""
        try:
            stat = self.stat(name)
        except OSError:
            return None
        if stat == (row.size, row.mtime):
            return row
        if stat[0] != row.size or self._digest(name) != row.digest:
            return None
        return row._replace(mtime=stat[1])

    def holds(self, name: str, document: Representation) -> bool:
        try:
            return self.stat(name)[0] == document.size and self._digest(name) == document.digest
        except OSError:
            return False

    def stat(self, name: str) -> Stat:
        found = os.stat(f"{self.output}/{name}")
        return found.st_size, found.st_mtime_ns

    def _digest(self, name: str) -> str:
        """Of a file's bytes; "" where it cannot be read."""
        try:
            with open(f"{self.output}/{name}", "rb") as file:
                return mark_of(iter(partial(file.read, _PIECE), b""), _DIGEST)
        except OSError:
            return ""

    def _refuse_foreign(self) -> None:
        try:
            held = set(os.listdir(self.output))
        except FileNotFoundError:
            return
        except OSError as error:
            raise FeedsiteError(f"{self.output} cannot be written to: {error.strerror}") from None
        if not held <= {_OWN} and not any((self.output / name).exists() for name in (_LIST, _BEGUN)):
            message = f"{self.output} is not empty and was not written by feedsite; name a new or an empty folder"
            raise FeedsiteError(message)

    def _listed(self, name: str) -> dict[str, Row]:
        try:
            rows = manifest.from_bytes((self.output / name).read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            message = f"{self.output / name} is damaged; delete {self.output} and build again"
            raise FeedsiteError(message) from None
        return {name: row for name, row in rows.items() if _is_inside(name)}


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")
