"""One request on one site: status, headers and bytes. No socket, no framework (RFC 9110, 9111, 3229).

Whoever adds a behaviour: the header fields that it looks at stand in LOOKED_AT, and if the clock can change the answer,
`Response` says when. The fast lane gives an answer again to whatever agrees in both.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import MappingProxyType

from .. import surrogate
from ..document import Document, File, Gone, Moved, Part, Representation
from ..site import Site
from ..urls import NOT_FOUND
from . import conditions, negotiation
from .conditions import Validators

Headers = tuple[tuple[str, str], ...]
METHODS = ("GET", "HEAD", "OPTIONS")
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
_CACHES = frozenset({"cdn-loop", "via"})  # fields by which caches say that they ask for others (RFC 8586; 9110 7.6.3)
MAX_AGE = 300  # seconds that a client may keep an answer
_SHARED_AGE = 60  # seconds that a cache may that asks for many: a correction passes it first
_STALE = 60  # seconds more that such a cache may serve it while it asks (RFC 5861 3)
_STALE_IF_ERROR = 86400  # seconds more while nobody answers it (RFC 5861 4)
_HOST = re.compile(r"([\w.~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(:\d*)?", re.ASCII)  # RFC 9110 7.2
_RANGE = re.compile(r"bytes=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*", re.ASCII | re.IGNORECASE)  # RFC 9110 14.1.2
_MOST_BASES = 4  # versions that a client can name for a delta; no reader keeps more
_LONGEST_FIELD = 8192  # bytes of a header field, as nginx takes; parsing 30 kB would cost ten answers' time
_VARY, _VARY_OPENED = "Accept-Encoding", "Accept-Encoding, Sec-Fetch-Dest"
_UNKNOWN: Mapping[str, datetime] = MappingProxyType({})
_ALWAYS, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_NO_SNIFFING = ("X-Content-Type-Options", "nosniff")
_OPTIONS = (
    ("Allow", ", ".join(METHODS)),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", ", ".join(METHODS)),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
)
# A page takes its style from here and its pictures and sound from anywhere; nothing on it may run, post or frame.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src *; media-src *; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = (("Content-Security-Policy", _PAGE_POLICY), ("Referrer-Policy", "strict-origin-when-cross-origin"))
# The page at a feed's address holds no article, and one script of ours: it copies the address.
_FEED_PAGE = (("Content-Security-Policy", f"{_PAGE_POLICY}; script-src 'self'"), _PAGE[1])
# Programs on any site may read a feed, and follow its former addresses (Fetch, CORS).
_OPEN = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Delta-Base, ETag, IM, Link"))
# By media type: what is told beside. A picture that is opened by itself (SVG) may run nothing either.
_FOR_TYPE = {
    "image/svg+xml": (("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),),
    "text/html": _PAGE,
}


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is decoded; `headers` has the names of LOOKED_AT, several of one name joined by commas (RFC 9110 5.3)."""

    method: str
    path: str
    headers: Mapping[str, str]
    is_old: bool = False  # HTTP/1.0, which need not name a Host


@dataclass(frozen=True, slots=True)
class Response:
    """As long as the clock stands between `since` and `until`, it alone makes no other answer of it.

    A body that is a Part of a file is read when it is sent.
    """

    status: int
    headers: Headers
    body: bytes | Part
    since: datetime = _ALWAYS
    until: datetime = _NEVER


def respond(request: Request, site: Site, now: datetime, begun: Mapping[str, datetime] = _UNKNOWN) -> Response:
    """The answer to any request; the clock only bounds how long it may be kept and which dates lie in the future.

    `begun` are the moments when this node began to serve what stands at a path now, in whole seconds.
    """
    response = _keyed(_get(request, site, now, begun), request, site)
    return replace(response, body=b"") if request.method == "HEAD" else response  # RFC 9110 9.3.2


def _keyed(response: Response, request: Request, site: Site) -> Response:
    """With the names by which a cache can drop the answer, for caches alone, of what they may keep."""
    is_kept = "s-maxage" in dict(response.headers).get("Cache-Control", "")
    if not is_kept or not request.headers.keys() & _CACHES:
        return response
    paths = (request.path, NOT_FOUND) if response.status == 404 else (request.path,)
    keys = (surrogate.of_site(site.id), *(surrogate.of_path(site.id, path) for path in paths))
    return replace(response, headers=(*response.headers, (surrogate.FIELD, " ".join(keys))))


