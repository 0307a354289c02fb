"""Pictures and recordings: small ones are read whole, of large ones a digest is taken once, and the bytes when sent."""

import errno
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Lock

from ..digest import digest_of_pieces
from ..document import Document, File, Representation, is_text
from ..errors import is_passing
from ..index.readresult import Signature
from .opening import Opened, Unreadable, opened, signature

HELD = 256 * 1024  # bytes of what is held in memory, and answered again without being opened
_HELD_TEXT = 1024 * 1024  # the same of what codings make smaller
_QUICK = 8 * 1024 * 1024  # bytes that are hashed within a request, in some 10 ms
_SETTLED = 100_000_000  # ns: a file changed later than this before it was read may change again within the same ctime
_DIGEST = 12  # bytes, as Document.digest has
_MOST = 1000  # digests that are remembered of files that are others than those taken in
_remembered: dict[Signature, str] = {}
_lock = Lock()


def digests(folder: Path, files: Mapping[str, tuple[str, Signature]]) -> dict[str, str | None]:
    """Of each of these files (media type and signature): its digest, "" where it cannot be taken yet, else None."""
    large = {path: known for path, (kind, known) in files.items() if known[0] > _held(kind)}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # hashing holds no lock of Python's
        taken = pool.map(partial(_taken, folder), large, large.values()) if large else ()
        return dict.fromkeys(files) | dict(zip(large, taken, strict=True))


def drawn(folder: Path, path: str, kind: str, known: Signature, digest: str) -> Representation:
    """What stands there, with the digest that was taken of it if the file is still that one.

    Raises KeyError where it was taken away, OSError where it cannot be read.
    """
    try:
        with _opened(folder, path) as file:
            size = file.found.st_size
            if size <= _held(kind):
                return Document(file.read(0, size), kind)
            now = signature(file.found)
            return File(
                size, kind, digest if digest and now == known else _digest(file), partial(_same, folder, path, now)
            )
    except (FileNotFoundError, NotADirectoryError, Unreadable):
        raise KeyError(path) from None


def _opened(folder: Path, path: str) -> Opened:
    """No link leads it out of images/, or of audio/."""
    return opened(folder, path, path.partition("/")[0])


def _same(folder: Path, path: str, known: Signature) -> Opened:
    """The file as it was when its digest was taken. Raises OSError where another one stands there."""
    try:
        file = _opened(folder, path)
    except Unreadable as error:
        raise OSError(errno.ESTALE, str(error)) from None
    if signature(file.found) != known:
        file.close()
        raise OSError(errno.ESTALE, "the file was changed just now")
    return file


def _taken(folder: Path, path: str, known: Signature) -> str | None:
    if not _is_settled(known):
        return ""
    try:
        with _same(folder, path, known) as file:
            return digest_of_pieces(file.pieces(), _DIGEST)
    except OSError as error:
        return "" if is_passing(error) else None


def _digest(file: Opened) -> str:
    """Of a file that is another than the one taken in: saved just now, or swapped."""
    now = signature(file.found)
    if (digest := _remembered.get(now)) is None:
        is_settled = _is_settled(now)
        if not is_settled and now[0] > _QUICK:  # else each request would read all of what is being written
            raise OSError(errno.ESTALE, "the file is being changed")
        digest = digest_of_pieces(file.pieces(), _DIGEST)
        if is_settled:
            with _lock:
                if len(_remembered) >= _MOST:
                    _remembered.clear()
                _remembered[now] = digest
    return digest


def _is_settled(known: Signature) -> bool:
    return not 0 <= time.time_ns() - known[2] < _SETTLED


def _held(kind: str) -> int:
    return _HELD_TEXT if is_text(kind) else HELD
