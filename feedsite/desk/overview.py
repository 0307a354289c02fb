"""Articles as the lines of a table, and as JSON, for `feedsite list`."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..cells import cells, first
from ..errors import in_json, in_one_line
from ..index.listing import Listed
from ..model import NEVER
from ..settings import Settings

_GAP = "  "
_LEAST = 12  # cells of a title, or of a name
_CUT = "…"


class Line(NamedTuple):
    """An article at a terminal. `name` is the word by which commands take it."""

    state: str
    when: str
    title: str
    name: str


def slug_of(path: str) -> str:
    """The last word of an address."""
    return path.rstrip("/").rpartition("/")[2]


def line(one: Listed, settings: Settings) -> Line:
    entry = one.entry
    when = ""
    if entry.published < NEVER:
        when = f"{entry.published.astimezone(settings.timezone):%Y-%m-%d %H:%M}"
    elif entry.day < NEVER.date():
        when = entry.day.isoformat()
    return Line(one.state, when, in_one_line(entry.title), slug_of(entry.path))


def table(lines: Sequence[Line], width: int | None) -> list[str]:
    """The lines in columns, with their heads; in so many cells where a `width` is given."""
    rows = [Line("STATE", "WHEN", "TITLE", "NAME"), *lines]
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    if width is not None:
        widths[2:] = _fitting(widths[2:], width - sum(widths[:2]) - len(_GAP) * 3)
    return [_GAP.join(_padded(text, room) for text, room in zip(row, widths, strict=True)).rstrip() for row in rows]


def _fitting(wanted: list[int], room: int) -> list[int]:
    """The widths of title and name: the name whole, if that leaves half of the room for the title."""
    title, name = wanted
    if title + name <= room:
        return wanted
    name = max(min(name, room - min(title, room // 2)), _LEAST)
    return [max(room - name, _LEAST), name]


def _padded(text: str, room: int) -> str:
    if cells(text) > room:
        text = first(text, room - 1) + _CUT
    return text + " " * (room - cells(text))


def as_json(found: Iterable[Listed], broken: Iterable[str], settings: Settings) -> str:
    """All of them as a list of objects; of a broken file only its name is known."""
    objects = [{"file": path, "state": "broken"} for path in broken]
    objects += [_object(one, settings) for one in found]
    return in_json(json.dumps(objects, ensure_ascii=False, indent=1))


def _object(one: Listed, settings: Settings) -> dict[str, Any]:
    entry, zone = one.entry, settings.timezone
    is_draft = entry.published == NEVER
    values = {
        "file": entry.source,
        "state": one.state,
        "name": slug_of(entry.path),
        "title": entry.title,
        "published": None if is_draft else entry.published.astimezone(zone).isoformat(),
        "updated": None if is_draft else entry.updated.astimezone(zone).isoformat(),
        "address": settings.urls.absolute(entry.path) if settings.base_url else entry.path,
        "id": entry.id,
        "section": entry.section and entry.section.label,
        "tags": [tag.label for tag in entry.tags],
        "authors": [author.name for author in entry.authors],
        "language": entry.language,
    }
    return {name: value for name, value in values.items() if value not in (None, [])}
