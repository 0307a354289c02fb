"""What a type of field values is (madetypes.py makes them of others).

A type is a value: how to check a YAML node, the JSON Schema of what it accepts, and what an editor calls it. A checker
that does not accept a node adds one fault to the context and raises Invalid. The checkers of lists and records catch
it and go on with the next item or field, so each cause is reported once and nothing is skipped.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from ..codes import Code
from ..edits import Edit
from ..errors import Fault
from . import nodes
from .nodes import Mark, Node, Scalar
from .problems import Change, edits_of
from .quoting import brief, quoted, shown

# The most letters of a value that becomes a key, an address or an item of a list. A longer value is refused before any
# other check. Where longer texts are accepted, the work is linear in their length.
LONGEST_WORD = 100  # a date, a number, a choice, a language
LONGEST_NAME = 200
MOST_FAULTS = 100  # of one file
ASCII_SPACE = " \t\n\r"  # white space that may only shape the file
_ASCII_SPACES = re.compile(f"[{ASCII_SPACE}]+")
NULLS = frozenset(("null", "Null", "NULL", "~"))
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
