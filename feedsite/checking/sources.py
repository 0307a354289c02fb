"""Where something stands in an entry file, for notes on what is found in the index."""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path

from .. import filelinks
from ..codes import Code
from ..errors import Fault
from ..folder.opening import Unreadable, content
from ..index import survey
from ..index.index import Index
from ..model import Entry
from ..urls import Urls
from .positions import Positions
from .references import Reference, references

MOST = 20  # notes of one kind on one file: for each, the file may be searched through
_NEAR = 8  # files that are kept in memory: several notes on one come one after the other


class Sources:
    """The entry files of one site. One is read again only where a note is to name a line of it."""

    def __init__(self, folder: Path, index: Index) -> None:
        self._index = index
        self._text = lru_cache(_NEAR)(partial(text_of, folder))
        self._references = lru_cache(_NEAR)(self._in_body)

    def references(self, entry: Entry, urls: Urls) -> Mapping[str, Reference]:
        """The addresses in an article's text, as they are written in its file, by the absolute ones."""
        return self._references(entry.source, entry.path, urls)

    def note_at(self, code: Code, source: str, message: str, reference: Reference) -> Fault:
        return _note(code, source, message, _mark(self._text(source), reference.place, len(reference.written)))

    def note_on_text(self, code: Code, source: str, message: str, *texts: str, field: str = "") -> Fault:
        """A note where the first of these texts stands, by itself, that the file has from this field on."""
        text = self._text(source)
        begin = _field(text, field) if field else None
        alone = (re.compile(rf"(?<![\w/.-]){re.escape(one)}(?![\w-])") for one in texts)
        all_found = (found for one in alone if (found := one.search(text, begin.end() if begin else 0)))
        found = next(all_found, None)
        return _note(code, source, message, _mark(text, found.start(), len(found[0])) if found else (0, 0, 0))

    def note_on_field(self, code: Code, source: str, message: str, *names: str) -> Fault:
        """A note at the value of the first of these fields that the file has."""
        return _note(code, source, message, self.place_of_field(source, *names))

    def place_of_field(self, source: str, *names: str) -> tuple[int, int, int]:
        """Line, column and end of the value of the first of these fields that the file has; 0 where it has none."""
        known, text = survey.places(self._index, source), ""
        for name in names:
            if name in known:
                return known[name]
            text = text or self._text(source)
            if found := re.search(rf"^{re.escape(name)}\s*:[ \t]*", text, re.MULTILINE):
                return _mark(text, found.end())
        return 0, 0, 0

    def _in_body(self, source: str, path: str, urls: Urls) -> Mapping[str, Reference]:
        text = self._text(source)
        begin = found.end() if (found := _field(text, "body")) else 0
        behind = references(text[begin:], partial(self._address, urls, path, source))
        return {address: one._replace(place=one.place + begin) for address, one in behind.items()}

    def _address(self, urls: Urls, path: str, source: str, reference: str) -> str:
        """The address of a reference as it stands in the article's HTML; of a file's, that of its article."""
        address = filelinks.resolve(urls, path, source, reference)
        own, sign, fragment = address.partition("#")
        file = filelinks.file_at(urls.own_path(own) or "")
        there = survey.address_of(self._index, file) if file else ""
        return f"{urls.absolute(there)}{sign}{fragment}" if there else address


def text_of(folder: Path, path: str) -> str:
    """The text of a file of the site, without a mark of its encoding; "" where it cannot be read."""
    try:
        return content(folder, path).decode("utf-8-sig", "replace")
    except (OSError, Unreadable):
        return ""


def _field(text: str, name: str) -> re.Match[str] | None:
    return re.search(rf"^{name}\s*:", text, re.MULTILINE)


def _note(code: Code, source: str, message: str, mark: tuple[int, int, int]) -> Fault:
    line, column, end = mark
    return Fault(source, line, column, code, message, end)


def _mark(text: str, place: int, length: int = 0) -> tuple[int, int, int]:
    """The line and column of a place in a text, from 1, and the column behind so many characters."""
    line, column = Positions(text[:place]).of(place)
    return line, column, column + length if length else 0
