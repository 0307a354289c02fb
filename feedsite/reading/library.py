"""A site's folder as its Holdings: settings, catalogue, media and faults. The only reader of entries/ and site.yaml.

Only files whose stat changed are read again. A file that breaks keeps its last good version, a folder that cannot be
listed keeps what it held: an editor's slip never takes an article offline.
"""

import os
import stat
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from .. import media
from ..catalogue import Catalogue, gather
from ..document import Document
from ..errors import Fault, Faults
from ..model import Entry
from ..urls import MEDIA_FOLDERS
from . import entryfile, markup
from .entryfile import EntryFile
from .settings import FILE, Settings
from .settings import read as read_settings
from .walk import Unreadable, Walk, content, is_passing, told

_SETTLED = 100_000_000  # ns: a file changed later than this before it was read may change again within the same mtime
_SAVING = 300_000_000  # ns that a program may take to save a file: while it is away, or ends in the middle of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a site's folder holds at one time. `media` are its own pictures and recordings, by path."""

    settings: Settings
    catalogue: Catalogue
    files: tuple[EntryFile, ...]
    media: Mapping[str, Callable[[], Document]]
    faults: tuple[Fault, ...]  # of all files, and the notes


@dataclass(frozen=True, slots=True)
class _Read:
    """One entry file as it was last read. `signature` is None where it must be read again."""

    signature: tuple[int, ...] | None
    file: EntryFile
    last_good: Entry | None


