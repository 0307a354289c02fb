"""The feeds that a site offers, in groups, as pages and programs list them. No list knows a kind of collections by name
but where it puts the kind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from . import feeds
from .collection import CORRECTIONS, EVERYTHING, KINDS, Collection, Kind
from .index.edition import Edition
from .model import Cadence
from .settings import Settings
from .sitecollections import Collections
from .words import Words, message

TAGS_ON_PAGE = 200
_MIXES = message("Mixes")
TAGS = message("Tags")
_HEADINGS = tuple(
    dict.fromkeys(
        ("The whole site", "Sections", "Languages", "Authors", _MIXES, TAGS, *(kind.heading for kind in KINDS))
    )
)
_MOST = {"tag": 100}  # that are shown of a kind, the most used first
_MOST_OF_OTHERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A collection as a list of feeds shows it. `within` are the sections that lie in a section.

    `cadence` is how often its items appear; None where that cannot be known yet.
    """

    collection: Collection
    size: int
    cadence: Cadence | None = None
    within: tuple["Offer", ...] = ()

    def counted(self, words: Words) -> str:
        """12 articles"""
        if self.collection.key == CORRECTIONS:
            return words.counted("{number} notice", "{number} notices", self.size)
        return words.counted("{number} article", "{number} articles", self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Offers under a heading, which is a message; `left_out` is how many more there are."""

    heading: str
    offers: tuple[Offer, ...]
    left_out: int = 0

    def __iter__(self) -> Iterator[Offer]:
        """All offers, also those within others."""
        return _flat(self.offers)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsPage:
    """One page of all tags by name, the first of which has the number 1."""

    number: int
    count: int
    offers: tuple[Offer, ...]


class Menu:
    """What an edition offers. It remembers what it made once, for that takes several hundred questions to the index."""

    def __init__(self, edition: Edition, settings: Settings, collections: Collections) -> None:
        self._edition = edition
        self._settings = settings
        self._collections = collections

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """For people: sections in the order of site.yaml, the others the most used first, and not all of very many."""
        groups = {heading: self._mixes() if heading == _MIXES else self._group(heading) for heading in _HEADINGS}
        return tuple(group for heading, group in groups.items() if heading and group.offers)

    @cached_property
    def every(self) -> tuple[tuple[str, tuple[Collection, ...]], ...]:
        """For programs: all collections by their groups, each group in the order of keys."""
        found: dict[str, list[Collection]] = {heading: [] for heading in _HEADINGS}
        for kind in KINDS:
            if kind.heading:
                found[kind.heading] += self._at(self._sizes(kind))
        found[_MIXES] += self._collections.named_mixes
        return tuple((heading, tuple(members)) for heading, members in found.items() if members)

    def tags(self, number: int) -> TagsPage | None:
        """The page of this number, from 1; None where there is no such page. The first is always there."""
        count = max(1, -(-len(self._tags) // TAGS_ON_PAGE))
        if not 1 <= number <= count:
            return None
        keys = [*self._tags][(number - 1) * TAGS_ON_PAGE : number * TAGS_ON_PAGE]
        offers = (Offer(collection=found, size=self._tags[found.key]) for found in self._at(keys))
        return TagsPage(number=number, count=count, offers=tuple(offers))

    @cached_property
    def _tags(self) -> dict[str, int]:
        return self._edition.sizes("tag")

    def _group(self, heading: str) -> Group:
        offers: list[Offer] = []
        left_out = 0
        for kind in KINDS:
            if kind.heading == heading:
                sizes = self._sizes(kind)
                keys = self._sections(sizes) if kind.name == "section" else _most_used(kind, sizes)
                left_out += len(sizes) - len(keys)
                offers += map(self._offer, self._at(keys))
        return Group(heading=heading, offers=_nested(offers), left_out=left_out)

    def _sizes(self, kind: Kind) -> dict[str, int]:
        """By key. Everything is there also where it has no article."""
        return ({EVERYTHING: 0} if kind.name == EVERYTHING else {}) | self._edition.sizes(kind.name)

    def _mixes(self) -> Group:
        return Group(heading=_MIXES, offers=tuple(map(self._offer, self._collections.named_mixes)))

    def _sections(self, sizes: Iterable[str]) -> list[str]:
        """In the order of site.yaml; then those that it does not name."""
        order = {f"section/{part}": place for place, part in enumerate(self._settings.section_parts)}
        return sorted(sizes, key=lambda key: (order.get(key, len(order)), key))[:_MOST_OF_OTHERS]

    def _offer(self, collection: Collection) -> Offer:
        members = self._collections.members(collection)
        cadence = feeds.cadence_of(*members.span(self._settings.window, feeds.RECENT))
        return Offer(collection=collection, size=members.size, cadence=cadence)

    def _at(self, keys: Iterable[str]) -> Iterator[Collection]:
        return (found for key in keys if (found := self._collections.at(key)))


def _most_used(kind: Kind, sizes: dict[str, int]) -> list[str]:
    return sorted(sizes, key=lambda key: (-sizes[key], key))[: _MOST.get(kind.name, _MOST_OF_OTHERS)]


def _nested(offers: list[Offer]) -> tuple[Offer, ...]:
    """Each section within the one that it lies in, where that one is listed; the order stays."""
    keys = {offer.collection.key for offer in offers}

    def within(parent: str) -> tuple[Offer, ...]:
        return tuple(
            replace(offer, within=within(offer.collection.key))
            for offer in offers
            if _parent(offer.collection.key, keys) == parent
        )

    return within("")


def _parent(key: str, keys: set[str]) -> str:
    parent = key.rpartition("/")[0]
    return parent if parent in keys else ""


def _flat(offers: Iterable[Offer]) -> Iterator[Offer]:
    for offer in offers:
        yield offer
        yield from _flat(offer.within)
