"""Entry files made, replaced and renamed on the disk: none is ever half written or overwritten, none outside the site.

A file is reached name by name through open folders (nofollow.py), so that no link that is set meanwhile leads out.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ..folder.nofollow import Descent
from ..folder.opening import open_folder, without_links

_PATIENCE = 5  # seconds in which another command should be done
_PAUSE = 0.02
_PART = ".feedsite-part"  # the name of a file that is being written; what is hidden is never read
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_RIGHTS = 0o777


class Changed(Exception):
    """The file is no longer what it was when it was read."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """No other command changes files of this site meanwhile. Raises BlockingIOError where one does.

    The operating system unlocks the folder when the process exits.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def replace(folder: Path, path: str, before: bytes, after: bytes) -> None:
    """Replaces a file as a whole; where it is a link, its target. Its rights stay, and if possible its owner.

    Raises Changed where its bytes are not `before`, and OSError. The folder is `locked`.
    """
    descent = Descent(folder)
    try:
        descent.reach(without_links(folder, path), partial(_replace, before=before, after=after))
    finally:
        descent.close()


def create(name: str, within: int, content: bytes) -> None:
    """Makes a new file in an open folder, whole or not at all. Raises FileExistsError, and OSError.

    The site's folder is `locked`.
    """
    with _part(within, content, 0o666) as file:
        os.fsync(file)
        _rename(_PART, within, name, within)


def rename(folder: Path, old: str, new: str) -> None:
    """Renames a file, or a link itself. Raises FileExistsError where `new` is there already, and OSError."""
    (above, name), (new_above, new_name) = (os.path.split(path) for path in (old, new))
    within = open_folder(folder, above)
    try:
        new_within = open_folder(folder, new_above)
        try:
            _rename(name, within, new_name, new_within)
        finally:
            os.close(new_within)
    finally:
        os.close(within)


def _lock(descriptor: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        except OSError:  # a disk without locks
            return
        else:
            return


def _replace(name: str, within: int, *, before: bytes, after: bytes) -> None:
    found = os.stat(name, dir_fd=within, follow_symlinks=False)
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if not os.access(name, os.W_OK, dir_fd=within):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with _part(within, after, 0o600) as file:
        with suppress(PermissionError):  # of another owner; the group alone may be possible
            os.fchown(file, found.st_uid, found.st_gid)
        os.fchmod(file, found.st_mode & _RIGHTS)
        os.fsync(file)  # else a power loss could leave an empty one
        if _content(name, within) != before:
            raise Changed
        os.replace(_PART, name, src_dir_fd=within, dst_dir_fd=within)


@contextmanager
def _part(within: int, content: bytes, rights: int) -> Iterator[int]:
    """A hidden file with this content, to be renamed; it is deleted where that fails."""
    with suppress(FileNotFoundError):  # left by a command that was killed, or a link that a contributor put there
        os.unlink(_PART, dir_fd=within)
    try:
        with open(os.open(_PART, _NEW, rights, dir_fd=within), "wb") as file:
            file.write(content)
            file.flush()
            yield file.fileno()
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(_PART, dir_fd=within)
        raise


def _content(name: str, within: int) -> bytes:
    with open(os.open(name, _READ, dir_fd=within), "rb") as file:
        return file.read()


def _rename(name: str, within: int, new_name: str, new_within: int) -> None:
    """The file gets its new name beside the old one, which fails where that is taken; a rename would overwrite."""
    try:
        os.link(name, new_name, src_dir_fd=within, dst_dir_fd=new_within, follow_symlinks=False)
    except FileExistsError:
        if not _is_same(name, within, new_name, new_within):
            raise
        is_linked = name.casefold() != new_name.casefold()  # by a command that was killed; else the disk ignores case
    except OSError:  # a disk without hard links, or another user's file
        if _stat(new_name, new_within):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        is_linked = False
    else:
        is_linked = True
    if is_linked:
        os.unlink(name, dir_fd=within)
    else:
        os.rename(name, new_name, src_dir_fd=within, dst_dir_fd=new_within)


def _is_same(name: str, within: int, new_name: str, new_within: int) -> bool:
    one, other = _stat(name, within), _stat(new_name, new_within)
    return one is not None and other is not None and os.path.samestat(one, other)


def _stat(name: str, within: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=within, follow_symlinks=False)
    except FileNotFoundError:
        return None
