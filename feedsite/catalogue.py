"""All entries, checked against one another and ordered. `at` tells which of them the public may see, and until when."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
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
    above: dict[str, Entry] = {}
    for entry in kept:
        for alias in entry.aliases if entry.published != NEVER else ():
            other = _at_odds(_key(alias), by_address, above) or by_address.setdefault(_key(alias), entry)
            if other is not entry:
                message = f"the alias {alias} belongs to {other.source} already; take it out of one of the two"
                faults.append(Fault(entry.source, 1, 1, message))
            else:
                above.update(dict.fromkeys(_folders(_key(alias)), entry))
    kept.sort(key=lambda entry: entry.id)
    kept.sort(key=lambda entry: entry.published, reverse=True)
    return Catalogue(tuple(kept), tuple(sorted(faults)))


def _key(path: str) -> str:
    """Two paths of one key cannot be two files: capitals are nothing to some file systems."""
    return path.rstrip("/").casefold()


def _at_odds(alias: str, by_address: dict[str, Entry], above: dict[str, Entry]) -> Entry | None:
    """The entry whose alias is a file where this one needs a folder, or the reverse: /a.b and /a.b/c.

    Only aliases can be files, by a dot in their last part; `above` are the folders that aliases need.
    """
    if "." in alias.rpartition("/")[2] and alias in above:
        return above[alias]
    return next((by_address[folder] for folder in _folders(alias) if folder in by_address and "." in folder), None)


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(1, len(parts))]


def _other_slug(entry: Entry) -> str:
    return f"{entry.path.rstrip('/').rpartition('/')[2]}-2"
