"""Cuts feeds from an edition. A feed is a value; the formats print it."""

from datetime import timedelta

from . import urls
from .catalogue import Edition
from .model import LONG_AGO, Cadence, Entry, Feed, Person, Tombstone
from .reading.settings import Settings

NEWEST = "/feed"
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


def newest(edition: Edition, settings: Settings) -> Feed:
    """The newest articles: `window` of them, and never less than those of the 48 hours before the newest.

    Before the newest, not before now: the clock alone never changes a feed's bytes.
    """
    base = settings.urls
    entries = _window(edition.entries, settings.window)
    return Feed(
        path=NEWEST,
        id=settings.site_id,
        title=settings.title,
        description=settings.description,
        language=settings.language,
        updated=max((entry.updated for entry in entries), default=LONG_AGO),
        author=Person(
            name=settings.publisher.name,
            email=settings.publisher.email,
            url=settings.publisher.url or base.absolute(urls.HOME),
        ),
        zone=settings.timezone,
        cadence=cadence(entries),
        rights=settings.rights,
        logo=settings.publisher.logo,
        icon=settings.icon,
        hub=settings.hub,
        entries=entries,
        tombstones=tuple(
            Tombstone(ref=entry.id, when=entry.updated, comment=entry.withdrawal.reason, language=entry.language)
            for entry in entries
            if entry.withdrawal
        ),
    )


def cadence(entries: tuple[Entry, ...]) -> Cadence:
    """How often these articles, the newest first, have appeared: from their dates alone, so that no clock changes it.

    Who waits half the time that passes between two articles is late by a quarter of it on average.
    """
    gaps = len(entries) - 1
    span = entries[0].published - entries[-1].published if gaps > 0 else timedelta()
    if not span:
        return _UNKNOWN
    period, length = next((row for row in _PERIODS if row[1] * gaps >= span), _PERIODS[-1])
    ttl = round(span / gaps / timedelta(minutes=2))
    return Cadence(
        period=period,
        frequency=max(1, round(length * gaps / span)),
        ttl=min(_MOST_TTL, max(_LEAST_TTL, ttl)),
    )


def _window(entries: tuple[Entry, ...], count: int) -> tuple[Entry, ...]:
    if len(entries) <= count:
        return entries
    since = entries[0].published - RECENT
    recent = sum(1 for entry in entries if entry.published >= since)
    return entries[: max(count, recent)]
