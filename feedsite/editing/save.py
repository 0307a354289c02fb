"""An entry file saved after a change, if that means exactly what was intended. The one door by which files change."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..errors import Fault, FeedsiteError, in_one_line, reason
from ..folder.opening import LARGEST, Unreadable, content
from ..model import Entry
from ..parsing.entryfile import EntryFile
from ..settings import Settings
from . import disk
from .draft import Draft
from .original import Original, read


class NotSaved(FeedsiteError):
    """Why a file was left as it is."""

    def __init__(self, message: str) -> None:
        super().__init__(in_one_line(message))


class Change(NamedTuple):
    """The text of a file after a change, and what it must then be read as; under a new name where that has another.

    `text` is what the body then says, as it is written; None where it says what it said.
    """

    draft: Draft
    entry: Entry
    text: str | None = None


def original_of(folder: Path, source: str, settings: Settings) -> Original:
    """Reads a file that is to be changed. Raises NotSaved where it cannot be read, or has faults."""
    try:
        before = content(folder, source)
    except (OSError, Unreadable) as error:
        raise NotSaved(f"{source}: {reason(error)}") from None
    file = read(before, source, settings)
    if file.entry is None:
        raise NotSaved(f"{_first(file)} (mend this first; `feedsite check` tells everything)")
    return Original(source=source, content=before, entry=file.entry, settings=settings)


def verify(original: Original, change: Change) -> None:
    """Raises NotSaved where the changed file would not be read as what the change means."""
    source = original.source
    if len(change.draft.content) > LARGEST:
        raise NotSaved(f"{source} was left as it is: it would be larger than {LARGEST // 1024**2} MB")
    file = read(change.draft.content, change.entry.source, original.settings)
    if file.entry is None:
        raise NotSaved(f"{source} was left as it is, for it would have a fault: {_first(file).message}")
    if not _is_meant(file.entry, original, change):
        raise NotSaved(f"{source} was left as it is, for more of it would change than is meant; edit it yourself")


def save(folder: Path, original: Original, change: Change) -> None:
    """Writes the change into the file, and then renames it if its name changes: whatever ends the process between the
    two, the article is what it was. Raises NotSaved.
    """
    verify(original, change)
    source, new = original.source, change.entry.source
    done = f"{source} was left as it is"
    try:
        with disk.locked(folder):
            if change.draft.content != original.content:
                disk.replace(folder, source, original.content, change.draft.content)
                done = f"{source} was changed, but not renamed"
            if new != source:
                disk.rename(folder, source, new)
    except disk.Changed:
        raise NotSaved(f"{source} was changed by another program just now, and left as it is; try again") from None
    except BlockingIOError:
        raise NotSaved(f"{done}: another command is changing files of this site; try again") from None
    except FileExistsError:
        raise NotSaved(f"{done}: {new} is there already") from None
    except PermissionError:
        raise NotSaved(f"{done}: you may not write to it, or to its folder") from None
    except OSError as error:
        raise NotSaved(f"{done}: {error.strerror}") from None


def _first(file: EntryFile) -> Fault:
    return next(fault for fault in file.faults if not fault.is_note)


def _is_meant(found: Entry, original: Original, change: Change) -> bool:
    """Whether the article that was read after the change is the one that is meant.

    Where its address or its file changes, links may change in the HTML: then the texts are compared as written.
    """
    meant, former = change.entry, original.entry
    if change.text is not None or (meant.path, meant.source) != (former.path, former.source):
        text = _body(original.draft) if change.text is None else change.text.rstrip("\n")
        if _body(change.draft) != text:
            return False
        meant = replace(meant, body=found.body)
    return found == meant


def _body(draft: Draft) -> str | None:
    """The text without line ends behind it, which a block may keep and which mean nothing in Markdown."""
    field = draft.fields.get("body")
    return field and field.value.text.rstrip("\n")
