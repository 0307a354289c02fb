"""A quotation mark or a bracket that one field opens and that is not closed before the next field begins.

To YAML the lines between are a part of the value, so the parser stops far below.
"""

import re

from ..codes import Code
from .mendedline import FIELD, IN_MARKS, ITEM, LINES, LONG_TEXTS, slip, with_quotes
from .problems import Problem
from .quoting import quoted
from .straytext import indentation

# What has a text below it that is no field: a block, or a text that lacks its |.
_TEXT = re.compile(
    r"(?P<lead>[ ]*(?:- +)?)[\w-]+:[ \t]+[|>][-+0-9]*[ \t]*(?:#.*)?$"
    rf"|(?:{'|'.join(LONG_TEXTS)}):(?:[ \t]+[^\"'\s].*|[ \t]*)$"
)
_NEXT = re.compile(r"(?P<lead>[ ]*)(?:[\w-]+:(?:[ \t]|$)|-(?:[ \t]|$))")
_FIELDS = re.compile(r"\{[ \t]*[\w-]+:(?:[ \t]|$)")
_DOUBLE, _SINGLE = "“”„‟«»＂", "‘’‚‛"  # typographic marks that close what a straight one opens
_APOSTROPHE = re.compile(r"'(?:tis|twas|twere|til|cause|em|n|round|[0-9]{2}s?)\b", re.IGNORECASE)
_IN_MARKS = re.compile(IN_MARKS.pattern, re.DOTALL)  # over several lines, too
_CLOSING = {"[": "]", "{": "}"}


def unclosed(lines: list[str], last: int) -> Problem | None:
    """The first such sign up to the line `last`, which counts from 0, and what to write."""
    number = 0
    while number <= last:
        line, below = lines[number], number + 1
        if text := _TEXT.match(line):
            lead = len(text["lead"] or "")
            while below < len(lines) and (not lines[below].strip() or indentation(lines[below]) > lead):
                below += 1
        elif (found := FIELD.match(line) or ITEM.match(line)) and _may_open(found):
            while below < len(lines) and not _begins_another(lines[below], len(found["lead"])):
                below += 1
            value = "\n".join((found["value"], *lines[number + 1 : below]))
            if opened := _left_open(value):
                return _problem(line, found, number, value, opened)
        number = below
    return None


def _may_open(found: re.Match[str]) -> bool:
    """Whether a line's value begins with a sign to be closed. A name with a capital is rather a line of a text."""
    is_field = bool(found["lead"]) or found["name"] == "-" or "a" <= found["name"][0] <= "z"
    return is_field and found["value"][0] in "\"'[{"


def _begins_another(line: str, lead: int) -> bool:
    """Whether a line begins a field or an item that stands no deeper than `lead` spaces."""
    found = _NEXT.match(line)
    return found is not None and len(found["lead"]) <= lead


def _left_open(value: str) -> list[int]:
    """Where in a value the signs stand that it opens and does not close: one quotation mark, or brackets."""
    opened: list[int] = []
    at, is_begin = 0, True  # whether an item, a name or a value begins here
    while at < len(value):
        letter = value[at]
        if letter in "\"'" and is_begin:
            if not (found := _IN_MARKS.match(value, at)):
                return [at]
            at, is_begin = found.end(), False
        else:
            if letter in "[{":
                opened.append(at)
            elif letter in "]}" and opened:
                opened.pop()
            is_begin = letter in "[{,:" or (is_begin and letter.isspace())
            at += 1
        if not opened:
            break
    return opened


def _problem(line: str, found: re.Match[str], number: int, value: str, opened: list[int]) -> Problem | None:
    """`number` is that of the line, counted from 0; `value` goes on below it. None where all of it is rather a text."""
    at, name, written = opened[0], found["name"], found["value"].rstrip()
    before, sign = value[:at], value[at]
    column = at - before.rindex("\n") - 1 if "\n" in before else found.start("value") + at
    below = number + before.count("\n")
    goes_on = bool(value[len(found["value"]) :].strip())
    if sign in _CLOSING:
        if name in LINES or (sign == "{" and not _FIELDS.match(value)):
            return None
        closing = "".join(_CLOSING[value[each]] for each in reversed(opened))
        why = "the bracket is never closed"
        if goes_on:
            message = f"{why}; put {closing} at the end of the value"
            return Problem(Code.UNCLOSED_BRACKET, below + 1, column + 1, message, column + 2)
        whole = with_quotes(written) or written.rstrip(", \t") + closing
        return slip(Code.UNCLOSED_BRACKET, why, line, found, whole).at(line, below, column)
    if not at and not goes_on and len(written) > 1:
        why = "this quotation mark is never closed on its line"
        return slip(Code.UNCLOSED_MARK, why, line, found, _closed(written)).at(line, below, column)
    message = f"this quotation mark is never closed; put another {sign} at the end of the value"
    return Problem(Code.UNCLOSED_MARK, below + 1, column + 1, message, column + 2)


def _closed(value: str) -> str:
    """The value, which begins with a quotation mark, in two of them. A typographic one at its end may close it."""
    inner = value[1:]
    if value[0] == "'":
        if inner[-1] in _SINGLE and not set(inner[:-1]) & {"‘", "‚"}:
            inner = inner[:-1]
        return quoted((value if _APOSTROPHE.match(value) else inner.rstrip()).replace("''", "'"))
    if inner[-1] in _DOUBLE and sum(letter in _DOUBLE for letter in inner) % 2:
        inner = inner[:-1].rstrip()
    if (len(inner) - len(inner.rstrip("\\"))) % 2:
        inner = inner[:-1]
    return f'"{inner}"'
