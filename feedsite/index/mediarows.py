"""Questions to the index about pictures and recordings."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .index import Index
from .readresult import Signature
from .writer import BELOW, MEDIUM


class MediumRow(NamedTuple):
    """A picture or recording: its media type, its signature, and the digest of what is published of it, "" where it has
    none. `shape` is JSON, and `spans` the text by which mediafiles names what of the file is published; both may be "".
    """

    kind: str
    signature: Signature
    digest: str = ""
    shape: str = ""
    spans: str = ""


def medium(index: Index, path: str) -> MediumRow | None:
    """A picture or recording; None where there is none."""
    with index.reading() as view:
        found = view.execute(f"SELECT {MEDIUM} FROM medium WHERE path = ?", (path,)).fetchone()  # noqa: S608  # a constant
    return _medium(*found) if found else None


def rows(index: Index) -> Iterator[tuple[str, MediumRow]]:
    """All pictures and recordings, by their paths in the site's folder."""
    with index.reading() as view:
        rows = view.execute(f"SELECT path, {MEDIUM} FROM medium").fetchall()  # noqa: S608  # a constant
    return ((path, _medium(*found)) for path, *found in rows)


def signatures(index: Index, below: str = "") -> dict[str, Signature]:
    """The signature of each picture and recording at this path or below it, or of all."""
    with index.reading() as view:
        where = f"WHERE {BELOW}" if below else ""
        question = f"SELECT path, size, mtime_ns, ctime_ns, inode FROM medium {where}"  # noqa: S608  # constants
        return {path: tuple(rest) for path, *rest in view.execute(question, (below,) if below else ())}


def asking(index: Index, media: Iterable[str]) -> set[str]:
    """The entry files whose entries have lengths or durations of these pictures and recordings."""
    asked = "SELECT f.path FROM asked a JOIN file f USING (number) WHERE a.medium = ?"
    with index.reading() as view:
        return {path for medium in media for (path,) in view.execute(asked, (medium,))}


def undigested(index: Index) -> set[str]:
    """The pictures and recordings whose digest has still to be taken, at a later scan."""
    with index.reading() as view:
        return {path for (path,) in view.execute("SELECT path FROM medium WHERE digest = ''")}


def _medium(
    kind: str, size: int, mtime: int, ctime: int, inode: int, digest: str | None, shape: str, spans: str
) -> MediumRow:
    return MediumRow(kind, (size, mtime, ctime, inode), digest or "", shape, spans)
