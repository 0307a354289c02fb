"""What a worker knows of itself: its figures, and whether it does its work. What operators see of Live is read here."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..document import Document
from ..urls import HOME
from .live import Live

_LATE = timedelta(minutes=1)  # after which changes count as not taken in
_LOOK = 5  # seconds between two looks
# Why changes are not taken in, and how a log says it.
CAUSES = {
    "lock": "another process holds a lock in the cache folder",
    "error": "the last attempt failed",
    "reading": "files are still being read",
}
_log = logging.getLogger("feedsite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """Figures that rise and fall. `documents` are drawn and held; `taken_in` is when the files were last looked at."""

    public: int
    scheduled: int
    drafts: int
    faults: int
    documents: int
    taken_in: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Changes have not been taken in since a moment. `cause` is one of CAUSES, `reason` a sentence for the log."""

    since: datetime
    cause: str
    reason: str


def gauges(live: Live) -> Gauges:
    index = live.served.index
    public, scheduled, drafts = index.counts(live.clock())
    return Gauges(
        public=public,
        scheduled=scheduled,
        drafts=drafts,
        faults=index.fault_count(),
        documents=len(live.documents),
        taken_in=live.taken_in,
    )


def complaint(live: Live) -> str:
    """Why this worker should be asked no more; empty as long as it does its work. Anyone may read it."""
    if not live.is_following:
        return "This worker no longer follows its files."
    if not isinstance(live.site.find(HOME), Document):
        return "This worker has no site to serve."
    return ""


def health(live: Live) -> tuple[int, str]:
    """A status and a sentence. One that is late is asked on: a folder that hangs would else take every node away."""
    if said := complaint(live):
        return 503, said
    late = delay(live)
    return 200, f"ok, but no change has been taken in since {_moment(late.since)}" if late else "ok"


def delay(live: Live) -> Delay | None:
    """None while changes are taken in."""
    since = live.taken_in
    if live.clock() - since < _LATE:
        return None
    cause = "lock" if live.is_waiting else "error" if live.trouble else "reading"
    reason = f"{CAUSES[cause]}: {live.trouble}" if cause == "error" else CAUSES[cause]
    return Delay(since=since, cause=cause, reason=reason)


def watch(live: Live) -> None:
    """Logs from now on when changes are late, and when that is over, in a thread that ends with the process."""
    threading.Thread(target=_report, args=(live,), name="feedsite-vitals", daemon=True).start()


def _report(live: Live, pause: threading.Event | None = None) -> None:
    pause = pause or threading.Event()
    known = ""
    while not pause.wait(_LOOK):
        late = delay(live)
        if late and late.reason != known:
            _log.warning("no change has been taken in since %s: %s", _moment(late.since), late.reason)
        elif known and not late:
            _log.info("changes are taken in again")
        known = late.reason if late else ""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
