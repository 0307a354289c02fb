"""What readers do, and what all comes to, in sentences: the same at a terminal and in a forge."""

from collections.abc import Callable, Iterator

from ..wording import counted
from .noticed import Decision, Effect, Item, Kind, Noticed
from .weights import Weights

NOTHING = "Nothing that a subscriber would notice."
# How the last line calls items, by what stands beside their titles, in its order.
_SUMS = {
    "new": "new",
    "announced": "announced",
    "updated": "updated",
    "withdrawn": "withdrawn",
    "twice": "shown twice",
    "listed": "in further feeds",
    "back": "back in the window",
    "left": "behind the window",
    "gone": "gone",
}
_BREAKS: tuple[tuple[Kind, str, str, str], ...] = (
    ("id", "id", "changes", "change"),
    ("address", "address", "breaks", "break"),
    ("feed", "list", "loses its feeds", "lose their feeds"),
)
_UNSEEN = {
    "older": ("older article", "older articles"),
    "page": ("page", "pages"),
    "waiting": ("draft or scheduled article", "drafts or scheduled articles"),
}
_PLURAL = {"address": "addresses"}
_FEW = 3  # feeds that are named
_NAMED = {"content": "text", "url": "address", "published": "date", "updated": "time of the update"}


def fate(item: Item) -> str:
    """What stands beside the title of an item."""
    return "announced" if item.is_notice and item.fate in ("new", "listed") else item.fate


def fields(item: Item) -> str:
    """What of an item differs: title, text"""
    order = (
        "title",
        "content",
        "summary",
        "author",
        "tags",
        "url",
        "published",
        "image",
        "enclosure",
        "link",
        "language",
    )
    changed = [name for name in order if name in item.changed]
    return ", ".join(_NAMED.get(name, name) for name in changed or item.changed)


def feeds(item: Item) -> str:
    """/, /world/ and 3 more"""
    more = len(item.feeds) - _FEW
    named = ", ".join(item.feeds[:_FEW])
    return f"{named} and {more} more" if more > 0 else named


def listed(names: list[str]) -> str:
    """A, B and C; "" where there is none."""
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def sentences(noticed: Noticed, weights: Weights | None) -> Iterator[str]:
    """What the readers do, those who do the same in one sentence."""
    for number, names in _groups(noticed, lambda effect: effect.new):
        if len(names) > len(noticed.effects) / 2:
            yield f"{_show(noticed, names)} {_items(number, 'new item')}."
    for number, names in _groups(noticed, lambda effect: effect.twice):
        yield f"{_show(noticed, names)} {_items(number, 'item')} a second time{_people(names, weights)}."
    for number, names in _groups(noticed, lambda effect: effect.unread):
        yield f"{_verb(names, 'marks', 'mark')} {_items(number, 'item')} unread again{_people(names, weights)}."
    for number, names in _groups(noticed, lambda effect: effect.unread_if_asked):
        again = f"{_items(number, 'item')} unread again where somebody has set it so"
        yield f"{_verb(names, 'marks', 'mark')} {again}{_people(names, weights)}."
    for number, names in _groups(noticed, lambda effect: effect.kept):
        yield f"{_verb(names, 'keeps', 'keep')} the old text of {_items(number, 'item')}{_people(names, weights)}."
    quiet = [one.reader for one in noticed.effects if one.taken and not (one.unread or one.unread_if_asked or one.kept)]
    if quiet:
        yield f"{_verb(quiet, 'shows', 'show')} the new version, and nobody is told{_people(quiet, weights)}."


def sums(noticed: Noticed) -> str:
    """1 new, 2 updated; 1 address breaks."""
    fates = [fate(item) for item in noticed.items]
    counts = [f"{fates.count(name)} {word}" for name, word in _SUMS.items() if name in fates]
    breaks = []
    for kind, noun, one, several in _BREAKS:
        if number := sum(_breaks(decision, kind) for decision in noticed.decisions):
            said = f"1 {noun} {one}" if number == 1 else f"{number} {_PLURAL.get(noun, f'{noun}s')} {several}"
            breaks.append(said)
    unseen = [f"{number} {_UNSEEN[kind][number != 1]}" for kind, number in noticed.unseen.items()]
    parts = [", ".join(counts), ", ".join(breaks), f"in no feed: {', '.join(unseen)}" if unseen else ""]
    said = "; ".join(filter(None, parts))
    return f"{said}." if counts or breaks else f"{NOTHING[:-1]}; {parts[2]}." if unseen else NOTHING


def _breaks(decision: Decision, kind: Kind) -> int:
    return (len(decision.feeds) or len(decision.ids) or 1) if kind in decision.kinds else 0


def _groups(noticed: Noticed, number: Callable[[Effect], int]) -> Iterator[tuple[int, list[str]]]:
    """The readers by how many items it is, the most first."""
    counts = sorted({number(effect) for effect in noticed.effects} - {0}, reverse=True)
    for count in counts:
        yield count, [effect.reader for effect in noticed.effects if number(effect) == count]


def _show(noticed: Noticed, names: list[str]) -> str:
    """That these readers show something: by the others where these are few."""
    others = [effect.reader for effect in noticed.effects if effect.reader not in names]
    if not others:
        return "Every reader shows"
    return f"Every reader but {listed(others)} shows" if len(others) <= _FEW else _verb(names, "shows", "show")


def _people(names: list[str], weights: Weights | None) -> str:
    """(3,120 of 9,800 subscribers), or nothing where no logs were counted."""
    return f" ({weights.of(names):,} of {weights.total:,} subscribers)" if weights else ""


def _verb(names: list[str], one: str, several: str) -> str:
    return f"{listed(names)} {one if len(names) == 1 else several}"


def _items(number: int, noun: str) -> str:
    return counted(number, noun)
