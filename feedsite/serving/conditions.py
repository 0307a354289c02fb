"""Conditional requests (RFC 9110 13): a table of the preconditions in the order of 13.2.2."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# RFC 9110 5.6.7: IMF-fixdate, and the two obsolete forms that must be accepted.
_HTTP_DATE = re.compile(
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}",
    re.ASCII,
)
# One entity tag of a list (RFC 9110 8.8.3). The last one may lack its end: some aggregators keep 255 characters.
_TAG = re.compile(r'((?:W/)?)("[^"]*(?:"|$))')
_TAGGED = ("if-none-match", "if-range", "if-match")
_LEAST = 17  # characters of a tag that lacks its end: a quotation mark and the document's whole digest


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of the selected representation (RFC 9110 8.8), and the time of the request.

    Each of `etags` names this representation. `modified` is its Last-Modified, or None if it has none.
    """

    etags: tuple[str, ...]
    modified: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class _Precondition:
    """A field of the request. `status` is the answer where the field stands, is not overruled, and does not hold."""

    field: str
    overruled_by: str | None
    holds: Callable[[str, Validators], bool]
    status: int


def failed(headers: Mapping[str, str], current: Validators) -> int | None:
    """The status for the first precondition that is false; None where the method is to be performed."""
    for row in _PRECONDITIONS:
        value = headers.get(row.field)
        if value is not None and row.overruled_by not in headers and not row.holds(value, current):
            return row.status
    return None


def is_range_meant(headers: Mapping[str, str], current: Validators) -> bool:
    """Whether If-Range (13.1.5), the last step, is missing or names this version's entity tag in strong comparison.

    A date never does: two nodes may begin to serve different bytes in the same second (8.8.2.2).
    """
    return "if-range" not in headers or headers["if-range"].strip() in current.etags


def is_date_behind(headers: Mapping[str, str], current: Validators) -> bool:
    """Whether If-Modified-Since is Last-Modified or later; it may be of another node's version."""
    date = http_date(headers.get("if-modified-since", ""))
    return date is not None and current.modified is not None and current.modified <= date


def named(headers: Mapping[str, str], current: Validators) -> str | None:
    """Of this version's entity tags, the one that the client names: it expects that one again (15.3.7.3, 15.4.5)."""
    found = (tag for name in _TAGGED for tag in tags(headers.get(name, "")) if tag in current.etags)
    return next(found, None)


def tags(field: str) -> list[str]:
    """The entity tags of a list, without W/, for weak comparison (8.8.3.2)."""
    return [tag for _, tag in _TAG.findall(field)]


def http_date(field: str) -> datetime | None:
    """The moment of an HTTP-date; None for anything else."""
    try:
        return parsedate_to_datetime(field).replace(tzinfo=UTC) if _HTTP_DATE.fullmatch(field) else None
    except ValueError:
        return None


def _is_match(field: str, current: Validators) -> bool:
    """13.1.1, strong comparison."""
    return field.strip() == "*" or any(("", etag) in _TAG.findall(field) for etag in current.etags)


def _is_unmodified(field: str, current: Validators) -> bool:
    """13.1.4. Ignored where it is no date, or the representation has none."""
    date = http_date(field)
    return date is None or current.modified is None or current.modified <= date


def _is_none_match(field: str, current: Validators) -> bool:
    """13.1.2, weak comparison."""
    return field.strip() != "*" and not any(_is_same(tag, etag) for tag in tags(field) for etag in current.etags)


def _is_same(tag: str, etag: str) -> bool:
    is_whole = len(tag) > 1 and tag.endswith('"')
    return tag == etag if is_whole else len(tag) >= _LEAST and etag.startswith(tag)


def _is_modified(field: str, current: Validators) -> bool:
    """13.1.3, by equality: a client has this version only if it names exactly this version's date.

    A later date proves nothing: another node may have begun later to serve an older version.
    """
    date = http_date(field)
    return date is None or date > current.now or date != current.modified


_PRECONDITIONS = (
    _Precondition("if-match", None, _is_match, 412),
    _Precondition("if-unmodified-since", "if-match", _is_unmodified, 412),
    _Precondition("if-none-match", None, _is_none_match, 304),
    _Precondition("if-modified-since", "if-none-match", _is_modified, 304),
)
