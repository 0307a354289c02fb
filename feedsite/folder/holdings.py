"""What a site's folder holds, once it was taken into the index: settings, articles, pictures and recordings, faults."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..errors import Fault
from ..index.edition import Edition
from ..index.index import Index
from ..settings import Settings
from .mediafiles import Media


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
