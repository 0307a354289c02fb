"""How the feeds of one list differ between two states. Only items that differ are drawn."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from .. import archives
from ..collection import Collection
from ..index.rows import Row
from ..lists import has_archive
from ..places import Place, path_of
from .matching import Pair
from .noticed import Fate, FeedChange
from .states import State

_ARCHIVE = "atom"  # the format in which a part of an archive is named


@dataclass(frozen=True, slots=True)
class Fated:
    """What became of an item in a feed, with its row in each state, the fields that differ, and where it stands in the
    archive once it has left the window.
    """

    fate: Fate
    old: Row | None
    new: Row | None
    changed: frozenset[str] = frozenset()
    archive: str = ""

    @property
    def row(self) -> Row:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # one of them is given
        return found


class FeedComparison:
    """Compares the feeds of lists. `pairs` are the articles that differ. `is_redrawn` is whether items may be shown in
    another way though their articles are the same, for settings differ.
    """

    def __init__(self, old: State, new: State, pairs: list[Pair], *, is_redrawn: bool) -> None:
        self._old, self._new = old, new
        self._is_redrawn = is_redrawn
        self._by_old = {pair.old.id: pair for pair in pairs if pair.old}
        self._by_new = {pair.new.id: pair for pair in pairs if pair.new}

    def compared(self, folder: str) -> tuple[FeedChange, list[Fated]] | None:
        """What differs in the feeds of the list at this path, and its items; None where nothing does."""
        was, now = self._old.collection(folder), self._new.collection(folder)
        windows = self._old.window(was), self._new.window(now)
        fated = [*self._fated(*windows, was, now), *self._left(*windows, now)]
        collection = now or was
        if collection is None or (was and now and not fated):
            return None
        fates: dict[Fate, list[str]] = defaultdict(list)
        for one in fated:
            fates[one.fate].append(one.row.id)
        change = FeedChange(
            path=folder,
            title=collection.title,
            state="changed" if was and now else "new" if now else "gone",
            fates={fate: tuple(ids) for fate, ids in fates.items()},
        )
        return change, fated

    def _fated(self, old: list[Row], new: list[Row], was: Collection | None, now: Collection | None) -> Iterator[Fated]:
        before = {row.id: row for row in old}
        for row in new:
            if former := before.pop(row.id, None):
                if changed := self._changed(former, row):
                    is_withdrawn = row.is_withdrawn and not former.is_withdrawn and not row.part
                    yield Fated("withdrawn" if is_withdrawn else "updated", former, row, changed)
                continue
            former = self._former(row)
            if former is None or not self._old.is_public(former):
                yield Fated("new", None, row)
            elif former.id != row.id:
                before.pop(former.id, None)
                yield Fated("twice", former, row, self._changed(former, row) | {"id"})
            else:
                is_back = was is not None and self._old.plan.collections.members(was).has(former.item)
                yield Fated("back" if is_back else "listed", former, row)
        for row in before.values():
            if not self._stays(row, now):
                yield Fated("gone", row, None)

    def _changed(self, old: Row, new: Row) -> frozenset[str]:
        if not self._is_redrawn and (old.digest, old.id) == (new.digest, new.id):
            return frozenset()
        return self._old.shown(old).differing(self._new.shown(new))

    def _left(self, old: list[Row], new: list[Row], now: Collection | None) -> Iterator[Fated]:
        """The items that left the window and are still in the list."""
        ids = {row.id for row in new}
        for row in old:
            later = self._later(row)
            if later and row.id not in ids and later.id not in ids and now and self._stays(row, now):
                yield Fated("left", row, later, archive=self._archive(later, now))

    def _archive(self, row: Row, collection: Collection) -> str:
        if not has_archive(self._new.settings, collection.of):
            return ""
        day = datetime.fromtimestamp(row.published, UTC)
        members = self._new.plan.collections.members(collection)
        month = members.month(day.year, day.month)
        number = members.older(row.item, month.begin) // archives.SIZE + 1
        return path_of(Place(folder=collection.path, year=day.year, month=day.month, part=number, suffix=_ARCHIVE))

    def _stays(self, row: Row, now: Collection | None) -> bool:
        """Whether the item of the old state still is in the list."""
        later = self._later(row)
        return bool(later and now and self._new.plan.collections.members(now).has(later.item))

    def _former(self, row: Row) -> Row | None:
        """The item of the new state as it was; None where there was none."""
        pair = self._by_new.get(_article(row))
        return _of_part(pair.old, row.part, self._old) if pair else row

    def _later(self, row: Row) -> Row | None:
        """The item of the old state as it is; None where there is none."""
        pair = self._by_old.get(_article(row))
        return _of_part(pair.new, row.part, self._new) if pair else row


def _article(row: Row) -> str:
    return row.id.removesuffix(row.part) if row.part else row.id


def _of_part(article: Row | None, part: str, state: State) -> Row | None:
    """The article, or the notice of this part about it where it has one."""
    if article is None or not part:
        return article
    moments = state.moments(article, part)
    return article._replace(id=article.id + part, part=part, published=moments[0]) if moments else None
