"""A descent from the site's folder along a path, on which no link leads out of it, whatever is changed meanwhile.

Each name is opened below the folder before it, never through a link (O_NOFOLLOW). Where a name is a link, the link is
read, and its target is descended in the same way: a link within the site leads where it would anyway, and none leads
out. The site's own folder may be reached by any links, which are the operator's.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..errors import Outside

_MOST_OPENED = 250  # folders that one descent may open, which takes a millisecond
_MOST_NAMES = 50  # in a link's target; folders stand in each other 50 deep at most (walk.py)
_MOST_LINKS = 40  # on the way to one file, as Linux has it (path_resolution(7))
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
Result = TypeVar("Result")


class Descent:
    """`names` are those that were passed, without links; `floor` are those above which the descent must not go.

    Never more than two folders are open at once, so a way back up begins at the site's folder again: once for all `..`
    that follow each other.
    """

    def __init__(self, folder: str | Path, beneath: str = "") -> None:
        """`beneath` is what the error names when a link leads out; "" is the site's folder."""
        self.names: list[str] = []
        self.floor: list[str] = []
        self._folder = folder
        self._beneath = beneath
        self._links = 0
        self._opened = 0
        self._here = os.open(folder, _FOLDER)

    def reach(self, path: str, act: Callable[[str, int], Result]) -> Result:
        """What `act` returns for the last name of a path and a descriptor of the folder that it stands in.

        `act` raises OSError for a link, which is followed then. Raises Outside where a link leads out, OSError where
        there is nothing.
        """
        waiting = path.split("/")[::-1]
        while waiting:
            name = waiting.pop()
            if name == "..":
                up = 1
                while waiting and waiting[-1] in ("", ".", ".."):
                    up += waiting.pop() == ".."
                if len(self.names) - up < len(self.floor):
                    raise Outside(self._beneath)
                waiting += self.names[: len(self.names) - up][::-1]
                self._begin_again()
            elif name not in ("", "."):
                try:
                    if not waiting:
                        reached = act(name, self._here)
                        self.names.append(name)
                        return reached
                    self._enter(name)
                except OSError:
                    if (target := _target(name, self._here)) is None:
                        raise
                    self._links += 1
                    if self._links > _MOST_LINKS:
                        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
                    names = self._from_top(target) if target.startswith("/") else target.split("/")[::-1]
                    if len(names) > _MOST_NAMES:
                        raise _too_long() from None
                    waiting += names
        return act(".", self._here)

    def close(self) -> None:
        os.close(self._here)

    def _enter(self, name: str) -> None:
        self._count()
        below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=self._here)
        self.close()
        self._here = below
        self.names.append(name)

    def _count(self) -> None:
        self._opened += 1
        if self._opened > _MOST_OPENED:
            raise _too_long()

    def _begin_again(self) -> None:
        self._count()
        top = os.open(self._folder, _FOLDER)
        self.close()
        self._here = top
        self.names = []

    def _from_top(self, target: str) -> list[str]:
        """The names of an absolute target, the last first, on a descent that begins at the top again.

        The target must lie below the floor, by the site's path as it was given or by its real one.
        """
        for place in (os.path.abspath(self._folder), os.path.realpath(self._folder)):
            floor = "/".join((place.rstrip("/"), *self.floor))
            if f"{target}/".startswith(f"{floor}/"):
                self._begin_again()
                return [*target[len(floor) :].split("/")[::-1], *self.floor[::-1]]
        raise Outside(self._beneath)


def _too_long() -> OSError:
    return OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))


def _target(name: str, within: int) -> str | None:
    """Where a link leads; None for what is no link."""
    try:
        return os.readlink(name, dir_fd=within)
    except OSError:
        return None
