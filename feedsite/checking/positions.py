"""Places in a text as lines and columns, which count from 1."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from ..edits import Edit

LINE_END = re.compile("\r\n|\r|\n")


class Positions:
    """Where the lines of one text begin."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(end.end() for end in LINE_END.finditer(text))]
        self._length = len(text)

    def of(self, place: int) -> tuple[int, int]:
        """The line and the column of a place that counts from 0."""
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1

    def holds(self, edits: Iterable[Edit]) -> bool:
        """Whether the text has the places of all these edits: the file may have changed since it was read."""
        return all(edit.end <= self._length for edit in edits)
