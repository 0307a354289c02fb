"""Lines that belong to the text of a block, such as that below `body: |`, and are indented too little for YAML."""

import re

from ..codes import Code
from .mendedline import BLOCK
from .problems import Problem
from .quoting import brief

_A_FIELD = re.compile(r"[a-z][\w-]*:(?:[ \t]|$)")  # in the first column; the names of all fields are such words
_STEP = 2  # spaces of an indentation


def stray_text(lines: list[str], number: int) -> Problem | None:
    """The first such line below the block that is the last one above a line, which counts from 0, and the line to
    write. None where only fields stand between.
    """
    if is_field(lines[number]):  # the parser may stop on the line below the cause
        number -= 1
    header = next((at for at in range(number, -1, -1) if BLOCK.match(lines[at]) or is_field(lines[at])), 0)
    if number < 0 or not (block := BLOCK.match(lines[header])):
        return None
    lead, first = indentation(lines[header]), 0
    for at in range(header + 1, number + 1):
        line = lines[at]
        spaces = indentation(line)
        if not line.strip() or (spaces >= first > 0) or (first and line.startswith("#")):
            continue
        if line[spaces].isspace() or line.startswith("..."):  # a tab, or an end of YAML's; other messages name them
            return None
        if not first and spaces > lead:
            first = spaces
            continue
        if spaces <= lead and lead:
            return None
        written = " " * (first or lead + _STEP) + brief(line.strip())
        how = "like the first" if first else f"by {_STEP} spaces"
        message = f"the text below `{brief(block['name'])}: |` must be indented, each of its lines {how}"
        return Problem(Code.TEXT_NOT_INDENTED, at + 1, spaces + 1, f"{message}: `{written}`", len(line.rstrip()) + 1)
    return None


def text_indentation(lines: list[str], below: int) -> int:
    """The spaces before each line of the text that begins at a line, which counts from 0."""
    first = next((line for line in lines[below:] if line.strip()), "")
    return indentation(first) or _STEP


def is_field(line: str) -> bool:
    """Whether a line in the first column begins a field, and is no line of a text with a colon in it."""
    return bool(_A_FIELD.match(line))


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
