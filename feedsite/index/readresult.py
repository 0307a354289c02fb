"""What reading one file gave, ready to be kept: made in any process, and no larger than it must be."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from ..errors import Fault
from ..model import Entry
from . import entryjson

Signature = tuple[int, int, int, int]  # size, mtime and ctime in ns, inode


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What an entry claims for itself (catalogue.Claimant)."""

    source: str
    id: str
    path: str
    published: datetime
    aliases: tuple[str, ...] = ()


class ReadResult(NamedTuple):
    """What reading one file gave. Without a signature it is read again when it is next looked at.

    `face` is a hash of what lists show of the article, `digest` of the whole. Without `claimed` the file is faulty. A
    tuple goes from one process to another in half the time.
    """

    path: str
    signature: Signature | None
    hash: bytes | None
    faults: tuple[Fault, ...] = ()
    derived_id: str | None = None
    first_line: int = 1
    claimed: Claimed | None = None
    record: str = ""
    body: str = ""
    updated: int = 0
    face: bytes = b""
    digest: bytes = b""
    is_withdrawn: bool = False


def content_hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()


def result_of(entry: Entry, **told: Any) -> ReadResult:
    """`told` are the fields of ReadResult that do not follow from the entry."""
    record = entryjson.record(entry)
    return ReadResult(
        path=entry.source,
        claimed=Claimed(
            source=entry.source, id=entry.id, path=entry.path, published=entry.published, aliases=entry.aliases
        ),
        record=record,
        body=entry.body,
        updated=int(entry.updated.timestamp()),
        face=article_hash(record),
        digest=article_hash(record, entry.body),
        is_withdrawn=entry.withdrawal is not None,
        **told,
    )


def article_hash(*texts: str) -> bytes:
    """Of a record, or of a record and a body."""
    return blake2b("\n".join(texts).encode(), digest_size=12).digest()
