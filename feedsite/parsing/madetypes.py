"""Types of field values made of others: of a pattern, of a few words, a list of one type, a text or another type."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from ..codes import Code
from . import nodes
from .fieldtypes import LONGEST_WORD, Context, FieldType, Invalid, T, is_empty, one_line
from .nodes import MAX_MEMBERS, Node, Scalar
from .quoting import brief, in_full, in_list, is_in_typographic_marks, shown, without_marks

_WIDE = re.compile("[，、；]")  # commas of other scripts, which divide nothing in YAML


def matching(
    code: Code,
    words: str,
    pattern: str,
    advice: str | Callable[[str], str],
    value: Callable[[str], T],
    *,
    longest: int = LONGEST_WORD,
    refusal: str = "",
    is_number: bool = False,
) -> FieldType[T]:
    """A line that matches a pattern, and what `value` makes of it. The pattern must be one in Python and in ECMA 262.

    The message for other text has this code, and consists of `refusal`, by default "is not {words}", and `advice`,
    which may depend on the text. With `is_number`, the schema accepts a number without quotation marks too.
    """

    def check(node: Node, context: Context) -> T:
        text = one_line(node, context, longest)
        if not re.fullmatch(pattern, text):
            meant = without_marks(text)
            is_quoted = meant != text and re.fullmatch(pattern, meant)
            write = f"write {meant}" if is_quoted else advice if isinstance(advice, str) else advice(text)
            message = f"{shown(text)} {refusal or f'is not {words}'}; {write}"
            context.refuse(code, node.mark, message, meant if is_quoted else None)
        return value(text)

    number = {"minimum": 0} if is_number else {}
    types = ["string", "integer"] if is_number else "string"
    return FieldType(words, {"type": types, "pattern": f"^({pattern})$", "maxLength": longest, **number}, check)


def choice_of(*allowed: str, others: Mapping[str, str] | None = None) -> FieldType[str]:
    """One of a few words. `others` are words that editors may try, with what to write instead."""
    words = f"one of {', '.join(allowed)}"

    def check(node: Node, context: Context) -> str:
        value = one_line(node, context, LONGEST_WORD)
        if value not in allowed:
            word = without_marks(value).lower()
            near = get_close_matches(word, allowed, 1, 0.5)
            write = (others or {}).get(word) or f"write {near[0] if near else words}"
            message = f"{shown(value)} is not known here; {write}"
            context.refuse(Code.NO_CHOICE, node.mark, message, word if word in allowed else None)
        return value

    return FieldType(words, {"enum": list(allowed)}, check)


def list_of(item: FieldType[T], *, is_of_words: bool = True, most: int = MAX_MEMBERS) -> FieldType[tuple[T, ...]]:
    """A list of at most `most` items. One value alone is a list of one.

    With `is_of_words` a text with commas or a leading dash is refused: it was probably meant as several items.
    """

    def check(node: Node, context: Context) -> tuple[T, ...]:
        if is_of_words and isinstance(node, Scalar) and re.match(r"[-–—•*·] *\S", node.text):
            context.refuse(
                Code.LIST_WANTED,
                node.mark,
                "write each item of a list on a line of its own, behind a hyphen and a space",
            )
        if is_of_words and isinstance(node, Scalar) and re.search("[,;]", node.text):
            one = in_full(node.text.strip())
            context.refuse(
                Code.LIST_WANTED,
                node.mark,
                f"several values are written as a list: {_as_list(node.text, '[,;]')}; one that holds a comma: [{one}]",
            )
        values = []
        items = node.items if isinstance(node, nodes.Sequence) else (node,)
        is_invalid = False
        if len(items) > most:
            context.refuse(
                Code.TOO_MANY_ITEMS, node.mark, f"the list has {len(items)} items; {most} are the most that it can have"
            )
        for each in items:
            try:
                if is_empty(each):
                    context.refuse(Code.EMPTY_ITEM, each.mark, "an item of this list is empty; take it out")
                values.append(item.check(each, context))
            except Invalid:
                is_invalid = True
                continue
            if is_of_words and isinstance(each, Scalar) and not (each.text.isascii() or each.style):
                _note_lookalikes(each, context)
        if is_invalid:
            raise Invalid
        return tuple(values)

    alone = {"allOf": [item.schema, {"pattern": r"^(?![-–—•*·] *\S)[^,;]*$"}]} if is_of_words else item.schema
    array = {"type": "array", "items": item.schema, "maxItems": most}
    return FieldType(f"a list, each item {item.words}", {"anyOf": [alone, array]}, check)


def _as_list(text: str, separators: str) -> str:
    """The parts of a text as a list, ready to paste."""
    return brief(f"[{', '.join(in_list(part.strip()) for part in re.split(separators, text) if part.strip())}]")


def _note_lookalikes(item: Scalar, context: Context) -> None:
    """Adds a note where an item of a list holds what only looks like a comma, a bracket or a quotation mark of YAML."""
    if _WIDE.search(item.text):
        meant = _as_list(item.text.strip("［］【】"), _WIDE.pattern)
        context.fault(
            Code.LOOKALIKE_IN_LIST,
            item.mark,
            f"this is one value, for its commas are none to YAML; are several meant, {meant}?",
        )
    elif is_in_typographic_marks(item.text):
        meant = in_list(without_marks(item.text))
        context.fault(
            Code.LOOKALIKE_IN_LIST,
            item.mark,
            f"typographic quotation marks are a part of the value; is `{meant}` meant?",
        )


def text_or(text: FieldType[T], other: FieldType[T]) -> FieldType[T]:
    """A value that can be written in two ways: as a text alone, or as the other type."""

    def check(node: Node, context: Context) -> T:
        return (text if isinstance(node, Scalar) else other).check(node, context)

    return FieldType(
        f"{text.words}, or {other.words}",
        {"anyOf": [{"title": text.words.removeprefix("a "), **text.schema}, other.schema]},
        check,
    )
