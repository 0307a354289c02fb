"""A picture file as its parser sees it: read a few kB at a time, and no more work than any sound picture takes.

A file may be made to be costly. The limits count work, not time: so every machine comes to the same.
"""

from .spans import Read

_AHEAD = 16 * 1024  # bytes that are read at once
_MOST_LOOKS = 400_000  # at the file; a large animation takes some 100,000


class Malformed(Exception):
    """The file is no picture of its format, or takes more work than any does."""


class Window:
    """A file of `size` bytes. `at` raises Malformed where the file has not so many bytes there."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self.size = size
        self._start, self._held = 0, b""
        self._left = _MOST_LOOKS

    def at(self, start: int, count: int) -> bytes:
        """These bytes of the file."""
        self._left -= 1
        if self._left < 0 or start + count > self.size:
            raise Malformed
        begin = start - self._start
        if begin < 0 or begin + count > len(self._held):
            self._start, self._held = start, self._read(start, max(count, _AHEAD))
            begin = 0
        found = self._held[begin : begin + count]
        if len(found) < count:
            raise Malformed
        return found

    def up_to(self, start: int, most: int) -> bytes:
        """The bytes from `start` on, at most so many; fewer at the end of the file."""
        return self.at(start, max(0, min(most, self.size - start)))

    def big(self, start: int, count: int) -> int:
        """A number, its first byte the greatest."""
        return int.from_bytes(self.at(start, count), "big")

    def little(self, start: int, count: int) -> int:
        return int.from_bytes(self.at(start, count), "little")
