"""A log file to which all workers append whole lines, each worker in its order, without delaying an answer.

Lines wait in memory until a thread writes them. Lines that cannot be written are left out and counted, and the server's
own log reports that once. When the file was renamed, as logrotate does, the next lines go to a new one.

Why not logging.handlers.WatchedFileHandler: measured, it adds 11 microseconds to an answer against 0.1 here; on a full
disk two workers leave halves of lines, and a full pipe blocks them.
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
LONGEST = select.PIPE_BUF  # bytes of a line: one write of so many is never split in a pipe that others write to
_PAUSE = 0.2  # seconds between two writes
_MOST = 32768  # lines that wait
_CALM = 60.0  # seconds without a problem after which the problem is over
_TRIES, _TRY_PAUSE = 50, 0.02  # to lock the file, and seconds between two: another worker's write takes less
_MODE = 0o640  # readable by the group, not by others: the log shows who reads what
_log = logging.getLogger("feedsite")


class LogFile:
    """`path` or standard output, with the lines that wait for it."""

    def __init__(self, path: str, dropped: Callable[[int], object], *, most: int = _MOST, calm: float = _CALM) -> None:
        """The thread calls `dropped` with the number of lines each time that some were left out."""
        self._path = path
        self._dropped = dropped
        self._most = most
        self._calm = calm
        self._file: int | None = None
        self._waiting: deque[str] = deque()
        self._refused = 0  # lines that found no room, since the start; only `add` writes this number
        self._counted_refused = 0  # of these, the lines that the thread has counted
        self._left_out = 0  # lines, since the problem began
        self._problem_at: float | None = None  # when it was last seen

    def start(self) -> None:
        """Starts the thread. It is no daemon: when the process ends it still writes the lines that wait."""
        threading.Thread(target=self._work, name="feedsite-access-log").start()

    def add(self, line: str) -> None:
        """Takes a line of ASCII with its newline, at most LONGEST bytes, and never blocks."""
        if len(self._waiting) < self._most:
            self._waiting.append(line)
        else:
            self._refused += 1

    def write(self) -> None:
        """Writes the lines that wait, or leaves them out."""
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
        refused, self._counted_refused = self._refused - self._counted_refused, self._refused
        if lost := len(lines) - written + refused:
            self._report_problem(lost, problem)
        elif lines:
            self._report_end_of_problem()

    def _work(self) -> None:
        main = threading.main_thread()
        is_last = False
        while not is_last:
            main.join(_PAUSE)
            is_last = not main.is_alive()  # asked before the lines are taken, so that none comes after them
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

    def _report_problem(self, lost: int, problem: str) -> None:
        self._dropped(lost)
        self._left_out += lost
        if self._problem_at is None:
            _log.error("%s: lines are left out of the access log: %s", self._path, problem)
        self._problem_at = time.monotonic()

    def _report_end_of_problem(self) -> None:
        if self._problem_at is not None and time.monotonic() - self._problem_at >= self._calm:
            _log.warning("%s: the access log is written again; %d lines are missing", self._path, self._left_out)
            self._left_out, self._problem_at = 0, None


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
    """The open file. With O_NONBLOCK, a pipe without a reader, or a full one, raises an error at once."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
    return os.open(path, flags, _MODE)


def _is_moved(file: int, path: str) -> bool:
    try:
        return not os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return True
    except OSError:  # a folder above cannot be searched just now; the open file is still the log
        return False


def _pieces(file: int, lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines of each write: all of them for a file, for a pipe as many as the system does not split."""
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
    """Appends all or nothing to a file. A half that filled the disk is cut off again before another worker appends."""
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
    """Raises BlockingIOError where the file stays locked longer than a write takes; any reader of it can lock it."""
    for left in range(_TRIES, 0, -1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if left == 1:
                raise
            time.sleep(_TRY_PAUSE)
        except OSError:  # some file systems have no locks
            return
        else:
            return


def _is_regular(file: int) -> bool:
    return stat.S_ISREG(os.fstat(file).st_mode)
