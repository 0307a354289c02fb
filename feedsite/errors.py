"""What goes wrong, as values: a Fault names a place in an editor's file and what to write there instead."""

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass

# What moves the cursor, ends a line or turns the direction of writing (Unicode UAX 9).
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Refusals that pass by themselves: too many open files, a disk or a network that is away for a moment.
_PASSING = frozenset({errno.EAGAIN, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT})


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


class Outside(OSError):
    """A link that leads out of the folder in which it must stay."""

    def __init__(self, beneath: str) -> None:
        place = f"{beneath}/" if beneath else "the site's folder"
        super().__init__(
            errno.EXDEV, f"a link leads out of {place}; put the files themselves there, or delete the link"
        )


def is_passing(error: Exception) -> bool:
    """Whether what the operating system refuses now it may grant a moment later."""
    return isinstance(error, OSError) and error.errno in _PASSING


def reason(error: Exception) -> str:
    """An operating system's refusal in an editor's words."""
    if isinstance(error, FileNotFoundError):
        return "this does not exist; a link may point nowhere, or the folder has still to be made"
    if isinstance(error, PermissionError):
        return "feedsite is not allowed to read this; give its user permission to read"
    if isinstance(error, NotADirectoryError):
        return "this must be a folder"
    if isinstance(error, Outside):
        return str(error.strerror)
    if isinstance(error, OSError):
        return f"this cannot be read: {error.strerror}"
    return str(error)
