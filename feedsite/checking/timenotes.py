"""Notes on times: changes and articles that lie far ahead, and days that several articles name without a time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from ..codes import Code
from ..errors import Fault
from ..index import survey
from ..index.index import Index
from ..model import NEVER, Entry
from ..settings import Settings
from .sources import Sources

_FAR = timedelta(days=366)  # no editor schedules an article further ahead


def of_entry(entry: Entry, settings: Settings, now: datetime, sources: Sources) -> Iterator[Fault]:
    if now + _FAR < entry.published < NEVER:
        year = entry.published.astimezone(settings.timezone).year
        yield sources.note_on_field(
            Code.FAR_AHEAD, entry.source, f"published lies in {year}; is it a slip?", "published"
        )
    for what, field, at in _future_changes(entry, max(now, entry.published)):
        moment = at.astimezone(settings.timezone).isoformat()
        message = f"{what} lies in the future ({moment}); is it a slip?"
        yield sources.note_on_field(Code.CHANGE_AHEAD, entry.source, message, field)


def may_follow(updated: int, now: datetime) -> bool:
    """Whether anything may be noted of an entry with this last change, in seconds, or may be later on."""
    return updated > now.timestamp()


def _future_changes(entry: Entry, moment: datetime) -> Iterator[tuple[str, str, datetime]]:
    """The changes of an entry after `moment`, which is now, or when a scheduled article appears; each with its field.

    A change cannot be scheduled. A draft has no changes yet.
    """
    changes = [("the time of a correction", "corrections", correction.at) for correction in entry.corrections]
    if entry.withdrawal:
        changes.append(("the time of the withdrawal", "withdrawn", entry.withdrawal.at))
    if entry.updated not in [at for *_, at in changes]:
        changes.append(("updated", "updated", entry.updated))
    return (change for change in changes if change[-1] > moment)


def next_moment(entry: Entry, now: datetime) -> datetime:
    """The next one at which the entry, or what is noted of it, changes by itself; NEVER where there is none."""
    if entry.published >= NEVER or max(entry.published, entry.updated) <= now:  # `updated` is its last change
        return NEVER
    changes = [correction.at for correction in entry.corrections]
    moments = (entry.published - _FAR, entry.published, *changes, entry.updated)
    return min(moment for moment in moments if moment > now)


def of_days(index: Index, settings: Settings, sources: Sources) -> Iterator[Fault]:
    """One note for each day that several articles name without a time, on the oldest of them."""
    for moment, group in groupby(survey.of_one_second(index), key=lambda found: found[0]):
        names = [source for _, source, places in group if "day" in places or "published" not in places]
        if len(names) > 1:
            day = moment.astimezone(settings.timezone).date().isoformat()
            message = (
                f"{len(names)} articles of {day} have no time; they stand in the order of their names, the newest is "
                f"{names[-1]}; where another order is meant, write times, such as `published: {day} 09:00`"
            )
            yield sources.note_on_field(Code.DAY_WITHOUT_TIMES, names[0], message, "published")
