"""How changes in folders are noticed: by the system's events, or where it has none by looking at every file regularly.

The only door to watchfiles. Each folder is watched by itself: watchfiles would follow every link below it, without end.
"""

import logging
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from watchfiles._rust_notify import RustNotify

TICK = 100  # ms between two results, with or without an event
_SETTLE = 5  # ms without a further event before a change is reported
_LONGEST = 200  # ms in which events that follow each other closely become one change
_MANY = 50  # paths after which more are expected, as when git changes branches: they are reported when events pause
_MOST = 10  # seconds that these are waited for
_STALE = 60  # seconds after which the lock of a git that was killed is ignored
_POLLED_EACH = 2  # seconds
_OVERLAP = 1  # seconds for which a former watch is listened to beside the one in its place
# File systems that another machine can change without an inotify event here (filesystems(5), and those of FUSE).
_REMOTE = ("9p", "afs", "ceph", "cifs", "fuse.", "glusterfs", "lustre", "nfs", "smb", "vboxsf", "virtiofs")
_log = logging.getLogger("feedsite")


class Watch:
    """A watch over folders, without those below them. To iterate over it is to listen to it."""

    def __init__(self, folders: list[Path], stop: threading.Event) -> None:
        self._folders = folders
        self._stop = stop
        self._now: RustNotify | None = None
        self._former: RustNotify | None = None
        self._overlap_ends = 0.0
        self._late: set[str] = set()  # what a former watch has noticed

    def __iter__(self) -> Iterator[set[str] | None]:
        """At each tick, the paths that changed; an empty set for no change, None where everything must be looked at."""
        if remote := next((folder for folder in self._folders if is_remote(folder)), None):
            yield from _polled(f"{remote} is on a network disk", self._stop)
            return
        try:
            for folder in self._folders:
                os.stat(folder)
            self._now = _watcher(self._folders)
        except FileNotFoundError:  # one of the folders was deleted just now
            self._stop.wait(TICK / 1000)
            yield None
            return
        except (OSError, RuntimeError) as error:  # no watch is left (fs.inotify.max_user_watches), or there is none
            yield from _polled(str(error), self._stop)
            return
        try:
            yield from self._gathered()
        finally:
            self._end_former()
            self._now.close()

    def watch(self, folders: Iterable[Path]) -> bool:
        """Watches these folders from now on, for whoever listens. What changes meanwhile is reported.

        Those that do not exist or are unreadable are left out. False where the system refuses: then all is as before.
        """
        if self._now is None:
            return True  # everything is looked at anyway
        try:
            new = _watcher(folders)
        except FileNotFoundError:  # deleted just now
            return False
        except (OSError, RuntimeError) as error:
            _log.warning("the system watches no more folders (%s): new ones are looked at every few seconds", error)
            return False
        self._late |= self._left()
        self._end_former()
        self._former, self._now = self._now, new
        self._overlap_ends = time.monotonic() + _OVERLAP
        return True

    def _gathered(self) -> Iterator[set[str]]:
        """The paths that changed; those that change together are reported together."""
        gathered: set[str] = set()
        locks = {lock for folder in self._folders for lock in _git_locks(folder)}
        first_at = time.monotonic()
        while (events := self._next()) is not None:
            if not gathered:
                first_at = time.monotonic()
            gathered |= events
            is_more = (events and len(gathered) > _MANY) or (gathered and any(map(_is_locked, locks)))
            if is_more and time.monotonic() - first_at < _MOST:
                yield set()  # articles that are due meanwhile need not wait
                continue
            yield gathered
            gathered = set()

    def _next(self) -> set[str] | None:
        """The paths that changed until the next tick. None where the watch is to end."""
        events = _paths(self._now.watch(_LONGEST, _SETTLE, TICK, self._stop)) if self._now else None
        if events is not None and self._former:  # the system may have told it of a change a moment late
            events |= self._left() | self._late
            self._late = set()
            if time.monotonic() > self._overlap_ends:
                self._end_former()
        return events

    def _left(self) -> set[str]:
        """What the former watch has noticed since it was last asked."""
        return (self._former and _paths(self._former.watch(1, 1, 1, None))) or set()

    def _end_former(self) -> None:
        if self._former:
            self._former.close()
        self._former = None


def _watcher(folders: Iterable[Path]) -> RustNotify:
    """A watch that has begun, over those that are readable. Raises OSError or RuntimeError."""
    readable = [str(folder) for folder in folders if os.access(folder, os.R_OK, effective_ids=True)]
    # With ignore_permission_denied it would also be silent where no watch is left.
    return RustNotify(
        readable, debug=False, force_polling=False, poll_delay_ms=0, recursive=False, ignore_permission_denied=False
    )


def _paths(told: set[tuple[int, str]] | str) -> set[str] | None:
    """The paths of events; None where the watch was stopped."""
    if isinstance(told, str):
        return set() if told == "timeout" else None
    return {path for _, path in told}


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
        again_at = due(started)
        while (left := again_at - time.monotonic()) > 0 and not stop.wait(min(left, TICK / 1000)):
            yield set()


def due(started: float) -> float:
    """When to look again at files without events, the looking at which started then and ended now."""
    return started + max(_POLLED_EACH, 10 * (time.monotonic() - started))


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
