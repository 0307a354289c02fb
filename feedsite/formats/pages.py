"""The pages for people, as HTML. Each has its template in templates/."""

from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from .. import mixes, queries, urls
from ..collection import Collection
from ..document import Document, Gone, Missing, Moved, Resource, SeeOther
from ..front import Front
from ..menu import TAGS, Group, TagsPage
from ..model import Entry, Feed, Navigation
from ..paging import ListPage
from ..places import further_page
from ..related import Related
from ..settings import Settings
from ..words import Words
from . import article, feedpage, jsonld, passages, pictures, templates, themed
from .frames import FeedLink, FeedLinks, Frame, Frames
from .searchpage import EXAMPLES, FoundPage
from .templates import Templates

_MEDIA_TYPE = "text/html; charset=utf-8"
_LISTED = 10  # articles on the page at a feed's address


class Pages:
    """Draws the pages of one site."""

    def __init__(
        self,
        settings: Settings,
        feeds: tuple[FeedLink, ...],
        sections: tuple[Collection, ...],
        navigation: Navigation,
    ) -> None:
        """`feeds` are those of everything. Every page leads to the `sections`, and to the pages in `navigation`."""
        self._settings = settings
        self._feeds = feeds
        self._navigation = navigation
        self._templates = themed.of(settings.theme)
        self._frames = Frames(settings, self._templates, feeds, sections, navigation)
        self.urls = settings.urls

    @property
    def templates(self) -> Templates:
        return self._templates

    def links(self, path: str, *, is_topic: bool) -> tuple[tuple[str, str], ...]:
        """The hub of a topic and the topic's address, for the Link header (WebSub 4, Discovery)."""
        hub = self._settings.hub
        return (("hub", hub), ("self", self.urls.absolute(path))) if hub and is_topic else ()

    def listing(
        self,
        collection: Collection,
        page: ListPage,
        entries: tuple[Entry, ...],
        front: Front[Entry] | None,
        feeds: tuple[FeedLink, ...],
        within: tuple[tuple[str, str], ...],
    ) -> Document:
        """A page of a collection, newest items first; on the `front` page these and more stand as it says. `feeds` are
        the collection's own, and `within` the path and the title of each collection right below it.
        """
        return self._document(
            "list.html",
            page.path,
            collection.path,
            feeds,
            page=page,
            entries=entries,
            front=front,
            collection=collection,
            is_everything=collection.path == urls.HOME,
            is_topic=collection.is_notified and page.is_first,
            within=within,
            teaser=partial(_teaser, self._templates, self._settings.words, self.urls),
        )

    def search(self, typed: str = "", sentence: str = "") -> Document:
        """The page with the form of a search: what was typed, and why nothing was found for it."""
        page = self._document(
            "search.html",
            queries.FOLDER,
            queries.FOLDER,
            typed=typed,
            sentence=sentence,
            page=None,
            script=urls.SEARCH_SCRIPT,
            examples=EXAMPLES,
        )
        of_server = self._settings.search == "server"  # to some caches what is found stands at the same address
        return replace(page, is_private=of_server, is_scripted=self._settings.search == "pagefind")

    def found(self, page: FoundPage, entries: tuple[Entry, ...], feeds: tuple[FeedLink, ...]) -> Document:
        """A page of what a search has found, with its feeds."""
        wanted = passages.wanted(page.query.phrases)
        document = self._document(
            "search.html",
            queries.FOLDER,
            queries.FOLDER,
            typed=page.typed,
            sentence="",
            page=page,
            found=[(entry, passages.marked(entry.title, wanted), passages.passage(entry, wanted)) for entry in entries],
            own_feeds=feeds,
        )
        return replace(document, is_private=True)

    def feeds(self, groups: tuple[Group, ...], links: FeedLinks) -> Document:
        """The page that lists the feeds of the site, and the form that makes a mix of some."""
        often = partial(feedpage.often, self._settings.words)
        return self._document("feeds.html", urls.FEEDS, urls.FEEDS, groups=groups, links=links, often=often, tags=TAGS)

    def chosen(self, path: str) -> SeeOther:
        """The answer to the form of `feeds`; `path` is that of the mix, or of the form where nothing was chosen."""
        page = self._document("mix.html", mixes.FOLDER, urls.FEEDS)
        return SeeOther(self.urls.href(path), page)

    def tags(self, page: TagsPage, links: FeedLinks) -> Document:
        """A page of the list of all tags."""
        paths = [urls.TAGS, *(further_page(urls.TAGS, number) for number in range(2, page.count + 1))]
        path = paths[page.number - 1]
        return self._document("tags.html", path, urls.FEEDS, page=page, paths=paths, links=links)

    def entry(self, entry: Entry, newer: Entry | None, older: Entry | None, related: Related[Entry]) -> Resource:
        """An article's page, with links to its neighbours and to others; of a withdrawn one the notice. Or a standing
        page.
        """
        if entry.nav:
            where = entry.path if self._navigation.has(entry.path) else ""
            content = templates.safe(article.on_page(entry, self._settings.words, self.urls))
            return self._document("page.html", entry.path, where, entry=entry, content=content)
        if entry.withdrawal:
            return Gone(self._document("gone.html", entry.path, entry=entry))
        return self._document(
            "entry.html",
            entry.path,
            f"/{entry.section.term}/" if entry.section else "",
            is_topic=True,
            entry=entry,
            newer=newer,
            older=older,
            related=related,
            line=partial(_line, self._templates, self._settings.words, self.urls),
            series=next((tag for tag in entry.tags if related.part and tag.term == related.part.term), None),
            content=templates.safe(article.on_page(entry, self._settings.words, self.urls)),
            lengths=article.lengths(entry),
            shared=entry.image and pictures.good(entry, entry.image.src, self.urls),
            json_ld=templates.safe(jsonld.news_article(entry, self._settings)),
        )

    def feed(self, collection: Collection, feed: Feed, link: FeedLink, feeds: tuple[FeedLink, ...]) -> Document:
        """The page for people who open the feed's address in a browser: what a feed is, and how to subscribe."""
        address = self.urls.absolute(link.path, link.query)
        document = self._document(
            "feed.html",
            link.path,
            collection.path,
            feeds,
            is_topic=collection.is_notified and feed.history != "archive",
            feed=feed,
            link=link,
            address=address,
            readers=feedpage.readers(address),
            listed=feed.entries[:_LISTED],
            pace=feedpage.pace(self._settings.words, feed.cadence),
            script=urls.SCRIPT,
        )
        return replace(document, is_scripted=True)

    def not_found(self) -> Document:
        return self._document("not_found.html", urls.NOT_FOUND, reason="")

    def missing(self, reason: str) -> Missing:
        """For an address at which nothing can stand; `reason` is a sentence."""
        return Missing(self._document("not_found.html", urls.NOT_FOUND, reason=reason))

    def moved(self, path: str) -> Moved:
        """A notice that the resource stands at `path`; in an export, where no server answers 301, it leads there."""
        return Moved(path, self.urls.href(path), self._document("moved.html", path))

    @property
    def frame(self) -> Frame:
        """What a page of the desk, which belongs to no collection, has in common with those of the site."""
        return self._frames.of("", self._feeds)

    def see_other(self, path: str) -> SeeOther:
        """A way to the path that need not be the same tomorrow."""
        return SeeOther(self.urls.href(path), self.moved(path).document)

    def _document(
        self,
        template: str,
        path: str,
        where: str = "",
        feeds: tuple[FeedLink, ...] = (),
        *,
        is_topic: bool = False,
        **values: Any,
    ) -> Document:
        """`where` is the path of the collection that the page belongs to, if any, and `feeds` are that one's.

        The front page alone has the large masthead: not what belongs to it, such as older articles, and feeds.
        """
        if where == "/" != path:
            where = ""
        text = self._templates.render(
            template,
            path=path,
            site=self._settings,
            urls=self.urls,
            words=self._settings.words,
            feeds=feeds or self._feeds,
            frame=self._frames.of(where, feeds or self._feeds),
            **values,
        )
        links = self.links(path, is_topic=is_topic)
        return Document(text.encode(), _MEDIA_TYPE, links, frames=self._settings.frames)


@lru_cache(article.CACHE_SIZE)  # an article stands in some ten lists
def _teaser(
    drawn_by: Templates, words: Words, base: urls.Urls, entry: Entry, look: str, level: int, parts: tuple[str, ...]
) -> str:
    """An article's part of a list."""
    picture = templates.safe(pictures.listed(entry, look, base)) if "picture" in parts else ""
    return templates.safe(drawn_by.macro("_teaser.html", "teaser", entry, look, level, parts, words, base, picture))


@lru_cache(article.CACHE_SIZE)  # an article stands below some six others
def _line(drawn_by: Templates, words: Words, base: urls.Urls, entry: Entry) -> str:
    """An article's line in a list of titles."""
    return templates.safe(drawn_by.macro("_teaser.html", "line", entry, words, base))
