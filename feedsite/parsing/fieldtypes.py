"""What a field may hold: text, a number, an address, a list of such. Used for entries and for site.yaml alike.

A kind is a function `(node, context) -> value`. It adds each fault to the context and raises Invalid, which is caught
at the next field: so each cause is reported once and all fields are read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from ..errors import Fault
from ..urls import is_web_address, slug_of, to_uri
from . import nodes
from .complaints import brief, in_full, shown
from .nodes import MAX_MEMBERS, Mark, Node, Scalar

# Letters that a value may have which becomes a key, an address or an item of a list: a longer one is refused before
# anything looks at it. What takes longer texts takes time that is linear in their length.
LONGEST_WORD = 100  # a date, a number, a choice, a language
LONGEST_NAME = 200
_LONGEST_ID = 500
_LONGEST_ADDRESS = 2000
Kind = Callable[[Node, "Context"], Any]


class Invalid(Exception):
    """This field has no valid value. Its fault is in the context already."""


@dataclass(slots=True)
class Context:
    """The file that is being checked: its path, the zone of times without an offset, and the faults found so far."""

    path: str
    zone: ZoneInfo
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_faulty(self) -> bool:
        return any(not fault.is_note for fault in self.faults)

    def fault(self, mark: Mark, message: str) -> None:
        self.faults.append(Fault(self.path, mark.line, mark.column, message))

    def note(self, mark: Mark, message: str) -> None:
        self.faults.append(Fault(self.path, mark.line, mark.column, message, is_note=True))

    def refuse(self, mark: Mark, message: str) -> NoReturn:
        self.fault(mark, message)
        raise Invalid


def line(node: Node, context: Context, longest: int | None = None) -> str:
    """Text in one line; white space is folded. `longest` are the letters that it may have."""
    written = text(node, context)
    if longest is not None and len(written) > longest and len(written.strip()) > longest:
        context.refuse(node.mark, f"{shown(written)} is too long; {longest} letters are the most that can stand here")
    return " ".join(written.split())


def short_line(node: Node, context: Context) -> str:
    """A line that is a key, or an item of a list."""
    return line(node, context, LONGEST_NAME)


def text(node: Node, context: Context) -> str:
    if not isinstance(node, Scalar):
        context.refuse(
            node.mark,
            "text is wanted here, not a list or fields; "
            "put it in quotation marks if it begins with [ or { or holds a colon",
        )
    return node.text


def whole_number(node: Node, context: Context) -> int:
    """A number of things: 0 or more."""
    value = line(node, context, LONGEST_WORD)
    if not re.fullmatch("[0-9]{1,15}", value):
        context.refuse(node.mark, f"{shown(value)} is not a whole number; write digits only, such as 50")
    return int(value)


def positive_number(node: Node, context: Context) -> int:
    if (value := whole_number(node, context)) == 0:
        context.refuse(node.mark, "0 is too small; write 1 or more")
    return value


def truth(node: Node, context: Context) -> bool:
    """true or false, as YAML 1.2 knows them."""
    value = line(node, context, LONGEST_WORD)
    word = value.lower()
    if word not in ("true", "false"):
        meant = "true" if word in ("yes", "y", "on", "1") else "false" if word in ("no", "n", "off", "0") else ""
        context.refuse(node.mark, f"{shown(value)} is neither true nor false; write {meant or 'one of the two'}")
    return word == "true"


def duration(node: Node, context: Context) -> int:
    """Seconds, from `00:31:05`, `31:05` or a number of seconds."""
    value = line(node, context, LONGEST_WORD)
    if not re.fullmatch(r"[0-9]{1,6}|[0-9]{1,3}(:[0-5][0-9]){1,2}", value):
        context.refuse(node.mark, f'{shown(value)} is not a duration; write hours, minutes and seconds: "00:31:05"')
    seconds = 0
    for part in value.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def choice(*allowed: str) -> Kind:
    def kind(node: Node, context: Context) -> str:
        value = line(node, context, LONGEST_WORD)
        if value not in allowed:
            near = get_close_matches(value.lower(), allowed, 1, 0.5)
            advice = f"write {near[0]}" if near else f"write one of {', '.join(allowed)}"
            context.refuse(node.mark, f"{shown(value)} is not known here; {advice}")
        return value

    return kind


def listed(kind: Kind, *, is_of_words: bool = True, most: int = MAX_MEMBERS) -> Kind:
    """A list. One bare value counts as a list of one; one with commas was meant as several words."""

    def many(node: Node, context: Context) -> tuple[Any, ...]:
        if is_of_words and isinstance(node, Scalar) and re.match(r"[-–—•*·] *\S", node.text):
            context.refuse(node.mark, "write each item of a list on a line of its own, behind a hyphen and a space")
        if is_of_words and isinstance(node, Scalar) and re.search("[,;]", node.text):
            parts = brief(", ".join(part.strip() for part in re.split("[,;]", node.text) if part.strip()))
            one = in_full(node.text.strip())
            context.refuse(
                node.mark, f"several values are written as a list: [{parts}]; one that holds a comma: [{one}]"
            )
        values = []
        items = node.items if isinstance(node, nodes.Sequence) else (node,)
        failed = False
        if len(items) > most:
            context.refuse(node.mark, f"the list has {len(items)} items; {most} are the most that it can have")
        for item in items:
            try:
                if is_empty(item):
                    context.refuse(item.mark, "an item of this list is empty; take it out")
                values.append(kind(item, context))
            except Invalid:
                failed = True
        if failed:
            raise Invalid
        return tuple(values)

    return many


def language(node: Node, context: Context) -> str:
    """A language tag (RFC 5646), in its usual capitals."""
    value = line(node, context, LONGEST_WORD)
    if not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value):
        context.refuse(node.mark, f"{shown(value)} is not a language; write its code, such as en, ja or zh-Hant")
    first, *rest = value.split("-")
    shaped = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest]
    return "-".join([first.lower(), *shaped])


def email(node: Node, context: Context) -> str:
    value = line(node, context, LONGEST_NAME)
    if not re.fullmatch(r"[^\s@<>()\"]+@[^\s@<>()\"]+", value):
        context.refuse(node.mark, f"{shown(value)} is not an e-mail address; write one such as desk@news.example")
    return value


def iri(node: Node, context: Context) -> str:
    """A name for ever (RFC 4287 4.2.6); a tag: one (RFC 4151) is best, for it depends on no address."""
    value = line(node, context, _LONGEST_ID)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", value):
        fix = f"tag:news.example,2026-11-22:{slug_of(value) or 'japan-taiwan'}"
        context.refuse(node.mark, f"{shown(value)} cannot be an id; write one such as {fix}")
    return value


def web_address(node: Node, context: Context) -> str:
    """An absolute http or https address (RFC 3986), in ASCII."""
    value = line(node, context, _LONGEST_ADDRESS)
    if not is_web_address(value):
        inner = re.search(r"https?://[^\s)>\"']+", value)
        is_bare = ":" not in value and "." in value and is_web_address(f"https://{value}")
        guess = (
            inner[0]
            if inner and is_web_address(inner[0])
            else f"https://{value}"
            if is_bare
            else "https://news.example/page"
        )
        context.refuse(node.mark, f"{shown(value)} is not a web address; write it whole, such as {shown(guess)[1:-1]}")
    return to_uri(value)


def address(node: Node, context: Context) -> str:
    """A web address, or the place of a file of this site, such as images/towers.jpg."""
    value = line(node, context, _LONGEST_ADDRESS)
    parts = value.lstrip("/").split("/")
    is_place = (
        re.fullmatch(r"[^\s:?#\\<>\"{}|^`]+", value) and not value.startswith("//") and not {"", ".", ".."} & set(parts)
    )
    if not is_place and not is_web_address(value):
        advice = "write one such as images/towers.jpg or https://news.example/a.jpg"
        if " " in value:
            advice = f"it has spaces; give the file a name without, such as {shown(value.replace(' ', '-'))[1:-1]}"
        context.refuse(node.mark, f"{shown(value)} is no address; {advice}")
    return value


def is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and (not node.text or node.text.isspace())
