"""What each reader does with the items that differ, by the table of readers."""

from collections.abc import Iterable

from ..notices import part_of
from .noticed import Effect, Item
from .readers import READERS, Reader
from .shown import FIELDS, TEXT

_FIELDS = frozenset(FIELDS)
_AS_NEW = ("new", "listed", "back")  # fates of items that were not in the feed before
_OF_ARTICLE = frozenset({"url"})  # what a notice has of the article that it is about
_AS_KNOWN = ("updated", "withdrawn", "twice")  # of those that were there


def effects(items: Iterable[Item]) -> tuple[Effect, ...]:
    """Those of readers that polled each feed in its former state, and poll it now."""
    listed = list(items)
    moved = frozenset(item.id for item in listed if "url" in item.changed)
    return tuple(_effect(reader, listed, moved) for reader in READERS)


def _effect(reader: Reader, items: list[Item], moved: frozenset[str]) -> Effect:
    """`moved` are the ids of items whose addresses are others."""
    new = twice = taken = unread = unread_if_asked = kept = 0
    for item in items:
        if item.fate in _AS_NEW:
            article = item.id.removesuffix(part_of(item.id))
            is_known = item.is_notice and article not in moved and reader.knows(_OF_ARTICLE)
            new += not is_known
            taken += is_known
        elif item.fate in _AS_KNOWN:
            changed = frozenset(item.changed)
            if not reader.knows(_FIELDS - changed):
                twice += 1
                continue
            does_take = bool(reader.taken(changed))
            taken += does_take
            kept += bool(changed & TEXT) and not reader.taken(changed) & TEXT
            marks = reader.marks_unread(changed)
            unread += marks and not reader.if_asked
            unread_if_asked += marks and reader.if_asked
    return Effect(
        reader=reader.name,
        new=new,
        twice=twice,
        taken=taken,
        unread=unread,
        unread_if_asked=unread_if_asked,
        kept=kept,
    )
