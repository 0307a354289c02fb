"""Notes on entries that are correct but probably not meant so, and ids that `feedsite check` writes into files."""

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
    """Notes on what is probably not meant: pictures that do not exist, wrong lengths, changes in the future."""
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
        for what, at in _future_changes(entry, max(now, entry.published)):
            notes.append(_note(entry, f"{what} lies in the future ({at.astimezone(zone).isoformat()}); is it a slip?"))
    notes += _unportable(media_)
    if os.path.lexists(library.folder / FORMER):
        notes.append(Fault(FORMER, 0, 0, "feedsite reads nothing there any more; delete it", is_note=True))
    return notes


def _future_changes(entry: Entry, moment: datetime) -> Iterator[tuple[str, datetime]]:
    """The changes of an entry after `moment`, which is now, or when a scheduled article appears.

    A change cannot be scheduled. A draft has no changes yet.
    """
    changes = [("the time of a correction", correction.at) for correction in entry.corrections]
    if entry.withdrawal:
        changes.append(("the time of the withdrawal", entry.withdrawal.at))
    if entry.updated not in [at for _, at in changes]:
        changes.append(("updated", entry.updated))
    return ((what, at) for what, at in changes if at > moment)


def _unportable(paths: Iterable[str]) -> Iterator[Fault]:
    """Notes on names of pictures and recordings that not every system or store can hold."""
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
    """Writes the derived id of an article into its file, and changes nothing else there.

    The file is replaced as a whole. False where it cannot be changed so, or has changed since it was read.
    """
    path = folder / without_links(folder, derived.source)  # where the file is a link, its target is replaced
    before = content(folder, derived.source)
    expected = entryfile.read(before, derived.source, settings).entry
    if expected is None:
        return False  # it has faults by now
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    lines = before.removeprefix(mark).splitlines(keepends=True)
    end = lines[0][len(lines[0].rstrip(b"\r\n")) :] or b"\n"
    lines.insert(derived.first_line - 1, b"id: " + derived.id.encode() + end)
    after = mark + b"".join(lines)
    if entryfile.read(after, derived.source, settings).entry != expected:
        return False
    draft = path.with_name(f".{path.name}.feedsite")
    draft.unlink(missing_ok=True)  # left by a run that was killed, or a link that a contributor put there
    with draft.open("xb") as file:
        file.write(after)
    os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
    os.replace(draft, path)
    return True


def _note(entry: Entry, message: str) -> Fault:
    return Fault(entry.source, 0, 0, message, is_note=True)
