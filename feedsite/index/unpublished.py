"""Articles that are not public, for the few who may see them: editors in a preview, and whoever has a signed address.

Nothing of what is public asks here.
"""

from datetime import datetime

from ..model import NEVER
from .index import Index
from .rows import COLUMNS, Row, row_of
from .unusable import strange

_NEVER = int(NEVER.timestamp())
_STANDING = f"SELECT {COLUMNS} FROM file f WHERE f.stands"  # noqa: S608  # a constant


def by_id(index: Index, article: str) -> Row | None:
    """The article with this id (Entry.iri) as it stands, whether it is public or not."""
    rows = _rows(
        index,
        f"SELECT {COLUMNS} FROM claim c JOIN file f USING (number)"  # noqa: S608  # a constant
        " WHERE c.key = 'id:' || ?1 AND c.is_held AND f.stands AND f.id = ?1",
        article,
    )
    return rows[0] if rows else None


def drafts(index: Index) -> list[Row]:
    """In the order of their files; drafts of standing pages too."""
    return _rows(index, f"{_STANDING} AND f.published = ?1 ORDER BY f.path", _NEVER)


def scheduled(index: Index, now: datetime) -> list[Row]:
    """The articles that become public by themselves, the next one first."""
    question = f"{_STANDING} AND f.published > ?1 AND f.published < ?2 ORDER BY f.published, f.sort_name"
    return _rows(index, question, int(now.timestamp()), _NEVER)


def fallen(index: Index) -> list[Row]:
    """The articles that stand nowhere, for others hold what they claim, in the order of their files."""
    return _rows(index, f"SELECT {COLUMNS} FROM file f WHERE NOT f.stands AND f.id IS NOT NULL ORDER BY f.path")  # noqa: S608  # a constant


def unread(index: Index) -> list[str]:
    """The files that always had faults: nothing is known of what they are to say."""
    with index.reading() as view:
        return [path for (path,) in view.execute("SELECT path FROM file WHERE id IS NULL ORDER BY path")]


def recent(index: Index, most: int) -> list[str]:
    """The files that were changed last, the latest first."""
    question = "SELECT path FROM file ORDER BY mtime_ns IS NOT NULL, mtime_ns DESC, path LIMIT ?"
    with index.reading() as view:
        return [path for (path,) in view.execute(question, (most,))]


def _rows(index: Index, question: str, *asked: str | int) -> list[Row]:
    with index.reading() as view:
        try:
            return [row_of(found) for found in view.execute(question, asked)]
        except (TypeError, ValueError):
            raise strange() from None
