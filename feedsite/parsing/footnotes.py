"""Footnotes: at the end of the article, in the order of their marks, each with a way back to them."""

import html
import re
from collections.abc import Iterator

from ..words import Words
from . import anchors

LIST = '<ol class="footnotes">'
_DEFINITION = '<div class="footnote-definition"'
_DIVISION = re.compile(r"<(/?)div(?=[ >])[^>]*>")
_MARK = re.compile(r'<sup class="footnote-reference"><a href="[^"]*">([0-9]++)</a></sup>')
_LABEL = re.compile(r'<sup class="footnote-definition-label">([0-9]++)</sup>\s*+')
_BACK = "↩\ufe0e"  # as text, and not as a picture


def at_end(clean: str, ids: set[str], page: str, words: Words) -> tuple[str, set[str]]:
    """Sanitised HTML whose footnotes stand at its end, and the ids in it. `page` is the article's address."""
    if _DEFINITION not in clean:
        return clean, ids
    text, notes = _apart(clean)
    if not notes:
        return clean, ids
    taken = anchors.ids(text)
    taken.update(*map(anchors.ids, notes.values()))
    return _Numbered(notes, anchors.Names(taken), html.escape(page), words).printed(text), taken


def _apart(clean: str) -> tuple[str, dict[str, str]]:
    """The article without its footnotes; these by the number that pyromark gave to their marks."""
    rest: list[str] = []
    notes: dict[str, str] = {}
    position = 0
    for start, inner_start, inner_end, end in _definitions(clean):
        if label := _LABEL.match(clean, inner_start):
            rest.append(clean[position:start])
            notes[label[1]] = notes.get(label[1], "") + clean[label.end() : inner_end]
            position = end
    return "".join(rest) + clean[position:], notes


def _definitions(clean: str) -> Iterator[tuple[int, int, int, int]]:
    """Where each definition begins and ends, with its tags and without. One within another is a part of that."""
    depth = 0
    start = inner = -1
    for tag in _DIVISION.finditer(clean):
        if start < 0:
            if tag[0].startswith(_DEFINITION):
                start, inner, depth = tag.start(), tag.end(), 1
            continue
        depth += -1 if tag[1] else 1
        if not depth:
            yield start, inner, tag.start(), tag.end() + (clean[tag.end() : tag.end() + 1] == "\n")
            start = -1


class _Numbered:
    """The marks and notes of one article, numbered in the order of the marks: in the text first, then in the notes."""

    def __init__(self, notes: dict[str, str], names: anchors.Names, page: str, words: Words) -> None:
        self._notes = notes
        self._names = names
        self._page = page
        self._label = html.escape(words.text("Back to the text"))
        self._order: list[str] = []  # the former numbers
        self._places: dict[str, int] = {}  # the new number of each
        self._ids: dict[str, str] = {}  # of the notes, by their former numbers
        self._marks: dict[str, list[str]] = {}  # the ids of the marks of each note

    def printed(self, text: str) -> str:
        text = self._with_marks(text)
        notes = {number: self._with_marks(self._notes[number]) for number in self._former_numbers()}
        items = (
            f'<li id="{self._ids[number]}">\n{self._with_ways_back(number, note)}</li>\n'
            for number, note in notes.items()
        )
        return f"{text}<hr>\n{LIST}\n{''.join(items)}</ol>\n"

    def _former_numbers(self) -> Iterator[str]:
        """The notes in their order, which grows while they are read. Those without a mark come last."""
        done = 0
        for number in [*self._notes, ""]:
            while done < len(self._order):
                yield self._order[done]
                done += 1
            if number and number not in self._ids:
                self._place(number)

    def _place(self, number: str) -> None:
        self._order.append(number)
        self._places[number] = len(self._order)
        self._ids[number] = self._names.new(f"fn-{len(self._order)}")
        self._marks[number] = []

    def _with_marks(self, text: str) -> str:
        return _MARK.sub(self._mark, text)

    def _mark(self, found: re.Match[str]) -> str:
        number = found[1]
        if number not in self._notes:
            return found[0]
        if number not in self._ids:
            self._place(number)
        place, marks = self._places[number], self._marks[number]
        marks.append(self._names.new(f"fnref-{place}-{len(marks) + 1}" if marks else f"fnref-{place}"))
        link = f'<a href="{self._page}#{self._ids[number]}" id="{marks[-1]}">{place}</a>'
        return f'<sup class="footnote-reference">{link}</sup>'

    def _with_ways_back(self, number: str, note: str) -> str:
        links = (
            f' <a href="{self._page}#{mark}" aria-label="{self._label}">{_BACK}</a>' for mark in self._marks[number]
        )
        end = len(note) - len("</p>\n") if note.endswith("</p>\n") else len(note)
        return f"{note[:end]}{''.join(links)}{note[end:]}"
