"""A fault beside the line of its file, and that line as it should be: for a terminal, and for a page of the preview."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..cells import cells, first, last
from ..codes import Code
from ..edits import Edit, applied
from ..errors import Fault, in_one_line
from .positions import LINE_END, Positions

WIDEST = 100  # cells of a line that is shown
_BEHIND = 20  # cells that what follows the wrong characters may take from what stands before them
_AHEAD = 3  # the part of the width in which what stands before wrong characters is kept whole, such as a field's name
_MORE = "..."
_TAB = "    "
_MOST_LINES = 6  # of a mend
_ADVICE = re.compile(r"[;,:] (?:(?:write|add) )?`?")  # before the mend in a message


class Mended(NamedTuple):
    """A line as it should be. `number` is the one that it will have, from 1; 0 stands for lines that are not shown.
    It takes the place of another line, or is a new one.
    """

    number: int
    text: str
    is_new: bool = False


class Frame(NamedTuple):
    """What a person is shown of a fault. No text in it moves a cursor or turns a line.

    `shown` is the line of the file, cut where it is long: from `begin` to `end`, counted from 0, it is wrong; there may
    be no character, at a line's end. `number` is the line's, from 1; 0 where the fault is one of the file as a whole.
    `place` is file:line:column. `message` is one sentence; what it says of the mend is left out where `mend` shows it.
    """

    place: str
    code: Code
    message: str
    number: int = 0
    shown: str = ""
    begin: int = 0
    end: int = 0
    mend: tuple[Mended, ...] = ()


def framed(fault: Fault, text: str, widest: int = WIDEST) -> Frame:
    """The frame of a fault in a file of this text, without a mark of its encoding; "" where it cannot be read."""
    lines = LINE_END.split(text) if fault.line else []
    mend = _mended(text, fault.mend)
    message = in_one_line(_without_advice(fault.message, mend))
    frame = Frame(in_one_line(fault.place), fault.code, message, mend=mend)
    if not text or not 0 < fault.line <= len(lines):
        return frame
    line = lines[fault.line - 1]
    begin = min(fault.column - 1, len(line))
    end = max(fault.end - 1, begin + 1)
    parts = _printed(line[:begin]), _printed(line[begin:end]), _printed(line[end:])
    before, wrong, behind = _cut(*parts, widest)
    begin = len(before)
    return frame._replace(number=fault.line, shown=before + wrong + behind, begin=begin, end=begin + len(wrong))


def _printed(text: str) -> str:
    return in_one_line(text.replace("\t", _TAB))


def _cut(before: str, wrong: str, behind: str, widest: int) -> tuple[str, str, str]:
    """The three parts of a line, so that they take `widest` cells together at most."""
    edge = len(_MORE)
    ahead = cells(before) if cells(before) <= widest // _AHEAD else edge
    if cells(wrong) > widest - ahead - edge * bool(behind):
        wrong, behind = _beginning(wrong, widest - ahead), ""
    room = widest - cells(wrong)
    if cells(before) > (there := room - min(cells(behind[:_BEHIND]), _BEHIND)):
        before = _MORE + last(before, max(there - edge, 0))
    return before, wrong, _beginning(behind, room - cells(before))


def _beginning(text: str, room: int) -> str:
    return text if len(text) <= 2 * room and cells(text) <= room else first(text, max(room - len(_MORE), 0)) + _MORE


def _mended(text: str, edits: Iterable[Edit]) -> tuple[Mended, ...]:
    """The lines that differ once these edits are made. A line that is only taken out is none."""
    if not (ordered := sorted(edits)) or not Positions(text).holds(ordered):
        return ()
    after, moved = applied(text, ordered), 0
    positions = Positions(after)
    found: dict[int, bool] = {}
    for edit in ordered:
        begin = edit.begin + moved
        end = begin + len(edit.text)
        moved += end - begin - (edit.end - edit.begin)
        is_line = _is_line_start(after, begin) and _is_line_start(after, end) and _is_line_start(text, edit.end)
        for number in range(positions.of(begin)[0], positions.of(end)[0] + (not is_line)):
            found[number] = is_line and edit.begin == edit.end
    lines = LINE_END.split(after)
    numbers = sorted(found)[: _MOST_LINES + 1]
    shown = [Mended(number, _printed(lines[number - 1]), found[number]) for number in numbers]
    return tuple(shown if len(shown) <= _MOST_LINES else [*shown[:_MOST_LINES], Mended(0, _MORE)])


def _is_line_start(text: str, place: int) -> bool:
    return place == 0 or text[place - 1] in "\r\n"


def _without_advice(message: str, mend: tuple[Mended, ...]) -> str:
    """The message without its last words, where these are the mend, which stands below it."""
    for advice in _ADVICE.finditer(message) if mend else ():
        written = message[advice.end() :].removesuffix("`").strip()
        if written and any(written in line.text for line in mend):
            return message[: advice.start()]
    return message
