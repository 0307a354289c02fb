"""The notes of the last check, kept in the index: they hold as long as nothing that they follow from is another one.

Making them reads every article, draws pages, and imports all that draws; a check of a site that has not changed does
none of that.
"""

import json
import os
from datetime import UTC, datetime
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from ..codes import Code
from ..errors import Fault
from ..folder.indexfile import FORMER
from ..folder.library import Library
from ..index import faultrows, survey
from ..index.readresult import content_hash

_NOTES, _SEAL = "notes", "hash of notes"  # in the index
_MOST = 10_000  # notes that are kept
_PACKAGE = Path(__file__).parent.parent


def faults_and_notes(library: Library, now: datetime) -> list[Fault]:
    """All that `feedsite check` prints of what the index has read. One cause has one message."""
    found = [*library.index.faults(), *_notes(library, now)]
    if os.path.lexists(library.folder / FORMER):
        found.append(Fault(FORMER, 0, 0, Code.LEFT_BEHIND, "feedsite reads nothing there any more; delete it"))
    renamed = {fault.path for fault in found if fault.code == Code.RENAMED}
    return [fault for fault in found if fault.code != Code.WITHOUT_ID or fault.path not in renamed]


def _notes(library: Library, now: datetime) -> list[Fault]:
    with library.index.reading():
        state = _state(library, now)
        if (known := _kept(library, state, now)) is not None:
            return known
        module = import_module(".notes", __package__)  # and so all that draws, only where it is needed
        made: tuple[list[Fault], datetime | None] = module.notes(library, now)
    notes, until = made
    if state and len(notes) <= _MOST:
        _keep(library, state, now, until, notes)
    return notes


def _state(library: Library, now: datetime) -> str:
    """A hash of all that notes follow from but the moment; "" where the files have still to be read again."""
    if (files := survey.state(library.index)) is None:
        return ""
    settings = library.contents(now).settings
    return blake2b(repr((files, settings, _code())).encode(), digest_size=16).hexdigest()


def _code() -> list[tuple[str, int, int]]:
    """By which code notes are made: the files of this package, for hashing them all takes longer than the check."""
    found = []
    for folder, _, names in os.walk(_PACKAGE):
        if not folder.endswith("__pycache__"):
            statuses = ((name, os.stat(os.path.join(folder, name))) for name in names)
            found += [(os.path.join(folder, name), at.st_size, at.st_mtime_ns) for name, at in statuses]
    return sorted(found)


def _kept(library: Library, state: str, now: datetime) -> list[Fault] | None:
    """The notes of an earlier run; None where they may be others now."""
    text = library.index.meta(_NOTES)
    if not state or not isinstance(text, str) or content_hash(text.encode()) != library.index.meta(_SEAL):
        return None
    of_state, since, until, rows = json.loads(text)
    holds = of_state == state and since <= now.timestamp() and (until is None or now.timestamp() < until)
    return [faultrows.fault_of(*row) for row in rows] if holds else None


def _keep(library: Library, state: str, now: datetime, until: datetime | None, notes: list[Fault]) -> None:
    rows = [faultrows.columns_of(note) for note in notes]
    value: list[Any] = [state, now.timestamp(), until and until.astimezone(UTC).timestamp(), rows]
    text = json.dumps(value)
    with library.index.writing() as writer:
        writer.set_meta(_NOTES, text)
        writer.set_meta(_SEAL, content_hash(text.encode()))
