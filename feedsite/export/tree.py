"""Files below one folder, reached name by name, so that no link on the way is followed."""

import os
from contextlib import suppress

_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe is opened without waiting for its writer


class Tree:
    """The files below an open folder. Every method raises OSError, also where a link stands on the way.

    The folders above the file of the last call stay open: most files stand beside or near the one before.
    """

    def __init__(self, top: int) -> None:
        self._top = top
        self._open: list[tuple[str, int]] = []

    def close(self) -> None:
        self._close_from(0)
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
            self._close_from(0)
            folder, last = self._reached(name, is_made=True)
            os.replace(part, last, src_dir_fd=within, dst_dir_fd=folder)

    def remove(self, name: str) -> None:
        """Removes the file, and the folders that are empty without it."""
        folder, last = self._reached(name)
        os.unlink(last, dir_fd=folder)
        names = [one for one, _ in self._open]
        with suppress(OSError):
            while names:
                above = self._open[len(names) - 2][1] if len(names) > 1 else self._top
                os.rmdir(names.pop(), dir_fd=above)
                self._close_from(len(names))

    def _reached(self, name: str, *, is_made: bool = False) -> tuple[int, str]:
        """The open folder that a file stands in, and its name there."""
        *folders, last = name.split("/")
        shared = 0
        while shared < min(len(folders), len(self._open)) and self._open[shared][0] == folders[shared]:
            shared += 1
        self._close_from(shared)
        here = self._open[-1][1] if self._open else self._top
        for folder in folders[shared:]:
            try:
                here = os.open(folder, _FOLDER, dir_fd=here)
            except FileNotFoundError:
                if not is_made:
                    raise
                with suppress(FileExistsError):  # another process made it just now
                    os.mkdir(folder, dir_fd=here)
                here = os.open(folder, _FOLDER, dir_fd=here)
            self._open.append((folder, here))
        return here, last

    def _close_from(self, count: int) -> None:
        while len(self._open) > count:
            os.close(self._open.pop()[1])
