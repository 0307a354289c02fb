"""What subscribers will notice, as values: what the commands print in words, as JSON and for a forge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["id", "address", "feed"]
# What becomes of an item in feeds: it is new; there a second time, under another id; listed in a feed that did not have
# it; back in a feed that it had left; another one than before; withdrawn; behind the window, where it still is in the
# list; or no longer there.
Fate = Literal["new", "twice", "listed", "back", "updated", "withdrawn", "left", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody must decide about: it breaks what subscribers have. `kinds` says what breaks.

    It stands at a line and column of a file, from 1; 0 means the file as a whole. `mend` are lines that mend it: those
    for the file as they are written there, those of a shell behind a `$ `. `feeds` are the paths of lists whose feeds
    are gone; `ids` are those of articles that readers get twice.
    """

    kinds: tuple[Kind, ...]
    source: str
    line: int
    column: int
    message: str
    mend: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def decision(
    kinds: tuple[Kind, ...],
    source: str,
    at: tuple[int, int, int],
    message: str,
    mend: tuple[str, ...] = (),
    ids: tuple[str, ...] = (),
    feeds: tuple[str, ...] = (),
) -> Decision:
    """A Decision at a line, a column, and the column behind (Sources.place_of_field)."""
    line, column, _ = at
    return Decision(
        kinds=kinds, source=source, line=line, column=column, message=message, mend=mend, ids=ids, feeds=feeds
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is worth a second look. `source` is the file that it is about, or ""."""

    message: str
    source: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article, or a notice about one, of which subscribers notice something.

    `changed` are the fields that differ (shown.FIELDS), for an item that is there a second time from the one that was
    there before. `is_notice`: it is a notice of a correction or a withdrawal. `feeds` are the paths of the lists in
    whose feeds it is noticed. `published` is in seconds.
    """

    id: str
    fate: Fate
    title: str
    path: str
    source: str
    published: int
    changed: tuple[str, ...] = ()
    is_notice: bool = False
    feeds: tuple[str, ...] = ()
    archive: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChange:
    """A list whose feeds differ: its path and title, and the ids of its items by their fate there."""

    path: str
    title: str
    state: Literal["new", "changed", "gone"] = "changed"
    fates: Mapping[Fate, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one reader does, in numbers of items: those that it shows as new; a second time; anew under the id that it
    knows; marks unread again, or would if it was set so; and those of which it keeps the former text.
    """

    reader: str
    new: int = 0
    twice: int = 0
    taken: int = 0
    unread: int = 0
    unread_if_asked: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """All that was found between two states. `unseen` is what no feed shows: how many articles of each kind. `limits`
    are sentences that say what could not be compared.
    """

    old: str
    new: str
    decisions: tuple[Decision, ...] = ()
    remarks: tuple[Remark, ...] = ()
    items: tuple[Item, ...] = ()
    feeds: tuple[FeedChange, ...] = ()
    effects: tuple[Effect, ...] = ()
    unseen: Mapping[str, int] = field(default_factory=dict)
    limits: tuple[str, ...] = ()

    @property
    def is_breaking(self) -> bool:
        return bool(self.decisions)
