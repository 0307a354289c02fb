"""What a site is called and how it is published, as values. parsing/sitefile.py makes them of site.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .model import Person
from .urls import Urls

FILE = "site.yaml"
_UTC = ZoneInfo("UTC")
PREVIEW_BASE = "http://127.0.0.1:8000"  # where links point while nobody has said where the site will stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who answers for the site; the author of an entry that names none."""

    name: str = ""
    email: str | None = None
    url: str | None = None
    logo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What site.yaml says. `window` is the number of articles a feed holds at least, `ping` whether a server tells the
    hub of changes, `purge` the caches in front that it tells before.
    """

    title: str
    description: str
    id: str | None = None
    base_url: str | None = None
    language: str = "en"
    timezone: ZoneInfo = _UTC
    publisher: Publisher = Publisher()
    authors: Mapping[str, Person]
    sections: Mapping[str, Section]
    window: int = 50
    hub: str | None = None
    ping: bool = False
    purge: tuple[str, ...] = ()
    rights: str | None = None
    icon: str | None = None

    @property
    def urls(self) -> Urls:
        return Urls(self.base_url or PREVIEW_BASE)

    @property
    def site_id(self) -> str:
        """What the site is called for ever (RFC 4287 4.2.6). `id` keeps it when the site moves to another base_url."""
        return self.id or self.urls.absolute("/")
