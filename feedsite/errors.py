"""What goes wrong, as values: a Fault names a place in an editor's file and what to write there instead."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend in one file. `line` and `column` count from 1; line 0 means the file as a whole."""

    path: str
    line: int
    column: int
    message: str
    is_note: bool = False  # advice only: nothing is kept back because of it

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {'note: ' if self.is_note else ''}{self.message}"


class FeedsiteError(Exception):
    """A command cannot go on; the text says why and what to do, for the person at the terminal."""


class Faults(FeedsiteError):
    """A file without which nothing can be drawn (site.yaml) is faulty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
