"""The values that an article and a feed consist of, in the words of RFC 4287.

All are frozen. Required fields are never None. Moments are aware, in UTC and in whole seconds. HTML is safe, and its
addresses are absolute. Text holds no character that XML forbids.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from .pictures.parsed import Shape
from .places import Place
from .words import Words

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # when a draft is published
# When a standing page is: behind every moment, so that no list, feed or archive has it, whatever the clock says.
UNDATED = datetime(9999, 12, 31, 0, 0, 1, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was last changed

# What XML 1.0 forbids (2.2) and what it discourages (C1 controls); the two separators that YAML takes for line ends;
# and the byte order mark, which is left over where two files were joined.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_ALLOWED = re.compile(
    "(?:[\t\n\r -~]++|[^\x00-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]++)*+"
)  # all other characters


def forbidden(text: str) -> re.Match[str] | None:
    """The first forbidden character, or None. _ALLOWED finds in half of a search's time that there is none."""
    return None if _ALLOWED.fullmatch(text) else FORBIDDEN.search(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """RFC 4287 3.2, a Person construct."""

    name: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """RFC 4287 4.2.2. `scheme` is "section" or "tag"; `Urls.scheme` makes an address of it."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to an entry, such as a recording.

    `length` is in bytes, 0 where it is not known, and `duration` in seconds.
    """

    url: str
    type: str
    length: int = 0
    duration: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The picture at the head of an article."""

    src: str
    alt: str
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the site's own that an article shows, by its address in there: what its file says.

    `length` is in bytes, as it is published; 0 where feeds show a copy of it (pictures.sizes).
    """

    url: str
    shape: Shape
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was wrong in an article, when that was put right, and whether the article's feeds have a notice of it."""

    at: datetime
    note: str
    announce: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """When and why an article was withdrawn; and whether the article's feeds have a notice of it."""

    at: datetime
    reason: str
    announce: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Nav:
    """Where pages link to a standing page: in the `masthead`, in the `footer` or, with "none", nowhere by themselves.

    Those with a lower `order` come first, those without one last.
    """

    place: str = "none"
    order: int | None = None


@dataclass(frozen=True, slots=True)
class PageLink:
    """A standing page as other pages link to it."""

    path: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Navigation:
    """The standing pages that every page links to, in their order."""

    masthead: tuple[PageLink, ...] = ()
    footer: tuple[PageLink, ...] = ()

    def has(self, path: str) -> bool:
        return any(link.path == path for link in (*self.masthead, *self.footer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """RFC 6721 3, a deleted-entry: `ref` is the IRI of the entry that was withdrawn."""

    ref: str
    when: datetime
    comment: str
    language: str  # of the comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article; or a standing page, which has a `nav`, is published UNDATED, and stands in no collection.

    A withdrawn article has a title that begins with "Withdrawn: ", the reason as its summary, and an empty body. What
    was withdrawn is in no value, so it can appear nowhere.
    """

    source: str  # its file, relative to the site's folder
    id: str  # as the file names it, whatever it looks like
    urn: str | None = None  # in its place in Atom, where the id is no IRI
    path: str  # of its page: /2021/07/japan-taiwan/
    title: str
    published: datetime
    updated: datetime
    day: date  # of publication, as the editor wrote it
    summary: str
    is_summary_written: bool = False  # by the editor; otherwise it is the beginning of the body
    body: str
    authors: tuple[Person, ...]
    contributors: tuple[Person, ...] = ()
    section: Category | None = None
    tags: tuple[Category, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    link: str | None = None
    language: str
    rights: str | None = None
    corrections: tuple[Correction, ...] = ()
    withdrawal: Withdrawal | None = None
    aliases: tuple[str, ...] = ()
    pin: bool = False  # it leads the front page until a newer article with a pin
    nav: Nav | None = None
    pictures: tuple[Picture, ...] = ()  # those of the site's own that it shows, as far as their sizes are known

    def __hash__(self) -> int:
        """Of what two versions of an article nearly always differ in: each feed and page looks for its items by it."""
        return hash((self.id, self.title, self.updated, self.body))

    @property
    def iri(self) -> str:
        """The id as Atom has it (RFC 4287 4.2.6)."""
        return self.urn or self.id

    @property
    def categories(self) -> tuple[Category, ...]:
        """Section and tags as they are printed. The article stands in the collection of each of its `tags`, too."""
        return (() if self.section is None else (self.section,)) + self.other_tags

    @property
    def other_tags(self) -> tuple[Category, ...]:
        """The tags but the one that repeats the section, by its name or by its title."""
        if self.section is None:
            return self.tags
        section = self.section.term, self.section.label.casefold()
        return tuple(tag for tag in self.tags if tag.term != section[0] and tag.label.casefold() != section[1])

    def picture_at(self, address: str) -> Picture | None:
        """What is known of the picture at this address; None of one elsewhere, or whose file says no size."""
        return next((picture for picture in self.pictures if picture.url == address), None)

    @property
    def other_contributors(self) -> tuple[Person, ...]:
        """The contributors who are no authors."""
        authors = {author.name.casefold() for author in self.authors}
        return tuple(person for person in self.contributors if person.name.casefold() not in authors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often articles appear: `frequency` of them in a `period` (hourly, daily, weekly, monthly, yearly).

    `ttl` is the number of minutes for which a feed reader need not ask again.
    """

    period: str
    frequency: int
    ttl: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The newest items of a collection, or a part of its archive, as every format prints them.

    `place` has no suffix; each format has its own. `relations` lead to other documents of the same format, by the names
    of RFC 5005 and RFC 8288. `history` is "archive", "complete" where the feed has all that there is (RFC 5005 2), or
    "". `entries` are newest first and include withdrawn articles. The same withdrawals are in `tombstones`, for formats
    that have an element for them.
    """

    place: Place
    relations: tuple[tuple[str, Place], ...] = ()
    history: str = ""
    id: str
    title: str
    description: str
    language: str
    updated: datetime
    author: Person
    words: Words  # those of the site
    cadence: Cadence
    rights: str | None = None
    logo: str | None = None
    icon: str | None = None
    hub: str | None = None
    entries: tuple[Entry, ...]
    tombstones: tuple[Tombstone, ...] = ()
