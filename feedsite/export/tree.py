"""Files below one folder, reached name by name, so that no link on the way is followed."""

import os
from collections import OrderedDict
from contextlib import suppress

_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe is opened without waiting for its writer
_MOST_OPEN = 100  # folders


class Tree:
    """The files below an open folder. Every method raises OSError, also where a link stands on the way.

    The folders of the last calls stay open: most files stand beside or near some that were reached just before.
    """

    def __init__(self, top: int) -> None:
        self._top = top
        self._open: OrderedDict[str, int] = OrderedDict()  # by their names below the top folder

    def close(self) -> None:
        self._close_all()
        os.close(self._top)

    def stat(self, name: str) -> os.stat_result:
        """A link's own, not that of its target."""
        folder, last = self._reached(name)
        return os.stat(last, dir_fd=folder, follow_symlinks=False)

    def opened(self, name: str) -> int:
        """A file descriptor to read from."""
        folder, last = self._reached(name)
        return os.open(last, _FILE, dir_fd=folder)

    def take(self, within: int, part: str, name: str) -> None:
        """Moves the file `part` of an open folder to its name, over any file there, and makes the folders above it."""
        try:
            folder, last = self._reached(name, is_made=True)
            os.replace(part, last, src_dir_fd=within, dst_dir_fd=folder)
        except FileNotFoundError:  # somebody has deleted a folder since it was opened
            self._close_all()
            folder, last = self._reached(name, is_made=True)
            os.replace(part, last, src_dir_fd=within, dst_dir_fd=folder)

    def remove(self, name: str) -> None:
        """Removes the file, and the folders that are empty without it."""
        folder, last = self._reached(name)
        os.unlink(last, dir_fd=folder)
        above = name.rpartition("/")[0]
        with suppress(OSError):
            while above:
                upper, _, last = above.rpartition("/")
                os.rmdir(last, dir_fd=self._folder(upper))
                if above in self._open:
                    os.close(self._open.pop(above))
                above = upper

    def _reached(self, name: str, *, is_made: bool = False) -> tuple[int, str]:
        """The open folder that a file stands in, and its name there. With `is_made` missing folders are made."""
        folder, _, last = name.rpartition("/")
        return self._folder(folder, is_made=is_made), last

    def _folder(self, name: str, *, is_made: bool = False) -> int:
        above = name
        while above and above not in self._open:
            above = above.rpartition("/")[0]
        here = self._open[above] if above else self._top
        if above:
            self._open.move_to_end(above)
        for part in filter(None, name[len(above) :].split("/")):
            try:
                here = os.open(part, _FOLDER, dir_fd=here)
            except FileNotFoundError:
                if not is_made:
                    raise
                with suppress(FileExistsError):  # another process made it just now
                    os.mkdir(part, dir_fd=here)
                here = os.open(part, _FOLDER, dir_fd=here)
            above = f"{above}/{part}" if above else part
            self._open[above] = here
            if len(self._open) > _MOST_OPEN:
                os.close(self._open.popitem(last=False)[1])
        return here

    def _close_all(self) -> None:
        while self._open:
            os.close(self._open.popitem()[1])
