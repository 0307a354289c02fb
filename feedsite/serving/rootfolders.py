"""The root folders of a site (folder/opening.ROOTS) as they change: which paths to take in, and when."""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from ..folder.commit import Committed
from ..folder.opening import ROOTS, THEME, signature, status
from ..folder.walk import Place, is_hidden, where
from ..settings import FILE
from ..urls import MEDIA_FOLDERS
from . import watch
from .watchedfolders import WatchedFolders

_LINKS_AT_ONCE = 100  # links that are checked each time, which takes 2 ms
_CHECKING = 0.01  # seconds after which no further one is checked that time
_FULL_LOOK = 300  # seconds between looks at every file, for changes without an event; one takes a second at most
_log = logging.getLogger("feedsite")


def to_take_in(folder: Path, latest: Callable[[], Committed], stop: threading.Event) -> Iterator[set[str] | None]:
    """Yields at each tick the paths to take in: an empty set for site.yaml alone, None where nothing has changed.

    It yields all roots first, for no event reports what was saved before the watch began. It ends when other folders
    are to be watched than before. `latest` returns what the last commit did.
    """
    roots = _RootFolders(folder)
    state = roots.state()
    if not (watched := roots.watched()):
        yield set(ROOTS)
        stop.wait(watch.TICK / 1000)
        return
    watching = watch.Watch(watched, stop)
    folders = WatchedFolders(folder, watching)
    looked_at: float | None = None  # when every file was last looked at
    for events in watching:
        now = roots.state()
        if now[1:] != state[1:]:
            return
        if looked_at is None or events is None or time.monotonic() - looked_at > _FULL_LOOK:
            started = time.monotonic()
            if events is not None:
                folders.follow(ROOTS)
            yield set(ROOTS)
            if looked_at is None:
                _log.info("verified %d files in %.1f s", latest().count, time.monotonic() - started)
            looked_at = time.monotonic()
            state = now
            continue
        paths = folders.named(events)
        changed = roots.changed(paths, latest().links) | latest().again
        unwatched = folders.due()
        if changed or unwatched or now != state:
            folders.follow(changed, replaced=paths)
            started = time.monotonic()
            yield changed | unwatched
            if unwatched:
                folders.looked_at(started)
        else:
            yield None
        state = now


class _RootFolders:
    """The root folders of the site at a path; links on that path may be set anew at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 0  # of the links, the first one to be checked the next time

    def watched(self) -> list[Path]:
        return [self._folder / name for name in ROOTS if (found := self._status(name)) and stat.S_ISDIR(found.st_mode)]

    def state(self) -> list[tuple[int, ...] | None]:
        """A signature of site.yaml, then one of each root folder; None for what does not exist."""
        file, *roots = map(self._status, (FILE, *ROOTS))
        return [file and signature(file), *(root and (root.st_dev, root.st_ino) for root in roots)]

    def _status(self, name: str) -> os.stat_result | None:
        try:
            return status(self._folder, name, name if name in (*MEDIA_FOLDERS, THEME) else "")
        except OSError:
            return None

    def changed(self, paths: Iterable[str], links: Mapping[str, Place]) -> set[str]:
        """The changed paths: those of events, and those of links whose targets changed.

        An event elsewhere stands for all roots. An event of a hidden file stands for its whole root if there are links
        in it, for they may lead to that file.
        """
        paths = set(paths)
        if any(_root(path) not in ROOTS for path in paths):
            return set(ROOTS)
        hidden = {path for path in paths if is_hidden(path)}
        linked = set(map(_root, links)) if hidden else set()
        around = {_root(path) for path in hidden if _root(path) in linked and (self._folder / path).exists()}
        return (paths - hidden) | around | self._moved(links)

    def _moved(self, links: Mapping[str, Place]) -> set[str]:
        """Of the next links, those that lead elsewhere than when they were read, or to a file that was changed."""
        until = time.monotonic() + _CHECKING
        moved = set()
        for link, place in islice(links.items(), self._next, self._next + _LINKS_AT_ONCE):
            if where(self._folder, link) != place:
                moved.add(link)
            self._next += 1
            if time.monotonic() > until:
                break
        if self._next >= len(links):
            self._next = 0
        return moved


def _root(path: str) -> str:
    return path.partition("/")[0]
