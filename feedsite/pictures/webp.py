"""WebP (RFC 9649) with those of its chunks alone that draw the picture, and nothing behind its end."""

from . import exif
from .parsed import Parsed, Shape
from .spans import Piece, joined
from .window import Malformed, Window

BEGIN = b"RIFF"
_TYPE = "image/webp"
_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_ALPHA_FLAG, _EXIF_FLAG, _XMP_FLAG, _ANIMATION_FLAG = 0x10, 0x08, 0x04, 0x02
_ALPHA_USED = 0x10  # in the last byte of the header of VP8L (RFC 9649 3.4)
_LONGEST_EXIF = 65536  # bytes that are looked at


def shape(file: Window) -> Shape:
    """Raises Malformed. The orientation stands behind the pixels, so every chunk is looked at."""
    return parsed(file).shape


def parsed(file: Window) -> Parsed:
    """Raises Malformed."""
    if file.at(8, 4) != b"WEBP":
        raise Malformed
    end = min(file.size, 8 + file.little(4, 4))
    size: tuple[int, int] | None = None
    kept: list[Piece] = []
    extended: bytes | None = None
    is_clear, turned, place = False, exif.UPRIGHT, 12
    while place + 8 <= end:
        name, length = file.at(place, 4), file.little(place + 4, 4)
        behind = place + 8 + length + length % 2
        if behind > end and name not in _KEPT:
            raise Malformed
        if name == b"VP8X":
            extended = file.at(place + 8, 10)
            is_clear = bool(extended[0] & _ALPHA_FLAG)
            size = 1 + int.from_bytes(extended[4:7], "little"), 1 + int.from_bytes(extended[7:10], "little")
        elif name == b"EXIF":
            block = file.at(place + 8, min(length, _LONGEST_EXIF))
            turned = exif.orientation(block.removeprefix(b"Exif\0\0"))
        elif name in _KEPT:
            size = size or _size(file, name, place + 8)
            is_clear = is_clear or (name == b"VP8L" and bool(file.at(place + 12, 1)[0] & _ALPHA_USED))
            kept.append((place, min(behind, end)))
        place = behind
    if not size or not all(size):
        raise Malformed
    is_still = not (extended and extended[0] & _ANIMATION_FLAG)
    if turned != exif.UPRIGHT and extended:
        kept.append(_chunk(b"EXIF", exif.alone(turned)))
    if extended:
        flags = extended[0] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if turned != exif.UPRIGHT else 0)
        kept.insert(0, _chunk(b"VP8X", bytes([flags]) + extended[1:]))
    length = 4 + joined(kept).size
    begin = b"RIFF" + length.to_bytes(4, "little") + b"WEBP"
    width, height = exif.shown(*size, turned if extended else exif.UPRIGHT)
    about = Shape(type=_TYPE, width=width, height=height, is_still=is_still, may_be_clear=is_clear)
    return Parsed(shape=about, spans=joined([begin, *kept]))


def _size(file: Window, name: bytes, place: int) -> tuple[int, int] | None:
    if name == b"VP8 " and file.at(place + 3, 3) == b"\x9d\x01\x2a":  # RFC 6386 9.1
        return file.little(place + 6, 2) & 0x3FFF, file.little(place + 8, 2) & 0x3FFF
    if name == b"VP8L" and file.at(place, 1) == b"\x2f":
        bits = file.little(place + 1, 4)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)
