"""Ids that `feedsite check --write-ids` writes into files."""

import os
import stat
from codecs import BOM_UTF8
from dataclasses import replace
from pathlib import Path

from ..folder.opening import content, without_links
from ..index.index import Derived
from ..parsing import entryfile
from ..settings import Settings


def write_id(folder: Path, derived: Derived, settings: Settings) -> bool:
    """Writes the id of an article into its file, and changes nothing else there.

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
    written = entryfile.read(after, derived.source, settings).entry
    if not written or written.id != derived.id or written != replace(expected, id=written.id, urn=written.urn):
        return False
    draft = path.with_name(f".{path.name}.feedsite")
    draft.unlink(missing_ok=True)  # left by a run that was killed, or a link that a contributor put there
    with draft.open("xb") as file:
        file.write(after)
    os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
    os.replace(draft, path)
    return True
