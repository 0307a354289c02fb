"""Mixes: collections united, and others left out, at an address that says which. Each mix has one canonical address.

`/mix/tag.united-nations+world.asia/without/author.meridian-wire+culture/`: a name is the path of a collection with dots
for its slashes; `+` is "or". `everything` is a name as well.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from .collection import EVERYTHING, key_at, path_of
from .words import ENGLISH, Words

FOLDER = "/mix/"
_WITHOUT = "/without/"
MOST = 12  # names in a mix
_MOST_FIELDS = 1000  # of a form: more than a page has boxes


class NoMixError(Exception):
    """Why an address is that of no mix: `said` gives a sentence for whoever asked for it."""

    def __init__(self, said: Callable[[Words], str]) -> None:
        self.said = said

    def __str__(self) -> str:
        return self.said(ENGLISH)


@dataclass(frozen=True, slots=True)
class Mix:
    """The keys of the collections that are united, and of those that are left out."""

    of: tuple[str, ...]
    without: tuple[str, ...] = ()


def name_of(key: str) -> str:
    """The name of a collection in the address of a mix."""
    return path_of(key).strip("/").replace("/", ".") or EVERYTHING


def key_of(name: str) -> str | None:
    """The key of the collection with this name, written with dots or slashes; None where no collection can have it."""
    path = name.strip().strip("/").replace(".", "/").casefold()
    return EVERYTHING if path == EVERYTHING else key_at(f"/{path}/")


def read(folder: str) -> Mix:
    """The mix at this address, however its names are sorted. Raises NoMixError."""
    of, _, without = folder.removeprefix(FOLDER).strip("/").partition(_WITHOUT)
    if not of:
        raise NoMixError(
            lambda words: words.text(
                "Name what the mix should combine, for example {example}.", example="/mix/world+tag.trade/"
            )
        )
    return _of_names(of.split("+"), without.split("+") if without else [])


def chosen(query: str) -> Mix | None:
    """The mix that a form asks for by its fields `of` and `without`; None where nothing was chosen.

    Where only `without` has values the rest of everything is meant. Raises NoMixError.
    """
    try:
        fields = parse_qs(query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise NoMixError(
            lambda words: words.counted(
                "A mix can have at most {number} name.", "A mix can have at most {number} names.", MOST
            )
        ) from None
    of, without = fields.get("of", []), fields.get("without", [])
    return _of_names(of or [EVERYTHING], without) if of or without else None


def _of_names(of: list[str], without: list[str]) -> Mix:
    count = len(of) + len(without)
    if count > MOST:
        raise NoMixError(
            lambda words: words.counted(
                "A mix can have at most {number} name; this one has {count}.",
                "A mix can have at most {number} names; this one has {count}.",
                MOST,
                count=words.number(count),
            )
        )
    return Mix(tuple(map(_key, of)), tuple(map(_key, without)))


def canonical(mix: Mix) -> Mix:
    """The same mix, sorted by names and without what another name contains. Raises NoMixError where nothing is left."""
    without = _outermost(mix.without)
    of = [key for key in _outermost(mix.of) if not any(_contains(other, key) for other in without)]
    if not of:
        raise NoMixError(lambda words: words.text("This mix leaves out everything that it includes."))
    return Mix(_sorted(of), _sorted(without))


def folder_of(mix: Mix) -> str:
    """The address of a canonical mix. That of a single name is the address of the collection."""
    if len(mix.of) == 1 and not mix.without:
        return path_of(mix.of[0])
    without = f"without/{'+'.join(map(name_of, mix.without))}/" if mix.without else ""
    return f"{FOLDER}{'+'.join(map(name_of, mix.of))}/{without}"


def title(of: Sequence[str], without: Sequence[str], words: Words) -> str:
    """A mix in words, of the titles of its collections: World/Asia or Japan, without Culture or Meridian Wire"""
    united = words.listed(of, is_either=True)
    if not without:
        return united
    return words.text("{these}, without {others}", these=united, others=words.listed(without, is_either=True))


def _key(name: str) -> str:
    key = key_of(name)
    if key is None or "/" in name or name != name.strip("."):
        raise NoMixError(
            lambda words: words.text(
                "There is no list named {name}. Names in a mix look like {examples}.",
                name=repr(name),
                examples=words.listed(("world", "world.asia", "tag.trade")),
            )
        )
    return key


def _outermost(keys: Iterable[str]) -> list[str]:
    unique = list(dict.fromkeys(keys))
    return [key for key in unique if not any(other != key and _contains(other, key) for other in unique)]


def _contains(outer: str, inner: str) -> bool:
    """Whether all items of the one collection are in the other one, whatever the articles are."""
    return outer in (inner, EVERYTHING) or inner.startswith(f"{outer}/")


def _sorted(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(keys, key=name_of))
