"""Copies of a picture in another size and format: the only door to Pillow.

A file may be made to be costly, or broken: what is decoded was bounded by its header (sizes.is_resized), one picture
at a time in a process, and whatever Pillow raises means that there is no copy. Of metadata a copy has the colour
profile alone. The same bytes and the same version of Pillow give the same copy.
"""

from io import SEEK_CUR, SEEK_END, SEEK_SET, BytesIO, RawIOBase
from threading import Lock
from typing import IO, Any, cast

from .parsed import Shape
from .sizes import Copy
from .spans import Read

_PLUGINS = {"image/avif": "AVIF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_SAVED: dict[str, dict[str, Any]] = {
    "image/jpeg": {"quality": 82, "progressive": True, "optimize": True},
    "image/png": {"compress_level": 9},
    "image/webp": {"quality": 80, "method": 4},
}
_LONGEST_PROFILE = 16 * 1024  # bytes; a longer one is of a printing press or a scanner, and is applied
_FEW_COLOURS = 512  # of a drawing, which is kept without loss
_LOOKED_AT = 256  # pixels of width of what the colours are counted in
_MODES = frozenset("1 L LA P PA RGB RGBA CMYK YCbCr".split())  # of 8 bits a colour or fewer
# A progressive JPEG is held whole while it is decoded, and drawn anew with each of its scans, of which cameras and
# programs write some ten.
_LARGEST_PROGRESSIVE = 40_000_000  # pixels
_MOST_DRAWN = 600_000_000  # pixels of all scans together
_SCAN = b"\xff\xda"  # ITU-T T.81 B.2.3
_decoding = Lock()


def made(read: Read, size: int, shape: Shape, copy: Copy) -> bytes:
    """The copy of the picture whose file has `size` bytes; b"" where none can be made, or none that is smaller.

    Raises OSError as `read` does.
    """
    file = _File(read, size)
    with _decoding:
        try:
            body = _made(file, shape, copy)
        except Exception:  # noqa: BLE001  # decoders of foreign bytes raise whatever they please
            body = b""
    if file.error:
        raise file.error
    return body if len(body) < size else b""


def _made(file: "_File", shape: Shape, copy: Copy) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415  # costs 40 ms and 6 MB, which a process without copies is spared

    Image.MAX_IMAGE_PIXELS = None  # sizes.is_resized has a limit of its own, and Pillow's only prints a warning
    with Image.open(cast("IO[bytes]", file), formats=[_PLUGINS[shape.type]]) as picture:
        if sorted(picture.size) != sorted((shape.width, shape.height)):
            return b""
        if picture.info.get("progressive") and not _is_drawn_soon(file, shape.width * shape.height):
            return b""
        is_turned = picture.size != (shape.width, shape.height)
        wanted = (copy.height, copy.width) if is_turned else (copy.width, copy.height)
        mode, profile = picture.mode, picture.info.get("icc_profile")
        is_drawing = shape.type == "image/png" and _has_few_colours(picture)
        picture.draft("RGB", wanted)  # a JPEG is decoded at a half, a quarter or an eighth of its size
        if mode not in _MODES:
            return b""
        pixels = picture if picture.mode in ("RGB", "RGBA", "L") else _converted(picture, profile)
        turned = ImageOps.exif_transpose(pixels.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0))
    if profile and (mode not in ("RGB", "RGBA") or len(profile) > _LONGEST_PROFILE):
        turned, profile = _in_srgb(turned, profile) if mode in ("RGB", "RGBA") else turned, None
    options = dict(_SAVED[copy.type])
    if copy.type == "image/jpeg" and turned.mode == "RGBA":
        turned = turned.convert("RGB")
    if copy.type == "image/webp" and is_drawing:
        options = {"lossless": True, "method": 4}
    if copy.type == "image/png" and mode in ("1", "P"):
        turned = turned.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = BytesIO()
    turned.info = {}
    turned.save(written, _PLUGINS[copy.type], icc_profile=profile, **options)
    return written.getvalue()


def _is_drawn_soon(file: "_File", pixels: int) -> bool:
    """Whether a progressive JPEG of so many pixels takes no more time and memory than any sound one."""
    place = file.seek(0, SEEK_CUR)
    file.seek(0)
    scans = file.read().count(_SCAN) if pixels <= _LARGEST_PROGRESSIVE else 0
    file.seek(place)
    return 0 < scans * pixels <= _MOST_DRAWN


def _has_few_colours(picture: Any) -> bool:
    """Whether it is drawn, not photographed."""
    if picture.mode in ("1", "P"):
        return True
    thin = picture.resize((_LOOKED_AT, max(1, round(picture.height * _LOOKED_AT / picture.width))), 0)
    return thin.getcolors(_FEW_COLOURS) is not None


def _converted(picture: Any, profile: bytes | None) -> Any:
    """In red, green and blue, and with what is transparent. Colours of print are converted by their profile."""
    if picture.mode == "CMYK" and profile:
        return _in_srgb(picture, profile)
    has_transparency = picture.mode in ("LA", "PA") or "transparency" in picture.info
    return picture.convert("RGBA" if has_transparency else "RGB")


def _in_srgb(picture: Any, profile: bytes) -> Any:
    from PIL import ImageCms  # noqa: PLC0415  # hardly any picture needs it

    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        return ImageCms.profileToProfile(picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode)
    except ImageCms.PyCMSError:
        return picture.convert(mode)


class _File(RawIOBase):
    """A file as Pillow reads it. `error` is what its reading raised, which Pillow takes for a broken picture."""

    def __init__(self, read: Read, size: int) -> None:
        self.error: OSError | None = None
        self._read = read
        self._size = size
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self._place if size < 0 else min(size, self._size - self._place)
        if wanted <= 0:
            return b""
        try:
            piece = self._read(self._place, wanted)
        except OSError as error:
            self.error = error
            raise
        self._place += len(piece)
        return piece

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self._place = max(0, offset + {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: self._size}[whence])
        return self._place

    def tell(self) -> int:
        return self._place
