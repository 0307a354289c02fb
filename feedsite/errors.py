"""What goes wrong: faults in an editor's file as values, and the errors that end a command."""

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .codes import Code
from .edits import Edit

# Characters that move the cursor, end a line or turn the direction of writing (Unicode UAX 9).
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Errors that may pass by themselves: too many open files, a disk or a network that is away for a moment.
_PASSING = frozenset({errno.EAGAIN, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT})


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend in one file. `line` and `column` count from 1; line 0 means the file as a whole.

    `code` names its kind, and says whether it is a note. `end` is the column behind the last character that is wrong,
    on the same line; 0 where it is not known. `mend` changes the file's text (without a mark of its encoding) so that
    this fault is gone; none where only an editor knows what is meant.
    """

    path: str
    line: int
    column: int
    code: Code
    message: str
    end: int = 0
    mend: tuple[Edit, ...] = ()

    @property
    def is_note(self) -> bool:
        """Whether it is advice only: the file is published all the same."""
        return self.code.is_note

    @property
    def place(self) -> str:
        """file:line:column, or the file alone. A name that holds a colon stands in quotation marks, for it could look
        like a place and a message.
        """
        path = f'"{self.path}"' if ":" in self.path else self.path
        return f"{path}:{self.line}:{self.column}" if self.line else path

    def __str__(self) -> str:
        """One line. Characters of the file that would break it, in a log or at a terminal, become question marks."""
        return in_one_line(f"{self.place}: {'note: ' if self.is_note else ''}{self.message}")


def in_one_line(text: str) -> str:
    """A text with names or words of a contributor, for a log or a terminal: what moves or turns a line becomes ?."""
    return _UNSEEN.sub("?", text)


def in_json(text: str) -> str:
    """A JSON text for a terminal: what moves or turns a line is escaped, which means the same."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)


class FeedsiteError(Exception):
    """A command cannot go on. The message is for the person at the terminal: why, and what to do."""


class Faults(FeedsiteError):
    """The faults of site.yaml, without which nothing can be published."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Outside(OSError):
    """A symlink leads out of the folder that it must stay in, or to what is hidden in it."""

    def __init__(self, beneath: str, *, is_hidden: bool = False) -> None:
        place = "to a hidden file" if is_hidden else f"out of {beneath}/" if beneath else "out of the site's folder"
        super().__init__(errno.EXDEV, f"a link leads {place}; put the files themselves there, or delete the link")


def is_passing(error: Exception) -> bool:
    """Whether the same operation may succeed a moment later."""
    return isinstance(error, OSError) and error.errno in _PASSING


def reason(error: Exception) -> str:
    """The error of an operating system, in an editor's words."""
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
