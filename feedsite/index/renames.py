"""Which entry takes over what an article held whose file is gone, or has another article now: its file was renamed.

The table `leaving` has these articles, from when their files change until all changes of the transaction are written.
"""

import re
from collections.abc import Iterable

from .claims import Claimant, claims
from .connections import Connection

_LEAVE = (
    "INSERT OR IGNORE INTO leaving SELECT number, path, id, hash, record, body FROM file JOIN content USING (number)"
    " WHERE number = ? AND stands"
)
_SAME_ID = "SELECT number, path, hash = ? FROM claim JOIN file USING (number) WHERE key = ?"
_WORD = re.compile(r"\w+")


class Renames:
    """The files that were renamed, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._execute, self._execute_many = connection.execute, connection.executemany
        self._new: set[int] = set()
        self._held: dict[int, list[str]] = {}

    def add_new(self, number: int) -> None:
        """The file of this entry is new, or had another article before this transaction."""
        self._new.add(number)

    def leave(self, number: int, former: Claimant) -> None:
        """Keeps an entry and what it holds, before another one takes its place in its file, or the file is dropped."""
        asked = "SELECT is_held FROM claim WHERE key = ? AND number = ?"
        held = [key for key in claims(former) if self._execute(asked, (key, number)).fetchone() == (1,)]
        if held:
            self._held[number] = held
            self._execute(_LEAVE, (number,))

    def hand_over(self) -> None:
        """Gives what each of them held to the entry in the file's new name, where there is one."""
        for number, held in self._held.items():
            if (heir := self._heir(number)) is not None:
                rows = ((key, heir) for key in held)
                self._execute_many("UPDATE claim SET is_held = 1 WHERE key = ? AND number = ?", rows)
        self._held.clear()
        self._execute("DELETE FROM leaving")

    def _heir(self, number: int) -> int | None:
        """The entry with the same id that is the same article in another file.

        Any file may ask for another's id. Files that are new in this transaction come first; one that asked earlier
        gets something only where it has the bytes of a file that is gone. Of several, one with the same bytes is taken,
        else the one whose text shares most words with the former one: names alone prove nothing, for anybody can choose
        them. Between copies of one text the file's name decides, then its path, as in `claims.resolve`.
        """
        left = self._execute("SELECT path, id, hash FROM leaving WHERE number = ?", (number,)).fetchone()
        if not left:
            return None
        former_path, entry_id, former_hash = left
        rows = self._execute(_SAME_ID, (former_hash, f"id:{entry_id}")).fetchall()
        new = [row for row in rows if row[0] in self._new]
        same = [row for row in new or rows if row[2]]
        if same and not new and self._execute("SELECT 1 FROM file WHERE number = ?", (number,)).fetchone():
            return None  # the file has another article now, and those with its former bytes were refused before
        candidates = same or new
        likeness = self._likenesses(number, candidates) if len(candidates) > 1 and not same else {}

        def rank(row: tuple[int, str, object]) -> tuple[object, ...]:
            one, path, _ = row
            return -likeness.get(one, 0.0), _name(path) != _name(former_path), len(path), path

        return min(candidates, key=rank)[0] if candidates else None

    def _likenesses(self, number: int, candidates: Iterable[tuple[int, str, object]]) -> dict[int, float]:
        """The share of words that each of these entries has in common with the former one: 1.0 for the same words."""
        former = _words(self._execute("SELECT record, body FROM leaving WHERE number = ?", (number,)))
        likeness = {}
        for one, _, _ in candidates:
            words = _words(self._execute("SELECT record, body FROM content WHERE number = ?", (one,)))
            likeness[one] = len(former & words) / max(len(former | words), 1)
        return likeness


def _words(texts: Iterable[tuple[str, str]]) -> set[str]:
    return {word for record, body in texts for text in (record, body) for word in _WORD.findall(text)}


def _name(path: str) -> str:
    return path.rpartition("/")[2]
