"""Collections: the named lists of articles that a site has. KINDS has a row for each kind of them.

A Collection is a value (RFC 5023 has the word). Each has every service, and no service knows any by name: a page with
further pages, feeds in every format, archives, a line where feeds are listed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from . import languages
from .model import NEVER, Entry
from .notices import notice, notices_of
from .terms import term
from .words import ENGLISH, Words, message

EVERYTHING, CORRECTIONS = "everything", "corrections"
# The articles with a pin, as the index keeps them: no collection that anybody can ask for.
PINNED = "pinned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """`key` is its name in the index, such as tag/rail, and `path` the address of its page, such as /tag/rail/.

    `is_described` where site.yaml gives the description. `id` is permanent (RFC 4287 4.2.6). The collection has the
    items of each one in `of`, by their keys, without those of each in `without`: only a mix has several of the former,
    or any of the latter. `query` is what a search is of, as its addresses have it; a search has no members of its own.
    """

    key: str
    path: str
    title: str
    description: str
    language: str
    id: str
    is_described: bool = False
    of: tuple[str, ...]
    without: tuple[str, ...] = ()
    query: str = ""
    is_notified: bool = True  # the hub and the caches are, of its changes; not of mixes that site.yaml does not name


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of collections. Of each, the key is `name/part` and the path `folder` and the part; a part may be "".

    `names` gives the parts for an entry, each with what the entry calls it. `about` is the sentence that describes a
    collection of this kind, with the site's title and that name. `heading` stands above them where a site's feeds are
    listed; without one they are not. These two and `title` are messages.
    """

    name: str
    folder: str
    parts: re.Pattern[str]
    about: str
    names: Callable[[Entry], Iterable[tuple[str, str]]]
    heading: str = ""
    title: str = ""  # of the only collection of its kind
    titled: Callable[[str, Words], str] = lambda name, _: name  # what a name is called in titles
    is_archived: bool = False  # in an export, unless site.yaml says otherwise

    def key(self, part: str) -> str:
        return f"{self.name}/{part}" if part else self.name


def _sections(entry: Entry) -> Iterable[tuple[str, str]]:
    """Its section, and those that it lies in."""
    if entry.section is None:
        return
    parts, labels = entry.section.term.split("/"), entry.section.label.split("/")
    for count in range(1, len(parts)):
        label = "/".join(labels[:count]) if len(labels) == len(parts) else parts[count - 1].replace("-", " ")
        yield "/".join(parts[:count]), label
    yield entry.section.term, entry.section.label


def _dates(entry: Entry) -> Iterable[tuple[str, str]]:
    """Its year and its month, which are those of its address."""
    year = f"{entry.day.year:04}"
    yield year, year
    month = f"{year}/{entry.day.month:02}"
    yield month, month


def _date_titled(part: str, words: Words) -> str:
    """July 2021 for 2021/07"""
    year, _, month = part.partition("/")
    return words.month(date(int(year), int(month), 1)) if month else words.year(int(year))


_ALONE, _NAME, _NAMES = re.compile(""), re.compile("[^/]+"), re.compile("[^/]+(?:/[^/]+)*")
# A new kind of collections is a row here; a path belongs to the first whose folder and parts it fits.
KINDS = (
    Kind(EVERYTHING, "/", _ALONE, "", lambda _: [("", "")], heading=message("The whole site"), is_archived=True),
    Kind(
        CORRECTIONS,
        "/corrections/",
        _ALONE,
        message("{site}: corrections and withdrawn articles."),
        lambda _: (),
        heading=message("The whole site"),
        title=message("Corrections"),
    ),
    Kind(
        "date",
        "/",
        re.compile(r"[0-9]{4}(?:/[0-9]{2})?"),
        message("{site}: articles from {name}."),
        _dates,
        titled=_date_titled,
    ),
    Kind(
        "tag",
        "/tag/",
        _NAME,
        message("{site}: articles on {name}."),
        lambda entry: ((t.term, t.label) for t in entry.tags),
        heading=message("Tags"),
    ),
    Kind(
        "author",
        "/author/",
        _NAME,
        message("{site}: articles by {name}."),
        lambda entry: ((term(author.name), author.name) for author in entry.authors),
        heading=message("Authors"),
    ),
    Kind(
        "language",
        "/language/",
        _NAME,
        message("{site}: articles in {name}."),
        lambda entry: [(entry.language.lower(), entry.language)],
        heading=message("Languages"),
        titled=lambda name, _: languages.own_name(name),
    ),
    Kind(
        "section",
        "/",
        _NAMES,
        message("{site}: articles in the section {name}."),
        _sections,
        heading=message("Sections"),
        is_archived=True,
    ),
)
_KINDS = {kind.name: kind for kind in KINDS}


def names_of(entry: Entry) -> dict[str, str]:
    """The keys of the collections that an entry belongs to, each with what the entry calls it."""
    return {kind.key(part): name for kind in KINDS for part, name in kind.names(entry)}


def plain_name(key: str) -> str:
    """What most entries call a collection: its part of an address in words."""
    return key.partition("/")[2].replace("-", " ")


def items_of(entry: Entry, names: Mapping[str, str]) -> list[tuple[str, int, list[str]]]:
    """The items that an entry has in collections: the part of its id, the moment in seconds, and the collections' keys.

    `names` are its names_of.
    The part of the article itself is "". A draft has no items, nor has a standing page.
    """
    if entry.published >= NEVER:
        return []
    items = [("", int(entry.published.timestamp()), [*names, *[PINNED] * entry.pin])]
    for part, at, is_announced in notices_of(entry):
        keys = names_of(notice(entry, part, ENGLISH)) if is_announced else ()
        items.append((part, int(at.timestamp()), [CORRECTIONS, *keys]))
    return items


def kind_of(key: str) -> Kind:
    return _KINDS[key.partition("/")[0]]


def path_of(key: str) -> str:
    """The address of a collection's page."""
    name, _, part = key.partition("/")
    folder = _KINDS[name].folder
    return f"{folder}{part}/" if part else folder


def key_at(path: str) -> str | None:
    """The key of the collection whose page has this path, if there is such a collection. None for any other path."""
    for kind in KINDS:
        if path == kind.folder and not kind.parts.pattern:
            return kind.name
        if path.startswith(kind.folder) and path.endswith("/"):
            part = path[len(kind.folder) : -1]
            if part and kind.parts.fullmatch(part):
                return kind.key(part)
    return None
