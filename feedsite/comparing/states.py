"""A state of a site: what its files say, read into an index. Of a revision, too, whose files git has."""

import json
import tempfile
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from .. import feeds
from ..collection import PINNED, Collection
from ..errors import FeedsiteError
from ..folder.library import Library
from ..folder.opening import Unreadable, opened, signature, status
from ..index import survey
from ..index.edition import Edition
from ..index.index import Index
from ..index.readresult import content_hash
from ..index.rows import Row
from ..plan import Plan
from ..settings import FILE
from ..urls import MEDIA_FOLDERS
from ..wording import counted
from . import shown
from .extraction import Extracted, IsKnown
from .git import Commit, Git
from .shown import Shown

_NEAR = 4000  # items that are kept as they are shown: several feeds have them


class State:
    """What a library says at a moment. `said` names the state to people. It is used within `view`."""

    def __init__(self, library: Library, now: datetime, said: str) -> None:
        contents = library.contents(now)
        self.said = said
        self.folder = library.folder
        self.index = library.index
        self.now = int(now.timestamp())
        self.edition: Edition = contents.edition
        self.settings = contents.settings
        with self.index.reading():
            self.plan = Plan(contents.edition, contents.settings, contents.media)
        self._shown = lru_cache(_NEAR)(self._drawn)

    def rows(self) -> Iterator[Row]:
        """Every article and standing page that stands, public or not, in the order of ids."""
        return survey.standing(self.index)

    def is_public(self, row: Row | None) -> bool:
        return row is not None and (row.is_undated or row.published <= self.now)

    def shown(self, row: Row) -> Shown:
        """What feeds show of an article, or of a notice about one."""
        return self._shown(row)

    def title(self, row: Row) -> str:
        return self.edition.entry(row).title

    def keys(self, row: Row) -> set[str]:
        """The keys of the collections that have the article, or a notice about it."""
        parts = {part for part, *_ in json.loads(row.items)}
        return {key for part in parts for key in self.edition.keys_of(row._replace(part=part))} - {PINNED}

    @staticmethod
    def moments(row: Row, part: str) -> list[int]:
        """When the notice of this part about an article appears, in seconds; nothing where there is none."""
        return [at for found, at, _ in json.loads(row.items) if found == part]

    def collection(self, folder: str) -> Collection | None:
        return self.plan.collections.at_folder(folder)

    def window(self, collection: Collection | None) -> list[Row]:
        """The items of a collection's feeds, newest first."""
        if collection is None:
            return []
        return self.plan.collections.members(collection).window(self.settings.window, feeds.RECENT)

    def _drawn(self, row: Row) -> Shown:
        return shown.of_entry(self.edition.entry(row), self.settings.words, self.settings.urls)


@contextmanager
def revision(
    git: Git, commit: Commit, site: Path, seed: Index, environment: Mapping[str, str]
) -> Iterator[tuple[Library, tuple[str, ...]]]:
    """The library of a commit, read, in a folder that is deleted at the end; and sentences on what it cannot have.

    `seed` is the index of another state, which spares the reading of what both have. What Git LFS keeps is taken from
    the site's folder. Raises FeedsiteError where the commit has no site.
    """
    with tempfile.TemporaryDirectory(prefix="feedsite-diff-") as place:
        folder = Path(place) / "site"
        folder.mkdir()
        index = Index(Path(place) / "index.sqlite")
        try:
            seed.database.copy_to(index.database)
            extracted = git.extract(commit, folder, _known_by(index, folder))
            if not (folder / FILE).is_file():
                raise FeedsiteError(f"{commit.said} has no {FILE} in this folder, so there is no site to compare with")
            for path in extracted.in_lfs:
                _copy_from(site, path, folder)
            _leave_same(index, folder, frozenset(extracted.known))
            library = Library(folder, environment, index)
            if extracted.known:
                library.update((*extracted.written, *MEDIA_FOLDERS))
            else:
                library.read()
            yield library, tuple(_remarks(commit, extracted, library))
        finally:
            index.close()


def _remarks(commit: Commit, extracted: Extracted, library: Library) -> Iterator[str]:
    for path in extracted.submodules:
        yield f"{path} is a submodule: what {commit.said} had there is unknown, and counts as new"
    if extracted.in_lfs:
        yield f"{counted(len(extracted.in_lfs), 'file')} of {commit.said} is kept in Git LFS: taken as it is here"
    for fault in library.index.faults_below(FILE, "site"):
        if not fault.is_note:
            yield f"{FILE} of {commit.said} has a fault, so that of the working tree is used: {fault}"


def _known_by(index: Index, folder: Path) -> IsKnown:
    """Whether an index has a file with this content: never where it was read with another site.yaml than that in the
    folder, nor of what depends on other files as well.
    """
    asking = survey.asking(index) | index.refused_files()

    @lru_cache(1)
    def is_same_site() -> bool:
        with suppress(OSError):
            return bool((folder / FILE).read_bytes() == index.meta(FILE))
        return False

    def is_known(path: str, content: bytes) -> bool:
        return path not in asking and is_same_site() and index.hash(path) == content_hash(content)

    return is_known


def _leave_same(index: Index, folder: Path, known: Container[str]) -> None:
    """Drops from an index all files but the known ones, and those that stand with the same bytes in this folder."""
    with index.writing() as writer:
        touched: set[str] = set()
        for path in index.signatures():
            if path in known:
                continue
            try:
                found = signature(status(folder, path))
                with opened(folder, path) as file:
                    is_same = content_hash(file.whole()) == index.hash(path)
            except (OSError, Unreadable):
                is_same = False
            if is_same:
                writer.set_signature(path, found)
            else:
                touched |= writer.drop(path)
        writer.settle(touched)
        writer.begin_other_journal()


def _copy_from(site: Path, path: str, folder: Path) -> None:
    """Replaces a file by that of the working tree, where it has one."""
    with suppress(OSError, Unreadable), opened(site, path) as file:
        (folder / path).write_bytes(file.whole())
