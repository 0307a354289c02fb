"""How changes in folders are noticed: by the system's events, or where it has none by looking at every file regularly.

The only door to watchfiles.
"""

import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import watchfiles

TICK = 100  # ms between two results, with or without an event
_SETTLE = 5  # ms without a further event before a change is reported
_LONGEST = 200  # ms in which events that follow each other closely become one change
_MANY = 50  # paths after which more are expected, as when git changes branches: they are reported when events pause
_MOST = 10  # seconds that these are waited for
_STALE = 60  # seconds after which the lock of a git that was killed is ignored
_POLLED_EACH = 2  # seconds
# File systems that another machine can change without an inotify event here (filesystems(5), and those of FUSE).
_REMOTE = ("9p", "afs", "ceph", "cifs", "fuse.", "glusterfs", "lustre", "nfs", "smb", "vboxsf", "virtiofs")
_log = logging.getLogger("feedsite")


def changes(folders: list[Path], stop: threading.Event) -> Iterator[set[str] | None]:
    """At each tick, the paths that changed; an empty set for no change, None where everything must be looked at."""
    if remote := next((folder for folder in folders if is_remote(folder)), None):
        yield from _polled(f"{remote} is on a network disk", stop)
        return
    watching = watchfiles.watch(
        *folders,
        watch_filter=None,
        step=_SETTLE,
        debounce=_LONGEST,
        rust_timeout=TICK,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
    )
    try:
        gathered: set[str] = set()
        locks = {lock for folder in folders for lock in _git_locks(folder)}
        first_at = time.monotonic()
        for events in watching:
            if not gathered:
                first_at = time.monotonic()
            gathered.update(path for _, path in events)
            is_more = (events and len(gathered) > _MANY) or (gathered and any(map(_is_locked, locks)))
            if is_more and time.monotonic() - first_at < _MOST:
                yield set()  # articles that are due meanwhile need not wait
                continue
            yield gathered
            gathered = set()
    except FileNotFoundError:  # one of the folders was deleted just now
        stop.wait(TICK / 1000)
        yield None
    except (OSError, RuntimeError) as error:  # no watch is left (fs.inotify.max_user_watches), or the system has none
        yield from _polled(str(error), stop)


def _git_locks(folder: Path) -> list[Path]:
    """The file that git makes before it changes the folder's files, and deletes when it has changed them all.

    It counts in the nearest repository above, and only in one of root's, of this user's or of the folder's owner's:
    further up, as in /tmp, any user could lay one, and keep changes waiting.
    """
    try:
        repository = next((above / ".git" for above in folder.parents if (above / ".git").is_dir()), None)
        owners = (0, os.geteuid(), folder.stat().st_uid)
        return [repository / "index.lock"] if repository and repository.stat().st_uid in owners else []
    except OSError:
        return []


def _is_locked(lock: Path) -> bool:
    """False for a lock that a killed git left behind."""
    try:
        return time.time() - lock.stat().st_mtime < _STALE
    except OSError:
        return False


def _polled(reason: str, stop: threading.Event) -> Iterator[set[str] | None]:
    _log.warning("no system tells of changes (%s): every file is looked at every few seconds", reason)
    while not stop.is_set():
        started = time.monotonic()
        yield None
        pause = max(_POLLED_EACH, 10 * (time.monotonic() - started))
        while (left := started + pause - time.monotonic()) > 0 and not stop.wait(min(left, TICK / 1000)):
            yield set()


def is_remote(folder: Path, table: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether another machine can change the folder, by the table of mounts (proc(5), mountinfo); False without one."""
    try:
        lines = table.read_bytes().splitlines()
    except OSError:
        return False
    kinds: dict[str, str] = {}
    for line in lines:
        mounted, _, source = line.partition(b" - ")
        where = re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), mounted.split(b" ")[4])
        kinds[os.fsdecode(where).rstrip("/")] = source.split(b" ")[0].decode("ascii", "replace")
    place = os.path.realpath(folder).rstrip("/")
    while place not in kinds and place:
        place = place.rpartition("/")[0]
    return kinds.get(place, "").startswith(_REMOTE)
