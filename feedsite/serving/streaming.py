"""Bodies that are read while they are sent, so that a recording takes no memory, and how many of them at once."""

from collections.abc import Callable
from threading import Lock
from typing import Self

from ..document import Part

MOST = 200  # at once in a worker: each has a thread, a file and 200 kB of memory
PIECE = 32 * 1024  # bytes
SHORT = 256 * 1024  # bytes that are read at once


class Busy(Exception):
    """As many bodies are being sent as may be at once."""


class Stream:
    """The pieces of one part of a file, for whoever sends them (PEP 3333); `close` must be called in the end.

    Where the file is changed meanwhile it ends too early: the length that was told then tells the client so.
    """

    def __init__(self, part: Part, left: Callable[[], None]) -> None:
        """`left` is called once, at the end. Raises OSError where the file cannot be opened any more."""
        self.sent = 0
        self._part = part
        self._file = part.file.open()
        self._at_end: list[Callable[[int], None]] = [lambda _: left()]
        self._lock = Lock()

    def at_end(self, tell: Callable[[int], None]) -> None:
        """Has the number of bytes told that were sent, when no more will be."""
        self._at_end.append(tell)

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
            told, self._at_end = self._at_end, []
        if told:
            self._file.close()
        for tell in told[::-1]:
            tell(self.sent)


class Streams:
    """The bodies that are being sent at one time."""

    def __init__(self, most: int = MOST) -> None:
        self._free = most
        self._lock = Lock()

    def body(self, part: Part) -> bytes | Stream:
        """What to send: a short part as it is. Raises OSError where it cannot be read, Busy where too many are."""
        if part.length <= SHORT:
            return _whole(part)
        with self._lock:
            if not self._free:
                raise Busy
            self._free -= 1
        try:
            return Stream(part, self._leave)
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        with self._lock:
            self._free += 1


def _whole(part: Part) -> bytes:
    file = part.file.open()
    try:
        return file.read(part.start, part.length)
    finally:
        file.close()
