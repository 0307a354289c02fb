"""What entries claim, and which of them stand where several claim the same: no id and no address stands twice.

An entry stands when it is a part of the site, published or not; where it must not, its file has a fault (conflicts.py).
A claim is a text: `id:` and an id, `at:` and the key of an address, `in:` and the key of a folder that an alias needs,
or `of:` and the path of the file that this one seems to be a copy of. A draft claims its id only. The index stores
which entry holds a claim, for it may keep it later.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .. import urls
from ..model import NEVER
from .copies import originals

_NO_COPIES: Mapping[str, str] = {}
_LONGEST_SLUG = 180  # bytes; an address has parts of 200 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """The fields of an Entry that claim something, or decide who holds a claim."""

    source: str
    id: str
    path: str
    published: datetime
    aliases: tuple[str, ...] = ()


class Conflict(NamedTuple):
    """A claim that an entry does not get, with its source: an `id`, `address` or `alias` that the entry of the source
    `other` holds; an alias that needs a `folder` where another is a file, or the reverse, and then `other` is "".

    `copy`: the file is a copy of the file `other`. `advice` is a slug that is free.
    """

    source: str
    claim: str
    value: str
    other: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The entries that stand, by their sources, each with the aliases that it keeps; and why the others do not."""

    standing: Mapping[str, tuple[str, ...]]
    conflicts: tuple[Conflict, ...]


def claims(entry: Claimant) -> set[str]:
    """All that an entry claims."""
    keys = {f"id:{entry.id}"}
    keys.update(f"of:{path}" for path in originals(entry.source))
    if entry.published != NEVER:
        keys.add(address_claim(entry.path))
        for alias in entry.aliases:
            keys.add(address_claim(alias))
            keys.update(f"in:{folder}" for folder in _folders(alias))
    return keys


def conflicting_claims(entry: Claimant, own: AbstractSet[str]) -> set[str]:
    """The claims, of other entries or its own, that conflict with a claim of this entry. `own` are all that it claims.

    Any number of aliases may need one folder; an alias that is a file of the folder's name conflicts with them. Any
    number of files may be copies of this one.
    """
    keys = {f"of:{entry.source}"}
    for key in own:
        kind, _, name = key.partition(":")
        if kind == "in":
            keys.add(f"at:{name}")
        elif kind != "of":
            keys.add(key)
            if kind == "at" and _is_file(name):
                keys.add(f"in:{name}")
    return keys


def held_claims(entry: Claimant, aliases: Iterable[str]) -> set[str]:
    """The claims that an entry holds when it stands with these of its aliases. Nobody holds a folder, or a copy."""
    addresses = (entry.path, *aliases) if entry.published != NEVER else ()
    return {f"id:{entry.id}", *map(address_claim, addresses)}


def address_claim(path: str) -> str:
    return f"at:{urls.key(path)}"


def resolve(
    entries: Iterable[Claimant],
    held: AbstractSet[tuple[str, str]] = frozenset(),
    copies: Mapping[str, str] = _NO_COPIES,
) -> Resolved:
    """Decides which of these entries stand, and with which aliases.

    `held` are the claims that entries held until now, with their sources. Of several entries with the same claim, the
    one that held this very claim keeps it; else the earlier published, else the shorter file name. So neither a copy
    nor an article that moves takes anything from another one. An entry that holds an address holds its id too. A
    published article always beats a draft. An article's own address always beats an alias, whichever was first.

    `copies` are the sources of copies, each with that of its original. One that never stood does not while the original
    does; one that stood before its original came stays. A draft has no copies but drafts. A copy takes nothing from an
    original that was published at the same time, for its name is longer.
    """
    former = {source for source, _ in held}

    def rank(entry: Claimant) -> tuple[object, ...]:
        own = {key for key in held_claims(entry, entry.aliases) if (entry.source, key) in held}
        is_new_there = address_claim(entry.path) not in own
        is_draft = entry.published == NEVER
        return is_draft, is_new_there, -min(len(own), 2), entry.published, len(entry.source), entry.source

    by_id: dict[str, Claimant] = {}
    by_address: dict[str, Claimant] = {}
    standing: dict[str, Claimant] = {}
    conflicts: list[Conflict] = []
    refused: list[tuple[Claimant, str, str, str]] = []  # with the claim, its value and the source of its holder
    for entry in sorted(entries, key=rank):
        address = urls.key(entry.path) if entry.published != NEVER else None
        original = standing.get(copies.get(entry.source, ""))
        if original and entry.source not in former and _is_of(entry, original):
            conflicts.append(Conflict(entry.source, "copy", "", original.source))
        elif other := by_id.get(entry.id):
            refused.append((entry, "id", entry.id, other.source))
        elif address is not None and (other := by_address.get(address)):
            refused.append((entry, "address", entry.path, other.source))
        else:
            by_id[entry.id] = standing[entry.source] = entry
            if address is not None:
                by_address[address] = entry
    for source in copies.keys() & former & standing.keys():
        original = standing.get(copies[source])
        if original and _is_of(standing[source], original):
            conflicts.append(Conflict(source, "copy", "", original.source))
    conflicts += _with_advice(refused, by_address)
    kept = _kept_aliases(standing.values(), held, by_address, conflicts)
    aliases = {
        source: tuple(one for one in entry.aliases if (source, one) in kept) for source, entry in standing.items()
    }
    return Resolved(aliases, tuple(sorted(conflicts)))


def _is_of(copy: Claimant, original: Claimant) -> bool:
    return original.published != NEVER or copy.published == NEVER


def _with_advice(
    refused: Iterable[tuple[Claimant, str, str, str]], by_address: Mapping[str, Claimant]
) -> Iterator[Conflict]:
    """Conflicts, each with a slug at whose address nothing stands where its own address is another's."""
    taken = set(by_address)
    numbers: dict[str, int] = {}  # the last one that was proposed behind each slug
    for entry, claim, value, other in refused:
        advice = ""
        if entry.published != NEVER and urls.key(entry.path) in by_address:
            folder, _, slug = entry.path.rstrip("/").rpartition("/")
            stem = _fitting(slug)
            number = numbers.get(f"{folder}/{stem}", 2)
            while (key := urls.key(f"{folder}/{stem}-{number}")) in taken:
                number += 1
            numbers[f"{folder}/{stem}"] = number
            taken.add(key)
            advice = f"{stem}-{number}"
        yield Conflict(entry.source, claim, value, other, advice)


def _fitting(slug: str) -> str:
    """The slug, or so much of it that a number behind it makes it no longer than a part of an address may be."""
    return slug.encode()[:_LONGEST_SLUG].decode(errors="ignore").rstrip("-")


def _kept_aliases(
    standing: Iterable[Claimant],
    held: AbstractSet[tuple[str, str]],
    by_address: dict[str, Claimant],
    conflicts: list[Conflict],
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
        if not files.isdisjoint(above) or (_is_file(alias) and key in folders):
            conflicts.append(Conflict(entry.source, "folder", alias, ""))
        elif other is not entry:
            conflicts.append(Conflict(entry.source, "alias", alias, other.source))
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
