"""Files without an id that were renamed: which new file seems to be which one that is gone.

The new file has another id, made of its new name. The table `renamed` has the former one until somebody writes it down:
no article gets it by itself.
"""

import re

from ..model import NEVER
from .connections import Connection

_LIKE = 0.8  # share of the words that two texts have in common where they are taken for one
_FEWEST = 10  # different words of such a text: shorter ones prove nothing
_MOST = 5  # new files with which one that is gone is compared
_NEVER = int(NEVER.timestamp())
_WORD = re.compile(r"\w+")
_GONE = (
    "SELECT id, address, published, hash, json_extract(record, '$.title'), body"
    " FROM file JOIN content USING (number) WHERE number = ? AND stands AND id = derived_id AND published < ?"
)
_NEW = (
    "SELECT path, published, hash, json_extract(record, '$.title') FROM file JOIN content USING (number)"
    " WHERE number = ? AND id = derived_id"
)


class Nameless:
    """The files without an id, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._new: list[int] = []
        self._by: dict[object, list[tuple[str, int]]] = {}  # paths and numbers
        self._taken: set[int] = set()

    def add_new(self, number: int) -> None:
        """The index had no entry of this file before this transaction."""
        self._new.append(number)

    def leave(self, number: int, path: str) -> None:
        """Stores which new file seems to be the one at this path, which is gone. Every new file is in the index by now.

        Of one that was itself another file before, the former id of the first one goes on.
        """
        heir, entry_id, address, published = None, "", "", 0
        if (self._new or self._by) and (found := self._execute(_GONE, (number, _NEVER)).fetchone()):
            entry_id, address, published, *article = found
            heir = self._heir(path, published, *article)
        if heir is None:
            self._execute("DELETE FROM renamed WHERE path = ?", (path,))
        elif self._execute("SELECT 1 FROM renamed WHERE path = ?", (path,)).fetchone():
            self._execute("UPDATE OR REPLACE renamed SET path = ? WHERE path = ?", (heir, path))
        else:
            self._execute("DELETE FROM renamed WHERE id = ?", (entry_id,))
            self._execute(
                "INSERT OR REPLACE INTO renamed (path, former_path, id, address, published) VALUES (?, ?, ?, ?, ?)",
                (heir, path, entry_id, address, published),
            )

    def _heir(self, path: str, published: int, digest: bytes, title: str, body: str) -> str | None:
        """The path of the new file with the same bytes; else of one with the same title or moment, and nearly its text.

        Of several with the same bytes it is the one with the same name, then the one with the shortest path.
        """
        if self._new:
            self._by, self._new = self._indexed(), []
        heir = self._with_key((digest, _name(path))) or self._with_key(digest) or self._near(published, title, body)
        if not heir:
            return None
        self._taken.add(heir[1])
        return heir[0]

    def _with_key(self, key: object) -> tuple[str, int] | None:
        waiting = self._by.get(key, [])
        while waiting:
            if (one := waiting.pop())[1] not in self._taken:
                return one
        return None

    def _near(self, published: int, title: str, body: str) -> tuple[str, int] | None:
        words = _words(body)
        like = {*self._by.get(title, ())[-_MOST:], *self._by.get(published, ())[-_MOST:]}
        near = {one: self._likeness(words, one[1]) for one in like if one[1] not in self._taken}
        heir = max(near, key=lambda one: (near[one], one), default=None)
        return heir if heir and near[heir] >= _LIKE and len(words) >= _FEWEST else None

    def _indexed(self) -> dict[object, list[tuple[str, int]]]:
        """The new files by what others may share: bytes and name, bytes, title, moment; the shortest last."""
        found: dict[object, list[tuple[str, int]]] = {}
        for number in self._new:
            if row := self._execute(_NEW, (number,)).fetchone():
                path, published, digest, title = row
                for key in ((digest, _name(path)), digest, title, published):
                    found.setdefault(key, []).append((path, number))
        for files in found.values():
            files.sort(key=lambda one: (len(one[0]), one[0]), reverse=True)
        return found

    def _likeness(self, words: set[str], number: int) -> float:
        (body,) = self._execute("SELECT body FROM content WHERE number = ?", (number,)).fetchone()
        others = _words(body)
        return len(words & others) / max(len(words | others), 1)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(str(text)))  # whatever type a damaged row has


def _name(path: str) -> str:
    return path.rpartition("/")[2]
