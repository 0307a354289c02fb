"""What the files of the pictures that an article shows say of themselves: how wide and high they are, and how long."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .. import media
from ..model import Entry, Picture
from ..parsing import markup
from ..pictures import reading, sizes
from ..pictures.parsed import Shape
from ..urls import Urls
from . import ownfacts
from .opening import Opened
from .ownfacts import Completed, Writing

_MOST = 500  # pictures of one article that are looked into
_LONGEST = 8 * 1024 * 1024  # bytes of a picture whose length is found out: for that all of it is read


class _Facts(NamedTuple):
    shape: Shape
    length: int


def completed(entry: Entry, folder: Path, urls: Urls, *, waits_for_saves: bool = False) -> Completed:
    """The entry with its pictures. Raises OSError where a file of the site cannot be read just now. With
    `waits_for_saves` nothing is read of one that is still being written.
    """
    wanted = {address: path for address in _addresses(entry) if (path := _own_picture(address, urls))}
    if not wanted:
        return Completed(entry)
    facts: dict[str, _Facts | None] = {}
    is_passing = False
    for path in ownfacts.unique(wanted.values())[:_MOST]:
        facts[path] = None
        try:
            facts[path] = ownfacts.look(folder, path, partial(_facts, path), waits_for_saves=waits_for_saves)
        except Writing:
            is_passing = True
    pictures = tuple(
        Picture(url=address, shape=found.shape, length=found.length)
        for address, path in wanted.items()
        if (found := facts.get(path))
    )
    return Completed(replace(entry, pictures=pictures), tuple(facts), is_passing)


def _addresses(entry: Entry) -> list[str]:
    lead = [entry.image.src] if entry.image else []
    return [*lead, *(enclosure.url for enclosure in entry.enclosures), *markup.sources(entry.body)]


def _own_picture(address: str, urls: Urls) -> str:
    """Its path in the site's folder; "" of what is elsewhere, or no picture."""
    path = ownfacts.own_file(address, urls)
    return path if (media.type_of(path) or "").startswith("image/") else ""


def _facts(path: str, file: Opened, kind: str) -> _Facts | None:
    """None where the file says no size."""
    size = file.found.st_size
    if (shape := reading.shape(file.read, size, kind)) is None:
        return None
    is_shown = sizes.good(f"/{path}", shape) is None
    spans = reading.spans(file.read, size, kind) if is_shown and size <= _LONGEST else None
    return _Facts(shape, spans.size if spans else 0)
