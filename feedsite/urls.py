"""Every address of the site.

A path begins with / and is not percent-encoded (/2021/07/日本/). An address is absolute and percent-encoded. If
base_url itself has a path, every path is below it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from .hosts import in_ascii

MEDIA_FOLDERS = ("images", "audio")  # the folders of a site whose files are published
HOME = "/"
STYLE = "/static/style.css"
FEED_STYLE = "/static/feed.css"
SCRIPT = "/static/copy.js"
SEARCH_SCRIPT = "/static/search.js"
NOT_FOUND = "/404.html"
FEEDS = "/feeds/"
TAGS = "/tags/"
OPML = "/feeds.opml"
WELL_KNOWN_FEEDS = "/.well-known/feeds"  # its registration says: OPML of a version that the server chooses
ROBOTS = "/robots.txt"
FAVICON = "/favicon.ico"
FEED_MENU = "/.well-known/feed-menu.json"
OPENSEARCH = "/opensearch.xml"
STATUS = "/status"
HEALTH = "/healthz"
_LONGEST_ADDRESS = 8000  # letters; RFC 9110 4.1 asks every program to accept as many. Work on longer ones is not linear
# Limits of a path that every file system, and every object store, can have as a name.
_LONGEST_PATH = 800  # bytes of UTF-8: with /index.html and a prefix of 200 it fits into a key of S3, which has 1024
_LONGEST_PART = 200  # bytes; with a suffix it fits into a file's name, which has 255
_MOST_PARTS = 20
_UNNAMABLE = re.compile(r'[\x00-\x1f<>:"|?*\\]|[. ]$')  # in the name of a file on Windows
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.DOTALL)  # likewise
# Paths that the site has itself, now or in a later version: so nothing has to move when one is added.
_OWN = re.compile(
    r"/(?:$|(?:404\.html|\.well-known|api|archive|atom|audio|author|calendar|corrections|desk|favicon\.ico|feed|feeds|healthz|images"
    r"|inbox|language|license|live|llms\.txt|mix|mixes|newsletter|opensearch\.xml|opml|outbox|page|pages|podcast|replay|robots\.txt|rss"
    r"|rsl\.xml|search|section|series|shared|sitemap|static|status|story|tag|tags|topic|(?:rss|atom|index|feeds|sitemap)\.(?:xml|opml))"
    r"(?:/|$)|feed\.|sitemap[^/]*\.xml|[0-9]{4}(?:/[0-9]{2})?/?$"
    r"|(?:.*/)?(?:page/[0-9]+|feed\.[a-z]+|archive/[0-9]{4})(?:/|$))"
)
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]+(/(?!\.)[\w.~:@!$&'()*+,=-]*+)*+", re.ASCII
)  # an address that to_uri() would leave as it is
SAFE = "/:@!$&'()*+,;=~-._"  # need not be encoded in a path (RFC 3986 3.3)


@lru_cache(1024)  # a page has its own path eight times, and those of some ten others
def _encoded(path: str) -> str:
    return quote(path, safe=SAFE)


@lru_cache(16)
def _folder(base: str) -> str:
    return urlsplit(base).path


def permalink(day: date, slug: str) -> str:
    return f"/{day.year:04}/{day.month:02}/{slug}/"


@lru_cache(4096)  # the same tags and sections come again and again
def slug_of(name: str) -> str:
    """The words of a file's name or of a title as a part of an address: in lower case, joined by hyphens."""
    words = unicodedata.normalize("NFC", name).casefold()
    if words.isascii():
        return re.sub("[^a-z0-9]+", "-", words).strip("-")
    return re.sub("-+", "-", "".join(_kept(words))).strip("-")


def _kept(words: str) -> Iterator[str]:
    """Letters, digits and the marks that belong to them; a hyphen for every other character."""
    is_within = False
    for letter in words:
        kind = unicodedata.category(letter)[0]
        is_within = kind in "LN" or (kind == "M" and is_within)
        yield letter if is_within else "-"


def to_uri(address: str) -> str:
    """An address in ASCII, as XML formats require (RFC 3987 3.1). Raises ValueError if it is none."""
    scheme, place, path, query, fragment = urlsplit(address)
    user, at, host = place.rpartition("@")
    host = unquote(host)  # Markdown percent-encodes münchen
    if not re.fullmatch(r"[^\s\x00-\x20\x7f\"#%/<>?@\\^`{|}]*", host):
        raise ValueError(host)
    if not host.isascii():
        name, colon, port = host.partition(":")
        host = f"{in_ascii(name)}{colon}{port}"
    uri = urlunsplit(
        (
            scheme,
            f"{quote(user, safe=SAFE + '%')}{at}{host}",
            quote(path, safe=f"{SAFE}%"),
            quote(query, safe=f"{SAFE}?%"),
            quote(fragment, safe=f"{SAFE}?%"),
        )
    )
    urlsplit(uri)  # fails for a host that was a percent-encoded bracket: nothing could parse the address later
    if not uri.isascii():
        raise ValueError(host)  # its port
    return uri


