"""What is wrong at one place of a text as a value, and the changes of lines that mend it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..codes import Code
from ..edits import Edit

LINE_END = re.compile("\r\n|\r|\n")


class Change(NamedTuple):
    """The characters of a line from the column `begin` to the column `end` become `text`. All count from 1."""

    line: int
    begin: int
    end: int
    text: str


class Problem(NamedTuple):
    """Lines and columns count from 1. `end` is the column behind the last character that is wrong; 0 where it is not
    known, or on another line. `mend` is there where it is certain what was meant.
    """

    code: Code
    line: int
    column: int
    message: str
    end: int = 0
    mend: tuple[Change, ...] = ()


class SyntaxProblem(Exception):
    """The text cannot be parsed beyond this place."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def edits_of(changes: Iterable[Change], text: str) -> tuple[Edit, ...]:
    """The changes as edits of the whole text."""
    if not (changes := tuple(changes)):
        return ()
    begins = [0, *(found.end() for found in LINE_END.finditer(text))]
    return tuple(
        Edit(begins[line - 1] + begin - 1, begins[line - 1] + end - 1, written) for line, begin, end, written in changes
    )
