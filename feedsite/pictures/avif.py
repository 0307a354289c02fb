"""AVIF (AV1 Image File Format; ISO/IEC 14496-12, 23008-12): EXIF says nothing, in the place of XMP stand zeros.

Other boxes name places in the file, so none may move. Which way up the picture is says a box of its own.
"""

from collections.abc import Iterator
from typing import NamedTuple

from .parsed import Parsed, Shape
from .spans import Piece, joined
from .window import Malformed, Window

BEGIN = b"ftyp"  # at the fifth byte
_TYPE = "image/avif"
# The items that draw nothing, each with what stands there instead, before zeros. Decoders refuse a picture whose EXIF
# has no header; this one names no tags.
_TOLD = {b"Exif": bytes(4) + b"II*\0\x08\0\0\0", b"mime": b""}
_MOST_EXTENTS = 1000


class _Box(NamedTuple):
    name: bytes
    start: int  # of its content
    end: int


def shape(file: Window) -> Shape:
    """Raises Malformed."""
    return parsed(file).shape


def parsed(file: Window) -> Parsed:
    """Raises Malformed."""
    boxes = list(_boxes(file, 0, file.size))
    meta = next((box for box in boxes if box.name == b"meta"), None)
    if not boxes or boxes[0].name != b"ftyp" or meta is None:
        raise Malformed
    within = {box.name: box for box in _boxes(file, meta.start + 4, meta.end)}
    is_still = file.at(boxes[0].start, 4) == b"avif"
    width, height = _size(file, within)
    hidden = [(box.start, box.end, b"") for box in boxes if box.name == b"uuid"]
    hidden += _told(file, within)
    pieces: list[Piece] = []
    place = 0
    for start, end, content in sorted(hidden):
        start, end = max(start, place), min(end, file.size)  # noqa: PLW2901  # two may overlap
        if start < end:
            begin = content[: end - start]
            pieces += [(place, start), begin, end - start - len(begin)]
            place = end
    about = Shape(type=_TYPE, width=width, height=height, is_still=is_still)
    return Parsed(shape=about, spans=joined([*pieces, (place, file.size)]))


def _boxes(file: Window, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        size, name, begin = file.big(start, 4), file.at(start + 4, 4), start + 8
        if size == 1:
            size, begin = file.big(begin, 8), begin + 8
        behind = end if size == 0 else start + size
        if behind < begin or behind > end:
            raise Malformed
        yield _Box(name, begin, behind)
        start = behind


def _size(file: Window, within: dict[bytes, _Box]) -> tuple[int, int]:
    """Of the primary item, by its properties."""
    if b"iprp" not in within or b"pitm" not in within:
        raise Malformed
    found = {box.name: box for box in _boxes(file, within[b"iprp"].start, within[b"iprp"].end)}
    if b"ipco" not in found or b"ipma" not in found:
        raise Malformed
    properties = list(_boxes(file, found[b"ipco"].start, found[b"ipco"].end))
    place = within[b"pitm"].start
    primary = file.big(place + 4, 4 if file.big(place, 1) else 2)
    size, is_turned = (0, 0), False
    for number in _properties_of(file, found[b"ipma"], primary):
        if 0 < number <= len(properties):
            box = properties[number - 1]
            if box.name == b"ispe":
                size = file.big(box.start + 4, 4), file.big(box.start + 8, 4)
            elif box.name == b"irot":
                is_turned = bool(file.big(box.start, 1) & 1)
    if not all(size):
        raise Malformed
    return size[::-1] if is_turned else size


def _properties_of(file: Window, box: _Box, item: int) -> list[int]:
    version, is_wide = file.big(box.start, 1), file.big(box.start + 3, 1) & 1
    place, width = box.start + 8, 4 if version else 2
    for _ in range(min(file.big(box.start + 4, 4), _MOST_EXTENTS)):
        found, count = file.big(place, width), file.big(place + width, 1)
        place += width + 1
        if found == item:
            if is_wide:
                return [file.big(place + 2 * number, 2) & 0x7FFF for number in range(count)]
            return [file.big(place + number, 1) & 0x7F for number in range(count)]
        place += count * (2 if is_wide else 1)
    return []


def _told(file: Window, within: dict[bytes, _Box]) -> Iterator[tuple[int, int, bytes]]:
    """Where the content of EXIF and XMP stands, from where to where, and what is to begin there instead."""
    if b"iinf" not in within:
        return
    items = dict(_items(file, within[b"iinf"]))
    if not items:
        return
    if b"iloc" not in within:
        raise Malformed
    box = within[b"iloc"]
    version = file.big(box.start, 1)
    sizes = file.big(box.start + 4, 1), file.big(box.start + 5, 1)
    offset_size, length_size, base_size, index_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4, sizes[1] & 15
    wide = 2 if version < 2 else 4
    place = box.start + 6
    count, place = file.big(place, wide), place + wide
    left = _MOST_EXTENTS
    for _ in range(count):
        item, place = file.big(place, wide), place + wide
        way = 0
        if version:
            way, place = file.big(place, 2) & 15, place + 2
        base, place = file.big(place + 2, base_size), place + 2 + base_size
        extents, place = file.big(place, 2), place + 2
        for _ in range(extents):
            left -= 1
            if left < 0:
                raise Malformed
            place += index_size if version else 0
            offset, length = file.big(place, offset_size), file.big(place + offset_size, length_size)
            place += offset_size + length_size
            if item in items:
                start = base + offset
                if way == 1 and b"idat" in within:
                    start += within[b"idat"].start
                elif way:
                    raise Malformed
                yield start, start + length if length else file.size, items[item]
                items[item] = b""  # in further stretches of the same content


def _items(file: Window, box: _Box) -> Iterator[tuple[int, bytes]]:
    """The numbers of the items that draw nothing, each with what its content is to begin with."""
    start = box.start + (8 if file.big(box.start, 1) else 6)
    for number, found in enumerate(_boxes(file, start, box.end)):
        if number >= _MOST_EXTENTS:
            raise Malformed
        version = file.big(found.start, 1)
        if found.name == b"infe" and version >= 2:
            wide = 2 if version == 2 else 4
            kind = file.at(found.start + 4 + wide + 2, 4)
            if kind in _TOLD:
                yield file.big(found.start + 4, wide), _TOLD[kind]
