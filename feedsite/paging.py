"""The pages of the list of all articles: the front page and the archive pages.

An archive page has PAGE_SIZE articles and is numbered from the oldest one, so that a new article changes no archive
page. The front page has the rest: the newest PAGE_SIZE articles, or up to twice as many.
"""

from dataclasses import dataclass

from . import urls

PAGE_SIZE = 20  # articles on an archive page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of the list: `size` articles, of which the oldest has the number `first`; the site's oldest has 0.

    `newer` and `older` are the paths of the pages beside it.
    """

    path: str
    first: int
    size: int
    newer: str | None = None
    older: str | None = None

    @property
    def is_front(self) -> bool:
        return self.path == urls.HOME


def front_page(articles: int) -> ListPage:
    archives = _archive_count(articles)
    first = archives * PAGE_SIZE
    older = urls.archive_page(archives) if archives else None
    return ListPage(path=urls.HOME, first=first, size=articles - first, older=older)


def archive_page(number: int, articles: int) -> ListPage | None:
    """The archive page of this number; None where so many articles have no such page."""
    archives = _archive_count(articles)
    if not 1 <= number <= archives:
        return None
    return ListPage(
        path=urls.archive_page(number),
        first=(number - 1) * PAGE_SIZE,
        size=PAGE_SIZE,
        newer=urls.archive_page(number + 1) if number < archives else urls.HOME,
        older=urls.archive_page(number - 1) if number > 1 else None,
    )


def _archive_count(articles: int) -> int:
    """How many archive pages so many articles have."""
    return max(0, articles // PAGE_SIZE - 1)
