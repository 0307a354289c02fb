"""Which folders of a site are watched: those that a walk comes to, each once, by whatever links it is reached.

None is watched that no walk comes to: no link leads the watch out of the site, nor without end.
"""

import os
import stat
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from ..folder.walk import Place, Walk, is_below
from .watch import Watch, due

_MOST = 4000  # folders, each time one comes or goes all are watched anew, in 0.2 s
_MOST_NAMES = 50  # of one folder, under which a change in it is taken in at once; one is usual
_ROUNDS = 5  # in which the folders are to be found that are made meanwhile


class WatchedFolders:
    """The folders of a site. A few may be unwatched: too many, or refused by the system."""

    def __init__(self, folder: Path, watching: Watch) -> None:
        self._folder = folder
        self._watching = watching
        self._found: dict[str, Place] = {}  # by path within the site's folder
        self._names: dict[Place, list[str]] = {}  # the paths of each folder, the first of which is watched
        self._watched: set[str] = set()
        self._unwatched: set[str] = set()
        self._due_at = 0.0

    def follow(self, paths: Iterable[str], replaced: Collection[str] = ()) -> None:
        """Finds the folders at these paths and below them, and watches them, before their files are scanned.

        A folder at one of `replaced` may be another one than before, even with the inode of the former.
        """
        some = {path for path in paths if path in self._found or self._can_lead_to_folder(path)}
        is_watched = not any(path in self._found for path in replaced)
        for _ in range(_ROUNDS if some else 0):
            found = self._found_below(some)
            if is_watched and found == self._found:
                return
            self._found = found
            is_watched = self._watch()

    def named(self, events: Iterable[str]) -> set[str]:
        """The paths within the site's folder at which events are, by each name of the folder that they are in."""
        paths = {path.removeprefix(f"{self._folder}/") for path in events}
        for path in [*paths]:
            above, _, name = path.rpartition("/")
            others = self._names.get(self._found.get(above), ())
            paths |= {f"{other}/{name}" for other in others[:_MOST_NAMES]}
        return paths

    def due(self) -> set[str]:
        """The unwatched folders, when they are to be scanned again."""
        return self._unwatched if time.monotonic() >= self._due_at else set()

    def looked_at(self, started: float) -> None:
        """Notes when the scan of the unwatched ones began, which ended now."""
        self._due_at = due(started)

    def _can_lead_to_folder(self, path: str) -> bool:
        try:
            mode = os.lstat(self._folder / path).st_mode
        except OSError:
            return False
        return stat.S_ISDIR(mode) or stat.S_ISLNK(mode)

    def _found_below(self, paths: set[str]) -> dict[str, Place]:
        """All folders, those at these paths and below them as they are now."""
        found = {path: place for path, place in self._found.items() if not is_below(path, paths)}
        for path in paths:
            walk = Walk(self._folder, path)
            walk.find_folders()
            found |= walk.folders
            if walk.lost:  # what cannot be read now is what it was
                found |= {path: place for path, place in self._found.items() if is_below(path, walk.lost)}
        return found

    def _watch(self) -> bool:
        """Watches what was found, folders near the root first. False where it has to be tried again."""
        self._names = {}
        for path in sorted(self._found, key=lambda path: (path.count("/"), path)):
            self._names.setdefault(self._found[path], []).append(path)
        first = [names[0] for names in self._names.values()]
        is_watched = self._watching.watch(self._folder / path for path in first[:_MOST])
        if is_watched:
            self._watched = set(first[:_MOST])
        unwatched = {path for path in first if path not in self._watched}
        self._unwatched = {path for path in unwatched if not is_below(path.rpartition("/")[0], unwatched)}
        return is_watched
