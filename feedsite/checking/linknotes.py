"""Notes on links within the site that lead nowhere: to no page, or to no such place on an article's page."""

import html
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from urllib.parse import unquote

from .. import mixes, urls
from ..errors import Fault
from ..folder.library import Contents
from ..index import survey
from ..model import Entry
from ..plan import Plan
from .sources import MOST, Sources

_ID = re.compile(r' id="([^"]*)"')
_KEPT = 100_000  # links that are remembered, for the same ones come again and again
_NEAR = 1000  # articles whose ids are


class Links:
    """The links of articles, at one moment. A link to a scheduled article is none to a page that is missing."""

    def __init__(self, contents: Contents, plan: Plan, sources: Sources) -> None:
        self._index = contents.edition.index
        self._urls = contents.settings.urls
        self._plan = plan
        self._sources = sources
        self._own = f' href="{html.escape(self._urls.base)}/'  # splitting by it takes a third of a regex's time
        self._why = lru_cache(_KEPT)(self._fault)
        self._ids_of = lru_cache(_NEAR)(self._ids)

    def of_entry(self, entry: Entry) -> Iterator[Fault]:
        """A note on each link that leads nowhere, once; on sources.MOST at most."""
        return islice(self._of_entry(entry), MOST)

    def _of_entry(self, entry: Entry) -> Iterator[Fault]:
        links = dict.fromkeys(behind.partition('"')[0] for behind in entry.body.split(self._own)[1:])
        for link in links:
            if message := self._why(link):
                path, fragment = self._parts(link)
                behind = f"#{fragment}" if fragment else ""
                written = f"/{html.unescape(link)}"
                texts = [self._urls.base + written, written, f"{path}{behind}", path]
                texts += [behind] if behind and path == entry.path else []
                yield self._sources.note_on_text(entry.source, message, *texts, field="body")

    def _parts(self, link: str) -> tuple[str, str]:
        """The path and the fragment of an address, of which `link` is what stands in HTML behind the base and a /."""
        address = html.unescape(f"{self._urls.base}/{link}")
        return self._urls.own_path(address) or urls.HOME, unquote(address.partition("#")[2])

    def _fault(self, link: str) -> str:
        """Why a link leads nowhere; "" if it does not."""
        path, fragment = self._parts(link)
        number = survey.article_at(self._index, path) or survey.article_at(self._index, urls.other_slash(path))
        if number is None:
            return "" if self._is_there(path) else self._missing(path)
        if fragment in ("", "top") or fragment.startswith(":~:") or fragment in self._ids_of(number):
            return ""
        return f"the link to {path}#{fragment} leads to that page's beginning, for nothing there has the id {fragment}"

    def _is_there(self, path: str) -> bool:
        if self._plan.collections.at_folder(path):  # found sooner than all that its page shows
            return True
        if path.startswith(mixes.FOLDER):
            return self._plan.mix(path) is not None
        single = urls.single_slashes(path)
        return any(self._plan.at(each) for each in (path, single, urls.other_slash(single)))

    def _missing(self, path: str) -> str:
        if draft := self._drafts.get(path.rstrip("/")):
            return f"the link to {path} leads nowhere: {draft} is a draft"
        message = f"the link to {path} leads nowhere, for nothing of this site stands there"
        near = self._addresses.get(_words(path), [])
        return f"{message}; is {near[0]} meant?" if len(near) == 1 else message

    @cached_property
    def _drafts(self) -> dict[str, str]:
        """By its address-to-be, the file of each draft."""
        return {address.rstrip("/"): source for address, source in survey.drafts(self._index)}

    @cached_property
    def _addresses(self) -> dict[str, list[str]]:
        """The addresses of all articles, by their words."""
        found: dict[str, list[str]] = {}
        for address in survey.addresses(self._index):
            found.setdefault(_words(address), []).append(address)
        return found

    def _ids(self, number: int) -> frozenset[str]:
        return frozenset(map(html.unescape, _ID.findall(self._index.entry(number).body)))


def _words(path: str) -> str:
    """The last part of an address, as it would be made of a file's name or title."""
    return urls.slug_of(path.rstrip("/").rpartition("/")[2].removesuffix(".html"))
