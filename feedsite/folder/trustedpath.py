"""Whether another user of the machine could put something else at a path: by a rename, or by a link set anew."""

import errno
import os
import stat
from pathlib import Path

from ..index.unusable import Unusable

_NOBODY = 65534  # owns root's files within a user namespace (user_namespaces(7))
_ALL_USERS = ["0", "0", "4294967295"]  # the users of a process that is in none
_MOST_LINKS = 40  # as the system follows


def refuse_replaceable(path: Path) -> None:
    """Looks at all folders and links that lead to a path, as far as they exist; not at what stands there itself.

    Raises Unusable where another user owns one, or may write to a folder, and OSError where one is no folder.
    """
    owners = (0, os.geteuid(), _NOBODY) if _is_in_user_namespace() else (0, os.geteuid())
    here, left = Path("/"), _names(path if path.is_absolute() else Path.cwd() / path)
    links = 0
    while left:
        _refuse_folder(here, path, owners)
        name = left.pop()
        if name == "..":
            here = here.parent
            continue
        try:
            found = os.lstat(here / name)
        except FileNotFoundError:
            return
        if not stat.S_ISLNK(found.st_mode):
            here /= name
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if found.st_uid not in owners:
            raise _replaceable(f"another user owns the link {here / name}", path)
        target = Path(os.readlink(here / name))
        left += _names(target)
        here = Path("/") if target.is_absolute() else here


def _names(path: Path) -> list[str]:
    """The last one first."""
    return [name for name in reversed(path.parts) if name != path.anchor]


def _refuse_folder(folder: Path, path: Path, owners: tuple[int, ...]) -> None:
    found = os.stat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise _replaceable(f"others may write to {folder}", path)
    if found.st_uid not in owners:
        raise _replaceable(f"another user owns {folder}", path)


def _replaceable(why: str, path: Path) -> Unusable:
    return Unusable(f"{why}, and so could replace {path}; name another folder in FEEDSITE_CACHE")


def _is_in_user_namespace() -> bool:
    try:
        return Path("/proc/self/uid_map").read_text().split() != _ALL_USERS
    except OSError:
        return False
