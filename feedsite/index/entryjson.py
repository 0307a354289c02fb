"""An Entry as the index keeps it, and back: columns to search by, a line of JSON (the record), and the body.

Law: `entry(record(entry), entry.source, entry.body) == entry`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from ..collection import items_of, names_of, plain_name
from ..model import NEVER, Category, Correction, Enclosure, Entry, Image, Nav, Person, Picture, Withdrawal
from ..pictures.parsed import Shape
from .unusable import strange

_BESIDE = ("source", "body")  # columns of their own
_DEFAULTS = {
    "urn": None,
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
    "pin": False,
    "nav": None,
    "pictures": (),
}
_WRITTEN = tuple(name for name in Entry.__slots__ if name not in _BESIDE)


class EntryRow(NamedTuple):
    """An Entry as the index keeps it, beside its file's path.

    `id` is the entry's IRI: so no two articles that stand have one id in Atom, whatever their files name.
    `published` and `updated` are in seconds. `aliases`, `items` and `names` are JSON; `items` are as in the schema, but
    with the keys of the collections, for only the index has their numbers. `face` is a hash of what lists show of the
    entry, `digest` one of all of it. `shown` is how pages link to a standing page, as `page_link` reads it.
    A tuple goes from one process to another in half of a dataclass's time.
    """

    id: str
    address: str
    published: int
    updated: int
    aliases: str
    face: bytes
    digest: bytes
    is_withdrawn: bool
    items: str
    names: str
    shown: str
    record: str
    body: str


def row_of(entry: Entry) -> EntryRow:
    line, named = record(entry), names_of(entry)
    return EntryRow(
        id=entry.iri,
        address=entry.path,
        published=int(entry.published.timestamp()),
        updated=int(entry.updated.timestamp()),
        aliases=written(entry.aliases),
        face=article_hash(line),
        digest=article_hash(line, entry.body),
        is_withdrawn=entry.withdrawal is not None,
        items=_ENCODER.encode(items_of(entry, named)),
        names=_names(named),
        shown=_shown(entry),
        record=line,
        body=entry.body,
    )


def article_hash(*texts: str) -> bytes:
    """A hash of a record, or of a record and a body."""
    return blake2b("\n".join(texts).encode(), digest_size=12).digest()


def record(entry: Entry) -> str:
    """All fields but the body and the source, without those that have their default value."""
    values = {name: getattr(entry, name) for name in _WRITTEN}
    given = {name: value for name, value in values.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
    return _ENCODER.encode(given)


def entry(text: str, source: str, body: str, **instead: Any) -> Entry:
    """The Entry of a record, with the fields in `instead` in the place of its own.

    Raises ValueError, LookupError or TypeError for what `record` never wrote.
    """
    values = json.loads(text)
    for name, made in _MADE.items():
        if name in values:
            values[name] = made(values[name])
    return Entry(source=source, body=body, **values | instead)


def written(values: tuple[str, ...] | Mapping[str, tuple[int, int, int]]) -> str:
    """Aliases, or places, as a column has them: JSON, and "" for none."""
    return _ENCODER.encode(values) if values else ""


def encoded(items: list[tuple[str, int, list[int]]]) -> str:
    """The items of an entry as a column has them, with the numbers of the collections."""
    return _ENCODER.encode(items)


def places(text: str) -> dict[str, tuple[int, int, int]]:
    """The line, column and end of some fields of a file, by their names, and of each alias (EntryFile.places).

    Raises Unusable for what was never written there.
    """
    try:
        found = json.loads(text or "{}")
        return {str(name): (int(line), int(column), int(end)) for name, (line, column, end) in found.items()}
    except (AttributeError, TypeError, ValueError):
        raise strange() from None


def names(text: str) -> dict[str, str]:
    """The names of a column. Raises Unusable for what was never written there."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise strange()
    return found


def aliases(text: str) -> tuple[str, ...]:
    """The aliases of a column."""
    return tuple(json.loads(text)) if text else ()


def _names(named: Mapping[str, str]) -> str:
    """What an entry calls its collections, as JSON; "" where all have plain names."""
    names = {key: name for key, name in named.items() if name != plain_name(key)}
    return _ENCODER.encode(names) if names else ""


def _shown(entry: Entry) -> str:
    if entry.nav is None or entry.nav.place == "none" or entry.published == NEVER:
        return ""
    return _ENCODER.encode((entry.nav.place, entry.nav.order, entry.title, entry.language))


def page_link(text: str) -> tuple[Nav, str, str]:
    """Where pages link to a standing page, its title and its language, of a column that is not "".

    Raises Unusable for what was never written there.
    """
    try:
        place, order, title, language = json.loads(text)
        if not isinstance(order, int | None) or not all(isinstance(each, str) for each in (place, title, language)):
            raise TypeError
    except (TypeError, ValueError):
        raise strange() from None
    return Nav(place=place, order=order), title, language


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
    "corrections": _all(lambda members: Correction(**members | {"at": _moment(members["at"])})),
    "withdrawal": lambda members: Withdrawal(**members | {"at": _moment(members["at"])}),
    "aliases": tuple,
    "nav": lambda members: Nav(**members),
    "pictures": _all(lambda members: Picture(**members | {"shape": Shape(**members["shape"])})),
}
