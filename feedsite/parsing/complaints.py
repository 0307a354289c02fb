"""Why a YAML parser stopped, in an editor's words, and how the line should have been written.

The faulty line decides, not the parser's message: PyYAML's two parsers word the same problem differently.
"""

import re

from ..codes import Code
from .lookalikes import WIDE_BLOCKS, lookalike, odd_gap, odd_space, wide_block, with_hyphens, with_space, with_spaces
from .mendedline import BLOCK, FIELD, LONG_TEXTS, hash_in_brackets, mended, value_column
from .problems import LINE_END, Change, Problem
from .quoting import brief
from .straytext import is_field, stray_text
from .unclosed import unclosed

_LINES_ABOVE = 3  # the parser stops so many lines behind a cause, or fewer
_LINE_SHOWN = 60  # characters of a line that a message repeats
BACKSLASH = "inside \"...\" a backslash begins a special character; write two of them: \\\\, or put the text in '...'"
UNFINISHED_MERGE = (
    "a merge was not finished here; keep one of the two versions, and take out the lines that begin with <<<<<<<, "
    "======= and >>>>>>>"
)
_TOML = (
    "TOML front matter begins here; feedsite reads YAML: take the +++ lines out, and write `name: value` for each "
    "`name = value`"
)
_MARKDOWN = (
    "this is a text in Markdown, without fields; write `title:`, `published:` and `body: |` above it, and indent each "
    "line of the text by two spaces"
)
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_LIKE_FIELD = re.compile(r"[ ]*[\"']?[\w-]+[\"']?[ \t]*[:：=]")
_MERGE_MARKS = ("<" * 7, ">" * 7, "=" * 7)  # what git writes into a file that two people changed
_HEAD = re.compile(r"^(?P<lead>[ ]*)(?P<name>[\w-]+):(?:[ \t]+(?P<value>\S.*)?)?$")


def explain(text: str, stopped: tuple[int, int] | None, began: tuple[int, int] | None, problem: str) -> Problem:
    """`stopped` is where the parser stopped, `began` where the value or list begins that it was parsing, each as line
    and column that count from 0. `problem` is the parser's message.
    """
    lines = [*LINE_END.split(text), ""]
    number, column = stopped or began or (0, 0)
    number = min(number, len(lines) - 1)
    while number > 0 and not lines[number].strip():  # at the end of the file: the mistake is in a line above
        number -= 1
        column = value_column(lines[number])
    places = tuple(dict.fromkeys((min(began[0], number) if began else number, number)))
    if found := _of_the_file(lines) or unclosed(lines, number) or stray_text(lines, number):
        return found
    if cause := _cause(lines, places):
        return cause
    if "end of stream" in problem and began:
        return _never_closed(lines, began)
    if "escape" in problem:
        return Problem(Code.BACKSLASH, number + 1, column + 1, BACKSLASH, column + 2)
    for at in dict.fromkeys((number, began[0] if began else number)):
        if fix := mended(lines[at]):
            return fix.at(lines[at], at, column if at == number else None)
    for at in range(number, max(number - _LINES_ABOVE, -1), -1):
        if (at == number or not lines[at].startswith(" ")) and (fix := with_space(lines[at])):
            return fix.at(lines[at], at)
    return _misplaced(lines, number, column)


def no_fields(text: str, line: int, column: int) -> Problem:
    """The problem of a file that does not begin with a field."""
    lines = LINE_END.split(text)
    if found := _of_the_file(lines):
        return found
    if cause := _cause(lines, (line - 1,)):
        return cause
    if fix := with_space(lines[line - 1]):
        return fix.at(lines[line - 1], line - 1, column - 1)
    message = "the file must begin with fields, one a line, such as `title: Night trains return`"
    return Problem(Code.NO_FIELDS, line, column, message)


def feature(text: str, line: int, column: int, sign: str) -> Problem:
    """The problem of a value that begins with a sign of YAML's, such as that of an alias. The place counts from 1."""
    lines = LINE_END.split(text)
    if found := _of_the_file(lines) or stray_text(lines, line - 1):
        return found
    if cause := _cause(lines, (line - 1,)):
        return cause
    if fix := mended(lines[line - 1]):
        return fix.at(lines[line - 1], line - 1, column - 1)
    message = f"a value that begins with {sign} must stand in quotation marks"
    return Problem(Code.SIGN_BEFORE_VALUE, line, column, message, column + 1)


def stray(text: str, other: Problem) -> Problem:
    """The problem of a line that is probably one of the text above it, else the other one, which is on that line."""
    line = other.line
    lines = [*LINE_END.split(text), ""]
    below = next((below for below in lines[line:] if below.strip()), "")
    found = None if lines[line - 1].startswith("---") and is_field(below) else stray_text(lines, line - 1)
    return found or other


def swallowed_field(text: str, line: int) -> Problem | None:
    """The problem of a value in quotation marks, on a line that counts from 1, which holds the fields below it."""
    return unclosed(LINE_END.split(text), line - 1)


