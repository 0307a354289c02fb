"""New files in a site's folder: none is half written, over another one, or through a link."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ..editing import disk

_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def create(folder: Path, path: str, content: bytes) -> None:
    """Writes a new file at a path in a folder, and makes the folders above it.

    Raises OSError: FileExistsError where anything stands there, another one where a folder is a link or a file.
    """
    *above, name = path.split("/")
    here = os.open(folder, _FOLDER & ~os.O_NOFOLLOW)  # the folder itself is the caller's choice
    try:
        for part in above:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=here)
            below = os.open(part, _FOLDER, dir_fd=here)
            os.close(here)
            here = below
        with disk.locked(folder):
            disk.create(name, here, content)
    finally:
        os.close(here)


def standing_in_the_way(folder: Path, paths: Iterable[str]) -> list[str]:
    """The paths of new files at which something stands, or what stands above one and is no folder."""
    found = []
    for path in paths:
        parts = path.split("/")
        above = ["/".join(parts[:count]) for count in range(1, len(parts))]
        blocked = [one for one in above if (folder / one).is_symlink() or (folder / one).is_file()]
        if blocked or os.path.lexists(folder / path):
            found.append(blocked[0] if blocked else path)
    return list(dict.fromkeys(found))