def unavailable() -> Response:
    """What stands there cannot be read just now (RFC 9110 15.6.4)."""
    return _sentence(503, "This cannot be read just now.", (("Retry-After", "10"),))


def busy() -> Response:
    """So many are reading what is large that one more would have to wait for them."""
    return _sentence(503, "Too many recordings are being fetched just now.", (("Retry-After", "10"),))


def _get(request: Request, site: Site, now: datetime, begun: Mapping[str, datetime]) -> Response:
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host) and (host or not request.is_old):
        return _sentence(400, "A request names one host, such as `Host: news.example`.")
    if any(len(request.headers.get(name, "")) > _LONGEST_FIELD for name in LOOKED_AT):
        return _sentence(431, "A field of the request is too long.")  # RFC 6585 5
    if request.method == "OPTIONS":
        return Response(204, _OPTIONS, b"")
    if request.method not in METHODS:
        return _sentence(405, "This address can only be read (GET or HEAD).", _OPTIONS[:1])
    if not request.path.startswith("/"):
        return _sentence(400, "A request names a path, which begins with a slash.")
    try:
        resource = site.find(request.path)
    except OSError:  # a picture that the disk does not give just now
        return unavailable()
    if isinstance(resource, Document | File) and request.path != NOT_FOUND:
        return _document(request, resource, site, now, begun.get(request.path))
    if isinstance(resource, Moved):
        return _notice(301, request, resource.document, site, now, (("Location", resource.location), _OPEN[0]))
    if isinstance(resource, Gone):
        return _notice(410, request, resource.document, site, now)
    return _notice(404, request, site.not_found, site, now)


def _document(
    request: Request, resource: Representation, site: Site, now: datetime, modified: datetime | None
) -> Response:
    """A person who opens a feed in a browser (Fetch Metadata 2.1) is shown its page."""
    if resource.page is None:
        return _in_time(_conditional(request, resource, _VARY, site, now, modified), request, site, now, modified)
    document: Representation = resource
    if request.headers.get("sec-fetch-dest") == "document":
        document, modified = resource.page, None
    response = _in_time(
        _conditional(request, document, _VARY_OPENED, site, now, modified), request, site, now, modified
    )
    opened = _OPEN[:1] if response.status == 304 else _OPEN
    return replace(response, headers=(*response.headers, *opened))


def _conditional(
    request: Request, document: Representation, vary: str, site: Site, now: datetime, modified: datetime | None
) -> Response:
    """RFC 9110 13.2.2, its steps in their order; then RFC 3229; then the whole document."""
    headers = request.headers
    coding = _coding(request, document)
    names = document.etag(coding), document.long_etag(coding)
    current = Validators(names, modified, now)
    etag = conditions.named(headers, current) or names[_wants_delta(request)]
    told = _validators(document, etag, vary, site, now)
    if modified and modified <= now:  # RFC 9110 8.8.2.1: never later than the answer itself
        told = (*told, ("Last-Modified", format_datetime(modified, usegmt=True)))
    failure = conditions.failed(headers, current)
    if failure == 304:
        return Response(304, told, b"")  # RFC 9110 15.4.5
    if failure:
        return _sentence(failure, "Another version stands here than the one that was named.", told[:1])
    if conditions.is_date_behind(headers, current):
        # Clients that compare the dates themselves (libcurl) would throw this content away, so it goes without one.
        told = tuple(header for header in told if header[0] != "Last-Modified")
    if found := _delta(request, document):
        delta, base = found
        told = tuple(header for header in told if header[0] != "Cache-Control")
        return _whole(226, delta, coding, (("IM", "feed"), *base, ("Cache-Control", "no-store"), *told))
    if coding == "identity":
        told = (*told, ("Accept-Ranges", "bytes"))
        asked = _RANGE.fullmatch(headers.get("range", "")) if request.method == "GET" else None
        if asked and conditions.is_range_meant(headers, current):
            return _part(document, asked, told)
    return _whole(200, document, coding, told)


def _delta(request: Request, document: Representation) -> tuple[Document, Headers] | None:
    """What the client lacks of this version; and where it holds several, of which (RFC 3229 10.5.1)."""
    if not _wants_delta(request):
        return None
    held = conditions.tags(request.headers.get("if-none-match", ""))
    for tag in held[:_MOST_BASES]:
        if delta := document.delta(tag):
            return delta, (("Delta-Base", tag),) if len(held) > 1 else ()
    return None


