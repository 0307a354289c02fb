"""The documents of a collection, planned: its pages, its feeds and their archives, the same for every collection."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from . import archives, feeds, paging
from .archives import Part
from .collection import EVERYTHING, Collection, kind_of
from .document import Document
from .formats import FEED_FORMATS, FORMATS, FeedFormat, feed_links
from .formats.pages import Pages
from .front import Front, front, led_by_picture
from .index.edition import Edition
from .index.members import Members
from .index.rows import Row, told_once
from .model import Feed
from .paging import ListPage
from .places import Place, path_of
from .planned import Drawing, Planned, fingerprint
from .settings import Settings
from .sitecollections import Collections


class _Asked(NamedTuple):
    """What a feed is made of (model.Feed)."""

    collection: Collection
    place: Place
    relations: tuple[tuple[str, Place], ...]
    history: str
    rows: tuple[Row, ...]


class Lists:
    """The documents of one edition's collections. `common` is what the fingerprints of all pages depend on."""

    def __init__(
        self, edition: Edition, settings: Settings, collections: Collections, pages: Pages, common: str
    ) -> None:
        self._edition = edition
        self._collections = collections
        self._settings = settings
        self._pages = pages
        self._common = common
        self._latest: tuple[_Asked, Feed] | None = None

    def at(self, collection: Collection, place: Place) -> Drawing | None:
        """What a collection has at a place; None where it has nothing there."""
        if place.suffix not in FORMATS:
            members = self._collections.members(collection)
            page = None if place.suffix else paging.page(collection.path, place.page, members.size)
            return self._page(collection, page, members.stretch(page.first, page.size)) if page else None
        asked = self._asked(collection, place)
        return self._drawing(FORMATS[place.suffix], asked) if asked else None

    def opened(self, collection: Collection, place: Place) -> Drawing | None:
        """The page for people who open a feed of a collection; None where it has no feed. Its path is no address."""
        asked = self._asked(collection, place) if place.suffix in FORMATS else None
        return self._opened(FORMATS[place.suffix], asked) if asked else None

    def _opened(self, form: FeedFormat, asked: _Asked) -> Drawing:
        planned = self._drawing(form, asked).planned
        return Drawing(
            replace(planned, path=f"{planned.path}#opened"),
            lambda: form.page(self._feed(asked), self._pages, asked.collection),
        )

    def of_rows(self, collection: Collection, suffix: str, rows: tuple[Row, ...], history: str) -> Drawing:
        """The feed in one format of a collection of which only the caller knows the items: a search."""
        return self._drawing(FORMATS[suffix], _of_rows(collection, rows, history))

    def opened_rows(self, collection: Collection, suffix: str, rows: tuple[Row, ...], history: str) -> Drawing:
        """The page for people who open that feed."""
        return self._opened(FORMATS[suffix], _of_rows(collection, rows, history))

    def _asked(self, collection: Collection, place: Place) -> _Asked | None:
        """What the feed at a place is made of; None where no feed stands there."""
        members = self._collections.members(collection)
        window = members.window(self._settings.window, feeds.RECENT)
        if not place.month:
            return self._newest(collection, members, window)
        if not self._is_archived(collection, members, window):
            return None
        part = archives.at(members, place.year, place.month, place.part)
        return self._archive(collection, members, part) if part else None

    def feeds(self, collection: Collection) -> Iterator[Drawing]:
        """The feeds of its newest items."""
        members = self._collections.members(collection)
        window = members.window(self._settings.window, feeds.RECENT)
        asked = self._newest(collection, members, window)
        return (self._drawing(form, asked) for form in FEED_FORMATS)

    def every(self, collection: Collection) -> Iterator[Planned]:
        """Every path of a collection."""
        members = self._collections.members(collection)
        window = members.window(self._settings.window, feeds.RECENT)
        asked = self._newest(collection, members, window)
        for form in FEED_FORMATS:
            yield self._drawing(form, asked).planned
        rows = members.all()
        for page in paging.pages(collection.path, members.size):
            yield self._page(collection, page, tuple(islice(rows, page.size))).planned
        if self._is_archived(collection, members, window):
            for part in archives.parts(members):
                asked = self._archive(collection, members, part)
                for form in FEED_FORMATS:
                    yield self._drawing(form, asked).planned

    def _is_archived(self, collection: Collection, members: Members, window: Sequence[Row]) -> bool:
        """A feed that holds its whole collection needs no archive."""
        return has_archive(self._settings, collection.of) and members.is_longer_than(len(window))

    def _newest(self, collection: Collection, members: Members, window: Sequence[Row]) -> _Asked:
        place = Place(folder=collection.path)
        relations: tuple[tuple[str, Place], ...] = ()
        if not members.is_longer_than(len(window)):
            return _Asked(collection, place, relations, "complete", tuple(window))
        part = archives.newest(members) if has_archive(self._settings, collection.of) else None
        if part:
            older = _place(collection, part)
            relations = (("first", place), ("prev-archive", older), ("next", older))
        return _Asked(collection, place, relations, "", tuple(window))

    def _archive(self, collection: Collection, members: Members, part: Part) -> _Asked:
        current = Place(folder=collection.path)
        relations = [("current", current), ("first", current)]
        older, newer = archives.older(members, part), archives.newer(members, part)
        if older:
            relations += [("prev-archive", _place(collection, older)), ("next", _place(collection, older))]
        if newer:
            relations.append(("next-archive", _place(collection, newer)))
        rows = tuple(archives.rows(members, part))
        return _Asked(collection, _place(collection, part), tuple(relations), "archive", rows)

    def _drawing(self, form: FeedFormat, asked: _Asked) -> Drawing:
        ingredients = form.suffix, repr(asked.collection), repr(asked.place), repr(asked.relations), asked.history
        path = path_of(asked.place.of(form.suffix)) + (f"?{asked.place.query}" if asked.place.query else "")
        whole = fingerprint(self._common, *ingredients, *map(_whole, asked.rows))
        planned = Planned(path, whole, newest=_newest(asked.rows))
        return Drawing(planned, partial(self._draw_feed, form, asked))

    def _draw_feed(self, form: FeedFormat, asked: _Asked) -> Document:
        document = form.document(self._feed(asked), self._pages, asked.collection)
        is_settled = "next-archive" in dict(asked.relations)
        return replace(document, is_settled=is_settled, is_private=bool(asked.place.query))

    def _feed(self, asked: _Asked) -> Feed:
        """The last one is remembered, for its formats are asked for one after the other."""
        if not self._latest or self._latest[0] != asked:
            entries = tuple(map(self._edition.entry, asked.rows))
            collection, place, relations, history, _ = asked
            self._latest = asked, feeds.feed(collection, entries, self._settings, place, relations, history)
        return self._latest[1]

    def _page(self, collection: Collection, page: ListPage, rows: Sequence[Row]) -> Drawing:
        within = self._collections.within(collection) if page.is_first else ()
        ingredients = repr(collection), repr(page.newer), repr(page.older), repr(within)
        is_front = page.is_first and collection.key == EVERYTHING
        top = front(self._edition, self._collections.shown, rows) if is_front else None
        shown, shape = (tuple(top), top.shape) if top else (told_once(rows), "")
        faces = fingerprint(self._common, *ingredients, shape, *map(_face, shown))
        planned = Planned(page.path, faces, newest=_newest(rows))
        return Drawing(planned, partial(self._draw_page, collection, page, tuple(rows), top, within))

    def _draw_page(
        self,
        collection: Collection,
        page: ListPage,
        rows: tuple[Row, ...],
        top: Front[Row] | None,
        within: tuple[tuple[str, str], ...],
    ) -> Document:
        entries = tuple(map(self._edition.entry, told_once(rows)))
        shown = led_by_picture(top.of(self._edition.entry)) if top else None
        return self._pages.listing(collection, page, entries, shown, feed_links(collection), within)


def _of_rows(collection: Collection, rows: tuple[Row, ...], history: str) -> _Asked:
    return _Asked(collection, Place(folder=collection.path, query=collection.query), (), history, rows)


def has_archive(settings: Settings, of: Sequence[str]) -> bool:
    """Whether the collection of these collections has one where its feeds do not hold all of it."""
    wanted = settings.archives
    return wanted == "all" or (wanted == "sections" and kind_of(of[0]).is_archived)


def _place(collection: Collection, part: Part) -> Place:
    year, month, number = part.name
    return Place(folder=collection.path, year=year, month=month, part=number)


def _newest(rows: Sequence[Row]) -> int:
    return rows[0].published if rows else 0


def _whole(row: Row) -> bytes:
    """What a whole item is drawn from."""
    return row.digest + row.part.encode()


def _face(row: Row) -> bytes:
    """What is shown of an item in a list."""
    return row.face + row.part.encode()
