"""Changes of a text as values: where characters stand that are replaced, and by which."""

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """The characters from `begin` to `end`, counted from 0, become `text`. With `begin == end` it is put in there."""

    begin: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with these edits, all of whose places are those of the text as it was. Raises ValueError where two of
    them overlap.
    """
    parts = []
    place = 0
    for edit in sorted(edits):
        if edit.begin < place:
            raise ValueError("two edits change the same characters")
        parts += [text[place : edit.begin], edit.text]
        place = edit.end
    return "".join([*parts, text[place:]])
