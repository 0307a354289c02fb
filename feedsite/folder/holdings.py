"""What a site's folder holds, once it was taken into the index: settings, articles, pictures and recordings, faults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from ..document import Representation
from ..errors import Fault
from ..index.edition import Edition
from ..index.index import Index
from ..settings import Settings
from . import recordings


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or recording of the site. `mark` is another when the file is; `draw` raises KeyError where it was taken
    away since, and OSError where it cannot be read now.
    """

    mark: str
    draw: Callable[[], Representation]


class Media(Mapping[str, Medium]):
    """The site's own pictures and recordings, by path."""

    def __init__(self, folder: Path, index: Index) -> None:
        self._folder = folder
        self._index = index

    def __getitem__(self, path: str) -> Medium:
        found = self._index.medium(path.removeprefix("/")) if path.startswith("/") else None
        if found is None:
            raise KeyError(path)
        kind, known, digest = found
        draw = partial(recordings.drawn, self._folder, path.removeprefix("/"), kind, known, digest)
        return Medium("-".join(map(str, known)), draw)

    def __iter__(self) -> Iterator[str]:
        return (f"/{path}" for path in self._index.media())

    def __len__(self) -> int:
        return len(self._index.media())


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a site's folder holds: its settings, and the index of all else."""

    settings: Settings
    folder: Path
    index: Index

    @property
    def media(self) -> Media:
        return Media(self.folder, self.index)

    def edition(self, now: datetime) -> Edition:
        return Edition(self.index, now)

    def of_this_process(self) -> "Holdings":
        """The same after a fork, which no connection to an index survives; one in memory is copied by it.

        What another process writes from now on is not seen: all that is drawn of it is of one moment.
        """
        if (path := self.index.database.path) is None:
            return self
        index = Index(path)
        index.database.hold()
        return replace(self, index=index)

    @property
    def faults(self) -> list[Fault]:
        """Of all files, and the notes."""
        return self.index.faults()
