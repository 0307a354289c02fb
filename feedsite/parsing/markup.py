"""Markdown to safe HTML with absolute addresses. The only door to pyromark and to nh3.

Markdown may hold raw HTML, so the whole result is sanitised by an allow-list. nh3 checks the scheme of an address
before it calls the attribute filter, and not afterwards: the filter itself must check every address that it returns.

What is rewritten stands before the sanitiser wherever it reads HTML as it was typed. What is rewritten behind it reads
the sanitiser's own HTML, in which elements are closed, and < and > stand in no value, and adds nothing that was typed.
"""

import html
import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import NamedTuple

import nh3
import pyromark

from .. import filelinks
from ..model import FORBIDDEN, forbidden
from ..urls import Urls
from ..words import ENGLISH, Words, message
from . import anchors, embeds, figures, footnotes, formulas, headings, highlights, htmllimits, pictures

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_DEFINITION_LIST
    | pyromark.Options.ENABLE_GFM
)
_TAGS = formulas.ELEMENTS | set(
    "a abbr aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure footer h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp"
    " small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr".split()
)
_ATTRIBUTES = {
    "*": {"dir", "id", "lang", "title"},
    "a": {"href", "hreflang", "name"},
    "abbr": {"title"},
    "audio": {"controls", "src"},
    "blockquote": {"cite", "class"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"class"},
    "figure": {"class"},
    "img": {"alt", "height", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "p": {"class"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "sup": {"class"},
    "td": {"colspan", "headers", "rowspan", "style"},
    "th": {"colspan", "headers", "rowspan", "scope", "style"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"controls", "height", "loop", "muted", "poster", "src", "width"},
    **formulas.ATTRIBUTES,
}
# One value each: of several nh3 writes now the one and now the other first.
_VALUES = {
    "audio": {"preload": "none"},  # nothing is loaded from elsewhere before a reader asks for it
    "video": {"preload": "none"},
    # So that wide ones can be scrolled by keyboard.
    "pre": {"tabindex": "0"},
    "table": {"tabindex": "0"},
}
_ADDRESSES = {"href", "src", "poster", "cite"}
_OF_IDS = {"id", "name", "headers"}
_SCHEMES = ("http", "https", "mailto", "tel")
_CLASSES = re.compile(
    "footnote-(reference|definition|definition-label)|language-[A-Za-z0-9_+#-]+|embed"
    "|markdown-alert-(title|note|tip|important|warning|caution)"
)
_DESCRIPTOR = re.compile(r"([0-9.]{1,9}[wxh])?")  # of a candidate in a srcset: 2x, 640w
_CANDIDATE = re.compile(r"[\s,]*+(\S++)")  # of a srcset: its address, and a comma where no descriptor follows
# What pyromark makes of `- [ ] task` and of `> [!NOTE]`.
_TASKS = {'<input disabled="" type="checkbox"/>\n': "☐ ", '<input disabled="" type="checkbox" checked=""/>\n': "☑ "}
_ALERT = re.compile(r'<blockquote class="markdown-alert-(\w++)">\n')
_ALERTS = {
    "note": message("Note"),
    "tip": message("Tip"),
    "important": message("Important"),
    "warning": message("Warning"),
    "caution": message("Caution"),
}
# HTML in Markdown that is rewritten before it is sanitised.
_REWRITTEN = re.compile(
    r"<(?=[aeimnovAEIMNOV])(?i:(?:audio|embed|iframe|math|noscript|object|video)(?![^\s/>])"
    r"|a\s[^<>]*?name)"
)
_BRACKETS = re.compile(r"\[(?:[ \txX]\]|[!^])")  # of a task, an alert or a footnote
_EMPTY = re.compile(r"<p>\s*+</p>")
_FIRST_LINE = re.compile(r"(<pre(?: [^>]*)?>)\n")


def article(
    markdown: str,
    urls: Urls,
    path: str,
    *,
    source: str = "",
    typographer: bool = False,
    math: bool = False,
    words: Words = ENGLISH,
) -> str:
    """The HTML of the body of the article at `path`, of the file `source`. Its headings are of the second level and
    below. It has no character that XML forbids.

    With `typographer` quotation marks and dashes become typographic ones, with `math` $x$ becomes a formula. Raises
    ValueError for HTML beyond the limits of htmllimits.
    """
    resolve = partial(filelinks.resolve, urls, path, source)
    unsafe = _without_cdata(_markdown(typographer, math).html(markdown))
    if "!" in markdown and "![" in markdown:
        unsafe = figures.captioned(unsafe)
    has_brackets, has_html = _BRACKETS.search(markdown), "<" in markdown
    if has_brackets:
        unsafe = _with_plain_marks(unsafe, words)
    if math:
        unsafe = formulas.typed(unsafe)
    is_rewritten = has_html and (_REWRITTEN.search(markdown) or "data-" in markdown)
    if is_rewritten:
        htmllimits.check_size(unsafe)
        unsafe = rewritten(unsafe, resolve, words)
    htmllimits.check(unsafe)
    clean, ids = _sanitised(unsafe, resolve)
    if forbidden(clean):
        clean = FORBIDDEN.sub("", clean)  # &#1; in a body becomes a character that XML forbids
    htmllimits.check_size(clean)
    if is_rewritten:
        clean = anchors.with_ids(_EMPTY.sub("", clean))
    if "=" in markdown and "==" in markdown:
        clean = highlights.marked(clean)
    if has_brackets:
        clean, ids = footnotes.at_end(clean, ids, urls.absolute(path), words)
    clean = headings.with_ids(clean, ids)
    if (
        has_html and "<pre" in clean
    ):  # a parser drops the first line end in a <pre>, and the sanitiser does not write another one
        clean = _FIRST_LINE.sub(r"\1\n\n", clean)
    htmllimits.check_size(clean)
    return clean


def rewritten(unsafe: str, resolve: Callable[[str], str], words: Words = ENGLISH) -> str:
    """HTML whose embeds, lazy pictures and formulas are as readers get them; the limits have still to be checked."""
    unsafe = embeds.linked(pictures.loaded(_without_cdata(unsafe)), resolve, words)
    return _without_cdata(formulas.kept(unsafe))  # what was taken out may have stood within one


def _without_cdata(unsafe: str) -> str:
    """HTML without the mark that has a meaning only in drawings and formulas: there parsers differ in what it hides."""
    return unsafe.replace("<![CDATA[", " ")


@lru_cache(4)
def _markdown(typographer: bool, math: bool) -> pyromark.Markdown:
    options = _OPTIONS
    if typographer:
        options |= pyromark.Options.ENABLE_SMART_PUNCTUATION
    if math:
        options |= pyromark.Options.ENABLE_MATH
    return pyromark.Markdown(options=options)


def _with_plain_marks(unsafe: str, words: Words) -> str:
    """Tasks and alerts in letters: no element of a form is allowed, and feeds have no style."""
    for box, letter in _TASKS.items():
        unsafe = unsafe.replace(box, letter)
    return _ALERT.sub(partial(_with_title, words), unsafe)


def _with_title(words: Words, alert: re.Match[str]) -> str:
    title = html.escape(words.text(_ALERTS[alert[1]]))
    return f'{alert[0]}<p class="markdown-alert-title"><strong>{title}</strong></p>\n'


def sources(body: str) -> list[str]:
    """The addresses of pictures, sound and video in an article's HTML."""
    if not has_sources(body):
        return []
    return [html.unescape(src) for src in re.findall(r' (?:src|poster)="([^"]*)"', body)]


def has_sources(body: str) -> bool:
    """Whether there are any such: in most articles there are none."""
    return ' src="' in body or ' poster="' in body


def _sanitised(unsafe: str, resolve: Callable[[str], str]) -> tuple[str, set[str]]:
    """Safe HTML, and the ids in it."""
    article = _Article(htmllimits.Attributes(resolve), set())
    former = _ARTICLE.set(article)
    try:
        clean = _CLEANER.clean(unsafe)
    finally:
        _ARTICLE.reset(former)
    article.attributes.check()
    return clean, article.ids


class _Article(NamedTuple):
    """What nh3's attribute filter found so far in the article that is being sanitised."""

    attributes: htmllimits.Attributes
    ids: set[str]


def _attribute(_tag: str, name: str, value: str) -> str | None:
    attributes, ids = _ARTICLE.get()
    attributes.add(value)
    if attributes.are_too_many:
        return None
    if name in _ADDRESSES:
        return _absolute(f"#{anchors.own(value[1:])}" if value.startswith("#") else value)
    if name in _OF_IDS:
        value = " ".join(map(anchors.own, value.split()))
        ids.add(value)
        return value or None
    if name == "srcset":
        return _srcset(value)
    if name == "class":
        return " ".join(word for word in value.split() if _CLASSES.fullmatch(word)) or None
    return value


def _absolute(reference: str) -> str | None:
    if "\n" in reference:
        reference = reference.replace("\n", "")
    try:
        resolved = _ARTICLE.get().attributes.resolved(reference.strip())
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


_ARTICLE: ContextVar[_Article] = ContextVar("article")
_CLEANER = nh3.Cleaner(  # made once: that takes as long as cleaning an article
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=set(_SCHEMES),
    link_rel=None,
    set_tag_attribute_values=_VALUES,
    filter_style_properties={"text-align"},  # how a table's column is aligned
)
