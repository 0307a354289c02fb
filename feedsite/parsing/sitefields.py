"""The fields that site.yaml can have, one row each; docs/entry-file.md describes them for editors."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .. import mixes, urls
from ..codes import Code
from ..model import Person
from ..settings import NamedMix, Publisher, Section
from ..terms import section_part, term
from . import nodes
from .fields import Field
from .fieldtypes import LONGEST_NAME, Context, FieldType, choice_of, list_of, text_or
from .meantzones import zones_meant
from .nodes import Mark, Node, Scalar
from .ownwords import OWN_WORDS
from .quoting import shown
from .record import mapping_of, record_of
from .robots import ROBOTS
from .scalars import ADDRESS, EMAIL, ID, LANGUAGE, LINE, POSITIVE_NUMBER, SHORT_LINE, TRUTH, WEB_ADDRESS
from .themefields import THEME

_MOST_NESTED = 6  # sections within one another: an article stands in the feeds of each


def _base_url(node: Node, context: Context) -> str:
    value = WEB_ADDRESS.check(node, context).rstrip("/")
    if "?" in value or "#" in value or "@" in value.partition("://")[2].partition("/")[0]:
        context.refuse(
            Code.NO_BASE_URL,
            node.mark,
            f"{shown(value)} cannot be a base_url; write only scheme, host and folder: https://news.example",
        )
    scheme, _, rest = value.partition("://")
    host, slash, path = rest.partition("/")
    if (slash and {"", ".", ".."} & set(path.split("/"))) or host.endswith(":"):
        context.refuse(
            Code.NO_BASE_URL,
            node.mark,
            f"{shown(value)} cannot be a base_url; take out what is empty or only dots in it",
        )
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
        write = " or ".join(zones_meant(value)) or "one such as Europe/Berlin or Asia/Taipei"
        context.refuse(Code.NO_TIMEZONE, node.mark, f"{shown(value)} is not {_TIMEZONE.words}; write {write}")


def _series(node: Node, context: Context) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(term, _TAGS.check(node, context))))


def _search(node: Node, context: Context) -> str:
    """A choice, or the address of a page that searches the same site."""
    is_address = isinstance(node, Scalar) and "://" in node.text
    return (WEB_ADDRESS if is_address else _SEARCH_CHOICE).check(node, context)


def _name_alone(node: Node, context: Context) -> Person:
    name = SHORT_LINE.check(node, context)
    if found := re.fullmatch(r"([^<>]+?) *<([^<>]+@[^<>]+)>", name):
        context.refuse(
            Code.FIELDS_WANTED,
            node.mark,
            f"a name with an e-mail address is written {{name: {found[1]}, email: {found[2]}}}",
        )
    return Person(name=name)


def _title_alone(node: Node, context: Context) -> Section:
    return Section(title=SHORT_LINE.check(node, context))


def section_part_of(name: str, mark: Mark, context: Context) -> str:
    """The part of an address for a section (terms.section_part). Refuses a name that can have no address of its own."""
    part = section_part(name)
    if not part:
        context.refuse(Code.NO_SECTION, mark, f"{shown(name)} is no name of a section; write one such as world")
    if urls.is_own(f"/{part}/") or re.match("[0-9]{4}/", part):
        context.refuse(
            Code.OWN_ADDRESS,
            mark,
            f"the address /{part}/ belongs to the site itself; call the section {part.split('/')[0]}-news",
        )
    if part.count("/") >= _MOST_NESTED:
        context.refuse(
            Code.NO_SECTION,
            mark,
            f"{shown(name)} lies in too many sections; {_MOST_NESTED} within one another are the most",
        )
    if why := urls.unwritable(f"/{part}/archive/2026/11/1/feed.json"):
        context.refuse(
            Code.UNFIT_ADDRESS, mark, f"no page can stand at /{part}/ on every system: {why}; write a shorter name"
        )
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
    "name": Field(SHORT_LINE, "Mina Sato", is_required=True, about="The name, as readers see it."),
    "email": Field(
        EMAIL, "sato@news.example", synonyms=("mail",), about="The e-mail address. It stands in RSS and Atom."
    ),
    "url": Field(
        WEB_ADDRESS,
        "https://news.example/sato",
        synonyms=("uri", "link", "web", "homepage", "site"),
        about="Their own page.",
    ),
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
            Code.NO_COLLECTION,
            node.mark,
            f"{shown(value)} is not {_COLLECTION.words}; write one such as world/asia or tag/trade",
        )
    return key


def _mix_name(name: str, mark: Mark, context: Context) -> None:
    if "/" in section_part_of(name, mark, context):
        context.refuse(
            Code.NO_COLLECTION, mark, f"{shown(name)} is no name of a mix; write one without slashes, such as quiet"
        )


_COLLECTION = FieldType("the name of a collection", SHORT_LINE.schema, _collection)
_MIX = record_of(
    NamedMix,
    {
        "of": Field(
            list_of(_COLLECTION, most=mixes.MOST),
            "[world, tag/trade]",
            is_required=True,
            synonyms=("with", "from"),
            about="The lists that are united, by the words of their addresses.",
        ),
        "without": Field(
            list_of(_COLLECTION, most=mixes.MOST),
            "[culture]",
            synonyms=("except", "not"),
            about="Those whose articles are left out.",
        ),
        "title": Field(
            SHORT_LINE,
            "Quiet news",
            synonyms=("name", "label"),
            about="What it is called. Without it: its names, in words.",
        ),
        "description": Field(
            LINE, "The news without the noise.", synonyms=("summary",), about="One sentence about it."
        ),
    },
    "a mix",
)
_SECTION = text_or(
    FieldType("a title", SHORT_LINE.schema, _title_alone),
    record_of(
        Section,
        {
            "title": Field(
                SHORT_LINE, "World", is_required=True, synonyms=("name", "label"), about="What readers see."
            ),
            "description": Field(
                LINE,
                "What happens abroad.",
                synonyms=("summary",),
                about="One sentence about it, on the section's page and in its feeds.",
            ),
        },
        "a section",
    ),
)

FIELDS = {
    "title": Field(
        LINE, "The Meridian", is_required=True, synonyms=("name", "sitename"), about="The name of the site."
    ),
    "description": Field(
        LINE,
        "World news, set plainly.",
        is_required=True,
        synonyms=("subtitle", "tagline", "summary"),
        about="One sentence about it.",
    ),
    "id": Field(
        ID,
        "https://news.example/",
        about="What the site is called for ever. Before `base_url` changes, write the old one here, with a `/` at "
        "its end.",
    ),
    "base_url": Field(
        _BASE_URL,
        "https://news.example",
        synonyms=("url", "siteurl", "link", "address", "domain"),
        about="Where the site stands, a folder included.",
    ),
    "language": Field(
        LANGUAGE, "en", synonyms=("lang", "locale"), about="The language of the site, and of articles that name none."
    ),
    "words": Field(
        OWN_WORDS,
        "{Newest: Latest}",
        synonyms=("messages", "translations", "strings", "texts"),
        about="Messages of pages and feeds in your own words, by the English ones.",
    ),
    "timezone": Field(
        _TIMEZONE,
        "Europe/Berlin",
        synonyms=("tz", "zone"),
        about="The zone of times without an offset, and of the times that readers see.",
    ),
    "publisher": Field(
        record_of(
            Publisher,
            {
                **_PERSON_FIELDS,
                "email": replace(_PERSON_FIELDS["email"], about="Shown below each page and in RSS and Atom."),
                "url": replace(_PERSON_FIELDS["url"], about="The publisher's own page."),
                "name": Field(SHORT_LINE, "The Meridian", about="What it is called. Without it: the site's title."),
                "logo": Field(
                    ADDRESS,
                    "images/logo.svg",
                    synonyms=("image",),
                    about="A picture, at the head of each page and in Atom.",
                ),
            },
            "publisher",
        ),
        "{name: The Meridian}",
        synonyms=("owner", "organisation", "organization"),
        about="Who answers for the site; the author of articles that name none.",
    ),
    "authors": Field(
        mapping_of(PERSON, "sato: {name: Mina Sato}"),
        "{sato: {name: Mina Sato}}",
        synonyms=("author", "people", "writers"),
        about="Bylines by a short key: a name, or `{name, email, url}`.",
    ),
    "sections": Field(
        mapping_of(_SECTION, "world: {title: World}", section_part_of),
        "{world: {title: World}}",
        synonyms=("section", "categories", "category"),
        about="Titles of sections: a title, or `{title, description}`.",
    ),
    "mixes": Field(
        mapping_of(_MIX, "quiet: {of: [everything], without: [culture]}", _mix_name),
        "{quiet: {of: [everything], without: [culture]}}",
        synonyms=("mix", "blends"),
        about="Lists of your own: what they unite, and what they leave out.",
    ),
    "series": Field(
        _SERIES,
        "[silk road]",
        synonyms=("serials", "parts"),
        about="The tags whose articles are parts of a series. They are numbered from the oldest.",
    ),
    "window": Field(
        POSITIVE_NUMBER,
        "50",
        synonyms=("limit", "count", "size", "items", "entries"),
        about="How many articles a feed holds, at the least: all of the 48 hours before the newest are in it too.",
    ),
    "archives": Field(
        choice_of("sections", "all", "none"),
        "sections",
        synonyms=("archive", "history"),
        about="Whose archives an export has: `sections`, `all` or `none`.",
    ),
    "hub": Field(
        WEB_ADDRESS,
        "https://hub.example/",
        synonyms=("websub", "pubsubhubbub"),
        about="A WebSub hub: it brings a change to subscribers at once. It must be told of the change, by `ping` "
        "or by `feedsite ping`.",
    ),
    "ping": Field(
        TRUTH,
        "true",
        synonyms=("notify", "announce", "publish"),
        about="Whether the server tells the hub of each change, `true` or `false`. Needs `hub` and `base_url`.",
    ),
    "purge": Field(
        _CACHES,
        "[http://127.0.0.1:6081]",
        synonyms=("caches", "cache", "varnish", "proxies", "proxy"),
        about="The caches in front of the server, which it tells of each change before it tells the hub.",
    ),
    "robots": Field(
        ROBOTS,
        '"Content-Usage: train-ai=n"',
        synonyms=("robots_txt", "robotstxt", "crawlers"),
        about="Lines for `/robots.txt`, a block of `Name: value`, comments and blank lines. Without any, every "
        "program may read everything.",
    ),
    "frames": Field(
        choice_of("none", "self", "any"),
        "none",
        synonyms=("frame", "framing", "embed", "embedding"),
        about="On whose pages this site may be shown: `none`, `self` or `any`. Directories that show sites in a "
        "frame need `any`.",
    ),
    "search": Field(
        _SEARCH,
        "pagefind",
        synonyms=("searchengine", "find"),
        about="Who answers a search in an export: `none`, `pagefind`, or the address of a page that does, such "
        "as that of a server. A server always answers itself.",
    ),
    "typographer": Field(
        TRUTH,
        "true",
        synonyms=("smartypants", "smartquotes", "smartpunctuation", "typography"),
        about="Whether quotation marks, dashes and dots in texts become typographic ones: `true` or `false`.",
    ),
    "math": Field(
        TRUTH,
        "true",
        synonyms=("latex", "katex", "mathjax", "formulas"),
        about="Whether `$x^2$` and `$$x^2$$` are formulas: `true` or `false`.",
    ),
    "rights": Field(
        LINE,
        "© 2026 The Meridian",
        synonyms=("copyright", "license", "licence"),
        about="Who owns what is published here.",
    ),
    "icon": Field(
        ADDRESS,
        "images/icon.png",
        synonyms=("favicon",),
        about="A square picture; PNG, JPEG or GIF, for RSS knows no others.",
    ),
    "theme": Field(
        THEME,
        '{accent: "#a62f1b"}',
        synonyms=("style", "design", "look", "colors", "colours"),
        about="How the pages look.",
    ),
}
# The environment variables that replace a field, by the field's name.
VARIABLES = {
    name: f"FEEDSITE_{name.upper()}"
    for name in "title description id base_url language timezone window hub ping purge rights icon".split()
}
