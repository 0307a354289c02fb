"""What several files say, checked against one another: no id and no address stands twice."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from .. import urls
from ..errors import Fault
from ..model import NEVER


class Claimant(Protocol):
    """What an entry claims: an id, an address, and aliases. Also Entry itself is one."""

    @property
    def source(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def published(self) -> datetime: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


C = TypeVar("C", bound=Claimant)


@dataclass(frozen=True, slots=True)
class Catalogue(Generic[C]):
    """The entries that stand, drafts and scheduled ones too, newest first, ties by id; and what was wrong."""

    entries: tuple[C, ...]
    faults: tuple[Fault, ...]


def claims(entry: Claimant) -> set[str]:
    """What an entry asks for: its id (id:), its addresses (at:), and the folders that its aliases need (in:)."""
    keys = {f"id:{entry.id}"}
    if entry.published != NEVER:  # a draft has an id, and no address yet
        keys.add(claim(entry.path))
        for alias in entry.aliases:
            keys.add(claim(alias))
            keys.update(f"in:{folder}" for folder in _folders(alias))
    return keys


def rivals(entry: Claimant) -> set[str]:
    """The claims, of other entries or its own, that can be at odds with what this entry claims.

    Entries all stand where no two of them are at odds. A folder that an alias needs is at odds with an alias that is a
    file of that name; any number of aliases may need one folder.
    """
    keys: set[str] = set()
    for key in claims(entry):
        kind, _, name = key.partition(":")
        if kind == "in":
            keys.add(f"at:{name}")
            continue
        keys.add(key)
        if kind == "at" and _is_file(name):
            keys.add(f"in:{name}")
    return keys


def claim(path: str) -> str:
    """The claim that an address is."""
    return f"at:{urls.key(path)}"


def holdings(entry: Claimant) -> set[str]:
    """The claims that an entry of a catalogue holds."""
    addresses = (entry.path, *entry.aliases) if entry.published != NEVER else ()
    return {f"id:{entry.id}", *map(claim, addresses)}


def gather(entries: Iterable[C], held: AbstractSet[tuple[str, str]] = frozenset()) -> Catalogue[C]:
    """One catalogue of the entries of all files.

    Where two files claim one id or one address, the one that held this very claim before keeps it (`held` are sources
    and claims, of entries that stood), else the earlier published, else the shorter file name; the other is a fault. So
    neither a copy nor an article that moves pushes another out. Who holds an address holds its id too; against what is
    published a draft has no rights. An alias never stands against an article's own address, whatever was there first.
    """

    def right(entry: C) -> tuple[object, ...]:
        own = {key for key in holdings(entry) if (entry.source, key) in held}
        moves = claim(entry.path) not in own
        return entry.published == NEVER, moves, -min(len(own), 2), entry.published, len(entry.source), entry.source

    by_right = sorted(entries, key=right)
    by_id: dict[str, C] = {}
    by_address: dict[str, C] = {}
    kept: list[C] = []
    faults: list[Fault] = []
    for entry in by_right:
        if other := by_id.get(entry.id):
            message = (
                f"the id {entry.id} belongs to {other.source} already; if this file is a copy, take out its id line"
            )
            faults.append(Fault(entry.source, 1, 1, message))
        elif entry.published == NEVER:  # a draft has an id, and no address yet
            by_id[entry.id] = entry
            kept.append(entry)
        elif other := by_address.get(urls.key(entry.path)):
            message = f"the address {entry.path} belongs to {other.source} already; add `slug: {_other_slug(entry)}`"
            faults.append(Fault(entry.source, 1, 1, message))
        else:
            by_id[entry.id] = by_address[urls.key(entry.path)] = entry
            kept.append(entry)
    kept = _with_sound_aliases(kept, held, by_address, faults)
    kept.sort(key=lambda entry: entry.id)
    kept.sort(key=lambda entry: entry.published, reverse=True)
    return Catalogue(tuple(kept), tuple(sorted(faults)))


def _with_sound_aliases(
    entries: list[C], held: AbstractSet[tuple[str, str]], by_address: dict[str, C], faults: list[Fault]
) -> list[C]:
    """The entries with the aliases that nobody else holds; a draft has none yet.

    In an export each alias is a file, or a folder with a file in it: only one that ends in a name with a dot is a file
    by itself, and no other may need it as a folder.
    """
    sound: set[tuple[str, str]] = set()
    files: set[str] = set()
    folders: set[str] = set()
    asked = [(entry, alias) for entry in entries if entry.published != NEVER for alias in entry.aliases]
    asked.sort(key=lambda one: (one[0].source, claim(one[1])) not in held)
    for entry, alias in asked:
        key, above = urls.key(alias), _folders(alias)
        other = by_address.get(key, entry)
        message = ""
        if not files.isdisjoint(above) or (_is_file(alias) and key in folders):
            message = f"the alias {alias} needs a folder where another one is a file, or the reverse; take it out"
        elif other is not entry:
            message = f"the alias {alias} belongs to {other.source} already; take it out of one of the two"
        if message:
            faults.append(Fault(entry.source, 1, 1, message))
        else:
            sound.add((entry.source, alias))
            by_address[key] = entry
            folders.update(above)
            if _is_file(alias):
                files.add(key)
    return [_reduced(entry, tuple(one for one in entry.aliases if (entry.source, one) in sound)) for entry in entries]


def _reduced(entry: C, aliases: tuple[str, ...]) -> C:
    if len(aliases) == len(entry.aliases):
        return entry
    claimant: Any = entry  # each claimant is a dataclass, which Protocol cannot say
    reduced: C = replace(claimant, aliases=aliases)
    return reduced


def _is_file(alias: str) -> bool:
    return "." in alias.rpartition("/")[2]


def _folders(alias: str) -> list[str]:
    """The keys of the folders that an alias needs and whose names have a dot: as addresses they would be files."""
    parts = alias.rpartition("/")[0].split("/")
    return [urls.key("/".join(parts[: count + 1])) for count, part in enumerate(parts) if "." in part]


def _other_slug(entry: Claimant) -> str:
    return f"{entry.path.rstrip('/').rpartition('/')[2]}-2"
