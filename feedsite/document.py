"""What can be published at a path: a Document, a File, or a notice that it Moved or is Gone. Codings are a table.

An ETag is a hash of the bytes before coding and the coding's name: machines agree on it even where their libraries
compress a byte differently (RFC 9110 8.8.3.3). A long ETag has the marks of the entries between the two; clients that
ask for deltas get it.
"""

import gzip
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from threading import Lock
from types import MappingProxyType
from typing import ClassVar, Protocol

import brotli

from .cut import MOST_MARKS, Cut
from .digest import digest_of
from .media import is_text

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Content codings (RFC 9110 8.4.1) that the site offers, the best first. A feed is compressed while pollers ask for it:
# each level is the last one before time grows faster than the saving. mtime 0: same bytes, same compressed bytes.
CODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=6),
        "zstd": lambda body: zstd.compress(body, 9),
        "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    }
)
_SMALLEST_WORTH_CODING = 200  # bytes
_LARGE = 65536  # bytes
_PIECE = 1024 * 1024  # bytes
# The marks in an entity tag. A tag may be cut off at its end, within its last mark too. One with more marks than a
# document can have is refused, for Delta-Base would repeat it.
_TAG = re.compile(
    rf'"[\w-]{{16}}((?:[\w-]{{4}}){{1,{MOST_MARKS}}})(?:(?:\.[a-z]{{1,8}})?"|[\w-]{{0,3}}(?:\.[a-z]{{0,8}})?)', re.ASCII
)


