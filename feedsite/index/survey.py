"""Questions about all articles at once, which `feedsite check` asks and no server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..model import NEVER
from . import entryjson
from .claims import address_claim
from .index import Index
from .rows import COLUMNS, Row, row_of
from .unusable import strange

_NEVER = int(NEVER.timestamp())
_PAGES = "path > 'pages/' AND path < 'pages0'"  # 0 follows / in ASCII


def page_count(index: Index) -> int:
    """The number of all files of standing pages, faulty ones and drafts too."""
    with index.reading() as view:
        return int(view.execute(f"SELECT count(*) FROM file WHERE {_PAGES}").fetchone()[0])  # noqa: S608  # a constant


def file_counts(index: Index) -> tuple[int, int]:
    """The numbers of all files of articles, faulty ones and drafts too, and of withdrawn articles."""
    with index.reading() as view:
        (files,) = view.execute(f"SELECT count(*) FROM file WHERE NOT ({_PAGES})").fetchone()  # noqa: S608  # a constant
        (withdrawn,) = view.execute("SELECT count(*) FROM file WHERE stands AND is_withdrawn").fetchone()
    return int(files), int(withdrawn)


def standing(index: Index) -> Iterator[Row]:
    """Every entry that stands, drafts and scheduled ones too, in the order of ids. To be called within Index.reading,
    for it reads the index on the way.
    """
    with index.reading() as view:
        try:
            yield from map(row_of, view.execute(f"SELECT {COLUMNS} FROM file f WHERE f.stands ORDER BY f.id"))  # noqa: S608  # a constant
        except (TypeError, ValueError):
            raise strange() from None


def asking(index: Index) -> set[str]:
    """The entry files whose entries have facts of pictures or recordings, also of those that do not exist."""
    with index.reading() as view:
        return {path for (path,) in view.execute("SELECT DISTINCT path FROM asked JOIN file USING (number)")}


def places(index: Index, path: str) -> dict[str, tuple[int, int, int]]:
    """Where some fields of an entry file stand (entryjson.places)."""
    with index.reading() as view:
        found = view.execute("SELECT places FROM file WHERE path = ?", (path,)).fetchone()
    return entryjson.places(found[0]) if found else {}


def of_one_second(index: Index) -> Iterator[tuple[datetime, str, dict[str, tuple[int, int, int]]]]:
    """The articles that share their moment with another, the oldest first: moment, file, and `places`."""
    of_several = "SELECT published FROM file WHERE stands AND published < ?1 GROUP BY published HAVING count(*) > 1"
    question = (
        f"SELECT published, path, places FROM file WHERE stands AND published IN ({of_several})"  # noqa: S608  # a constant
        " ORDER BY published, sort_name"
    )
    with index.reading() as view:
        for moment, path, known in view.execute(question, (_NEVER,)).fetchall():
            yield datetime.fromtimestamp(moment, UTC), path, entryjson.places(known)


class Glimpse(NamedTuple):
    """What tells in a blink whether anything may be noted of an entry: its last change in seconds, its body, its
    authors and contributors (JSON, the same text for the same people), and whether it has an image or enclosures.
    """

    number: int
    updated: int
    body: str
    people: str
    has_files: bool


def glimpses(index: Index) -> Iterator[Glimpse]:
    """One of every entry that stands, in a fifth of the time in which the entries are made. To be called within
    Index.reading, for the index is read on the way.
    """
    question = (
        "SELECT number, updated, body, json_extract(record, '$.authors', '$.contributors'),"
        " json_extract(record, '$.image', '$.enclosures') != '[null,null]'"
        " FROM file JOIN content USING (number) WHERE stands"
    )
    with index.reading() as view:
        yield from map(Glimpse._make, view.execute(question))


def names_of(people: str) -> list[str]:
    """The names in Glimpse.people."""
    try:
        return [person["name"] for group in json.loads(people) for person in group or ()]
    except (LookupError, TypeError, ValueError):
        raise strange() from None


class Filed(NamedTuple):
    """An entry file as it was last read: its article's number, and its last good address and aliases.

    A draft has the address that it would have; a file that always had faults has "".
    """

    number: int
    source: str
    address: str
    aliases: tuple[str, ...]


def files(index: Index) -> list[Filed]:
    """All entry files, of standing pages too, in the order of their paths."""
    with index.reading() as view:
        found = view.execute("SELECT number, path, coalesce(address, ''), aliases FROM file ORDER BY path").fetchall()
    return [Filed(number, path, address, entryjson.aliases(aliases)) for number, path, address, aliases in found]


def article_at(index: Index, path: str) -> int | None:
    """The number of the article, public or scheduled, or standing page that has this path as address or alias."""
    question = "SELECT number, address, kept_aliases FROM claim JOIN file USING (number) WHERE key = ? AND is_held"
    with index.reading() as view:
        found = view.execute(f"{question} AND stands", (address_claim(path),)).fetchall()
    return next((row[0] for row in found if path in (row[1], *entryjson.aliases(row[2]))), None)


def holder(index: Index, path: str) -> str:
    """The file of the article or standing page that holds this path as an address or alias; "" if none does.

    Paths are the same here if they may be one file somewhere (urls.key).
    """
    question = "SELECT path FROM claim JOIN file USING (number) WHERE key = ? AND is_held AND stands"
    with index.reading() as view:
        found = view.execute(question, (address_claim(path),)).fetchone()
    return str(found[0]) if found else ""


def linking(index: Index, source: str) -> list[str]:
    """The files of the articles and pages whose texts link to this file by its name, in their order."""
    question = "SELECT path FROM link JOIN file USING (number) WHERE link.file = ? ORDER BY path"
    with index.reading() as view:
        return [path for (path,) in view.execute(question, (source,))]


class Renamed(NamedTuple):
    """A file without an id that seems to be another one under a new name, and what that one had."""

    source: str
    former_source: str
    id: str
    address: str
    has_address: bool  # the article has that address now as well
    aliases: tuple[str, ...]


def renamed(index: Index) -> list[Renamed]:
    """Those whose former ids no other article has by now, in the order of files."""
    question = (
        "SELECT path, former_path, r.id, r.address, r.address = f.address, f.aliases"
        " FROM renamed r JOIN file f USING (path) WHERE f.id = f.derived_id AND f.stands"
        " AND NOT EXISTS (SELECT 1 FROM claim WHERE key = 'id:' || r.id) ORDER BY path"
    )
    with index.reading() as view:
        found = view.execute(question).fetchall()
    return [
        Renamed(path, former, entry_id, address, bool(is_same), entryjson.aliases(aliases))
        for path, former, entry_id, address, is_same, aliases in found
    ]


def address_of(index: Index, source: str) -> str:
    """The address of the article or the page in this file, public or scheduled; "" if there is none."""
    question = "SELECT address FROM file WHERE path = ? AND stands AND published != ?"
    with index.reading() as view:
        found = view.execute(question, (source, _NEVER)).fetchone()
    return str(found[0]) if found else ""


def state(index: Index) -> tuple[Any, ...] | None:
    """All that the index has of files, but the texts of articles, of which it has digests; None where a file has still
    to be read again.
    """
    questions = (
        "SELECT path, hash, digest, derived_id, places, stands, kept_aliases FROM file ORDER BY path",
        "SELECT path, kind, size, mtime_ns, ctime_ns, inode, shape FROM medium ORDER BY path",
        "SELECT DISTINCT path FROM fault WHERE NOT is_note ORDER BY path",
        "SELECT id, address, published FROM former_address ORDER BY row",
        "SELECT path, former_path, id, address FROM renamed ORDER BY row",
        "SELECT value FROM meta WHERE name = 'read with'",
    )
    with index.reading() as view:
        files, *others = (view.execute(question).fetchall() for question in questions)
    return None if any(row[1] is None for row in files) else (files, *others)


def sources(index: Index) -> list[str]:
    """All files of articles and pages, in the order of their paths."""
    with index.reading() as view:
        return [path for (path,) in view.execute("SELECT path FROM file ORDER BY path")]


def addresses(index: Index) -> list[str]:
    """The addresses of all articles, public or scheduled, and of all standing pages."""
    with index.reading() as view:
        found = view.execute("SELECT address FROM file WHERE stands AND published != ?", (_NEVER,))
        return [address for (address,) in found]


def scheduled(index: Index, now: datetime) -> dict[int, datetime]:
    """When those articles appear that are not public yet, by their numbers."""
    question = "SELECT number, published FROM file WHERE stands AND published > ? AND published != ?"
    with index.reading() as view:
        found = view.execute(question, (int(now.timestamp()), _NEVER))
        return {number: datetime.fromtimestamp(moment, UTC) for number, moment in found}


def drafts(index: Index) -> list[tuple[str, str]]:
    """The address that each draft would have, and its file."""
    with index.reading() as view:
        return view.execute("SELECT address, path FROM file WHERE stands AND published = ?", (_NEVER,)).fetchall()


def is_taken(index: Index, entry_id: str, address: str) -> bool:
    """Whether an article has this id, or this address: as its own or an alias, or as a draft that will have it."""
    claims = "SELECT 1 FROM claim WHERE key IN (?, ?)"
    addresses = "SELECT 1 FROM file WHERE stands AND address = ?"
    with index.reading() as view:
        found = view.execute(
            f"{claims} UNION ALL {addresses} LIMIT 1",  # constants
            (f"id:{entry_id}", address_claim(address), address),
        )
        return found.fetchone() is not None
