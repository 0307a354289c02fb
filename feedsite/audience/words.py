"""Numbers and times as they stand in the table and in the chart."""

from datetime import UTC, datetime
from functools import partial

from .. import wording
from ..cells import cells
from .figures import Audience, Reader

NONE = "–"
counted = partial(wording.counted, form=",")
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_SPANS = ((2 * 86400, 86400, "day"), (2 * 3600, 3600, "hour"), (2 * 60, 60, "minute"), (0, 1, "second"))


def heading(audience: Audience) -> str:
    """What the figures are about, in a sentence."""
    if not audience.requests:
        return "The logs hold no request."
    if not audience.feeds:
        return f"No feed was asked for {period(audience)}"
    return f"Who polled {counted(audience.polled, 'feed')} {period(audience)}"


def period(audience: Audience) -> str:
    """from 22 Nov 2026, 09:00, to 23 Nov 2026, 09:00 UTC (24 hours)"""
    first, last = (datetime.fromtimestamp(moment, UTC) for moment in (audience.first, audience.last))
    return f"from {_minute(first)}, to {_minute(last)} UTC ({_span(audience.last - audience.first)})"


def _minute(moment: datetime) -> str:
    return f"{moment.day} {wording.SHORT_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"


def _span(seconds: float) -> str:
    unit, noun = next((unit, noun) for least, unit, noun in _SPANS if seconds >= least)
    return counted(round(seconds / unit), noun)


def people(reader: Reader) -> str:
    """1,234 if the reader claims so many, ~35 if its clients were counted."""
    return f"{'' if reader.is_claimed else '~'}{reader.subscribers:,}"


def rate(an_hour: float | None) -> str:
    if an_hour is None:
        return NONE
    if not an_hour:
        return "0"
    return f"{an_hour:,.0f}" if an_hour >= 99.95 else f"{an_hour:.1f}" if an_hour >= 0.95 else f"{an_hour:.2f}"


def share(part: float) -> str:
    """In per cent. Only all of them are 100 %, and only none are 0 %."""
    return f"{round(part * 100) if part in (0, 1) else min(max(round(part * 100), 1), 99)}%"


def size(number: int) -> str:
    """A number of bytes in decimal units."""
    power = 0
    while number >= 999.5 * 1000**power and power < len(_UNITS) - 1:
        power += 1
    scaled = number / 1000**power
    return f"{scaled:,.0f} {_UNITS[power]}" if scaled >= 99.95 or not power else f"{scaled:.1f} {_UNITS[power]}"


def cut(text: str, columns: int) -> str:
    """The text in at most so many columns, with an ellipsis if it is longer."""
    if cells(text) <= columns:
        return text
    while cells(text) >= columns:
        text = text[:-1]
    return f"{text}…"
