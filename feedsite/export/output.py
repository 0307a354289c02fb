"""The folder that a build writes to: empty or an earlier build's, locked for one build at a time, and its manifest."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import FeedsiteError
from . import manifest
from .builds import Builds
from .files import PART, Files
from .manifest import OWN, UNKNOWN, Manifest, Refused, Row
from .tree import Tree

_LIST = f"{OWN}/written.json"
_PENDING = f"{OWN}/begun.json"
_PRIVATE = 0o700  # else any user of the machine could lock it, and so stop every build
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Output:
    """The folder, while it is locked.

    `builds` tell whether its manifest is to be believed; without them it is. `is_full` where anything stands in it
    beside feedsite's own folder, whose descriptor is `own`; None in a dry run, in which nothing is touched.
    """

    def __init__(self, files: Files, own: int | None, builds: Builds | None, *, is_full: bool) -> None:
        self.files = files
        self._own = own
        self._builds = builds
        self.is_full = is_full

    def written(self) -> Manifest:
        """What earlier builds wrote; and the names of what a killed build was about to write, with unknown content.

        A manifest that somebody else may have written is deleted where nothing stands beside it. Raises FeedsiteError
        where something does: that may be forged as well.
        """
        text, pending = self._text(_LIST), self._text(_PENDING)
        if self._builds:
            if pending is not None and not self._builds.wrote(pending):
                pending = None
            is_known = pending is not None if text is None else self._builds.wrote(text)
            if self.is_full and not is_known:
                message = (
                    f"{self.files.output} lies in the site's folder, and no build of yours is known to have written it"
                )
                raise FeedsiteError(f"{message}; delete it, or build into a folder elsewhere")
            if text is not None and not is_known:
                text = None
                if self._own is not None:
                    with suppress(OSError):  # the next write there says why
                        os.unlink(_LIST.rpartition("/")[2], dir_fd=self._own)
        listed = self._manifest(_LIST, text)
        begun = self._manifest(_PENDING, pending).rows
        rows = {name: Row(UNKNOWN, source=row.source, path=row.path) for name, row in begun.items()}
        return Manifest(listed.rows | rows, listed.state)

    def note_pending(self, rows: Mapping[str, Row]) -> None:
        """Writes down what is about to be written."""
        text = manifest.to_bytes(rows)
        if self._builds and self._own is not None:
            self._builds.note(text, is_pending=True)
        self._put(_PENDING, text)

    def note_written(self, now: Manifest, earlier: Mapping[str, Row]) -> None:
        """Writes the manifest, where it has other rows than the earlier one; then nothing is pending any more."""
        if self._own is None:
            return
        if now.rows != earlier:
            text = manifest.to_bytes(*now)
            self._put(_LIST, text)
            if self._builds:
                self._builds.note(text)
        with suppress(FileNotFoundError):
            os.unlink(_PENDING.rpartition("/")[2], dir_fd=self._own)

    def _put(self, name: str, text: bytes) -> None:
        """Writes a file without which the build cannot go on."""
        try:
            self.files.put(name, [text])
        except Refused as error:
            raise FeedsiteError(f"{self.files.output}/{name} cannot be written: {error}") from None

    def _text(self, name: str) -> bytes | None:
        try:
            with self.files.opened(name) as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError:
            raise self._damaged(name) from None

    def _manifest(self, name: str, text: bytes | None) -> Manifest:
        try:
            return Manifest({}) if text is None else manifest.from_bytes(text)
        except ValueError:
            raise self._damaged(name) from None

    def _damaged(self, name: str) -> FeedsiteError:
        folder = self.files.output
        return FeedsiteError(f"{folder / name} is damaged; delete {folder} and build again")


@contextmanager
def locked(folder: Path, builds: Builds | None = None, *, is_dry: bool = False) -> Iterator[Output]:
    """One build at a time: two builds into one folder would take each other's files for their own.

    Raises FeedsiteError, before anything is touched, where another build is writing there, and where the folder is
    neither empty nor an export.
    """
    is_full = _is_full(folder)
    tree: Tree | None = None
    own: int | None = None
    try:
        try:
            if not is_dry:
                os.makedirs(folder, exist_ok=True)
            with suppress(FileNotFoundError):
                tree = Tree(os.open(folder, _FOLDER))
            if not is_dry:
                own = _opened_own(folder)
        except OSError as error:
            raise FeedsiteError(f"{folder} cannot be written to: {error.strerror}") from None
        if own is not None:
            _lock(folder, own)
        yield Output(Files(folder, tree, own), own, builds, is_full=is_full)
    finally:
        if own is not None:
            os.close(own)
        if tree:
            tree.close()


def _is_full(folder: Path) -> bool:
    try:
        names = set(os.listdir(folder))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise FeedsiteError(f"{folder} cannot be written to: {error.strerror}") from None
    is_full = not names <= {OWN}
    if is_full and not any((folder / name).exists() for name in (_LIST, _PENDING)):
        raise FeedsiteError(f"{folder} is not empty and was not written by feedsite; name a new or an empty folder")
    return is_full


def _opened_own(folder: Path) -> int:
    """feedsite's own folder in the output. A link is not followed, for it could lead anywhere."""
    top = os.open(folder, _FOLDER)
    try:
        with suppress(FileExistsError):
            os.mkdir(OWN, _PRIVATE, dir_fd=top)
        own = os.open(OWN, _FOLDER | os.O_NOFOLLOW, dir_fd=top)
        with suppress(PermissionError):  # another user's build made it
            os.fchmod(own, _PRIVATE)
        return own
    finally:
        os.close(top)


def _lock(folder: Path, own: int) -> None:
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FeedsiteError(f"another build is writing to {folder}; wait until it has ended") from None
    for part in os.listdir(own):
        if part.startswith(PART):
            try:
                os.unlink(part, dir_fd=own)  # of a build that was killed; or a link that somebody laid there
            except OSError as error:
                message = f"{folder / OWN / part} is in the way ({error.strerror}); delete it, and build again"
                raise FeedsiteError(message) from None
