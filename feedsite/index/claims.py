"""What entries claim, and which of them stand where several claim the same: no id and no address stands twice.

An entry stands when it is a part of the site, published or not; where it must not, its file has a fault. A claim is a
text: `id:` and an id, `at:` and the key of an address, or `in:` and the key of a folder that an alias needs. A draft
claims its id only. The index stores which entry holds a claim, for it may keep it later.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from .. import urls
from ..errors import Fault
from ..model import NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """The fields of an Entry that claim something, or decide who holds a claim."""

    source: str
    id: str
    path: str
    published: datetime
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The entries that stand, by their sources, each with the aliases that it keeps; and why the others do not."""

    standing: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...]


def claims(entry: Claimant) -> set[str]:
    """All that an entry claims."""
    keys = {f"id:{entry.id}"}
    if entry.published != NEVER:
        keys.add(address_claim(entry.path))
        for alias in entry.aliases:
            keys.add(address_claim(alias))
            keys.update(f"in:{folder}" for folder in _folders(alias))
    return keys


def conflicting_claims(entry: Claimant) -> set[str]:
    """The claims, of other entries or its own, that conflict with a claim of this entry.

    Any number of aliases may need one folder; an alias that is a file of the folder's name conflicts with them.
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


def held_claims(entry: Claimant, aliases: Iterable[str]) -> set[str]:
    """The claims that an entry holds when it stands with these of its aliases. Nobody holds a folder."""
    addresses = (entry.path, *aliases) if entry.published != NEVER else ()
    return {f"id:{entry.id}", *map(address_claim, addresses)}


def address_claim(path: str) -> str:
    return f"at:{urls.key(path)}"


def resolve(entries: Iterable[Claimant], held: AbstractSet[tuple[str, str]] = frozenset()) -> Resolved:
    """Decides which of these entries stand, and with which aliases.

    `held` are the claims that entries held until now, with their sources. Of several entries with the same claim, the
    one that held this very claim keeps it; else the earlier published, else the shorter file name. So neither a copy
    nor an article that moves takes anything from another one. An entry that holds an address holds its id too. A
    published article always beats a draft. An article's own address always beats an alias, whichever was first.
    """

    def rank(entry: Claimant) -> tuple[object, ...]:
        own = {key for key in held_claims(entry, entry.aliases) if (entry.source, key) in held}
        is_new_there = address_claim(entry.path) not in own
        is_draft = entry.published == NEVER
        return is_draft, is_new_there, -min(len(own), 2), entry.published, len(entry.source), entry.source

    by_id: dict[str, Claimant] = {}
    by_address: dict[str, Claimant] = {}
    standing: list[Claimant] = []
    faults: list[Fault] = []
    for entry in sorted(entries, key=rank):
        address = urls.key(entry.path) if entry.published != NEVER else None
        if other := by_id.get(entry.id):
            message = (
                f"the id {entry.id} belongs to {other.source} already; if this file is a copy, take out its id line"
            )
            faults.append(Fault(entry.source, 1, 1, message))
        elif address is not None and (other := by_address.get(address)):
            message = f"the address {entry.path} belongs to {other.source} already; add `slug: {_other_slug(entry)}`"
            faults.append(Fault(entry.source, 1, 1, message))
        else:
            by_id[entry.id] = entry
            if address is not None:
                by_address[address] = entry
            standing.append(entry)
    kept = _kept_aliases(standing, held, by_address, faults)
    aliases = {entry.source: tuple(one for one in entry.aliases if (entry.source, one) in kept) for entry in standing}
    return Resolved(aliases, tuple(sorted(faults)))


def _kept_aliases(
    standing: list[Claimant], held: AbstractSet[tuple[str, str]], by_address: dict[str, Claimant], faults: list[Fault]
) -> set[tuple[str, str]]:
    """The aliases that entries keep, with their sources; a draft has none yet.

    In an export each alias is a file, or a folder with a file in it: only one that ends in a name with a dot is a file
    by itself, and no other alias may need it as a folder.
    """
    files: set[str] = set()
    folders: set[str] = set()
    kept: set[tuple[str, str]] = set()
    asked = [(entry, alias) for entry in standing if entry.published != NEVER for alias in entry.aliases]
    asked.sort(key=lambda one: (one[0].source, address_claim(one[1])) not in held)
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
            kept.add((entry.source, alias))
            by_address[key] = entry
            folders.update(above)
            if _is_file(alias):
                files.add(key)
    return kept


def _is_file(alias: str) -> bool:
    return "." in alias.rpartition("/")[2]


def _folders(alias: str) -> list[str]:
    """The keys of the folders that an alias needs and whose names have a dot: as addresses they would be files."""
    parts = alias.rpartition("/")[0].split("/")
    return [urls.key("/".join(parts[: count + 1])) for count, part in enumerate(parts) if "." in part]


def _other_slug(entry: Claimant) -> str:
    return f"{entry.path.rstrip('/').rpartition('/')[2]}-2"
