"""The settings of a site, as values. parsing/sitefile.py makes them of site.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from .model import Person
from .terms import section_part
from .theme import Theme
from .urls import Urls
from .words import Own, Words

FILE = "site.yaml"
_UTC = ZoneInfo("UTC")
PREVIEW_BASE = "http://127.0.0.1:8000"  # the base of links while base_url is not set


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMix:
    """A mix with an address of its own. `of` and `without` are keys of collections."""

    of: tuple[str, ...]
    without: tuple[str, ...] = ()
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The publisher of the site, who is also the author of every entry that names none."""

    name: str = ""
    email: str | None = None
    url: str | None = None
    logo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of site.yaml. `mixes` are by the part of their address.

    `series` are the terms of the tags whose articles are numbered parts. `window` is the least number of articles in a
    feed. `archives` says which collections have archives in an export: none, all, or sections and everything; with a
    server all have, or none. With `ping` a server notifies the hub of changes. Before that it purges the changed paths
    from the caches in `purge`, which stand in front of the site. `own_words` are messages in the site's own words.
    `robots` are lines for robots.txt. `frames` says on whose pages the site's may be shown: none, self, any. `search`
    says who answers a search: "none", "pagefind" in an export, a "server" for its own site, or the page at this
    address. With `typographer` and `math` Markdown has typographic quotation marks, and formulas between dollar signs.
    """

    title: str
    description: str
    id: str | None = None
    base_url: str | None = None
    language: str = "en"
    own_words: Own = ()
    timezone: ZoneInfo = _UTC
    publisher: Publisher = Publisher()
    authors: Mapping[str, Person]
    sections: Mapping[str, Section]
    mixes: Mapping[str, NamedMix] = field(default_factory=dict)
    series: tuple[str, ...] = ()
    window: int = 50
    archives: str = "sections"
    hub: str | None = None
    ping: bool = False
    purge: tuple[str, ...] = ()
    robots: str = ""
    frames: str = "none"
    typographer: bool = False
    math: bool = False
    rights: str | None = None
    icon: str | None = None
    theme: Theme = field(default_factory=Theme)
    search: str = "none"

    @property
    def section_parts(self) -> Mapping[str, str]:
        """The names in `sections` by their parts of an address (terms.section_part), in the order of site.yaml."""
        return _parts(tuple(self.sections))

    @property
    def of_server(self) -> "Settings":
        """The settings as a server uses them: what is drawn only when it is asked for costs nothing before."""
        return replace(self, archives="none" if self.archives == "none" else "all", search="server")

    @property
    def words(self) -> Words:
        return Words(self.language, self.timezone, self.own_words)

    @property
    def urls(self) -> Urls:
        return Urls(self.base_url or PREVIEW_BASE)

    @property
    def site_id(self) -> str:
        """The permanent id of the site (RFC 4287 4.2.6). A site with an `id` keeps it when its base_url changes."""
        return self.id or self.urls.absolute("/")


@lru_cache(16)  # asked for with each article
def _parts(names: tuple[str, ...]) -> Mapping[str, str]:
    return {section_part(name): name for name in names}
