"""What each command does to an article: to the text of its file, and to what is published of it.

Pure. Moments are in whole seconds. A change that makes no sense for the article as it is raises FeedsiteError, with
what to do instead.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from ..errors import FeedsiteError, in_one_line
from ..ids import urn_of
from ..model import NEVER, UNDATED, Correction, Entry, Withdrawal, forbidden
from ..parsing.entryfile import day_of_name
from ..parsing.madeentry import as_withdrawn
from ..settings import Settings
from ..urls import permalink
from ..wording import day_in_words
from .original import Original, moment_of
from .save import Change


def publish(original: Original, now: datetime, at: datetime | None = None, *, keeps_date: bool = False) -> Change:
    """Publishes a draft at a moment: `at`, else its own if that lies ahead or is to be kept, else now. With `at` a
    scheduled article gets another moment.
    """
    entry, draft = original.entry, original.draft
    if entry.withdrawal or (entry.published != NEVER and (at is None or entry.published <= now)):
        raise _no_draft(original, now)
    if entry.nav is not None:
        if at or keeps_date:
            raise _refusal(original, "is a standing page, which has no date")
        return Change(draft.remove("status"), replace(entry, published=UNDATED, updated=UNDATED, day=UNDATED.date()))
    written, own = original.moment("published"), _own_moment(original)
    if keeps_date and own is None:
        raise _refusal(original, "has no date that could be kept; leave --keep-date out")
    moment = at or (own if own and (keeps_date or own > now) else now)
    if moment != written:
        moment = moment.astimezone(original.settings.timezone)
        draft = draft.set("published", as_written(moment))
    if any(one.at < moment for one in entry.corrections):
        raise _refusal(original, "was public before, for it has corrections; leave its date with --keep-date")
    if entry.published == NEVER:
        draft = draft.remove("status")
    updated = original.moment("updated")
    if updated and updated < moment:  # a fault
        draft, updated = draft.remove("updated"), None
    path = permalink(moment.date(), _slug(entry))
    meant = replace(
        entry,
        path=path,
        aliases=kept_aliases(original.texts("aliases"), path),
        published=moment.astimezone(UTC),
        updated=max(moment, updated or moment, *(one.at for one in entry.corrections)).astimezone(UTC),
        day=moment.date(),
    )
    return Change(draft, meant)


def unpublish(original: Original) -> Change:
    """Makes a draft of an article, public or scheduled. A day that only its file's name says is written into it."""
    entry, draft = original.entry, original.draft
    _refuse_withdrawn(original)
    if entry.published == NEVER:
        raise _refusal(original, "is a draft already")
    draft = draft.set("status", "draft")
    if entry.nav is not None:
        return Change(draft, replace(entry, published=NEVER, updated=NEVER, day=NEVER.date()))
    if not original.has("published"):
        draft = draft.set("published", entry.day.isoformat())
    return Change(draft, replace(entry, published=NEVER, updated=NEVER))


def withdraw(original: Original, now: datetime, reason: str, *, is_announced: bool = True) -> Change:
    """Takes a public article back: its reason stands in place of the text, which stays in the file."""
    entry, draft = original.entry, original.draft
    _refuse_unpublished(original, now, "nobody has it; delete its file, or leave it unpublished")
    fields = {"at": as_written(now.astimezone(original.settings.timezone)), "reason": _line(reason)}
    draft = draft.set("withdrawn", fields | ({} if is_announced else {"announce": "false"}))
    if original.has("status"):
        draft = draft.set("status", "withdrawn")
    withdrawal = Withdrawal(at=now.astimezone(UTC), reason=_line(reason), announce=is_announced)
    return Change(draft, as_withdrawn(entry, withdrawal, original.settings.words))


