"""A feed cut at its entries, so that a returning poller is sent only those it lacks (RFC 3229, A-IM: feed).

No state is kept: marks of the entries stand in the ETag, so that every worker answers alike, after a restart too.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from .digest import digest_of

MOST_MARKS = 350  # entries: with more, ETag and Delta-Base would outgrow the 4096 bytes that nginx takes of headers
_LETTERS = 4  # of a mark


@dataclass(frozen=True)  # without slots: marks are made once, and kept
class Cut:
    """The bytes of a feed document: `head`, its entries with `joint` between them, `tail`.

    Whatever part of the feed is told is therefore made of the very bytes of the whole.
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

    def lacking(self, held: str) -> tuple[int, ...]:
        """The entries that a version with these marks lacked: new, changed, back-dated and withdrawn ones.

        None of them where the marks tell nothing of this feed. Entries keep their order; where the marks found do not,
        one of them was found by chance, and what it hid would never be sent.
        """
        places = {held[start : start + _LETTERS]: start for start in range(0, len(held), _LETTERS)}
        found = [places[mark] for mark in self.marks if mark in places]
        if not found or found != sorted(set(found)):
            return ()
        return tuple(number for number, mark in enumerate(self.marks) if mark not in places)

    def only(self, numbers: tuple[int, ...]) -> "Cut":
        return replace(self, entries=tuple(self.entries[number] for number in numbers))
