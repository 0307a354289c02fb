"""Which entries stand in the index, and which claims each holds, decided anew wherever an entry or its claims change.

The table `claim` has all claims, and which of them are held by the entry that makes them. The table `former` has
entries as they were before this transaction, for those that may be refused. (claims.py decides, conflicts.py words what
was decided, this module stores.)
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..errors import Fault
from ..model import NEVER
from . import conflicts, entryjson
from .claims import Claimant, Conflict, Resolved, claims, conflicting_claims, held_claims, resolve
from .connections import Connection
from .copies import originals
from .entryjson import EntryRow
from .nameless import Nameless
from .renames import Renames
from .schema import MEMBER_TRIGGERS
from .unusable import strange

_COLUMNS = ", ".join(EntryRow._fields[:-2])
_SET_ASIDE = (
    f"INSERT OR IGNORE INTO former SELECT number, {_COLUMNS}, record, body, linked"  # noqa: S608  # constants
    " FROM file JOIN content USING (number) WHERE path = ? AND stands"
)
_RESTORE = (
    f"UPDATE file SET size = NULL, hash = NULL, ({_COLUMNS}) = (SELECT {_COLUMNS} FROM former WHERE number = ?1)"  # noqa: S608  # constants
    " WHERE number = ?1"
)
_CONTESTED = (
    "SELECT number FROM claim WHERE key IN"
    " (SELECT key FROM claim WHERE key NOT LIKE 'in:%' GROUP BY key HAVING count(*) > 1)"
    " UNION SELECT number FROM file WHERE aliases != ''"
    " UNION SELECT number FROM claim WHERE key >= 'of:' AND key < 'of;'"  # ; follows : in ASCII
)
_ADD_MEMBERS = (
    "INSERT OR IGNORE INTO member"
    " SELECT c.value, json_extract(i.value, '$[1]'), f.sort_name, json_extract(i.value, '$[0]'), f.number"
    " FROM file f, json_each(f.items) i, json_each(i.value, '$[2]') c WHERE f.stands ORDER BY 1, 2, 3, 4"
)
# The file at path ?1, if that at ?2 has its id; or, where neither names an id, its title and its moment. Less would let
# a new file take one off that has such a name by chance. No standing page names an id.
_COPIED = (
    "SELECT 1 FROM file a JOIN content USING (number), file b JOIN content c ON c.number = b.number"
    " WHERE a.path = ?1 AND b.path = ?2 AND a.id IS NOT NULL AND (a.id = b.id OR ("
    " coalesce(a.derived_id, json_extract(content.record, '$.nav')) IS NOT NULL"
    " AND coalesce(b.derived_id, json_extract(c.record, '$.nav')) IS NOT NULL AND a.published = b.published"
    " AND json_extract(content.record, '$.title') = json_extract(c.record, '$.title')))"
)


@dataclass(slots=True)
class _Group:
    """Entries that claim the same, directly or through one another, by their sources."""

    numbers: dict[str, int] = field(default_factory=dict)
    claimants: dict[str, Claimant] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # of fields in the files, as entryjson.written
    held: set[tuple[str, str]] = field(default_factory=set)  # sources and claims


class Settlement:
    """The claims of all entries, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._execute, self._execute_many = connection.execute, connection.executemany
        self._renames = Renames(connection)
        self._nameless = Nameless(connection)

    def claimant(self, path: str) -> tuple[int | None, Claimant | None]:
        """The number of a file in the index, and what its entry claims; None for what the index does not have."""
        found = self._execute(
            "SELECT number, path, id, address, published, aliases FROM file WHERE path = ?", (path,)
        ).fetchone()
        return (found[0], as_claimant(*found[1:]) if found[2] else None) if found else (None, None)

    def set_aside(self, number: int, new: Claimant, former: Claimant, *, is_withdrawn: bool) -> None:
        """Keeps an entry that stands, before it is overwritten, where its new version may be refused, or is another.

        An article that is withdrawn, or made a draft, is never refused: it is gone, whatever else is wrong.
        """
        is_public = NEVER not in (new.published, former.published) and not is_withdrawn
        if is_public and claims(new) != claims(former):
            self._execute(_SET_ASIDE, (former.source,))
        if new.id != former.id:
            self._renames.leave(number, former)

    def claim(self, number: int, new: Claimant, former: Claimant | None) -> set[str]:
        """Stores what an entry claims now. Returns all claims by which an entry may stand or fall then."""
        keys, former_keys = claims(new), claims(former) if former else set()
        if not former or former.id != new.id:
            self._renames.add_new(number)
        if not former:
            self._nameless.add_new(number)
        if former and former.id != new.id:  # another article: it holds nothing yet
            lost, added = former_keys, keys
        else:
            lost, added = former_keys - keys, keys - former_keys
        if lost:
            self._delete(number, lost)
        self._execute_many("INSERT INTO claim (key, number) VALUES (?, ?)", [(key, number) for key in added])
        conflicting = conflicting_claims(new, keys)
        return conflicting | conflicting_claims(former, former_keys) if former else conflicting

    def release(self, number: int, former: Claimant) -> set[str]:
        """Deletes the claims of an entry whose file is gone. Returns those by which other entries may stand now."""
        if self._execute("SELECT 1 FROM claim WHERE key = ? AND number != ?", (f"id:{former.id}", number)).fetchone():
            self._renames.leave(number, former)
        self._nameless.leave(number, former.source)
        self._execute("DELETE FROM former WHERE number = ?", (number,))
        keys = claims(former)
        self._delete(number, keys)
        return conflicting_claims(former, keys)

    def settle(self, touched: set[str]) -> tuple[Mapping[str, list[Fault]], list[Fault]]:
        """Decides anew which entries stand, of those that make one of these claims or share one with those that do.

        Returns the faults of each of their files, none for most. An article that stood, and claims now what another one
        holds, stands as it was before this transaction: of these files the second value has the faults.
        """
        self._renames.hand_over()
        return self._settled(self._group((), touched))

    def settle_all(self) -> tuple[Mapping[str, list[Fault]], list[Fault]]:
        """The same for every entry of a first scan. Entries that share no claim stand; only the others are compared.

        The members of collections are written in their order, and counted once: in half of the time of the triggers.
        """
        for name in MEMBER_TRIGGERS:
            self._execute(f"DROP TRIGGER {name}")
        self._execute(f"UPDATE file SET stands = 1 WHERE id IS NOT NULL AND number NOT IN ({_CONTESTED})")  # noqa: S608  # a constant
        self._execute(_ADD_MEMBERS)
        self._execute("UPDATE collection AS c SET count = (SELECT count(*) FROM member WHERE collection = c.number)")
        for trigger in MEMBER_TRIGGERS.values():
            self._execute(trigger)
        self._execute(f"UPDATE claim SET is_held = 1 WHERE number NOT IN ({_CONTESTED})")  # noqa: S608  # a constant
        return self._settled(self._group((number for (number,) in self._execute(_CONTESTED)), set()))

    def _settled(self, group: _Group) -> tuple[Mapping[str, list[Fault]], list[Fault]]:
        refused: list[Fault] = []
        resolved = self._resolved(group)
        while fallen := self._fallen(group, resolved):
            refused += [_fault(one, group) for one in resolved.conflicts if one.source in fallen]
            for source, former in fallen.items():
                self._restore(group, source, former)
            resolved = self._resolved(group)
        self._execute("DELETE FROM former")
        self._store(group, resolved)
        faults: dict[str, list[Fault]] = {source: [] for source in group.numbers}
        for conflict in resolved.conflicts:
            faults[conflict.source].append(_fault(conflict, group))
        return faults, refused

    def _resolved(self, group: _Group) -> Resolved:
        copies = {
            source: original
            for source in group.claimants
            for original in originals(source)
            if original in group.claimants and self._execute(_COPIED, (original, source)).fetchone()
        }
        return resolve(group.claimants.values(), group.held, copies)

    def _group(self, numbers: Iterable[int], keys: set[str]) -> _Group:
        """These entries, those that make these claims, and all that share a claim with one of the group."""
        group = _Group()
        rows = self._rows(keys)
        held = {(number, key) for key, number, is_held in rows if is_held}
        asked = set(keys)
        seen = {*numbers, *(number for _, number, _ in rows)}
        waiting = list(seen)
        while waiting:
            number = waiting.pop()
            found = self._execute(
                "SELECT places, path, id, address, published, aliases FROM file WHERE number = ? AND id IS NOT NULL",
                (number,),
            ).fetchone()
            if not found:
                continue
            one = as_claimant(*found[1:])
            group.numbers[one.source] = number
            group.claimants[one.source] = one
            group.places[one.source] = found[0]
            conflicting = conflicting_claims(one, claims(one))
            rows = self._rows(conflicting - asked)  # each once: a thousand entries may claim the same
            asked |= conflicting
            held.update((other, key) for key, other, is_held in rows if is_held)
            new = {*(other for _, other, _ in rows), *self._numbers(originals(one.source))} - seen
            seen |= new
            waiting.extend(new)
        sources = {number: source for source, number in group.numbers.items()}
        group.held = {(sources[number], key) for number, key in held if number in sources}
        return group

    def _fallen(self, group: _Group, resolved: Resolved) -> dict[str, Claimant]:
        """The entries that stood before this transaction and would not stand now, as they were."""
        asked = "SELECT id, address, published, aliases FROM former WHERE number = ?"
        found = {
            source: self._execute(asked, (number,)).fetchone()
            for source, number in group.numbers.items()
            if source not in resolved.standing
        }
        return {source: as_claimant(source, *row) for source, row in found.items() if row}

    def _restore(self, group: _Group, source: str, former: Claimant) -> None:
        """Puts an entry back as it was, with the claims that it held. The next scan reads its file again."""
        number = group.numbers[source]
        self._execute(_RESTORE, (number,))
        self._execute(
            "INSERT OR REPLACE INTO content SELECT number, record, body, linked FROM former WHERE number = ?", (number,)
        )
        self._execute("DELETE FROM former WHERE number = ?", (number,))
        refused = group.claimants[source]
        self._execute("DELETE FROM former_address WHERE id = ? AND address = ?", (refused.id, refused.path))
        self._delete(number, claims(refused))
        (kept_aliases,) = self._execute("SELECT kept_aliases FROM file WHERE number = ?", (number,)).fetchone()
        held = held_claims(former, entryjson.aliases(kept_aliases))
        rows = ((key, number, key in held) for key in claims(former))
        self._execute_many("INSERT INTO claim (key, number, is_held) VALUES (?, ?, ?)", rows)
        taken_back = ((key, number) for key in held)  # from the entry that it was handed over to
        self._execute_many("UPDATE claim SET is_held = 0 WHERE key = ? AND number != ?", taken_back)
        group.claimants[source] = former
        group.held = {(one, key) for one, key in group.held if one != source and key not in held}
        group.held |= {(source, key) for key in held}

    def _store(self, group: _Group, resolved: Resolved) -> None:
        standing = resolved.standing
        holding = {
            (source, key)
            for source, aliases in standing.items()
            for key in held_claims(group.claimants[source], aliases)
        }
        self._execute_many(
            "UPDATE claim SET is_held = ? WHERE key = ? AND number = ?",
            (((source, key) in holding, key, group.numbers[source]) for source, key in group.held ^ holding),
        )
        self._execute_many(
            "UPDATE file SET stands = ?, kept_aliases = ? WHERE number = ?",
            (
                (source in standing, entryjson.written(standing.get(source, ())), number)
                for source, number in group.numbers.items()
            ),
        )

    def _rows(self, keys: Iterable[str]) -> list[tuple[str, int, int]]:
        """The rows of these claims: the claim, the number of the entry that makes it, and whether that one holds it."""
        asked = "SELECT key, number, is_held FROM claim WHERE key = ?"
        return [row for key in keys for row in self._execute(asked, (key,))]

    def _numbers(self, paths: Iterable[str]) -> Iterator[int]:
        for path in paths:
            yield from (number for (number,) in self._execute("SELECT number FROM file WHERE path = ?", (path,)))

    def _delete(self, number: int, keys: Iterable[str]) -> None:
        self._execute_many("DELETE FROM claim WHERE key = ? AND number = ?", ((key, number) for key in keys))


def _fault(conflict: Conflict, group: _Group) -> Fault:
    places, others = (entryjson.places(group.places.get(source, "")) for source in (conflict.source, conflict.other))
    return conflicts.fault(conflict, places, others)


def as_claimant(source: str, entry_id: str, address: str, published: int, aliases: str) -> Claimant:
    """What an entry claims, from the columns of its row. Raises Unusable for what was never written there."""
    try:
        return Claimant(
            source=source,
            id=entry_id,
            path=address,
            published=datetime.fromtimestamp(published, UTC),
            aliases=entryjson.aliases(aliases),
        )
    except (ArithmeticError, TypeError, ValueError):
        raise strange() from None
