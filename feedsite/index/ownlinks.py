"""Links to articles by their files: the addresses that these have now stand in the HTML that is published.

`content.linked` has an article's HTML with the places of the files (filelinks.py), `link` which files it names. An
article without such a link costs one lookup. What is published follows from the files alone: also of a file that comes,
moves, becomes a draft or goes after the one that links to it was read.
"""

from collections.abc import Iterable

from .. import filelinks
from ..model import NEVER
from .connections import Connection
from .entryjson import EntryRow, article_hash

_ADDRESS = "SELECT address FROM file WHERE path = ? AND stands AND published != ?"
_NEVER = int(NEVER.timestamp())


class OwnLinks:
    """The links of all entries, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._execute, self._execute_many = connection.execute, connection.executemany
        self._files: set[str] = set()  # files of which an article may have another address now

    def resolved(self, entry: EntryRow, linked: str) -> EntryRow:
        """An entry whose HTML has the addresses that are known now."""
        if not linked:
            return entry
        body = filelinks.with_addresses(linked, self._address)
        return entry._replace(body=body, digest=article_hash(entry.record, body))

    def put(self, number: int, linked: str) -> None:
        """Stores which files an entry names, of which nothing is stored."""
        if linked:
            rows = ((file, number) for file in filelinks.files_in(linked))
            self._execute_many("INSERT INTO link VALUES (?, ?)", rows)

    def drop(self, number: int | None) -> None:
        """Deletes which files an entry names."""
        self._execute("DELETE FROM link WHERE number = ?", (number,))

    def touch(self, files: Iterable[str]) -> None:
        """These files say something else now, or their articles stand or stand no more."""
        self._files.update(files)

    def settle(self) -> None:
        """Puts the addresses of all touched files into the entries that name them. It is known which entries stand."""
        asked = "SELECT number FROM link WHERE file = ?"
        numbers = {number for file in self._files for (number,) in self._execute(asked, (file,)).fetchall()}
        self._files.clear()
        self._settle(numbers)

    def settle_all(self) -> None:
        """The same for every entry."""
        self._files.clear()
        self._settle({number for (number,) in self._execute("SELECT number FROM link").fetchall()})

    def restore(self, path: str) -> None:
        """An entry was put back as it was before this transaction."""
        asked = "SELECT number, linked FROM file JOIN content USING (number) WHERE path = ?"
        for number, linked in self._execute(asked, (path,)).fetchall():
            self.drop(number)
            self.put(number, linked)
            self._settle({number} if linked else ())

    def _settle(self, numbers: Iterable[int]) -> None:
        for number in sorted(numbers):
            asked = "SELECT record, body, linked FROM content WHERE number = ?"
            record, former, linked = self._execute(asked, (number,)).fetchone()
            if (body := filelinks.with_addresses(linked, self._address)) != former:
                self._execute("INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)", (number, record, body, linked))
                self._execute("UPDATE file SET digest = ? WHERE number = ?", (article_hash(record, body), number))

    def _address(self, file: str) -> str:
        found = self._execute(_ADDRESS, (file, _NEVER)).fetchone()
        return str(found[0]) if found else ""
