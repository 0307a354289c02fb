"""The site's own pictures and recordings, as the Site publishes them, and the copies of pictures (pictures.sizes)."""

import json
from collections.abc import Callable, ItemsView, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from ..codehash import code_hash
from ..document import Document, File, Held, Pieces, Representation
from ..index import mediarows
from ..index.index import Index
from ..index.mediarows import MediumRow
from ..index.unusable import strange
from ..pictures import copies, sizes
from ..pictures.parsed import Shape
from ..pictures.sizes import Copy
from ..pictures.spans import Read
from . import copystore
from .copystore import CopyStore
from .published import resource


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or recording of the site, or a copy of a picture. `mark` changes whenever the file does, and the code
    that publishes it. `source` is the file of a copy.

    `draw` raises KeyError where nothing can be published (any more), and OSError where it cannot be read now. It takes
    long where `is_ready` is false: a copy has to be made.
    """

    mark: str
    draw: Callable[[], Representation]
    source: str = ""
    is_ready: Callable[[], bool] = lambda: True


class Media(Mapping[str, Medium]):
    """The site's own pictures and recordings, and the copies of pictures, by path."""

    def __init__(self, folder: Path, index: Index) -> None:
        self._folder = folder
        self._index = index
        self._copies = CopyStore(index.database.path)

    def __getitem__(self, path: str) -> Medium:
        of = sizes.original(path)
        found = mediarows.medium(self._index, (of or path).removeprefix("/")) if path.startswith("/") else None
        if found is None:
            raise KeyError(path)
        if not of:
            return self._medium(path, found)
        copy = next((one for one in sizes.copies(of, shape_of(found)) if one.path == path), None)
        if copy is None:
            raise KeyError(path)
        return self._copy(of, found, copy)

    def __iter__(self) -> Iterator[str]:
        return (path for path, _ in self.each())

    def __len__(self) -> int:
        return sum(1 for _ in self.each())

    def items(self) -> "_Items":
        return _Items(self)

    def each(self) -> Iterator[tuple[str, Medium]]:
        """All of them, by one question to the index."""
        for file, found in mediarows.rows(self._index):
            path = f"/{file}"
            yield path, self._medium(path, found)
            for copy in sizes.copies(path, shape_of(found)) if found.shape else ():
                yield copy.path, self._copy(path, found, copy)

    def _medium(self, path: str, found: MediumRow) -> Medium:
        draw = partial(resource, self._folder, path.removeprefix("/"), found)
        return Medium(f"{_mark(found)}-{_code()}", draw)

    def _copy(self, of: str, found: MediumRow, copy: Copy) -> Medium:
        what = self._folder, of.removeprefix("/"), found, copy, self._copies
        mark = f"{_mark(found)}-{copy.type}-{copy.width}x{copy.height}-{copystore.version()}"
        return Medium(mark, partial(_copied, *what), of.removeprefix("/"), partial(_is_kept, *what))


class _Items(ItemsView[str, Medium]):
    """As a mapping's, without a question to the index for each path."""

    _mapping: Media

    def __iter__(self) -> Iterator[tuple[str, Medium]]:
        return self._mapping.each()


def _copied(folder: Path, path: str, found: MediumRow, copy: Copy, store: CopyStore) -> Representation:
    """A copy of a picture: the one that is kept, or a new one. The picture itself where no copy can be made of it."""
    original = resource(folder, path, found)
    name = copystore.name_of(original.digest, copy)
    if (body := store.find(name)) is None:
        with closing(_opened(original)) as file:
            body = _made(file.read, original.size, found, copy)
        store.put(name, body)
    return Document(body, copy.type) if body else original


def _is_kept(folder: Path, path: str, found: MediumRow, copy: Copy, store: CopyStore) -> bool:
    """Whether the copy is kept, or that there is none is found out at once."""
    try:
        return store.has(copystore.name_of(resource(folder, path, found).digest, copy))
    except (KeyError, OSError):
        return True


def _opened(original: Representation) -> Pieces:
    return original.open() if isinstance(original, File) else Held(original.body)


def _made(read: Read, size: int, found: MediumRow, copy: Copy) -> bytes:
    shape = shape_of(found)
    return copies.made(read, size, shape, copy) if shape else b""


def shape_of(found: MediumRow) -> Shape | None:
    """The shape of a picture; None where its file says none. Raises Unusable for what was never written there."""
    try:
        return Shape(**json.loads(found.shape)) if found.shape else None
    except (TypeError, ValueError):
        raise strange() from None


def _mark(found: MediumRow) -> str:
    return "-".join(map(str, found.signature))


@cache
def _code() -> str:
    """By which code it is decided what of a file is published."""
    return code_hash("pictures.reading")[:8]
