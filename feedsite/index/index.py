"""What each file said when it was last read, kept from one start to the next.

All of it is made of the files and can be made of them again. Of a file that breaks, its last good version stays.
Articles stand in `content`, once; lists, lookups and comparisons never touch that.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..codehash import code_hash
from ..errors import Fault
from ..model import NEVER, Entry
from . import entryjson
from .database import Connection, Database, Unusable, strange
from .entryjson import article_hash, row_of
from .readresult import ReadResult, Signature
from .writer import BELOW, MEDIUM, IndexWriter

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE file (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    hash BLOB,
    derived_id TEXT,
    first_line INTEGER NOT NULL,
    id TEXT, address TEXT, published INTEGER, aliases TEXT NOT NULL DEFAULT '',
    face BLOB, digest BLOB, is_withdrawn INTEGER,
    is_kept INTEGER NOT NULL DEFAULT 0,
    sound TEXT NOT NULL DEFAULT ''
);
CREATE INDEX newest ON file (published DESC, id) WHERE is_kept;
CREATE INDEX aliased ON file (number) WHERE aliases != '';
CREATE TABLE content (number INTEGER PRIMARY KEY, record TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE former (
    number INTEGER PRIMARY KEY, id, address, published, aliases, face, digest, is_withdrawn, record, body
);
CREATE TABLE claim (
    key TEXT, number INTEGER, is_held INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (key, number)
) WITHOUT ROWID;
CREATE TABLE fault (path TEXT, origin TEXT, line INTEGER, place INTEGER, message TEXT, is_note INTEGER);
CREATE INDEX fault_path ON fault (path);
CREATE INDEX wrong ON fault (path) WHERE NOT is_note;
CREATE TABLE medium (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    digest TEXT
) WITHOUT ROWID;
CREATE INDEX undigested ON medium (path) WHERE digest = '';
CREATE TABLE drawn (path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE begun (path TEXT PRIMARY KEY, digest TEXT NOT NULL, moment INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('count', 0);
CREATE TRIGGER counted AFTER UPDATE OF is_kept, published ON file BEGIN
    UPDATE meta SET value = value + (NEW.is_kept AND NEW.published < 253402214400)
        - (OLD.is_kept AND OLD.published < 253402214400) WHERE name = 'count';
END;
CREATE TRIGGER uncounted AFTER DELETE ON file WHEN OLD.is_kept AND OLD.published < 253402214400 BEGIN
    UPDATE meta SET value = value - 1 WHERE name = 'count';
END;
"""  # 253402214400 is NEVER
# An index that was written under another schema, or of other values or claims, holds nothing for us.
WRITTEN_BY = ("index.claims", "index.entryjson")
_VERSION = int(code_hash(*WRITTEN_BY, beside=_SCHEMA)[:7], 16)


@dataclass(frozen=True, slots=True)
class Derived:
    """An article that names no id: its file, the id that it goes by, and the line where its first field stands."""

    source: str
    id: str
    first_line: int


