"""Changes of the index, within one transaction (`Index.writing`)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ..errors import Fault
from . import entryjson, faultrows
from .connections import Connection
from .entryjson import EntryRow
from .ownlinks import OwnLinks
from .readresult import ReadResult, Signature
from .settlement import Settlement, as_claimant
from .sortname import sort_name

BELOW = "(path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0'))"  # 0 follows / in ASCII
_RANDOM = "lower(hex(randomblob(8)))"
MEDIUM = "kind, size, mtime_ns, ctime_ns, inode, digest, shape, spans"


def _put(*columns: str) -> str:
    """A statement that writes these columns of a file, by its path, and gives its number."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return (
        f"INSERT INTO file (path, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})"  # noqa: S608  # constants
        f" ON CONFLICT (path) DO UPDATE SET {changes} RETURNING number"
    )


_FILE = ("sort_name", "size", "mtime_ns", "ctime_ns", "inode", "hash", "derived_id", "first_line")
_PUT_FAULTY = _put(*_FILE)  # its entry stays as it was
_PUT = _put(*_FILE, "places", *EntryRow._fields[:-2])  # record and body are in a table of their own
_PUT_MEDIUM = (
    f"INSERT INTO medium (path, {MEDIUM}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE"  # noqa: S608  # constants
    f" SET ({MEDIUM}) = (excluded.{MEDIUM.replace(', ', ', excluded.')})"
)


