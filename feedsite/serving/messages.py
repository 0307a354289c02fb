"""A request and the answer to it as values, apart from any socket or framework."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .. import mixes, queries
from ..document import Part
from ..urls import single_slashes

Headers = tuple[tuple[str, str], ...]
# The header fields of a request on which an answer may depend.
LOOKED_AT = (
    "a-im",
    "accept-encoding",
    "cdn-loop",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
    "sec-fetch-dest",
    "via",
)
_CACHES = frozenset({"cdn-loop", "via"})  # fields of requests that come through a cache (RFC 8586; 9110 7.6.3)
_ALWAYS, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def has_query(path: str) -> bool:
    """Whether an answer depends on the query: at the address of a form, also where that is slightly mistyped."""
    single = single_slashes(f"{path}/")
    return single.startswith(queries.FOLDER) or single == mixes.FOLDER


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is decoded, and one of the site (Site.below). `query` is that of an address to which a form leads, for
    mixes or searches; else "".

    `headers` are those of LOOKED_AT; several of one name are joined by commas (RFC 9110 5.3).
    """

    method: str
    path: str
    headers: Mapping[str, str]
    is_old: bool = False  # HTTP/1.0, which need not name a Host
    query: str = ""

    @property
    def is_by_cache(self) -> bool:
        return bool(self.headers.keys() & _CACHES)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, which is the same for any clock in [since, until).

    A body that is a Part of a file is read when it is sent. `is_shared` says that shared caches may keep the answer.
    """

    status: int
    headers: Headers
    body: bytes | Part
    since: datetime = _ALWAYS
    until: datetime = _NEVER
    is_shared: bool = False
