"""Faults and notes as the lines that `feedsite check` prints: faults first, and what many notes share only once."""

import re
from collections.abc import Iterable, Iterator

from ..errors import Fault, in_one_line
from ..wording import counted

_FEW = 3  # files whose notes of one kind are printed one by one; so many are named where there are more
# What differs between two notes of one kind: quoted values, paths, whatever has a digit, and whether there are more.
_VALUE = re.compile(r',? \(?one of \d+ in this text[),]?|`[^`]*`|"[^"]*"|\S*[/\d]\S*')


def lines(faults: Iterable[Fault], *, with_every_note: bool) -> Iterator[str]:
    """Each fault; then each note; of more than _FEW files with notes of one kind a line, unless each one is wanted."""
    ordered = sorted(faults)
    yield from (str(fault) for fault in ordered if not fault.is_note)
    notes = [fault for fault in ordered if fault.is_note]
    kinds: dict[str, list[Fault]] = {}
    for note in notes:
        kinds.setdefault(_VALUE.sub("", note.message), []).append(note)
    shared = [] if with_every_note else [kind for kind in kinds.values() if len(_files(kind)) > _FEW]
    left_out = {note for kind in shared for note in kind}
    yield from (str(note) for note in notes if note not in left_out)
    for kind in shared:
        like = "" if len({note.message for note in kind}) == 1 else " such as"
        named = ", ".join(_files(kind)[:_FEW])
        yield in_one_line(f"{counted(len(kind), 'note')}{like}: {kind[0].message} ({named}, ...)")
    if shared:
        yield "`feedsite check --notes` prints each note."


def _files(notes: Iterable[Fault]) -> list[str]:
    return list(dict.fromkeys(note.path for note in notes))
