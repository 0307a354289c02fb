"""What an export has written, and what is new against it: values only, the same for a folder, a bucket and a cache.

As text it is JSON, compact, for a site of 100,000 pages is to be looked through in the blink of an eye.
"""

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from ..errors import FeedsiteError
from ..model import forbidden
from ..plan import Planned

OWN = ".feedsite"  # the folder of the memory in an export
_TYPES = (str, str, str, int, int)
UNKNOWN = ""  # the fingerprint of what may be whole, old or away: a build was killed, or an older feedsite wrote it


class Refused(FeedsiteError):
    """One path cannot be read or written; the others can."""


class Foreign(Refused):
    """One path is left out, for what stands in its place, or where its folder must be, was not written by feedsite."""


class Row(NamedTuple):
    """One thing that was written. A tuple: 100,000 of them are read in a fifth of the time that dataclasses take.

    `fingerprint` is the plan's (plan.Planned), `digest` a hash of the bytes and all that is told with them, `source`
    the entry file. In a folder `size` (bytes) and `mtime` (nanoseconds) are those of the file as it was written.
    """

    fingerprint: str
    digest: str = ""
    source: str = ""
    size: int = -1
    mtime: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one file or object; `path` is its name there.

    Left is what the site lost and nobody removes; kept is somebody else's, in an alias's place; failed is what could
    not be read, written or removed. `problem` then says why.
    """

    path: str
    action: Literal["written", "unchanged", "removed", "left", "kept", "failed"]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Names that a memory does not hold, holds with another fingerprint, and holds in vain. In the order they came."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def difference(remembered: Mapping[str, str], standing: Mapping[str, str]) -> Difference:
    """From the fingerprints of then to the fingerprints of now, both by name."""
    return Difference(
        new=tuple(name for name in standing if name not in remembered),
        changed=tuple(name for name, print_ in standing.items() if remembered.get(name, print_) != print_),
        removed=tuple(name for name in remembered if name not in standing),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a build has to do: names whose row holds, names to draw, names to remove, and names it leaves alone."""

    unchanged: dict[str, Row]
    tasks: tuple[str, ...]
    stale: tuple[str, ...]
    kept: dict[str, Row]


def work(
    rows: Mapping[str, Row],
    items: Mapping[str, Planned],
    faulty: AbstractSet[str],
    intact: Callable[[str, Row], Row | None],
) -> Work:
    """From what was written to what is planned. `intact` gives the row of what still stands as it was written.

    What a faulty file, or a file in a folder that cannot be read, has published stays as it was.
    """
    remembered = {name: row.fingerprint for name, row in rows.items()}
    removed = difference(remembered, {name: item.fingerprint for name, item in items.items()}).removed
    kept = {name: rows[name] for name in removed if _is_below(rows[name].source, faulty)} if faulty else {}
    unchanged = {
        name: row
        for name, item in items.items()
        if remembered.get(name) == item.fingerprint and (row := intact(name, rows[name]))
    }
    return Work(
        unchanged=unchanged,
        tasks=tuple(name for name in items if name not in unchanged),
        stale=tuple(sorted(name for name in removed if name not in kept)),
        kept=kept,
    )


def begun(
    work: Work, rows: Mapping[str, Row], items: Mapping[str, Planned], foreign: AbstractSet[str] = frozenset()
) -> dict[str, Row]:
    """Rows of what is about to be written, and of what a build that was killed was about to write.

    Whoever is killed meanwhile leaves them behind, and no name is forgotten. What is `foreign` is never among them: the
    next build would take it for ours.
    """
    earlier = {name: row for name, row in rows.items() if row.fingerprint == UNKNOWN}
    return earlier | {name: Row(UNKNOWN, source=items[name].source) for name in work.tasks if name not in foreign}


def to_bytes(rows: Mapping[str, Row]) -> bytes:
    return json.dumps({"version": 2, "rows": rows}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_bytes(text: bytes) -> dict[str, Row]:
    """The rows, also of a list that an older feedsite wrote (name and entry file). Raises ValueError for any other.

    What is no name of an export's file is left out: who wrote the list may be somebody else.
    """
    try:
        told = json.loads(text)
        rows = told.get("rows")
        if not isinstance(rows, dict):
            held = {name: Row(UNKNOWN, source=source) for name, source in told.items() if isinstance(source, str)}
        else:
            held = {name: _row(row) for name, row in rows.items()}
    except (AttributeError, TypeError, ValueError, RecursionError):
        raise ValueError("no list of what was written") from None
    return {name: row for name, row in held.items() if _is_name(name)}


def _row(told: Any) -> Row:
    row = Row(*told)
    if tuple(map(type, row)) != _TYPES:
        raise TypeError(told)
    return row


def _is_name(name: str) -> bool:
    parts = name.split("/")
    return not forbidden(name) and not {"", ".", ".."} & set(parts) and parts[0].casefold() != OWN


def _is_below(source: str, faulty: AbstractSet[str]) -> bool:
    place = PurePosixPath(source)
    return bool(faulty & {source, *map(str, place.parents)} - {"."})
