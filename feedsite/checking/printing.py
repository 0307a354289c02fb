"""Faults and notes as the lines that `feedsite check` prints: faults first, and what many notes share only once."""

import re
from collections.abc import Iterable, Iterator

from ..errors import Fault, in_one_line
from ..wording import counted

_FEW = 3  # files whose notes of one kind are printed one by one; so many are named where there are more
# What differs between two notes of one kind: quoted values, paths, and whatever has a digit.
_VALUE = re.compile(r'`[^`]*`|"[^"]*"|\S*[/\d]\S*')


def lines(faults: Iterable[Fault], *, with_every_note: bool) -> Iterator[str]:
    """Each fault; then the notes. Of more than _FEW files with notes of one kind one line, unless all are wanted."""
    ordered = sorted(faults)
    yield from (str(fault) for fault in ordered if not fault.is_note)
    kinds: dict[str, list[Fault]] = {}
    for fault in ordered:
        if fault.is_note:
            kinds.setdefault(_VALUE.sub("", fault.message), []).append(fault)
    is_short = False
    for notes in kinds.values():
        places = list(dict.fromkeys(note.path for note in notes))
        if with_every_note or len(places) <= _FEW:
            yield from map(str, notes)
            continue
        is_short = True
        like = "" if len({note.message for note in notes}) == 1 else " such as"
        named = ", ".join(places[:_FEW])
        yield in_one_line(f"{counted(len(notes), 'note')}{like}: {notes[0].message} ({named}, ...)")
    if is_short:
        yield "`feedsite check --notes` prints each note."