def is_web_address(value: str) -> bool:
    """Whether this is a whole http or https address that a browser can open (RFC 3986)."""
    if re.search(r"[\s\\<>\"{}|^`]", value):
        return False
    try:
        parts = urlsplit(value)
        to_uri(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def single_slashes(path: str) -> str:
    """The path without doubled slashes, as in the site's own links."""
    return re.sub("//+", "/", path) if "//" in path else path


def other_slash(path: str) -> str:
    """The path with a slash at its end, or without the one that it has."""
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def is_writable(path: str) -> bool:
    """Whether every file system and object store can have a file at this path, and none of its parts is hidden."""
    return (
        "//" not in path
        and all(part[:1] not in ("", ".") for part in path.strip("/").split("/"))
        and not unwritable(path)
    )


@lru_cache(1024)  # those of sections come again and again
def unwritable(path: str) -> str:
    """Why some file system or object store can have no file at this path; "" if all can."""
    if path.strip("/").count("/") >= _MOST_PARTS:
        return f"it has more than {_MOST_PARTS} parts"
    return unnamable(path, _LONGEST_PART)


def unnamable(path: str, longest: int = 255) -> str:
    """Why some file system or store can have no file of this name; "" if all can. A part may have `longest` bytes."""
    if len(path.encode()) > _LONGEST_PATH:
        return f"it is longer than {_LONGEST_PATH} bytes"
    for part in path.strip("/").split("/"):
        if len(part.encode()) > longest:
            return f"a part of it is longer than {longest} bytes"
        if _UNNAMABLE.search(part):
            return 'Windows takes no name that ends in a dot or a space, or holds one of < > : " | ? * \\'
        if _DEVICE.fullmatch(part.casefold()):
            return f"{part} is the name of a device on Windows"
    return ""


def key(path: str) -> str:
    """Paths with the same key are one file on some systems, which ignore capitals and the encoding of accents."""
    folded = path.rstrip("/").casefold()
    if folded.isascii() or len(folded) > _LONGEST_PATH:  # no file has a longer path
        return folded
    return unicodedata.normalize("NFC", folded)


def is_own(path: str) -> bool:
    """Whether the site itself has pages or feeds at this path or below it, so that no alias can stand there."""
    return bool(_OWN.match(path.casefold()))


@dataclass(frozen=True, slots=True)
class Urls:
    """The addresses below one base, such as https://news.example (no slash at its end)."""

    base: str

    def absolute(self, path: str, query: str = "") -> str:
        """`query` is encoded already (RFC 3986 3.4)."""
        return f"{self.base}{_encoded(path)}{'?' if query else ''}{query}"

    def href(self, path: str, query: str = "") -> str:
        """A link within the site's own pages. It has no host, so it works on every host that serves them."""
        return f"{_folder(self.base)}{_encoded(path)}{'?' if query else ''}{query}"

    def local(self, address: str) -> str:
        """An address on this site as `href` writes it; one elsewhere as it is. Two slashes would begin a host."""
        own = address.startswith(f"{self.base}/") and not address.startswith(f"{self.base}//")
        return _folder(self.base) + address[len(self.base) :] if own else address

    def scheme(self, name: str) -> str:
        """The IRI of a Category's scheme (RFC 4287 4.2.2.2)."""
        return self.absolute(f"/{name}/")

    def resolve(self, reference: str, path: str = HOME) -> str:
        """The absolute address of a reference in the text at `path` (RFC 3986 5). Raises ValueError if it has none."""
        if len(reference) > _LONGEST_ADDRESS:
            raise ValueError("an address of more letters than programs take")
        if _ABSOLUTE.fullmatch(reference):
            return reference
        if reference.partition("/")[0] in MEDIA_FOLDERS:
            reference = f"/{reference}"  # images/a.png means the folder of the site: articles have none of their own
        if reference.startswith("/") and not reference.startswith("//"):
            reference = _folder(self.base) + reference  # /images/a.png is below the site's base_url
        return to_uri(urljoin(self.absolute(path), reference))

    def below(self, path: str) -> str | None:
        """The path without that of the base, where it has one and begins with it: /feed.rss for /news/feed.rss.

        Of the base's own path without its last slash it is //, which leads to the front page as doubled slashes do.
        """
        folder = unquote(_folder(self.base))
        return path[len(folder) :] or "//" if folder and f"{path}/".startswith(f"{folder}/") else None

    def own_path(self, address: str) -> str | None:
        """The path of an address on this site; None for an address elsewhere."""
        if not address.startswith(f"{self.base}/"):
            return None
        return unquote(re.split("[?#]", address[len(self.base) :])[0])
