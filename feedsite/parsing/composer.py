"""YAML text as named fields, each with its line and column. The only door to PyYAML.

The text is parsed as a stream of events. yaml.load would make `title: no` a False, lose lines and columns, expand
aliases without limit and recurse as deep as the text nests. What no article needs of YAML is a fault: aliases, anchors,
tags, a second document, keys that are not text, doubled keys, nesting deeper than MAX_DEPTH.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ..codes import Code
from ..edits import Edit, applied
from ..errors import Fault
from ..model import forbidden
from . import braces, valueends
from .complaints import BACKSLASH, explain, feature, no_fields, stray
from .filetext import end_of, text_of
from .nodes import MAX_DEPTH, MAX_MEMBERS, Mapping, Mark, Named, Node, Scalar, Sequence
from .problems import Problem, SyntaxProblem, edits_of
from .quoting import brief

_MOST_DOUBLED = 100  # names
_QUOTATION_MARKS = ('"', "'")
_SPACES = (" ", "\t")
_PATH = re.compile(r"\"[A-Za-z]:(?=\\[A-Za-z])")  # of Windows: of "C:\news" YAML makes two lines
_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)  # the C parser where PyYAML was built with it


def parse(content: bytes, path: str) -> tuple[Mapping | None, list[Fault]]:
    """The fields of one file, and its faults. Without fields the text cannot be parsed, and the one fault is the cause.

    `path` is what the faults name.
    """
    try:
        text = text_of(content)
    except SyntaxProblem as error:
        return None, [_fault(path, error.problem)]
    composed = _composed(text, path)
    if not isinstance(composed, Problem):
        return composed
    edits = edits_of(composed.mend, text)
    is_mended = bool(edits) and _is_further(_composed(applied(text, edits), path), composed)
    return None, [_fault(path, composed, edits if is_mended else ())]


def _composed(text: str, path: str) -> tuple[Mapping, list[Fault]] | Problem:
    """The fields of a text and its faults; or why it cannot be parsed."""
    composer = _Composer(path, text)
    try:
        return composer.root(), composer.faults
    except SyntaxProblem as error:
        return error.problem
    except yaml.MarkedYAMLError as error:
        return explain(text, _place(error.problem_mark), _place(error.context_mark), error.problem or "")
    except ValueError:  # of PyYAML's own scanner; libyaml raises a MarkedYAMLError
        beyond = re.search(r"\\U(?!0010|000)", text)
        line, column = end_of(text[: beyond.start()] if beyond else "")
        message = "a \\U escape names a character that does not exist; take it out"
        return Problem(Code.CONTROL_CHARACTER, line, column, message)


def _is_further(mended: tuple[Mapping, list[Fault]] | Problem, problem: Problem) -> bool:
    """Whether the parser comes past the line of a problem, now that this is mended."""
    return mended.line > problem.line if isinstance(mended, Problem) else True


def events(text: str) -> Iterator[Any]:
    """The parser's events. Their marks count characters. Where a list without brackets ends, they do not say."""
    return iter(_LOADER(text).get_event, None)


def _place(mark: Any) -> tuple[int, int] | None:
    return (mark.line, mark.column) if mark else None


def _fault(path: str, problem: Problem, mend: tuple[Edit, ...] = ()) -> Fault:
    return Fault(path, problem.line, problem.column, problem.code, problem.message, problem.end, mend)


