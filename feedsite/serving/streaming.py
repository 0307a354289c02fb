"""Bodies that are read while they are sent, so that a recording takes no memory; and a bound for their number."""

from collections.abc import Callable
from threading import Lock
from typing import Self

from ..document import Part

MOST = 200  # streams at once in a worker: each takes a thread, a file and 200 kB of memory
PIECE = 32 * 1024  # bytes
SHORT = 256 * 1024  # bytes of a body that is read whole


class Busy(Exception):
    """As many streams are open as may be."""


class Stream:
    """One part of a file as an iterable of pieces (PEP 3333). The server must call `close` in the end.

    Where the file is changed meanwhile the stream ends early; the client sees that by Content-Length.
    """

    def __init__(self, part: Part, free: Callable[[], None]) -> None:
        """`free` is called once, at the end. Raises OSError where the file cannot be opened any more."""
        self.sent = 0
        self._part = part
        self._file = part.file.open()
        self._at_end: list[Callable[[int], None]] = [lambda _: free()]
        self._lock = Lock()

    def at_end(self, call: Callable[[int], None]) -> None:
        """Calls this at the end, with the number of bytes that were sent."""
        self._at_end.append(call)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        wanted = min(PIECE, self._part.length - self.sent)
        try:
            piece = self._file.read(self._part.start + self.sent, wanted) if wanted else b""
        except OSError:
            piece = b""
        if not piece:
            self.close()
            raise StopIteration
        self.sent += len(piece)
        return piece

    def close(self) -> None:
        with self._lock:
            calls, self._at_end = self._at_end, []
        if calls:
            self._file.close()
        for call in calls[::-1]:
            call(self.sent)


class Streams:
    """The streams that are open at one time, up to `most`."""

    def __init__(self, most: int = MOST) -> None:
        self._free = most
        self._lock = Lock()

    def body(self, part: Part) -> bytes | Stream:
        """A short part as its bytes, a longer one as a stream. Raises OSError where it cannot be read, and Busy."""
        if part.length <= SHORT:
            return _whole(part)
        with self._lock:
            if not self._free:
                raise Busy
            self._free -= 1
        try:
            return Stream(part, self._free_one)
        except BaseException:
            self._free_one()
            raise

    def _free_one(self) -> None:
        with self._lock:
            self._free += 1


def _whole(part: Part) -> bytes:
    file = part.file.open()
    try:
        return file.read(part.start, part.length)
    finally:
        file.close()
