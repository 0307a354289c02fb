"""site.yaml and the environment, as Settings. FEEDSITE_TITLE, FEEDSITE_BASE_URL and their like win over the file."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import Fault, Faults
from ..model import Person, forbidden
from ..settings import FILE, Publisher, Section, Settings
from . import nodes
from .complaints import shown
from .fieldtypes import (
    Context,
    Invalid,
    address,
    email,
    iri,
    language,
    line,
    listed,
    positive_number,
    short_line,
    truth,
    web_address,
)
from .nodes import Mark, Node, Scalar
from .record import Field, built, keyed, record

_UTC = ZoneInfo("UTC")
# Set by `feedsite serve`, for its workers alone: where it listens, and whether it began without a base_url.
ADDRESS, PREVIEW = "_FEEDSITE_ADDRESS", "_FEEDSITE_PREVIEW"


def read(content: bytes, environment: Mapping[str, str]) -> tuple[Settings, tuple[Fault, ...]]:
    """The settings and the notes on them. Raises Faults where anything is wrong."""
    root, faults = nodes.parse(content, FILE)
    if root is None:
        raise Faults(faults)
    context = Context(FILE, _UTC, faults)
    said = {name: _variable(name) for name in _SCALARS if environment.get(_variable(name))}
    table = {name: row for name, row in _FIELDS.items() if name not in said}
    in_file = nodes.Mapping(tuple(named for named in root.fields if named.name not in said), root.mark)
    values = {"authors": {}, "sections": {}} | record(in_file, table, context, "site.yaml")
    for name, variable in said.items():
        of_variable = Context(variable, _UTC)
        with suppress(Invalid):
            if control := forbidden(environment[variable]):
                of_variable.refuse(Mark(0, 0), f"it holds the control character U+{ord(control[0]):04X}; take it out")
            values[name] = _FIELDS[name].kind(Scalar(environment[variable], Mark(0, 0)), of_variable)
        faults.extend(of_variable.faults)
    if context.is_faulty:
        raise Faults(sorted(faults))
    settings = Settings(**values)
    if settings.ping and (lacking := [name for name in ("hub", "base_url") if name not in values]):
        mark = next((named.mark for named in in_file.fields if named.name == "ping"), Mark(0, 0))
        lines = " and ".join(f"`{name}: {_FIELDS[name].example}`" for name in lacking)
        message = f"so far no hub is told of changes; add {lines}"
        faults.append(Fault(said.get("ping", FILE), mark.line, mark.column, message, is_note=True))
    if settings.base_url is None and (address := environment.get(ADDRESS)):
        settings = replace(settings, base_url=address, ping=False)  # a hub could fetch nothing from there
    urls, publisher = settings.urls, settings.publisher
    logo = urls.resolve(publisher.logo) if publisher.logo else None
    settings = replace(
        settings,
        publisher=replace(publisher, name=publisher.name or settings.title, logo=logo),
        icon=urls.resolve(settings.icon) if settings.icon else None,
    )
    return settings, tuple(faults)


def overrides(environment: Mapping[str, str]) -> dict[str, str]:
    """What the environment says in the place of site.yaml. To a server that began without a base_url this is its own
    address too: no other process has the same links in its articles.
    """
    told = {name: environment[_variable(name)] for name in _SCALARS if environment.get(_variable(name))}
    return told | ({"address": environment[ADDRESS]} if environment.get(PREVIEW) else {})


def _variable(name: str) -> str:
    return f"FEEDSITE_{name.upper()}"


def _base_url(node: Node, context: Context) -> str:
    value = web_address(node, context).rstrip("/")
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
    """Web addresses. In a variable of the environment, which knows no lists, spaces or commas stand between them."""
    if isinstance(node, Scalar):
        words = node.text.replace(",", " ").split()
        node = nodes.Sequence(tuple(Scalar(word, node.mark) for word in words), node.mark)
    addresses: tuple[str, ...] = listed(web_address)(node, context)
    return tuple(address.rstrip("/") for address in addresses)


def _timezone(node: Node, context: Context) -> ZoneInfo:
    value = short_line(node, context)
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        context.refuse(node.mark, f"{shown(value)} is not a time zone; write one such as Europe/Berlin or Asia/Taipei")


def person(node: Node, context: Context) -> Any:
    if not isinstance(node, Scalar):
        return _person_fields(node, context)
    name = short_line(node, context)
    if found := re.fullmatch(r"([^<>]+?) *<([^<>]+@[^<>]+)>", name):
        context.refuse(node.mark, f"a name with an e-mail address is written {{name: {found[1]}, email: {found[2]}}}")
    return Person(name=name)


def _section(node: Node, context: Context) -> Any:
    return Section(title=short_line(node, context)) if isinstance(node, Scalar) else _section_fields(node, context)


_PERSON = {
    "name": Field(short_line, "Mina Sato", is_required=True),
    "email": Field(email, "sato@news.example", synonyms=("mail",)),
    "url": Field(web_address, "https://news.example/sato", synonyms=("uri", "link", "web", "homepage", "site")),
}
_person_fields = built(Person, _PERSON, "a person")
_section_fields = built(
    Section,
    {
        "title": Field(short_line, "World", is_required=True, synonyms=("name", "label")),
        "description": Field(line, "What happens abroad.", synonyms=("summary",)),
    },
    "a section",
)
_FIELDS = {
    "title": Field(line, "The Meridian", is_required=True, synonyms=("name", "sitename")),
    "description": Field(
        line, "World news, set plainly.", is_required=True, synonyms=("subtitle", "tagline", "summary")
    ),
    "id": Field(iri, "https://news.example/"),
    "base_url": Field(_base_url, "https://news.example", synonyms=("url", "siteurl", "link", "address", "domain")),
    "language": Field(language, "en", synonyms=("lang", "locale")),
    "timezone": Field(_timezone, "Europe/Berlin", synonyms=("tz", "zone")),
    "publisher": Field(
        built(
            Publisher,
            {
                **_PERSON,
                "name": Field(short_line, "The Meridian"),
                "logo": Field(address, "images/logo.svg", synonyms=("image",)),
            },
            "publisher",
        ),
        "{name: The Meridian}",
        synonyms=("owner", "organisation", "organization"),
    ),
    "authors": Field(
        keyed(person, "sato: {name: Mina Sato}"),
        "{sato: {name: Mina Sato}}",
        synonyms=("author", "people", "writers"),
    ),
    "sections": Field(
        keyed(_section, "world: {title: World}"),
        "{world: {title: World}}",
        synonyms=("section", "categories", "category"),
    ),
    "window": Field(positive_number, "50", synonyms=("limit", "count", "size", "items", "entries")),
    "hub": Field(web_address, "https://hub.example/", synonyms=("websub", "pubsubhubbub")),
    "ping": Field(truth, "true", synonyms=("notify", "announce", "publish")),
    "purge": Field(_caches, "[http://127.0.0.1:6081]", synonyms=("caches", "cache", "varnish", "proxies", "proxy")),
    "rights": Field(line, "© 2026 The Meridian", synonyms=("copyright", "license", "licence")),
    "icon": Field(address, "images/icon.png", synonyms=("favicon",)),
}
_SCALARS = tuple("title description id base_url language timezone window hub ping purge rights icon".split())
