"""How a body stands in its file: what YAML makes of its lines, and where a place of the text is in the file."""

import re
from collections.abc import Iterator

from ..codes import Code
from .fieldtypes import Found
from .lookalikes import WIDE_BLOCKS, wide_block
from .nodes import Mark, Named, Scalar
from .problems import LINE_END
from .quoting import brief

_HEADING = re.compile("#{2,6}[ \t]")  # one # alone may be a comment of YAML
_STRUCTURE = re.compile(r"[ ]*(?:[-*+] |[0-9]{1,9}[.)] |#{1,6} |>|```|~~~|[|])")  # lines that must not be joined
_ADVICE = "write `body: |`, and below it the text, each of its lines indented by two spaces"


def problems(body: Named, content: bytes) -> Iterator[Found]:
    """What of the text is lost to YAML, and where its lines are joined."""
    node = body.value
    if not isinstance(node, Scalar):
        return
    if node.comment and node.style:
        yield from _dropped(node, *node.comment, _lines(content))
    if node.style == "|":
        return
    lines = _lines(content)
    written = _source(node, lines)
    if node.text[:1] in WIDE_BLOCKS and written[0].strip() in WIDE_BLOCKS:
        mark = node.mark._replace(end=node.mark.column + 1)
        yield Code.LOOKALIKE_SIGN, mark, wide_block(body.name, node.text[0]), "|"
        return
    if node.style == "":
        first = body.mark.line
        for number in range(first, first + len(_below(first, lines))):
            line = lines[number]
            if _HEADING.match(line) or (line[:1] == " " and line.lstrip(" ").startswith("#")):
                mark = Mark(number + 1, len(line) - len(line.lstrip(" ")) + 1, len(line) + 1)
                yield (
                    Code.NO_BAR,
                    mark,
                    f"to YAML this line is a comment, and readers would not get it; {_ADVICE}",
                    None,
                )
                return
    is_joined = any(not line.strip() or (line[0] != "#" and _STRUCTURE.match(line)) for line in written[1:])
    if is_joined:
        yield (
            Code.LINES_JOINED,
            node.mark,
            f"YAML joins the lines of this text, paragraphs and lists too; {_ADVICE}",
            None,
        )


def place(node: Scalar, content: bytes, at: Mark) -> Mark:
    """Where a place of a body's text is in the file. Lines and columns count from 1, in both.

    Only below `body: |` a line of the text is one of the file; else it is the place where the value begins.
    """
    if node.style != "|":
        return node.mark
    lines = _lines(content)
    number = node.mark.line + at.line  # of the file, counted from 1: the text begins on the line below its |
    if number > len(lines):
        return node.mark
    spaces = _indentation(node, lines)
    return Mark(number, at.column + spaces, at.end and at.end + spaces)


def _lines(content: bytes) -> list[str]:
    return LINE_END.split(content.decode("utf-8-sig"))


def _indentation(node: Scalar, lines: list[str]) -> int:
    """How many spaces stand before each line of a block: as many as the file has more of than the text."""
    for line, written in zip(node.text.split("\n"), lines[node.mark.line :], strict=False):
        if line.strip():
            return len(written) - len(line)
    return 0


def _below(first: int, lines: list[str]) -> list[str]:
    """The lines of a field's value below its first one, up to the next line that begins with a letter."""
    end = first
    while end < len(lines) and (lines[end][:1] in ("", " ", "\t", "#")):
        end += 1
    return lines[first:end]


def _source(node: Scalar, lines: list[str]) -> list[str]:
    """The lines on which a value stands, without empty ones at the end."""
    written = [lines[node.mark.line - 1][node.mark.column - 1 :], *_below(node.mark.line, lines)]
    while len(written) > 1 and (not written[-1].strip() or written[-1].startswith("#")):
        written.pop()
    return written


def _dropped(node: Scalar, mark: Mark, comment: str, lines: list[str]) -> Iterator[Found]:
    """A line below a block that begins with #: a heading of the text as it seems, or a comment on the fields below."""
    indented = f"`{' ' * (_indentation(node, lines) or 2)}{brief(comment.rstrip())}`"
    is_last = all(not line.strip() or line.startswith("#") for line in lines[mark.line :])
    if _HEADING.match(comment) and (is_last or mark.column > 1):
        message = f"to YAML this line is a comment, and readers would not get it; indent it like the text: {indented}"
        yield Code.TEXT_NOT_INDENTED, mark, message, None
    elif _HEADING.match(comment) or (is_last and re.match("# *[^ #]", comment)):
        yield (
            Code.LINE_LOST,
            mark,
            f"to YAML this line is a comment; if it belongs to the text, indent it: {indented}",
            None,
        )
