"""Notes on names in site.yaml, and in bylines, that lead to nothing."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..codes import Code
from ..collection import EVERYTHING
from ..errors import Fault
from ..folder.library import Contents
from ..folder.opening import THEME
from ..index import survey
from ..model import Entry
from ..parsing.nearness import is_one_slip_off
from ..parsing.quoting import listed, quoted
from ..settings import FILE, Settings
from ..theme import STYLE
from . import medianotes
from .sources import Sources

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ELSEWHERE = re.compile(
    r"(?P<style>@import\b)|(?P<font>@font-face\b)|(?P<picture>url\(\s*[\"']?(?:https?:)?//)", re.IGNORECASE
)
_OF_STYLE = {
    "style": "browsers pass over an @import here, for it stands behind our rules; copy what it names into this file",
    "font": "browsers load no font for pages of this site; name one that readers have, such as Georgia",
    "picture": "each reader's browser asks another site for this; put the picture into images/ and write its path",
}
_TWO = re.compile(r"([^\W\d_][^,&/]{0,60}?) (?:and|&|/) ([^\W\d_][^,&/]{0,60})")
# What stands before a name in print: in any language, and in some, for elsewhere it may be a name, as Von and Door are.
_BY = {"": "by|(?:words|text|reporting|story) by", "fr": "par", "es": "por", "pt": "por"}
_BYLINE = {language: re.compile(rf"({words}) +([^\W\d_]\D*\S)", re.IGNORECASE) for language, words in _BY.items()}
_SHORT = 4  # letters: two shorter names that differ in one are not near
_CUT = 3  # letters that are left of a key, at the least
_KEPT = 10_000  # names that are remembered


def of_site(contents: Contents, names: Mapping[str, str], sources: Sources) -> Iterator[Fault]:
    """The site's own pictures, where the folder lacks them; lists without articles that mixes name, and series without
    any. `names` are those of pictures, as medianotes.by_name.
    """
    settings = contents.settings
    for address in filter(None, (settings.icon, settings.publisher.logo)):
        path = settings.urls.own_path(address)
        if path and path not in contents.media:
            yield sources.note_on_text(
                Code.LOST_MEDIA, FILE, medianotes.missing(path, names), path.removeprefix("/"), path
            )
    for name, mix in settings.mixes.items():
        for key in (*mix.of, *mix.without):
            if key != EVERYTHING and not contents.edition.members((key,)).is_longer_than(0):
                written = key.removeprefix("section/")
                message = f"the mix {name} names {written}, and no article is there; is it a slip?"
                yield sources.note_on_text(Code.EMPTY_COLLECTION, FILE, message, written, field="mixes")
    for term in settings.series:
        if not contents.edition.members((f"tag/{term}",)).is_longer_than(0):
            message = f"no article has the tag {term}, so it is no series; is it a slip?"
            yield sources.note_on_text(Code.EMPTY_COLLECTION, FILE, message, "series")


def of_style(style: str) -> Iterator[Fault]:
    """What of the theme's stylesheet has no effect, or is fetched from elsewhere."""
    bare = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), style)
    for found in _ELSEWHERE.finditer(bare):
        line, column = bare.count("\n", 0, found.start()) + 1, found.start() - bare.rfind("\n", 0, found.start())
        message = _OF_STYLE[(found.lastgroup or "").lower()]
        yield Fault(f"{THEME}/{STYLE}", line, column, Code.STYLE_ELSEWHERE, message, column + len(found[0]))


class Bylines:
    """Bylines of articles beside the authors in site.yaml."""

    def __init__(self, settings: Settings, sources: Sources) -> None:
        names = [author.name for author in settings.authors.values()]
        self._keys = sorted(settings.authors)
        self._known = sorted({*settings.authors, *names, settings.publisher.name}) if settings.authors else []
        self._named = frozenset((*names, settings.publisher.name))
        self._sources = sources
        self._meant = lru_cache(_KEPT)(self._near)
        self._may_follow = lru_cache(_KEPT)(self._may_follow_from)

    def may_follow(self, people: str) -> bool:
        """Whether anything may be noted of an entry with these authors and contributors (survey.Glimpse.people)."""
        return self._may_follow(people)

    def _may_follow_from(self, people: str) -> bool:
        names = [name for name in survey.names_of(people) if name not in self._named]
        is_odd = any(pattern.fullmatch(name) for pattern in (_TWO, *_BYLINE.values()) for name in names)
        return is_odd or (bool(self._known) and any(map(self._meant, names)))

    def of_entry(self, entry: Entry) -> Iterator[Fault]:
        """Those that are a letter off from an author in site.yaml, or the beginning of a key; two names as one; and a
        name with what only print has before it.
        """
        for person in entry.authors:
            if (by := _by(person.name, entry.language)) and person.name not in self._named:
                message = f"readers see {quoted(by[1])} as a part of the name; write {listed(by[2])}"
                yield self._sources.note_on_text(Code.UNKNOWN_AUTHOR, entry.source, message, person.name)
                continue
            if (two := _TWO.fullmatch(person.name)) and person.name not in self._named:
                message = (
                    f"{quoted(person.name)} is one author here; for two write [{listed(two[1])}, {listed(two[2])}], "
                    "else name it under authors in site.yaml"
                )
                yield self._sources.note_on_text(Code.UNKNOWN_AUTHOR, entry.source, message, person.name)
        for person in (*entry.authors, *entry.contributors) if self._known else ():
            if person.email is None and person.url is None and (meant := self._meant(person.name)):
                message = f"{quoted(person.name)} is not among the authors of site.yaml; is `{meant}` meant?"
                if " ".join(person.name.split()) == meant:
                    message = f"a space in this name is no ordinary one, so it is another name; write {meant}"
                yield self._sources.note_on_text(Code.UNKNOWN_AUTHOR, entry.source, message, person.name)

    def _near(self, name: str) -> str:
        """The key, or the name, of an author in site.yaml that was probably meant; "" if none was."""
        if name in self._known:
            return ""
        near = next((one for one in self._known if _is_near(name.casefold(), one.casefold())), "")
        cut = [key for key in self._keys if _is_cut(name, key.casefold())]
        return near or (cut[0] if len(cut) == 1 else "")


def _by(name: str, language: str) -> re.Match[str] | None:
    """A name behind the words with which a byline begins in print."""
    patterns = (_BYLINE[""], _BYLINE.get(language.partition("-")[0], _BYLINE[""]))
    return next((found for pattern in patterns if (found := pattern.fullmatch(name))), None)


def _is_near(one: str, known: str) -> bool:
    """Whether a name is a known one, or is but for one letter."""
    if one == known:
        return True
    return len(known) >= _SHORT and len(one) >= _SHORT and is_one_slip_off(one, known)


def _is_cut(one: str, key: str) -> bool:
    """Whether a name in small letters is a key that lacks its end, or a short key without one of its letters."""
    is_word = len(one) >= _CUT and one == one.casefold() and " " not in one
    return is_word and (key.startswith(one) or (len(one) < len(key) == _SHORT and is_one_slip_off(one, key)))
