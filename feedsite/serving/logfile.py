"""Lines appended to one file by all workers: whole ones, in each worker's order, and never at an answer's expense.

Lines are taken at once and written a moment later, by a thread. What cannot be written is left out, counted, and told
once in the server's own log. A file that was renamed, as logrotate does, is left, and another one begun.
"""

import errno
import fcntl
import logging
import os
import select
import stat
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from ..errors import FeedsiteError

STANDARD_OUTPUT = "-"
LONGEST = select.PIPE_BUF  # bytes of a line: so much the system takes whole into a pipe that others write to as well
_PAUSE = 0.2  # seconds between two writes
_MOST = 32768  # lines that wait
_CALM = 60.0  # seconds without trouble after which it is over
_TRIES, _TRY = 50, 0.02  # to lock the file, and seconds between two: another worker's writing takes less
_READABLE = 0o640  # by the group, not by everybody: it tells who reads what
_log = logging.getLogger("feedsite")


class LogFile:
    """`dropped` is told how many lines had to be left out, by the thread, each time it happens."""

    def __init__(self, path: str, dropped: Callable[[int], object], *, most: int = _MOST, calm: float = _CALM) -> None:
        self._path = path
        self._dropped = dropped
        self._most = most
        self._calm = calm
        self._file: int | None = None
        self._waiting: deque[str] = deque()
        self._refused = 0  # lines, from the beginning; only who adds them writes this number
        self._told_refused = 0
        self._left_out = 0  # lines, since the trouble began
        self._troubled_at: float | None = None

    def start(self) -> None:
        """The thread is no daemon: when the process ends it still writes what waits."""
        threading.Thread(target=self._work, name="feedsite-access-log").start()

    def add(self, line: str) -> None:
        """Takes a line of ASCII with its end, LONGEST at most, and waits for nothing."""
        if len(self._waiting) < self._most:
            self._waiting.append(line)
        else:
            self._refused += 1

    def write(self) -> None:
        """Writes what waits, or leaves it out."""
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        written, problem = 0, "more lines come than can be written"
        try:
            if lines:
                file = self._current()
                for piece in _pieces(file, lines):
                    _append(file, "".join(piece).encode())
                    written += len(piece)
        except OSError as error:
            problem = os.strerror(error.errno or errno.EIO)
        refused, self._told_refused = self._refused - self._told_refused, self._refused
        if lost := len(lines) - written + refused:
            self._tell_trouble(lost, problem)
        elif lines:
            self._tell_end_of_trouble()

    def _work(self) -> None:
        main = threading.main_thread()
        is_last = False
        while not is_last:
            main.join(_PAUSE)
            is_last = not main.is_alive()  # asked before what waits is taken, so that nothing comes after it
            try:
                self.write()
            except Exception:  # noqa: BLE001  # the thread must outlive whatever a disk does
                _log.exception("the access log could not be written; trying again")

    def _current(self) -> int:
        """The file that the path names now."""
        if self._path == STANDARD_OUTPUT:
            return 1
        if self._file is not None and _is_moved(self._file, self._path):
            os.close(self._file)
            self._file = None
        if self._file is None:
            self._file = _opened(self._path)
        return self._file

    def _tell_trouble(self, lost: int, problem: str) -> None:
        self._dropped(lost)
        self._left_out += lost
        if self._troubled_at is None:
            _log.error("%s: lines are left out of the access log: %s", self._path, problem)
        self._troubled_at = time.monotonic()

    def _tell_end_of_trouble(self) -> None:
        if self._troubled_at is not None and time.monotonic() - self._troubled_at >= self._calm:
            _log.warning("%s: the access log is written again; %d lines are missing", self._path, self._left_out)
            self._left_out, self._troubled_at = 0, None


def refuse_unwritable(path: str) -> None:
    """Raises FeedsiteError where no access log can be written."""
    if path == STANDARD_OUTPUT:
        return
    try:
        os.close(_opened(path))
    except OSError as error:
        message = f"the access log {path} cannot be written: {error.strerror}; choose another with --access-log"
        raise FeedsiteError(message) from None


def _opened(path: str) -> int:
    """A pipe that nobody reads, or that is full, refuses at once: nobody waits for it (O_NONBLOCK)."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
    return os.open(path, flags, _READABLE)


def _is_moved(file: int, path: str) -> bool:
    try:
        return not os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return True
    except OSError:  # the way there is shut; the file itself is still ours
        return False


def _pieces(file: int, lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """What is written at once: all of it into a file; into a pipe as many lines as the system keeps together."""
    if _is_regular(file):
        yield lines
        return
    begin = size = 0
    for end, line in enumerate(lines):
        if size + len(line) > LONGEST and end > begin:
            yield lines[begin:end]
            begin, size = end, 0
        size += len(line)
    yield lines[begin:]


def _append(file: int, content: bytes) -> None:
    """All or nothing, of a file: a disk that is filled by one half has it taken back before anybody else appends."""
    if not _is_regular(file):
        while content:
            content = content[os.write(file, content) :]
        return
    _lock(file)
    try:
        written = os.write(file, content)
        if written < len(content):
            end = os.lseek(file, 0, os.SEEK_CUR)
            if os.fstat(file).st_size == end:
                os.ftruncate(file, end - written)
                os.lseek(file, end - written, os.SEEK_SET)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)


def _lock(file: int) -> None:
    """Raises BlockingIOError where it is held longer than writing takes: whoever may read the file could, for ever."""
    for left in range(_TRIES, 0, -1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if left == 1:
                raise
            time.sleep(_TRY)
        except OSError:  # some file systems have no locks
            return
        else:
            return


def _is_regular(file: int) -> bool:
    return stat.S_ISREG(os.fstat(file).st_mode)
