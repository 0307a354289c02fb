"""The documents of a search: its pages and its feeds. There are countless ones, so no plan lists them.

A search is a collection as any other one is, but for its members: these are what the index finds at the moment when it
is asked (index/search.py).
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cached_property, partial
from uuid import NAMESPACE_URL, uuid5

from . import feeds, places, queries
from .collection import Collection
from .document import Resource, Unready
from .formats import FORMATS, feed_links
from .formats.pages import Pages
from .formats.searchpage import FoundPage, refusal
from .index import search, searchwriter
from .index.database import TooLong
from .index.edition import Edition
from .index.rows import Row
from .index.search import MOST, Asked, Found
from .lists import Lists
from .model import FORBIDDEN, Person
from .paging import PAGE_SIZE
from .places import Place
from .planned import Drawing, Planned, fingerprint
from .queries import NoQueryError, Query
from .settings import Settings
from .terms import folded, section_part, term


class Searches:
    """The searches of one edition. `common` is what the fingerprints of all pages depend on."""

    def __init__(self, edition: Edition, settings: Settings, pages: Pages, lists: Lists, common: str) -> None:
        self._edition = edition
        self._settings = settings
        self._pages = pages
        self._lists = lists
        self._common = common

    def at(self, path: str, fields: str) -> Drawing | None:
        """What stands at the path with these fields of a form; None where nothing does, or the fields do not count."""
        text, number = queries.typed(fields)
        place = places.parse(path)
        if not place or place != Place(folder=queries.FOLDER, suffix=place.suffix):
            return None
        if place.suffix not in ("", *FORMATS) or not (text or place.suffix):
            return None
        typed = FORBIDDEN.sub(" ", text[: queries.LONGEST])
        try:
            return self._found(place.suffix, queries.read(text), typed, number)
        except NoQueryError as error:
            return self._refused(place.suffix, typed, error.why)

    def opened(self, path: str, fields: str) -> Drawing | None:
        """The page for people who open a search's feed in a browser; None where there is no such feed."""
        place = places.parse(path)
        try:
            query = queries.read(queries.typed(fields)[0])
            rows, history = self._window(self._asked(query, has_pages=False))
        except (NoQueryError, TooLong):
            return None
        return self._lists.opened_rows(self._collection(query), place.suffix, rows, history) if place else None

    def _found(self, suffix: str, query: Query, typed: str, number: int) -> Drawing:
        if not self._is_ready:
            return self._unready(suffix, query, typed)
        try:
            found = self._asked(query, has_pages=not suffix)
        except TooLong:
            return self._too_wide(suffix, query, typed)
        if suffix:
            rows, history = self._window(found)
            return self._lists.of_rows(self._collection(query), suffix, rows, history)
        return self._page(query, found, typed, number)

    def _page(self, query: Query, found: Found, typed: str, number: int) -> Drawing:
        count = max(1, -(-len(found.places) // PAGE_SIZE))
        if number > count:
            return Drawing(self._planned(query, "no such page"), partial(self._pages.missing, ""))
        rows = self._rows(found, PAGE_SIZE * (number - 1), PAGE_SIZE)
        page = FoundPage(
            query=query,
            typed=typed,
            collection=self._collection(query),
            size=len(found.places),
            is_more=found.is_more,
            number=number,
            count=count,
        )
        return Drawing(self._planned(query, repr(page), *(row.digest for row in rows)), partial(self._draw, page, rows))

    def _draw(self, page: FoundPage, rows: tuple[Row, ...]) -> Resource:
        return self._pages.found(page, tuple(map(self._edition.entry, rows)), feed_links(page.collection))

    def _refused(self, suffix: str, typed: str, why: queries.Why) -> Drawing:
        """Of a page the form, with a sentence; a feed is none."""
        sentence = refusal(self._settings.words, why)
        planned = Planned(queries.FOLDER, fingerprint(self._common, sentence, typed, suffix))
        page = partial(self._pages.missing, sentence) if suffix else partial(self._pages.search, typed, sentence)
        return Drawing(planned, page)

    def _too_wide(self, suffix: str, query: Query, typed: str) -> Drawing:
        page = partial(self._pages.search, typed, refusal(self._settings.words, "wide"))
        return Drawing(self._planned(query, "wide", typed, suffix), lambda: Unready(page()) if suffix else page())

    def _unready(self, suffix: str, query: Query, typed: str) -> Drawing:
        page = partial(self._pages.search, typed, refusal(self._settings.words, "unready"))
        return Drawing(self._planned(query, "unready", typed, suffix), lambda: Unready(page()))

    def _planned(self, query: Query, *ingredients: str | bytes) -> Planned:
        return Planned(f"{queries.FOLDER}?{query.field}", fingerprint(self._common, *ingredients))

    @property
    def _is_ready(self) -> bool:
        with self._edition.index.reading() as view:
            return searchwriter.is_ready(view)

    def _asked(self, query: Query, *, has_pages: bool) -> Found:
        """Standing pages are found, but in no feed."""
        asked = Asked(
            phrases=query.phrases,
            lists=tuple(self._keys(kind, name) for kind, name in query.lists),
            since=self._second(query.since),
            until=self._second(query.until),
            has_pages=has_pages,
        )
        return search.found(self._edition.index, asked, self._edition.moment)

    def _keys(self, kind: str, name: str) -> tuple[str, ...]:
        """The collections that may be meant by a name, or by its part of an address, whether there are such or not."""
        names = {name, *self._named(kind, name)}
        return tuple(f"{kind}/{one}" for one in sorted(names) if one)

    def _named(self, kind: str, name: str) -> Iterator[str]:
        if kind == "section":
            sections, parts = self._settings.sections, self._settings.section_parts
            yield from (section_part(name), section_part(name.replace(".", "/")))
            yield from (part for part, key in parts.items() if folded(sections[key].title) == folded(name))
        elif kind == "language":
            known = (key.partition("/")[2] for key in self._edition.keys("language"))
            yield from (language for language in known if language.startswith(f"{name}-"))
        else:
            yield term(name)
            if kind == "author" and name in self._authors:
                yield term(self._authors[name].name)

    @cached_property
    def _authors(self) -> dict[str, Person]:
        return {key.casefold(): author for key, author in self._settings.authors.items()}

    def _second(self, day: date | None) -> int | None:
        """When a day begins for the site."""
        if day is None:
            return None
        return int(datetime.combine(day, time(), self._settings.timezone).timestamp())

    def _window(self, found: Found) -> tuple[tuple[Row, ...], str]:
        """The items of a feed, as many as any other feed has (Members.window); and its history (model.Feed)."""
        size = self._settings.window
        rows = self._rows(found, 0, size)
        if len(rows) == size and (since := rows[0].published - int(feeds.RECENT.total_seconds())) <= rows[-1].published:
            rows = tuple(row for row in self._rows(found, 0, MOST) if row.published >= since)
        return rows, "" if len(rows) < len(found.places) or found.is_more else "complete"

    def _rows(self, found: Found, first: int, size: int) -> tuple[Row, ...]:
        return tuple(search.rows(self._edition.index, found.places[first : first + size]))

    def _collection(self, query: Query) -> Collection:
        settings, words = self._settings, self._settings.words
        return Collection(
            key="search",
            path=queries.FOLDER,
            title=words.text("Search: {query}", query=query.text),
            description=words.text("{site}: articles found for {query}.", site=settings.title, query=query.text),
            language=settings.language,
            id=uuid5(NAMESPACE_URL, f"{settings.site_id}{queries.FOLDER}?{query.field}").urn,
            of=(),
            query=query.field,
            is_notified=False,
        )
