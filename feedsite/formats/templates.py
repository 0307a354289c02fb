"""HTML templates, and the static files beside them. The door to Jinja for our own (sandbox.py is that for a theme's).

Jinja escapes every value where it is printed. Only HTML that `safe` marks goes in as it is: an article's body, which
markup.py has sanitised, and what these templates printed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, meta, nodes
from markupsafe import Markup

from .. import mixes, urls
from ..collection import Collection, path_of
from ..document import Document
from ..errors import Fault
from ..languages import direction, own_name
from ..model import Category
from ..terms import term

_STATIC = {
    urls.STYLE: "text/css",
    urls.FEED_STYLE: "text/css",
    urls.SCRIPT: "text/javascript",
    urls.SEARCH_SCRIPT: "text/javascript",
}

_COMMENT, _AROUND, _BEHIND = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s*([{};>/~])\s*"), re.compile("([:,]) ")

_environment = Environment(
    loader=PackageLoader("feedsite"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # else each page asks eight times whether a template has changed since
)


class Templates:
    """Our templates: what a site draws with. That of a site with a theme has the theme's before them (themed.py).

    `is_tried`: pages of each kind were drawn already, so that most of what is wrong is known.
    """

    is_tried = True

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with templates of the theme, as far as it was met."""
        return ()

    @property
    def notes(self) -> tuple[Fault, ...]:
        """What was probably not meant in the theme."""
        return ()

    def render(self, template: str, /, **values: Any) -> str:
        return _environment.get_template(template).render(**values)

    def macro(self, template: str, macro: str, /, *values: Any) -> str:
        """What a macro of a template prints."""
        return str(getattr(_environment.get_template(template).module, macro)(*values))


OURS = Templates()


def sources() -> dict[str, str]:
    """The texts of our templates by name."""
    return {
        path.name: path.read_text("utf-8")
        for path in (files("feedsite") / "templates").iterdir()
        if path.name.endswith(".html")
    }


@cache
def references() -> dict[str, frozenset[str]]:
    """The names of the templates that each of ours refers to."""
    found = {name: meta.find_referenced_templates(parsed(text)) for name, text in sources().items()}
    return {name: frozenset(filter(None, names)) for name, names in found.items()}


def parsed(text: str) -> nodes.Template:
    """The text of a template as a tree."""
    return _environment.parse(text)


def safe(html: str) -> str:
    """HTML in which every value is escaped already: a template prints it as it is."""
    return Markup(html)  # noqa: S704  # each caller passes what a template or jsonld.py has escaped


@cache
def static() -> dict[str, Document]:
    """Style and script of every site, by path."""
    folder = files("feedsite") / "static"
    found = {path: (folder / path.rpartition("/")[2]).read_text("utf-8") for path in _STATIC}
    found[urls.STYLE] = compact(found[urls.STYLE])
    return {path: Document(found[path].encode(), f"{kind}; charset=utf-8") for path, kind in _STATIC.items()}


def compact(style: str) -> str:
    """Our stylesheet without comments and needless spaces. (law: tests/test_pages.py)"""
    style = _COMMENT.sub("", style)
    style = _AROUND.sub(r"\1", style).replace(";}", "}")
    return _BEHIND.sub(r"\1", style)


def _absolute(path: str, site: urls.Urls) -> str:
    return site.absolute(path)


def _href(path: str, site: urls.Urls, query: str = "") -> str:
    return site.href(path, query)


def _local(address: str, site: urls.Urls) -> str:
    return site.local(address)


def _author_path(name: str) -> str:
    return path_of(f"author/{term(name)}")


def _category_path(category: Category) -> str:
    return path_of(f"{category.scheme}/{category.term}")


def _month_path(day: date) -> str:
    return path_of(f"date/{day.year:04}/{day.month:02}")


def _language_path(language: str) -> str:
    return path_of(f"language/{language.lower()}")


def _mix_name(collection: Collection) -> str:
    """Its name in the address of a mix; "" for a mix itself, which has none."""
    is_mix = collection.without or collection.of != (collection.key,)
    return "" if is_mix else mixes.name_of(collection.key)


def _is_foreign(language: str, ours: str) -> bool:
    """Whether readers of one language do not read the other: not so of en and en-GB."""
    return language.partition("-")[0] != ours.partition("-")[0] or direction(language) != direction(ours)


def _playing_time(seconds: int) -> str:
    """31:05, or 1:02:03 for more than an hour."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


# Filters, also where a method would do: a template calls a filter several times as fast.
FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "absolute": _absolute,
        "author_path": _author_path,
        "category_path": _category_path,
        "direction": direction,
        "host": _host,
        "href": _href,
        "language_name": own_name,
        "language_path": _language_path,
        "local": _local,
        "month_path": _month_path,
        "is_foreign": _is_foreign,
        "iso": datetime.isoformat,
        "mix_name": _mix_name,
        "playing_time": _playing_time,
        "seconds": datetime.timestamp,
    }
)
_environment.filters.update(FILTERS)
