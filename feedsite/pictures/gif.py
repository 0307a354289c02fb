"""GIF (GIF89a specification) without comments and without what applications write into it; loops and colours stay."""

from .parsed import Parsed, Shape
from .spans import Piece, joined
from .window import Malformed, Window

BEGIN = b"GIF8"
_TYPE = "image/gif"
_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def shape(file: Window) -> Shape:
    """Raises Malformed. Whether it moves is not looked at: no copies are made of either kind. Nor whether one of its
    colours is clear.
    """
    width, height = file.little(6, 2), file.little(8, 2)
    if not (width and height):
        raise Malformed
    return Shape(type=_TYPE, width=width, height=height, is_still=False, may_be_clear=True)


def parsed(file: Window) -> Parsed:
    """Raises Malformed."""
    about = shape(file)
    place = 13 + _colours(file.at(10, 1)[0])
    kept: list[Piece] = [(0, place)]
    while place < file.size:
        kind, start = file.at(place, 1)[0], place
        if kind == _END:
            kept.append((place, place + 1))
            break
        if kind == _IMAGE:
            place = _behind_blocks(file, place + 11 + _colours(file.at(place + 9, 1)[0]))
            is_kept = True
        elif kind == _EXTENSION:
            label = file.at(place + 1, 1)[0]
            is_kept = label != _COMMENT and (label != _APPLICATION or file.up_to(place + 3, 11) in _KEPT)
            place = _behind_blocks(file, place + 2)
        else:
            raise Malformed
        if is_kept:
            kept.append((start, place))
    return Parsed(shape=about, spans=joined(kept))


def _colours(packed: int) -> int:
    """The bytes of a table of colours, by the byte that announces it."""
    return 3 * 2 ** (1 + (packed & 7)) if packed & 0x80 else 0


def _behind_blocks(file: Window, place: int) -> int:
    """The place behind a sequence of sub-blocks; the end of the file where it is cut."""
    while place < file.size:
        length = file.at(place, 1)[0]
        place += 1 + length
        if not length:
            break
    return min(place, file.size)
