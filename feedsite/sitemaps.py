"""Which sitemaps a site has, and what stands in each: its articles by months of UTC, its collections, its standing
pages, its news.

No file has more than SIZE addresses. A protocol's file has 50,000 at most, and 50 MB: the longest paths that there can
be would take 30 MB.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property

from .index.addresses import Address, NewsRow
from .index.edition import Edition
from .paging import PAGE_SIZE
from .sitecollections import Collections

INDEX, NEWS = "/sitemap.xml", "/sitemap-news.xml"
SIZE = 5000  # addresses in a file
MOST_NEWS = 1000  # articles in the news sitemap
NEWS_AGE = timedelta(days=2)  # articles that are older stand in it no more
_COLLECTIONS, _PAGES = "collections", "pages"
_PATH = re.compile(
    r"/sitemap-(?P<name>collections|pages|(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2]))(?:-(?P<part>[2-9]|[1-9][0-9]{1,5}))?\.xml"
)


class Sitemaps:
    """The sitemaps of one edition. It remembers what it read of all articles and all collections."""

    def __init__(self, edition: Edition, collections: Collections) -> None:
        self._edition = edition
        self._collections = collections

    @cached_property
    def listed(self) -> tuple[tuple[str, int | None], ...]:
        """The path of each sitemap but the index, and when it last changed. That of the news changes with the clock."""
        months = self._edition.addresses.months()
        of_months = (
            (path, month.updated)
            for month in months
            for path in _parts(f"{month.year:04}-{month.month:02}", month.size)
        )
        changed = max((month.updated for month in months), default=None)
        of_collections = ((path, changed) for path in _parts(_COLLECTIONS, len(self._first_pages)))
        of_pages = ((path, None) for path in _parts(_PAGES, self._edition.addresses.page_count()))
        return (*of_collections, *of_pages, (NEWS, None), *of_months)

    def at(self, path: str) -> tuple[Address, ...] | None:
        """The addresses in a sitemap of articles, collections or standing pages; None where there is no such one."""
        if not (found := _PATH.fullmatch(path)):
            return None
        first = (int(found["part"] or 1) - 1) * SIZE
        if found["name"] == _COLLECTIONS:
            addresses = self._of_collections[first : first + SIZE]
        elif found["name"] == _PAGES:
            addresses = tuple(self._edition.addresses.of_pages(first, SIZE))
        else:
            year, month = map(int, found["name"].split("-"))
            addresses = tuple(self._edition.addresses.of_month(year, month, first, SIZE))
        return addresses or None

    def may_change(self, months: Iterable[tuple[int, int]], items: int) -> Iterator[str]:
        """The sitemaps of these months and of the collections, and those that there were before so many items came."""
        yield from _parts(_COLLECTIONS, sum(1 for _ in self._collections.paths()) + SIZE)
        for year, month in months:
            size = self._edition.everything.month(year, month).size
            yield from _parts(f"{year:04}-{month:02}", size + items)

    def of_pages(self, touched: int) -> Iterator[str]:
        """The sitemaps that may change with so many standing pages: theirs, and the index, which lists them."""
        yield INDEX
        yield from _parts(_PAGES, self._edition.addresses.page_count() + touched)

    @property
    def news(self) -> tuple[NewsRow, ...]:
        """The articles of the last two days, newest first."""
        return tuple(self._edition.addresses.since(int(NEWS_AGE.total_seconds()), MOST_NEWS))

    def has_older_news(self, then: int) -> bool:
        """Whether an article has left the news since the second `then`."""
        return self._edition.addresses.has_left(int(NEWS_AGE.total_seconds()), then)

    @property
    def news_until(self) -> datetime | None:
        """When the next article leaves the news by the clock alone."""
        oldest = self._edition.addresses.first_since(int(NEWS_AGE.total_seconds()))
        return None if oldest is None else datetime.fromtimestamp(oldest, UTC) + NEWS_AGE

    @cached_property
    def _first_pages(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The paths of all collections in order, each with the keys that it unites and those that it leaves out."""
        found = {mix.path: (mix.of, mix.without) for mix in self._collections.named_mixes}
        found |= {path: ((key,), ()) for key, path in self._collections.paths()}
        return dict(sorted(found.items()))

    @cached_property
    def _of_collections(self) -> tuple[Address, ...]:
        return tuple(
            Address(path, self._edition.members(*keys).changed(2 * PAGE_SIZE))
            for path, keys in self._first_pages.items()
        )


def _parts(name: str, size: int) -> Iterator[str]:
    """The paths of so many addresses."""
    for number in range(1, -(-size // SIZE) + 1):
        yield f"/sitemap-{name}.xml" if number == 1 else f"/sitemap-{name}-{number}.xml"
