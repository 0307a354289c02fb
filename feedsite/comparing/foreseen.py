"""What subscribers will notice of a change of one article, told before anybody has it: by the table of readers."""

from collections.abc import Iterator

from ..model import Entry
from ..settings import Settings
from . import words
from .effects import effects
from .noticed import Effect, Item, Noticed
from .shown import of_entry


def sentences(before: Entry, after: Entry, settings: Settings) -> Iterator[str]:
    """What readers do with the item of an article that is another one now, as `feedsite diff` says it."""
    found = _effects(before, after, settings)
    said = list(words.sentences(Noticed(old="", new="", effects=found), None))
    yield from said
    if any(effect == Effect(reader=effect.reader) for effect in found):
        yield "All others notice nothing." if said else "Subscribers notice nothing."


def keeping(before: Entry, after: Entry, settings: Settings) -> str:
    """The readers that keep the former text: CommaFeed, yarr and sfeed."""
    return words.listed([effect.reader for effect in _effects(before, after, settings) if effect.kept])


def _effects(before: Entry, after: Entry, settings: Settings) -> tuple[Effect, ...]:
    was, now = (of_entry(entry, settings.words, settings.urls) for entry in (before, after))
    item = Item(
        id=after.id,
        fate="withdrawn" if after.withdrawal and not before.withdrawal else "updated",
        title=after.title,
        path=after.path,
        source=after.source,
        published=int(after.published.timestamp()),
        changed=tuple(sorted(was.differing(now))),
    )
    return effects((item,))