class Library:
    """Reads one site's folder, again and again."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = environment
        self._settings: Settings | None = None
        self._files: dict[str, _Read] = {}
        self._incumbents: frozenset[tuple[str, str]] = frozenset()
        self._media: dict[str, Callable[[], Document]] = {}
        self._missing: dict[str, int] = {}  # since when files that were there are not
        self._is_patient = False
        self.is_being_saved = False  # whether some file must be looked at again soon, whatever the system tells

    def settings(self) -> tuple[Settings, tuple[Fault, ...]]:
        """site.yaml; where it is faulty now, what it said before. Raises Faults where it never said anything."""
        path = self.folder / FILE
        try:
            if not path.exists():
                example = "title: The Meridian\ndescription: World news, set plainly."
                raise Faults([Fault(FILE, 0, 0, f"there is no {FILE} in {self.folder}; make one that says\n{example}")])
            return read_settings(content(path), self._environment)
        except Faults as error:
            faults = error.faults
        except (OSError, Unreadable) as error:
            self.is_being_saved |= is_passing(error)
            faults = (Fault(FILE, 0, 0, told(error)),)
        if self._settings is None:
            raise Faults(faults)
        return self._settings, faults

    def read(self, *, is_patient: bool = False) -> Holdings:
        """Everything, as it stands on the disk now. Raises Faults where site.yaml is faulty and always was.

        A patient reader goes on with what it knows of a file while that seems to be being saved: `is_being_saved` then
        says that it should soon look again.
        """
        self._is_patient, self.is_being_saved = is_patient, False
        settings, faults = self.settings()
        known = (
            self._files
            if settings == self._settings
            else {path: replace(file, signature=None) for path, file in self._files.items()}
        )
        walk = Walk(self.folder)
        self._files = {path: self._file(path, stat_, settings, known.get(path)) for path, stat_ in walk.entry_files()}
        self._keep_absent({path: file for path, file in known.items() if path not in self._files}, walk.lost)
        found = {f"/{path}": partial(_medium, self.folder / path, kind) for path, kind in walk.media_files()}
        self._media = {path: draw for path, draw in self._media.items() if _is_below(path[1:], walk.lost)} | found
        self.is_being_saved |= walk.is_passing
        self._settings = settings
        entries = [file.last_good for file in self._files.values() if file.last_good]
        catalogue = gather(entries, self._incumbents)
        self._incumbents = frozenset((entry.source, entry.id) for entry in catalogue.entries)
        on_files = [fault for file in self._files.values() for fault in file.file.faults]
        return Holdings(
            settings=settings,
            catalogue=catalogue,
            files=tuple(file.file for file in self._files.values()),
            media=self._media,
            faults=tuple(sorted([*faults, *walk.faults, *on_files, *catalogue.faults])),
        )

    def _file(self, path: str, found: os.stat_result, settings: Settings, earlier: _Read | None) -> _Read:
        signature = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        if earlier and earlier.signature == signature:
            return earlier
        age = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns)
        try:
            text = content(self.folder / path)
        except (OSError, Unreadable) as error:
            file = EntryFile(entry=None, faults=(Fault(path, 0, 0, told(error)),))
            if is_passing(error):
                self.is_being_saved, age = True, 0
        else:
            if self._is_patient and 0 <= age < _SAVING and not text.endswith((b"\n", b"\r")):
                self.is_being_saved = True
                return replace(earlier, signature=None) if earlier else _Read(None, EntryFile(entry=None), None)
            file = entryfile.read(text, path, settings)
        last_good = file.entry or (earlier.last_good if earlier else None)
        return _Read(signature if age > _SETTLED else None, file, last_good)

    def _keep_absent(self, absent: Mapping[str, _Read], lost: list[str]) -> None:
        """Files in folders that cannot be listed stay as they were; others for as long as saving them may take.

        An article that another file holds now was renamed, and need not be waited for.
        """
        now, patience = time.monotonic_ns(), _SAVING if self._is_patient else 0
        present = {file.last_good.id for file in self._files.values() if file.last_good}
        since = {path: self._missing.get(path, now) for path in absent}
        self._missing = {}
        for path, earlier in absent.items():
            if _is_below(path, lost):
                self._files[path] = earlier
            elif earlier.last_good and earlier.last_good.id not in present and now - since[path] < patience:
                self._files[path] = replace(earlier, signature=None)
                self._missing[path] = since[path]
                self.is_being_saved = True


def _is_below(path: str, folders: list[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def loose_ends(holdings: Holdings, now: datetime) -> list[Fault]:
    """What is well written and probably not meant: pictures that do not exist, wrong lengths, changes to come."""
    urls = holdings.settings.urls
    notes: list[Fault] = []
    for entry in holdings.catalogue.entries:
        shown = [entry.image.src] if entry.image else []
        shown += [*(enclosure.url for enclosure in entry.enclosures), *markup.sources(entry.body)]
        for path in filter(None, map(urls.own_path, shown)):
            if path not in holdings.media:
                notes.append(_note(entry, _missing(path)))
        for enclosure in entry.enclosures:
            path = urls.own_path(enclosure.url) or ""
            draw = holdings.media.get(path)
            if draw and (length := len(draw().body)) != enclosure.length:
                notes.append(_note(entry, f"{path} has {length} bytes; write `length: {length}`"))
        if entry.published <= now < entry.updated:
            notes.append(_note(entry, "its last change (updated, or a correction) lies in the future"))
    return notes


def _missing(path: str) -> str:
    if path.strip("/").partition("/")[0] not in MEDIA_FOLDERS:
        return f"{path} is not published; pictures stand in images/, recordings in audio/"
    if media.type_of(path) is None:
        return f"{path} is not published; its name must end in one of {' '.join(media.TYPES)}"
    return f"{path} is not in the site's folder; readers will see a gap"


def write_id(folder: Path, file: EntryFile, settings: Settings) -> bool:
    """Writes the id that an article goes by into its file, and changes nothing else there. False where that fails.

    The file is replaced whole or not at all.
    """
    if file.derived_id is None or file.entry is None:
        return False
    path = (folder / file.entry.source).resolve()  # a link stays a link
    before = content(path)
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    lines = before.removeprefix(mark).splitlines(keepends=True)
    end = lines[0][len(lines[0].rstrip(b"\r\n")) :] or b"\n"
    lines.insert(file.first_line - 1, b"id: " + file.derived_id.encode() + end)
    after = mark + b"".join(lines)
    again = entryfile.read(after, file.entry.source, settings)
    if again.entry != file.entry:
        return False
    draft = path.with_name(f".{path.name}.feedsite")
    draft.write_bytes(after)
    os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
    os.replace(draft, path)
    return True


def _medium(path: Path, kind: str) -> Document:
    """Raises KeyError where it has been taken away since the site was planned, OSError where it cannot be read now."""
    try:
        return Document(path.read_bytes(), kind)
    except (FileNotFoundError, NotADirectoryError):
        raise KeyError(path) from None


def _note(entry: Entry, message: str) -> Fault:
    return Fault(entry.source, 0, 0, message, is_note=True)
