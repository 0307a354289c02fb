"""The manifest of an export: what was written, and what a build has to do. The same for a folder and a bucket.

As text it is compact JSON, so that the rows of 100,000 pages are read in a fraction of a second.
"""

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from ..changes import State, state_of
from ..errors import FeedsiteError
from ..model import forbidden
from ..planned import Planned

OWN = ".feedsite"  # the folder of the manifest in an export
_TYPES = (str, str, str, int, int, str)
UNKNOWN = ""  # a fingerprint: the file may be new, old or missing, for a build was killed, or is of an older feedsite


class Refused(FeedsiteError):
    """One file or object cannot be read or written; the others can."""


class Foreign(Refused):
    """One file or object is left out: what stands in its place, or in its folder's, was not written by feedsite."""


class Row(NamedTuple):
    """A file or object that was written. A tuple is read from JSON in a fifth of the time that a dataclass takes.

    `fingerprint` and `source` are the plan's (plan.Planned). `digest` is a hash of the bytes, in a bucket of the
    headers too. In a folder `size` (bytes) and `mtime` (nanoseconds) are those of the file when it was written. `path`
    is the site's, where the name alone does not say it (names.path_of); else "".
    """

    fingerprint: str
    digest: str = ""
    source: str = ""
    size: int = -1
    mtime: int = 0
    path: str = ""


class Manifest(NamedTuple):
    """The rows of what was written, by name. `state` is one of the plan (changes.State) up to which they are those of
    all paths; None where a path is not among them, or nothing is known.
    """

    rows: dict[str, Row]
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one file or object; `path` is its name there.

    "left" is what the site no longer has, and is not removed; "kept" is somebody else's file in the place
    of an alias, or their robots.txt or icon; "failed" is what could not be read, written or removed, and `problem` the
    reason.
    """

    path: str
    action: Literal["written", "unchanged", "removed", "left", "kept", "failed"]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Names that are only in the plan, that have another fingerprint there, and that are only in the manifest."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def difference(written: Mapping[str, str], planned: Mapping[str, str]) -> Difference:
    """From the fingerprints in the manifest to those in the plan, both by name and in its order."""
    return Difference(
        new=tuple(name for name in planned if name not in written),
        changed=tuple(name for name, print_ in planned.items() if written.get(name, print_) != print_),
        removed=tuple(name for name in written if name not in planned),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Rows that stay, names to draw, names to remove, and rows of what faulty files published, which is left alone."""

    unchanged: dict[str, Row]
    tasks: tuple[str, ...]
    stale: tuple[str, ...]
    untouched: dict[str, Row]


def work(
    rows: Mapping[str, Row],
    items: Mapping[str, Planned],
    faulty: AbstractSet[str],
    intact: Callable[[str, Row], Row | None],
) -> Work:
    """What leads from the rows that were written to the plan. `intact` returns the row of what was not changed since.

    What a faulty file, or a file in a folder that cannot be read, has published stays as it was.
    """
    written = {name: row.fingerprint for name, row in rows.items()}
    removed = difference(written, {name: item.fingerprint for name, item in items.items()}).removed
    untouched = {name: rows[name] for name in removed if _is_below(rows[name].source, faulty)} if faulty else {}
    unchanged = {
        name: row
        for name, item in items.items()
        if written.get(name) == item.fingerprint and (row := intact(name, rows[name]))
    }
    return Work(
        unchanged=unchanged,
        tasks=tuple(name for name in items if name not in unchanged),
        stale=tuple(sorted(name for name in removed if name not in untouched)),
        untouched=untouched,
    )


def pending(
    work: Work, rows: Mapping[str, Row], items: Mapping[str, Planned], foreign: AbstractSet[str] = frozenset()
) -> dict[str, Row]:
    """Rows of what is about to be written, and of what earlier builds that were killed were about to write.

    They stay behind when this build is killed, so that no name is forgotten. `foreign` names are not among them: the
    next build would take those files for ours.
    """
    earlier = {name: row for name, row in rows.items() if row.fingerprint == UNKNOWN}
    begun = {name: items[name] for name in work.tasks if name not in foreign}
    return earlier | {name: Row(UNKNOWN, source=item.source, path=item.path) for name, item in begun.items()}


def to_bytes(rows: Mapping[str, Row], state: State | None = None) -> bytes:
    value = {"version": 3, "state": state and asdict(state), "rows": rows}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_bytes(text: bytes) -> Manifest:
    """Reads a manifest, also a list by feedsite 0.1 (name and entry file). Raises ValueError for any other text.

    What is no name of an export's file is left out, for somebody else may have written the list.
    """
    try:
        value = json.loads(text)
        listed = value.get("rows")
        state = state_of(value["state"]) if isinstance(listed, dict) and value.get("state") else None
        if not isinstance(listed, dict):
            rows = {name: Row(UNKNOWN, source=source) for name, source in value.items() if isinstance(source, str)}
        else:
            rows = {name: _row(row) for name, row in listed.items()}
    except (AttributeError, TypeError, ValueError, RecursionError):
        raise ValueError("no list of what was written") from None
    return Manifest({name: row for name, row in rows.items() if _is_name(name)}, state)


def _row(members: Any) -> Row:
    row = Row(*members)
    if tuple(map(type, row)) != _TYPES:
        raise TypeError(members)
    return row


def _is_name(name: str) -> bool:
    parts = name.split("/")
    return not forbidden(name) and not {"", ".", ".."} & set(parts) and parts[0].casefold() != OWN


def _is_below(source: str, faulty: AbstractSet[str]) -> bool:
    place = PurePosixPath(source)
    return bool(faulty & {source, *map(str, place.parents)} - {"."})
