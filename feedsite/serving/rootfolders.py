"""The root folders of a site (entries/ and the media folders) as they change: which paths to take in, and when."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ..folder.commit import Committed
from ..folder.opening import ROOTS
from ..folder.walk import Place, is_hidden, where
from ..settings import FILE
from . import watch

_LINKS_AT_ONCE = 100  # links that are checked each time, which takes 2 ms
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
    looked_at: float | None = None  # when every file was last looked at
    for events in watch.changes(watched, stop):
        now = roots.state()
        if now[1:] != state[1:]:
            return
        if looked_at is None or events is None or time.monotonic() - looked_at > _FULL_LOOK:
            started = time.monotonic()
            yield set(ROOTS)
            if looked_at is None:
                _log.info("verified %d files in %.1f s", latest().count, time.monotonic() - started)
            looked_at = time.monotonic()
        elif (changed := roots.changed(events, latest().links)) or latest().again or now != state:
            if roots.has_folder_link(changed):
                return
            yield changed | latest().again
        else:
            yield None
        state = now


class _RootFolders:
    """The root folders of the site at a path; links on that path may be set anew at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 0  # of the links, the first one to be checked the next time

    def watched(self) -> list[Path]:
        return [place for name in ROOTS if (place := self._folder / name).is_dir()]

    def state(self) -> list[tuple[int, ...] | None]:
        """A signature of site.yaml, then one of each root folder; None for what does not exist."""
        return [_signature(self._folder / FILE, is_content=True)] + [
            _signature(self._folder / name, is_content=False) for name in ROOTS
        ]

    def changed(self, events: Iterable[str], links: Mapping[str, Place]) -> set[str]:
        """The changed paths within the site's folder: those of events, and those of links whose targets changed.

        An event elsewhere stands for all roots. An event of a hidden file stands for its whole root if there are links
        in it, for they may lead to that file.
        """
        paths = {path.removeprefix(f"{self._folder}/") for path in events}
        if any(_root(path) not in ROOTS for path in paths):
            return set(ROOTS)
        hidden = {path for path in paths if is_hidden(path)}
        linked = set(map(_root, links)) if hidden else set()
        around = {_root(path) for path in hidden if _root(path) in linked and (self._folder / path).exists()}
        return (paths - hidden) | around | self._moved(links)

    def has_folder_link(self, paths: Iterable[str]) -> bool:
        """Whether one of these is a link to a folder: then another folder is to be watched."""
        return any((self._folder / path).is_symlink() and (self._folder / path).is_dir() for path in paths)

    def _moved(self, links: Mapping[str, Place]) -> set[str]:
        """Of the next links, those that lead elsewhere than when they were read, or to a file that was changed."""
        some = [*islice(links.items(), self._next, self._next + _LINKS_AT_ONCE)]
        self._next = self._next + _LINKS_AT_ONCE if len(some) == _LINKS_AT_ONCE else 0
        return {link for link, place in some if where(self._folder, link) != place}


def _root(path: str) -> str:
    return path.partition("/")[0]


def _signature(path: Path, *, is_content: bool) -> tuple[int, ...] | None:
    try:
        found: Any = os.stat(path)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if is_content else (found.st_dev, found.st_ino)
