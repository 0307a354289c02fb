"""Which article of one state is which of another, and what became of it. Both are walked side by side, by their ids."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..index.rows import Row
from .states import State

_LIKE = 0.8  # share of the words that two texts have in common where they are taken for one
_MOST = 500  # articles that are gone whose texts are compared with those that came
_WORD = re.compile(r"\w+")


class Pair(NamedTuple):
    """An article as it was and as it is; None where it was not there, or is not. One of the two is given."""

    old: Row | None
    new: Row | None

    @property
    def is_renamed(self) -> bool:
        """Whether it has another id in one format or in all."""
        return self.old is not None and self.new is not None and self.old.id != self.new.id


def differing(old: State, new: State) -> list[Pair]:
    """All articles and standing pages that are not the same in both states, drafts and scheduled ones too."""
    pairs = list(_merged(old.rows(), new.rows()))
    gone = [pair.old for pair in pairs if pair.old and not pair.new]
    came = [pair.new for pair in pairs if pair.new and not pair.old]
    linked = _linked(gone, came, old, new) if gone and came else {}
    heirs = {heir.number for heir in linked.values()}
    return [
        Pair(pair.old, linked.get(pair.old.number)) if pair.old and not pair.new else pair
        for pair in pairs
        if pair.old or not pair.new or pair.new.number not in heirs
    ]


def _merged(old: Iterator[Row], new: Iterator[Row]) -> Iterator[Pair]:
    """Both in the order of ids; what is the same in both is left out."""
    mine, its = next(old, None), next(new, None)
    while mine or its:
        if its is None or (mine and mine.id < its.id):
            yield Pair(mine, None)
            mine = next(old, None)
        elif mine is None or its.id < mine.id:
            yield Pair(None, its)
            its = next(new, None)
        else:
            if _marks(mine) != _marks(its):
                yield Pair(mine, its)
            mine, its = next(old, None), next(new, None)


def _marks(row: Row) -> tuple[object, ...]:
    return row.digest, row.source, row.path, row.published, row.aliases


def _linked(gone: Iterable[Row], came: Iterable[Row], old: State, new: State) -> dict[int, Row]:
    """Of the articles whose ids are gone those that go on under other ids, by their numbers.

    It is the one in the same file, or at the same address; or of the same moment or title, and with nearly its text.
    """
    found: dict[int, Row] = {}
    left = list(gone)
    free = {row.number: row for row in came}
    for key in (_source, _address):
        by = {key(row): row for row in free.values()}
        for row in left:
            if (heir := by.pop(key(row), None)) and row.is_undated == heir.is_undated:
                found[row.number] = heir
                del free[heir.number]
        left = [row for row in left if row.number not in found]
    if not 0 < len(left) * len(free) <= _MOST * _MOST:
        return found
    texts = {number: _text(new, row) for number, row in free.items()}
    for row in left:
        text = _text(old, row)
        near = {number: text.likeness(texts[number]) for number in free if text.may_be(texts[number])}
        best = max(near, key=lambda number: (near[number], number), default=None)
        if best is not None and near[best] >= _LIKE:
            found[row.number] = free.pop(best)
    return found


class _Text(NamedTuple):
    """By what an article is known under another name."""

    moment: int
    title: str
    words: frozenset[str]

    def may_be(self, other: "_Text") -> bool:
        return self.moment == other.moment or self.title == other.title

    def likeness(self, other: "_Text") -> float:
        """The share of the words that both have: 1.0 for the same words."""
        return len(self.words & other.words) / max(len(self.words | other.words), 1)


def _text(state: State, row: Row) -> _Text:
    entry = state.edition.entry(row)
    return _Text(row.published, entry.title, frozenset(_WORD.findall(entry.body)))


def _source(row: Row) -> str:
    return row.source


def _address(row: Row) -> str:
    return row.path
