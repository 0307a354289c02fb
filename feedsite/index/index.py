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

from ..errors import Fault
from ..model import NEVER, Entry
from . import entryjson
from .database import Connection, Database
from .entryjson import article_hash, row_of
from .readresult import ReadResult, Signature
from .schema import SCHEMA, VERSION
from .unusable import Unusable, strange
from .writer import BELOW, MEDIUM, IndexWriter


@dataclass(frozen=True, slots=True)
class Derived:
    """An article that names no id: its file, the id that it goes by, and the line where its first field stands."""

    source: str
    id: str
    first_line: int


class Index:
    """The index of one site: a file, or without a path in memory. Every method raises database.Unusable."""

    def __init__(self, path: Path | None = None) -> None:
        self.database = Database(path, SCHEMA, VERSION)

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

    def signatures(self, below: str = "") -> dict[str, Signature | None]:
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

    def refused_files(self) -> set[str]:
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
                " FROM file WHERE stands AND published > ?1",
                (moment, never),
            ).fetchone()
            return self.published_count() - scheduled, scheduled, drafts

    def published_count(self) -> int:
        """How many articles stand, drafts apart; scheduled ones among them."""
        count = self.meta("count")
        if not isinstance(count, int):
            raise strange()
        return count

    def faults_below(self, path: str, origin: str) -> set[Fault]:
        with self.reading() as view:
            found = view.execute(
                f"SELECT path, line, col, message, is_note FROM fault WHERE {BELOW} AND origin = ?2",  # noqa: S608  # a constant
                (path, origin),
            )
            return {_fault(*row) for row in found}

    def faults(self, *, with_notes: bool = True) -> list[Fault]:
        """All faults, and the notes unless there may be too many of them, in the order of files and lines."""
        kinds = "" if with_notes else "WHERE NOT is_note"
        with self.reading() as view:
            question = f"SELECT DISTINCT path, line, col, message, is_note FROM fault {kinds}"  # noqa: S608  # a constant
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
                "SELECT path, record, body, digest, kept_aliases FROM file JOIN content USING (number)"
                " WHERE number = ?",
                (number,),
            ).fetchone()
        if not found:
            raise Unusable("an article is missing in it", is_damaged=True)
        path, record, body, digest, kept_aliases = found
        try:
            if article_hash(record, body) == digest:
                return entryjson.entry(record, path, body, aliases=entryjson.aliases(kept_aliases))
        except (LookupError, TypeError, ValueError):
            raise strange() from None
        raise Unusable("an article in it was changed by something else", is_damaged=True)

    def entries(self) -> Iterator[Entry]:
        """Every entry that stands, drafts and scheduled ones too."""
        with self.reading() as view:
            numbers = view.execute("SELECT number FROM file WHERE stands ORDER BY published DESC, id").fetchall()
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

    def last_modified(self) -> dict[str, tuple[str, datetime]]:
        """By path: the digest of what this node serves there, and since when (serving/lastmodified.py)."""
        with self.reading() as view:
            found = view.execute("SELECT path, digest, moment FROM last_modified").fetchall()
        try:
            return {path: (digest, datetime.fromtimestamp(moment, UTC)) for path, digest, moment in found}
        except (ArithmeticError, TypeError, ValueError):
            raise strange() from None

    def document(self, path: str, fingerprint: str) -> bytes | None:
        """A drawing that another process kept, if it is of these ingredients."""
        with self.reading() as view:
            found = view.execute(
                "SELECT content FROM document WHERE path = ? AND fingerprint = ?", (path, fingerprint)
            ).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None


def _fault(path: str, line: int, col: int, message: str, is_note: int) -> Fault:
    return Fault(path, line, col, message, bool(is_note))
