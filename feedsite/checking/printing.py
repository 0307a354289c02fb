"""Faults and notes as the lines that `feedsite check` prints: faults first, each with its line of the file; and what
many notes share only once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from ..cells import cells, has_right_to_left, whole_run
from ..codes import Code
from ..errors import Fault, in_one_line
from ..wording import counted
from .framed import WIDEST, Frame, framed

Paint = Callable[[str, str], str]  # of a role in _COLOURS, and a text
_GUTTER = 5  # characters before the rule, at the least
MARGIN = _GUTTER + len(" | ") + len("...")  # before and behind a line of a file
_FEW = 3  # files whose notes of one kind are printed one by one; so many are named where there are more
# What differs between two notes of one kind: quoted values, paths, whatever has a digit, and whether there are more.
_VALUE = re.compile(r',? \(?one of \d+ in this text[),]?|`[^`]*`|"[^"]*"|\S*[/\d]\S*')
_LEFT_TO_RIGHT = "\u200e"  # Unicode UAX 9: what stands behind it at a line's start leaves the line's direction alone
_COLOURS = {
    "fault": "1;31",
    "note": "1;33",
    "place": "1",
    "rule": "34",
    "wrong": "1;31",
    "mend": "32",
}  # ECMA-48 8.3.117


def plain(role: str, text: str) -> str:  # noqa: ARG001  # a Paint
    return text


def coloured(role: str, text: str) -> str:
    return f"\x1b[{_COLOURS[role]}m{text}\x1b[0m" if text else ""


def lines(
    faults: Iterable[Fault],
    text_of: Callable[[str], str],
    *,
    with_every_note: bool,
    paint: Paint = plain,
    widest: int = WIDEST,
) -> Iterator[str]:
    """Each fault; then each note; of more than _FEW files with notes of one kind a line, unless each one is wanted.

    `text_of` gives the text of the file at a path, "" where it cannot be read.
    """
    ordered = sorted(faults)
    for path, of_file in groupby((fault for fault in ordered if not fault.is_note), attrgetter("path")):
        text = text_of(path)
        for fault in of_file:
            yield from (*frame_lines(framed(fault, text, widest), paint), "")
    notes = [fault for fault in ordered if fault.is_note]
    kinds: dict[str, list[Fault]] = {}
    for note in notes:
        kinds.setdefault(_VALUE.sub("", note.message), []).append(note)
    shared = [] if with_every_note else [kind for kind in kinds.values() if len(_files(kind)) > _FEW]
    left_out = {note for kind in shared for note in kind}
    for note in notes:
        if note not in left_out:
            yield f"{_head(note.code, note.place, paint)} {in_one_line(note.message)}"
    for kind in shared:
        like = "" if len({note.message for note in kind}) == 1 else " such as"
        named = ", ".join(_files(kind)[:_FEW])
        many = paint("note", f"{kind[0].code} {counted(len(kind), 'note')}{like}:")
        yield f"{many} {in_one_line(f'{kind[0].message} ({named}, ...)')}"
    if shared:
        yield "`feedsite check --notes` prints each note."


def frame_lines(frame: Frame, paint: Paint = plain) -> Iterator[str]:
    """A frame as text: its place; the line, with carets below what is wrong; the message; and the mend."""
    rows = [(str(frame.number), frame.shown, ""), ("", *_carets(frame))] if frame.number else []
    rows += [("", frame.message, ""), *((label, line, "mend") for label, line in _labelled(frame))]
    gutter = max(_GUTTER, *(len(label) for label, *_ in rows))
    yield _head(frame.code, frame.place, paint)
    for label, text, role in rows:
        turned = _LEFT_TO_RIGHT if has_right_to_left(text) else ""
        yield f"{turned}{paint('rule', f'{label:>{gutter}} |')} {paint(role, text) if role else text}"


def _carets(frame: Frame) -> tuple[str, str]:
    """Carets below what is wrong, and their role."""
    begin, end = whole_run(frame.shown, frame.begin, frame.end)
    return " " * cells(frame.shown[:begin]) + "^" * max(cells(frame.shown[begin:end]), 1), "wrong"


def _labelled(frame: Frame) -> Iterator[tuple[str, str]]:
    """The lines of the mend, each with what stands before it: `fix` or `add`, and its number where that is needed."""
    expected, word = frame.number, ""
    for line in frame.mend:
        former, word = word, "add" if line.is_new else "fix"
        label = word if line.number == expected else f"{word} {line.number}"
        yield "" if not line.number or (line.number == expected and word == former) else label, line.text
        expected = line.number + 1


def _head(code: Code, place: str, paint: Paint) -> str:
    return f"{paint('note' if code.is_note else 'fault', code)} {paint('place', in_one_line(place))}"


def _files(notes: Iterable[Fault]) -> list[str]:
    return list(dict.fromkeys(note.path for note in notes))
