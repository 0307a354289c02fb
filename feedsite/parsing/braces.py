"""What stands between braces and is no fields: a list, a value that a comma ends, names without a space behind them."""

import re
from typing import Any

from ..codes import Code
from .mendedline import LINES, is_doubtful
from .quoting import brief, listed, quoted

LISTS = ("authors", "contributors", "tags", "aliases", "of", "without", "purge")
_HEAD = re.compile(r"[ ]*(?:- +)?(?P<name>[\w-]+):[ \t]+")
_GLUED = re.compile(r"(?P<name>[A-Za-z][\w-]*):(?P<value>[^\s:/].*)")


def is_in_words(name: str) -> bool:
    """Whether what stands before a colon is rather a piece of a sentence: it has spaces, or begins with a capital."""
    return " " in name or not ("a" <= name[:1] <= "z")


def has_no_colon(text: str, name: Any, value: Any) -> bool:
    """Whether a name stands alone between braces. `name` and `value` are the parser's events."""
    return _is_nothing(name, value) and ":" not in text[name.end_mark.index : value.end_mark.index]


def is_piece(text: str, name: Any, value: Any, *, follows_piece: bool) -> bool:
    """Whether a name is rather a piece of the value before it: it has no colon, or follows such a one in words."""
    if has_no_colon(text, name, value):
        return not _GLUED.fullmatch(name.value)
    return follows_piece and isinstance(value, type(name)) and is_in_words(name.value)


def end_of_piece(name: Any, value: Any) -> int:
    """Where in the text it ends."""
    end: int = (name if _is_nothing(name, value) else value).end_mark.index
    return end


def of_pieces(field: str, written: str) -> tuple[str, str | None]:
    """The message for a field whose value is written with commas, and the value as it surely should be written."""
    whole = quoted(" ".join(written.split()))
    message = f"a comma ends a value between braces: put it in quotation marks; write {brief(field)}: {brief(whole)}"
    return message, None if is_doubtful(written) else whole


def _is_nothing(name: Any, value: Any) -> bool:
    return isinstance(value, type(name)) and not value.value and not value.style


def of_names(head: str, names: list[str]) -> tuple[Code, str, str | None] | None:
    """What is wrong with braces in which no name has a colon behind it, in a message, and what to write instead, if
    that is certain. None where nothing is known of them.

    `head` is what stands before them on their line.
    """
    found = _HEAD.fullmatch(head)
    name = found["name"] if found else ""
    if name.startswith("x-"):
        return None
    pairs = [f"{pair['name']}: {listed(pair['value'])}" for pair in map(_GLUED.fullmatch, names) if pair]
    if len(pairs) == len(names) > 0:
        why, whole = "a space belongs behind each colon", ", ".join(pairs)
        field = f"{brief(name)}: " if name else ""
        return Code.NO_SPACE, f"{why}; write {field}{{{brief(whole)}}}", f"{{{whole}}}"
    if name in LISTS and names:
        whole = ", ".join(map(listed, names))
        return Code.BRACES, f"a list stands in brackets; write {name}: [{brief(whole)}]", f"[{whole}]"
    if name in LINES and names:
        whole = quoted(f"{{{', '.join(names)}}}")
        why = "a value that begins with { must stand in quotation marks"
        return Code.SIGN_BEFORE_VALUE, f"{why}; write {name}: {brief(whole)}", whole
    if name and len(names) == 1:
        why, whole = "between braces stand fields, each with a colon", listed(names[0])
        return Code.BRACES, f"{why}; write {brief(name)}: {whole}", None
    return None
