"""What is well written and probably not meant, and what `feedsite check` can write into a file."""

import os
import stat
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from .. import media, urls
from ..errors import Fault
from ..index.index import Derived
from ..model import Entry
from ..parsing import entryfile, markup
from ..settings import Settings
from ..urls import MEDIA_FOLDERS
from .indexfile import FORMER
from .library import Library
from .opening import content, without_links


def lint(library: Library, now: datetime) -> list[Fault]:
    """What is well written and probably not meant: pictures that do not exist, wrong lengths, changes to come."""
    settings, media_ = library.contents(now).settings, library.index.media()
    own_path = settings.urls.own_path
    notes: list[Fault] = []
    for entry in library.index.entries():
        shown = [entry.image.src] if entry.image else []
        shown += [*(enclosure.url for enclosure in entry.enclosures), *markup.sources(entry.body)]
        for path in filter(None, map(own_path, shown)):
            if path.removeprefix("/") not in media_:
                notes.append(_note(entry, _missing(path)))
        for enclosure in entry.enclosures:
            path = own_path(enclosure.url) or ""
            found = media_.get(path.removeprefix("/"))
            if found and (length := found[0]) != enclosure.length:
                notes.append(_note(entry, f"{path} has {length} bytes; write `length: {length}`"))
        zone = settings.timezone
        for what, at in _ahead(entry, max(now, entry.published)):
            notes.append(_note(entry, f"{what} lies in the future ({at.astimezone(zone).isoformat()}); is it a slip?"))
    notes += _unportable(media_)
    if os.path.lexists(library.folder / FORMER):
        notes.append(Fault(FORMER, 0, 0, "feedsite reads nothing there any more; delete it", is_note=True))
    return notes


def _ahead(entry: Entry, moment: datetime) -> Iterator[tuple[str, datetime]]:
    """The times of changes later than `moment`: now, or the one at which a scheduled article appears.

    A change cannot be scheduled. A draft has none of these times yet.
    """
    changes = [("the time of a correction", correction.at) for correction in entry.corrections]
    if entry.withdrawal:
        changes.append(("the time of the withdrawal", entry.withdrawal.at))
    if entry.updated not in [at for _, at in changes]:
        changes.append(("updated", entry.updated))
    return ((what, at) for what, at in changes if at > moment)


def _unportable(paths: Iterable[str]) -> Iterator[Fault]:
    """Names of pictures and recordings that could not be copied to every system, or to a store."""
    twins: dict[str, str] = {}
    for path in sorted(paths):
        if why := urls.unnamable(path):
            yield Fault(path, 0, 0, f"not every system and store can hold a file of this name: {why}", is_note=True)
        if (twin := twins.setdefault(urls.key(path), path)) != path:
            yield Fault(path, 0, 0, f"to Windows and macOS this is the same file as {twin}; rename one", is_note=True)


def _missing(path: str) -> str:
    if path.strip("/").partition("/")[0] not in MEDIA_FOLDERS:
        return f"{path} is not published; pictures stand in images/, recordings in audio/"
    if media.type_of(path) is None:
        return f"{path} is not published; its name must end in one of {' '.join(media.TYPES)}"
    return f"{path} is not in the site's folder; readers will see a gap"


def write_id(folder: Path, derived: Derived, settings: Settings) -> bool:
    """Writes the id that an article goes by into its file, and changes nothing else there. False where that fails.

    The file is replaced whole or not at all.
    """
    path = folder / without_links(folder, derived.source)  # a link stays a link
    before = content(folder, derived.source)
    expected = entryfile.read(before, derived.source, settings).entry
    if expected is None:
        return False  # broken since it was read
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    lines = before.removeprefix(mark).splitlines(keepends=True)
    end = lines[0][len(lines[0].rstrip(b"\r\n")) :] or b"\n"
    lines.insert(derived.first_line - 1, b"id: " + derived.id.encode() + end)
    after = mark + b"".join(lines)
    if entryfile.read(after, derived.source, settings).entry != expected:
        return False
    draft = path.with_name(f".{path.name}.feedsite")
    draft.unlink(missing_ok=True)  # of a run that was killed; or a link that somebody laid there
    with draft.open("xb") as file:
        file.write(after)
    os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
    os.replace(draft, path)
    return True


def _note(entry: Entry, message: str) -> Fault:
    return Fault(entry.source, 0, 0, message, is_note=True)
