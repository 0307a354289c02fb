"""What a process serves at one moment, as one value: the site with its Last-Modified moments, and how it is drawn.

Only the leader stores moments and drawn documents in the index. Followers take both from there, so that every process
answers with the same bytes and the same dates.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from ..document import Document
from ..documentbytes import to_bytes
from ..documentcache import DocumentCache
from ..folder.library import Library
from ..index.database import Unusable
from ..index.index import Index
from ..plan import Planned
from ..settings import Settings
from ..site import Site
from . import lastmodified
from .answers import AnswerCache


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedSite:
    """A site as it is served until the next one takes its place; that one begins without answers.

    `last_modified` are the Last-Modified moments by path. `planned_at` is when the site was planned, and `index_state`
    the state of the index just before (`Database.state`).
    """

    site: Site
    settings: Settings
    index: Index
    last_modified: Mapping[str, datetime]
    planned_at: datetime
    index_state: int
    answers: AnswerCache = field(default_factory=AnswerCache)

    def is_outdated(self, index: Index, now: datetime) -> bool:
        """Whether the site is to be planned anew.

        Another index is used by now, or another process has written to this one; or an article is due; or the clock was
        ahead when the site was planned, and has been set back since.
        """
        is_due = now < self.planned_at or (self.site.until is not None and now >= self.site.until)
        return is_due or index is not self.index or index.database.state() != self.index_state

    @property
    def has_every_moment(self) -> bool:
        """False in a follower that serves what the leader does not; once it leads itself, it sets these moments."""
        return self.last_modified.keys() == self.site.polled_digests.keys()


def draw(library: Library, documents: DocumentCache, clock: Callable[[], datetime], *, is_leading: bool) -> ServedSite:
    """Plans the site of what the index holds, and draws what pollers ask for.

    Within `Index.writing` the drawn documents and their moments are committed together with the articles that they are
    made of. Raises Unusable.
    """
    index = library.index
    state, planned_at = index.database.state(), clock()
    with index.reading():
        contents = library.contents(planned_at)
        site = Site(contents.edition, contents.settings, contents.media, documents)
        fresh = site.draw_polled()
        stored = index.begun()
    moments = lastmodified.begun(site.polled_digests, stored, clock())
    if not is_leading:
        moments = {path: moment for path, moment in moments.items() if stored.get(path) == moment}
    elif moments != stored:
        with index.writing() as writer:
            writer.begin(moments)
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
                writer.keep_drawn(planned.path, planned.fingerprint, to_bytes(document))