class Index:
    """The index of one site: a file, or without a path in memory. Every method raises database.Unusable."""

    def __init__(self, path: Path | None = None) -> None:
        self.database = Database(path, _SCHEMA, _VERSION)

    @property
    def is_in_memory(self) -> bool:
        return self.database.path is None

    def in_memory(self) -> "Index":
        """The same in memory, from where it goes on by itself."""
        copy = Index()
        self.database.copy_to(copy.database)
        return copy

    def close(self) -> None:
        self.database.close()

    def reading(self) -> AbstractContextManager[Connection]:
        """One view for several questions."""
        return self.database.reading()

    @contextmanager
    def writing(self) -> Iterator[IndexWriter]:
        """Changes that become true together at its end. What the same thread asks meanwhile sees them already."""
        with self.database.writing() as connection:
            yield IndexWriter(connection)

    def meta(self, name: str) -> Any:
        """A value that `tell` kept; None where there is none."""
        with self.reading() as view:
            found = view.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return found and found[0]

    def known(self, below: str = "") -> dict[str, Signature | None]:
        """The file with this path, or all files below the folder with this path; without one every file, in order of
        their numbers: that is twice as fast.
        """
        with self.reading() as view:
            where = f"WHERE {BELOW}" if below else ""
            question = f"SELECT path, size, mtime_ns, ctime_ns, inode FROM file {where}"  # noqa: S608  # constants
            found = view.execute(question, (below,) if below else ())
            return {path: None if size is None else (size, *rest) for path, size, *rest in found}

    def hash(self, path: str) -> bytes | None:
        """Of the file's bytes when it was last read."""
        with self.reading() as view:
            found = view.execute("SELECT hash FROM file WHERE path = ?", (path,)).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None

    def ids(self, paths: Iterable[str]) -> dict[str, str]:
        """Of the articles in these files, as far as they hold any."""
        with self.reading() as view:
            found = (view.execute("SELECT path, id FROM file WHERE path = ?", (path,)).fetchone() for path in paths)
            return {row[0]: row[1] for row in found if row and row[1]}

    def refused(self) -> set[str]:
        """The files whose articles stand as they were, for what the files say now is another's."""
        with self.reading() as view:
            found = view.execute("SELECT path FROM fault WHERE NOT is_note AND origin = 'refused'")
            return {path for (path,) in found}

    def counts(self, now: datetime) -> tuple[int, int, int]:
        """Of the articles that stand: public, scheduled, drafts."""
        moment, never = int(now.timestamp()), int(NEVER.timestamp())
        with self.reading() as view:
            scheduled, drafts = view.execute(
                "SELECT count(*) FILTER (WHERE published < ?2), count(*) FILTER (WHERE published = ?2)"
                " FROM file WHERE is_kept AND published > ?1",
                (moment, never),
            ).fetchone()
            return self.public() - scheduled, scheduled, drafts

    def public(self) -> int:
        """How many articles stand, drafts apart; scheduled ones among them."""
        count = self.meta("count")
        if not isinstance(count, int):
            raise strange()
        return count

    def faults_below(self, path: str, origin: str) -> set[Fault]:
        with self.reading() as view:
            found = view.execute(
                f"SELECT path, line, place, message, is_note FROM fault WHERE {BELOW} AND origin = ?2",  # noqa: S608  # a constant
                (path, origin),
            )
            return {_fault(*row) for row in found}

    def faults(self, *, with_notes: bool = True) -> list[Fault]:
        """All faults, and the notes unless there may be too many of them, in the order of files and lines."""
        kinds = "" if with_notes else "WHERE NOT is_note"
        with self.reading() as view:
            question = f"SELECT DISTINCT path, line, place, message, is_note FROM fault {kinds}"  # noqa: S608  # a constant
            found = view.execute(question).fetchall()
        return sorted(_fault(*row) for row in found)

    def fault_count(self) -> int:
        """Without notes."""
        with self.reading() as view:
            return int(view.execute("SELECT count(*) FROM fault WHERE NOT is_note").fetchone()[0])

    def entry(self, number: int) -> Entry:
        """An article with the aliases that nobody else holds. Raises Unusable where it is not what was kept."""
        with self.reading() as view:
            found = view.execute(
                "SELECT path, record, body, digest, sound FROM file JOIN content USING (number) WHERE number = ?",
                (number,),
            ).fetchone()
        if not found:
            raise Unusable("an article is missing in it", is_damaged=True)
        path, record, body, digest, sound = found
        try:
            if article_hash(record, body) == digest:
                return entryjson.entry(record, path, body, aliases=entryjson.aliases(sound))
        except (LookupError, TypeError, ValueError):
            raise strange() from None
        raise Unusable("an article in it was changed by something else", is_damaged=True)

    def kept(self) -> Iterator[Entry]:
        """Every entry that stands, drafts and scheduled ones too."""
        with self.reading() as view:
            numbers = view.execute("SELECT number FROM file WHERE is_kept ORDER BY published DESC, id").fetchall()
            yield from (self.entry(number) for (number,) in numbers)

    def last_good(self) -> list[ReadResult]:
        """Of the files that are faulty now, what they said before, for another index of the same folder."""
        with self.reading() as view:
            found = view.execute(
                "SELECT path, record, body FROM file JOIN content USING (number) WHERE path IN"
                " (SELECT path FROM fault WHERE origin = 'file' AND NOT is_note)"
            ).fetchall()
        try:
            return [ReadResult(path, entry=row_of(entryjson.entry(record, path, body))) for path, record, body in found]
        except (LookupError, TypeError, ValueError):
            raise strange() from None

    def derived(self) -> list[Derived]:
        """The articles without an id of their own, in the order of files; no faulty ones."""
        with self.reading() as view:
            found = view.execute(
                "SELECT path, derived_id, first_line FROM file WHERE derived_id IS NOT NULL AND id = derived_id"
                " ORDER BY path"
            )
            return [Derived(*row) for row in found]

    def medium(self, path: str) -> tuple[str, Signature, str] | None:
        """The media type, the signature and the digest of a picture or recording; None where there is none."""
        with self.reading() as view:
            found = view.execute(f"SELECT {MEDIUM} FROM medium WHERE path = ?", (path,)).fetchone()  # noqa: S608  # a constant
        return (found[0], tuple(found[1:5]), found[5] or "") if found else None

    def media(self, below: str = "") -> dict[str, Signature]:
        """Of each picture and recording, by its path in the folder."""
        with self.reading() as view:
            where = f"WHERE {BELOW}" if below else ""
            question = f"SELECT path, size, mtime_ns, ctime_ns, inode FROM medium {where}"  # noqa: S608  # constants
            return {path: tuple(rest) for path, *rest in view.execute(question, (below,) if below else ())}

    def undigested(self) -> set[str]:
        """The pictures and recordings whose digest has still to be taken."""
        with self.reading() as view:
            return {path for (path,) in view.execute("SELECT path FROM medium WHERE digest = ''")}

    def begun(self) -> dict[str, tuple[str, datetime]]:
        """By path: the digest of what this node serves there, and since when (serving/lastmodified.py)."""
        with self.reading() as view:
            found = view.execute("SELECT path, digest, moment FROM begun").fetchall()
        try:
            return {path: (digest, datetime.fromtimestamp(moment, UTC)) for path, digest, moment in found}
        except (ArithmeticError, TypeError, ValueError):
            raise strange() from None

    def drawn(self, path: str, fingerprint: str) -> bytes | None:
        """A drawing that another process kept, if it is of these ingredients."""
        with self.reading() as view:
            found = view.execute(
                "SELECT content FROM drawn WHERE path = ? AND fingerprint = ?", (path, fingerprint)
            ).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None


def _fault(path: str, line: int, place: int, message: str, is_note: int) -> Fault:
    return Fault(path, line, place, message, bool(is_note))
