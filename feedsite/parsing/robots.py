"""Lines for robots.txt (RFC 9309), as site.yaml gives them: `Name: value`, comments and blank lines."""

import re

from ..codes import Code
from .fieldtypes import Context, FieldType, Invalid, any_text
from .nodes import Mark, Node
from .quoting import shown

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)")
_RULES = ("allow", "disallow", "crawl-delay")  # lines that belong to a group (RFC 9309 2.1)
_NAMES = {"user-agent": "User-agent", "sitemap": "Sitemap"} | {name: name.capitalize() for name in _RULES}


def _robots(node: Node, context: Context) -> str:
    """The lines without white space around them. Every line that is none is a fault at its own place."""
    lines = [line.strip() for line in any_text(node, context).strip("\n").split("\n")]
    is_block = "\n" in any_text(node, context)  # a block begins below the line of its name
    is_in_group = is_invalid = False
    for number, line in enumerate(lines, 1):
        mark = Mark(node.mark.line + number, 1) if is_block else node.mark
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        name, value = (found[1].lower(), found[2]) if found else ("", "")
        is_in_group = is_in_group or name == "user-agent"
        if not found:
            context.fault(Code.ROBOTS_LINE, mark, f"{shown(line)} is no line of robots.txt; write {_meant(line)}")
        elif name == "user-agent" and not value:
            context.fault(Code.ROBOTS_LINE, mark, "this line names no program; write User-agent: * for all of them")
        elif name in _RULES and not is_in_group:
            context.fault(
                Code.ROBOTS_LINE, mark, f"{shown(line)} is for nobody; write a line above it, such as User-agent: *"
            )
        else:
            continue
        is_invalid = True
    if is_invalid:
        raise Invalid
    return "\n".join(lines)


def _meant(line: str) -> str:
    """The line with the colon that it lacks, where it begins with a name that robots.txt knows."""
    name, _, value = line.replace("=", " ").partition(" ")
    known = _NAMES.get(name.lower())
    return f"{known}: {value.strip()}" if known else "a name, a colon and a value, such as Disallow: /drafts/"


ROBOTS = FieldType("lines of robots.txt", {"type": "string"}, _robots)