def _wants_delta(request: Request) -> bool:
    """RFC 3229, A-IM: feed. Not through a cache: one that does not know RFC 3229 names its own version where its client
    holds another. Caches send Via or CDN-Loop, or ask in HTTP/1.0 as nginx does.
    """
    is_cached = request.is_old or bool(request.headers.keys() & _CACHES)
    return not is_cached and bool(negotiation.weights(request.headers.get("a-im", "")).get("feed"))


def _part(document: Representation, asked: re.Match[str], told: Headers) -> Response:
    """One range of bytes (RFC 9110 14.2). What asks for several gets the whole, as it may."""
    first, last, final = asked.groups()
    size = document.size
    start = int(first) if first else max(0, size - int(final))
    end = min(int(last), size - 1) if last else size - 1
    if first and last and int(last) < start:
        return _whole(200, document, "identity", told)  # 14.1.1: no range at all
    if start > end:
        return _sentence(416, f"What stands here has {size} bytes.", (told[0], ("Content-Range", f"bytes */{size}")))
    part = document.part(start, end + 1)
    return _content(206, document, part, (*told, ("Content-Range", f"bytes {start}-{end}/{size}")))


def _notice(
    status: int, request: Request, document: Document, site: Site, now: datetime, more: Headers = ()
) -> Response:
    """An answer to which conditions do not apply (RFC 9110 13.2.1)."""
    coding = _coding(request, document)
    return _whole(status, document, coding, (*more, *_validators(document, document.etag(coding), _VARY, site, now)))


def _whole(status: int, document: Representation, coding: str, told: Headers) -> Response:
    if coding != "identity":
        told = (*told, ("Content-Encoding", coding))
    return _content(status, document, document.coded(coding), told)


def _content(status: int, document: Representation, body: bytes | Part, told: Headers) -> Response:
    """With what is told of a content that is really sent, or would be (HEAD)."""
    headers = [("Content-Type", document.media_type), *told, _NO_SNIFFING]
    headers += _FEED_PAGE if document.is_scripted else _FOR_TYPE.get(document.media_type.partition(";")[0], ())
    if document.links:
        headers.append(("Link", ", ".join(f'<{address}>; rel="{relation}"' for relation, address in document.links)))
    return Response(status, (*headers, ("Content-Length", str(len(body)))), body)


def _sentence(status: int, sentence: str, told: Headers = ()) -> Response:
    """An answer in words, for who reads what a program was told."""
    body = f"{sentence}\n".encode()
    about = ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), _NO_SNIFFING
    return Response(status, (*about, *told, ("Content-Length", str(len(body)))), body)


def _validators(document: Representation, etag: str, vary: str, site: Site, now: datetime) -> Headers:
    headers = [("ETag", etag), ("Cache-Control", freshness(document, _seconds_to(site.until, now)))]
    if document.codings:
        headers.append(("Vary", vary))
    return tuple(headers)


def freshness(document: Representation, left: int = MAX_AGE + _STALE) -> str:
    """RFC 9111 5.2.2, RFC 5861. What is kept ends when the next scheduled article begins, in `left` seconds.

    The page at a feed's address is nothing for shared caches: one that knows no Vary would hand it to readers.
    """
    age, shared = min(MAX_AGE, left), min(_SHARED_AGE, left)
    stale = min(_STALE, left - age)
    if document.is_scripted:
        return f"private, max-age={age}"
    return f"max-age={age}, s-maxage={shared}, stale-while-revalidate={stale}, stale-if-error={_STALE_IF_ERROR}"


def _seconds_to(until: datetime | None, now: datetime) -> int:
    return MAX_AGE + _STALE if until is None else max(0, int((until - now).total_seconds()))


def _in_time(response: Response, request: Request, site: Site, now: datetime, modified: datetime | None) -> Response:
    """The answer, and how long it stays one: between the moments that the clock was compared with."""
    moments = [modified, conditions.http_date(request.headers.get("if-modified-since", ""))]
    ageing = site.until - timedelta(seconds=MAX_AGE + _STALE) if site.until else None
    moments.append(ageing)
    since = max((moment for moment in moments if moment and moment <= now), default=response.since)
    until = min((moment for moment in moments if moment and moment > now), default=response.until)
    if ageing and ageing <= now:
        until = now  # each second is another answer
    return replace(response, since=since, until=until)


def _coding(request: Request, document: Representation) -> str:
    return negotiation.coding(request.headers.get("accept-encoding", ""), document.codings)
