"""Where a value of YAML ends before its text seems to: at a comment; and what a quoted text has swallowed."""

import re
from typing import Any

from ..codes import Code
from .braces import LISTS
from .complaints import swallowed_field, without_bar
from .mendedline import LINES
from .nodes import Mark
from .problems import LINE_END, Change, Problem, SyntaxProblem
from .quoting import brief, listed, quoted

_SWALLOWED = re.compile(r"[ \t]+#[^\s#]")  # behind a value, a comment that was probably meant as text
_COMMENT = re.compile(r"[ ]*(#[^\r\n]*)")
_REMARK = re.compile(r" (#[ \t][^\r\n]*)")  # more spaces say that it is one: so does every guide to YAML
_BEFORE = re.compile(r"[ ]*(?:- +)?(?P<field>[\w-]+:|-)[ \t]*")  # a value of a block, on its line
_LONGEST_HEAD = 200  # characters
_FIELD_WITHIN = re.compile(r"^[a-z][\w-]*:[ \t\r\n]", re.MULTILINE)  # a quotation mark was not closed, as it seems


def refuse_lost_text(text: str, event: Any, *, is_in_brackets: bool) -> None:
    """Refuses `title: C #1`, which to YAML is "C" and a comment. A comment proper has a space behind its #."""
    end = event.end_mark
    if _SWALLOWED.match(text, end.index):
        if problem := without_bar(LINE_END.split(text), end.line):
            raise SyntaxProblem(problem)
        line = LINE_END.split(text[end.index :], maxsplit=1)[0]
        rest = re.split(r"[],}]", line, maxsplit=1)[0] if is_in_brackets else line
        whole = quoted((event.value + rest).strip())
        field = _field_before(text, event)
        write = f"write {field}{brief(whole)}"
        is_long = event.start_mark.line < end.line
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        behind = end.column + 1 + len(rest.rstrip())
        begin = column if event.value else column + len(rest) - len(rest.lstrip())
        mend: tuple[Change, ...] = (Change(line, begin, behind, whole),)
        if field.rstrip(": ") in LISTS and (tags := _hash_tags(event.value + rest)):
            write, mend = f"write {field}{tags}", ()
        if not event.value and field.rstrip(": ") not in (*LINES, "-"):
            mend = ()
        if is_long:
            write = "write | behind the field's name, and below it the text, each line indented by two spaces"
            mend = ()
        message = f"what follows # would be lost as a comment; {write}"
        raise SyntaxProblem(Problem(Code.HASH_IN_VALUE, line, column, message, 0 if is_long else behind, mend))


def refuse_lost_field(text: str, event: Any) -> None:
    """Refuses a value in quotation marks of which a field seems to be a line: the mark was not closed before it."""
    found = _FIELD_WITHIN.search(text, event.start_mark.index, event.end_mark.index)
    if found and (problem := swallowed_field(text, event.start_mark.line + 1)):
        raise SyntaxProblem(problem)


def comment_below(text: str, event: Any) -> tuple[Mark, str] | None:
    """The line that ends a block and begins with #. To YAML it is a comment, wherever it stands."""
    end = event.end_mark
    if not (found := _COMMENT.match(text, end.index)):
        return None
    column = end.column + found.end() - end.index + 1
    return Mark(end.line + 1, column - len(found[1]), column), found[1]


def comment_behind(text: str, event: Any) -> tuple[Mark, str] | None:
    """A comment right behind a text, on its line, with one space between them."""
    end = event.end_mark
    if not event.value or not (found := _REMARK.match(text, end.index)):
        return None
    comment = found[1].rstrip()
    return Mark(end.line + 1, end.column + 2, end.column + 2 + len(comment)), comment


def head(text: str, event: Any) -> str:
    """What stands before a value on its line; "" where that is long."""
    start = event.start_mark
    return text[start.index - start.column : start.index] if start.column < _LONGEST_HEAD else ""


def _field_before(text: str, event: Any) -> str:
    """The field or the item whose value begins on its line, as it is written; "" within brackets."""
    found = _BEFORE.fullmatch(head(text, event))
    return f"{brief(found['field'])} " if found else ""


def _hash_tags(text: str) -> str:
    """Words that all begin with #, as tags do elsewhere, as a list; "" for any other text."""
    words = text.split()
    is_tags = all(len(word) > 1 and word[0] == "#" for word in words)
    return brief(f"[{', '.join(listed(word[1:]) for word in words)}]") if is_tags else ""
