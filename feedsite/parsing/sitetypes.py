"""The types of site.yaml's fields, such as people and sections, some of which articles have as well."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .. import mixes, urls
from ..codes import Code
from ..model import Person
from ..settings import NamedMix, Section
from ..terms import section_part, term
from . import nodes
from .fields import Field
from .fieldtypes import LONGEST_NAME, Context, FieldType
from .madetypes import choice_of, list_of, text_or
from .meantzones import zones_meant
from .nodes import Mark, Node, Scalar
from .quoting import shown
from .record import record_of
from .scalars import EMAIL, LINE, SHORT_LINE, WEB_ADDRESS

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
        context.refuse(Code.NO_TIMEZONE, node.mark, f"{shown(value)} is not {TIMEZONE.words}; write {write}")


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


BASE_URL = FieldType("the site's web address", WEB_ADDRESS.schema, _base_url)
_CACHE_LIST = list_of(WEB_ADDRESS)
_TAGS = list_of(SHORT_LINE)
SERIES = FieldType(_TAGS.words, _TAGS.schema, _series)
CACHES = FieldType(_CACHE_LIST.words, {"anyOf": [{"type": "string"}, _CACHE_LIST.schema]}, _caches)
TIMEZONE = FieldType("a time zone", {"type": "string", "maxLength": LONGEST_NAME}, _timezone)
_SEARCH_CHOICE = choice_of("none", "pagefind")
SEARCH = FieldType("none, pagefind or a web address", {"anyOf": [_SEARCH_CHOICE.schema, WEB_ADDRESS.schema]}, _search)
PERSON_FIELDS = {
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
    record_of(Person, PERSON_FIELDS, "a person"),
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


def mix_name(name: str, mark: Mark, context: Context) -> None:
    if "/" in section_part_of(name, mark, context):
        context.refuse(
            Code.NO_COLLECTION, mark, f"{shown(name)} is no name of a mix; write one without slashes, such as quiet"
        )


_COLLECTION = FieldType("the name of a collection", SHORT_LINE.schema, _collection)
MIX = record_of(
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
SECTION = text_or(
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
