"""A value as it is written into an entry file: plain where that is safe, else in quotation marks."""

import re
from collections.abc import Mapping, Sequence

from ..parsing import quoting

Item = str | Mapping[str, str]  # a text, or fields of its own, such as a correction
# What needs no quotation marks: a moment or a day, anywhere; an id or an address, on a line of its own.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_WORD = re.compile(r"(?:/|[A-Za-z0-9][A-Za-z0-9./+~:,;=?@%_-]*)[A-Za-z0-9/]")


def in_brackets(item: Item) -> str:
    """As an item of a list in brackets, or a value between braces."""
    if isinstance(item, Mapping):
        return "{" + ", ".join(f"{name}: {in_brackets(value)}" for name, value in item.items()) + "}"
    return item if _MOMENT.fullmatch(item) or item in ("true", "false") else _quoted(item)


def inline(value: Item | Sequence[Item], *, is_in_braces: bool) -> str:
    """Behind the name of a field, on its line."""
    if isinstance(value, str) and not is_in_braces:
        return _on_line(value)
    return in_brackets(value) if isinstance(value, (str, Mapping)) else f"[{', '.join(map(in_brackets, value))}]"


def field_lines(name: str, value: Item | Sequence[Item]) -> list[str]:
    """A field on lines of its own, without their margin: one line, or more where there are fields within."""
    if isinstance(value, Mapping):
        return [f"{name}:", *(f"  {line}" for line in _fields(value))]
    if not isinstance(value, str) and any(isinstance(item, Mapping) for item in value):
        return [f"{name}:", *(f"  {line}" for item in value for line in item_lines(item))]
    return [f"{name}: {inline(value, is_in_braces=False)}"]


def item_lines(item: Item) -> list[str]:
    """An item of a list on lines of its own, without their margin."""
    if isinstance(item, str):
        return [f"- {in_brackets(item)}"]
    first, *others = _fields(item)
    return [f"- {first}", *(f"  {line}" for line in others)]


def _fields(value: Mapping[str, str]) -> list[str]:
    return [f"{name}: {_on_line(text)}" for name, text in value.items()]


def _on_line(text: str) -> str:
    return text if _WORD.fullmatch(text) and text.lower() != "null" else _quoted(text)


def _quoted(text: str) -> str:
    return quoting.listed(text)
