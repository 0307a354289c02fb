"""JPEG (ITU-T T.81 Annex B) without what tells of the photographer: of its segments those stay that draw the picture.

EXIF, XMP, IPTC and comments go, thumbnails too, and whatever stands behind the picture's end, such as the further
pictures of a telephone. Which way up the picture is stays, in an EXIF block that says nothing else.
"""

import re

from . import exif
from .parsed import Parsed, Shape
from .spans import Piece, joined
from .window import Malformed, Window

BEGIN = b"\xff\xd8\xff"
_TYPE = "image/jpeg"
_MOST_SEGMENTS = 5000
_PIECE = 256 * 1024  # bytes
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # B.1.1.3: what begins a frame
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SOS, _EOI, _COM, _APP0, _APP1, _APP2, _APP14 = 0xDA, 0xD9, 0xFE, 0xE0, 0xE1, 0xE2, 0xEE
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # in coded data, where \xff\x00 is a byte (F.1.2.3)
_EXIF, _ICC, _ADOBE, _JFIF = b"Exif\0\0", b"ICC_PROFILE\0", b"Adobe", b"JFIF\0"


def shape(file: Window) -> Shape:
    """Raises Malformed."""
    return _Reader(file).shape()


def parsed(file: Window) -> Parsed:
    """Raises Malformed."""
    return _Reader(file).whole()


class _Reader:
    def __init__(self, file: Window) -> None:
        self._file = file
        self._place = 2
        self._frame: tuple[int, int] | None = None
        self._turned: int | None = None
        self._kept: list[Piece] = []

    def shape(self) -> Shape:
        for _ in range(_MOST_SEGMENTS):
            if self._frame:
                return self._found()
            if self._segment() in (_SOS, _EOI):
                break
        raise Malformed

    def whole(self) -> Parsed:
        for _ in range(_MOST_SEGMENTS):
            code = self._segment()
            if code == _SOS and not self._coded_data():
                break
            if code == _EOI:
                break
        else:
            raise Malformed
        found = self._found()
        turned = self._turned or exif.UPRIGHT
        begin: list[Piece] = [(0, 2)]
        if turned != exif.UPRIGHT:
            begin.append(_block(turned))
        return Parsed(shape=found, spans=joined([*begin, *self._kept]))

    def _found(self) -> Shape:
        if not self._frame or not all(self._frame):
            raise Malformed
        width, height = exif.shown(*self._frame, self._turned or exif.UPRIGHT)
        return Shape(type=_TYPE, width=width, height=height)

    def _segment(self) -> int:
        """Goes behind the segment that begins here, and returns its marker's code."""
        start, file = self._place, self._file
        while (mark := file.at(self._place, 2)) == b"\xff\xff":  # B.1.1.2: fill bytes
            self._place += 1
        code = mark[1]
        if mark[0] != 0xFF or code == 0:
            raise Malformed
        end = self._place + 2
        if code not in _STANDALONE and code != _EOI:
            length = file.big(end, 2)
            if length < 2 or end + length > file.size:
                raise Malformed
            self._look_into(code, end + 2, end + length)
            end += length
        if code not in range(_APP0, 0xF0) and code != _COM:
            self._kept.append((start, end))
        self._place = end
        return code

    def _look_into(self, code: int, start: int, end: int) -> None:
        """Learns what a segment says, and keeps it where it is one of those that draw the picture."""
        file = self._file
        if code in _SOF:
            if end - start < 6:
                raise Malformed
            self._frame = self._frame or (file.big(start + 3, 2), file.big(start + 1, 2))
        elif code == _APP1 and self._turned is None and file.up_to(start, 6) == _EXIF:
            self._turned = exif.orientation(file.at(start + 6, end - start - 6))
        elif code == _APP0 and end - start >= 14 and file.at(start, 5) == _JFIF:
            self._kept.append(b"\xff\xe0\0\x10" + file.at(start, 12) + b"\0\0")  # without the thumbnail
        elif (code == _APP2 and file.up_to(start, 12) == _ICC) or (code == _APP14 and file.up_to(start, 5) == _ADOBE):
            self._kept.append((start - 4, end))

    def _coded_data(self) -> bool:
        """Goes behind the data that follow a scan's header; whether a segment follows them."""
        start = place = self._place
        while place < self._file.size:
            piece = self._file.up_to(place, _PIECE)
            if found := _MARKER.search(piece):
                self._place = place + found.start()
                self._kept.append((start, self._place))
                return True
            place += len(piece) - 1 if len(piece) > 1 and piece.endswith(b"\xff") else len(piece)
            if len(piece) == 1:
                break
        self._kept.append((start, self._file.size))  # its end is missing: a browser shows what there is
        return False


def _block(turned: int) -> bytes:
    content = _EXIF + exif.alone(turned)
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
