"""Spaces and signs that only look like those of YAML, and the space behind a colon that is missing."""

import re

from ..codes import Code
from .mendedline import FIELD, Slip, as_meant, slip
from .problems import Change
from .quoting import brief

_GLUED = re.compile(r"^(?P<lead>[ ]*(?:- +)?)(?P<name>[A-Za-z][\w-]*):(?P<value>[^ \t:/].*)$")
_BULLET = re.compile(r"^[ ]*(?P<bullet>[*+•·‣◦・–—－＊])[ \t\u3000]*(?P<value>[^\s*].*)$")
_WIDE_COLON = re.compile(r"^[ ]*(?:- +)?(?P<name>[\w-]+)[ \t]*(?P<colon>[：﹕︓])[ \t\u3000]*(?P<value>.*)$")
_ODD_GAP = re.compile(r"[ ]*(?:- +)?(?P<name>[A-Za-z][\w-]*):(?P<gap>[^\S \t])\s*+(?P<value>.*)$")
WIDE_BLOCKS = ("｜", "＞")  # what only looks like the signs of a block
_SPACES = {"\t": "a tab", "\xa0": "a no-break space", "\u3000": "an ideographic space"}
_BEGIN = re.compile("[ ]*(?:- +)*")  # of a field
_ITEM = re.compile(r"^[ ]*(?P<bullet>-)(?P<value>[^\s-].*)$")  # without its space
_EQUALS = re.compile(r"^[ ]*(?P<name>[a-z][\w-]{0,60})[ \t]*(?P<sign>=)[ \t]*(?P<value>[^=\s].*)$")
_CUT = re.compile(r"[^\sA-Z0-9aà]\s")  # rather a letter of the field's name, or of a word
_STEP = 2  # spaces of an indentation
_HEADER = re.compile(r"[ ]*(?:- +)?[\w-]+:[ \t]*(?:[|>][-+0-9]*[ \t]*)?$")  # a line above what it indents


def odd_space(line: str) -> Slip | None:
    """White space that YAML does not take for indentation."""
    indentation = line[: len(line) - len(line.lstrip())]
    if not (odd := indentation.lstrip(" ")):
        return None
    column = len(indentation) - len(odd)
    message = f"{space_name(odd[0])} indents this line; use spaces, two for each step"
    return Slip(Code.ODD_INDENTATION, message, column, len(indentation))


def space_name(space: str) -> str:
    return _SPACES.get(space, f"the character U+{ord(space):04X}")


def odd_gap(line: str) -> Slip | None:
    """A space behind a field's colon that is none to YAML."""
    if not (found := _ODD_GAP.match(line)):
        return None
    why, written = (
        f"{space_name(found['gap'])} stands behind the colon",
        as_meant(found["name"], found["value"].rstrip()),
    )
    wrong = slip(Code.ODD_SPACE, why, line, found, written, "; write an ordinary one: ")
    return wrong._replace(column=found.start("gap"), stop=found.end("gap"))


def wide_block(name: str, sign: str) -> str:
    """The message for a sign that only looks like the one of a block."""
    usual = "|" if sign == WIDE_BLOCKS[0] else ">"
    return f"this sign ({sign}) is a letter to YAML, which knows only {usual}; write {name}: |"


def lookalike(line: str) -> Slip | None:
    """A sign that only looks like one of YAML's."""
    if found := _WIDE_COLON.match(line):
        why = f"this colon ({found['colon']}) is a letter to YAML"
        wrong = slip(Code.LOOKALIKE_SIGN, why, line, found, as_meant(found["name"], found["value"].rstrip()))
        return wrong._replace(column=found.start("colon"), stop=found.end("colon"))
    if found := _EQUALS.match(line):
        written = f"{found['name']}: {brief(as_meant(found['name'], found['value'].rstrip()))}"
        message = f"a colon stands between the name of a field and its value; write {written}"
        return Slip(Code.LOOKALIKE_SIGN, message, found.start("sign"), found.end("sign"))
    if (found := _bullet(line)) and not FIELD.match(line):
        value, begin = found["value"].rstrip(), found.start("bullet")
        message = f"an item of a list begins with a hyphen and a space; write - {brief(value)}"
        return Slip(Code.LOOKALIKE_SIGN, message, begin, found.end("bullet"), begin, f"- {as_meant('-', value)}")
    return None


def _bullet(line: str) -> re.Match[str] | None:
    return _BULLET.match(line) or _ITEM.match(line)


def with_hyphens(lines: list[str], at: int) -> tuple[Change, ...]:
    """The changes that begin all items of a list with a hyphen and a space, of which one stands on this line, counted
    from 0: the lines beside it that begin with such a sign in the same column.
    """
    first = _bullet(lines[at])
    begin = at
    while begin and _is_beside(lines[begin - 1], first):
        begin -= 1
    changes = []
    for number in range(begin, len(lines)):
        line = lines[number]
        if not _is_beside(line, first) or not (found := lookalike(line)) or found.text is None:
            break
        changes.append(Change(number + 1, found.begin + 1, len(line.rstrip()) + 1, found.text))
    return tuple(changes)


def _is_beside(line: str, first: re.Match[str] | None) -> bool:
    found = None if FIELD.match(line) else _bullet(line)
    return bool(found and first and found.start("bullet") == first.start("bullet"))


def with_space(line: str) -> Slip | None:
    """A line such as `title:War`."""
    if not (found := _GLUED.match(line)):
        return None
    why = "write a space after the colon"
    wrong = slip(Code.NO_SPACE, why, line, found, as_meant(found["name"], found["value"].strip()), ": ")
    text = None if _CUT.match(found["value"]) else wrong.text
    return wrong._replace(column=line.index(":"), stop=line.index(":") + 1, text=text)


def with_spaces(lines: list[str], at: int) -> tuple[Change, ...]:
    """The changes that put ordinary spaces in the place of the odd white space which indents a line, counted from 0,
    and the lines below it that are indented like it.
    """
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    is_item = lines[at].lstrip().startswith("- ")
    spaces = len(above) - len(above.lstrip(" ") if is_item else _BEGIN.sub("", above, count=1))
    step = spaces if spaces and not _HEADER.match(above) else _STEP
    first = max(_width(lines[at], step), spaces + 1 if _HEADER.match(above) else 0)
    changes = []
    for number in range(at, len(lines)):
        line = lines[number]
        if line.strip() and not line[0].isspace():
            break
        lead = len(line) - len(line.lstrip())
        if line.strip() and lead - len(line[:lead].lstrip(" ")) < first and line[:lead].strip(" "):
            changes.append(Change(number + 1, 1, lead + 1, " " * max(_width(line, step), first if number == at else 0)))
    return tuple(changes)


def _width(line: str, step: int) -> int:
    """How many spaces stand for the white space before a line, with so many for a tab."""
    return sum(step if one == "\t" else 2 if one == "\u3000" else 1 for one in line[: len(line) - len(line.lstrip())])
