"""The lines in which two texts differ, for people who want to see what a command changes."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_LINE_END = re.compile("\r\n|\r|\n")


class Line(NamedTuple):
    """A line that was taken out (-) or put in (+), and its number in its text, from 1."""

    sign: str
    number: int
    text: str


def changed_lines(before: str, after: str) -> Iterator[Line]:
    """What was taken out at a place stands before what was put in there."""
    old, new = _LINE_END.split(before), _LINE_END.split(after)
    pairs = enumerate(zip(old, new, strict=False))
    same = next((number for number, (one, other) in pairs if one != other), min(len(old), len(new)))
    for kind, begin, end, new_begin, new_end in SequenceMatcher(None, old[same:], new[same:]).get_opcodes():
        if kind != "equal":
            yield from (Line("-", same + n + 1, old[same + n]) for n in range(begin, end))
            yield from (Line("+", same + n + 1, new[same + n]) for n in range(new_begin, new_end))
