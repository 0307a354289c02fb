"""The text of a body, read for what was probably not meant."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..codes import Code
from .codespans import without_code
from .complaints import UNFINISHED_MERGE
from .leftovers import ELEMENTS, leftovers, signs
from .lostpictures import lost_pictures

_MERGE = [re.compile(marks, re.MULTILINE) for marks in ("^<{7}(?: .*)?$", "^={7}$", "^>{7}(?: .*)?$")]
_EMBED = re.compile(f"<({ELEMENTS})\\b([^<>]{{0,2000}})", re.IGNORECASE)
_RUN = ("script", "svg", "form")  # of these no link is made
_EMBED_FIGURE = 'class="embed"'  # around the link that is made of an embed
_FOOTNOTE = re.compile(r"\[\^([^\]\[\s^]{1,200})\](:?)")
_LETTER = re.compile(r"(?:^|>)\s*+[^\s<]")  # text between tags
_SHOWS = ("<img", "<video", "<audio", "<math")  # what is to be seen without text


class Slip(NamedTuple):
    """Something that was probably not meant: its place in the text, and a message. Lines and columns count from 1."""

    code: Code
    line: int
    column: int
    message: str


def slips(text: str, markup: str) -> list[Slip]:
    """What was probably not meant in the Markdown of a body, in the order of the text.

    `markup` is the article's HTML.
    """
    found: list[tuple[int, Code, str]] = []
    if not _LETTER.search(markup) and not any(tag in markup for tag in _SHOWS):
        found.append((0, Code.NOTHING_SEEN, "readers see nothing of this text; write some"))
    found_signs = signs(text)
    has_lost_pictures = "![" in markup
    if found_signs or has_lost_pictures or ("[" in text and "[^" in text and any(_footnotes(text))):
        prose = without_code(text)
        found += [(start, Code.FOREIGN_CODE, message) for start, message in leftovers(text, prose, found_signs)]
        found += [(start, Code.FOREIGN_ELEMENT, message) for start, message in _elements(prose, markup)]
        found += [(start, Code.LOST_FOOTNOTE, message) for start, message in _footnotes(prose)]
        if has_lost_pictures:
            found += [(start, Code.LOST_PICTURE, message) for start, message in lost_pictures(prose)]
        if "<<<<<<<" in prose and all(marks.search(prose) for marks in _MERGE):
            found.append((_first(_MERGE[0], prose), Code.UNFINISHED_MERGE, UNFINISHED_MERGE))
    return [_slip(text, *one) for one in sorted(found)]


def _slip(text: str, start: int, code: Code, message: str) -> Slip:
    start = max(start, 0)
    return Slip(code, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), message)


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else 0


def _elements(prose: str, markup: str) -> Iterator[tuple[int, str]]:
    """Elements that no article has: of each kind the first one."""
    counted: dict[str, list[re.Match[str]]] = {}
    for found in _EMBED.finditer(prose):
        counted.setdefault(found[1].lower(), []).append(found)
    for name, all_ in counted.items():
        if f"<{name}" in markup:
            continue  # a recording of this site's own stays
        others = f", one of {len(all_)} in this text," if len(all_) > 1 else ""
        is_linked = name not in _RUN and _EMBED_FIGURE in markup
        becomes = "becomes a link" if is_linked else "is taken out"
        message = f"`<{name}>`{others} {becomes}: nothing is loaded or run that is not the site's own"
        yield all_[0].start(), message


def _footnotes(prose: str) -> Iterator[tuple[int, str]]:
    """Marks of notes that are not there, and notes that no mark leads to: of each the first one."""
    marks: dict[str, re.Match[str]] = {}
    notes: dict[str, re.Match[str]] = {}
    for found in _FOOTNOTE.finditer(prose):
        before = prose[max(found.start() - 4, 0) : found.start()].rpartition("\n")
        is_note = found[2] and not before[2].strip(" ") and (before[1] or found.start() < 4)
        (notes if is_note else marks).setdefault(found[1].casefold(), found)
    if lost := [found for name, found in marks.items() if name not in notes]:
        name, others = lost[0][1], f" (one of {len(lost)} in this text)" if len(lost) > 1 else ""
        yield lost[0].start(), f"`[^{name}]` leads to no note{others}; write one, such as `[^{name}]: The note.`"
    if lost := [found for name, found in notes.items() if name not in marks]:
        name, others = lost[0][1], f" (one of {len(lost)} in this text)" if len(lost) > 1 else ""
        yield lost[0].start(), f"no mark leads to this note{others}; write `[^{name}]` where it belongs"
