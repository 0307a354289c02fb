"""One request on one site: status, headers and bytes. No socket, no framework (RFC 9110, 9111, 3229).

Whoever adds a behaviour: its header fields stand in `messages.LOOKED_AT`, and if the clock can change the answer,
`Response.since` and `Response.until` say when. The cache of answers (answers.py) relies on both.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from types import MappingProxyType
from urllib.parse import quote

from .. import freshness, queries, sharing, surrogate
from ..document import Document, File, Gone, Missing, Moved, Part, Representation, Resource, SeeOther, Unready
from ..site import Site
from ..urls import NOT_FOUND, single_slashes
from . import conditions, negotiation, policy
from .conditions import Validators
from .messages import LOOKED_AT, Headers, Request, Response, has_query
from .policy import METHODS, NO_SNIFFING

_HOST = re.compile(r"([\w.~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(:\d*)?", re.ASCII)  # RFC 9110 7.2
_RANGE = re.compile(r"bytes=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*", re.ASCII | re.IGNORECASE)  # RFC 9110 14.1.2
_MOST_BASES = 4  # versions that a client can name for a delta; no reader keeps more
_LONGEST_FIELD = 8192  # bytes of a header field, as nginx takes; parsing 30 kB would cost ten answers' time
_VARY, _VARY_OPENED = ("Vary", "Accept-Encoding"), ("Vary", "Accept-Encoding, Sec-Fetch-Dest")
_LATER = (("Retry-After", "10"),)
_NO_STORE = ("Cache-Control", freshness.NO_STORE)
_NO_MOMENTS: Mapping[str, datetime] = MappingProxyType({})


def respond(
    request: Request,
    site: Site,
    now: datetime,
    last_modified: Mapping[str, datetime] = _NO_MOMENTS,
    share_secret: bytes = b"",
) -> Response:
    """The answer to any request. The clock bounds how long it may be kept, and which dates lie in the future.

    `last_modified` are the moments in whole seconds by path, as far as there are any (lastmodified.py). Without a
    `share_secret` no signed address opens anything (sharing.py).
    """
    response = _with_keys(_get(request, site, now, last_modified, share_secret), request, site)
    response = _unnamed(response) if request.path.startswith(sharing.FOLDER) else response
    return replace(response, body=b"") if request.method == "HEAD" else response  # RFC 9110 9.3.2


def _with_keys(response: Response, request: Request, site: Site) -> Response:
    """With the surrogate keys by which a cache can drop the answer, where a cache asks that may keep it."""
    if not (response.is_shared and request.is_by_cache):
        return response
    paths = (request.path, NOT_FOUND) if response.status == 404 else (request.path,)
    keys = (surrogate.of_site(site.id), *(surrogate.of_path(site.id, path) for path in paths))
    return replace(response, headers=(*response.headers, (surrogate.FIELD, " ".join(keys))))


def unavailable() -> Response:
    """For content that cannot be read just now (RFC 9110 15.6.4)."""
    return _plain(503, "This cannot be read just now.", _LATER)


def busy() -> Response:
    """For one more client than may be sent long bodies at once."""
    return _plain(503, "Too much is being fetched just now.", _LATER)


def _get(
    request: Request, site: Site, now: datetime, last_modified: Mapping[str, datetime], share_secret: bytes
) -> Response:
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host) and (host or not request.is_old):
        return _plain(400, "A request names one host, such as `Host: news.example`.")
    if any(len(request.headers.get(name, "")) > _LONGEST_FIELD for name in LOOKED_AT):
        return _plain(431, "A field of the request is too long.")  # RFC 6585 5
    if request.method == "OPTIONS":
        return Response(204, policy.OPTIONS, b"")
    if request.method not in METHODS:
        return _plain(405, "This address can only be read (GET or HEAD).", (policy.ALLOW,))
    if not request.path.startswith("/"):
        return _plain(400, "A request names a path, which begins with a slash.")
    if (article := sharing.opened(request.path, share_secret, now)) and (shared := site.shared(article, now)):
        return _shared(request, shared, site, now)
    try:
        resource = _resource(request, site)
    except OSError:  # a picture that the disk does not give just now
        return unavailable()
    if isinstance(resource, Document | File) and request.path != NOT_FOUND:
        return _found(request, resource, site, now, last_modified.get(request.path))
    if isinstance(resource, Moved):
        more = (("Location", _with_query(resource.location, request)), policy.FROM_ANY_SITE)
        response = _unconditional(301, request, resource.document, site, now, more)
        return _unkept(response) if has_query(request.path) else response
    if isinstance(resource, SeeOther):
        return _unkept(_unconditional(303, request, resource.document, site, now, (("Location", resource.location),)))
    if isinstance(resource, Unready):
        return _unkept(_unconditional(503, request, resource.document, site, now, _LATER))
    if isinstance(resource, Gone):
        return _unconditional(410, request, resource.document, site, now)
    page = resource.document if isinstance(resource, Missing) else site.not_found
    response = _unconditional(404, request, page, site, now)
    return _unkept(response) if request.query or request.path.startswith(sharing.FOLDER) else response


def _shared(request: Request, resource: Document | SeeOther, site: Site, now: datetime) -> Response:
    """What a signed address opens, which nobody keeps."""
    if isinstance(resource, SeeOther):
        return _unkept(_unconditional(303, request, resource.document, site, now, (("Location", resource.location),)))
    response = _unkept(_unconditional(200, request, resource, site, now))
    return replace(response, headers=(*response.headers, policy.NO_INDEX))


def _unnamed(response: Response) -> Response:
    """At an address that is a secret: nothing that the page shows, and no link on it, names it to any server."""
    no_referrer = policy.NO_REFERRER
    headers = (no_referrer if name == no_referrer[0] else (name, value) for name, value in response.headers)
    return replace(response, headers=tuple(headers))


def _resource(request: Request, site: Site) -> Resource | None:
    if request.path.startswith(queries.FOLDER):
        return site.search(request.path, request.query)
    is_search = single_slashes(request.path).startswith(queries.FOLDER.rstrip("/"))
    return site.chosen(request.query) if request.query and not is_search else site.find(request.path)


def _with_query(location: str, request: Request) -> str:
    """Of a search at an address with a slash too many or too few the redirect keeps what was typed."""
    text, page = queries.typed(request.query)
    asked = f"?q={quote(text[: queries.LONGEST], safe='')}" if text else ""
    return f"{location}{asked}{f'&page={page}' if asked and page > 1 else ''}"


def _found(
    request: Request, resource: Representation, site: Site, now: datetime, modified: datetime | None
) -> Response:
    """A person who opens a feed in a browser (Fetch Metadata 2.1) gets its page."""
    if resource.cut is None:
        response = _conditional(request, resource, _VARY, site, now, modified)
        return _with_bounds(response, request, freshness.first(site.until, resource.until), now, modified)
    document: Representation = resource
    if request.headers.get("sec-fetch-dest") == "document" and (page := site.opened(request.path, request.query)):
        document, modified = page, None
    response = _conditional(request, document, _VARY_OPENED, site, now, modified)
    exposed = () if response.status == 304 else (policy.EXPOSED,)
    response = replace(response, headers=(*response.headers, policy.FROM_ANY_SITE, *exposed))
    return _with_bounds(response, request, freshness.first(site.until, resource.until), now, modified)


def _conditional(
    request: Request,
    document: Representation,
    vary: tuple[str, str],
    site: Site,
    now: datetime,
    modified: datetime | None,
) -> Response:
    """RFC 9110 13.2.2, its steps in their order; then RFC 3229; then the whole document."""
    headers = request.headers
    coding = _coding(request, document)
    names = document.etag(coding), document.long_etag(coding)
    current = Validators(names, modified, now)
    etag = ("ETag", conditions.named(headers, current) or names[_wants_delta(request)])
    varies = (vary,) if document.codings else ()
    # RFC 9110 8.8.2.1: never later than the answer itself
    dated = (("Last-Modified", format_datetime(modified, usegmt=True)),) if modified and modified <= now else ()
    failure = conditions.failed(headers, current)
    if failure == 304:  # RFC 9110 15.4.5
        fields = (etag, _cache_control(document, site, now), *varies, *dated)
        return Response(304, fields, b"", is_shared=freshness.is_for_shared_caches(document))
    if failure:
        return _plain(failure, "Another version stands here than the one that was named.", (etag,))
    if conditions.is_date_behind(headers, current):
        dated = ()  # a client that compares the dates itself (libcurl) would throw this content away
    if found := _delta(request, document):
        delta, base = found
        fields = (("IM", "feed"), *base, _NO_STORE, etag, *varies, *dated)
        return replace(_whole(226, delta, coding, fields), is_shared=False)
    fields = (etag, _cache_control(document, site, now), *varies, *dated)
    if coding == "identity":
        fields = (*fields, ("Accept-Ranges", "bytes"))
        asked = _RANGE.fullmatch(headers.get("range", "")) if request.method == "GET" else None
        if asked and conditions.is_range_meant(headers, current):
            return _part(document, asked, fields)
    return _whole(200, document, coding, fields)


def _delta(request: Request, document: Representation) -> tuple[Document, Headers] | None:
    """The entries that the client lacks, and Delta-Base where it names several versions (RFC 3229 10.5.1)."""
    if not _wants_delta(request):
        return None
    named = conditions.tags(request.headers.get("if-none-match", ""))
    for tag in named[:_MOST_BASES]:
        if delta := document.delta(tag):
            return delta, (("Delta-Base", tag),) if len(named) > 1 else ()
    return None


def _wants_delta(request: Request) -> bool:
    """RFC 3229, A-IM: feed. Not through a cache: one that does not know RFC 3229 names its own version where its client
    has another. Caches send Via or CDN-Loop, or ask in HTTP/1.0 as nginx does.
    """
    is_direct = not (request.is_old or request.is_by_cache)
    return is_direct and bool(negotiation.weights(request.headers.get("a-im", "")).get("feed"))


def _part(document: Representation, asked: re.Match[str], fields: Headers) -> Response:
    """One range of bytes (RFC 9110 14.2). A request for several ranges gets the whole, as the section allows."""
    first, last, final = asked.groups()
    size = document.size
    start = int(first) if first else max(0, size - int(final))
    end = min(int(last), size - 1) if last else size - 1
    if first and last and int(last) < start:
        return _whole(200, document, "identity", fields)  # 14.1.1: no range at all
    if start > end:
        etag = fields[0]
        return _plain(416, f"What stands here has {size} bytes.", (etag, ("Content-Range", f"bytes */{size}")))
    part = document.part(start, end + 1)
    return _content(206, document, part, (*fields, ("Content-Range", f"bytes {start}-{end}/{size}")))


def _unconditional(
    status: int, request: Request, document: Document, site: Site, now: datetime, more: Headers = ()
) -> Response:
    """An answer to which conditions do not apply (RFC 9110 13.2.1)."""
    coding = _coding(request, document)
    varies = (_VARY,) if document.codings else ()
    fields = (*more, ("ETag", document.etag(coding)), _cache_control(document, site, now), *varies)
    return _whole(status, document, coding, fields)


def _unkept(response: Response) -> Response:
    """For no cache: to most the address is the path alone, and another query has another answer."""
    headers = (_NO_STORE if name == _NO_STORE[0] else (name, value) for name, value in response.headers)
    return replace(response, headers=tuple(headers), is_shared=False)


def _whole(status: int, document: Representation, coding: str, fields: Headers) -> Response:
    if coding != "identity":
        fields = (*fields, ("Content-Encoding", coding))
    return _content(status, document, document.coded(coding), fields)


def _content(status: int, document: Representation, body: bytes | Part, fields: Headers) -> Response:
    """With the fields that describe a content which is sent, or would be (HEAD)."""
    headers = [("Content-Type", document.media_type), *fields, *policy.of_content(document)]
    if document.links:
        headers.append(("Link", ", ".join(f'<{address}>; rel="{relation}"' for relation, address in document.links)))
    headers.append(("Content-Length", str(len(body))))
    return Response(status, tuple(headers), body, is_shared=freshness.is_for_shared_caches(document))


def _plain(status: int, sentence: str, fields: Headers = ()) -> Response:
    """An answer in words, for the person who reads what a program got."""
    body = f"{sentence}\n".encode()
    described = ("Content-Type", "text/plain; charset=utf-8"), _NO_STORE, NO_SNIFFING
    return Response(status, (*described, *fields, ("Content-Length", str(len(body)))), body)


def _cache_control(document: Representation, site: Site, now: datetime) -> tuple[str, str]:
    due = freshness.first(site.until, document.until)
    return "Cache-Control", freshness.cache_control(document, freshness.seconds_until(due, now))


def _with_bounds(
    response: Response, request: Request, due: datetime | None, now: datetime, modified: datetime | None
) -> Response:
    """The answer stays the same between the moments that the clock was compared with."""
    asked = conditions.http_date(request.headers.get("if-modified-since", ""))
    shortened = freshness.shortened_from(due)
    if shortened and shortened <= now:
        return replace(response, since=now, until=now)  # each second has another answer
    moments = [moment for moment in (modified, asked, shortened) if moment]
    since = max((moment for moment in moments if moment <= now), default=response.since)
    until = min((moment for moment in moments if moment > now), default=response.until)
    return replace(response, since=since, until=until)


def _coding(request: Request, document: Representation) -> str:
    return negotiation.coding(request.headers.get("accept-encoding", ""), document.codings)
