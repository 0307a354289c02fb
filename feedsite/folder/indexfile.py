"""The cache folder of a site, and the index in it: what FEEDSITE_CACHE names, or a folder in the user's cache.

What lies in it is made of the site's files, and trusted: so it never lies in the site's folder, where a contributor
could put one, and nobody but its user may write to it or read it. Processes whose environment gives the site other
settings have an index of their own: its articles are others.
"""

import errno
import os
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from ..index.databasefile import discard, take_lock
from ..index.index import Index
from ..index.unusable import Unusable
from ..parsing.sitefile import overrides

FORMER = ".feedsite"  # where it lay in a site's folder: nothing there is read
_NO_HOME = "/var/cache"  # for a user who has none
_PRIVATE = 0o700
_NOBODY = 65534  # root's files are his within a user namespace (user_namespaces(7))
_BEAT = 1  # seconds


def folder(site: Path, environment: Mapping[str, str]) -> Path:
    """Where it is, whether it exists or not. It is named after the site's path as it was given: a link that is set anew
    keeps its index.
    """
    if named := environment.get("FEEDSITE_CACHE"):
        return Path(named)
    place = os.path.abspath(site)
    mark = blake2b(os.fsencode(place), digest_size=6).hexdigest()
    return _of_user(environment) / f"{os.path.basename(place) or 'root'}-{mark}"


def _of_user(environment: Mapping[str, str]) -> Path:
    """Of the unit, where systemd made one (systemd.exec(5), CacheDirectory); else XDG Base Directory Specification."""
    of_unit = environment.get("CACHE_DIRECTORY", "").partition(":")[0]
    if os.path.isabs(of_unit):
        return Path(of_unit)
    of_user = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(of_user):  # the specification: any other is to be ignored
        of_user = os.path.expanduser("~/.cache")
    return Path(of_user if os.path.isabs(of_user) else _NO_HOME) / "feedsite"


def make(path: Path) -> None:
    """The folder, made where it is missing. Raises Unusable where it cannot be, or anybody else could write to it."""
    try:
        for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
            missing.mkdir(_PRIVATE, exist_ok=True)
        found = os.stat(path)
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise Unusable(f"{path} cannot be written to: {error.strerror}") from None
    if found.st_uid != os.geteuid():
        raise Unusable(f"{path} belongs to another user; name a folder of your own in FEEDSITE_CACHE")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Unusable(f"others may write to {path}; take that right from them (chmod 700)")
    for above in Path(os.path.realpath(path)).parents:
        _refuse_open(above, path)


def _refuse_open(above: Path, path: Path) -> None:
    """Whoever may rename what stands in a folder above could put a cache of his own there."""
    found = os.stat(above)
    is_open = found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX
    if is_open or found.st_uid not in (0, os.geteuid(), _NOBODY):
        whose = "others may write to" if is_open else "another user owns"
        raise Unusable(f"{whose} {above}, and so could replace {path}; name another folder in FEEDSITE_CACHE")


def opened(site: Path, environment: Mapping[str, str]) -> Index:
    """The site's index; a new one where there is none, or one that is damaged or of another version.

    Raises Unusable where none can be kept there.
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
    if (lead := take_lock(leading(path))) is None:
        raise Unusable(reason)
    try:
        discard(path)
        index = Index(path)
        _claim(index, place)
    finally:
        os.close(lead)
    return index


def _claim(index: Index, place: str) -> None:
    with index.writing() as writer:
        writer.set_meta("folder", place)


def lead(index: Index) -> int | None:
    """The lock of the one process that keeps this index in step, held until it is closed; None where another has it."""
    path = index.database.path
    return take_lock(leading(path)) if path else None


def beat(lead: int) -> None:
    """Shows the other processes that the leader is at its work, by the time of its lock's file."""
    now = time.time()
    if now - os.fstat(lead).st_mtime > _BEAT or os.fstat(lead).st_mtime > now:
        os.utime(lead)


def silence(index: Index) -> float:
    """Seconds since a leader of this index showed itself, or wrote; 0 where it lies in memory."""
    if (path := index.database.path) is None:
        return 0.0
    seen = 0.0
    for place in (leading(path), Path(f"{path}-wal")):
        with suppress(OSError):
            seen = max(seen, os.stat(place).st_mtime)
    return max(0.0, time.time() - seen)


def leading(path: Path) -> Path:
    return path.with_suffix(".leading")


def _name(environment: Mapping[str, str]) -> str:
    told = overrides(environment)
    mark = f"-{blake2b(repr(sorted(told.items())).encode(), digest_size=4).hexdigest()}" if told else ""
    return f"index{mark}.sqlite"
