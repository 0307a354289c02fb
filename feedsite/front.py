"""The front page: an article that leads, two beside it, the newest, a block for each section, and what is left."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from .collection import Collection
from .index.edition import Edition
from .index.rows import Item, Row, told_once
from .model import Entry

SECONDS, NEWEST, IN_BLOCK = 2, 6, 4  # articles beside the one that leads, among the newest, in a block

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Generic[T]):
    """The newest articles of a section that do not stand further up."""

    section: Collection
    items: tuple[T, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front(Generic[T]):
    """The items of the front page, as rows or as entries. Each stands there once.

    Nothing leads where there is no article yet. `others` are those of the newest that stand nowhere else.
    """

    lead: T | None
    seconds: tuple[T, ...] = ()
    newest: tuple[T, ...] = ()
    blocks: tuple[Block[T], ...] = ()
    others: tuple[T, ...] = ()

    def __iter__(self) -> Iterator[T]:
        """All items, from the top of the page to its end."""
        if self.lead is not None:
            yield self.lead
        yield from (*self.seconds, *self.newest)
        for block in self.blocks:
            yield from block.items
        yield from self.others

    @property
    def shape(self) -> str:
        """Where each of these items stands."""
        parts = self.seconds, self.newest, self.others
        blocks = [(block.section.key, len(block.items)) for block in self.blocks]
        return repr((self.lead is None, [len(part) for part in parts], blocks))

    def of(self, made: Callable[[T], U]) -> "Front[U]":
        """The same page with something made of each item."""
        return Front(
            lead=None if self.lead is None else made(self.lead),
            seconds=tuple(map(made, self.seconds)),
            newest=tuple(map(made, self.newest)),
            blocks=tuple(Block(section=block.section, items=tuple(map(made, block.items))) for block in self.blocks),
            others=tuple(map(made, self.others)),
        )


def front(edition: Edition, sections: Sequence[Collection], rows: Sequence[Row]) -> Front[Row]:
    """The front page of an edition whose first page lists these rows. The newest article leads, or the pinned one."""
    pinned = edition.pinned
    articles = [row for row in rows if row.is_article and row != pinned]
    top = ([pinned] if pinned else []) + articles[: SECONDS + (not pinned)]
    shown = {(row.number, row.part) for row in top}
    left = [row for row in told_once(rows) if (row.number, row.part) not in shown]
    newest = left[:NEWEST]
    shown.update((row.number, row.part) for row in newest)
    blocks = []
    for section in sections:
        others = {number for number, part in shown if not part}
        if items := edition.beside(section.key).newest(IN_BLOCK, others):
            blocks.append(Block(section=section, items=tuple(items)))
            shown.update((row.number, row.part) for row in items)
    return Front(
        lead=top[0] if top else None,
        seconds=tuple(top[1:]),
        newest=tuple(newest),
        blocks=tuple(blocks),
        others=tuple(row for row in left if (row.number, row.part) not in shown),
    )


def led_by_picture(found: Front[Entry]) -> Front[Entry]:
    """The same page, led by the first of the three at its head that has a picture, where none has a pin."""
    if found.lead is None or found.lead.pin:
        return found
    head = (found.lead, *found.seconds)
    lead = next((entry for entry in head if entry.image), head[0])
    return replace(found, lead=lead, seconds=tuple(entry for entry in head if entry is not lead))


def may_differ(found: Front[Row], section: str, items: Iterable[Item]) -> bool:
    """Whether a block may be another one since these items of its section came, went or have another face."""
    block = next((block for block in found.blocks if block.section.key == section), None)
    if block is None or len(block.items) < IN_BLOCK:
        return True
    last = block.items[-1].item
    return any(item >= last for item in items)
