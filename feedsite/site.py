"""A Site: everything that is public at one moment, by path. A document is drawn when it is asked for, and cached.

The server and the export read it alike, so that they cannot differ.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from itertools import islice
from typing import cast

from . import mixes, urls
from .changes import State
from .document import Document, File, Resource, SeeOther
from .documentbytes import from_bytes
from .documentcache import DocumentCache
from .errors import Fault
from .folder.mediafiles import Medium
from .index.edition import Edition
from .model import Entry
from .plan import Plan
from .planned import Drawing, Planned
from .settings import Settings

_SEARCHES = 8 * 1024 * 1024  # bytes of what was searched for lately: the same few feeds are asked for again
_COMPRESSORS = 2  # threads; each one more costs a worker several megabytes for ever


class Site(Mapping[str, Resource]):
    """The resources of one edition, by path. `id` is that of its settings.

    `until` is the moment at which the next article is due, and `current_until` when the clock alone next changes a
    document: then, or before.

    `topics` are the plan's. Callers that go through `plan`, and need all of it to be of one moment, do so within
    `view`.
    """

    def __init__(
        self, edition: Edition, settings: Settings, media: Mapping[str, Medium], cache: DocumentCache | None = None
    ) -> None:
        """`cache` has documents of former editions. Callers that also draw do both in one view of the index."""
        self._index = edition.index
        self._media = media
        self._cache = DocumentCache() if cache is None else cache
        self._searched = DocumentCache(_SEARCHES)
        self._ready: dict[str, Resource] = {}  # what pollers ask for, once it is drawn
        self.id = settings.site_id
        with self.view():
            self.until = edition.until
            self.plan = Plan(edition, settings, media)
            self.current_until = self.plan.until
        self.topics = self.plan.topics

    def __getitem__(self, path: str) -> Resource:
        """Two threads may draw the same path at once: both documents are equal."""
        if ready := self._ready.get(path):
            return ready
        if (found := self.draw(path)) is None:
            raise KeyError(path)
        return found[1]

    def draw(self, path: str) -> tuple[str, Resource] | None:
        """The resource, and the fingerprint of what it was drawn from: the index may be newer than the plan."""
        with self.view():
            if (drawing := self.plan.at(path)) is None:
                return None
            with suppress(KeyError):  # of a picture whose file was deleted since the scan
                return drawing.planned.fingerprint, self._drawn(drawing)
            return None

    def is_ready(self, path: str) -> bool:
        """Whether the resource is drawn at once. The copy of a picture may have to be made, in up to a second."""
        with self.view():
            planned = found.planned if (found := self.plan.at(path)) else None
        if planned is None or self._cache.get(path, planned.fingerprint):
            return True
        medium = self._media.get(path)
        return medium is None or medium.is_ready()

    def prepare(self, path: str) -> None:
        """Makes the copy of a picture at the path, outside of any view of the index; `draw` finds it in the cache.

        Raises OSError where the picture cannot be read now.
        """
        with self.view():
            drawing = self.plan.at(path)
        if drawing:
            with suppress(KeyError):
                self._drawn(drawing)

    def view(self) -> AbstractContextManager[object]:
        """One view of the index for several calls, whatever another process writes meanwhile."""
        return self._index.reading()

    def __iter__(self) -> Iterator[str]:
        return (planned.path for planned in self.plan)

    def __len__(self) -> int:
        return sum(1 for _ in self.plan)

    def draw_polled(self) -> list[tuple[Planned, Document]]:
        """Makes ready what pollers ask for, so that no request waits for it; returns the documents that it drew.

        A document that another process drew from the same ingredients, or compressed since, is read from the index.
        """
        fresh: list[tuple[Planned, Document]] = []
        with self.view():
            for drawing in self.plan.polled:
                path, fingerprint = drawing.planned.path, drawing.planned.fingerprint
                resource = self._cache.get(path, fingerprint)
                if resource is None or not _is_compressed(resource):
                    resource = self._from_index(drawing.planned) or resource
                if resource is None:
                    resource = drawing.draw()
                    if isinstance(resource, Document):
                        fresh.append((drawing.planned, resource))
                self._ready[path] = resource
                self._cache.put(path, fingerprint, resource)
        return fresh

    @property
    def polled_digests(self) -> dict[str, str]:
        """By path; of the documents that `draw_polled` made ready."""
        return {path: found.digest for path, found in self._ready.items() if isinstance(found, Document)}

    def compress_polled(self) -> list[tuple[Planned, Document]]:
        """Compresses the documents that `draw_polled` made ready, and returns those that were not compressed before.

        Compressing takes five times as long as drawing.
        """
        fresh = [
            (drawing.planned, found)
            for drawing in self.plan.polled
            if isinstance(found := self._ready.get(drawing.planned.path), Document) and not found.is_compressed
        ]
        with ThreadPoolExecutor(_COMPRESSORS) as pool:
            tasks = [pool.submit(task) for _, document in fresh for task in document.compressions()]
        for task in tasks:
            task.result()
        return fresh

    def changed_paths(self, since: State | None, most: int) -> tuple[str, ...] | None:
        """Paths that may have changed since a state, `most` at most; None where it cannot be known (Plan.changes)."""
        with self.view():
            paths = self.plan.changed_paths(since)
            return None if paths is None else tuple(islice(paths, most))

    def changed_topics(self, since: State | None, most: int) -> tuple[str, ...] | None:
        """The topics among them (Plan.is_topic)."""
        with self.view():
            paths = self.plan.changed_paths(since)
            return None if paths is None else tuple(islice(filter(self.plan.is_topic, paths), most))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the site's theme (Plan.faults)."""
        return self.plan.faults

    def try_theme(self, articles: int) -> None:
        with self.view():
            self.plan.try_theme(articles)

    @property
    def is_current(self) -> bool:
        """Whether the index still says what the plan was made of; else documents may be newer than the plan."""
        return self.plan.is_current

    def is_topic(self, path: str) -> bool:
        with self.view():
            return self.plan.is_topic(path)

    @property
    def not_found(self) -> Document:
        """The page for a path at which nothing is published."""
        return cast("Document", self[urls.NOT_FOUND])

    def find(self, path: str) -> Resource | None:
        """What is published at the path. For a path with doubled slashes, or with a last slash too many or too few, a
        redirect to the right path. None where nothing is published at either.
        """
        if found := self.get(path):
            return found
        if path.startswith(mixes.FOLDER):
            return self._mix(path)
        single = urls.single_slashes(path)
        for place in (single, urls.other_slash(single)):
            if place not in (path, urls.NOT_FOUND) and (found := self.get(place)):
                return self.plan.pages.moved(place) if isinstance(found, Document | File) else found
        return None

    def below(self, path: str) -> str:
        """The path of the site that is meant by one that a client asked for: base_url may have a path, such as /news,
        which a proxy takes off or leaves. What stands at the path as it is comes first: the site's own section News.
        """
        if (below := self.plan.pages.urls.below(path)) is None:
            return path
        with self.view():
            is_own = any(map(self.plan.at, (path, urls.other_slash(path))))
        return path if is_own else below

    def chosen(self, query: str) -> Resource:
        """The answer to a form that asks for a mix: where that mix stands, or where the form does."""
        with self.view():
            return self.plan.unlisted.chosen(query) or self[mixes.FOLDER]

    def search(self, path: str, query: str) -> Resource | None:
        """What stands at a path below /search/ for the fields of a form."""
        with self.view():
            drawing = self.plan.unlisted.search(path, query)
            return self._drawn(drawing, self._searched) if drawing else self.find(path)

    def shared(self, article: str, now: datetime) -> Document | SeeOther | None:
        """What stands at a signed address of the article with this id (Unlisted.shared). It is kept nowhere."""
        with self.view():
            return self.plan.unlisted.shared(article, now)

    def unpublished(self, entry: Entry) -> Document:
        """The page of an article that is not public (Unlisted.unpublished). It is kept nowhere."""
        with self.view():
            return self.plan.unlisted.unpublished(entry)

    def opened(self, path: str, query: str = "") -> Document | None:
        """The page for people who open a feed's address in a browser; None where no feed stands there any more."""
        with self.view():
            drawing = self.plan.unlisted.opened(path, query)
            cache = self._searched if query else self._cache
            return cast("Document", self._drawn(drawing, cache)) if drawing else None

    def _mix(self, path: str) -> Resource | None:
        """A mix is drawn when it is asked for, as any other document; the mapping has none, for they are countless."""
        with self.view():
            drawing = self.plan.unlisted.mix(path)
            return self._drawn(drawing) if drawing else None

    def _drawn(self, drawing: Drawing, cache: DocumentCache | None = None) -> Resource:
        path, fingerprint = drawing.planned.path, drawing.planned.fingerprint
        cache = self._cache if cache is None else cache
        if (resource := cache.get(path, fingerprint)) is None:
            resource = drawing.draw()
            cache.put(path, fingerprint, resource)
        return resource

    def _from_index(self, planned: Planned) -> Document | None:
        content = self._index.document(planned.path, planned.fingerprint)
        return from_bytes(content) if content else None


def _is_compressed(resource: Resource) -> bool:
    return isinstance(resource, Document) and resource.is_compressed
