"""What a process serves at one moment, as one value: a site with its Last-Modified moments. How it is made.

Only the leader stores moments and drawn documents in the index. Followers take both from there, so that all processes
answer with the same bytes and the same dates.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from ..document import Document
from ..documentbytes import to_bytes
from ..documentcache import DocumentCache
from ..folder.library import Library
from ..index.index import Index
from ..index.unusable import Unusable
from ..planned import Planned
from ..settings import Settings
from ..site import Site
from . import lastmodified
from .answers import AnswerCache


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedSite:
    """A site as it is served until the next one takes its place, which begins without cached answers.

    `last_modified` are the Last-Modified moments by path. `planned_at` is when the site was planned, and `index_state`
    the state of the index just before (`Database.data_version`).
    """

    site: Site
    settings: Settings
    index: Index
    last_modified: Mapping[str, datetime]
    planned_at: datetime
    index_state: int
    answers: AnswerCache = field(default_factory=AnswerCache)

    def is_outdated(self, index: Index, now: datetime, *, is_leading: bool) -> bool:
        """Whether another site should be served.

        That is so where another index is used, or another process has written to this one; where an article is due, or
        leaves a document by its age; where the clock has been set back to before the site was planned; and where a new
        leader serves a version that the former leader never served, for only the leader sets Last-Modified moments.
        """
        until = self.site.current_until
        is_due = now < self.planned_at or (until is not None and now >= until)
        lacks_moments = is_leading and self.last_modified.keys() != self.site.polled_digests.keys()
        return is_due or lacks_moments or index is not self.index or index.database.data_version() != self.index_state


def draw(library: Library, documents: DocumentCache, clock: Callable[[], datetime], *, is_leading: bool) -> ServedSite:
    """Plans a site of the index's content, and draws what pollers ask for.

    Called within `Index.writing`, it stores documents and moments in the same commit as the articles that they are made
    of. Raises Unusable.
    """
    index = library.index
    state, planned_at = index.database.data_version(), clock()
    with index.reading():
        contents = library.contents(planned_at)
        site = Site(contents.edition, contents.settings.of_server, contents.media, documents)
        fresh = site.draw_polled()
        stored = index.last_modified()
    moments = lastmodified.moments(site.polled_digests, stored, clock())
    if not is_leading:
        moments = {path: moment for path, moment in moments.items() if stored.get(path) == moment}
    elif moments != stored:
        with index.writing() as writer:
            writer.set_last_modified(moments)
    if is_leading:
        _store(index, fresh)
    return ServedSite(
        site=site,
        settings=contents.settings,
        index=index,
        last_modified={path: moment for path, (_, moment) in moments.items()},
        planned_at=planned_at,
        index_state=state,
    )


def compress(served: ServedSite) -> None:
    """Makes every content coding of what was drawn, and stores them for the followers.

    This takes five times as long as drawing, so it is done when the site is served already; a request that comes first
    makes the coding that it asks for.
    """
    fresh = served.site.compress_polled()
    with suppress(Unusable):  # then each follower makes the codings itself
        _store(served.index, fresh)


def _store(index: Index, fresh: list[tuple[Planned, Document]]) -> None:
    """Stores drawn documents for the followers; an index in memory has none."""
    if fresh and not index.is_in_memory:
        with index.writing() as writer:
            for planned, document in fresh:
                writer.put_document(planned.path, planned.fingerprint, to_bytes(document))
