"""The bytes of a file as text, or why they are none that YAML may be made of."""

import re

from ..codes import Code
from ..model import forbidden
from .problems import LINE_END, Problem, SyntaxProblem

_DIRECTIVE = re.compile("^%", re.MULTILINE)
_MOST_DIRECTIVES = 20  # libyaml compares each one with all before it
_HEAD = 200  # bytes; in UTF-16, and in a word processor's document, many of them are zero


def text_of(content: bytes) -> str:
    """The text, without a byte order mark. Raises SyntaxProblem for what is no plain text in UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"this is not UTF-8 text (byte 0x{content[error.start]:02X}); "
            'save the file again with the encoding "UTF-8" (in the Save As dialogue of most editors)'
        )
        line, column = end_of(content[: error.start].decode("utf-8-sig", "replace"))
        raise SyntaxProblem(Problem(Code.NOT_UTF8, line, column, message, column + 1)) from None
    if content.startswith(b"PK\x03\x04") or content[:_HEAD].count(0) > _HEAD // 10:
        message = "this is no plain text (perhaps a word processor's document, or UTF-16); save it as plain text, UTF-8"
        raise SyntaxProblem(Problem(Code.NOT_PLAIN_TEXT, 1, 1, message))
    if control := forbidden(text):
        what = f"an invisible control character (U+{ord(control[0]):04X})"
        message = f"{what} stands here; delete it and type the place anew"
        line, column = end_of(text[: control.start()])
        raise SyntaxProblem(Problem(Code.CONTROL_CHARACTER, line, column, message, column + 1))
    if (directives := len(_DIRECTIVE.findall(text))) > _MOST_DIRECTIVES:
        message = f"{directives} lines begin with %, which YAML keeps for itself; indent them, or take them out"
        raise SyntaxProblem(Problem(Code.DIRECTIVES, 1, 1, message))
    return text


def end_of(text: str) -> tuple[int, int]:
    """The line and the column behind a text, which count from 1."""
    lines = LINE_END.split(text)
    return len(lines), len(lines[-1]) + 1
