"""The headings of an article: their levels below that of its title, and their ids."""

import html
import re
import unicodedata

from . import anchors

_LEVEL = re.compile(r"<(/?)h([1-6])(?=[ >])")
_GIVEN = re.compile(r"\{#([^\s{}<>&\"]++)[^{}<>]*+\}\s*+\Z")
_LEFT_OUT = re.compile(r'<sup class="footnote-reference".*?</sup>|<(r[tp])>.*?</\1>|<[^>]*>', re.DOTALL)
_NO_LETTER = re.compile(r"[^\w\- ]")
_LONGEST = 500  # characters of a heading's HTML of which its id is made


def with_ids(clean: str, ids: set[str]) -> str:
    """Sanitised HTML in which each heading has an id: the one in `{#x}` behind its words, or one made of its words.
    `ids` are those that stand there already.

    Where one is of the first level, which is the title's, all are one level lower.
    """
    pieces = clean.split("<h")  # in sanitised HTML < stands in no text and in no value, nor does >
    if len(pieces) == 1:
        return clean
    names = anchors.Names(ids)
    given = _given(pieces, names) if "{#" in clean else {}
    is_lower = False
    for place in range(1, len(pieces)):
        piece = pieces[place]
        level, start = piece[0], piece.find(">") + 1
        if level not in "123456":
            continue
        is_lower = is_lower or level == "1"
        if start > len("2>") and ' id="' in piece[:start]:
            continue
        end = piece.find("</h")  # -1 where headings stand within one another
        if place in given:
            pieces[place] = f'{level} id="{given[place]}"{piece[1 : piece.rfind("{#", 0, end)].rstrip()}{piece[end:]}'
        elif name := names.new(_words(piece[start:end])):
            pieces[place] = f'{level} id="{name}"{piece[1:]}'
    made = "<h".join(pieces)
    return _LEVEL.sub(_lower, made) if is_lower else made


def _given(pieces: list[str], names: anchors.Names) -> dict[int, str]:
    """The ids in `{#x}` behind the words of headings, by the places of these."""
    given = {}
    for place, piece in enumerate(pieces):
        end = piece.find("</h")
        found = _GIVEN.match(piece, max(0, piece.rfind("{#", 0, end)), end) if place and end >= 0 else None
        if found and ' id="' not in piece[: piece.find(">")]:
            given[place] = anchors.own(found[1])
            names.keep(given[place])
    return given


def _lower(tag: re.Match[str]) -> str:
    return f"<{tag[1]}h{min(int(tag[2]) + 1, 6)}"


def _words(within: str) -> str:
    """The words of a heading as GitHub and Hugo make an id of them: "What's new?" is whats-new."""
    text = within[:_LONGEST]
    if "<" in text:
        text = _LEFT_OUT.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    text = text.strip().lower()
    if text.replace(" ", "").isalnum() and text.isascii():
        return text.replace(" ", "-")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _NO_LETTER.sub(_mark, text).replace(" ", "-")


def _mark(letter: re.Match[str]) -> str:
    """A vowel or an accent that belongs to the letter before it stays; punctuation does not."""
    return letter[0] if unicodedata.category(letter[0])[0] == "M" else ""
