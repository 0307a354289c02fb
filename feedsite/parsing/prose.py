"""The text of a body, read for what was probably not meant."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..codes import Code
from .codespans import without_code
from .complaints import UNFINISHED_MERGE
from .leftovers import ELEMENTS, leftovers, signs
from .lostmarkup import has_lost_headings, has_lost_links, has_lost_lists, headings, links, lists
from .lostpictures import lost_pictures, may_be_nowhere, pictures_nowhere
from .misread import has_unread_signs, may_be_misread, misread, unread

_MERGE = [re.compile(marks, re.MULTILINE) for marks in ("^<{7}(?: .*)?$", "^={7}$", "^>{7}(?: .*)?$")]
_EMBED = re.compile(f"<({ELEMENTS})\\b([^<>]{{0,2000}})", re.IGNORECASE)
_RUN = ("script", "svg", "form")  # of these no link is made
_EMBED_FIGURE = 'class="embed"'  # around the link that is made of an embed
_FOOTNOTE = re.compile(r"\[\^([^\]\[\s^]{1,200})\](:?)")
_LETTER = re.compile(r"(?:^|>)\s*+[^\s<]")  # text between tags
_SHOWS = ("<img", "<video", "<audio", "<math")  # what is to be seen without text


class Slip(NamedTuple):
    """Something that was probably not meant: its place in the text, and a message. Lines and columns count from 1;
    `end` is the column behind it, 0 where it goes on below its line.
    """

    code: Code
    line: int
    column: int
    end: int
    message: str


_Found = tuple[int, int, str]  # where it begins and ends in the text, and a message


def slips(text: str, markup: str) -> list[Slip]:
    """What was probably not meant in the Markdown of a body, in the order of the text.

    `markup` is the article's HTML.
    """
    found: list[tuple[int, int, Code, str]] = []
    if not _LETTER.search(markup) and not any(tag in markup for tag in _SHOWS):
        found.append((0, 0, Code.NOTHING_SEEN, "readers see nothing of this text; write some"))
    found_signs = signs(text)
    if may_be_nowhere(text):
        nowhere = pictures_nowhere(without_code(text))
        found += [(begin, end, Code.LOST_PICTURE, message) for begin, end, message in nowhere]
    has_lost_pictures = "!" in markup and "![" in markup
    lost = _lost(text, markup)
    is_odd = has_lost_pictures or may_be_misread(text, markup) or has_unread_signs(markup)
    if found_signs or is_odd or lost or ("^" in text and "[^" in text and any(_footnotes(text))):
        prose = without_code(text)
        kinds: dict[Code, Iterable[_Found]] = {
            Code.FOREIGN_CODE: leftovers(text, prose, found_signs),
            Code.FOREIGN_ELEMENT: _elements(prose, markup),
            Code.LOST_FOOTNOTE: _footnotes(prose),
            Code.LOST_PICTURE: lost_pictures(prose) if has_lost_pictures else (),
            **{code: find(prose) for code, find in lost.items()},
            Code.MISREAD: misread(text, prose, markup) if may_be_misread(text, markup) else (),
            Code.SIGNS_SEEN: unread(prose, markup) if has_unread_signs(markup) else (),
        }
        found += [(begin, end, code, message) for code, those in kinds.items() for begin, end, message in those]
        if "<<<<<<<" in prose and all(marks.search(prose) for marks in _MERGE):
            found.append((*_first(_MERGE[0], prose), Code.UNFINISHED_MERGE, UNFINISHED_MERGE))
    return [_slip(text, *one) for one in sorted(found)]


def _lost(text: str, markup: str) -> dict[Code, Callable[[str], Iterable[_Found]]]:
    """What may have been meant as more than its signs, and how it is found."""
    kinds = (
        (has_lost_headings(text), Code.NO_HEADING, headings),
        (has_lost_links(text, markup), Code.NO_LINK, links),
        (has_lost_lists(text), Code.NO_LIST, lists),
    )
    return {code: find for may_be, code, find in kinds if may_be}


def _slip(text: str, begin: int, end: int, code: Code, message: str) -> Slip:
    column = begin - text.rfind("\n", 0, begin)
    is_on_line = begin < end and "\n" not in text[begin:end]
    return Slip(code, text.count("\n", 0, begin) + 1, column, column + end - begin if is_on_line else 0, message)


def _first(pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    found = pattern.search(text)
    return found.span() if found else (0, 0)


def _elements(prose: str, markup: str) -> Iterator[_Found]:
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
        yield *all_[0].span(), message


def _footnotes(prose: str) -> Iterator[_Found]:
    """Marks of notes that are not there, and notes that no mark leads to: of each the first one."""
    marks: dict[str, re.Match[str]] = {}
    notes: dict[str, re.Match[str]] = {}
    for found in _FOOTNOTE.finditer(prose):
        before = prose[max(found.start() - 4, 0) : found.start()].rpartition("\n")
        is_note = found[2] and not before[2].strip(" ") and (before[1] or found.start() < 4)
        (notes if is_note else marks).setdefault(found[1].casefold(), found)
    if lost := [found for name, found in marks.items() if name not in notes]:
        name, others = lost[0][1], f" (one of {len(lost)} in this text)" if len(lost) > 1 else ""
        yield *lost[0].span(), f"`[^{name}]` leads to no note{others}; write one, such as `[^{name}]: The note.`"
    if lost := [found for name, found in notes.items() if name not in marks]:
        name, others = lost[0][1], f" (one of {len(lost)} in this text)" if len(lost) > 1 else ""
        yield *lost[0].span(), f"no mark leads to this note{others}; write `[^{name}]` where it belongs"
