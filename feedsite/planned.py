"""A path that is planned: its fingerprint, and the call that draws its document.

While the fingerprint of a path stays, so does every byte of its document. Whoever adds an ingredient to a document adds
it to the fingerprint (law: `tests/test_site.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from .digest import digest_of
from .document import Resource


@dataclass(frozen=True, slots=True)
class Planned:
    """A path and its fingerprint. `source` is the entry file or picture that is published there, or "". `newest` is the
    moment in seconds of the newest item in a list or feed.
    """

    path: str
    fingerprint: str
    source: str = ""
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A path that is planned, with the call that draws its document."""

    planned: Planned
    draw: Callable[[], Resource]


def fingerprint(*ingredients: str | bytes) -> str:
    """A hash of the ingredients; their quotation marks keep them apart."""
    return digest_of(repr(ingredients).encode(), 12)
