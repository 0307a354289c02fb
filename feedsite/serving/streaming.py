"""Long bodies, sent piece by piece, and a bound for their number.

The server copies what it is handed at once, and holds it until the client has taken it. So a body that is handed over
whole takes its size for each client that reads slowly, or not at all; of a longer one a few pieces are in memory.
"""

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Self

from ..document import Held, Part, Pieces

MOST = 400  # streams at once in a worker: each takes a thread and 200 kB of memory
MOST_LONG = 200  # of long parts of files, which take minutes; these are counted apart, and hold no page up
PIECE = 16 * 1024  # bytes
SHORT = 64 * 1024  # bytes of a body that is sent whole
LONG = 256 * 1024  # bytes: of a part of a file that is longer


class Busy(Exception):
    """As many streams are open as may be."""


class Stream:
    """A body as an iterable of pieces (PEP 3333). The server must call `close` in the end.

    Where a file is changed meanwhile the stream ends early; the client sees that by Content-Length.
    """

    def __init__(self, body: bytes | Part, free: Callable[[], None]) -> None:
        """`free` is called once, at the end. Raises OSError where the file cannot be opened any more."""
        self.sent = 0
        self._length = len(body)
        self._start = body.start if isinstance(body, Part) else 0
        self._file: Pieces = body.file.open() if isinstance(body, Part) else Held(body)
        self._at_end: list[Callable[[int], None]] = [lambda _: free()]
        self._lock = Lock()

    def at_end(self, call: Callable[[int], None]) -> None:
        """Calls this at the end, with the number of bytes that were sent."""
        self._at_end.append(call)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        wanted = min(PIECE, self._length - self.sent)
        try:
            piece = self._file.read(self._start + self.sent, wanted) if wanted else b""
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
    """The streams that are open at one time: up to `most_long` of long parts of files, and `most` others."""

    def __init__(self, most: int = MOST, most_long: int = MOST_LONG) -> None:
        self._free = {False: most, True: most_long}
        self._lock = Lock()

    def body(self, body: bytes | Part) -> bytes | Stream:
        """A short body as its bytes, a longer one as a stream. Raises OSError where it cannot be read, and Busy."""
        if len(body) > SHORT:
            return self.stream(body)
        return body if isinstance(body, bytes) else _whole(body)

    def stream(self, body: bytes | Part) -> Stream:
        """Raises OSError where it cannot be read, and Busy."""
        is_long = isinstance(body, Part) and body.length > LONG
        with self._lock:
            if not self._free[is_long]:
                raise Busy
            self._free[is_long] -= 1
        try:
            return Stream(body, partial(self._free_one, is_long))
        except BaseException:
            self._free_one(is_long)
            raise

    def _free_one(self, is_long: bool) -> None:
        with self._lock:
            self._free[is_long] += 1


def _whole(part: Part) -> bytes:
    file = part.file.open()
    try:
        return file.read(part.start, part.length)
    finally:
        file.close()
