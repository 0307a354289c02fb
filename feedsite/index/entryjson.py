"""An Entry as a line of JSON, as the index keeps it, and back. The body is kept beside: lists of articles do without.

Law: `entry(record(entry), entry.source, entry.body) == entry`.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from ..model import Category, Correction, Enclosure, Entry, Image, Person, Withdrawal

_BESIDE = ("source", "body")  # columns of their own
_DEFAULTS = {
    "is_summary_written": False,
    "contributors": (),
    "section": None,
    "tags": (),
    "image": None,
    "enclosures": (),
    "link": None,
    "rights": None,
    "corrections": (),
    "withdrawal": None,
    "aliases": (),
}
_WRITTEN = tuple(name for name in Entry.__slots__ if name not in _BESIDE)


def record(entry: Entry) -> str:
    """Everything but the body and the source; what says nothing is left out."""
    values = {name: getattr(entry, name) for name in _WRITTEN}
    told = {name: value for name, value in values.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
    return _ENCODER.encode(told)


def entry(text: str, source: str, body: str, **instead: Any) -> Entry:
    """`instead` are fields that hold another value now.

    Raises ValueError, LookupError or TypeError for what `record` never wrote.
    """
    values = json.loads(text)
    for name, made in _MADE.items():
        if name in values:
            values[name] = made(values[name])
    return Entry(source=source, body=body, **values | instead)


def written(aliases: tuple[str, ...]) -> str:
    """Aliases as a column holds them; "" for none, as nearly all articles have."""
    return _ENCODER.encode(aliases) if aliases else ""


def aliases(text: str) -> tuple[str, ...]:
    """What `written` was given."""
    return tuple(json.loads(text)) if text else ()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())  # moments are in whole seconds of UTC
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__slots__}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)  # made once: half of the time


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _all(made: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: tuple(made(value) for value in values)


def _person(members: Any) -> Person:
    return Person(**members)


def _category(members: Any) -> Category:
    return Category(**members)


_MADE: dict[str, Callable[[Any], Any]] = {
    "published": _moment,
    "updated": _moment,
    "day": date.fromisoformat,
    "authors": _all(_person),
    "contributors": _all(_person),
    "section": _category,
    "tags": _all(_category),
    "image": lambda members: Image(**members),
    "enclosures": _all(lambda members: Enclosure(**members)),
    "corrections": _all(lambda members: Correction(at=_moment(members["at"]), note=members["note"])),
    "withdrawal": lambda members: Withdrawal(at=_moment(members["at"]), reason=members["reason"]),
    "aliases": tuple,
}
