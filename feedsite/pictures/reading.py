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
    begin: bytes
    place: int
    parser: ModuleType


_FORMATS = (
    _Format(jpeg.BEGIN, 0, jpeg),
    _Format(png.BEGIN, 0, png),
    _Format(webp.BEGIN, 0, webp),
    _Format(gif.BEGIN, 0, gif),
    _Format(avif.BEGIN, 4, avif),
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
    """What of a picture's file is published: all of a drawing, and all of what cannot say who took it, when and where.

    None where it cannot be told apart: the file is broken, and holds what looks like EXIF or XMP. Raises OSError.
    """
    whole = Spans(((0, size),))
    if media_type == "image/svg+xml":
        return whole
    file = Window(read, size)
    try:
        if found := _format(file):
            parsed: Parsed = found.parser.parsed(file)
            return parsed.spans
    except Malformed:
        pass
    return None if _tells(whole.all_of(read)) else whole


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
