"""Why an index cannot be used, as an exception that its users answer: they make it anew, try again, or do without."""

import errno
from pathlib import Path

from ..errors import FeedsiteError


class Unusable(FeedsiteError):
    """The index cannot be read or written; the text says why.

    One that is damaged (`is_damaged`) can be made anew. What is passing (`is_passing`) can be tried again.
    """

    def __init__(self, reason: str, *, is_damaged: bool = False, is_passing: bool = False) -> None:
        super().__init__(reason)
        self.is_damaged = is_damaged
        self.is_passing = is_passing


def strange() -> Unusable:
    """The error for a value that feedsite never writes: the file is damaged."""
    return Unusable("it holds what was never written there", is_damaged=True)


def unwritable(path: Path, error: OSError) -> Unusable:
    """The error for a file that the operating system refuses to create, open or change."""
    is_passing = error.errno in (errno.EMFILE, errno.ENFILE)
    return Unusable(f"{path} cannot be written: {error.strerror}", is_passing=is_passing)
