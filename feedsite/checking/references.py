"""The addresses in an article's text as they are written there: of links, and of pictures and recordings."""

import html
import re
from collections.abc import Callable
from typing import NamedTuple

# `[x](here)`, `[x]: here`, `<https://here>`, `href="here"`.
_REFERENCE = re.compile(
    r"""\]\(\s*+(?:<(?P<marked>[^<>\n]++)>|(?P<inline>(?:[^\s()<>\\]|\\.|\([^\s()]*+\))++))
    | ^[ ]*+\[[^\]\n]++\]:\s*+<?(?P<defined>[^\s<>]++)
    | <(?P<automatic>(?:https?|mailto):[^\s<>]++)>
    | (?<![\w-])(?:data-)?(?:href|src|poster)\s*+=\s*+
        (?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'<>]++))
    """,
    re.MULTILINE | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # CommonMark 2.4


class Reference(NamedTuple):
    """An address as it is written, and where in the text it begins, counted from 0."""

    written: str
    place: int


def references(text: str, resolve: Callable[[str], str]) -> dict[str, Reference]:
    """By its absolute address, the first reference to each. `resolve` raises ValueError for one that has none."""
    found: dict[str, Reference] = {}
    for one in _REFERENCE.finditer(text):
        kind = one.lastgroup or ""
        written = one[kind]
        meant = html.unescape(_ESCAPE.sub(r"\1", written) if kind in ("marked", "inline", "defined") else written)
        try:
            found.setdefault(resolve(meant.strip()), Reference(written, one.start(kind)))
        except ValueError:
            continue
    return found
