"""Access logs as batches of lines: files and standard input, plain or gzipped by their first bytes, piece by piece."""

import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ..errors import FeedsiteError, in_one_line

STDIN = Path("-")
_CHUNK = 2**18  # bytes that are read at once, and that are decompressed at once
_LONGEST_LINE = 2**16  # bytes; the rest of a longer one is skipped, so it is counted as unreadable
_GZIP = b"\x1f\x8b"  # RFC 1952 2.3.1
_ANY_GZIP = 31  # zlib: a gzip header, and the largest window


class Batch(NamedTuple):
    """Whole lines, and the number of bytes read for them. `problem` is why the file ended too early, or ""."""

    lines: list[str]
    taken: int
    problem: str = ""


def size(logs: Iterable[Path]) -> int | None:
    """The sum of their sizes on the disk; None if one of them is no file, or empty."""
    try:
        found = [log.stat().st_size if log.is_file() else 0 for log in logs]
    except OSError:
        return None
    return sum(found) if all(found) else None


def batches(log: Path) -> Iterator[Batch]:
    """The lines of one log. Raises FeedsiteError if it cannot be opened or read."""
    try:
        with nullcontext(sys.stdin.buffer) if log == STDIN else log.open("rb") as stream:
            yield from _lines(log, stream)
    except OSError as error:
        raise FeedsiteError(in_one_line(f"{log} cannot be read: {error.strerror}")) from None


def _lines(log: Path, stream: BinaryIO) -> Iterator[Batch]:
    rest, is_skipping, problem = b"", False, ""
    chunks = _decompressed(stream)
    while True:
        try:
            chunk, taken = next(chunks)
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
    """The lines of these bytes. splitlines() would also break a line at characters that a request can contain."""
    return whole.decode(errors="replace").split("\n")


def _decompressed(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Chunks of text, each with the number of bytes read for it. Raises zlib.error and EOFError for damaged gzip."""
    chunk = stream.read(_CHUNK)
    if not chunk.startswith(_GZIP):
        while chunk:
            yield chunk, len(chunk)
            chunk = stream.read(_CHUNK)
        return
    member = zlib.decompressobj(_ANY_GZIP)
    while chunk:
        taken, left = len(chunk), chunk
        while left:
            if member.eof:  # gzip files that were joined are several members (RFC 1952 2.2)
                left = left.lstrip(b"\0")
                if not left:
                    break
                member = zlib.decompressobj(_ANY_GZIP)
            yield member.decompress(left, _CHUNK), taken
            taken, left = 0, member.unused_data if member.eof else member.unconsumed_tail
        chunk = stream.read(_CHUNK)
    if not member.eof:
        raise EOFError
