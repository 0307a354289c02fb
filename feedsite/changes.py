"""Which paths of a site may differ from how they were at an earlier moment: found without looking at any other path."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_type_hints

from . import archives, feeds, paging, urls
from .collection import EVERYTHING, PINNED, path_of
from .formats import FEED_FORMATS
from .front import front, may_differ
from .index import journal
from .index.edition import Edition
from .index.journal import Touched
from .index.members import Members
from .index.rows import Item, Row, month_bounds
from .lists import has_archive
from .places import Place
from .places import path_of as place_path
from .related import leading_to
from .settings import Settings
from .shifts import slots
from .sitecollections import Collections

_Part = tuple[int, int, int]  # year, month, number


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a plan was made of: an index up to a row of its journal (index/journal.py), the moment in seconds, and a
    fingerprint of all else that every page depends on.
    """

    journal: str
    row: int
    article_row: int
    moment: int
    common: str


def state_of(members: Any) -> State:
    """A State from the members of its asdict, which were read from a file. Raises TypeError for any others."""
    state = State(**members)
    if any(type(getattr(state, name)) is not kind for name, kind in get_type_hints(State).items()):
        raise TypeError(members)
    return state


def later(state: State, known: State | None) -> State:
    """The state up to which all is done, where all was done up to `known`, and then all that changed since.

    That of a process may be behind: another one has read more of the index already.
    """
    if not known or (known.journal, known.common) != (state.journal, state.common):
        return state
    row, article_row = max(state.row, known.row), max(state.article_row, known.article_row)
    return replace(state, row=row, article_row=article_row)


