"""What reading one entry file gave: made in any process, and no larger than the index needs it."""

from hashlib import blake2b
from typing import NamedTuple

from ..errors import Fault
from .entryjson import EntryRow

Signature = tuple[int, int, int, int]  # size, mtime and ctime in ns, inode


class ReadResult(NamedTuple):
    """What reading one entry file gave. With `entry` or `faults` it replaces what the index has of the file.

    `signature` is None where the next scan must read the file again, whatever its signature is then. `is_passing`: the
    file is being saved, or cannot be opened just now, or one of its recordings is; it should be scanned again soon.
    """

    path: str
    signature: Signature | None = None
    hash: bytes | None = None  # content_hash of its bytes
    entry: EntryRow | None = None
    faults: tuple[Fault, ...] = ()
    derived_id: str | None = None  # the id of an entry whose file names none
    first_line: int = 1  # where the first field of the file stands
    places: str = ""  # where others of its fields do, as entryjson.written
    is_passing: bool = False
    linked: str = ""  # its HTML with the places of files to which it links (filelinks.linked)
    asked: tuple[str, ...] = ()  # the pictures and recordings of whose files the entry has lengths and durations

    @property
    def is_news(self) -> bool:
        """False where the file says what it said before, or where that is not known yet."""
        return self.entry is not None or bool(self.faults)


def content_hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