def correct(original: Original, now: datetime, note: str, *, is_announced: bool = False) -> Change:
    """Adds a correction, by whose time the article counts as updated."""
    entry = original.entry
    _refuse_unpublished(original, now, "nobody has read it; put its text right, which needs no correction")
    fields = {"at": as_written(now.astimezone(original.settings.timezone)), "note": _line(note)}
    draft = original.draft.append("corrections", fields | ({"announce": "true"} if is_announced else {}))
    correction = Correction(at=now.astimezone(UTC), note=_line(note), announce=is_announced)
    corrections = tuple(sorted((*entry.corrections, correction), key=lambda one: one.at))
    return Change(draft, replace(entry, corrections=corrections, updated=max(entry.updated, correction.at)))


def touch(original: Original, now: datetime) -> Change:
    """Says that the sense of an article has changed now."""
    entry = original.entry
    _refuse_unpublished(original, now, "nobody has read it; there is no change to tell of")
    draft = original.draft.set("updated", as_written(now.astimezone(original.settings.timezone)))
    changes = (now, *(one.at for one in entry.corrections))
    return Change(draft, replace(entry, updated=max(changes).astimezone(UTC)))


def write_id(original: Original, entry_id: str) -> Change:
    """Writes down the id of an article that has none in its file."""
    if original.has("id"):
        raise _refusal(original, "has an id already")
    urn = urn_of(entry_id, original.settings.site_id)
    return Change(original.draft.set("id", entry_id), replace(original.entry, id=entry_id, urn=urn))


def as_written(moment: datetime) -> str:
    """2026-11-22T09:00:00+01:00, as docs/entry-file.md has it; Z in universal time."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def in_words(moment: datetime, settings: Settings) -> str:
    """22 November 2026 at 09:00, in the site's zone."""
    local = moment.astimezone(settings.timezone)
    return f"{day_in_words(local.date())} at {local:%H:%M}"


def kept_aliases(aliases: Iterable[str], path: str) -> tuple[str, ...]:
    """The aliases of an article at this address, which is none itself."""
    return tuple(alias for alias in aliases if alias.rstrip("/") != path.rstrip("/"))


def _own_moment(original: Original) -> datetime | None:
    """The moment in the file, or the day in its name."""
    written, day = original.moment("published"), day_of_name(original.source)
    return written or (moment_of(day, original.settings) if day else None)


def _slug(entry: Entry) -> str:
    return entry.path.rstrip("/").rpartition("/")[2]


def _line(words: str) -> str:
    """What an editor typed, in one line. Raises FeedsiteError where nothing can be published of it."""
    line = " ".join(words.split())
    if not line:
        raise FeedsiteError("write in words what readers shall be told")
    if found := forbidden(line):
        raise FeedsiteError(f"the words hold a character that cannot be published (U+{ord(found[0]):04X})")
    return line


def _refuse_withdrawn(original: Original) -> None:
    if withdrawal := original.entry.withdrawal:
        when = in_words(withdrawal.at, original.settings)
        raise _refusal(original, f"was withdrawn on {when}; to take that back, delete the field `withdrawn` in it")


def _refuse_unpublished(original: Original, now: datetime, advice: str) -> None:
    """Refuses what only makes sense for an article that readers have."""
    _refuse_withdrawn(original)
    entry = original.entry
    if entry.nav is not None:
        raise _refusal(original, "is a standing page, of which nobody is sent anything; change its text")
    if entry.published == NEVER:
        raise _refusal(original, f"is a draft: {advice}")
    if entry.published > now:
        raise _refusal(original, f"appears only on {in_words(entry.published, original.settings)}: {advice}")


def _no_draft(original: Original, now: datetime) -> FeedsiteError:
    """Why an article cannot be published."""
    _refuse_withdrawn(original)
    entry = original.entry
    if entry.nav is not None:
        return _refusal(original, "is public already")
    when = in_words(entry.published, original.settings)
    if entry.published <= now:
        return _refusal(original, f"is public already, since {when}; for another date change `published` in it")
    return _refusal(original, f"appears by itself on {when}; `--at` gives it another time, `--at now` publishes it now")


def _refusal(original: Original, why: str) -> FeedsiteError:
    return FeedsiteError(in_one_line(f"{original.source} {why}"))
