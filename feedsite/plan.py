"""The plan of a site: every path, a fingerprint of what its document is drawn from, and how it is drawn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import cast

from . import freshness, media, mixes, places, urls
from .articles import Articles
from .changes import Changes, State
from .codehash import code_hash
from .collection import Collection
from .discovery import Common, Discovery
from .document import Document
from .errors import Fault
from .folder.mediafiles import Medium
from .formats import FEED_FORMATS, FORMATS, feed_links, stylesheet, templates
from .formats.pages import Pages
from .index import journal
from .index.edition import Edition
from .index.rows import Row
from .lists import Lists
from .pictures import sizes
from .places import Place
from .planned import Drawing, Planned, fingerprint
from .searches import Searches
from .settings import Settings
from .sitecollections import Collections
from .theme import Theme
from .unlisted import Unlisted

DRAWN_BY = ("document", "feeds", "formats")  # the modules that draw; every fingerprint depends on their code

PLANNED_BY = ("plan",)  # the modules that decide which paths there are, and of what their documents are drawn


class Plan:
    """The plan of one edition. It reads the index when it is asked; `Edition.index.reading()` around several calls
    makes them one view.

    `topics` are those of everything (is_topic): its feeds and the front page. `polled` are the documents that programs
    ask for again and again. `unlisted` has what the plan does not list, such as mixes.
    """

    def __init__(self, edition: Edition, settings: Settings, files: Mapping[str, Medium]) -> None:
        self._edition = edition
        self._settings = settings
        self._media = files
        self.collections = Collections(edition, settings)
        everything = self.collections.everything
        feed_paths = tuple(link.path for link in feed_links(everything))
        self.topics = (*feed_paths, everything.path)
        shown = self.collections.shown
        navigation = edition.navigation
        self.pages = Pages(settings, feed_links(everything), shown, navigation)
        # No page and no feed shows these.
        public = replace(settings, purge=(), ping=False, archives="", robots="", theme=Theme())
        self._code = fingerprint(code_hash(*DRAWN_BY), repr(public))
        self._common = fingerprint(
            self._code, repr(shown), repr(navigation), repr(settings.theme)
        )  # of all that has or is a page
        self.state = self._state()
        self._lists = Lists(edition, settings, self.collections, self.pages, self._common)
        self._articles = Articles(edition, self.pages, settings.series, self._code, self._common)
        self.unlisted = Unlisted(
            edition=edition,
            settings=settings,
            collections=self.collections,
            pages=self.pages,
            lists=self._lists,
            articles=self._articles,
            searches=Searches(edition, settings, self.pages, self._lists, self._common),
            common=self._common,
        )
        common = Common(self._code, self._common)
        self._discovery = Discovery(edition, settings, self.collections, self.pages, files, common)
        fixed = (*self._of_everything(everything), *self._of_every_site())
        self._fixed = {drawing.planned.path: drawing for drawing in fixed}
        self.polled = tuple(self._fixed[path] for path in (*feed_paths, urls.HOME, urls.STYLE, urls.NOT_FOUND))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the site's theme, as far as it was met while pages were drawn; and notes on it."""
        return (*self.pages.templates.faults, *self.pages.templates.notes)

    def try_theme(self, articles: int) -> None:
        """Draws pages of each kind, of so many articles, so that `faults` says what is wrong; once for each theme."""
        if self.pages.templates.is_tried:
            return
        self.pages.templates.is_tried = True
        everything = self.collections.everything
        lists = (collection.path for collection in islice(self.collections, articles))
        newest = (row.path for row in islice(self._edition.all(), articles))
        standing = (row.path for row in self._edition.pages()[:articles])
        for path in (*lists, *newest, *standing, urls.FEEDS, urls.TAGS, mixes.FOLDER, urls.NOT_FOUND):
            if drawing := self.at(path):
                drawing.draw()
        for link in feed_links(everything):
            if opened := self.unlisted.opened(link.path):
                opened.draw()

    @property
    def until(self) -> datetime | None:
        """When the clock alone next changes a document; None where it changes none."""
        return freshness.first(self._edition.until, self._discovery.until)

    def __iter__(self) -> Iterator[Planned]:
        """Every path."""
        for drawing in self._fixed.values():
            yield drawing.planned
        yield from self._discovery
        yield from self._articles.every(self._is_of_collection)
        others = {*self._fixed, *(row.path for row in self._edition.pages())}
        for collection in self.collections:
            for planned in self._lists.every(collection):
                if planned.path not in others:
                    yield planned
        for path, medium in self._media.items():
            yield _medium(path, medium)

    def changes(self, since: State | None) -> Iterator[tuple[str, Planned | None]] | None:
        """Every path whose fingerprint may be another one than in the plan of that state, each once; with None a path
        at which nothing is published any more. To be used within one view of the index.

        None where it cannot be known: then every path may be another one.
        """
        if (paths := self.changed_paths(since)) is None:
            return None
        return ((path, found.planned if (found := self.at(path)) else None) for path in paths)

    def changed_paths(self, since: State | None) -> Iterator[str] | None:
        """The paths of `changes` alone, which are found sooner."""
        mine = self.state
        if not (mine and since) or (since.journal, since.common) != (mine.journal, mine.common):
            return None
        if (news := journal.news(self._edition.index, since.row, mine.row, since.moment, mine.moment)) is None:
            return None
        found = list(Changes(self._edition, self._settings, self.collections, news).paths())
        if self._discovery.icon in found:
            found.append(urls.FAVICON)
        found += [*_copies(found)]
        listed = {item.published for one in news.collections.values() for item in one.listed}
        found += self._discovery.may_change(listed, since.moment, pages=news.pages)
        return iter(dict.fromkeys(found))

    def at(self, path: str) -> Drawing | None:
        """None where nothing is published at the path."""
        if fixed := self._fixed.get(path):
            return fixed
        if found := self._discovery.at(path):
            return found
        row = self._edition.at(path)
        if row and row.is_undated and path == row.path:  # before a section of the same name
            return self._articles.at(path, row)
        if place := places.parse(path):
            collection = self.collections.at_folder(place.folder)
            if collection and (drawing := self._lists.at(collection, place)):
                return drawing
        if row:
            return None if path != row.path and self._is_of_collection(path) else self._articles.at(path, row)
        medium = self._media.get(path)
        return Drawing(_medium(path, medium), medium.draw) if medium else None

    def is_topic(self, path: str) -> bool:
        """Whether it is a topic (WebSub 2): a feed of a collection's newest items, its first page, or an article.

        A withdrawn article is none, for a hub takes 410 for an error.
        """
        place = places.parse(path)
        if place and self.collections.at_folder(place.folder):
            return place == Place(folder=place.folder, suffix=place.suffix) and place.suffix in ("", *FORMATS)
        row = self._edition.at(path)
        return bool(row and path == row.path and not row.is_withdrawn and not row.is_undated)

    @property
    def is_current(self) -> bool:
        """Whether the index still says what it said when the plan was made."""
        return self._state() == self.state

    def _state(self) -> State | None:
        """None where the index has no journal yet."""
        if not (found := journal.position(self._edition.index)):
            return None
        unseen = self._settings.archives, self._settings.robots
        common = fingerprint(self._common, code_hash(*PLANNED_BY), *unseen)
        return State(
            journal=found.journal,
            row=found.row,
            article_row=found.article_row,
            moment=self._edition.moment,
            common=common,
        )

    def _of_everything(self, everything: Collection) -> Iterator[Drawing]:
        """The feeds and the front page, and the paths that lead to the feeds."""
        yield from self._lists.feeds(everything)
        yield cast("Drawing", self._lists.at(everything, Place(folder=everything.path)))
        for form in FEED_FORMATS:
            path = places.feed(everything.path, form.suffix)
            for former in form.former:
                yield Drawing(self._articles.moved(former, path), partial(self.pages.moved, path))

    def _of_every_site(self) -> Iterator[Drawing]:
        styled = {urls.STYLE: stylesheet.stylesheet(self._settings.theme)}
        for path, document in (templates.static() | styled).items():
            if path == urls.SEARCH_SCRIPT and self._settings.search != "pagefind":
                continue
            yield Drawing(Planned(path, document.digest), partial(_as_it_is, document))
        yield Drawing(Planned(urls.NOT_FOUND, fingerprint(self._common, urls.NOT_FOUND)), self.pages.not_found)

    def covered_aliases(self) -> Iterator[tuple[Row, str]]:
        """The aliases that lead nowhere, for collections stand there."""
        rows = self._edition.with_aliases()
        return ((row, alias) for row in rows for alias in row.aliases if self._is_of_collection(alias))

    def pages_over_lists(self) -> Iterator[Row]:
        """The standing pages in whose places the first pages of collections would stand."""
        return (row for row in self._edition.pages() if self.collections.at_folder(row.path))

    def _is_of_collection(self, alias: str) -> bool:
        """Whether a collection has its file, on some systems at least, which ignore capitals and last slashes."""
        key = urls.key(alias)
        return any(
            (place := places.parse(path))
            and (collection := self.collections.at_folder(place.folder))
            and self._lists.at(collection, place)
            for path in (key, f"{key}/")
        )


def _medium(path: str, medium: Medium) -> Planned:
    return Planned(path, fingerprint(medium.mark), medium.source or path.removeprefix("/"))


def _copies(paths: Iterable[str]) -> Iterator[str]:
    """Every path at which a copy of one of these pictures may stand or have stood."""
    for path in paths:
        if path.split("/")[1] in urls.MEDIA_FOLDERS and (media.type_of(path) or "").startswith("image/"):
            yield from sizes.every_path(path)


def _as_it_is(document: Document) -> Document:
    return document