class _Composer:
    """Makes nodes of the parser's events."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.faults: list[Fault] = []
        self.brackets = 0  # how many lists and fields in brackets are open
        self.events = events(text)

    def root(self) -> Mapping:
        event: Any = None
        while not isinstance(event, (yaml.NodeEvent, yaml.StreamEndEvent)):
            event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent) or (isinstance(event, yaml.ScalarEvent) and not event.value):
            message = "the file is empty; write its fields, such as `title: Night trains return`"
            raise SyntaxProblem(Problem(Code.EMPTY_FILE, 1, 1, message))
        self.without_features(event)
        if not isinstance(event, yaml.MappingStartEvent):
            mark = _mark(event)
            raise SyntaxProblem(no_fields(self.text, mark.line, mark.column))
        root = self.mapping(event, 1)
        next(self.events)  # the document's end
        if not isinstance(event := next(self.events), yaml.StreamEndEvent):
            message = (
                "a second `---` begins another document here, and one file holds one article; if its text follows, "
                "write `body: |` in place of this line, and indent the text by two spaces"
            )
            raise self.stray(Code.SECOND_DOCUMENT, event, message)
        return root

    def node(self, event: Any, depth: int) -> Node:
        self.without_features(event)
        if depth > MAX_DEPTH:
            raise self.problem(Code.TOO_DEEP, event, f"lists and fields are nested deeper than {MAX_DEPTH} levels here")
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self.scalar(event)
        if kind is yaml.SequenceStartEvent:
            return self.sequence(event, depth)
        return self.mapping(event, depth)

    def without_features(self, event: Any) -> Any:
        """The event itself. Raises SyntaxProblem if it is an alias, or has an anchor or a tag."""
        if mark := "*" if type(event) is yaml.AliasEvent else "&" if event.anchor else "!" if event.tag else "":
            place = _mark(event)
            raise SyntaxProblem(feature(self.text, place.line, place.column, mark))
        return event

    def scalar(self, event: Any) -> Scalar:
        if not event.style:  # neither quoted nor a block: '' from libyaml, None from PyYAML's own parser
            end: int = event.end_mark.index
            comment = None
            if self.text[end : end + 1] in _SPACES:  # at the end of its line hardly anything stands behind it
                valueends.refuse_lost_text(self.text, event, is_in_brackets=self.brackets > 0)
                comment = valueends.comment_behind(self.text, event)
            return Scalar(event.value, _mark(event), "", comment)
        if event.style == '"' and (
            found := forbidden(event.value)
        ):  # it comes from an escape: in the text itself it is refused before
            message = f"this text holds the control character U+{ord(found[0]):04X}; take its \\ escape out"
            raise self.problem(Code.CONTROL_CHARACTER, event, message)
        if event.style == '"' and (found := _PATH.match(self.text, event.start_mark.index)):
            line, column = event.start_mark.line + 1, event.start_mark.column + 1 + len(found[0])
            raise SyntaxProblem(Problem(Code.BACKSLASH, line, column, BACKSLASH, column + 1))
        if event.style in _QUOTATION_MARKS and event.start_mark.line < event.end_mark.line:
            valueends.refuse_lost_field(self.text, event)
        comment = valueends.comment_below(self.text, event) if event.style in "|>" else None
        return Scalar(event.value, _mark(event), event.style, comment)

    def sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        self.brackets += bool(start.flow_style)
        while type(event := next(self.events)) is not yaml.SequenceEndEvent:
            if len(items) >= MAX_MEMBERS:
                raise self.too_many(event)
            items.append(self.node(event, depth + 1))
        self.brackets -= bool(start.flow_style)
        return Sequence(tuple(items), _mark(start, event))

    def mapping(self, start: Any, depth: int) -> Mapping:
        fields: dict[str, Named] = {}
        before: tuple[Any, Any] | None = None  # between braces, the field before this one, where its value is a text
        ends: dict[tuple[Any, Any], int] = {}  # where such a value was meant to end, if a comma ends it earlier
        alone: list[str] = []  # names without a colon, up to the first one that has one
        is_of_names = bool(start.flow_style)
        event: Any = None
        self.brackets += bool(start.flow_style)
        while type(event := next(self.events)) is not yaml.MappingEndEvent:
            if len(fields) + len(self.faults) >= MAX_MEMBERS:
                raise self.too_many(event)
            if type(event) is not yaml.ScalarEvent:  # not parsed: names within names may nest without end
                raise self.stray(
                    Code.NAME_IS_NO_WORD, event, "a field's name must be a word; a name in brackets cannot be read"
                )
            name = self.scalar(self.without_features(event))
            if name.text == "<<":
                raise self.problem(
                    Code.NAME_IS_NO_WORD, event, "`<<` (a merge key) is not supported; write the fields out"
                )
            value_event = next(self.events)
            if is_of_names := is_of_names and braces.has_no_colon(self.text, event, value_event):
                alone.append(name.text)
            if before and braces.is_piece(self.text, event, value_event, follows_piece=before in ends):
                ends[before] = braces.end_of_piece(event, value_event)
                continue
            value = self.node(value_event, depth + 1)
            if start.flow_style:
                before = (event, value_event) if isinstance(value, Scalar) else None
            if earlier := fields.get(name.text):
                if len(self.faults) == _MOST_DOUBLED:
                    message = (
                        f"more than {_MOST_DOUBLED} names are written twice up to here; was the text pasted in twice?"
                    )
                    raise self.problem(Code.TOO_MANY_FAULTS, event, message)
                message = f"{brief(name.text)} is written twice, first on line {earlier.mark.line}; keep one of the two"
                self.add(Code.DOUBLED_FIELD, name.mark, message)
            else:
                fields[name.text] = Named(name.text, name.mark, value)
        self.brackets -= bool(start.flow_style)
        mark = _mark(start, event)
        if is_of_names and (meant := braces.of_names(valueends.head(self.text, start), alone)):
            code, message, whole = meant
            begin, end = start.start_mark.index, _end_of(event)
            self.add(code, mark, message, () if whole is None else (Edit(begin, end, whole),))
            ends = {}
        for (field, text), end in ends.items():
            begin = text.start_mark.index
            message, whole = braces.of_pieces(field.value, self.text[begin:end])
            self.add(Code.COMMA_IN_BRACES, _mark(text), message, () if whole is None else (Edit(begin, end, whole),))
        return Mapping(tuple(fields.values()), mark, bool(start.flow_style))

    def add(self, code: Code, mark: Mark, message: str, mend: tuple[Edit, ...] = ()) -> None:
        self.faults.append(Fault(self.path, mark.line, mark.column, code, message, mark.end, mend))

    def too_many(self, event: Any) -> SyntaxProblem:
        message = f"more than {MAX_MEMBERS} fields or list items stand together here"
        return self.problem(Code.TOO_MANY_MEMBERS, event, message)

    def problem(self, code: Code, event: Any, message: str) -> SyntaxProblem:
        mark = _mark(event)
        return SyntaxProblem(Problem(code, mark.line, mark.column, message, mark.end))

    def stray(self, code: Code, event: Any, message: str) -> SyntaxProblem:
        """The problem of what is probably a line of the text above it, else the one that the message tells of."""
        mark = _mark(event)
        return SyntaxProblem(stray(self.text, Problem(code, mark.line, mark.column, message, mark.end)))


def _mark(event: Any, last: Any = None) -> Mark:
    """The place of what an event begins; `last` is the event that ends it, if it is another one."""
    start, end = event.start_mark, (last or event).end_mark
    return Mark(start.line + 1, start.column + 1, end.column + 1 if end.line == start.line else 0)


def _end_of(event: Any) -> int:
    end: int = event.end_mark.index
    return end
