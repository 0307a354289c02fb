"""A picture's file, read by the parser of the format that it has, whatever its name says."""

import re
from collections.abc import Iterable
from types import ModuleType
from typing import NamedTuple

from . import avif, gif, jpeg, png, svg, webp
from .parsed import Parsed, Shape
from .spans import Read, Spans
from .window import Malformed, Window

_LARGEST_SIDE = 1_000_000  # pixels
# What EXIF, XMP and IPTC begin with, in any format.
_TOLD = re.compile(rb"Exif\0\0|eXIf|ns\.adobe\.com/|xmpmeta|XMP DataXMP|Photoshop 3\.0|II\*\0|MM\0\*")
_LONGEST_TOLD = 32  # bytes


class _Format(NamedTuple):
    """`kinds` stand at the ninth byte, where recordings begin in the same way."""

    begin: bytes
    place: int
    parser: ModuleType
    kinds: tuple[bytes, ...] = (b"",)


_FORMATS = (
    _Format(jpeg.BEGIN, 0, jpeg),
    _Format(png.BEGIN, 0, png),
    _Format(webp.BEGIN, 0, webp, (b"WEBP",)),
    _Format(gif.BEGIN, 0, gif),
    _Format(avif.BEGIN, 4, avif, (b"avi", b"hei", b"hev", b"mif1", b"msf1")),
)


def shape(read: Read, size: int, media_type: str) -> Shape | None:
    """The type and the size in pixels of a picture, by its header; None where it says none.

    `media_type` is the one of the file's name. Raises OSError as `read` does.
    """
    file = Window(read, size)
    try:
        if found := _format(file):
            return _with_sides(found.parser.shape(file))
        return _with_sides(svg.shape(file)) if media_type == "image/svg+xml" else None
    except Malformed:
        return None


def spans(read: Read, size: int, media_type: str) -> Spans | None:
    """What of a file is published: all of a drawing or a recording, and of what cannot say who took it, when and where.
    A photograph is one under any name.

    None where it cannot be told apart: the file is broken, and holds what looks like EXIF or XMP. Raises OSError.
    """
    whole = Spans(((0, size),))
    file = Window(read, size)
    found = _format(file)
    if not _has_pixels(media_type) and not (found and file.up_to(8, 4).startswith(found.kinds)):
        return whole
    try:
        if found:
            parsed: Parsed = found.parser.parsed(file)
            return parsed.spans
    except Malformed:
        pass
    return None if _tells(whole.all_of(read)) else whole


def _has_pixels(media_type: str) -> bool:
    return media_type.startswith("image/") and media_type != "image/svg+xml"


def _format(file: Window) -> _Format | None:
    head = file.up_to(0, 16)
    return next((form for form in _FORMATS if head.startswith(form.begin, form.place)), None)


def _with_sides(found: Shape) -> Shape | None:
    return found if max(found.width, found.height) <= _LARGEST_SIDE else None


def _tells(pieces: Iterable[bytes]) -> bool:
    tail = b""
    for piece in pieces:
        if _TOLD.search(tail + piece):
            return True
        tail = piece[-_LONGEST_TOLD:]
    return False
