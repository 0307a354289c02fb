"""What goes wrong, as values: a Fault names a place in an editor's file and what to write there instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# What moves the cursor, ends a line or turns the direction of writing (Unicode UAX 9).
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend in one file. `line` and `column` count from 1; line 0 means the file as a whole."""

    path: str
    line: int
    column: int
    message: str
    is_note: bool = False  # advice only: nothing is kept back because of it

    def __str__(self) -> str:
        """One line, whatever the file says: in a log or at a terminal none of it looks like a line of its own."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return _UNSEEN.sub("?", f"{place}: {'note: ' if self.is_note else ''}{self.message}")


class FeedsiteError(Exception):
    """A command cannot go on; the text says why and what to do, for the person at the terminal."""


class Faults(FeedsiteError):
    """A file without which nothing can be drawn (site.yaml) is faulty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
