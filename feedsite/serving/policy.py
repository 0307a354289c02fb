"""What browsers may do with an answer (CSP, CORS, media types as they are declared), and which methods there are.

These header fields follow from the document, not from the request.
"""

from ..document import Representation
from .messages import Headers

METHODS = ("GET", "HEAD", "OPTIONS")
NO_SNIFFING = ("X-Content-Type-Options", "nosniff")
ALLOW = ("Allow", ", ".join(METHODS))
# Programs on any site may read a feed, and follow its former addresses (Fetch, CORS).
FROM_ANY_SITE = ("Access-Control-Allow-Origin", "*")
EXPOSED = ("Access-Control-Expose-Headers", "Delta-Base, ETag, IM, Link")
OPTIONS = (
    ALLOW,
    FROM_ANY_SITE,
    ("Access-Control-Allow-Methods", ", ".join(METHODS)),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
)
# A page takes its style from here and its pictures and sound from anywhere; nothing on it may run, post or frame.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src *; media-src *; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_REFERRER = ("Referrer-Policy", "strict-origin-when-cross-origin")
_PAGE = (("Content-Security-Policy", _PAGE_POLICY), _REFERRER)
# The page at a feed's address holds no article, and one script of ours: it copies the address.
_FEED_PAGE = (("Content-Security-Policy", f"{_PAGE_POLICY}; script-src 'self'"), _REFERRER)
# By media type. A picture that is opened by itself (SVG) may run nothing either.
_BY_TYPE: dict[str, Headers] = {
    "image/svg+xml": (("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),),
    "text/html": _PAGE,
}


def of_content(document: Representation) -> Headers:
    """For an answer that has the document, or a part of it, as its content."""
    if document.is_scripted:
        return (NO_SNIFFING, *_FEED_PAGE)
    return (NO_SNIFFING, *_BY_TYPE.get(document.media_type.partition(";")[0], ()))
