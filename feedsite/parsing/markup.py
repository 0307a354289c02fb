"""Markdown to safe HTML with absolute addresses. The only door to pyromark and to nh3.

Markdown may hold raw HTML, so the whole result is sanitised by an allow-list. nh3 checks the scheme of an address
before it calls the attribute filter, and not afterwards: the filter itself must check every address that it returns.
"""

import html
import re
import unicodedata
from contextvars import ContextVar
from functools import partial

import nh3
import pyromark

from ..model import FORBIDDEN, forbidden
from ..urls import Urls
from . import htmllimits

_MARKDOWN = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES | pyromark.Options.ENABLE_STRIKETHROUGH
)
_TAGS = set(
    "a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption"
    " figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span strong"
    " sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr".split()
)
_ATTRIBUTES = {
    "*": {"dir", "id", "lang", "title"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "audio": {"controls", "preload", "src"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"class"},
    "img": {"alt", "height", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "sup": {"class"},
    "td": {"colspan", "headers", "rowspan", "style"},
    "th": {"colspan", "headers", "rowspan", "scope", "style"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"controls", "height", "loop", "muted", "poster", "preload", "src", "width"},
}
_ADDRESSES = {"href", "src", "poster", "cite"}
_SCHEMES = ("http", "https", "mailto", "tel")
_CLASSES = re.compile("footnote-(reference|definition|definition-label)|language-[A-Za-z0-9_+#-]+")
_DESCRIPTOR = re.compile(r"([0-9.]{1,9}[wxh])?")  # of a candidate in a srcset: 2x, 640w
_ID_PREFIX = "text-"  # so that an id in an article is never one of the page around it
_FOOTNOTE_MARK = re.compile(r'<sup class="footnote-reference">.*?</sup>', re.DOTALL)
_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
_CANDIDATE = re.compile(r"[\s,]*+(\S++)")  # of a srcset: its address, and a comma where no descriptor follows
_SUMMARY_LENGTH = 280  # characters, as long as a reader's list shows


def article(markdown: str, urls: Urls, path: str) -> str:
    """The HTML of the body of the article at `path`. First-level headings become second-level: the title is the first.

    Raises ValueError for HTML beyond the limits of htmllimits.
    """
    unsafe = _MARKDOWN.html(markdown).replace(
        "<![CDATA[", " "
    )  # in HTML it has a meaning only in drawings, which are taken out
    htmllimits.check(unsafe)
    clean = _sanitised(unsafe, urls, path)
    htmllimits.check_size(clean)
    return clean.replace("<h1", "<h2").replace("</h1>", "</h2>")


def summary(body: str) -> str:
    """The first paragraph with text of an article's HTML, as plain text cut at a word. "" if there is none."""
    for paragraph in _PARAGRAPH.finditer(_FOOTNOTE_MARK.sub("", body)):
        if plain := " ".join(_plain(paragraph[1]).split()):
            return _cut(plain)
    return ""


def sources(body: str) -> list[str]:
    """The addresses of pictures, sound and video in an article's HTML."""
    if ' src="' not in body and ' poster="' not in body:  # of most articles
        return []
    return [html.unescape(src) for src in re.findall(r' (?:src|poster)="([^"]*)"', body)]


def _sanitised(unsafe: str, urls: Urls, path: str) -> str:
    attributes = htmllimits.Attributes(partial(urls.resolve, path=path))
    former = _ATTRIBUTES_SO_FAR.set(attributes)
    try:
        clean = _CLEANER.clean(unsafe)
    finally:
        _ATTRIBUTES_SO_FAR.reset(former)
    attributes.check()
    return (
        FORBIDDEN.sub("", clean) if forbidden(clean) else clean
    )  # &#1; in a body becomes a character that XML forbids


def _attribute(_tag: str, name: str, value: str) -> str | None:
    attributes = _ATTRIBUTES_SO_FAR.get()
    attributes.add(value)
    if attributes.are_too_many:
        return None
    if name in _ADDRESSES:
        return _absolute(f"#{_ID_PREFIX}{value[1:]}" if value.startswith("#") and len(value) > 1 else value)
    if name == "srcset":
        return _srcset(value)
    if name == "class":
        return " ".join(word for word in value.split() if _CLASSES.fullmatch(word)) or None
    return value


def _absolute(reference: str) -> str | None:
    try:
        resolved = _ATTRIBUTES_SO_FAR.get().resolved("".join(reference.split("\n")).strip())
    except ValueError:
        return None
    return resolved if resolved.partition(":")[0] in _SCHEMES else None


def _srcset(value: str) -> str | None:
    """Each candidate, `address descriptor`, with its address absolute. Those that are not allowed are left out."""
    kept = []
    position = 0
    while found := _CANDIDATE.match(value, position):
        source, position = found[1], found.end()
        descriptor = ""
        if not source.endswith(","):
            descriptor, position = _up_to_comma(value, position)
        address = _absolute(source.rstrip(","))
        if address and _DESCRIPTOR.fullmatch(descriptor.strip()):
            kept.append(f"{address.replace(',', '%2C')} {descriptor.strip()}".rstrip())
    return ", ".join(kept) or None


def _up_to_comma(value: str, start: int) -> tuple[str, int]:
    """The text from `start` to the next comma, and the place behind the comma."""
    comma = value.find(",", start)
    end = len(value) if comma < 0 else comma
    return value[start:end], end + 1


def _plain(fragment: str) -> str:
    return html.unescape(_STRIPPER.clean(re.sub(r"<br ?/?>", " ", fragment)) if "<" in fragment else fragment)


def _cut(plain: str) -> str:
    if len(plain) <= _SUMMARY_LENGTH:
        return plain
    end = _SUMMARY_LENGTH
    if (space := plain.rfind(" ", end - 40, end + 1)) > 0:
        end = space
    while end > 1 and unicodedata.combining(plain[end]):  # never between a letter and its accents
        end -= 1
    return plain[:end].rstrip(" ,;:-–—") + "…"


# Of the article that is being sanitised.
_ATTRIBUTES_SO_FAR: ContextVar[htmllimits.Attributes] = ContextVar("attributes_so_far")
_CLEANER = nh3.Cleaner(  # made once: that takes as long as cleaning an article
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=set(_SCHEMES),
    link_rel=None,
    set_tag_attribute_values={"table": {"tabindex": "0"}},  # so that a wide table can be scrolled by keyboard
    filter_style_properties={"text-align"},  # how a table's column is aligned
    id_prefix=_ID_PREFIX,
)
_STRIPPER = nh3.Cleaner(tags=set())
