"""Where the index of a site lies on disk, and how it is opened.

It lies in the site's cache folder: the one that FEEDSITE_CACHE names, or one in the user's cache. The index is trusted,
so the cache folder is never in the site's folder, where a contributor could put an index, and nobody but its user may
write to it or read it. Processes whose environment changes the site's settings have an index of their own.
"""

import errno
import os
import stat
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from ..index import leaderlock
from ..index.databasefile import discard
from ..index.index import Index
from ..index.unusable import Unusable
from ..parsing.sitefile import overrides
from . import copystore
from .trustedpath import refuse_replaceable

FORMER = ".feedsite"  # the cache folder of older versions, within the site's folder; nothing there is read
_NO_HOME = "/var/cache"  # for a user without a home folder
_PRIVATE = 0o700
_OTHERS = 0o077  # all rights of the group and of others


def folder(site: Path, environment: Mapping[str, str]) -> Path:
    """The path of the cache folder, which need not exist. It is named after the site's path as it was given, so that
    an index stays in use when that path is a link which is set anew.

    Raises Unusable where it lies in the site's folder.
    """
    if named := environment.get("FEEDSITE_CACHE"):
        path = Path(named)
    else:
        place = os.path.abspath(site)
        mark = blake2b(os.fsencode(place), digest_size=6).hexdigest()
        path = _of_user(environment) / f"{os.path.basename(place) or 'root'}-{mark}"
    if any(Path(whole(path)).is_relative_to(whole(site)) for whole in (os.path.abspath, os.path.realpath)):
        message = f"{path} lies in the site's folder, where a commit could lay an index; name another in FEEDSITE_CACHE"
        raise Unusable(message)
    return path


def _of_user(environment: Mapping[str, str]) -> Path:
    """The unit's, where systemd made one (systemd.exec(5), CacheDirectory); else the user's (XDG Base Directory)."""
    of_unit = environment.get("CACHE_DIRECTORY", "").partition(":")[0]
    if os.path.isabs(of_unit):
        return Path(of_unit)
    of_user = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(of_user):  # XDG Base Directory: a relative path is to be ignored
        of_user = os.path.expanduser("~/.cache")
    return Path(of_user if os.path.isabs(of_user) else _NO_HOME) / "feedsite"


def make(path: Path) -> None:
    """Makes a cache folder where it is missing, and closes it to others.

    Raises Unusable where that fails, and where others may write to it or replace it; then nothing is made.
    """
    try:
        refuse_replaceable(path)
        for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
            missing.mkdir(_PRIVATE, exist_ok=True)
        refuse_replaceable(path)  # in a folder like /tmp another user may have been quicker
        found = os.stat(path)
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if found.st_uid != os.geteuid():
            raise Unusable(f"{path} belongs to another user; name a folder of your own in FEEDSITE_CACHE")
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Unusable(f"others may write to {path}, and may have laid an index there; delete it")
        if found.st_mode & _OTHERS and not _has_folders(path):
            os.chmod(path, _PRIVATE)
    except OSError as error:
        raise Unusable(f"{path} cannot be written to: {error.strerror}") from None


def _has_folders(path: Path) -> bool:
    """Whether a folder holds more than a cache, as /var/cache does, which others need."""
    with os.scandir(path) as entries:
        return any(entry.is_dir(follow_symlinks=False) and entry.name != copystore.FOLDER for entry in entries)


def opened(site: Path, environment: Mapping[str, str]) -> Index:
    """The site's index. A new one is made where there is none, or where it is damaged or of another version.

    Raises Unusable where the cache folder can have none.
    """
    path = folder(site, environment) / _name(environment)
    make(path.parent)
    place = os.path.abspath(site)
    try:
        index = Index(path)
        other = index.meta("folder")
        if other in (None, place):
            if other is None:
                _claim(index, place)
            return index
        index.close()
        reason = f"{path.parent} is the cache of {other}; name another one in FEEDSITE_CACHE"
    except Unusable as error:
        if not error.is_damaged:
            raise
        reason = f"{path} is in use by something else: {error}"
    if (lock := leaderlock.take_at(path)) is None:
        raise Unusable(reason)
    try:
        discard(path)
        index = Index(path)
        _claim(index, place)
    finally:
        os.close(lock)
    return index


def _claim(index: Index, place: str) -> None:
    with index.writing() as writer:
        writer.set_meta("folder", place)


def _name(environment: Mapping[str, str]) -> str:
    changed = overrides(environment)
    mark = f"-{blake2b(repr(sorted(changed.items())).encode(), digest_size=4).hexdigest()}" if changed else ""
    return f"index{mark}.sqlite"