class IndexWriter:
    """Writes what files say now. After `put` and `drop`, `settle` must decide which entries stand."""

    def __init__(self, connection: Connection) -> None:
        self._execute, self._execute_many = connection.execute, connection.executemany
        self._settlement = Settlement(connection)
        self._links = OwnLinks(connection)
        self._collections: dict[str, int] = {}  # numbers by key

    def set_meta(self, name: str, value: Any) -> None:
        self._execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def begin_journal(self) -> None:
        """Has all further changes journalled (journal.py). The journal of each index has a random name."""
        self._execute(f"INSERT OR IGNORE INTO meta VALUES ('identity', {_RANDOM})")  # noqa: S608  # a constant

    def begin_other_journal(self) -> None:
        """For a copy of an index, whose further changes are others."""
        self._execute(f"UPDATE meta SET value = {_RANDOM} WHERE name = 'identity'")  # noqa: S608  # a constant

    # Entry files

    def put(self, read: ReadResult) -> set[str]:
        """Stores what reading a file gave; one with faults keeps its last good entry. Returns the claims to settle."""
        known, former = self._settlement.claimant(read.path)
        signature = read.signature or (None,) * 4
        file = (read.path, sort_name(read.path), *signature, read.hash, read.derived_id, read.first_line)
        if known is not None:
            self._execute("DELETE FROM fault WHERE path = ? AND origin IN ('file', 'refused')", (read.path,))
        if read.faults:
            self._add_faults("file", read.faults)
        if not (entry := read.entry):
            self._execute(_PUT_FAULTY, file)
            return set()
        new = as_claimant(read.path, entry.id, entry.address, entry.published, entry.aliases)
        if known is not None and former:
            self._settlement.set_aside(known, new, former, is_withdrawn=entry.is_withdrawn)
        entry = self._links.resolved(entry._replace(items=self._numbered(entry.items)), read.linked)
        (number,) = self._execute(_PUT, (*file, read.places, *entry[:-2])).fetchone()
        content = (number, entry.record, entry.body, read.linked)
        self._execute("INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)", content)
        if known is not None:  # of a new file, which most are in a first scan, there is nothing to delete
            self._links.drop(number)
            self._execute("DELETE FROM asked WHERE number = ?", (number,))
        self._links.put(number, read.linked)
        self._links.touch([read.path])
        if read.asked:
            self._execute_many("INSERT INTO asked VALUES (?, ?)", ((medium, number) for medium in read.asked))
        return self._settlement.claim(number, new, former)

    def _numbered(self, items: str) -> str:
        """The items of an entry with the numbers of collections in the place of their keys."""
        known = self._collections
        return entryjson.encoded(
            [
                (part, at, [known.get(key) or self._collection(key) for key in keys])
                for part, at, keys in json.loads(items)
            ]
        )

    def _collection(self, key: str) -> int:
        asked = "SELECT number FROM collection WHERE key = ?"
        if (found := self._execute(asked, (key,)).fetchone()) is None:
            self._execute("INSERT INTO collection (key) VALUES (?)", (key,))
            found = self._execute(asked, (key,)).fetchone()
        number: int = found[0]
        self._collections[key] = number
        return number

    def drop(self, path: str) -> set[str]:
        """Deletes all that the index has of a file. Returns the claims to settle.

        It comes after every `put` of the transaction: only then is it known who may take over what the file held.
        """
        number, former = self._settlement.claimant(path)
        touched = self._settlement.release(number, former) if number is not None and former else set()
        self._execute("DELETE FROM file WHERE number = ?", (number,))
        self._execute("DELETE FROM content WHERE number = ?", (number,))
        self._execute("DELETE FROM asked WHERE number = ?", (number,))
        self._links.drop(number)
        self._execute("DELETE FROM fault WHERE path = ?", (path,))
        self._links.touch([path])
        return touched

    def settle(self, touched: set[str]) -> None:
        """Decides which entries stand of those that make these claims, or conflict with them (Settlement.settle)."""
        self._put_settled(*self._settlement.settle(touched))
        self._links.settle()

    def settle_all(self) -> None:
        """The same for every entry, after a first scan."""
        self._put_settled(*self._settlement.settle_all())
        self._links.settle_all()

    def _put_settled(self, faults: Mapping[str, Iterable[Fault]], refused: Iterable[Fault]) -> None:
        for path, found in faults.items():
            self.set_faults(path, "claims", found)
        refused = list(refused)
        self._add_faults("refused", refused)
        self._links.touch(faults)
        for fault in refused:
            self._links.restore(fault.path)

    def set_signature(self, path: str, signature: Signature | None) -> None:
        """Changes the signature of a file that says what it said before."""
        self._execute(
            "UPDATE file SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ? WHERE path = ?",
            (*(signature or (None,) * 4), path),
        )

    def forget_signatures(self) -> None:
        """Deletes all signatures and hashes, so that the next scan reads every file: also those that are away now."""
        self._execute("UPDATE file SET size = NULL, hash = NULL")

    def forget_future_addresses(self, now: int) -> None:
        """Deletes former addresses and ids of articles that are not public at the second `now`: nobody has them."""
        self._execute("DELETE FROM former_address WHERE published > ?", (now,))
        self._execute("DELETE FROM renamed WHERE published > ?", (now,))

    # Faults

    def set_faults(self, path: str, origin: str, faults: Iterable[Fault]) -> None:
        """These faults in the place of the file's former ones of this origin ("claims", "site")."""
        self._execute("DELETE FROM fault WHERE path = ? AND origin = ?", (path, origin))
        self._add_faults(origin, faults)

    def set_walk_faults(self, path: str, faults: Iterable[Fault]) -> None:
        """The faults of a walk over this path, in the place of those of an earlier walk."""
        self._execute(f"DELETE FROM fault WHERE {BELOW} AND origin = 'walk'", (path,))  # noqa: S608  # a constant
        self._add_faults("walk", faults)

    def _add_faults(self, origin: str, faults: Iterable[Fault]) -> None:
        rows = (faultrows.row_of(one, origin) for one in faults)
        self._execute_many("INSERT INTO fault VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    # Pictures and recordings

    def put_medium(
        self, path: str, kind: str, signature: Signature, digest: str | None, shape: str = "", spans: str = ""
    ) -> None:
        """`digest` is None for a file that needs none, and "" where it has still to be taken. See MediumRow."""
        self._execute(_PUT_MEDIUM, (path, kind, *signature, digest, shape, spans))

    def drop_medium(self, path: str) -> None:
        self._execute("DELETE FROM medium WHERE path = ?", (path,))

    # What is served

    def put_document(self, path: str, fingerprint: str, content: bytes) -> None:
        """Stores a drawn document (documentbytes.py) for the other processes, in the place of a former one."""
        self._execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (path, fingerprint, content))

    def set_last_modified(self, served: Mapping[str, tuple[str, datetime]]) -> None:
        """Stores since when this node serves what it serves, in the place of former moments (Index.last_modified)."""
        self._execute("DELETE FROM last_modified")
        rows = ((path, digest, int(moment.timestamp())) for path, (digest, moment) in served.items())
        self._execute_many("INSERT INTO last_modified VALUES (?, ?, ?)", rows)
