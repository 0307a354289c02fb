"""Hashes that name a content, in letters that an entity tag, a path and a header field can hold (RFC 4648 5)."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b


def digest_of(content: bytes, size: int) -> str:
    """BLAKE2b of `size` bytes, a multiple of 3, as four letters for each three bytes."""
    return urlsafe_b64encode(blake2b(content, digest_size=size).digest()).decode()


def digest_of_pieces(pieces: Iterable[bytes], size: int) -> str:
    """The same of a content that comes in pieces."""
    hashed = blake2b(digest_size=size)
    for piece in pieces:
        hashed.update(piece)
    return urlsafe_b64encode(hashed.digest()).decode()
