"""What no plan lists, for there is too much of it: mixes, searches, the pages of feeds, and of articles not public."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import cast

from . import mixes, places, queries
from .articles import Articles
from .document import Document, Gone, Resource, SeeOther
from .drafts import as_published, whole_hour
from .formats import sharedpage
from .formats.pages import Pages
from .index import unpublished
from .index.edition import Edition
from .lists import Lists
from .mixes import NoMixError
from .model import Entry
from .planned import Drawing, Planned, fingerprint
from .searches import Searches
from .settings import Settings
from .sitecollections import Collections


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """What is drawn of one edition only when somebody asks for it. `common` is a fingerprint of all that is a page."""

    edition: Edition
    settings: Settings
    collections: Collections
    pages: Pages
    lists: Lists
    articles: Articles
    searches: Searches
    common: str

    def mix(self, path: str) -> Drawing | None:
        """What stands at a path below /mix/.

        At an address that is not canonical a redirect to the canonical one stands, and at that of no mix a page that
        says why not.
        """
        if (place := places.parse(path) or places.parse(f"{path}/")) is None:
            return None
        try:
            collection = self.collections.mix(place.folder)
        except NoMixError as error:
            reason = error.said(self.settings.words)
            planned = Planned(path, fingerprint(self.common, reason))
            return Drawing(planned, partial(self.pages.missing, reason))
        target = places.path_of(replace(place, folder=collection.path))
        if target != path:
            return Drawing(self.articles.moved(path, target), partial(self.pages.moved, target))
        return self.lists.at(collection, place)

    def chosen(self, query: str) -> Resource | None:
        """What stands at the mix of these fields of a form: a notice of its address, or why there is none.

        None where nothing was chosen.
        """
        try:
            mix = mixes.chosen(query)
            return self.pages.chosen(self.collections.mixed(mix).path) if mix else None
        except NoMixError as error:
            return self.pages.missing(error.said(self.settings.words))

    def search(self, path: str, query: str) -> Drawing | None:
        """What a search finds; None where the path is that of none, or the site has none."""
        return self.searches.at(path, query) if self.settings.search == "server" else None

    def opened(self, path: str, query: str = "") -> Drawing | None:
        """The page for people who open the feed at this path (Lists.opened), also that of a mix, or of a search."""
        if path.startswith(queries.FOLDER):
            return self.searches.opened(path, query)
        if (place := places.parse(path)) is None:
            return None
        with suppress(NoMixError):
            is_mix = path.startswith(mixes.FOLDER)
            folder = place.folder
            collection = self.collections.mix(folder) if is_mix else self.collections.at_folder(folder)
            return self.lists.opened(collection, place) if collection else None
        return None

    def shared(self, article: str, now: datetime) -> Document | SeeOther | None:
        """What stands at a signed address (sharing.py) of the article with this id: its page while it is not public,
        as if it were since this hour, then the way to where it is. None of one that was withdrawn, or stands nowhere.
        """
        row = unpublished.by_id(self.edition.index, article)
        if row is None or row.is_withdrawn:
            return None
        if row.is_undated or row.published <= self.edition.moment:
            return self.pages.see_other(row.path)
        entry = as_published(self.edition.entry(row), whole_hour(now), self.settings.timezone, self.settings.urls)
        return sharedpage.shared(self.unpublished(entry), self.settings.urls.href(entry.path), self.settings.words)

    def unpublished(self, entry: Entry) -> Document:
        """The page of an article that is not public, as it would be if it were (drafts.as_published)."""
        drawn = self.articles.unpublished(entry)
        return drawn.document if isinstance(drawn, Gone) else cast("Document", drawn)
