"""What of a file is published, as a value: stretches of its bytes, with other bytes between them. Nothing is copied."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Read = Callable[[int, int], bytes]  # at most so many bytes from a place on
Piece = tuple[int, int] | bytes | int  # from where to where, or these bytes, or so many zeros
_PIECE = 256 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Spans:
    """Pieces of one file in their order: a stretch (start, end), bytes in the place of others, or a number of zeros."""

    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        return sum(map(_size, self.pieces))

    def read(self, read: Read, start: int, most: int) -> bytes:
        """At most `most` bytes from `start` on. `read` reads the file."""
        found = []
        for piece in self.pieces:
            size = _size(piece)
            if start < size and most > 0:
                count = min(most, size - start)
                found.append(_part(piece, read, start, count))
                most -= count
            start = max(0, start - size)
        return b"".join(found)

    def all_of(self, read: Read) -> Iterator[bytes]:
        """All bytes, in pieces."""
        start = 0
        while piece := self.read(read, start, _PIECE):
            start += len(piece)
            yield piece

    def to_text(self) -> str:
        return json.dumps([piece.hex() if isinstance(piece, bytes) else piece for piece in self.pieces])


def from_text(text: str) -> Spans:
    """What `to_text` wrote. Raises ValueError or TypeError for anything else."""
    return Spans(tuple(_piece(written) for written in json.loads(text)))


def joined(pieces: Iterable[Piece]) -> Spans:
    """Pieces without empty ones, stretches that follow each other as one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if isinstance(piece, tuple) and isinstance(last, tuple) and last[1] == piece[0]:
            found[-1] = (last[0], piece[1])
        elif _size(piece):
            found.append(piece)
    return Spans(tuple(found))


def _size(piece: Piece) -> int:
    if isinstance(piece, tuple):
        return piece[1] - piece[0]
    return piece if isinstance(piece, int) else len(piece)


def _part(piece: Piece, read: Read, start: int, count: int) -> bytes:
    if isinstance(piece, tuple):
        return read(piece[0] + start, count)
    return bytes(count) if isinstance(piece, int) else piece[start : start + count]


def _piece(written: Any) -> Piece:
    if isinstance(written, str):
        return bytes.fromhex(written)
    if isinstance(written, int):
        return written
    start, end = map(int, written)
    return start, end
