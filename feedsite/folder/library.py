"""A site's folder and its index: `scan` finds how the folder differs from the index, `commit` writes that to it.

A file that breaks keeps its last good version: an editor's slip never takes an article offline.
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..index.edition import Edition
from ..index.index import Index
from ..index.readresult import content_hash
from ..index.unusable import Unusable, strange
from ..settings import FILE, Settings
from . import themefiles
from .commit import SEAL, THEME_SEAL, Committed, commit
from .filereader import Progress
from .mediafiles import Media
from .opening import ROOTS, THEME
from .scan import READ_WITH, Change, ScanState, scan
from .siteyaml import SiteYaml, SiteYamlReader

_LONGEST_WAIT = 3  # seconds that `read` waits for files which are being saved
_PAUSE = 0.05  # seconds between two scans of them


@dataclass(frozen=True, slots=True)
class Contents:
    """What a Site is made of: the articles that are public at one moment, the settings, the pictures and recordings."""

    edition: Edition
    settings: Settings
    media: Media


class Library:
    """One site's folder, and the index that is kept in step with it."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], index: Index | None = None, *, is_lenient: bool = False
    ) -> None:
        """Without an index, one in memory is used. `is_lenient`: fields of site.yaml that have faults count as left
        out, which only an index in memory may know.
        """
        self.folder = folder
        self.index = index or Index()
        self._site_yaml = SiteYamlReader(folder, environment, is_lenient=is_lenient)
        self._state = ScanState()

    @property
    def is_empty(self) -> bool:
        """Whether no scan of the folder was committed yet, by any process."""
        return self.index.meta(READ_WITH) is None

    def contents(self, now: datetime) -> Contents:
        """What was committed last, by any process. Raises Unusable where nothing was."""
        with self.index.reading():
            if (text := self._in_index(FILE, SEAL)) is None:
                raise Unusable("nothing was taken in", is_damaged=True)
            settings = self._site_yaml.parsed(text).settings
            files = themefiles.texts_of(self._in_index(THEME, THEME_SEAL) or b"")
            settings = replace(settings, theme=replace(settings.theme, files=files))
        return Contents(Edition(self.index, now, settings.words), settings, Media(self.folder, self.index))

    def of_this_process(self) -> "Library":
        """The same library after a fork, with its own connection to the index; one in memory was copied by the fork.

        All that it reads is of one moment, whatever other processes commit from now on.
        """
        if (path := self.index.database.path) is None:
            return self
        own = copy(self)
        own.index = Index(path)
        own.index.database.freeze_view()
        return own

    def site_yaml(self, *, waits_for_saves: bool = False) -> SiteYaml:
        """The site.yaml that is in force now. Raises Faults where the file has some and never had none."""
        return self._site_yaml.read(self._in_index(FILE, SEAL), waits_for_saves=waits_for_saves)

    def use_site_yaml_of(self, other: "Library") -> None:
        """Uses the last sound site.yaml that another library of the same folder has read, should the file be faulty."""
        self._site_yaml = other._site_yaml  # noqa: SLF001  # of its own class

    def read(self, progress: Progress | None = None, *, waits_for_saves: bool = False) -> Committed:
        """Scans the whole folder and commits the change. Raises Faults where site.yaml has some and never had none.

        With `waits_for_saves` it goes on for some seconds while files are being saved.
        """
        done = self.update(progress=progress, waits_for_saves=waits_for_saves)
        count, until = done.count, time.monotonic() + _LONGEST_WAIT
        while (done.again if waits_for_saves else done.outdated) and time.monotonic() < until:
            time.sleep(_PAUSE)
            done = self.update(done.again, waits_for_saves=waits_for_saves)
        return replace(done, count=count)

    def update(
        self, paths: Iterable[str] = ROOTS, *, waits_for_saves: bool = False, progress: Progress | None = None
    ) -> Committed:
        """Scans these paths, and all below them, and commits the change."""
        change = self.scan(paths, waits_for_saves=waits_for_saves, progress=progress)
        with self.commit(change, progress=progress) as done:
            return done

    def scan(
        self, paths: Iterable[str] = ROOTS, *, waits_for_saves: bool = False, progress: Progress | None = None
    ) -> Change:
        """Compares these paths, and all below them, with the index. See scan.scan."""
        site = self.site_yaml(waits_for_saves=waits_for_saves)
        former = themefiles.texts_of(self._in_index(THEME, THEME_SEAL) or b"")
        change = scan(
            self.folder,
            self.index,
            site,
            themefiles.read(self.folder, former, waits_for_saves=waits_for_saves),
            self._state,
            paths,
            waits_for_saves=waits_for_saves,
            progress=progress,
        )
        self._state = change.state
        return change

    def commit(self, change: Change, *, progress: Progress | None = None) -> AbstractContextManager[Committed]:
        """Writes a change to the index, together with what the caller writes within the `with`. See commit.commit."""
        return commit(self.folder, self.index, change, progress=progress)

    def _in_index(self, name: str, seal: str) -> bytes | None:
        """The site.yaml, or the theme, that was committed last, by any process."""
        text = self.index.meta(name)
        if text is not None and (not isinstance(text, bytes) or content_hash(text) != self.index.meta(seal)):
            raise strange()
        return text
