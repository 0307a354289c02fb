"""A list cut into equal slots, counted from its oldest item: which slots differ after items came and went."""

from collections.abc import Iterable


def slots(events: Iterable[tuple[int, int]], size: int, slot: int) -> set[int]:
    """The numbers of the slots that differ, of `slot` items each; the oldest has 0. `size` is the list's now.

    An event is the number of items that are older than an item now, and what became of that item: 1 where it came, -1
    where it went, 0 where it is another. Events are in the order of the list, the oldest first.
    """
    found: set[int] = set()
    ordered = list(events)
    shift = 0  # how many places the items from here on have moved
    ends = [place for place, _ in ordered[1:]] + [size]
    for (place, change), end in zip(ordered, ends, strict=False):
        if change >= 0:
            found.add(place // slot)
        if change <= 0:
            found.add((place - shift) // slot)
        shift += change
        begin = place + (change > 0)
        if shift and end > begin:
            for moved in (0, shift):
                found.update(range((begin - moved) // slot, (end - 1 - moved) // slot + 1))
    return found
