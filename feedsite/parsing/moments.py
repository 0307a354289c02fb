"""Dates and times as editors write them, as aware datetimes."""

import calendar
import re
from datetime import UTC, datetime

from ..codes import Code
from ..wording import MONTHS
from .fieldtypes import LONGEST_WORD, Context, FieldType, one_line
from .meantmoments import FIRST_YEAR, LAST_YEAR, advice, certain
from .nodes import Node
from .quoting import shown

_WRITTEN = (
    "([0-9]{4})-([0-9]{2})-([0-9]{2})"
    "(?:[Tt ]+([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)

# Of days and times that do not exist a schema knows all but 29 February, and hours that clocks skip.
_EXISTING = (
    "[1-9][0-9]{3}-(?!02-30|(?:0[2469]|11)-31)(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "(?:[Tt ]+(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?"
    "[ ]*(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?"
)


def _moment(node: Node, context: Context) -> datetime:
    """A date and time (RFC 3339), with the offset it was written with or that of the site's zone; whole seconds.

    A day alone means its first second. A time that a clock change skips or doubles is a fault: feedsite does not guess.
    """
    value = one_line(node, context, LONGEST_WORD)
    found = re.fullmatch(_WRITTEN, value)
    if not found:
        message = f"{shown(value)} is not {MOMENT.words}; {advice(value, context.zone)}"
        context.refuse(Code.NO_MOMENT, node.mark, message, certain(value, context.zone))
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        context.refuse(
            Code.YEAR_OUTSIDE, node.mark, f"{shown(value)}: the year {year} lies outside {FIRST_YEAR} to {LAST_YEAR}"
        )
    try:
        naive = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # its zone comes below
    except ValueError:
        is_end = (hour, minute, second) == (24, 0, 0) and 1 <= month <= 12
        write = f"; {advice(value, context.zone)}" if is_end and day <= calendar.monthrange(year, month)[1] else ""
        context.refuse(
            Code.NO_SUCH_DAY, node.mark, f"{shown(value)} does not exist: {_why_not(year, month, day)}{write}"
        )
    offset = found[7]
    if offset is None:
        return _in_zone(naive, value, node, context)
    try:
        if offset[-2:] > "59" and offset not in "Zz":
            raise ValueError(offset)
        return datetime.fromisoformat(f"{naive.isoformat()}{offset.upper()}")
    except ValueError:
        context.refuse(
            Code.NO_SUCH_DAY,
            node.mark,
            f"{shown(value)}: the offset {offset} does not exist; write one such as +01:00, or Z",
        )


def _in_zone(naive: datetime, value: str, node: Node, context: Context) -> datetime:
    """The moment at which clocks in the site's zone show this time. There must be exactly one."""
    zone = context.zone
    early, late = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    after = early.astimezone(UTC).astimezone(zone)
    is_skipped = after.replace(tzinfo=None) != naive
    why = "does not exist in {0}: the clocks skip that hour" if is_skipped else "comes twice in {0}: the clocks go back"
    fix = after.isoformat() if is_skipped else f"{early.isoformat()} or {late.isoformat()}"
    return context.refuse(Code.CLOCK_CHANGE, node.mark, f"{shown(value)} {why.format(zone.key)}; write {fix}")


def _why_not(year: int, month: int, day: int) -> str:
    """Why no such moment exists."""
    if not 1 <= month <= 12:
        return "months run from 01 to 12, and stand before the day: year-month-day"
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"{MONTHS[month - 1]} {year} has {days} days"
    return "hours run from 00 to 23, minutes and seconds to 59"


MOMENT = FieldType(
    "a date and time", {"type": ["string"], "pattern": f"^{_EXISTING}$", "maxLength": LONGEST_WORD}, _moment
)