class Changes:
    """The paths that changed since an earlier state of the same index and settings. Used within one view of the index.

    Some of the paths did not change after all: to leave them out, every article of a collection would have to be read.
    """

    def __init__(self, edition: Edition, settings: Settings, collections: Collections, news: journal.News) -> None:
        self._edition = edition
        self._settings = settings
        self._collections = collections
        self._news = news

    def paths(self) -> Iterator[str]:
        """One may come several times."""
        touched = self._news.collections
        yield from self._news.paths
        yield from self._neighbours(touched.get(EVERYTHING, Touched()))
        yield from self._front_page(touched)
        for key, one in touched.items():
            if key == PINNED:
                continue
            yield from self._leading_to(key, one)
            is_renamed, above = self._is_renamed(key, one), self._collections.above(key)
            yield from self._of_collection(path_of(key), (key,), (), one, is_renamed=is_renamed, above=above)
        for part, mix in self._settings.mixes.items():
            if any(key in touched for key in (*mix.of, *mix.without)):
                one = self._united(mix.of, mix.without)
                names = [key for key in (*mix.of, *mix.without) if key in touched and not mix.title]
                is_renamed = any(self._is_renamed(key, touched[key]) for key in names)
                yield from self._of_collection(f"/{part}/", mix.of, mix.without, one, is_renamed=is_renamed)

    def _neighbours(self, touched: Touched) -> Iterator[str]:
        """The pages that link to an article which came, went, or has another face."""
        faced = (item for item, is_faced in touched.mended.items() if is_faced)
        for item in (*touched.came, *touched.gone, *faced):
            if not item.part:
                for row in (self._edition.newer(item), self._edition.older(item)):
                    if row:
                        yield row.path

    def _leading_to(self, key: str, touched: Touched) -> Iterator[str]:
        """The pages that show an article of a collection as related which came, went, or has another face."""
        moved = touched.came | touched.gone
        for item in touched.listed:
            if not item.part:
                rows = leading_to(self._edition, self._settings.series, key, item, is_moved=item in moved)
                yield from (row.path for row in rows)

    def _front_page(self, touched: Mapping[str, Touched]) -> Iterator[str]:
        """The front page where another article leads it, or the block of a section may be another one."""
        if PINNED in touched:
            yield urls.HOME
            return
        listed = {key: items for key, one in touched.items() if (items := one.listed)}
        sections = self._collections.shown
        if any(section.key in listed for section in sections):
            members = self._edition.everything
            page = paging.first_page(urls.HOME, members.size)
            found = front(self._edition, sections, members.stretch(page.first, page.size))
            if any(
                may_differ(found, key, items)
                for key, items in listed.items()
                if key in {section.key for section in sections}
            ):
                yield urls.HOME

    def _is_renamed(self, key: str, touched: Touched) -> bool:
        """Whether a collection may have another title: it is what its oldest item calls it."""
        if self._collections.has_title(key):
            return False
        if (oldest := self._edition.members((key,)).oldest) is None:
            return True
        item = oldest.item
        is_other = item in touched.came or touched.mended.get(item, False)
        return is_other or any(one < item for one in touched.gone)

    def _of_collection(
        self,
        folder: str,
        of: Sequence[str],
        without: Sequence[str],
        touched: Touched,
        *,
        is_renamed: bool,
        above: str = "",
    ) -> Iterator[str]:
        """`above` is the page that leads to the collection because it is right below that one."""
        members = self._edition.members(of, without)
        before = members.size - len(touched.came) + len(touched.gone)
        is_whole = is_renamed or not (before and members.size)
        if is_whole and above:
            yield above
        window = members.window(self._settings.window, feeds.RECENT)
        if is_whole or len(window) < self._settings.window or _is_in_feeds(window, touched):
            yield from (place_path(Place(folder=folder, suffix=form.suffix)) for form in FEED_FORMATS)
        pages = set(range(max(before, members.size) // paging.PAGE_SIZE + 1)) if is_whole else _slots(members, touched)
        yield from paging.touched(folder, before, members.size, pages)
        if not has_archive(self._settings, of):
            return
        is_archived = len(window) < members.size
        was_archived = before > self._settings.window and _spans_more(members, touched)
        if not (is_archived or was_archived):
            return
        parts = _touched_parts(members, touched)
        if is_whole or is_archived != was_archived:
            parts |= {part.name for part in archives.parts(members)}
            yield from (place_path(Place(folder=folder, suffix=form.suffix)) for form in FEED_FORMATS)
        for year, month, number in sorted(parts):
            for form in FEED_FORMATS:
                yield place_path(Place(folder=folder, year=year, month=month, part=number, suffix=form.suffix))

    def _united(self, of: Sequence[str], without: Sequence[str]) -> Touched:
        """What of a mix is touched, by what is touched of its collections."""
        touched = self._news.collections
        found = Touched()
        members = {key: self._edition.members((key,)) for key in (*of, *without)}
        of_any = [touched[key] for key in members if key in touched]
        for item in {item for one in of_any for item in (*one.came, *one.gone, *one.mended)}:
            is_there = {key: _is_there(members[key], touched.get(key, Touched()), item) for key in members}
            was_in, is_in = (
                any(is_there[key][when] for key in of) and not any(is_there[key][when] for key in without)
                for when in (0, 1)
            )
            if was_in and is_in:
                found.mended[item] = any(one.mended.get(item, False) for one in of_any)
            elif is_in:
                found.came.add(item)
            elif was_in:
                found.gone.add(item)
        return found


def _is_there(members: Members, touched: Touched, item: Item) -> tuple[bool, bool]:
    """Whether the item was in the collection, and whether it is now."""
    is_now = item in touched.came or item in touched.mended or (item not in touched.gone and members.has(item))
    return (is_now and item not in touched.came) or item in touched.gone, is_now


def _is_in_feeds(window: Sequence[Row], touched: Touched) -> bool:
    """Whether the feeds with these items differ, or the part of the archive that they lead to is another one."""
    newest, last = window[0].published, window[-1].item
    since = min(newest - feeds.RECENT.total_seconds(), month_bounds(*_month_of(newest))[0])
    moved = (*touched.came, *touched.gone)
    return any(item >= last for item in (*moved, *touched.mended)) or any(one.published >= since for one in moved)


def _slots(members: Members, touched: Touched) -> set[int]:
    """The stretches of PAGE_SIZE items, counted from the oldest, that show something else."""
    events = [(item, 1) for item in touched.came] + [(item, -1) for item in touched.gone]
    events += [(item, 0) for item, is_faced in touched.mended.items() if is_faced]
    return _differing(members, events, members.size, paging.PAGE_SIZE)


def _differing(members: Members, events: list[tuple[Item, int]], size: int, slot: int, since: int = 0) -> set[int]:
    events.sort(key=lambda event: event[0])
    return slots([(members.older(item, since), change) for item, change in events], size, slot)


def _spans_more(members: Members, touched: Touched) -> bool:
    """Whether the items that were there spanned more time than a feed covers at the least."""
    count = len(touched.came) + 1
    ends = [row.item for row in (*members.stretch(0, count), *members.stretch(members.size - count, count))]
    moments = [item.published for item in (*ends, *touched.gone) if item not in touched.came]
    return bool(moments) and max(moments) - min(moments) > feeds.RECENT.total_seconds()


def _touched_parts(members: Members, touched: Touched) -> set[_Part]:
    months: dict[tuple[int, int], list[tuple[Item, int]]] = {}
    changes: tuple[tuple[int, Iterable[Item]], ...] = ((1, touched.came), (-1, touched.gone), (0, touched.mended))
    for change, items in changes:
        for item in items:
            months.setdefault(_month_of(item.published), []).append((item, change))
    found: set[_Part] = set()
    for (year, number), events in months.items():
        month = members.month(year, number)
        counts = sorted(archives.count(size) for size in (month.size, month.size - sum(one for _, one in events)))
        parts = {slot + 1 for slot in _differing(members, events, month.size, archives.SIZE, month.begin)}
        if counts[0] != counts[1]:
            parts.update(range(max(1, counts[0]), counts[1] + 1))
            found |= {part.name for part in archives.beside(members, month)}
        found |= {(year, number, part) for part in parts if part <= counts[1]}
    return found


def _month_of(second: int) -> tuple[int, int]:
    day = datetime.fromtimestamp(second, UTC)
    return day.year, day.month
