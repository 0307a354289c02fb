"""Questions to the index: what each file said when it was last read, and which entries stand.

All of it is made from the files and can be made from them again, but the last good version of a file that has faults.
"""

from collections.abc import Container, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import Fault
from ..model import NEVER, Entry
from . import entryjson, faultrows, searchtext, searchwriter
from .connections import Connection, Functions
from .database import Database
from .entryjson import article_hash, row_of
from .readresult import ReadResult, Signature
from .schema import SCHEMA, VERSION
from .unusable import Unusable, strange
from .writer import BELOW, IndexWriter

_FUNCTIONS: Functions = {
    "search_words": searchtext.words_of,
    "search_word_set": searchtext.word_set_of,
}  # searchschema.py


@dataclass(frozen=True, slots=True)
class Derived:
    """An article whose file names no id: the file, the id derived from its path, and the line of its first field."""

    source: str
    id: str
    first_line: int


class Index:
    """The index of one site: a file, or without a path in memory. Every method raises Unusable."""

    def __init__(self, path: Path | None = None) -> None:
        self.database = Database(path, SCHEMA, VERSION, _FUNCTIONS)
        self._has_old_log = False  # with words that were taken out of the search for good

    @property
    def is_in_memory(self) -> bool:
        return self.database.path is None

    def in_memory(self) -> "Index":
        """A copy in memory, which is written to by this process alone."""
        copy = Index()
        self.database.copy_to(copy.database)
        with copy.writing() as writer:
            writer.begin_other_journal()
        return copy

    def close(self) -> None:
        self.database.close()

    def reading(self) -> AbstractContextManager[Connection]:
        """One view of the index for several questions, whatever other processes commit meanwhile."""
        return self.database.reading()

    @contextmanager
    def writing(self) -> Iterator[IndexWriter]:
        """One transaction: what is written is committed at the end. Questions of the same thread see it before."""
        with self.database.writing() as connection:
            yield IndexWriter(connection)

    def add_to_search(self, seconds: float) -> bool:
        """Puts into the search, if there is one, what articles say now; returns whether any are left then."""
        with self.database.writing() as connection:
            return searchwriter.exists(connection) and searchwriter.add(connection, seconds)

    def tend_search(self, seconds: float) -> bool:
        """Makes a search where there is none, fills it, and takes out of it for good what is gone; returns whether more
        is left to do after that time, roughly. Without FTS5 there is nothing to do.
        """
        if not self.database.has_full_text:
            return False
        with self.database.writing() as connection:
            searchwriter.make(connection)
            self._has_old_log |= searchwriter.has_to_merge(connection)
            if searchwriter.add(connection, seconds) or searchwriter.merge(connection, seconds):
                return True
        if self._has_old_log:
            self._has_old_log = not self.database.empty_log()
        return self._has_old_log

    def meta(self, name: str) -> Any:
        """A value of IndexWriter.set_meta; None where there is none."""
        with self.reading() as view:
            found = view.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return found and found[0]

    def signatures(self, below: str = "") -> dict[str, Signature | None]:
        """The signature of each entry file at this path or below it, or of every one; None for one to be read again.

        Without a path all are found in half of the time.
        """
        with self.reading() as view:
            where = f"WHERE {BELOW}" if below else ""
            question = f"SELECT path, size, mtime_ns, ctime_ns, inode FROM file {where}"  # noqa: S608  # constants
            found = view.execute(question, (below,) if below else ())
            return {path: None if size is None else (size, *rest) for path, size, *rest in found}

    def hash(self, path: str) -> bytes | None:
        """The content_hash of a file's bytes when it was last read; None where it must be read again."""
        with self.reading() as view:
            found = view.execute("SELECT hash FROM file WHERE path = ?", (path,)).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None

    def ids(self, paths: Iterable[str]) -> dict[str, str]:
        """The ids of the entries in these files. A file that was never without faults has none."""
        with self.reading() as view:
            found = (view.execute("SELECT path, id FROM file WHERE path = ?", (path,)).fetchone() for path in paths)
            return {row[0]: row[1] for row in found if row and row[1]}

    def holder(self, entry_id: str) -> str:
        """The file whose article holds this id; "" where none does."""
        with self.reading() as view:
            question = "SELECT path FROM claim JOIN file USING (number) WHERE key = ? AND is_held"
            found = view.execute(question, (f"id:{entry_id}",)).fetchone()
        return found[0] if found else ""

    def refused_files(self) -> set[str]:
        """The files whose articles stand as they were before, for they claim now what another one holds."""
        with self.reading() as view:
            found = view.execute("SELECT path FROM fault WHERE NOT is_note AND origin = 'refused'")
            return {path for (path,) in found}

    def counts(self, now: datetime) -> tuple[int, int, int]:
        """The numbers of public articles, scheduled ones and drafts."""
        moment, never = int(now.timestamp()), int(NEVER.timestamp())
        with self.reading() as view:
            scheduled, drafts = view.execute(
                "SELECT count(*) FILTER (WHERE published < ?2), count(*) FILTER (WHERE published = ?2)"
                " FROM file WHERE stands AND published > ?1",
                (moment, never),
            ).fetchone()
            return self.published_count() - scheduled, scheduled, drafts

    def published_count(self) -> int:
        """The number of articles that are public or scheduled."""
        count = self.meta("count")
        if not isinstance(count, int):
            raise strange()
        return count

    def collection(self, key: str) -> int | None:
        """The number of a collection; None where no entry ever belonged to it."""
        with self.reading() as view:
            found = view.execute("SELECT number FROM collection WHERE key = ?", (key,)).fetchone()
        return found and int(found[0])

    def key(self, number: int) -> str:
        """The key of the collection of this number. Raises LookupError where there is none."""
        with self.reading() as view:
            found = view.execute("SELECT key FROM collection WHERE number = ?", (number,)).fetchone()
        if not found:
            raise LookupError(number)
        return str(found[0])

    def members_count(self, number: int) -> int:
        """How many items a collection has that are public or scheduled."""
        with self.reading() as view:
            found = view.execute("SELECT count FROM collection WHERE number = ?", (number,)).fetchone()
        return int(found[0])

    def faults_below(self, path: str, origin: str) -> set[Fault]:
        """The faults of one origin (schema.py), of files at this path and below it."""
        with self.reading() as view:
            found = view.execute(
                f"SELECT {faultrows.COLUMNS} FROM fault WHERE {BELOW} AND origin = ?2",  # noqa: S608  # a constant
                (path, origin),
            )
            return {faultrows.fault_of(*row) for row in found}

    def faults(self, *, with_notes: bool = True) -> list[Fault]:
        """All faults in the order of files and lines. Notes are left out where there may be too many of them."""
        kinds = "" if with_notes else "WHERE NOT is_note"
        with self.reading() as view:
            question = f"SELECT DISTINCT {faultrows.COLUMNS} FROM fault {kinds}"  # noqa: S608  # a constant
            found = view.execute(question).fetchall()
        return sorted(faultrows.fault_of(*row) for row in found)

    def fault_count(self) -> int:
        """The number of faults, without notes."""
        with self.reading() as view:
            return int(view.execute("SELECT count(*) FROM fault WHERE NOT is_note").fetchone()[0])

    def entry(self, number: int) -> Entry:
        """An entry with the aliases that it keeps. Raises Unusable where it is missing or was changed."""
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

    def entries(self, among: Container[int] | None = None) -> Iterator[Entry]:
        """Every entry that stands, drafts and scheduled ones too, newest first; or those of these numbers."""
        with self.reading() as view:
            numbers = view.execute(
                "SELECT number FROM file WHERE stands ORDER BY published DESC, sort_name DESC"
            ).fetchall()
            yield from (self.entry(number) for (number,) in numbers if among is None or number in among)

    def last_good(self) -> list[ReadResult]:
        """The last good entries of files that have faults now, for another index of the same folder."""
        with self.reading() as view:
            found = view.execute(
                "SELECT path, record, body, linked FROM file JOIN content USING (number) WHERE path IN"
                " (SELECT path FROM fault WHERE origin = 'file' AND NOT is_note)"
            ).fetchall()
        try:
            return [
                ReadResult(path, entry=row_of(entryjson.entry(record, path, body)), linked=linked)
                for path, record, body, linked in found
            ]
        except (LookupError, TypeError, ValueError):
            raise strange() from None

    def derived(self) -> list[Derived]:
        """The articles that stand and whose files name no id, in the order of files; none of files with faults.

        The id of one that seems to be another file under a new name is that file's (nameless.py).
        """
        with self.reading() as view:
            found = view.execute(
                "SELECT file.path, coalesce(r.id, derived_id), first_line FROM file LEFT JOIN renamed r"
                " ON r.path = file.path AND NOT EXISTS (SELECT 1 FROM claim WHERE key = 'id:' || r.id)"
                " WHERE derived_id IS NOT NULL AND file.id = derived_id AND stands ORDER BY file.path"
            )
            return [Derived(*row) for row in found]

    def last_modified(self) -> dict[str, tuple[str, datetime]]:
        """By path: the digest of what this node serves there, and since when it does (serving/lastmodified.py)."""
        with self.reading() as view:
            found = view.execute("SELECT path, digest, moment FROM last_modified").fetchall()
        try:
            return {path: (digest, datetime.fromtimestamp(moment, UTC)) for path, digest, moment in found}
        except (ArithmeticError, TypeError, ValueError):
            raise strange() from None

    def document(self, path: str, fingerprint: str) -> bytes | None:
        """A document that another process has drawn and stored, as bytes; None where its fingerprint is another one."""
        with self.reading() as view:
            found = view.execute(
                "SELECT content FROM document WHERE path = ? AND fingerprint = ?", (path, fingerprint)
            ).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None
