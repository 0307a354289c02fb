"""Notes on links within the site that lead nowhere: to no page, or to no such place on an article's page."""

import html
import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import NamedTuple
from urllib.parse import unquote

from .. import filelinks, mixes, urls
from ..codes import Code
from ..editing.changes import in_words
from ..errors import Fault
from ..folder.library import Contents
from ..index import survey
from ..model import NEVER, Entry
from ..parsing.madeentry import DAY
from ..parsing.nearness import is_one_slip_off
from ..parsing.quoting import quoted
from ..plan import Plan
from .sources import MOST, Sources

_ID = re.compile(r' id="([^"]*)"')
_KEPT = 100_000  # links that are remembered, for the same ones come again and again
_NEAR = 1000  # articles whose ids are
_LEAST = 4  # letters of an address's last words for which one that is a slip off is proposed
_LONGEST = 200  # letters of a link for which another one is proposed
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HOST = re.compile(r"www\.[\w-]|[\w-]{1,63}(?:\.[\w-]{1,63})*\.(?:com|org|net|edu|gov|info|de|fr|jp|io|eu|uk)(?:/|$)")
_NO_COLON = re.compile("https?;?//+")
_SCHEME = re.compile("(?!https?://)h{0,2}t{1,3}ps{0,2}[:;]")  # of a web address, or nearly
_MARKS = "“”„‟«»‘’‚＂"
_FILES = ("yaml", "yml", "md", "markdown")  # endings of articles' files, here and elsewhere


class _Why(NamedTuple):
    """Why a link leads nowhere, as the end of a message, and what may be meant.

    `is_unknown`: no page of the site, and no draft, has such an address. `until` is the moment at which the link leads
    somewhere.
    """

    code: Code
    reason: str
    advice: str = ""
    is_unknown: bool = False
    until: datetime = NEVER


