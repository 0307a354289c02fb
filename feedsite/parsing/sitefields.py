"""The fields that site.yaml can have, one row each; docs/entry-file.md describes them for editors."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .. import mixes, urls
from ..model import Person
from ..settings import NamedMix, Publisher, Section
from ..terms import section_part, term
from . import nodes
from .fieldtypes import LONGEST_NAME, Context, FieldType, choice_of, list_of, text_or
from .nodes import Mark, Node, Scalar
from .ownwords import OWN_WORDS
from .quoting import shown
from .record import Field, mapping_of, record_of
from .robots import ROBOTS
from .scalars import ADDRESS, EMAIL, ID, LANGUAGE, LINE, POSITIVE_NUMBER, SHORT_LINE, TRUTH, WEB_ADDRESS
from .themefields import THEME

_MOST_NESTED = 6  # sections within one another: an article stands in the feeds of each


def _base_url(node: Node, context: Context) -> str:
    value = WEB_ADDRESS.check(node, context).rstrip("/")
    if "?" in value or "#" in value or "@" in value.partition("://")[2].partition("/")[0]:
        context.refuse(
            node.mark, f"{shown(value)} cannot be a base_url; write only scheme, host and folder: https://news.example"
        )
    scheme, _, rest = value.partition("://")
    host, slash, path = rest.partition("/")
    if (slash and {"", ".", ".."} & set(path.split("/"))) or host.endswith(":"):
        context.refuse(node.mark, f"{shown(value)} cannot be a base_url; take out what is empty or only dots in it")
    return f"{scheme.lower()}://{host.lower()}{slash}{path}"


def _caches(node: Node, context: Context) -> tuple[str, ...]:
    """Web addresses: a list, or a text with spaces or commas between them, as in an environment variable."""
    if isinstance(node, Scalar):
        words = node.text.replace(",", " ").split()
        node = nodes.Sequence(tuple(Scalar(word, node.mark) for word in words), node.mark)
    return tuple(address.rstrip("/") for address in _CACHE_LIST.check(node, context))


def _timezone(node: Node, context: Context) -> ZoneInfo:
    value = SHORT_LINE.check(node, context).strip()
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        context.refuse(
            node.mark, f"{shown(value)} is not {_TIMEZONE.words}; write one such as Europe/Berlin or Asia/Taipei"
        )


def _series(node: Node, context: Context) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(term, _TAGS.check(node, context))))


def _search(node: Node, context: Context) -> str:
    """A choice, or the address of a page that searches the same site."""
    is_address = isinstance(node, Scalar) and "://" in node.text
    return (WEB_ADDRESS if is_address else _SEARCH_CHOICE).check(node, context)


def _name_alone(node: Node, context: Context) -> Person:
    name = SHORT_LINE.check(node, context)
    if found := re.fullmatch(r"([^<>]+?) *<([^<>]+@[^<>]+)>", name):
        context.refuse(node.mark, f"a name with an e-mail address is written {{name: {found[1]}, email: {found[2]}}}")
    return Person(name=name)


def _title_alone(node: Node, context: Context) -> Section:
    return Section(title=SHORT_LINE.check(node, context))


def section_part_of(name: str, mark: Mark, context: Context) -> str:
    """The part of an address for a section (terms.section_part). Refuses a name that can have no address of its own."""
    part = section_part(name)
    if not part:
        context.refuse(mark, f"{shown(name)} is no name of a section; write one such as world")
    if urls.is_own(f"/{part}/") or re.match("[0-9]{4}/", part):
        context.refuse(
            mark, f"the address /{part}/ belongs to the site itself; call the section {part.split('/')[0]}-news"
        )
    if part.count("/") >= _MOST_NESTED:
        context.refuse(mark, f"{shown(name)} lies in too many sections; {_MOST_NESTED} within one another are the most")
    if why := urls.unwritable(f"/{part}/archive/2026/11/1/feed.json"):
        context.refuse(mark, f"no page can stand at /{part}/ on every system: {why}; write a shorter name")
    return part


_BASE_URL = FieldType("the site's web address", WEB_ADDRESS.schema, _base_url)
_CACHE_LIST = list_of(WEB_ADDRESS)
_TAGS = list_of(SHORT_LINE)
_SERIES = FieldType(_TAGS.words, _TAGS.schema, _series)
_CACHES = FieldType(_CACHE_LIST.words, {"anyOf": [{"type": "string"}, _CACHE_LIST.schema]}, _caches)
_TIMEZONE = FieldType("a time zone", {"type": "string", "maxLength": LONGEST_NAME}, _timezone)
_SEARCH_CHOICE = choice_of("none", "pagefind")
_SEARCH = FieldType("none, pagefind or a web address", {"anyOf": [_SEARCH_CHOICE.schema, WEB_ADDRESS.schema]}, _search)
_PERSON_FIELDS = {
    "name": Field(SHORT_LINE, "Mina Sato", is_required=True),
    "email": Field(EMAIL, "sato@news.example", synonyms=("mail",)),
    "url": Field(WEB_ADDRESS, "https://news.example/sato", synonyms=("uri", "link", "web", "homepage", "site")),
}
PERSON = text_or(
    FieldType("a name", SHORT_LINE.schema, _name_alone),
    record_of(Person, _PERSON_FIELDS, "a person"),
)


def _collection(node: Node, context: Context) -> str:
    """The key of a collection, from its name: with slashes or dots."""
    value = SHORT_LINE.check(node, context)
    if (key := mixes.key_of(value)) is None:
        context.refuse(
            node.mark, f"{shown(value)} is not {_COLLECTION.words}; write one such as world/asia or tag/trade"
        )
    return key


def _mix_name(name: str, mark: Mark, context: Context) -> None:
    if "/" in section_part_of(name, mark, context):
        context.refuse(mark, f"{shown(name)} is no name of a mix; write one without slashes, such as quiet")


_COLLECTION = FieldType("the name of a collection", SHORT_LINE.schema, _collection)
_MIX = record_of(
    NamedMix,
    {
        "of": Field(
            list_of(_COLLECTION, most=mixes.MOST), "[world, tag/trade]", is_required=True, synonyms=("with", "from")
        ),
        "without": Field(list_of(_COLLECTION, most=mixes.MOST), "[culture]", synonyms=("except", "not")),
        "title": Field(SHORT_LINE, "Quiet news", synonyms=("name", "label")),
        "description": Field(LINE, "The news without the noise.", synonyms=("summary",)),
    },
    "a mix",
)
_SECTION = text_or(
    FieldType("a title", SHORT_LINE.schema, _title_alone),
    record_of(
        Section,
        {
            "title": Field(SHORT_LINE, "World", is_required=True, synonyms=("name", "label")),
            "description": Field(LINE, "What happens abroad.", synonyms=("summary",)),
        },
        "a section",
    ),
)

FIELDS = {
    "title": Field(LINE, "The Meridian", is_required=True, synonyms=("name", "sitename")),
    "description": Field(
        LINE, "World news, set plainly.", is_required=True, synonyms=("subtitle", "tagline", "summary")
    ),
    "id": Field(ID, "https://news.example/"),
    "base_url": Field(_BASE_URL, "https://news.example", synonyms=("url", "siteurl", "link", "address", "domain")),
    "language": Field(LANGUAGE, "en", synonyms=("lang", "locale")),
    "words": Field(OWN_WORDS, "{Newest: Latest}", synonyms=("messages", "translations", "strings", "texts")),
    "timezone": Field(_TIMEZONE, "Europe/Berlin", synonyms=("tz", "zone")),
    "publisher": Field(
        record_of(
            Publisher,
            {
                **_PERSON_FIELDS,
                "name": Field(SHORT_LINE, "The Meridian"),
                "logo": Field(ADDRESS, "images/logo.svg", synonyms=("image",)),
            },
            "publisher",
        ),
        "{name: The Meridian}",
        synonyms=("owner", "organisation", "organization"),
    ),
    "authors": Field(
        mapping_of(PERSON, "sato: {name: Mina Sato}"),
        "{sato: {name: Mina Sato}}",
        synonyms=("author", "people", "writers"),
    ),
    "sections": Field(
        mapping_of(_SECTION, "world: {title: World}", section_part_of),
        "{world: {title: World}}",
        synonyms=("section", "categories", "category"),
    ),
    "mixes": Field(
        mapping_of(_MIX, "quiet: {of: [everything], without: [culture]}", _mix_name),
        "{quiet: {of: [everything], without: [culture]}}",
        synonyms=("mix", "blends"),
    ),
    "series": Field(_SERIES, "[silk road]", synonyms=("serials", "parts")),
    "window": Field(POSITIVE_NUMBER, "50", synonyms=("limit", "count", "size", "items", "entries")),
    "archives": Field(choice_of("sections", "all", "none"), "sections", synonyms=("archive", "history")),
    "hub": Field(WEB_ADDRESS, "https://hub.example/", synonyms=("websub", "pubsubhubbub")),
    "ping": Field(TRUTH, "true", synonyms=("notify", "announce", "publish")),
    "purge": Field(_CACHES, "[http://127.0.0.1:6081]", synonyms=("caches", "cache", "varnish", "proxies", "proxy")),
    "robots": Field(ROBOTS, '"Content-Usage: train-ai=n"', synonyms=("robots_txt", "robotstxt", "crawlers")),
    "frames": Field(choice_of("none", "self", "any"), "none", synonyms=("frame", "framing", "embed", "embedding")),
    "search": Field(_SEARCH, "pagefind", synonyms=("searchengine", "find")),
    "typographer": Field(TRUTH, "true", synonyms=("smartypants", "smartquotes", "smartpunctuation", "typography")),
    "math": Field(TRUTH, "true", synonyms=("latex", "katex", "mathjax", "formulas")),
    "rights": Field(LINE, "© 2026 The Meridian", synonyms=("copyright", "license", "licence")),
    "icon": Field(ADDRESS, "images/icon.png", synonyms=("favicon",)),
    "theme": Field(THEME, '{accent: "#a62f1b"}', synonyms=("style", "design", "look", "colors", "colours")),
}
# The environment variables that replace a field, by the field's name.
VARIABLES = {
    name: f"FEEDSITE_{name.upper()}"
    for name in "title description id base_url language timezone window hub ping purge rights icon".split()
}
