"""The places in an article that links lead to: their ids, and how they differ from those of the page around it."""

import html
import re

OF_THE_PAGE = "page__"  # how the ids in feedsite/templates/ begin
_INSTEAD = "text-"
_ID = re.compile(r' id="([^"]*)"')
_NAMED = re.compile(r'<a(?= )([^>]*) name="([^"]*)"([^>]*)>')


def own(name: str) -> str:
    """The id of a place in an article: as it is written, but never one of the page."""
    return f"{_INSTEAD}{name}" if name.startswith(OF_THE_PAGE) else name


def ids(body: str) -> set[str]:
    """The ids in an article's HTML."""
    return set(map(html.unescape, _ID.findall(body))) if ' id="' in body else set()


def with_ids(clean: str) -> str:
    """Sanitised HTML in which <a name="x"> is <a id="x">."""
    return _NAMED.sub(_with_id, clean) if ' name="' in clean else clean


def _with_id(found: re.Match[str]) -> str:
    before, name, behind = found.groups()
    has_one = ' id="' in before or ' id="' in behind
    return f"<a{before}{behind}>" if has_one or not name else f'<a{before} id="{name}"{behind}>'


class Names:
    """The ids of one article that are taken: those in `taken`, to which the new ones are added."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._latest: dict[str, int] = {}  # the last number behind each name

    def keep(self, name: str) -> None:
        """Takes an id as an author wrote it, also one that is taken."""
        self._taken.add(name)

    def new(self, name: str) -> str:
        """An id that is not taken, and is from now on: the name itself, or with a number. "" for no name."""
        free = name = own(name)
        while name and free in self._taken:
            self._latest[name] = number = self._latest.get(name, 0) + 1
            free = f"{name}-{number}"
        self._taken.add(free)
        return free