class Links:
    """The links of articles, at the moment `now`. A link to a scheduled article is none to a page that is missing; one
    that names its file puts its address into a text that may be public before it.
    """

    def __init__(self, contents: Contents, plan: Plan, sources: Sources, now: datetime) -> None:
        self._now = now
        self._settings = contents.settings
        self._index = contents.edition.index
        self._urls = contents.settings.urls
        self._plan = plan
        self._sources = sources
        self._own = f' href="{html.escape(self._urls.base)}/'  # splitting by it takes a third of a regex's time
        self._why = lru_cache(_KEPT)(self._fault)
        self._ids_of = lru_cache(_NEAR)(self._ids)

    def may_follow(self, body: str) -> bool:
        """Whether an article's HTML has links within the site, so that anything may be noted of it."""
        return self._own in body

    def of_entry(self, entry: Entry) -> Iterator[Fault]:
        """A note on each link that leads nowhere, once; on sources.MOST at most."""
        return islice(self._of_entry(entry), MOST)

    def _of_entry(self, entry: Entry) -> Iterator[Fault]:
        links = dict.fromkeys(behind.partition('"')[0] for behind in entry.body.split(self._own)[1:])
        for link in links:
            if not (why := self._why(link)):
                continue
            path, fragment = self._parts(link)
            behind = f"#{fragment}" if fragment else ""
            address = html.unescape(f"{self._urls.base}/{link}")
            if why.code is Code.EARLY_ADDRESS:
                yield from self._early(entry, address, why)
            elif reference := self._sources.references(entry, self._urls).get(address):
                written = reference.written
                if _SCHEME.match(written):
                    continue  # the article's own text has a note on it (parsing/lostmarkup)
                named = written if "/" in written else quoted(written)
                meant = self._meant(written, entry.source) if why.is_unknown else ""
                advice = meant or why.advice
                yield self._sources.note_at(
                    why.code, entry.source, f"the link to {named} {why.reason}{advice}", reference
                )
            else:
                message = f"the link to {path}{behind} {why.reason}{why.advice}"
                texts = address, f"/{html.unescape(link)}", f"{path}{behind}", path
                yield self._sources.note_on_text(why.code, entry.source, message, *texts, field="body")

    def _early(self, entry: Entry, address: str, why: _Why) -> Iterator[Fault]:
        """A note on a link by its file to an article that appears later than this one does."""
        reference = self._sources.references(entry, self._urls).get(address)
        if entry.published < why.until and reference and filelinks.file_of(reference.written, entry.source):
            message = f"the link to {quoted(reference.written)} {why.reason}{why.advice}"
            yield self._sources.note_at(why.code, entry.source, message, reference)

    def _meant(self, written: str, source: str) -> str:
        """What to write instead of a link that lacks its scheme, or that names a file of entries/; else ""."""
        if len(written) > _LONGEST:
            return ""
        if _MAIL.fullmatch(written):
            return f"; write mailto:{written}"
        if _HOST.match(written):
            return f"; write https://{written}"
        if found := _NO_COLON.match(written):
            return f"; write https://{written[found.end() :]}"
        if written[0] in _MARKS:
            return f'; straight quotation marks belong around an address: "{written.strip(_MARKS)}"'
        name, _, fragment = written.partition("#")
        stem, dot, ending = name.rpartition(".")
        if dot and ending in _FILES:
            folder = source.rpartition("/")[0]
            for path in (posixpath.normpath(f"{folder}/{stem}"), f"entries/{stem.rpartition('/')[2]}"):
                for one in ("yaml", "yml"):
                    if address := survey.address_of(self._index, f"{path}.{one}"):
                        return f"; write {address}{fragment and f'#{fragment}'}"
        return ""

    def _parts(self, link: str) -> tuple[str, str]:
        """The path and the fragment of an address, of which `link` is what stands in HTML behind the base and a /."""
        address = html.unescape(f"{self._urls.base}/{link}")
        return self._urls.own_path(address) or urls.HOME, unquote(address.partition("#")[2])

    def _fault(self, link: str) -> _Why | None:
        """Why a link leads nowhere; None if it does not."""
        path, fragment = self._parts(link)
        number = survey.article_at(self._index, path) or survey.article_at(self._index, urls.other_slash(path))
        if number is None:
            return None if self._is_there(path) else self._missing(path)
        if until := self._scheduled.get(number):
            reason = f"shows its address to readers, who find nothing there until {in_words(until, self._settings)}"
            return _Why(Code.EARLY_ADDRESS, reason, "; take the link out until then", until=until)
        if fragment in ("", "top") or fragment.startswith(":~:") or fragment in self._ids_of(number):
            return None
        return _Why(Code.LOST_FRAGMENT, f"leads to that page's beginning, for nothing there has the id {fragment}")

    def _is_there(self, path: str) -> bool:
        if self._plan.collections.at_folder(path):  # found sooner than all that its page shows
            return True
        if path.startswith(mixes.FOLDER):
            return self._plan.unlisted.mix(path) is not None
        single = urls.single_slashes(path)
        return any(self._plan.at(each) for each in (path, single, urls.other_slash(single)))

    def _missing(self, path: str) -> _Why:
        if file := filelinks.file_at(path):
            return self._missing_file(file)
        if draft := self._drafts.get(path.rstrip("/")):
            return _Why(Code.LOST_LINK, f"leads nowhere: {draft} is a draft")
        near = self._near(path)
        advice = f"; is {near} meant?" if near else ""
        return _Why(Code.LOST_LINK, "leads nowhere, for nothing of this site stands there", advice, is_unknown=True)

    def _near(self, path: str) -> str:
        """The one address that has the same last words elsewhere, or is one slip off in the same folder; else ""."""
        words = _words(path)
        for same in (words, DAY.sub("", words).lstrip("-")):
            if len(near := self._addresses.get(same, [])) == 1:
                return near[0]
        folder = path.rstrip("/").rpartition("/")[0]
        above = folder.rpartition("/")[0]  # of a link that was written without ../
        for there in (self._folders.get(folder, []), self._folders.get(above, [])) if len(words) >= _LEAST else ():
            if len(near := [one for one in there if is_one_slip_off(words, _words(one))]) == 1:
                return near[0]
        return ""

    def _missing_file(self, file: str) -> _Why:
        """Why a link to an article by its file leads nowhere."""
        if file in self._drafts.values():
            return _Why(Code.LOST_LINK, f"leads nowhere: {file} is a draft")
        if file in self._files:
            return _Why(Code.LOST_LINK, f"leads nowhere: {file} is not published")
        near = get_close_matches(file, self._files, 1)
        advice = f"; is {near[0]} meant?" if near else ""
        return _Why(Code.LOST_LINK, f"leads nowhere, for there is no {file}", advice)

    @cached_property
    def _files(self) -> dict[str, None]:
        """All files of articles and pages."""
        return dict.fromkeys(survey.sources(self._index))

    @cached_property
    def _drafts(self) -> dict[str, str]:
        """By its address-to-be, the file of each draft."""
        return {address.rstrip("/"): source for address, source in survey.drafts(self._index)}

    @cached_property
    def _scheduled(self) -> dict[int, datetime]:
        """By their numbers, when those articles appear that nobody sees yet."""
        return survey.scheduled(self._index, self._now)

    @cached_property
    def _addresses(self) -> dict[str, list[str]]:
        """The addresses of all articles, by their words."""
        found: dict[str, list[str]] = {}
        for address in survey.addresses(self._index):
            found.setdefault(_words(address), []).append(address)
        return found

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """The same addresses, and those of sections, by their folders."""
        found: dict[str, list[str]] = {}
        sections = [f"/{part}/" for part in self._settings.section_parts]
        for address in dict.fromkeys((*chain.from_iterable(self._addresses.values()), *sections)):
            found.setdefault(address.rstrip("/").rpartition("/")[0], []).append(address)
        return found

    def _ids(self, number: int) -> frozenset[str]:
        return frozenset(map(html.unescape, _ID.findall(self._index.entry(number).body)))


def _words(path: str) -> str:
    """The last part of an address, as it would be made of a file's name or title."""
    return urls.slug_of(path.rstrip("/").rpartition("/")[2].removesuffix(".html"))
