"""The health of a worker as operators see it: figures, whether it works, and since when and why changes are late."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..document import Document
from ..urls import HOME
from .live import Live

_LATE = timedelta(minutes=1)  # after which changes count as not taken in
_PAUSE = 5  # seconds between two checks
# Why changes are not taken in, and how the log words it.
CAUSES = {
    "lock": "another process holds a lock in the cache folder",
    "error": "the last attempt failed",
    "reading": "files are still being read",
}
_log = logging.getLogger("feedsite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """Figures that rise and fall. `documents` are those in memory; `taken_in` is when files were last compared."""

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
        faults=index.fault_count() + sum(not fault.is_note for fault in live.site.faults),
        documents=len(live.documents),
        taken_in=live.taken_in,
    )


def failure(live: Live) -> str:
    """Why a balancer should send no more requests to this worker; empty as long as it works. The text is public."""
    if not live.is_following:
        return "This worker no longer follows its files."
    if not isinstance(live.site.find(HOME), Document):
        return "This worker has no site to serve."
    return ""


def health(live: Live) -> tuple[int, str]:
    """A status and a sentence for a balancer's probe.

    A worker whose changes are late gets 200, for a folder that hangs would else take every node out of service.
    """
    if problem := failure(live):
        return 503, problem
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


def log_delays(live: Live) -> None:
    """Logs from now on when changes are late, and when they no longer are, in a thread that ends with the process."""
    threading.Thread(target=_log_delays, args=(live,), name="feedsite-health", daemon=True).start()


def _log_delays(live: Live, stop: threading.Event | None = None) -> None:
    stop = stop or threading.Event()
    logged = ""  # the reason of the delay
    while not stop.wait(_PAUSE):
        late = delay(live)
        if late and late.reason != logged:
            _log.warning("no change has been taken in since %s: %s", _moment(late.since), late.reason)
        elif logged and not late:
            _log.info("changes are taken in again")
        logged = late.reason if late else ""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
