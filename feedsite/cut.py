"""A feed document cut at its entries, so that a poller is sent only the entries it lacks (RFC 3229, A-IM: feed).

Marks of the entries stand in the ETag. So no worker keeps any state of pollers, and all answer alike, after a restart
too.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from .digest import digest_of

MOST_MARKS = 350  # entries: with more, ETag and Delta-Base would outgrow the 4096 bytes that nginx takes of headers
_LETTERS = 4  # of a mark


@dataclass(frozen=True)  # without slots, which cached_property cannot use
class Cut:
    """The bytes of a feed document: `head`, its entries with `joint` between them, `tail`.

    Every part of the feed consists of the very bytes of the whole.
    """

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes
    joint: bytes = b""

    def __bytes__(self) -> bytes:
        return self.head + self.joint.join(self.entries) + self.tail

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """A short mark of each entry's bytes, in the feed's order; none where there are too many."""
        return tuple(digest_of(entry, 3) for entry in self.entries) if len(self.entries) <= MOST_MARKS else ()

    def lacking(self, marks: str) -> tuple[int, ...]:
        """The numbers of the entries that a version with these marks lacked: new, changed and withdrawn ones.

        () where the marks are not those of an earlier version. Entries keep their order. Where the marks found are in
        another order, one of them is equal by chance, and its entry would never be sent.
        """
        places = {marks[start : start + _LETTERS]: start for start in range(0, len(marks), _LETTERS)}
        found = [places[mark] for mark in self.marks if mark in places]
        if not found or found != sorted(set(found)):
            return ()
        return tuple(number for number, mark in enumerate(self.marks) if mark not in places)

    def only(self, numbers: tuple[int, ...]) -> "Cut":
        """The feed with these entries alone."""
        return replace(self, entries=tuple(self.entries[number] for number in numbers))
