"""What browsers may do with an answer (CSP, CORS, media types as they are declared), and which methods there are.

These header fields follow from the document, not from the request.
"""

from ..document import Document, Representation
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
# A page takes its style from here and its pictures and sound from anywhere. Nothing on it may run; its forms lead to
# this site; and a browser's extension may fetch the feed menu of this site from within it.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src *; media-src *; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
# On whose pages a page may be shown, by `frames` of site.yaml.
_ANCESTORS = {"none": "'none'", "self": "'self'", "any": "*"}
# The page at a feed's address holds no article, and one script of ours: it copies the address.
_SCRIPTS = {False: "", True: "; script-src 'self'"}
_PAGES: dict[tuple[str, bool], Headers] = {
    (frames, is_scripted): (
        NO_SNIFFING,
        ("Content-Security-Policy", f"{PAGE_POLICY}{ancestors}{scripts}"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
    )
    for frames, ancestors in _ANCESTORS.items()
    for is_scripted, scripts in _SCRIPTS.items()
}
# A picture that is opened by itself may run nothing either.
_PICTURE = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")


NO_REFERRER = ("Referrer-Policy", "no-referrer")  # for a page whose address is a secret
NO_INDEX = ("X-Robots-Tag", "noindex")  # for a shared draft, and a feed, which has no other way


def of_content(document: Representation) -> Headers:
    """For an answer that has the document, or a part of it, as its content."""
    kind = document.media_type.partition(";")[0]
    if kind == "text/html" and isinstance(document, Document):
        return _PAGES[document.frames, document.is_scripted]
    if document.is_private:
        return NO_SNIFFING, NO_INDEX
    return (NO_SNIFFING, _PICTURE) if kind == "image/svg+xml" else (NO_SNIFFING,)
