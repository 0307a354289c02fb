"""Where something stands in an entry file, for notes on what is found in the index."""

import re
from functools import lru_cache
from pathlib import Path

from ..errors import Fault
from ..folder.opening import Unreadable, content
from ..index import survey
from ..index.index import Index

_LINE_END = re.compile("\r\n|\r|\n")
MOST = 20  # notes of one kind on one file: for each, the file may be searched through
_NEAR = 8  # files that are kept in memory: several notes on one come one after the other


class Sources:
    """The entry files of one site. One is read again only where a note is to name a line of it."""

    def __init__(self, folder: Path, index: Index) -> None:
        self._folder = folder
        self._index = index
        self._text = lru_cache(_NEAR)(self._read)

    def note_on_text(self, source: str, message: str, *texts: str, field: str = "") -> Fault:
        """A note where the first of these texts stands, by itself, that the file has from this field on."""
        text = self._text(source)
        begin = re.search(rf"^{field}\s*:", text, re.MULTILINE) if field else None
        alone = (re.compile(rf"(?<![\w/.-]){re.escape(one)}(?![\w-])") for one in texts)
        places = (found.start() for one in alone if (found := one.search(text, begin.end() if begin else 0)))
        return _note(source, message, _mark(text, next(places, None)))

    def note_on_field(self, source: str, message: str, *names: str) -> Fault:
        """A note at the value of the first of these fields that the file has."""
        known, text = survey.places(self._index, source), ""
        for name in names:
            if name in known:
                return _note(source, message, known[name])
            text = text or self._text(source)
            if found := re.search(rf"^{re.escape(name)}\s*:[ \t]*", text, re.MULTILINE):
                return _note(source, message, _mark(text, found.end()))
        return _note(source, message, (0, 0))

    def _read(self, source: str) -> str:
        try:
            return content(self._folder, source).decode("utf-8-sig", "replace")
        except (OSError, Unreadable):
            return ""


def _note(source: str, message: str, mark: tuple[int, int]) -> Fault:
    return Fault(source, *mark, message, is_note=True)


def _mark(text: str, place: int | None) -> tuple[int, int]:
    """The line and column of a place in a text, from 1."""
    if place is None:
        return 0, 0
    lines = _LINE_END.split(text[:place])
    return len(lines), len(lines[-1]) + 1
