"""The pages of a collection: the first one and the further ones.

A further page has PAGE_SIZE items, and its number is counted from the oldest one, so that a new item changes none of
them. The first page has the rest: the newest PAGE_SIZE items, or up to twice as many.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from . import places

PAGE_SIZE = 20  # items on a further page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of a collection: `size` items, of which the oldest has the number `first`; the oldest of all has 0.

    `newer` and `older` are the paths of the pages beside it.
    """

    path: str
    first: int
    size: int
    newer: str | None = None
    older: str | None = None
    is_first: bool = False


def first_page(folder: str, items: int) -> ListPage:
    """The first page of a collection whose page has the path `folder`, and which has so many items."""
    further = _further_count(items)
    first = further * PAGE_SIZE
    older = places.further_page(folder, further) if further else None
    return ListPage(path=folder, first=first, size=items - first, older=older, is_first=True)


def further_page(folder: str, number: int, items: int) -> ListPage | None:
    """The further page of this number; None where a collection of so many items has no such page."""
    further = _further_count(items)
    if not 1 <= number <= further:
        return None
    return ListPage(
        path=places.further_page(folder, number),
        first=(number - 1) * PAGE_SIZE,
        size=PAGE_SIZE,
        newer=places.further_page(folder, number + 1) if number < further else folder,
        older=places.further_page(folder, number - 1) if number > 1 else None,
    )


def page(folder: str, number: int, items: int) -> ListPage | None:
    """The first page, whose number is 0, or the further page of this number."""
    return further_page(folder, number, items) if number else first_page(folder, items)


def pages(folder: str, items: int) -> Iterator[ListPage]:
    """All pages of a collection, the newest first."""
    yield first_page(folder, items)
    for number in range(_further_count(items), 0, -1):
        if found := further_page(folder, number, items):
            yield found


def touched(folder: str, before: int, items: int, slots: AbstractSet[int]) -> Iterator[str]:
    """The paths of the pages that differ, or are gone, where a collection of `before` items has `items` now.

    `slots` are the numbers of the stretches of PAGE_SIZE items that differ; the oldest has 0 (shifts.py).
    """
    fewer, more = sorted((_further_count(before), _further_count(items)))
    if before != items or any(slot >= fewer for slot in slots):
        yield folder
    beside = [fewer] if fewer and fewer != more else []  # it leads to another one now
    for number in sorted({slot + 1 for slot in slots if slot < more}.union(beside, range(fewer + 1, more + 1))):
        yield places.further_page(folder, number)


def _further_count(items: int) -> int:
    return max(0, items // PAGE_SIZE - 1)
