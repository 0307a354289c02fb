"""What changes under a site that is followed: which paths to look at, and whether its folders are still the same."""

import os
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ..folder.opening import ROOTS
from ..folder.walk import Place, is_hidden, where
from ..settings import FILE

_AT_ONCE = 100  # links that are looked at each time, which takes 2 ms


class Ground:
    """A site's folder, by the path that was given: whatever links it has are followed anew each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 0

    def folders(self) -> list[Path]:
        """What is to be watched."""
        return [place for name in ROOTS if (place := self._folder / name).is_dir()]

    def state(self) -> list[tuple[int, ...] | None]:
        """First what tells that site.yaml was saved, then that a folder was replaced, made or lost."""
        return [_signature(self._folder / FILE, is_content=True)] + [
            _signature(self._folder / name, is_content=False) for name in ROOTS
        ]

    def to_look_at(self, told: Iterable[str], links: Mapping[str, Place]) -> set[str]:
        """Paths within the site's folder, of what was told and of links that have changed without an event.

        All of it for what lies elsewhere; all of a root for what is hidden in it, to which links of that root may lead.
        """
        paths = {path.removeprefix(f"{self._folder}/") for path in told}
        if any(_root(path) not in ROOTS for path in paths):
            return set(ROOTS)
        hidden = {path for path in paths if is_hidden(path)}
        linked = set(map(_root, links)) if hidden else set()
        around = {_root(path) for path in hidden if _root(path) in linked and (self._folder / path).exists()}
        return (paths - hidden) | around | self._moved(links)

    def is_shifted(self, paths: Iterable[str]) -> bool:
        """Whether one of these is a link to a folder: what is to be watched lies elsewhere now."""
        return any((self._folder / path).is_symlink() and (self._folder / path).is_dir() for path in paths)

    def _moved(self, links: Mapping[str, Place]) -> set[str]:
        """Those, of the next ones, that lead elsewhere than when they were met, or to a file that was changed."""
        some = [*islice(links.items(), self._next, self._next + _AT_ONCE)]
        self._next = self._next + _AT_ONCE if len(some) == _AT_ONCE else 0
        return {link for link, place in some if where(self._folder, link) != place}


def _root(path: str) -> str:
    return path.partition("/")[0]


def _signature(path: Path, *, is_content: bool) -> tuple[int, ...] | None:
    try:
        found: Any = os.stat(path)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if is_content else (found.st_dev, found.st_ino)
