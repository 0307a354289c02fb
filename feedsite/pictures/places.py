"""Whether a file that is published as it is says where it was taken: a drawing (SVG) by a photograph within it, a
recording (MP4, M4A) by what telephones write beside its sound and pictures.

Of a drawing the beginning is looked at, and the first photographs; of a recording the headers of its boxes (ISO/IEC
14496-12 4.2) and the one with such words.
"""

import binascii
import re
from collections.abc import Iterator

from .window import Malformed, Window

_DRAWING, *_RECORDINGS = TELLING = ("image/svg+xml", "audio/mp4", "video/mp4")
_MOST = 4 * 1024 * 1024  # bytes of a drawing that are looked at
_MOST_PHOTOGRAPHS = 20
_HEAD = 128 * 1024  # letters of a photograph in Base64: what tells stands before its pixels
_PHOTOGRAPH = re.compile(rb"data:image/(?:jpe?g|png|webp);base64,([A-Za-z0-9+/\s]{16,%d})" % _HEAD, re.IGNORECASE)
_TOLD = re.compile(rb"Exif\0\0|eXIf|exif:GPS|ns\.adobe\.com/exif")
_MOST_BOXES = 1000
_LONGEST_WORDS = 64 * 1024  # bytes of a box with words
# By the boxes that lie in one another: 3GPP TS 26.244 8.10, and QuickTime's keys and user data.
_PLACES = ((b"moov", b"udta", b"loci"), (b"moov", b"udta", b"\xa9xyz"))
_KEYS = ((b"moov", b"meta"), (b"moov", b"udta", b"meta"))
_KEY = b"location.ISO6709"


def is_place_told(file: Window, media_type: str) -> bool:
    """Never raises but what the file's `read` does."""
    if media_type == _DRAWING:
        return any(_TOLD.search(photograph) for photograph in _photographs(file.up_to(0, min(file.size, _MOST))))
    if media_type in _RECORDINGS:
        try:
            return _is_in_recording(file)
        except Malformed:
            return False
    return False


def _photographs(drawing: bytes) -> Iterator[bytes]:
    """The beginnings of the photographs in a drawing."""
    for number, found in enumerate(_PHOTOGRAPH.finditer(drawing)):
        if number == _MOST_PHOTOGRAPHS:
            return
        letters = b"".join(found[1].split())
        yield binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _is_in_recording(file: Window) -> bool:
    waiting: list[tuple[tuple[bytes, ...], int, int]] = [((), 0, file.size)]
    left = _MOST_BOXES
    while waiting:
        way, place, end = waiting.pop()
        while place + 8 <= end and left:
            left -= 1
            length, name = file.big(place, 4), file.at(place + 4, 4)
            begin = place + 8
            if length == 1:
                length, begin = file.big(begin, 8), place + 16
            behind = end if length == 0 else place + length
            if behind < begin or behind > end:
                raise Malformed
            within = (*way, name)
            if within in _PLACES:
                return True
            if within in _KEYS and _KEY in file.up_to(begin, min(behind - begin, _LONGEST_WORDS)):
                return True
            if within in ((b"moov",), (b"moov", b"udta")):
                waiting.append((within, begin, behind))
            place = behind
    return False
