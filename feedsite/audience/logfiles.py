"""Access logs as batches of lines: files and standard input, plain or gzipped as the bytes tell, a piece at a time."""

import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ..errors import FeedsiteError

STDIN = Path("-")
_CHUNK = 2**18  # bytes read at once, and unpacked at once: however well they were packed
_LONGEST_LINE = 2**16  # bytes; of a longer one the rest is skipped, so that it cannot be read
_GZIP = b"\x1f\x8b"  # RFC 1952 2.3.1
_ANY_GZIP = 31  # zlib: a gzip header, and the largest window


class Batch(NamedTuple):
    """Whole lines, and how many bytes were read for them. `problem` is why a file ended too early, or ""."""

    lines: list[str]
    taken: int
    problem: str = ""


def size(logs: Iterable[Path]) -> int | None:
    """All their bytes as they lie on the disk; None where one is no file whose size could be known."""
    try:
        found = [log.stat().st_size if log.is_file() else 0 for log in logs]
    except OSError:
        return None
    return sum(found) if all(found) else None


def batches(log: Path) -> Iterator[Batch]:
    """The lines of one log. Raises FeedsiteError where it cannot be opened or read."""
    try:
        with nullcontext(sys.stdin.buffer) if log == STDIN else log.open("rb") as stream:
            yield from _lines(log, stream)
    except OSError as error:
        raise FeedsiteError(f"{log} cannot be read: {error.strerror}") from None


def _lines(log: Path, stream: BinaryIO) -> Iterator[Batch]:
    rest, is_skipping, problem = b"", False, ""
    unpacked = _unpacked(stream)
    while True:
        try:
            chunk, taken = next(unpacked)
        except StopIteration:
            break
        except (zlib.error, EOFError):
            problem = f"{log} is gzipped and breaks off or is damaged; what stands before that is counted"
            break
        if is_skipping:
            _, newline, chunk = chunk.partition(b"\n")
            is_skipping = not newline
        whole, newline, tail = chunk.rpartition(b"\n")
        lines = _text(rest + whole) if newline else []
        rest = tail if newline else rest + tail
        if len(rest) > _LONGEST_LINE:
            lines += _text(rest[:_LONGEST_LINE])
            rest, is_skipping = b"", True
        yield Batch(lines, taken)
    yield Batch(_text(rest) if rest else [], 0, problem)


def _text(whole: bytes) -> list[str]:
    """Not splitlines(): a stranger can send the other characters at which that breaks a line."""
    return whole.decode(errors="replace").split("\n")


def _unpacked(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each chunk's bytes, and how many were read for them. Raises zlib.error and EOFError where gzip's are unsound."""
    chunk = stream.read(_CHUNK)
    if not chunk.startswith(_GZIP):
        while chunk:
            yield chunk, len(chunk)
            chunk = stream.read(_CHUNK)
        return
    packed = zlib.decompressobj(_ANY_GZIP)
    while chunk:
        taken, left = len(chunk), chunk
        while left:
            if packed.eof:  # logs that were packed one by one and joined are several members (RFC 1952 2.2)
                left = left.lstrip(b"\0")
                if not left:
                    break
                packed = zlib.decompressobj(_ANY_GZIP)
            yield packed.decompress(left, _CHUNK), taken
            taken, left = 0, packed.unused_data if packed.eof else packed.unconsumed_tail
        chunk = stream.read(_CHUNK)
    if not packed.eof:
        raise EOFError
