"""Why a YAML parser stopped, in an editor's words, and how the line should have been written.

The faulty line decides, not the parser's message: PyYAML's two parsers word the same problem differently.
"""

import re

from .quoting import brief, in_full

_LINE_SHOWN = 60  # characters of a line that a message repeats
_LONG_TEXTS = ("body", "summary")
LINE_END = re.compile("\r\n|\r|\n")
_FIELD = re.compile(r"^(?P<lead>[ ]*(?:- +)?)(?P<name>[\w-]+):[ \t]+(?P<value>\S.*)$")
_GLUED = re.compile(r"^(?P<lead>[ ]*(?:- +)?)(?P<name>[A-Za-z][\w-]*):(?P<value>[^ \t:/].*)$")
_ITEM = re.compile(r"^(?P<lead>[ ]*)(?P<name>-)[ \t]+(?P<value>\S.*)$")
_BLOCK = re.compile(r"^[ ]*(?P<name>[\w-]+):[ \t]*[|>][-+0-9]*[ \t]*$")


class SyntaxProblem(Exception):
    """The file cannot be parsed beyond this place. Lines and columns count from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line = line
        self.column = column
        self.message = message
        super().__init__(message)


def explain(text: str, stopped: tuple[int, int] | None, began: tuple[int, int] | None, problem: str) -> SyntaxProblem:
    """`stopped` is where the parser stopped, `began` where the value or list begins that it was parsing, each as line
    and column that count from 0. `problem` is the parser's message.
    """
    lines = [*LINE_END.split(text), ""]
    number, column = stopped or began or (0, 0)
    number = min(number, len(lines) - 1)
    while number > 0 and not lines[number].strip():  # at the end of the file: the mistake is in a line above
        number -= 1
        column = _value_column(lines[number])
    line = lines[number]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return SyntaxProblem(number + 1, 1, "a tab indents this line; use spaces, two for each step")
    if "end of stream" in problem and began:
        return _never_closed(lines, began)
    if "escape" in problem:
        message = (
            "inside \"...\" a backslash begins a special character; write two of them: \\\\, or put the text in '...'"
        )
        return SyntaxProblem(number + 1, column + 1, message)
    for at in dict.fromkeys((number, began[0] if began else number)):
        if fix := rewritten(lines[at]):
            return SyntaxProblem(at + 1, (column if at == number else _value_column(lines[at])) + 1, fix)
    for at in range(number, max(number - 3, -1), -1):
        if (at == number or not lines[at].startswith(" ")) and (fix := _advice_to_space(lines[at])):
            return SyntaxProblem(at + 1, lines[at].index(":") + 1, fix)
    return SyntaxProblem(number + 1, column + 1, _misplaced(lines, number))


def no_fields(text: str, line: int, column: int) -> SyntaxProblem:
    """The problem of a file that does not begin with a field."""
    first = LINE_END.split(text)[line - 1]
    message = (
        _advice_to_space(first) or "the file must begin with fields, one a line, such as `title: Night trains return`"
    )
    return SyntaxProblem(line, column, message)


def _never_closed(lines: list[str], began: tuple[int, int]) -> SyntaxProblem:
    number, column = began
    opened = lines[number][column : column + 1]
    message = {
        '"': 'this quotation mark is never closed; put another " at the end of the value',
        "'": "this quotation mark is never closed; put another ' at the end of the value",
    }.get(opened, "what is opened here is never closed")
    found = _FIELD.match(lines[number])
    if found and opened == "'" and found["value"].count("'") == 1:
        message += f"; if it is an apostrophe, write {brief(found['name'])}: {in_full(found['value'].rstrip())}"
    return SyntaxProblem(number + 1, column + 1, message)


def rewritten(line: str) -> str | None:
    """What to write instead of a line whose value means something else in YAML. None where the value is harmless."""
    found = _FIELD.match(line) or _ITEM.match(line)
    if not found or _BLOCK.match(line):
        return None
    name, value = found["name"], found["value"].rstrip()
    field = "- " if name == "-" else f"{brief(name)}: "
    if value[0] in "\"'":
        return f"a quotation mark inside the value ends it early; write {field}{in_full(_unwrapped(value))}"
    if doubled := re.search(r"[\[,] *,", value) if value[0] == "[" else None:
        fewer = re.sub(r"(?<=\[) *,|,(?= *,)", "", value)
        return f"there is a comma too many at `{brief(doubled[0])}`; write {field}{brief(fewer)}"
    if value[0] in "[{" and value[-1] not in "]}":
        if value[0] == "[" and "]" not in value:
            return f"the list is not closed; write {field}{brief(value)}]"
        return f"a value that begins with {value[0]} must stand in quotation marks; write {field}{in_full(value)}"
    if value[0] in "|>" and name in _LONG_TEXTS:
        return f"begin the text on the line below `{name}: {value[0]}`, each of its lines indented by two spaces"
    if value[0] == "{" and (inner := _with_second_colon(value)):
        return f"in brackets, a value that holds a colon must stand in quotation marks: {in_full(inner)}"
    if value[0] in "@`%&*!,]}#|>?" or value == "-" or value.startswith("- "):
        return f"a value that begins with {value[0]} must stand in quotation marks; write {field}{in_full(value)}"
    if ": " in value or value.endswith(":"):
        return f"a value that holds a colon must stand in quotation marks; write {field}{in_full(value)}"
    if value[0] in "[{" and (odd := re.search(r"[@`%&*!]", value)):
        return f"in a list, a value that begins with {odd[0]} must stand in quotation marks"
    return None


def _with_second_colon(value: str) -> str | None:
    """The value that needs quotation marks: of `{src: a.png, alt: Left: a dog}` it is `Left: a dog`."""
    for item in value.strip("{} ").split(","):
        inner = item.partition(": ")[2].strip()
        if ": " in inner and inner[0] not in "\"'":
            return inner
    return None


def _unwrapped(value: str) -> str:
    """The text that an editor meant by a value in quotation marks.

    In `"He said "no" today"` the outer marks belong to YAML. In `"A" and "B"` all of them belong to the text.
    """
    mark = value[0]
    second = value.find(mark, 1)
    is_closing = second > 0 and not value[second - 1].isspace() and (value[second + 1 : second + 2] or "x").isspace()
    inner = value if is_closing or value[-1] != mark else value[1:-1]
    return inner.replace('\\"', '"') if mark == '"' else inner.replace("''", "'")


def _advice_to_space(line: str) -> str | None:
    """For a field such as `title:War`."""
    if not (glued := _GLUED.match(line)):
        return None
    return f"write a space after the colon: {brief(glued['name'])}: {brief(glued['value'].strip())}"


def _value_column(line: str) -> int:
    found = _FIELD.match(line) or _ITEM.match(line)
    return found.start("value") if found else 0


def _misplaced(lines: list[str], number: int) -> str:
    """What is wrong with a line that would be right in another place."""
    line = lines[number]
    if any(above.startswith("...") for above in lines[:number]):
        return "a line of `...` above this one ends the article; take that line out"
    if (above := _block_above(lines, number)) and not _FIELD.match(line):
        return (
            f"the text below `{brief(above)}: |` must be indented, each of its lines by at least as much as the first"
        )
    if not _FIELD.match(line):
        beginning = line.strip()[:_LINE_SHOWN]
        return f"`{beginning}` is no field; write `name: value`, or indent it below the field it belongs to"
    if not line.startswith(" ") and any(above.startswith(" ") and _FIELD.match(above) for above in lines[:number]):
        return "the fields above this one are indented; begin all of them in the first column"
    if not line.startswith(" "):
        return "this line or the one above it cannot be read; put its value in quotation marks, or indent what goes on"
    return (
        "this line continues the value above it, and that cannot hold a colon; if it is a field of its own, "
        "begin it in the first column; if not, put the whole value in quotation marks, or write | behind its name"
    )


def _block_above(lines: list[str], number: int) -> str | None:
    """The name of the block, such as `body: |`, that this line probably belongs to: only text stands between."""
    for line in reversed(lines[:number]):
        if found := _BLOCK.match(line):
            return found["name"]
        if _FIELD.match(line) and not line.startswith(" "):
            return None
    return None
