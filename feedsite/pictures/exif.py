"""EXIF: of all that a camera writes, which way up the picture is (CIPA DC-008 4.6.2, tag 274)."""

_ORIENTATION, _SHORT = 0x0112, 3
_MOST_TAGS = 500
UPRIGHT = 1
_TURNED = range(5, 9)  # the values by which width and height change places


def orientation(tiff: bytes) -> int:
    """The orientation, 1 to 8; 1 where the block names none. `tiff` begins with its byte order."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return UPRIGHT

    def number(start: int, count: int) -> int:
        return int.from_bytes(tiff[start : start + count], "little" if order == "little" else "big")

    first = number(4, 4)
    for place in range(first + 2, first + 2 + 12 * min(number(first, 2), _MOST_TAGS), 12):
        if number(place, 2) == _ORIENTATION and number(place + 2, 2) == _SHORT:
            found = number(place + 8, 2)
            return found if found in range(1, 9) else UPRIGHT
    return UPRIGHT


def alone(turned: int) -> bytes:
    """A block that says the orientation and nothing else."""
    tag = b"".join(value.to_bytes(size, "little") for value, size in ((_ORIENTATION, 2), (_SHORT, 2), (1, 4)))
    return b"II*\0\x08\0\0\0\x01\0" + tag + turned.to_bytes(4, "little") + bytes(4)


def shown(width: int, height: int, turned: int) -> tuple[int, int]:
    """Width and height as the picture is shown."""
    return (height, width) if turned in _TURNED else (width, height)
