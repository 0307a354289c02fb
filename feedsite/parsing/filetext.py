"""The bytes of a file as text, or why they are none that YAML may be made of."""

from ..codes import Code
from ..model import forbidden
from .filekinds import other_kind
from .problems import LINE_END, Problem, SyntaxProblem

_MOST_DIRECTIVES = 20  # libyaml compares each one with all before it
_WHERE = "(in the Save As dialogue of most editors)"
_HEAD = 200  # bytes; in what is no text many of them are zero


def text_of(content: bytes) -> str:
    """The text, without a byte order mark. Raises SyntaxProblem for what is no plain text in UTF-8."""
    if other := other_kind(content):
        raise SyntaxProblem(other)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f'this is {_encoding(content, error.start)}; save the file again with the encoding "UTF-8" {_WHERE}'
        line, column = end_of(content[: error.start].decode("utf-8-sig", "replace"))
        raise SyntaxProblem(Problem(Code.NOT_UTF8, line, column, message, column + 1)) from None
    if content[:_HEAD].count(0) > _HEAD // 10:
        message = "this is no plain text, for much of it is zero bytes; save it as plain text, UTF-8"
        raise SyntaxProblem(Problem(Code.NOT_PLAIN_TEXT, 1, 1, message))
    if control := forbidden(text):
        what = f"an invisible control character (U+{ord(control[0]):04X})"
        message = f"{what} stands here; delete it and type the place anew"
        line, column = end_of(text[: control.start()])
        raise SyntaxProblem(Problem(Code.CONTROL_CHARACTER, line, column, message, column + 1))
    if "%" in text and (directives := text.startswith("%") + text.count("\n%")) > _MOST_DIRECTIVES:
        message = f"{directives} lines begin with %, which YAML keeps for itself; indent them, or take them out"
        raise SyntaxProblem(Problem(Code.DIRECTIVES, 1, 1, message))
    return text


def _encoding(content: bytes, place: int) -> str:
    """What a text is that is no UTF-8 at one of its bytes, as the end of "this is ..."."""
    letter = content[place : place + 1].decode("cp1252", "replace")
    is_alone = content[place - 1 : place].isascii() and content[place + 1 : place + 2].isascii()
    guess = f", but probably Windows-1252 or Latin-1, where that is {letter}" if letter.isalpha() and is_alone else ""
    return f"not UTF-8 text (byte 0x{content[place]:02X}){guess}"


def end_of(text: str) -> tuple[int, int]:
    """The line and the column behind a text, which count from 1."""
    lines = LINE_END.split(text)
    return len(lines), len(lines[-1]) + 1
