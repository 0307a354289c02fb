"""How long an answer may be kept: the values of Cache-Control (RFC 9111 5.2.2, RFC 5861)."""

from datetime import datetime, timedelta

from .document import Document, Representation

_MAX_AGE = 300  # seconds that a client may keep an answer
_SHARED_AGE = 60  # seconds that a cache may that asks for many: a correction passes it first
_STALE = 60  # seconds more that such a cache may serve it while it asks (RFC 5861 3)
_STALE_IF_ERROR = 86400  # seconds more while nobody answers it (RFC 5861 4)
_USUAL = _MAX_AGE + _STALE  # seconds that an answer may be served, unless the site changes sooner by the clock alone
_SETTLED_AGE = 7 * 86400  # seconds that a client may keep a settled document
NO_STORE = "no-store"


def cache_control(document: Representation, seconds: int = _USUAL) -> str:
    """The value for a document, of which another version may be due in so many seconds."""
    if is_settled(document):
        return (
            f"max-age={_SETTLED_AGE}, immutable, s-maxage={_SHARED_AGE},"
            f" stale-while-revalidate={_STALE}, stale-if-error={_STALE_IF_ERROR}"
        )
    age, shared = min(_MAX_AGE, seconds), min(_SHARED_AGE, seconds)
    if not is_for_shared_caches(document):
        return f"private, max-age={age}"
    stale = min(_STALE, seconds - age)
    return f"max-age={age}, s-maxage={shared}, stale-while-revalidate={stale}, stale-if-error={_STALE_IF_ERROR}"


def is_settled(document: Representation) -> bool:
    """Whether it may be kept for days: nothing is expected to change it, and no clock does."""
    return isinstance(document, Document) and document.is_settled


def is_for_shared_caches(document: Representation) -> bool:
    """Not the page at a feed's address: a cache that ignores Vary would give it to feed readers. Nor what a search
    found: to some caches the address is the path alone, and nobody can name all searches that a change concerns.
    """
    return not (document.is_scripted or document.is_private)


def first(*moments: datetime | None) -> datetime | None:
    """The earliest of these moments, if there is one."""
    return min((moment for moment in moments if moment), default=None)


def seconds_until(due: datetime | None, now: datetime) -> int:
    """Until the next scheduled article is due: not more than an answer is kept without one."""
    return _USUAL if due is None else max(0, int((due - now).total_seconds()))


def shortened_from(due: datetime | None) -> datetime | None:
    """From this moment on the value is another one each second, for what is kept ends when the article is due."""
    return due - timedelta(seconds=_USUAL) if due else None
