"""Notes on names in site.yaml, and in bylines, that lead to nothing."""

from collections.abc import Iterator
from functools import lru_cache

from ..collection import EVERYTHING
from ..errors import Fault
from ..folder.library import Contents
from ..model import Entry
from ..parsing.quoting import quoted
from ..settings import FILE, Settings
from . import medianotes
from .sources import Sources

_SHORT = 4  # letters: two shorter names that differ in one are not near
_KEPT = 10_000  # names that are remembered


def of_site(contents: Contents, sources: Sources) -> Iterator[Fault]:
    """The site's own pictures, where the folder lacks them; and lists without articles that mixes name."""
    settings = contents.settings
    for address in filter(None, (settings.icon, settings.publisher.logo)):
        path = settings.urls.own_path(address)
        if path and path not in contents.media:
            yield sources.note_on_text(FILE, medianotes.missing(path), path.removeprefix("/"), path)
    for name, mix in settings.mixes.items():
        for key in (*mix.of, *mix.without):
            if key != EVERYTHING and not contents.edition.members((key,)).is_longer_than(0):
                written = key.removeprefix("section/")
                message = f"the mix {name} names {written}, and no article is there; is it a slip?"
                yield sources.note_on_text(FILE, message, written, field="mixes")


class Bylines:
    """Bylines of articles beside the authors in site.yaml."""

    def __init__(self, settings: Settings, sources: Sources) -> None:
        names = (author.name for author in settings.authors.values())
        self._known = sorted({*settings.authors, *names, settings.publisher.name}) if settings.authors else []
        self._sources = sources
        self._meant = lru_cache(_KEPT)(self._near)

    def of_entry(self, entry: Entry) -> Iterator[Fault]:
        """Those that are a letter off from an author in site.yaml."""
        for person in (*entry.authors, *entry.contributors) if self._known else ():
            if person.email is None and person.url is None and (meant := self._meant(person.name)):
                message = f"{quoted(person.name)} is not among the authors of site.yaml; is `{meant}` meant?"
                yield self._sources.note_on_text(entry.source, message, person.name)

    def _near(self, name: str) -> str:
        """The key, or the name, of an author in site.yaml that was probably meant; "" if none was."""
        if name in self._known:
            return ""
        return next((one for one in self._known if _is_near(name.casefold(), one.casefold())), "")


def _is_near(one: str, other: str) -> bool:
    """Whether two names are the same, or are but for one letter."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORT or abs(len(one) - len(other)) > 1:
        return False
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    same = next(differing, min(len(one), len(other)))
    one, other = one[same:], other[same:]
    is_moved = one[:2] == other[1::-1] and one[2:] == other[2:]
    return is_moved or one[1:] == other[1:] or one[1:] == other or one == other[1:]