@dataclass(frozen=True)  # without slots, which cached_property cannot use
class Document:
    """The representation of a resource (RFC 9110 3.2): bytes and their media type.

    `links` are relations and addresses for the Link header (RFC 8288). A feed has its `cut`, and a page for people who
    open its address in a browser (Site.opened). That page is scripted: it may run the site's own script. A settled
    document is one that hardly ever changes, such as an archive of last year. A private one is what a search found: no
    shared cache may keep it, no other search engine index it. `until` is when the clock alone changes it, beside the
    articles that become due. `frames` says on whose pages it may be shown (policy.py).
    """

    body: bytes
    media_type: str
    links: tuple[tuple[str, str], ...] = ()
    cut: Cut | None = None
    is_scripted: bool = False
    is_settled: bool = False
    until: datetime | None = None
    frames: str = "none"
    is_private: bool = False
    compressed: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)  # by coding
    _making: Mapping[str, Lock] = field(
        default_factory=lambda: {coding: Lock() for coding in CODINGS}, init=False, repr=False, compare=False
    )

    @cached_property
    def digest(self) -> str:
        """Of the bytes, and of what else the header fields follow from: a cache that gets a 304 keeps those it has."""
        return digest_of(self.body if self.frames == "none" else self.body + self.frames.encode(), 12)

    @property
    def size(self) -> int:
        return len(self.body)

    def part(self, start: int, end: int) -> bytes:
        return self.body[start:end]

    def pieces(self) -> Iterator[bytes]:
        yield self.body

    @property
    def codings(self) -> tuple[str, ...]:
        """The codings that make this document smaller."""
        return tuple(CODINGS) if is_text(self.media_type) and len(self.body) >= _SMALLEST_WORTH_CODING else ()

    def etag(self, coding: str = "identity") -> str:
        """At most 24 letters, for caches and databases keep a short tag whole (nginx keeps none of more than 128)."""
        return _tag(self.digest, coding)

    def long_etag(self, coding: str = "identity") -> str:
        """The same with the marks of the entries: by them `delta` finds what a client with this version lacks."""
        return _tag(self._marked, coding)

    def coded(self, coding: str = "identity") -> bytes:
        """The bytes in this coding. They are made once, when they are first asked for; other threads wait meanwhile."""
        if coding == "identity":
            return self.body
        if coding not in self.compressed:
            with self._making[coding]:
                if coding not in self.compressed:
                    self.compressed[coding] = CODINGS[coding](self.body)
        return self.compressed[coding]

    @property
    def is_compressed(self) -> bool:
        """Whether every coding is made, so that no request waits for one."""
        return all(coding in self.compressed for coding in self.codings)

    def compressions(self) -> Iterator[Callable[[], object]]:
        """Calls that compute what a request would have to wait for: each coding of the document, and its entity tag."""
        yield self.long_etag
        for coding in self.codings:
            yield partial(self.coded, coding)

    def delta(self, tag: str) -> "Document | None":
        """What a client lacks that has the version with this entity tag; None where it needs the whole document."""
        marks = _TAG.fullmatch(tag)
        lacking = self.cut.lacking(marks[1]) if self.cut and marks else ()
        if not self.cut or not lacking:
            return None
        if found := self._deltas.get(lacking):
            return found
        if sum(len(self.cut.entries[number]) for number in lacking) > max(_LARGE, len(self.body) // 2):
            return None  # the whole is compressed already, and hardly larger
        part = bytes(self.cut.only(lacking))
        if sum(len(delta.body) for delta in list(self._deltas.values())) > len(self.body):
            self._deltas.clear()  # pollers have one of the last few versions; invented tags must not fill memory
        return self._deltas.setdefault(lacking, replace(self, body=part, cut=None))

    @cached_property
    def _marked(self) -> str:
        return self.digest + "".join(self.cut.marks if self.cut else ())

    @cached_property
    def _deltas(self) -> "dict[tuple[int, ...], Document]":
        return {}


class Pieces(Protocol):
    """An open file, read in pieces. `read` raises OSError where the file was changed since it was opened."""

    def read(self, start: int, most: int, /) -> bytes: ...
    def close(self) -> None: ...


class Held:
    """Bytes in memory, as an open file has them."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, start: int, most: int) -> bytes:
        return self._body[start : start + most]

    def close(self) -> None:
        self._body = b""


@dataclass(frozen=True, slots=True)
class File:
    """A representation that is read while it is sent, and never whole in memory: a recording, a large picture.

    `digest` is that of a Document with the same bytes. `open` raises OSError where the file has other bytes by now.
    """

    size: int
    media_type: str
    digest: str
    open: Callable[[], Pieces] = field(compare=False)
    # What a Document has, and a File has not.
    codings: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[tuple[tuple[str, str], ...]] = ()
    cut: ClassVar[None] = None
    is_scripted: ClassVar[bool] = False
    is_private: ClassVar[bool] = False
    until: ClassVar[None] = None

    def etag(self, coding: str = "identity") -> str:  # noqa: ARG002  # as a Document's
        return _tag(self.digest, "identity")

    long_etag = etag

    def coded(self, coding: str = "identity") -> "Part":  # noqa: ARG002  # as a Document's
        return self.part(0, self.size)

    def part(self, start: int, end: int) -> "Part":
        return Part(self, start, end - start)

    def delta(self, tag: str) -> None:  # noqa: ARG002  # as a Document's
        return None

    def pieces(self) -> Iterator[bytes]:
        """All bytes. Raises OSError where the file is changed meanwhile, or was replaced."""
        file = self.open()
        try:
            for start in range(0, self.size, _PIECE):
                yield file.read(start, _PIECE)
        finally:
            file.close()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file: `length` bytes from `start` on. `len` is `length`, as of bytes."""

    file: File
    start: int
    length: int

    def __len__(self) -> int:
        return self.length


@dataclass(frozen=True)
class Moved:
    """301: what stood here stands at `path` now, whose address is `location`. `document` is the notice for people."""

    path: str
    location: str
    document: Document


@dataclass(frozen=True)
class SeeOther:
    """303: what was asked for stands at `location`. `document` is the page for people where no server answers."""

    location: str
    document: Document


@dataclass(frozen=True)
class Gone:
    """410: the resource was withdrawn. `document` is the notice for people."""

    document: Document


@dataclass(frozen=True)
class Missing:
    """404: nothing can stand at this path. `document` says why."""

    document: Document


@dataclass(frozen=True)
class Unready:
    """503: it cannot be made just now, and may be in some seconds. `document` says why."""

    document: Document


Representation = Document | File
Resource = Representation | Moved | SeeOther | Gone | Missing | Unready


def _tag(name: str, coding: str) -> str:
    return f'"{name}"' if coding == "identity" else f'"{name}.{coding}"'
