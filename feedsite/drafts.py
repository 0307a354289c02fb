"""A draft as it would be if it were published at one moment. A draft itself is published NEVER, and so has no date."""

from dataclasses import replace
from datetime import UTC, datetime, time, tzinfo

from .model import NEVER, Entry
from .urls import Urls, permalink


def whole_hour(moment: datetime) -> datetime:
    """The moment at which a draft that is looked at then is shown: its page stays the same for an hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def as_published(entry: Entry, at: datetime, zone: tzinfo, base: Urls) -> Entry:
    """The article as it would be with that moment, or its own day where that lies ahead; one that is no draft as it is.

    Its links to itself follow its address, which begins with the day.
    """
    if entry.published != NEVER:
        return entry
    published = at
    if at.astimezone(zone).date() < entry.day < NEVER.date():
        published = datetime.combine(entry.day, time(), zone).astimezone(UTC)
    day = published.astimezone(zone).date()
    path = entry.path if entry.nav else permalink(day, entry.path.rstrip("/").rpartition("/")[2])
    former, new = (f'"{base.absolute(one)}' for one in (entry.path, path))
    body = entry.body.replace(f"{former}#", f"{new}#").replace(f'{former}"', f'{new}"')
    changes = (published, *(correction.at for correction in entry.corrections))
    return replace(entry, published=published, updated=max(changes), day=day, path=path, body=body)
