"""What editors see at one moment: the site as it is then, and beside it all that is not public, or has faults."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePosixPath

from .. import urls
from ..digest import digest_of
from ..document import Document
from ..documentcache import DocumentCache
from ..drafts import as_published, whole_hour
from ..errors import Fault
from ..folder.library import Library
from ..folder.opening import PAGES, THEME
from ..index import mediarows, unpublished
from ..index.rows import Row
from ..settings import FILE
from ..site import Site

FOLDER = "/preview/"  # where the preview's own pages stand, and those of files that have no place on the site
_TRIED = 3  # articles that are drawn to try the theme
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)\W+(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpublished:
    """A file whose article not everybody can read, and the path at which the preview shows it.

    `kind` is "draft", "scheduled", "fallen" where others hold what it claims, or "unread" where nothing is known of
    what it is to say: then there is no row. `former` is the path by which the index knows a draft.
    """

    kind: str
    source: str
    path: str
    row: Row | None = None
    former: str = ""

    @property
    def at(self) -> int:
        """In seconds, when it becomes public."""
        return self.row.published if self.row else 0


class View:
    """The folder as the library has it. `at` is the moment that is shown instead of `now`.

    A draft is shown as if it were published in the hour of that moment, so that its page stays the same meanwhile.
    """

    def __init__(self, library: Library, documents: DocumentCache, now: datetime, at: datetime | None = None) -> None:
        self.library = library
        self.now = now
        self.moment = at or now
        self.is_later = at is not None
        with library.index.reading():
            contents = library.contents(self.moment)
            self.edition = contents.edition
            self.settings = contents.settings.of_server
            self.site = Site(contents.edition, self.settings, contents.media, documents)
            self.site.try_theme(_TRIED)
            self._at_path: dict[str, Unpublished] = {}
            self.unpublished: Mapping[str, Unpublished] = {one.source: one for one in self._each()}
            self._found = library.index.faults()

    @property
    def faults(self) -> list[Fault]:
        return [fault for fault in self.all_found if not fault.is_note]

    @property
    def all_found(self) -> list[Fault]:
        """Faults and notes. Those of the theme grow while its pages are drawn."""
        return [*self._found, *self.site.faults]

    def faults_on(self, source: str) -> list[Fault]:
        """The faults that the page of a file shows: its own, and those of what every page is made of."""
        common = [fault for fault in self.faults if fault.path == FILE or fault.path.startswith(f"{THEME}/")]
        return [*(fault for fault in self.faults if source and fault.path == source), *common]

    def unpublished_at(self, path: str) -> Unpublished | None:
        return self._at_path.get(path)

    def document(self, one: Unpublished) -> Document | None:
        """The page of the article, as it would be; None of a file of which nothing is known."""
        if one.row is None:
            return None
        hour = whole_hour(self.moment)
        entry = as_published(self.library.index.entry(one.row.number), hour, self.settings.timezone, self.settings.urls)
        return self.site.unpublished(entry)

    def source_at(self, path: str) -> str:
        """The file whose article stands at the path; "" where none does."""
        if one := self.unpublished_at(path):
            return one.source
        with self.site.view():
            found = self.site.plan.at(path)
        return found.planned.source if found else ""

    def place_of(self, source: str, address: str) -> str:
        """The path at which the preview shows the article of a file, whose address in the index is given."""
        one = self.unpublished.get(source)
        return one.path if one else address

    @cached_property
    def media_state(self) -> str:
        """A hash of which pictures and recordings there are: a page whose picture changes may stay the same itself."""
        return digest_of(repr(sorted(mediarows.signatures(self.library.index).items())).encode(), 6)

    def _each(self) -> Iterator[Unpublished]:
        index = self.library.index
        for row in unpublished.scheduled(index, self.now):
            yield self._placed(
                "scheduled", row.source, row.path, row, is_public=row.published <= self.moment.timestamp()
            )
        for row in unpublished.drafts(index):
            entry = as_published(index.entry(row.number), self.moment, self.settings.timezone, self.settings.urls)
            yield self._placed("draft", row.source, entry.path, row)
        for row in unpublished.fallen(index):
            yield self._placed("fallen", row.source, own_page(row.source), row)
        for source in unpublished.unread(index):
            yield self._placed("unread", source, _guessed(source) or own_page(source), None)

    def _placed(self, kind: str, source: str, path: str, row: Row | None, *, is_public: bool = False) -> Unpublished:
        """Where something else stands, the article has a page in the preview's own folder."""
        if not is_public and (path in self._at_path or self.site.plan.at(path)):
            path = own_page(source)
        former = row.path if row and row.path != path else ""
        one = Unpublished(kind=kind, source=source, path=path, row=row, former=former)
        self._at_path[path] = one
        if former and not self.site.plan.at(former):
            self._at_path.setdefault(former, one)
        return one


def own_page(source: str) -> str:
    """The path in the preview's own folder for a file. It leads to where the article is shown, or shows it."""
    return f"{FOLDER}{source}"


def _guessed(source: str) -> str:
    """The address that a file would have by its name; "" where the name does not say one."""
    name = PurePosixPath(source).stem
    if source.startswith(f"{PAGES}/"):
        return f"/{urls.slug_of(name)}/" if source.count("/") == 1 and urls.slug_of(name) else ""
    if (found := _DATED.fullmatch(name)) and (slug := urls.slug_of(found[2])):
        try:
            return urls.permalink(date.fromisoformat(found[1]), slug)
        except ValueError:
            return ""
    return ""
