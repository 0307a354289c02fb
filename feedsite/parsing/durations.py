"""How long a recording plays, and how many bytes it has, as editors write them."""

import re

from ..codes import Code
from .madetypes import matching
from .quoting import quoted, without_marks

_MOST_HOURS = 999
_UNIT = r"[^\W\d_]{1,8}\.?"
# `1h 5m`, `31 min 5 s`, `PT31M5S`, `31'05`; and a clock with single digits, `1:5:00`.
_PARTS = re.compile(rf"(?:PT)?((?:\d{{1,4}} ?(?:{_UNIT}|['\"′″’”]{{1,2}}),? ?(?:and )?)+)(\d{{1,2}})?", re.IGNORECASE)
_PART = re.compile(rf"(\d{{1,4}}) ?({_UNIT}|['\"′″’”]{{1,2}})")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})")
_SECONDS_OF = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures"), 3600),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten", "'", "′", "’"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunden", '"', "″", "”", "''"), 1),
}
_GROUPED = re.compile("[0-9]{1,3}(?:[,.'’ \u00a0\u202f_][0-9]{3}){1,4}")


def _seconds(clock: str) -> int:
    """The seconds of `00:31:05`, of `31:05`, or of a number of seconds."""
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _clock_advice(text: str) -> str:
    seconds = _meant(without_marks(text).casefold())
    if seconds is None:
        return 'write hours, minutes and seconds: "00:31:05"'
    return f"write {quoted(f'{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}')}"


def _meant(text: str) -> int | None:
    """The seconds of a duration in another spelling; None where it may mean several, or nothing."""
    if clock := _CLOCK.fullmatch(text):
        parts = [int(part or 0) for part in clock.groups()]
        return _seconds(":".join(map(str, parts))) if parts[2] < 60 and (not clock[1] or parts[1] < 60) else None
    if not (found := _PARTS.fullmatch(text)):
        return None
    units = [(int(number), _SECONDS_OF.get(unit.rstrip("."))) for number, unit in _PART.findall(found[1])]
    sizes = [size for _, size in units if size]
    if len(sizes) < len(units) or sizes != sorted(set(sizes), reverse=True):
        return None
    if found[2] is not None:  # 31'05, 1h5
        if sizes[-1] == 1:
            return None
        units.append((int(found[2]), sizes[-1] // 60))
    if any(number >= 60 for number, _ in units[1:]):
        return None
    seconds = sum(number * (size or 0) for number, size in units)
    return seconds if seconds < (_MOST_HOURS + 1) * 3600 else None


def _length_advice(text: str) -> str:
    meant = without_marks(text)
    digits = re.sub("[^0-9]", "", meant) if _GROUPED.fullmatch(meant) else ""
    write = f"write {digits}" if digits else "write its bytes in digits, such as 12345"
    return f"leave length out for a file of the site, or {write}"


DURATION = matching(  # in seconds
    Code.NO_DURATION,
    "a duration",
    "[0-9]{1,6}|[0-9]{1,3}(:[0-5][0-9]){1,2}",
    _clock_advice,
    _seconds,
    is_number=True,
)
LENGTH = matching(Code.NO_LENGTH, "a whole number", "[0-9]{1,15}", _length_advice, int, is_number=True)  # of bytes
