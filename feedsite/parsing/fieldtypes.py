"""What a type of field values is, and how types are made: of a pattern, of a few words, of other types.

A type is a value: how to check a YAML node, the JSON Schema of what it accepts, and what an editor calls it. A checker
that does not accept a node adds one fault to the context and raises Invalid. The checkers of lists and records catch
it and go on with the next item or field, so each cause is reported once and nothing is skipped.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Generic, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from ..codes import Code
from ..edits import Edit
from ..errors import Fault
from . import nodes
from .nodes import MAX_MEMBERS, Mark, Node, Scalar
from .problems import Change, edits_of
from .quoting import brief, in_full, in_list, is_in_typographic_marks, quoted, shown, without_marks

# The most letters of a value that becomes a key, an address or an item of a list. A longer value is refused before any
# other check. Where longer texts are accepted, the work is linear in their length.
LONGEST_WORD = 100  # a date, a number, a choice, a language
LONGEST_NAME = 200
MOST_FAULTS = 100  # of one file
ASCII_SPACE = " \t\n\r"  # white space that may only shape the file
_ASCII_SPACES = re.compile(f"[{ASCII_SPACE}]+")
NULLS = frozenset(("null", "Null", "NULL", "~"))
_WIDE = re.compile("[，、；]")  # commas of other scripts, which divide nothing in YAML
Found = tuple[Code, Mark, str, str | None]  # as Context.fault takes it
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Invalid(Exception):
    """This field has no valid value. Its fault is in the context already."""


class TooManyFaults(Exception):
    """The file has so many faults that no more of it is checked."""


@dataclass(slots=True)
class Context:
    """The file that is being checked: its path, the zone of times without an offset, the faults found so far, and its
    bytes, without which no fault has a mend.
    """

    path: str
    zone: ZoneInfo
    faults: list[Fault] = field(default_factory=list)
    content: bytes = b""

    @property
    def is_faulty(self) -> bool:
        return any(not fault.is_note for fault in self.faults)

    def fault(
        self, code: Code, mark: Mark, message: str, meant: str | None = None, more: tuple[Edit, ...] = ()
    ) -> None:
        """Adds a fault, or a note, as the code has it. Raises TooManyFaults after MOST_FAULTS of them.

        `meant` is what surely should stand in the place of all that the mark spans, and `more` what changes with it.
        """
        mend: tuple[Edit, ...] = ()
        if meant is not None and mark.end and self.content:
            change = Change(mark.line, mark.column, mark.end, meant)
            mend = (*edits_of((change,), self.content.decode("utf-8-sig")), *more)
        self.faults.append(Fault(self.path, mark.line, mark.column, code, message, mark.end, mend))
        if len(self.faults) >= MOST_FAULTS and not code.is_note:
            message = f"there may be more than these {len(self.faults)} faults; mend them, then check again"
            self.faults.append(Fault(self.path, mark.line, mark.column, Code.TOO_MANY_FAULTS, message))
            raise TooManyFaults

    def faults_at(self, problems: Iterable[Found]) -> None:
        """Adds a fault for each code, place and message, and what is meant."""
        for problem in problems:
            self.fault(*problem)

    def refuse(self, code: Code, mark: Mark, message: str, meant: str | None = None) -> NoReturn:
        self.fault(code, mark, message, meant)
        raise Invalid


@dataclass(frozen=True, slots=True)
class FieldType(Generic[T_co]):
    """What a field may hold.

    `words` complete the sentence "this field holds ...". `schema` is a JSON Schema (draft 7) for the value as a YAML
    1.2 parser types it; a value that `check` accepts fits it (record.schema names the exceptions). Where the editor
    chooses the names of fields (`has_own_names`), a name without a value is something.
    """

    words: str
    schema: Mapping[str, Any]
    check: Callable[[Node, Context], T_co]
    has_own_names: bool = False


def is_empty(node: Node) -> bool:
    """Whether there is nothing behind a field's colon. Such a field counts as left out.

    Nothing, too, are YAML's words for it without quotation marks, and fields of which each is empty.
    """
    if isinstance(node, Scalar):
        text = node.text
        return not text or text.isspace() or (len(text) < 5 and text in NULLS and not node.style)
    if isinstance(node, nodes.Mapping):
        return all(isinstance(value, Scalar) and is_empty(value) for _, _, value in node.fields)
    return False


def is_null(node: Node) -> bool:
    """Whether this is one of the words that mean nothing in YAML (1.2.2, 10.3.2). In quotation marks they are text."""
    return isinstance(node, Scalar) and not node.style and node.text in NULLS


def any_text(node: Node, context: Context) -> str:
    if not isinstance(node, Scalar):
        if whole := _with_colon(node):
            message = f"a value that holds a colon must stand in quotation marks; write {brief(whole)}"
            context.refuse(Code.COLON_IN_VALUE, node.mark, message, whole)
        context.refuse(
            Code.TEXT_WANTED,
            node.mark,
            "text is wanted here, not a list or fields; "
            "put it in quotation marks if it begins with [ or { or holds a colon",
        )
    return node.text


def _with_colon(node: Node) -> str:
    """The text of an item of a list that holds a colon, in quotation marks: to YAML it is a field. "" for others."""
    if not isinstance(node, nodes.Mapping) or not node.is_in_braces or len(node.fields) != 1:
        return ""
    ((name, mark, value),) = node.fields
    if not isinstance(value, Scalar) or value.style or node.mark.column != mark.column:
        return ""
    return quoted(f"{name}: {value.text}".strip())


def one_line(node: Node, context: Context, longest: int | None = None) -> str:
    """Text with its white space folded into single spaces. `longest` is the number of letters that it may have."""
    return " ".join(_short_enough(node, context, longest).split())


def line_as_typed(node: Node, context: Context, longest: int | None = None) -> str:
    """The same for text that is printed: of its white space only that in ASCII is folded."""
    return folded(_short_enough(node, context, longest))


def folded(text: str) -> str:
    """The text with its ASCII white space folded into single spaces. A no-break space, or an ideographic one, is meant:
    it stays.
    """
    if text.isascii():
        return " ".join(text.split())  # a quarter of the time
    return _ASCII_SPACES.sub(" ", text.strip(ASCII_SPACE))


def _short_enough(node: Node, context: Context, longest: int | None) -> str:
    written = any_text(node, context)
    if longest is not None and len(written) > longest and len(written.strip(ASCII_SPACE)) > longest:
        context.refuse(
            Code.TOO_LONG,
            node.mark,
            f"{shown(written)} is too long; {longest} letters are the most that can stand here",
        )
    return written


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
