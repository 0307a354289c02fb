"""Cuts feeds from an edition. A feed is a value; the formats print it."""

from datetime import timedelta

from . import urls
from .catalogue import Edition
from .model import LONG_AGO, Entry, Feed, Person, Tombstone
from .settings import Settings

NEWEST = "/feed"
RECENT = timedelta(hours=48)


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


def _window(entries: tuple[Entry, ...], count: int) -> tuple[Entry, ...]:
    if len(entries) <= count:
        return entries
    since = entries[0].published - RECENT
    recent = sum(1 for entry in entries if entry.published >= since)
    return entries[: max(count, recent)]
