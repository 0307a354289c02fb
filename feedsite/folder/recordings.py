"""What the site's own files say of the enclosures of an article: how many bytes they have, and how long they play. The
only door to tinytag.

A file may be made to be costly. Of each no more is read than limits allow, and these count work, not time: so every
machine comes to the same.
"""

import errno
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from tinytag import TinyTag, TinyTagException

from ..model import Enclosure, Entry
from ..pictures import reading
from ..urls import Urls
from . import ownfacts
from .opening import Opened
from .ownfacts import Completed, Writing

_MOST_TIMED = 10  # files of one article whose duration is read
_MOST_STEPS = 20_000  # reads and seeks; an MP3 of unknown bit rate takes some 2,500
_MOST_BYTES = 1024 * 1024
_LONGEST = 1_000_000  # seconds, as of a duration that is written
_OGG_TAIL = 128 * 1024  # bytes; a page has 64 kB at most
_BY_TINYTAG = ("audio/mpeg", "audio/mp4", "audio/vnd.wave", "video/mp4")


class _Facts(NamedTuple):
    length: int = 0
    duration: int | None = None


def completed(entry: Entry, folder: Path, urls: Urls, *, waits_for_saves: bool = False) -> Completed:
    """The entry with the lengths and durations that its file does not name. Raises OSError where a file of the site
    cannot be read just now. With `waits_for_saves` nothing is read of one that is still being written.
    """
    facts: dict[str, _Facts] = {}
    is_passing = False
    for path in ownfacts.unique(_wanted(enclosure, urls) for enclosure in entry.enclosures):
        act = partial(_facts, path, is_timed=len(facts) < _MOST_TIMED)
        facts[path] = _Facts()
        try:
            facts[path] = ownfacts.look(folder, path, act, waits_for_saves=waits_for_saves) or _Facts()
        except Writing:
            is_passing = True
    if not facts:
        return Completed(entry)
    enclosures = tuple(_with(enclosure, facts.get(_wanted(enclosure, urls))) for enclosure in entry.enclosures)
    return Completed(replace(entry, enclosures=enclosures), tuple(facts), is_passing)


def _with(enclosure: Enclosure, facts: _Facts | None) -> Enclosure:
    if not facts:
        return enclosure
    duration = facts.duration if enclosure.duration is None else enclosure.duration
    return replace(enclosure, length=enclosure.length or facts.length, duration=duration)


def _wanted(enclosure: Enclosure, urls: Urls) -> str:
    """The path of an enclosure's file in the site's folder; "" where it is elsewhere, or the editor wrote all of it."""
    is_whole = enclosure.length and (
        enclosure.duration is not None or not enclosure.type.startswith(("audio/", "video/"))
    )
    return "" if is_whole else ownfacts.own_file(enclosure.url, urls)


def _facts(path: str, file: Opened, kind: str, *, is_timed: bool) -> _Facts:
    """Of a picture the length is that of what is published of it (pictures.reading)."""
    size = file.found.st_size
    if kind.startswith("image/"):
        spans = reading.spans(file.read, size, kind)
        return _Facts(spans.size if spans else 0)
    return _Facts(size, _duration(file, path, kind) if is_timed else None)


def _duration(file: Opened, path: str, kind: str) -> int | None:
    """In seconds; None where the file does not tell, or is being changed."""
    try:
        seconds = _of_ogg(file) if kind == "audio/ogg" else _by_tinytag(file, path) if kind in _BY_TINYTAG else None
    except OSError as error:
        if error.errno != errno.ESTALE:
            raise
        return None
    return round(seconds) if seconds is not None and 0.5 <= seconds < _LONGEST else None


def _by_tinytag(file: Opened, path: str) -> float | None:
    try:
        return TinyTag.get(path, cast("BinaryIO", _Bounded(file)), tags=False).duration
    except TinyTagException as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        return None


class _TooMuch(Exception):
    """The file takes more work than any recording does."""


class _Bounded:
    """A file as tinytag reads it, up to the limits."""

    def __init__(self, file: Opened) -> None:
        self._file = file
        self._size = file.found.st_size
        self._place = 0
        self._steps, self._bytes = _MOST_STEPS, _MOST_BYTES

    def read(self, size: int) -> bytes:
        wanted = max(0, min(size, self._size - self._place))
        self._spend(wanted)
        piece = self._file.read(self._place, wanted) if wanted else b""
        self._place += len(piece)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._spend(0)
        self._place = offset + (0, self._place, self._size)[whence]
        if self._place < 0:
            raise _TooMuch
        return self._place

    def tell(self) -> int:
        return self._place

    def _spend(self, size: int) -> None:
        self._steps -= 1
        self._bytes -= size
        if self._steps < 0 or self._bytes < 0:
            raise _TooMuch


def _of_ogg(file: Opened) -> float | None:
    """By its first and its last page (RFC 3533 6), of Vorbis and Opus (RFC 7845 4): tinytag goes through all pages."""
    head = file.read(0, 64)
    serial, packet = head[14:18], head[28:]
    if packet.startswith(b"\x01vorbis"):
        rate, skipped = _number(packet[12:16]), 0
    elif packet.startswith(b"OpusHead"):
        rate, skipped = 48_000, _number(packet[10:12])
    else:
        return None
    start = max(0, file.found.st_size - _OGG_TAIL)
    tail = file.read(start, _OGG_TAIL)
    end = len(tail)
    while (end := tail.rfind(b"OggS\0", 0, end)) >= 0:
        samples = _number(tail[end + 6 : end + 14])
        if tail[end + 14 : end + 18] == serial and samples < 1 << 63:  # a page on which no packet ends has -1
            return (samples - skipped) / rate if rate else None
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
