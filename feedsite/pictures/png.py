"""PNG (W3C PNG, third edition) with those of its chunks alone that draw the picture, and nothing behind its end."""

import zlib

from . import exif
from .parsed import Parsed, Shape
from .spans import Piece, joined
from .window import Malformed, Window

BEGIN = b"\x89PNG\r\n\x1a\n"
_TYPE = "image/png"
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
_WITH_ALPHA = (4, 6)  # colour types (11.2.1)
_LONGEST_EXIF = 65536  # bytes that are looked at


def shape(file: Window) -> Shape:
    """Raises Malformed."""
    return _read(file, is_whole=False).shape


def parsed(file: Window) -> Parsed:
    """Raises Malformed."""
    return _read(file, is_whole=True)


def _read(file: Window, *, is_whole: bool) -> Parsed:
    """Without `is_whole` what stands before the pixels: there an animation and an orientation are named."""
    if file.at(8, 8) != b"\0\0\0\x0dIHDR":
        raise Malformed
    width, height = file.big(16, 4), file.big(20, 4)
    kept: list[Piece] = [(0, 8)]
    is_clear = file.at(25, 1)[0] in _WITH_ALPHA
    is_still, turned, place = True, exif.UPRIGHT, 8
    block: bytes | None = None
    while True:
        length, name = file.big(place, 4), file.at(place + 4, 4)
        end = place + 12 + length
        if name == b"IDAT" and not is_whole:
            break
        if end > file.size:
            if name not in (b"IDAT", b"fdAT"):
                raise Malformed
            kept.append((place, file.size))  # its end is missing: a browser shows what there is
            break
        if name == b"acTL":
            is_still = False
        is_clear = is_clear or name == b"tRNS"
        if name == b"eXIf" and block is None:
            block = file.at(place + 8, min(length, _LONGEST_EXIF))
            turned = exif.orientation(block)
            if turned != exif.UPRIGHT:
                kept.append(_chunk(b"eXIf", exif.alone(turned)))
        elif name in _KEPT:
            kept.append((place, end))
        place = end
        if name == b"IEND":
            break
    if not (width and height):
        raise Malformed
    width, height = exif.shown(width, height, turned)
    about = Shape(type=_TYPE, width=width, height=height, is_still=is_still, may_be_clear=is_clear)
    return Parsed(shape=about, spans=joined(kept))


def _chunk(name: bytes, content: bytes) -> bytes:
    sum_ = zlib.crc32(name + content)
    return len(content).to_bytes(4, "big") + name + content + sum_.to_bytes(4, "big")
