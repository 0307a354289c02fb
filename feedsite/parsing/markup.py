"""Markdown to safe HTML with absolute addresses. The only door to pyromark and to nh3.

Raw HTML is allowed in Markdown and everything is sanitised afterwards, by an allow-list. nh3 judges an address before
it calls the attribute filter and trusts what the filter returns: the filter has the last word on every address.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from itertools import islice

import nh3
import pyromark

from ..model import FORBIDDEN, forbidden
from ..urls import Urls

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
_DESCRIPTOR = re.compile(r"([0-9.]{1,9}[wxh])?")  # of a candidate in a srcset
_ID_PREFIX = "text-"  # an id in an article never meets one of the page around it
_FOOTNOTE_MARK = re.compile(r'<sup class="footnote-reference">.*?</sup>', re.DOTALL)
_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
_MAX_DEPTH = 500  # of elements; a browser's parser, and ours, takes quadratic time to go deeper
_MAX_WORK = 1_000_000  # depth times tags: a parser opens each unclosed <b> anew in every paragraph behind it
_MAX_REFERENCES = 100_000  # each "&" in a long text costs the sanitiser time that grows with the text before it
_MAX_ATTRIBUTES = 1000  # of one tag: each is compared with all before it
_SMALL = 20_000  # characters, in which no tag has so many attributes that it matters
_RAW_TEXT = frozenset("iframe noembed noframes plaintext script style textarea title xmp".split())
# Elements that end by themselves when a like one begins, or are void: alone they cannot make depth.
_FLAT = frozenset("br col dd dt hr img input li p source td th tr track wbr".split())
# A comment, or a tag with its attributes as HTML's tokenizer reads them (WHATWG 13.2.5): none stands in a quoted value.
_NAMED = r"""=?[^\s/>=]++ (?: \s*+ = \s*+ (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\s>"'][^\s>]*+ )?+ )?+"""
_ATTRIBUTE = re.compile(_NAMED, re.VERBOSE)
_MARK = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z)) | <[!?][^>]*+ | </[^a-zA-Z][^>]*+
    | <(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+) (?P<attributes>(?: [\s/]++ | {_NAMED} | = )*+)""",
    re.DOTALL | re.VERBOSE,
)
_CANDIDATE = re.compile(r"[\s,]*+(\S++)")  # of a srcset: its address, and a comma where no descriptor follows
_SUMMARY_LENGTH = 280  # characters, as long as a reader's list shows


def article(markdown: str, urls: Urls, path: str) -> str:
    """The HTML of a body that stands at `path`. Headings of the first level become second: the title is the first.

    Raises ValueError where elements are nested deeper than any article's.
    """
    unsafe = _MARKDOWN.html(markdown).replace("<![CDATA[", " ")  # HTML has none outside of drawings
    _refuse_bombs(unsafe)
    return _sanitised(unsafe, urls, path).replace("<h1", "<h2").replace("</h1>", "</h2>")


def summary(body: str) -> str:
    """The first paragraph of an article's HTML as plain text, cut at a word. "" where it holds no text."""
    for paragraph in _PARAGRAPH.finditer(_FOOTNOTE_MARK.sub("", body)):
        if plain := " ".join(_plain(paragraph[1]).split()):
            return _cut(plain)
    return ""


def sources(body: str) -> list[str]:
    """The addresses that an article's HTML takes pictures and sound from."""
    return [html.unescape(src) for src in re.findall(r' (?:src|poster)="([^"]*)"', body)]


def _refuse_bombs(unsafe: str) -> None:
    """Raises ValueError for HTML on which a parser would spend far more time or memory than on any article."""
    if unsafe.count("&") > _MAX_REFERENCES:
        raise ValueError(f"it holds more than {_MAX_REFERENCES:,} quotation marks, & and the like")
    if unsafe.count("<") <= _MAX_DEPTH and len(unsafe) <= _SMALL:
        return  # so little reaches none of the bounds
    opened: list[str] = []
    tags = deepest = position = 0
    while found := _MARK.search(unsafe, position):
        position = found.end()
        if not found["name"]:
            continue
        name = found["name"].lower()
        tags += 1
        if len(found["attributes"]) > _MAX_ATTRIBUTES and _has_too_many(found["attributes"]):
            raise ValueError(f"an HTML element has more than {_MAX_ATTRIBUTES:,} attributes")
        if not found["end"] and name in _RAW_TEXT:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(unsafe, position)
            position = closing.start() if closing else len(unsafe)
        elif not found["end"] and name not in _FLAT:
            opened.append(name)
            deepest = max(deepest, len(opened))
        elif found["end"] and name in opened:
            while opened.pop() != name:
                pass
        if deepest > _MAX_DEPTH or deepest * tags > _MAX_WORK:
            raise ValueError(
                "too many quotations, lists or HTML elements stand within one another; "
                "is a > or a <div> repeated by mistake?"
            )


def _has_too_many(attributes: str) -> bool:
    found = _ATTRIBUTE.finditer(attributes)
    return next(islice(found, _MAX_ATTRIBUTES, None), None) is not None


def _sanitised(unsafe: str, urls: Urls, path: str) -> str:
    resolve = _RESOLVE.set(partial(urls.resolve, path=path))
    try:
        clean = _CLEANER.clean(unsafe)
    finally:
        _RESOLVE.reset(resolve)
    return FORBIDDEN.sub("", clean) if forbidden(clean) else clean  # &#1; in a body is one that XML cannot carry


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name in _ADDRESSES:
        return _absolute(f"#{_ID_PREFIX}{value[1:]}" if value.startswith("#") and len(value) > 1 else value)
    if name == "srcset":
        return _srcset(value)
    if name == "class":
        return " ".join(word for word in value.split() if _CLASSES.fullmatch(word)) or None
    return value


def _absolute(reference: str) -> str | None:
    try:
        resolved = _RESOLVE.get()("".join(reference.split("\n")).strip())
    except ValueError:
        return None
    return resolved if resolved.partition(":")[0] in _SCHEMES else None


def _srcset(value: str) -> str | None:
    """Each candidate `address descriptor` with its address absolute; those that may not stay are left out."""
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
    """What stands there before the next comma, and the place behind that."""
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


_RESOLVE: ContextVar[Callable[[str], str]] = ContextVar("resolve")  # a reference in the article that is being cleaned
_CLEANER = nh3.Cleaner(  # made once: that takes as long as to clean an article
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=set(_SCHEMES),
    link_rel=None,
    set_tag_attribute_values={"table": {"tabindex": "0"}},  # a wide one scrolls, by keyboard too
    filter_style_properties={"text-align"},  # how a table's column is aligned
    id_prefix=_ID_PREFIX,
)
_STRIPPER = nh3.Cleaner(tags=set())
