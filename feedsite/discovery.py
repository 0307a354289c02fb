"""The documents by which people and programs find what a site has, planned: lists of its feeds,
sitemaps, robots.txt and the icon."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar, NamedTuple

from . import mixes, places, queries, sitemaps, urls
from .document import Document, Resource
from .folder.mediafiles import Medium
from .formats import feed_links, feedmenu, opensearch, opml, robots, sitemap
from .formats.pages import Pages
from .index.addresses import NewsRow
from .index.edition import Edition
from .menu import Menu
from .places import Place
from .planned import Drawing, Planned, fingerprint
from .settings import Settings
from .sitecollections import Collections
from .sitemaps import Sitemaps

_LASTING = (mixes.FOLDER, queries.FOLDER, urls.OPENSEARCH, urls.ROBOTS, urls.FAVICON)  # what no article changes


class Common(NamedTuple):
    """What the fingerprints of all documents depend on, and what those of all pages do."""

    code: str
    page: str


class Discovery:
    """The documents of one edition that list what it has."""

    def __init__(
        self,
        edition: Edition,
        settings: Settings,
        collections: Collections,
        pages: Pages,
        media: Mapping[str, Medium],
        common: Common,
    ) -> None:
        self._settings = settings
        self._media = media
        self._pages = pages
        self._common = common
        self._edition = edition
        self._sitemaps = Sitemaps(edition, collections)
        self._menu = Menu(edition, settings, collections)

    def at(self, path: str) -> Drawing | None:
        """None where no such document has this path."""
        if draw := self._AT.get(path):
            return draw(self, path)
        place = places.parse(path)
        if place and place == Place(folder=urls.TAGS, page=place.page) and place.page > 1:
            return self._tags(path)
        return self._sitemap(path)

    def __iter__(self) -> Iterator[Planned]:
        """Every path of them."""
        for path in self._AT:
            if drawing := self.at(path):
                yield drawing.planned
        number = 2
        while drawing := self.at(places.further_page(urls.TAGS, number)):
            yield drawing.planned
            number += 1
        for path, _ in self._sitemaps.listed:
            if drawing := self._sitemap(path):
                yield drawing.planned

    def may_change(self, moments: Collection[int], then: int, *, pages: int = 0) -> Iterator[str]:
        """The paths of those that may differ from how they were at the second `then`, where articles of these moments
        have come, gone or been mended since, and so many standing pages.
        """
        if pages:
            yield from self._sitemaps.of_pages(pages)
        if self._sitemaps.has_older_news(then):
            yield sitemaps.NEWS
        if not moments:
            return
        yield from (path for path in self._AT if path not in _LASTING)
        for number in range(2, (page.count if (page := self._menu.tags(1)) else 1) + 2):
            yield places.further_page(urls.TAGS, number)
        days = [datetime.fromtimestamp(moment, UTC) for moment in moments]
        yield from self._sitemaps.may_change({(day.year, day.month) for day in days}, len(days))

    @property
    def icon(self) -> str:
        """The path of the site's icon; "" where it stands on no path of the site."""
        return self._settings.urls.own_path(self._settings.icon or "") or ""

    @property
    def until(self) -> datetime | None:
        """When the clock alone next changes one of these documents."""
        return self._sitemaps.news_until

    def _feeds(self, path: str) -> Drawing:
        groups = self._menu.groups
        return self._page(path, repr(groups), partial(self._pages.feeds, groups, feed_links))

    def _tags(self, path: str) -> Drawing | None:
        place = places.parse(path)
        page = self._menu.tags((place and place.page) or 1)
        return self._page(path, repr(page), partial(self._pages.tags, page, feed_links)) if page else None

    def _mix(self, path: str) -> Drawing:
        return self._page(path, path, partial(self._pages.chosen, urls.FEEDS))

    def _search(self, path: str) -> Drawing | None:
        """The form; what it finds is not planned (searches.py)."""
        is_own = self._settings.search in ("pagefind", "server")
        return self._page(path, path, self._pages.search) if is_own else None

    def _opensearch(self, path: str) -> Drawing | None:
        """Only where a server answers, for it names what a server finds."""
        if self._settings.search != "server":
            return None
        return self._file(path, path, partial(opensearch.render, self._settings), opensearch.MEDIA_TYPE)

    def _opml(self, path: str) -> Drawing:
        every = self._menu.every
        return self._file(path, repr(every), partial(opml.render, every, self._settings), opml.MEDIA_TYPE)

    def _feed_menu(self, path: str) -> Drawing:
        groups = self._menu.groups
        return self._file(path, repr(groups), partial(feedmenu.render, groups, self._settings), feedmenu.MEDIA_TYPE)

    def _sitemap_index(self, path: str) -> Drawing:
        listed = self._sitemaps.listed
        return self._file(path, repr(listed), partial(sitemap.index, listed, self._settings.urls), sitemap.MEDIA_TYPE)

    def _sitemap(self, path: str) -> Drawing | None:
        if not (addresses := self._sitemaps.at(path)):
            return None
        render = partial(sitemap.urlset, addresses, self._settings.urls)
        return self._file(path, repr(addresses), render, sitemap.MEDIA_TYPE)

    def _news(self, path: str) -> Drawing:
        """Its bytes change with the clock, when the oldest article in it leaves."""
        rows, until = self._sitemaps.news, self._sitemaps.news_until
        planned = Planned(path, fingerprint(self._common.code, path, repr(rows), repr(until)))
        return Drawing(planned, partial(self._draw_news, rows, until))

    def _draw_news(self, rows: tuple[NewsRow, ...], until: datetime | None) -> Document:
        entries = (self._edition.index.entry(row.number) for row in rows)
        return Document(sitemap.news(entries, self._settings), sitemap.MEDIA_TYPE, until=until)

    def _robots(self, path: str) -> Drawing:
        render = partial(robots.render, self._settings, (sitemaps.INDEX, sitemaps.NEWS))
        return self._file(path, self._settings.robots, render, robots.MEDIA_TYPE)

    def _favicon(self, path: str) -> Drawing | None:
        """The site's icon, where it is one of its own pictures: browsers ask for it at this path."""
        icon = self.icon
        medium = self._media.get(icon) if icon.startswith("/images/") else None
        return Drawing(Planned(path, fingerprint(medium.mark), icon.removeprefix("/")), medium.draw) if medium else None

    def _file(self, path: str, ingredients: str, render: Callable[[], bytes], media_type: str) -> Drawing:
        planned = Planned(path, fingerprint(self._common.code, path, ingredients))
        return Drawing(planned, lambda: Document(render(), media_type))

    def _page(self, path: str, ingredients: str, draw: Callable[[], Resource]) -> Drawing:
        return Drawing(Planned(path, fingerprint(self._common.page, ingredients)), draw)

    _AT: ClassVar[dict[str, Callable[["Discovery", str], Drawing | None]]] = {
        urls.FEEDS: _feeds,
        urls.TAGS: _tags,
        mixes.FOLDER: _mix,
        queries.FOLDER: _search,
        urls.OPENSEARCH: _opensearch,
        urls.OPML: _opml,
        urls.WELL_KNOWN_FEEDS: _opml,
        urls.FEED_MENU: _feed_menu,
        urls.ROBOTS: _robots,
        urls.FAVICON: _favicon,
        sitemaps.INDEX: _sitemap_index,
        sitemaps.NEWS: _news,
    }
