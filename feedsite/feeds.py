"""The feed of a collection as a value, the same for every format."""

from datetime import timedelta

from . import urls
from .collection import EVERYTHING, Collection
from .model import LONG_AGO, Cadence, Entry, Feed, Person, Tombstone
from .places import Place
from .settings import Settings

# A feed has `window` articles, and at least all of this time before its newest article. It is not counted back from
# now, so that the clock alone never changes a feed's bytes.
RECENT = timedelta(hours=48)
_PERIODS = (
    ("hourly", timedelta(hours=1)),
    ("daily", timedelta(days=1)),
    ("weekly", timedelta(weeks=1)),
    ("monthly", timedelta(days=30)),
    ("yearly", timedelta(days=365)),
)
_LEAST_TTL, _MOST_TTL = 15, 24 * 60  # minutes
_UNKNOWN = Cadence(period="daily", frequency=1, ttl=60)  # of a site with a single article


def feed(
    collection: Collection,
    entries: tuple[Entry, ...],
    settings: Settings,
    place: Place | None = None,
    relations: tuple[tuple[str, Place], ...] = (),
    history: str = "",
) -> Feed:
    """The feed of a collection's newest items, or that at another place of it (model.Feed)."""
    base = settings.urls
    title = settings.title if collection.key == EVERYTHING else f"{collection.title} · {settings.title}"
    return Feed(
        place=place or Place(folder=collection.path),
        relations=relations,
        history=history,
        id=collection.id,
        title=title,
        description=collection.description,
        language=collection.language,
        updated=max((entry.updated for entry in entries), default=LONG_AGO),
        author=Person(
            name=settings.publisher.name,
            email=settings.publisher.email,
            url=settings.publisher.url or base.absolute(urls.HOME),
        ),
        words=settings.words,
        cadence=cadence(entries),
        rights=settings.rights,
        logo=settings.publisher.logo,
        icon=settings.icon,
        hub=settings.hub if collection.is_notified else None,
        entries=entries,
        tombstones=tuple(
            Tombstone(ref=entry.iri, when=entry.updated, comment=entry.withdrawal.reason, language=entry.language)
            for entry in entries
            if entry.withdrawal
        ),
    )


def cadence(entries: tuple[Entry, ...]) -> Cadence:
    """How often these articles, newest first, appeared. It follows from their dates, so that no clock changes it."""
    span = entries[0].published - entries[-1].published if entries else timedelta()
    return cadence_of(len(entries), span) or _UNKNOWN


def cadence_of(items: int, span: timedelta) -> Cadence | None:
    """How often so many items appeared within this time; None for a single one, and for those of one moment.

    `ttl` is half of the mean time between two articles: a reader that waits so long gets an article a quarter of that
    time late on average.
    """
    gaps = items - 1
    if not span:
        return None
    period, length = next((row for row in _PERIODS if row[1] * gaps >= span), _PERIODS[-1])
    ttl = round(span / gaps / timedelta(minutes=2))
    return Cadence(
        period=period,
        frequency=max(1, round(length * gaps / span)),
        ttl=min(_MOST_TTL, max(_LEAST_TTL, ttl)),
    )
