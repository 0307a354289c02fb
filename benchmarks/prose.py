"""Prose of our own from lists of words (prose.txt): nonsense with the weight of a newspaper's, also to a compressor.

Most of a sentence is chosen word by word, for whole sentences that repeat would pack to a sixth where a real paper's
feed packs to a third.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType

# A phrase stands here in pieces: words, a name, words, a name, words.
Pieces = tuple[str, ...]


def phrase(name: str, chance: Random) -> str:
    """One of the phrases of that name, every word chosen; `Name` is `name` at the beginning of a sentence."""
    choices = _CHOICES[name.lower()]
    pieces = choices[int(chance.random() * len(choices))]
    if len(pieces) == 1:
        text = pieces[0]
    else:
        text = "".join([phrase(piece, chance) if place % 2 else piece for place, piece in enumerate(pieces)])
    return text[0].upper() + text[1:] if name[0].isupper() else text


def _choices(content: str) -> Mapping[str, tuple[Pieces, ...]]:
    choices: dict[str, list[Pieces]] = {}
    name = ""
    for line in content.splitlines():
        if line.startswith(" "):
            choices[name].extend(tuple(re.split(r"\{(\w+)\}", each.strip())) for each in line.split("|"))
        elif line and not line.startswith("#"):
            name = line.rstrip(":")
            choices[name] = []
    return MappingProxyType({name: tuple(phrases) for name, phrases in choices.items()})


_CHOICES = _choices(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))
