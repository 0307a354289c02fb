"""All entries, checked against one another and ordered. `at` tells which of them the public may see, and until when."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from .errors import Fault
from .model import NEVER, Entry


@dataclass(frozen=True, slots=True)
class Edition:
    """What is public at one moment: newest first, ties by id. `until` is when the next scheduled article joins it."""

    entries: tuple[Entry, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every entry, drafts and scheduled ones too; no id and no address stands twice."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    def at(self, now: datetime) -> Edition:
        """A draft is published NEVER, so that one comparison hides drafts and the future alike."""
        later = [entry.published for entry in self.entries if entry.published > now and entry.published != NEVER]
        return Edition(tuple(entry for entry in self.entries if entry.published <= now), min(later, default=None))


def gather(entries: Iterable[Entry], incumbents: AbstractSet[tuple[str, str]] = frozenset()) -> Catalogue:
    """One catalogue of the entries of all files.

    Where two files claim one id or one address, the incumbent keeps it (`incumbents` holds the source and id of the
    entries that stood in the catalogue before), else the earlier published, else the shorter file name; the other is a
    fault. So a file copied as a template never pushes its model out.
    """
    claims = sorted(
        entries,
        key=lambda entry: (
            (entry.source, entry.id) not in incumbents,
            entry.published,
            len(entry.source),
            entry.source,
        ),
    )
    by_id: dict[str, Entry] = {}
    by_address: dict[str, Entry] = {}
    kept: list[Entry] = []
    faults: list[Fault] = []
    for entry in claims:
        if other := by_id.get(entry.id):
            message = (
                f"the id {entry.id} belongs to {other.source} already; if this file is a copy, take out its id line"
            )
            faults.append(Fault(entry.source, 1, 1, message))
        elif entry.published == NEVER:  # a draft has an id, and no address yet
            by_id[entry.id] = entry
            kept.append(entry)
        elif other := by_address.get(_key(entry.path)):
            message = f"the address {entry.path} belongs to {other.source} already; add `slug: {_other_slug(entry)}`"
            faults.append(Fault(entry.source, 1, 1, message))
        else:
            by_id[entry.id] = by_address[_key(entry.path)] = entry
            kept.append(entry)
    above: set[str] = set()
    kept = [_with_sound_aliases(entry, by_address, above, faults) for entry in kept]
    kept.sort(key=lambda entry: entry.id)
    kept.sort(key=lambda entry: entry.published, reverse=True)
    return Catalogue(tuple(kept), tuple(sorted(faults)))


def _with_sound_aliases(entry: Entry, by_address: dict[str, Entry], above: set[str], faults: list[Fault]) -> Entry:
    """The entry with the aliases that nobody else holds; a draft has none yet."""
    sound = []
    for alias in entry.aliases if entry.published != NEVER else ():
        key = _key(alias)
        other = by_address.setdefault(key, entry)
        message = ""
        if _is_at_odds(key, by_address, above):
            message = f"the alias {alias} needs a folder where another one is a file, or the reverse; take it out"
        elif other is not entry:
            message = f"the alias {alias} belongs to {other.source} already; take it out of one of the two"
        if message:
            faults.append(Fault(entry.source, 1, 1, message))
        else:
            sound.append(alias)
            above.update(_folders(key))
    return replace(entry, aliases=tuple(sound)) if len(sound) < len(entry.aliases) else entry


def _key(path: str) -> str:
    """Two paths of one key cannot be two files: capitals are nothing to some file systems."""
    return path.rstrip("/").casefold()


def _is_at_odds(alias: str, by_address: dict[str, Entry], above: set[str]) -> bool:
    """Whether an alias and another one cannot both be files in an export: /a.b and /a.b/c.

    Only aliases can be files, by a dot in their last part; `above` are the folders that aliases need.
    """
    return alias in above or any(folder in by_address for folder in _folders(alias))


def _folders(path: str) -> list[str]:
    """The folders above a path whose names have a dot: as addresses they would be files."""
    parts = path.split("/")[:-1]
    folders = ("/".join(parts[: count + 1]) for count in range(1, len(parts)))
    return [folder for folder in folders if "." in folder.rpartition("/")[2]]


def _other_slug(entry: Entry) -> str:
    return f"{entry.path.rstrip('/').rpartition('/')[2]}-2"
