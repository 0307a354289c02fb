"""What an article's own files say of themselves, such as the length of a recording: read with the article, and read
again when such a file changes.
"""

import errno
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from ..errors import is_passing
from ..model import Entry
from ..urls import MEDIA_FOLDERS, Urls, single_slashes
from .opening import Opened, Unreadable, is_open, opened
from .walk import Walk

Facts = TypeVar("Facts")


class Completed(NamedTuple):
    """An entry with what its own files say, and the files of the site that were asked.

    A file that does not exist counts as asked, too: the entry is another one as soon as the file is there.
    `is_passing`: a program writes to one just now, so that nothing is known of it yet.
    """

    entry: Entry
    asked: tuple[str, ...] = ()
    is_passing: bool = False


class Writing(Exception):
    """A program writes to the file just now."""


def own_file(address: str, urls: Urls) -> str:
    """The path, in the site's folder, of the picture or recording at an address; "" where none can be published."""
    path = (urls.own_path(address) or "")[1:]
    return path if path.partition("/")[0] in MEDIA_FOLDERS and path == single_slashes(path) else ""


def look(
    folder: Path, path: str, act: Callable[[Opened, str], Facts], *, waits_for_saves: bool = False
) -> Facts | None:
    """What `act` finds in a published file, given with its media type; None where there is none that can be read.

    A walk over all files has to come to it, else its changes would go unnoticed. Raises OSError where the file cannot
    be read just now, and with `waits_for_saves` Writing where it is still being written.
    """
    walk = Walk(folder, path)
    found = next(walk.media_files(), None)
    if walk.is_passing:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if not found or found[0] != path:
        return None
    try:
        if waits_for_saves and is_open(folder, path, time.time_ns() - found[1].st_mtime_ns):
            raise Writing
        with opened(folder, path, path.partition("/")[0]) as file:
            return act(file, found[2])
    except Unreadable:
        return None
    except OSError as error:
        if is_passing(error):
            raise
        return None


def joined(*found: Completed) -> Completed:
    """An entry that was completed several times, one after the other."""
    asked = dict.fromkeys(path for one in found for path in one.asked)
    return Completed(found[-1].entry, tuple(asked), any(one.is_passing for one in found))


def unique(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that are not "", each once."""
    return tuple(dict.fromkeys(path for path in paths if path))
