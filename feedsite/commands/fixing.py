"""`feedsite check --fix` and `--diff`: files mended as their faults say, or what of them would be."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ..checking import mending
from ..codes import Code
from ..editing import disk
from ..editing.linediff import changed_lines
from ..errors import Faults, in_one_line
from ..folder.library import Library
from ..folder.opening import Unreadable, content
from ..settings import FILE
from .opensite import read

_MOST_RUNS = 5  # over the files


def fixed(library: Library) -> Iterator[str]:
    """Mends what can be. Gives lines to be printed: the files, and the lines that are changed in each.

    A file that was mended is looked at again: whether its id is certain shows only where it has no fault.
    """
    among: set[str] | None = None  # all of them; then those that were mended, and no copies of them
    for _ in range(_MOST_RUNS):
        mended: set[str] = set()
        for path, before, after in _mended(library):
            if among is not None and path not in among:
                continue
            done = _written(library.folder, path, before, after)
            mended |= {path} if done else set()
            yield f"{'Mended' if done else 'This could not be written:'} {in_one_line(path)}"
            for line in changed_lines(before.decode("utf-8-sig"), after.decode("utf-8-sig")):
                yield f"  {line.sign} {in_one_line(line.text)}"
        if not (among := mended):
            break


def diff(library: Library) -> Iterator[str]:
    """What `fixed` would change, as the lines of a patch with their ends. Nothing is changed."""
    for path, before, after in _mended(library):
        yield from mending.diff(path, before, after)


def _mended(library: Library) -> Iterator[tuple[str, bytes, bytes]]:
    """The files that can be mended: path, bytes, and what they should be. site.yaml comes first, for what the others
    mean follows from it.
    """
    yield from _of_file(library.folder, FILE, mending.of_site(os.environ))
    try:
        read(library)
    except Faults:
        return
    settings = library.contents(datetime.now(UTC)).settings
    faults = mending.with_certain_ids(library.index.faults(), library.index.derived())
    with_id = {fault.path for fault in faults if fault.mend and fault.code is Code.WITHOUT_ID}
    for path in sorted({fault.path for fault in faults if fault.mend and fault.path != FILE}):
        yield from _of_file(library.folder, path, mending.of_text(path, settings), with_id=path in with_id)


def _of_file(
    folder: Path, path: str, read_as: mending.Reader, *, with_id: bool = False
) -> Iterator[tuple[str, bytes, bytes]]:
    try:
        before = content(folder, path)
    except (OSError, Unreadable):
        return
    if (after := mending.mended(before, read_as, with_id=with_id)) != before:
        yield path, before, after


def _written(folder: Path, path: str, before: bytes, after: bytes) -> bool:
    """False where the file cannot be replaced, or has changed since it was read."""
    try:
        with disk.locked(folder):
            disk.replace(folder, path, before, after)
    except (OSError, disk.Changed):
        return False
    return True
