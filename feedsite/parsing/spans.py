"""Where the fields of a file stand in its text: from which character to which."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .composer import events
from .fieldtypes import NULLS


class Value(NamedTuple):
    """A value, which stands at text[begin:end].

    `style` is "" for a plain text, a quotation mark, or the sign of a block (| or >); "[" or "{" for a list or fields
    in brackets; "-" or ":" for those on lines of their own. `text` is what a text says. `parts` are the items of a
    list, or the fields, in their order.
    """

    begin: int
    end: int
    style: str
    text: str = ""
    parts: tuple["Value | Field", ...] = ()

    @property
    def fields(self) -> dict[str, "Field"]:
        """By name; of a doubled name the first one."""
        found: dict[str, Field] = {}
        for part in self.parts:
            if isinstance(part, Field):
                found.setdefault(part.name, part)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether the value counts as left out (fieldtypes.is_empty)."""
        if self.style in (":", "{"):
            return all(isinstance(part, Field) and part.value.is_empty for part in self.parts)
        is_null = not self.style and self.text in NULLS
        return self.style not in ("-", "[") and (is_null or not self.text.strip())

    @property
    def is_left_out(self) -> bool:
        """Whether nothing at all stands behind the field's colon, or no colon either."""
        return not self.style and self.begin == self.end


class Field(NamedTuple):
    """A field, whose name stands at text[begin:name_end]."""

    name: str
    begin: int
    name_end: int
    value: Value

    @property
    def end(self) -> int:
        return max(self.name_end, self.value.end)


def spans(text: str) -> Value:
    """All fields of a text that composer.parse reads without a fault."""
    stream = events(text)
    return _value(next(event for event in stream if hasattr(event, "flow_style")), stream)


def _value(event: Any, stream: Iterator[Any]) -> Value:
    begin, end = event.start_mark.index, event.end_mark.index
    if hasattr(event, "value"):
        return Value(begin, end, event.style or "", event.value)
    has_brackets = bool(event.flow_style)
    is_list = type(event).__name__ == "SequenceStartEvent"
    parts: list[Value | Field] = []
    while not type(event := next(stream)).__name__.endswith("EndEvent"):
        parts.append(_value(event, stream) if is_list else _field(event, stream))
    if has_brackets:
        return Value(begin, event.end_mark.index, "[" if is_list else "{", parts=tuple(parts))
    return Value(begin, parts[-1].end if parts else begin, "-" if is_list else ":", parts=tuple(parts))


def _field(name: Any, stream: Iterator[Any]) -> Field:
    return Field(name.value, name.start_mark.index, name.end_mark.index, _value(next(stream), stream))
