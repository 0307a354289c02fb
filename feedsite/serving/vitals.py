"""What a worker knows of itself: its figures, and whether it does its work. What operators see of Live is read here."""

from dataclasses import dataclass
from datetime import datetime

from ..document import Document
from ..urls import HOME
from .live import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """Figures that rise and fall. `documents` are drawn and held; `taken_in` is when the files were last looked at."""

    public: int
    scheduled: int
    drafts: int
    faults: int
    documents: int
    taken_in: datetime


def gauges(live: Live) -> Gauges:
    index = live.holdings.index
    public, scheduled, drafts = index.counts(live.clock())
    return Gauges(
        public=public,
        scheduled=scheduled,
        drafts=drafts,
        faults=index.fault_count(),
        documents=len(live.drawn),
        taken_in=live.taken_in,
    )


def complaint(live: Live) -> str:
    """Why this worker should be asked no more; empty as long as it does its work. Anyone may read it."""
    if not live.is_following:
        return "This worker no longer follows its files."
    if not isinstance(live.site.find(HOME), Document):
        return "This worker has no site to serve."
    return ""
