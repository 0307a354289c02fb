"""One request on one site: status, headers and bytes. No socket, no clock, no framework (RFC 9110, RFC 9111)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from .document import Document, Gone, Moved
from .site import Site
from .urls import NOT_FOUND

Headers = tuple[tuple[str, str], ...]
METHODS = ("GET", "HEAD")
MAX_AGE = 300  # seconds that a cache may keep an answer: a correction reaches every reader in as many
_EVERYWHERE = (("X-Content-Type-Options", "nosniff"),)
# A page takes its style from here and its pictures and sound from anywhere; nothing on it may run, post or frame.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src *; media-src *; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# RFC 9110 5.6.7: the form of today, and the two that must still be read.
_HTTP_DATE = re.compile(
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}",
    re.ASCII,
)
# One entity tag of a list, without its W/: If-None-Match compares weakly (RFC 9110 8.8.3.2, 13.1.2).
_TAG = re.compile(r'"[^"]*"')
_FORMER_NAMES = {"x-gzip": "gzip"}  # of codings: RFC 9110 8.4.1.3
# By media type: what a browser is told beside. A picture that is opened by itself (SVG) may run nothing either.
_FOR_TYPE = (
    ("text/html", (("Content-Security-Policy", _PAGE_POLICY), ("Referrer-Policy", "strict-origin-when-cross-origin"))),
    ("image/svg+xml", (("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),)),
)


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is decoded; `headers` has lower-case names, several of one name joined by commas (RFC 9110 5.3)."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Headers
    body: bytes


def respond(request: Request, site: Site, now: datetime) -> Response:
    """The answer to any request; `now` only bounds how long it may be kept and hides a Last-Modified in the future."""
    if request.method not in METHODS:
        allowed = (("Allow", ", ".join(METHODS)), ("Content-Type", "text/plain; charset=utf-8"), *_EVERYWHERE)
        return _sized(405, allowed, b"This address can only be read (GET or HEAD).\n", request)
    resource = site.find(request.path)
    if isinstance(resource, Document) and request.path != NOT_FOUND:
        return _conditional(request, resource, site, now)
    if isinstance(resource, Moved):
        return _notice(301, request, resource.document, site, now, (("Location", resource.location),))
    if isinstance(resource, Gone):
        return _notice(410, request, resource.document, site, now)
    return _notice(404, request, site.not_found, site, now)


def _conditional(request: Request, document: Document, site: Site, now: datetime) -> Response:
    """RFC 9110 13.2.2, steps 3 and 4; 15.4.5: what a 304 carries."""
    coding = _coding(request, document)
    validators = _validators(document, coding, site, now)
    asked = request.headers.get("if-none-match")
    if asked is not None:
        is_fresh = asked.strip() == "*" or document.etag(coding) in _TAG.findall(asked)
    else:
        is_fresh = _not_modified_since(request.headers.get("if-modified-since"), document)
    if is_fresh:
        return Response(304, validators, b"")
    if asked is not None and _not_modified_since(request.headers.get("if-modified-since"), document):
        # An editor changed words and no date. Clients that look at the date again themselves (libcurl's) would throw
        # the new content away, so that this answer tells none.
        validators = tuple(header for header in validators if header[0] != "Last-Modified")
    return _whole(200, request, document, coding, validators)


def _notice(
    status: int, request: Request, document: Document, site: Site, now: datetime, more: Headers = ()
) -> Response:
    """An answer to which conditions do not apply (RFC 9110 13.2.1)."""
    coding = _coding(request, document)
    return _whole(status, request, document, coding, (*more, *_validators(document, coding, site, now)))


def _whole(status: int, request: Request, document: Document, coding: str, validators: Headers) -> Response:
    headers = [("Content-Type", document.media_type), *validators, *_EVERYWHERE]
    for prefix, policy in _FOR_TYPE:
        if document.media_type.startswith(prefix):
            headers.extend(policy)
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    return _sized(status, tuple(headers), document.coded(coding), request)


def _sized(status: int, headers: Headers, body: bytes, request: Request) -> Response:
    """HEAD is GET without its body (RFC 9110 9.3.2)."""
    return Response(status, (*headers, ("Content-Length", str(len(body)))), b"" if request.method == "HEAD" else body)


def _validators(document: Document, coding: str, site: Site, now: datetime) -> Headers:
    age = MAX_AGE if site.until is None else max(0, min(MAX_AGE, int((site.until - now).total_seconds())))
    headers = [("ETag", document.etag(coding)), ("Cache-Control", f"public, max-age={age}")]
    if document.codings:
        headers.append(("Vary", "Accept-Encoding"))
    if document.modified and document.modified <= now:  # RFC 9110 8.8.2.1: never later than the answer itself
        headers.append(("Last-Modified", format_datetime(document.modified, usegmt=True)))
    return tuple(headers)


def _not_modified_since(field: str | None, document: Document) -> bool:
    if field is None or document.modified is None:
        return False
    if not _HTTP_DATE.fullmatch(field):
        return False  # RFC 9110 13.1.3: what is no HTTP-date is ignored
    try:
        return document.modified <= parsedate_to_datetime(field).replace(tzinfo=UTC)
    except ValueError:
        return False


def _coding(request: Request, document: Document) -> str:
    """The best coding that the client accepts (RFC 9110 12.5.3); identity where none is asked for."""
    field = request.headers.get("accept-encoding", "")
    weights: dict[str, float] = {}
    for item in field.lower().split(","):
        name, _, parameters = item.partition(";")
        quality = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameters)
        weights[_FORMER_NAMES.get(name.strip(), name.strip())] = (
            float(quality[1]) if quality else 1.0 if not parameters.strip() else 0.0
        )
    for coding in document.codings:
        weight = weights.get(coding, weights.get("*", 0.0))
        if weight > 0 and weight >= weights.get("identity", 0.0):
            return coding
    return "identity"
