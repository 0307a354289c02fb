"""The lines in which two texts differ, for people who want to see what a command changes."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_LINE_END = re.compile("\r\n|\r|\n")
_WINDOW = 200  # lines of each text that are compared with one another
Piece = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]  # an opcode of difflib


class Line(NamedTuple):
    """A line that was taken out (-) or put in (+), and its number in its text, from 1."""

    sign: str
    number: int
    text: str


def changed_lines(before: str, after: str) -> Iterator[Line]:
    """What was taken out at a place stands before what was put in there."""
    old, new = _LINE_END.split(before), _LINE_END.split(after)
    for kind, begin, end, new_begin, new_end in pieces(old, new):
        if kind != "equal":
            yield from (Line("-", n + 1, old[n]) for n in range(begin, end))
            yield from (Line("+", n + 1, new[n]) for n in range(new_begin, new_end))


def pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Which lines are equal, and which are not, from the first to the last, as difflib tells it.

    difflib's time grows with the square of a text in which lines repeat. It is given a few lines at a time here, where
    two texts differ.
    """
    place = new_place = 0
    while place < len(old) or new_place < len(new):
        same = 0
        most = min(len(old) - place, len(new) - new_place)
        while same < most and old[place + same] == new[new_place + same]:
            same += 1
        if same:
            yield "equal", place, place + same, new_place, new_place + same
        place, new_place = place + same, new_place + same
        window, new_window = old[place : place + _WINDOW], new[new_place : new_place + _WINDOW]
        is_whole = place + _WINDOW >= len(old) and new_place + _WINDOW >= len(new)
        found = SequenceMatcher(None, window, new_window).get_opcodes()
        taken = found if is_whole else _until_equal(found)
        for kind, begin, end, new_begin, new_end in taken:
            yield kind, place + begin, place + end, new_place + new_begin, new_place + new_end
        if taken:
            *_, end, _, new_end = taken[-1]
            place, new_place = place + end, new_place + new_end


def _until_equal(found: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces before the last equal lines, for these may go on behind the window. All, where no lines are equal."""
    last = max((n for n, piece in enumerate(found) if piece[0] == "equal"), default=len(found))
    return found[:last]
