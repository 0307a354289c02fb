"""What can stand at a path: a Document, or a notice that it Moved or is Gone. Codings are a table.

The ETag is a hash of the bytes before coding, and the coding's name: machines whose zlib packs a byte differently still
agree (RFC 9110 8.8.3.3).
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType

# Content codings (RFC 9110 8.4.1) that the site offers, the best first. mtime 0: same bytes, same coded bytes.
CODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {"gzip": lambda body: gzip.compress(body, 6, mtime=0)}
)
_SMALLEST_WORTH_CODING = 200  # bytes


@dataclass(frozen=True)  # without slots: a representation is made when first asked for, and kept
class Document:
    """The representation of a resource (RFC 9110 3.2): bytes, media type, and when its content last changed.

    `modified` comes from the entries, never from a clock or a file's time; None where nothing there tells.
    """

    body: bytes
    media_type: str
    modified: datetime | None = None

    @cached_property
    def digest(self) -> str:
        return blake2b(self.body, digest_size=12).hexdigest()

    @property
    def codings(self) -> tuple[str, ...]:
        """The codings that make this document smaller."""
        return tuple(CODINGS) if self._is_text and len(self.body) >= _SMALLEST_WORTH_CODING else ()

    def etag(self, coding: str = "identity") -> str:
        return f'"{self.digest}"' if coding == "identity" else f'"{self.digest}-{coding}"'

    def coded(self, coding: str = "identity") -> bytes:
        return self.body if coding == "identity" else self._coded[coding]

    @cached_property
    def _coded(self) -> dict[str, bytes]:
        return {name: code(self.body) for name, code in CODINGS.items()}

    @property
    def _is_text(self) -> bool:
        kind = self.media_type.partition(";")[0]
        return kind.startswith("text/") or kind.endswith(("xml", "json"))


@dataclass(frozen=True)
class Moved:
    """301: the resource has another address now. `document` says so to people, and is what an export holds."""

    location: str
    document: Document


@dataclass(frozen=True)
class Gone:
    """410: the resource was taken back; `document` is the notice."""

    document: Document


Resource = Document | Moved | Gone
