# ruff: noqa: S608  # only numbers of the index are put into queries
"""All articles as editors list them: drafts, scheduled, published, withdrawn ones; and files that never were sound."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from ..collection import names_of
from ..model import NEVER, Entry
from .index import Index

DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN = "draft", "scheduled", "published", "withdrawn"
STATES = (DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN)
_NEVER = int(NEVER.timestamp())
_PAGES = "path > 'pages/' AND path < 'pages0'"  # 0 follows / in ASCII


class Listed(NamedTuple):
    """An article that stands, with its state."""

    entry: Entry
    state: str


def listed(index: Index, now: datetime, states: Sequence[str] = STATES, keys: Sequence[str] = ()) -> Iterator[Listed]:
    """The articles of these states, in all of the collections of these keys; newest first, drafts before all others.

    To be used within one view of the index. An article is read when it is its turn.
    """
    wanted = set(states)
    moment = int(now.timestamp())
    within = "".join(
        f" AND (published = {_NEVER} OR EXISTS (SELECT 1 FROM member m WHERE m.collection = {number or 0}"
        " AND m.published = f.published AND m.sort_name = f.sort_name AND m.part = ''))"
        for number in map(index.collection, keys)
    )
    question = (
        f"SELECT number, published, is_withdrawn FROM file f WHERE stands AND published <= {_NEVER}{within}"
        " ORDER BY published DESC, sort_name DESC"
    )
    with index.reading() as view:
        for number, published, is_withdrawn in view.execute(question).fetchall():
            state = _state(published, moment, is_withdrawn=bool(is_withdrawn))
            if state not in wanted:
                continue
            entry = index.entry(number)
            if state != DRAFT or all(key in names_of(entry) for key in keys):
                yield Listed(entry, state)


def _state(published: int, now: int, *, is_withdrawn: bool) -> str:
    if published == _NEVER:
        return DRAFT
    if is_withdrawn:
        return WITHDRAWN
    return SCHEDULED if published > now else PUBLISHED


def broken(index: Index) -> list[str]:
    """The files of articles of which nothing stands, for they have faults and were never without."""
    with index.reading() as view:
        found = view.execute(f"SELECT path FROM file WHERE NOT stands AND NOT ({_PAGES}) ORDER BY path")
        return [path for (path,) in found]
