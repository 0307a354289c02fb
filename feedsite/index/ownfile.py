"""Which files of the cache folder are believed: those that only this user can have written.

A folder that others could write to may be closed to them later. What they have laid there stays; a chmod of it would
make it look like feedsite's own.
"""

import os
import stat
from pathlib import Path

_WRITABLE = stat.S_IWGRP | stat.S_IWOTH


def is_believed(path: Path) -> bool:
    """Whether nobody else owns the file or may write to it, nor owns the link there. So it is where there is none.

    Raises OSError.
    """
    try:
        if os.lstat(path).st_uid != os.geteuid():
            return False
        found = os.stat(path)
    except FileNotFoundError:
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _WRITABLE