def _of_the_file(lines: list[str]) -> Problem | None:
    """What is wrong with a file as a whole: two versions of it, or another language than YAML."""
    if any(line.startswith(_MERGE_MARKS[:2]) for line in lines):
        at = next(number for number, line in enumerate(lines) if line.startswith(_MERGE_MARKS))
        return Problem(Code.UNFINISHED_MERGE, at + 1, 1, UNFINISHED_MERGE, len(lines[at]) + 1)
    top = next((number for number, line in enumerate(lines) if line.strip()), 0)
    is_heading = _HEADING.match(lines[top]) and not "".join(lines[top + 1 : top + 2]).strip()  # not so below a comment
    if is_heading and not any(map(_LIKE_FIELD.match, lines)):
        return Problem(Code.NO_FIELDS, top + 1, 1, _MARKDOWN, len(lines[top].rstrip()) + 1)
    first = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    return Problem(Code.TOML, first + 1, 1, _TOML, 4) if lines[first].rstrip() == "+++" else None


def _cause(lines: list[str], places: tuple[int, ...]) -> Problem | None:
    """A cause that lies in a few signs, or in their absence: at one of the places, which count from 0, or above it."""
    for at in range(places[-1], max(places[-1] - _LINES_ABOVE, -1), -1):
        if sign := hash_in_brackets(lines[at]):
            return sign.at(lines[at], at)
    for at in places:
        if space := odd_space(lines[at]):
            return space.at(lines[at], at)._replace(mend=with_spaces(lines, at))
    for at in places:
        if found := without_bar(lines, at):
            return found
    for at in range(places[-1], max(places[-1] - _LINES_ABOVE, -1), -1):
        if gap := odd_gap(lines[at]):
            return gap.at(lines[at], at)
    for at in places:
        if look := lookalike(lines[at]):
            problem = look.at(lines[at], at)
            return problem._replace(mend=with_hyphens(lines, at) or problem.mend)
    return None


def without_bar(lines: list[str], at: int) -> Problem | None:
    """The problem of a text of several lines, such as that of `body:`, that has no | before it."""
    for number in range(at, -1, -1):
        head = _HEAD.match(lines[number])
        if not head or head["lead"]:
            continue
        value = head["value"] or ""
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        is_of_lines = number < at or below.startswith(" ")
        if head["name"] not in LONG_TEXTS or not is_of_lines or value[:1] in ("|", ">", '"', "'"):
            return None
        name, column = head["name"], (head.start("value") if value else 0) + 1
        if (sign := value.rstrip()) in WIDE_BLOCKS:
            mend = (Change(number + 1, column, column + 1, "|"),) if sign == WIDE_BLOCKS[0] else ()
            return Problem(Code.LOOKALIKE_SIGN, number + 1, column, wide_block(name, sign), column + 1, mend)
        message = f"this text is read as YAML, for no | stands before it; write `{name}: |`, and below it the text"
        message = f"{message}, each of its lines indented by two spaces"
        return Problem(Code.NO_BAR, number + 1, column, message, len(lines[number].rstrip()) + 1)
    return None


def _never_closed(lines: list[str], began: tuple[int, int]) -> Problem:
    number, column = began
    opened = lines[number][column : column + 1]
    message = {
        '"': 'this quotation mark is never closed; put another " at the end of the value',
        "'": "this quotation mark is never closed; put another ' at the end of the value",
    }.get(opened, "what is opened here is never closed")
    code = Code.UNCLOSED_MARK if opened in ("'", '"') else Code.UNCLOSED_BRACKET
    return Problem(code, number + 1, column + 1, message, column + 2)


def _misplaced(lines: list[str], number: int, column: int) -> Problem:
    """What is wrong with a line that would be right in another place."""
    code, message = _why_misplaced(lines, number)
    return Problem(code, number + 1, column + 1, message, max(len(lines[number].rstrip()), column + 1) + 1)


def _why_misplaced(lines: list[str], number: int) -> tuple[Code, str]:
    line = lines[number]
    if any(above.startswith("...") for above in lines[:number]):
        return Code.SECOND_DOCUMENT, "a line of `...` above this one ends the article; take that line out"
    if (above := _block_above(lines, number)) and not FIELD.match(line):
        how = "must be indented, each of its lines by at least as much as the first"
        return Code.TEXT_NOT_INDENTED, f"the text below `{brief(above)}: |` {how}"
    if not FIELD.match(line):
        beginning = line.strip()[:_LINE_SHOWN]
        message = f"`{beginning}` is no field; write `name: value`, or indent it below the field it belongs to"
        return Code.NO_FIELD, message
    if not line.startswith(" ") and any(above.startswith(" ") and FIELD.match(above) for above in lines[:number]):
        return Code.MISPLACED, "the fields above this one are indented; begin all of them in the first column"
    if not line.startswith(" "):
        message = (
            "this line or the one above it cannot be read; put its value in quotation marks, or indent what goes on"
        )
        return Code.MISPLACED, message
    return Code.MISPLACED, (
        "this line continues the value above it, and that cannot hold a colon; if it is a field of its own, "
        "begin it in the first column; if not, put the whole value in quotation marks, or write | behind its name"
    )


def _block_above(lines: list[str], number: int) -> str | None:
    """The name of the block, such as `body: |`, that this line probably belongs to: only text stands between."""
    for line in reversed(lines[:number]):
        if found := BLOCK.match(line):
            return found["name"]
        if FIELD.match(line) and not line.startswith(" "):
            return None
    return None
