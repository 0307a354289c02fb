"""Changes of the index, within one `Index.writing`. Which entries stand follows from all that claim the same."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..errors import Fault
from ..model import NEVER
from . import entryjson
from .claims import Claimant, Resolved, claims, conflicting_claims, held_claims, resolve
from .database import Connection, strange
from .entryjson import EntryRow
from .readresult import ReadResult, Signature

BELOW = "(path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0'))"  # 0 follows / in ASCII
MEDIUM = "kind, size, mtime_ns, ctime_ns, inode, digest"
_CONTESTED = (
    "SELECT number FROM claim WHERE key IN"
    " (SELECT key FROM claim WHERE key NOT LIKE 'in:%' GROUP BY key HAVING count(*) > 1)"
    " UNION SELECT number FROM file WHERE aliases != ''"
)


def _put(columns: str) -> str:
    """What keeps these of a file, by its path, and tells its number."""
    names = columns.split()
    kept = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f"INSERT INTO file (path, {', '.join(names)}) VALUES (?{', ?' * len(names)})"  # noqa: S608  # constants
        f" ON CONFLICT (path) DO UPDATE SET {kept} RETURNING number"
    )


_FILE = "size mtime_ns ctime_ns inode hash derived_id first_line"
_ENTRY = " ".join(EntryRow._fields[:-2])  # record and body are in a table of their own
_PUT_FAULTY = _put(_FILE)  # its entry stays as it was
_PUT = _put(f"{_FILE} {_ENTRY}")
_ENTRIES = ", ".join(_ENTRY.split())
_SET_ASIDE = (
    f"INSERT OR IGNORE INTO former SELECT number, {_ENTRIES}, record, body FROM file JOIN content USING (number)"  # noqa: S608  # constants
    " WHERE path = ? AND is_kept"
)
_PUT_BACK = (
    f"UPDATE file SET size = NULL, hash = NULL, ({_ENTRIES}) = (SELECT {_ENTRIES} FROM former WHERE number = ?1)"  # noqa: S608  # constants
    " WHERE number = ?1"
)


class IndexWriter:
    """Writes what files say now. Whoever puts or drops one settles then what `put` and `drop` return."""

    def __init__(self, connection: Connection) -> None:
        self._execute, self._execute_many = connection.execute, connection.executemany

    def tell(self, name: str, value: Any) -> None:
        self._execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def keep_drawn(self, path: str, fingerprint: str, content: bytes) -> None:
        self._execute("INSERT OR REPLACE INTO drawn VALUES (?, ?, ?)", (path, fingerprint, content))

    def begin(self, served: Mapping[str, tuple[str, datetime]]) -> None:
        """Keeps what this node serves from now on (Index.begun), in the place of what it served before."""
        self._execute("DELETE FROM begun")
        rows = ((path, digest, int(moment.timestamp())) for path, (digest, moment) in served.items())
        self._execute_many("INSERT INTO begun VALUES (?, ?, ?)", rows)

    def put(self, read: ReadResult) -> set[int]:
        """Keeps what a file says now, and its last good version. Returns the entries whose standing that may change."""
        _, former = self._claimed(read.path)
        file = (read.path, *(read.signature or (None,) * 4), read.hash, read.derived_id, read.first_line)
        self._execute("DELETE FROM fault WHERE path = ? AND origin IN ('file', 'refused')", (read.path,))
        self._blame("file", read.faults)
        if not read.entry:
            self._execute(_PUT_FAULTY, file)
            return set()
        entry = read.entry
        claimant = _claimant(read.path, entry.id, entry.address, entry.published, entry.aliases)
        if former and _may_fall(claimant, former, is_withdrawn=entry.is_withdrawn):
            self._execute(_SET_ASIDE, (read.path,))
        (number,) = self._execute(_PUT, file + entry[:-2]).fetchone()
        self._execute("INSERT OR REPLACE INTO content VALUES (?, ?, ?)", (number, entry.record, entry.body))
        return self._claim(number, claimant, former)

    def settle_file(self, path: str, signature: Signature | None) -> None:
        """The file says what it said, and is known by this signature now."""
        self._execute(
            "UPDATE file SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ? WHERE path = ?",
            (*(signature or (None,) * 4), path),
        )

    def unsettle(self) -> None:
        """Has every file read anew when it is next looked at: also those that cannot be looked at now."""
        self._execute("UPDATE file SET size = NULL, hash = NULL")

    def drop(self, path: str) -> set[int]:
        """Forgets a file. Returns the entries whose standing that may change."""
        number, former = self._claimed(path)
        others = self._sharing(former) - {number}
        self._execute("DELETE FROM file WHERE number = ?", (number,))
        self._execute("DELETE FROM content WHERE number = ?", (number,))
        self._execute("DELETE FROM former WHERE number = ?", (number,))
        for key in claims(former) if former else ():
            gone = "DELETE FROM claim WHERE key = ? AND number = ? RETURNING is_held"
            if former and self._execute(gone, (key, number)).fetchone() == (1,):  # a renamed file keeps what it held
                self._execute(
                    "UPDATE claim SET is_held = 1 WHERE key = ?"
                    " AND number IN (SELECT number FROM file WHERE number = claim.number AND id = ?)",
                    (key, former.id),
                )
        self._execute("DELETE FROM fault WHERE path = ?", (path,))
        return others

    def blame(self, path: str, origin: str, faults: Iterable[Fault]) -> None:
        """These faults in the place of the former ones of this origin ("walk", "catalogue", "site")."""
        self._execute("DELETE FROM fault WHERE path = ? AND origin = ?", (path, origin))
        self._blame(origin, faults)

    def blame_below(self, path: str, faults: Iterable[Fault]) -> None:
        """What a walk below this path found, in the place of what an earlier one did."""
        self._execute(f"DELETE FROM fault WHERE {BELOW} AND origin = 'walk'", (path,))  # noqa: S608  # a constant
        self._blame("walk", faults)

    def put_medium(self, path: str, kind: str, signature: Signature, digest: str | None) -> None:
        """`digest` is None of what needs none, and "" of what has still to be read for it."""
        told = f"INSERT OR REPLACE INTO medium (path, {MEDIUM}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # a constant
        self._execute(told, (path, kind, *signature, digest))

    def drop_medium(self, path: str) -> None:
        self._execute("DELETE FROM medium WHERE path = ?", (path,))

    def settle(self, touched: Iterable[int]) -> None:
        """Decides anew which entries stand, among these and all that share a claim with them, or with one of those.

        An article that stood, and claims now what another one holds, stands as it was: its file has a fault.
        """
        by_source: dict[str, int] = {}
        claimants: dict[str, Claimant] = {}
        holders: set[tuple[int, str]] = set()
        asked: set[str] = set()
        seen = set(touched)
        waiting = list(seen)
        while waiting:
            number = waiting.pop()
            found = self._execute(
                "SELECT path, id, address, published, aliases FROM file WHERE number = ? AND id IS NOT NULL",
                (number,),
            ).fetchone()
            if not found:
                continue
            claimed = _claimant(*found)
            by_source[claimed.source] = number
            claimants[claimed.source] = claimed
            sharing = self._claims(conflicting_claims(claimed) - asked)  # each once: a thousand may claim the same
            asked |= conflicting_claims(claimed)
            holders.update((other, key) for key, other, is_held in sharing if is_held)
            new = {other for _, other, _ in sharing} - seen
            seen |= new
            waiting.extend(new)
        sources = {number: source for source, number in by_source.items()}
        held = {(sources[number], key) for number, key in holders if number in sources}
        refused: list[Fault] = []
        settled = resolve(claimants.values(), held)
        while fallen := self._fallen(by_source, settled):
            refused += [fault for fault in settled.faults if fault.path in fallen]
            held = {right for right in held if right[0] not in fallen}
            for source, former in fallen.items():
                held |= self._put_back(by_source[source], claimants[source], former)
                claimants[source] = former
            settled = resolve(claimants.values(), held)
        self._keep(by_source, claimants, settled, held)
        self._blame("refused", refused)
        self._execute("DELETE FROM former")

    def settle_all(self) -> None:
        """The same for every entry: those alone with their claims stand, the others are compared."""
        self._execute("UPDATE file SET is_kept = 1 WHERE id IS NOT NULL")
        self._execute(f"UPDATE claim SET is_held = 1 WHERE number NOT IN ({_CONTESTED})")  # noqa: S608  # a constant
        self.settle([number for (number,) in self._execute(_CONTESTED)])

    def _blame(self, origin: str, faults: Iterable[Fault]) -> None:
        for one in faults:
            told = (one.path, origin, one.line, one.column, one.message, one.is_note)
            self._execute("INSERT INTO fault VALUES (?, ?, ?, ?, ?, ?)", told)

    def _claim(self, number: int, claimed: Claimant, former: Claimant | None) -> set[int]:
        """Returns whose standing may change: nobody's where the same was claimed before, alone."""
        keys, former_keys = claims(claimed), claims(former) if former else set()
        touched = {number} | self._sharing(former)
        if former and former.id != claimed.id:  # another article has no rights yet
            lost, new = former_keys, keys
        else:
            lost, new = former_keys - keys, keys - former_keys
        self._unclaim(number, lost)
        self._execute_many("INSERT INTO claim (key, number) VALUES (?, ?)", ((key, number) for key in new))
        return touched

    def _fallen(self, numbers: dict[str, int], settled: Resolved) -> dict[str, Claimant]:
        """What stood and would not stand any more, as it was."""
        asked = "SELECT id, address, published, aliases FROM former WHERE number = ?"
        found = {
            source: self._execute(asked, (number,)).fetchone()
            for source, number in numbers.items()
            if source not in settled.standing
        }
        return {source: _claimant(source, *row) for source, row in found.items() if row}

    def _put_back(self, number: int, claimed: Claimant, former: Claimant) -> set[tuple[str, str]]:
        """An article as it was, and what it held. Its file is read again when it is next looked at."""
        self._execute(_PUT_BACK, (number,))
        self._execute(
            "INSERT OR REPLACE INTO content SELECT number, record, body FROM former WHERE number = ?", (number,)
        )
        self._execute("DELETE FROM former WHERE number = ?", (number,))
        self._unclaim(number, claims(claimed))
        (sound,) = self._execute("SELECT sound FROM file WHERE number = ?", (number,)).fetchone()
        was_held = held_claims(former, entryjson.aliases(sound))
        told = ((key, number, key in was_held) for key in claims(former))
        self._execute_many("INSERT INTO claim (key, number, is_held) VALUES (?, ?, ?)", told)
        return {(former.source, key) for key in was_held}

    def _unclaim(self, number: int, keys: Iterable[str]) -> None:
        for key in keys:
            self._execute("DELETE FROM claim WHERE key = ? AND number = ?", (key, number))

    def _claimed(self, path: str) -> tuple[int | None, Claimant | None]:
        """The number of a file, and what its entry claims."""
        found = self._execute(
            "SELECT number, path, id, address, published, aliases FROM file WHERE path = ?", (path,)
        ).fetchone()
        return (found[0], _claimant(*found[1:]) if found[2] else None) if found else (None, None)

    def _sharing(self, claimed: Claimant | None) -> set[int]:
        """The entries that hold one of the same claims, itself among them."""
        return {number for _, number, _ in self._claims(conflicting_claims(claimed))} if claimed else set()

    def _claims(self, keys: Iterable[str]) -> list[tuple[str, int, int]]:
        """Who claims these: the claim, whose it is, and whether that one holds it."""
        asked = "SELECT key, number, is_held FROM claim WHERE key = ?"
        return [row for key in keys for row in self._execute(asked, (key,))]

    def _keep(
        self,
        numbers: dict[str, int],
        claimants: dict[str, Claimant],
        settled: Resolved,
        held: set[tuple[str, str]],
    ) -> None:
        standing = settled.standing
        holding = {(source, key) for source in standing for key in held_claims(claimants[source], standing[source])}
        self._execute_many(
            "UPDATE claim SET is_held = ? WHERE key = ? AND number = ?",
            (((source, key) in holding, key, numbers[source]) for source, key in held ^ holding),
        )
        blamed: dict[str, list[Fault]] = {source: [] for source in numbers}
        for fault in settled.faults:
            blamed[fault.path].append(fault)
        for source, number in numbers.items():
            self._execute(
                "UPDATE file SET is_kept = ?, sound = ? WHERE number = ?",
                (source in standing, entryjson.written(standing.get(source, ())), number),
            )
            self.blame(source, "catalogue", blamed[source])


def _claimant(source: str, entry_id: str, path: str, published: int, aliases: str) -> Claimant:
    try:
        return Claimant(
            source=source,
            id=entry_id,
            path=path,
            published=datetime.fromtimestamp(published, UTC),
            aliases=entryjson.aliases(aliases),
        )
    except (ArithmeticError, TypeError, ValueError):
        raise strange() from None


def _may_fall(claimant: Claimant, former: Claimant, *, is_withdrawn: bool) -> bool:
    """Whether the entry may be refused for what it claims now, so that its former version stands instead.

    Never where an article is withdrawn, or made a draft: it is gone, whatever else is wrong.
    """
    is_public = NEVER not in (claimant.published, former.published) and not is_withdrawn
    return is_public and claims(claimant) != claims(former)
