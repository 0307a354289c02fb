"""The files of a commit, as `git cat-file --batch` gives them, written into an empty folder.

They are anybody's: each is written as bytes, and symbolic links come last, so that nothing is written through one.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import FeedsiteError, in_one_line
from ..folder.opening import LARGEST, TEXTS
from ..settings import FILE

_LINK, _SUBMODULE, _FILES = "120000", "160000", frozenset({"100644", "100755"})
_LFS = b"version https://git-lfs.github.com/spec/v1\n"
_LFS_LONGEST = 1024  # bytes of a pointer (its specification)
_LINK_LONGEST = 4096  # bytes of a link's target
_PIECE = 1024 * 1024  # bytes
IsKnown = Callable[[str, bytes], bool]


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a commit: its mode and hash, as git prints them, and its path in the site's folder."""

    mode: str
    hash: str
    path: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """The files that were written, and those that were not, for they are known; links; submodules, of which git has no
    files; and those among the written ones that Git LFS keeps.
    """

    written: tuple[str, ...]
    known: tuple[str, ...]
    links: tuple[str, ...]
    submodules: tuple[str, ...]
    in_lfs: tuple[str, ...]


def extract(
    blobs: Iterable[Blob], ask: IO[bytes], answers: IO[bytes], folder: Path, is_known: IsKnown | None
) -> Extracted:
    """Writes these files into the folder, site.yaml first. `ask` and `answers` are the pipes of git.

    With `is_known`, YAML files of which that is true by path and content are not written where there are no links.
    Raises FeedsiteError where git lacks one.
    """
    ordered = sorted(blobs, key=lambda blob: (blob.path != FILE, blob.path))
    links = [blob for blob in ordered if blob.mode == _LINK]
    written, known, in_lfs = [], [], []
    for blob in ordered:
        if blob.mode not in _FILES:
            continue
        size = _asked(ask, answers, blob)
        begin = answers.read(min(size, LARGEST))
        if is_known and not links and _is_text(blob.path, size) and is_known(blob.path, begin):
            known.append(blob.path)
        else:
            written.append(blob.path)
            _write(_place(folder, blob), begin, answers, size - len(begin))
            if size <= _LFS_LONGEST and begin.startswith(_LFS):
                in_lfs.append(blob.path)
        answers.read(1)
    for blob, place in [(blob, _place(folder, blob)) for blob in links]:  # folders are made before any link
        _link(ask, answers, blob, place)
    return Extracted(
        written=tuple(written),
        known=tuple(known),
        links=tuple(blob.path for blob in links),
        submodules=tuple(blob.path for blob in ordered if blob.mode == _SUBMODULE),
        in_lfs=tuple(in_lfs),
    )


def _is_text(path: str, size: int) -> bool:
    """Whether it is an entry file or a standing page."""
    return path.split("/", maxsplit=1)[0] in TEXTS and size <= LARGEST


def _write(path: Path | None, begin: bytes, answers: IO[bytes], left: int) -> None:
    with _new_file(path) as file:
        file.write(begin)
        for piece in _pieces(answers, left):
            file.write(piece)


def _new_file(path: Path | None) -> IO[bytes]:
    """The file at this path; one that keeps nothing where it cannot be made, for a name may be too long here."""
    with suppress(OSError, ValueError):
        if path:
            return open(path, "xb")
    return open(os.devnull, "wb")


def _link(ask: IO[bytes], answers: IO[bytes], blob: Blob, path: Path | None) -> None:
    size = _asked(ask, answers, blob)
    target = b"".join(_pieces(answers, size))
    answers.read(1)
    if path and size <= _LINK_LONGEST:
        with suppress(OSError, ValueError):
            os.symlink(os.fsdecode(target), path)


def _asked(ask: IO[bytes], answers: IO[bytes], blob: Blob) -> int:
    """The size of an object, whose bytes follow. Raises FeedsiteError where this clone has it not."""
    ask.write(f"{blob.hash}\n".encode())
    ask.flush()
    words = answers.readline().split()
    if len(words) != 3 or words[1] != b"blob":
        raise FeedsiteError(in_one_line(f"this clone lacks {blob.path}: it is a partial one; clone it whole"))
    return int(words[2])


def _place(folder: Path, blob: Blob) -> Path | None:
    """Where a file is written; None where no folder can be made for it. No link may be there yet: a tree that git
    would not make can have a link and a folder of one name.
    """
    path = folder / blob.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError):
        return None
    return path


def _pieces(answers: IO[bytes], size: int) -> Iterator[bytes]:
    while size and (piece := answers.read(min(size, _PIECE))):
        size -= len(piece)
        yield piece
