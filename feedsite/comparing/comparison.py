"""Two states of a site, compared."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ..checking.sources import Sources
from ..collection import EVERYTHING, path_of
from ..index import mediarows
from ..index.rows import Row
from ..settings import FILE
from . import settingchanges
from .decisions import Decisions
from .effects import effects
from .feedchanges import Fated, FeedComparison
from .matching import Pair, differing
from .noticed import Fate, FeedChange, Item, Noticed, Remark
from .shown import TEXT
from .states import State

# Of several fates of one item in several feeds the first one is told.
_ORDER: tuple[Fate, ...] = ("twice", "withdrawn", "new", "updated", "listed", "back", "left", "gone")


def compare(old: State, new: State, *, restore: str = "") -> Noticed:
    """What subscribers notice when the new state is published in the place of the old one.

    `restore` is the command that brings back a file of the old state, up to the file's name; "" where there is none.
    """
    with old.index.reading(), new.index.reading():
        pairs = differing(old, new)
        faulty = frozenset(fault.path for fault in new.index.faults(with_notes=False))
        decisions = Decisions(old, new, pairs, restore=restore, faulty=faulty)
        changes = list(_feeds(old, new, pairs))
        gone = [was for change, _ in changes if change.state == "gone" and (was := old.collection(change.path))]
        items = tuple(_items(changes, new, old))
        return Noticed(
            old=old.said,
            new=new.said,
            decisions=(*decisions.of_site(), *decisions.of_articles(), *decisions.of_feeds(gone)),
            remarks=(
                *_of_site_yaml(new),
                *settingchanges.remarks(old.settings, new.settings),
                *_remarks(old, new, pairs, items, faulty),
            ),
            items=items,
            feeds=tuple(change for change, _ in changes),
            effects=effects(items),
            unseen=_unseen(old, new, pairs, items),
        )


def _feeds(old: State, new: State, pairs: list[Pair]) -> Iterator[tuple[FeedChange, list[Fated]]]:
    """The lists whose feeds differ, that of everything first, then by their paths."""
    is_redrawn = settingchanges.is_redrawn(old.settings, new.settings)
    compared = FeedComparison(old, new, pairs, is_redrawn=is_redrawn)
    for folder in sorted(_folders(old, new, pairs, is_every=is_redrawn)):
        if found := compared.compared(folder):
            yield found


def _folders(old: State, new: State, pairs: list[Pair], *, is_every: bool) -> set[str]:
    """The paths of the lists whose feeds may differ."""
    states = (old, new)
    keys: set[str] = set()
    if is_every or settingchanges.are_windows_other(old.settings, new.settings):
        keys = {EVERYTHING}.union(*(state.edition.sizes() for state in states))
    for pair in pairs:
        for state, row in zip(states, pair, strict=True):
            if row and state.is_public(row) and not row.is_undated:
                keys |= state.keys(row)
    folders = {path_of(key) for key in keys}
    for state in states:
        for part, mix in state.settings.mixes.items():
            if old.settings.mixes.get(part) != new.settings.mixes.get(part) or keys & {*mix.of, *mix.without}:
                folders.add(f"/{part}/")
    return folders


def _items(changes: Iterable[tuple[FeedChange, list[Fated]]], new: State, old: State) -> Iterator[Item]:
    """Each item once, the newest first, with the feeds in which that is its fate."""
    feeds: Mapping[tuple[str, Fate], list[str]] = defaultdict(list)
    found: dict[str, Fated] = {}
    for change, fated in changes:
        for one in fated:
            key = one.row.id
            feeds[key, one.fate].append(change.path)
            if key not in found or _ORDER.index(one.fate) < _ORDER.index(found[key].fate):
                found[key] = one
    for key, one in sorted(found.items(), key=lambda each: (-each[1].row.published, each[0])):
        state = new if one.new else old
        yield Item(
            id=key,
            fate=one.fate,
            title=state.title(one.row),
            path=one.row.path,
            source=one.row.source,
            published=one.row.published,
            changed=tuple(sorted(one.changed)),
            is_notice=bool(one.row.part),
            feeds=tuple(feeds[key, one.fate]),
            archive=one.archive,
        )


def _of_site_yaml(new: State) -> Iterator[Remark]:
    for fault in new.index.faults_below(FILE, "site"):
        if not fault.is_note:
            message = f"has a fault, so its last text without any is used: {fault.message}"
            yield Remark(message=message, source=FILE, line=fault.line, column=fault.column)


def _remarks(
    old: State, new: State, pairs: list[Pair], items: tuple[Item, ...], faulty: frozenset[str]
) -> Iterator[Remark]:
    sources = Sources(new.folder, new.index)
    for source in sorted({pair.old.source for pair in pairs if pair.old} & faulty):
        message = "the file has faults (`feedsite check`): a server goes on to publish what it said before"
        yield Remark(message=message, source=source)
    swapped = set(_swapped(old, new, pairs))
    for source in sorted(swapped):
        message = "title and text are those of another article until now: two files seem to have been swapped"
        yield Remark(message=message, source=source)
    for item in () if settingchanges.is_redrawn(old.settings, new.settings) else items:
        is_text = bool(TEXT & set(item.changed)) and item.fate == "updated" and not item.is_notice
        if is_text and "updated" not in item.changed and item.source not in swapped:
            what = " and ".join(name for name in ("title", "content") if name in item.changed)
            message = (
                f"its {what.replace('content', 'text')} changed, and no `updated` says so; if it is no typing error: "
                f'`feedsite correct {item.source} --note "..."`'
            )
            line, column, _ = sources.place_of_field(item.source, "updated", "title")
            yield Remark(message=message, source=item.source, line=line, column=column)
    for path in sorted(set(mediarows.signatures(old.index)) - set(mediarows.signatures(new.index))):
        yield Remark(message="this file is gone: where somebody shows it or links to it is a gap", source=path)


def _swapped(old: State, new: State, pairs: list[Pair]) -> Iterator[str]:
    """The files of articles that say now what another one said before, which says something else."""
    both = [(pair.old, pair.new) for pair in pairs if pair.old and pair.new and not pair.is_renamed][:200]
    was: dict[tuple[str, str], set[int]] = {}
    for number, (row, _) in enumerate(both):
        entry = old.edition.entry(row)
        was.setdefault((entry.title, entry.body), set()).add(number)
    for number, (_, row) in enumerate(both):
        entry = new.edition.entry(row)
        if number not in was.get((entry.title, entry.body), {number}):
            yield row.source


def _unseen(old: State, new: State, pairs: list[Pair], items: tuple[Item, ...]) -> dict[str, int]:
    """How many articles differ of which no feed shows anything: drafts, scheduled ones, older ones, pages."""
    seen = {item.source for item in items}
    counts: Counter[str] = Counter()
    for pair in pairs:
        row = pair.new or pair.old
        if row and row.source not in seen:
            counts[_kind(row, pair, old, new)] += 1
    return dict(sorted(counts.items()))


def _kind(row: Row, pair: Pair, old: State, new: State) -> str:
    if row.is_undated:
        return "page"
    if new.is_public(pair.new) or old.is_public(pair.old):
        return "older"
    return "waiting"
