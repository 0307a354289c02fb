"""Which copies of another size there are of a picture, and at which addresses: rules alone.

The pictures of a page are WebP; beside these one copy of good size is in the original's format, for feeds and for
whatever knows no WebP. An address names a step, the width that the copy has at the most: so all addresses that a
picture can have are known, whatever its size was before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .parsed import Shape

FOLDER = "/static/pictures/"  # urls: nothing of an article can stand there
STEPS = (320, 640, 960, 1280, 1920)  # pixels
GOOD = 1280  # the step of the copy that feeds have
SMALL = 400  # pixels of width: a picture that is no wider is published as it is
WEBP = "image/webp"
_NEAR = 1.15  # no copy is made of a picture that is wider by less than this
_ENDING = ".webp"
# Pixels of an original that copies are made of: a JPEG is decoded at a fraction of its size.
_LARGEST = {"image/jpeg": 120_000_000, "image/png": 60_000_000, "image/avif": 60_000_000, WEBP: 60_000_000}
_OWN = ("image/jpeg", "image/png")  # formats that every reader knows
_HIGHEST = 16_383  # pixels of a WebP
_LONGEST_PART, _LONGEST_PATH = 200, 780  # bytes: every system can have a file of the name (urls.unwritable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of a picture at a path of its own."""

    path: str
    type: str
    width: int
    height: int


@lru_cache(2048)  # an article is printed in several formats and lists
def copies(path: str, shape: Shape | None) -> tuple[Copy, ...]:
    """The copies of the picture at `path`, the narrowest first; none of one that is small, moves or is unknown."""
    return tuple(_copies(path, shape)) if shape and is_resized(path, shape) else ()


def narrowed(path: str, shape: Shape | None) -> tuple[Copy, ...]:
    """The copies for pages, in WebP."""
    return tuple(copy for copy in copies(path, shape) if copy.type == WEBP)


def good(path: str, shape: Shape | None) -> Copy | None:
    """The copy for feeds, in the original's format if that is no WebP; None where the original is as good."""
    if not shape or shape.width < GOOD * _NEAR:
        return None
    found = copies(path, shape)
    wanted = _path(path, GOOD, is_webp=not _has_own(path, shape))
    return next((copy for copy in found if copy.path == wanted), None)


def original(path: str) -> str:
    """The path of the picture whose copy may stand at `path`; "" where no copy can."""
    step, slash, rest = path.removeprefix(FOLDER).partition("/")
    if not path.startswith(FOLDER) or not slash or step not in map(str, STEPS):
        return ""
    return f"/{rest.removesuffix(_ENDING)}"


def every_path(path: str) -> Iterator[str]:
    """Every path at which a copy of the picture at `path` can stand, whatever its size is."""
    yield from (_path(path, step, is_webp=True) for step in STEPS)
    if not path.endswith(_ENDING):
        yield _path(path, GOOD, is_webp=False)


def is_resized(path: str, shape: Shape) -> bool:
    return (
        shape.is_still
        and shape.width > SMALL
        and shape.width * shape.height <= _LARGEST.get(shape.type, 0)
        and len(path.encode()) <= _LONGEST_PATH - len(FOLDER) - len("1920/") - len(_ENDING)
        and all(len(part.encode()) <= _LONGEST_PART - len(_ENDING) for part in path.split("/"))
    )


def _copies(path: str, shape: Shape) -> Iterator[Copy]:
    widest = next((step for step in STEPS if step >= shape.width), STEPS[-1])
    for step in STEPS:
        if step == widest or step * _NEAR <= shape.width:
            width = min(step, shape.width)
            height = max(1, round(shape.height * width / shape.width))
            if height <= _HIGHEST:
                yield Copy(path=_path(path, step, is_webp=True), type=WEBP, width=width, height=height)
            if step == GOOD and _has_own(path, shape) and shape.width >= GOOD * _NEAR:
                yield Copy(path=_path(path, step, is_webp=False), type=shape.type, width=width, height=height)


def _has_own(path: str, shape: Shape) -> bool:
    """Whether a copy can be in the original's format. Its name must not be that of another picture's WebP."""
    return shape.type in _OWN and not path.endswith(_ENDING)


def _path(path: str, step: int, *, is_webp: bool) -> str:
    return f"{FOLDER}{step}{path}{_ENDING if is_webp else ''}"
