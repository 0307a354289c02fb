"""The headings of an article: their levels below that of its title, and their ids."""

import html
import re
import unicodedata

from . import anchors

# In sanitised HTML no > stands in a value, and each element is closed.
_HEADING = re.compile(r"<h([1-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
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
    found = list(_HEADING.finditer(clean))
    if not found:
        return clean
    names = anchors.Names(ids)
    given = {}
    for heading in found:
        if heading[3].endswith("}") and (name := _given(heading)):
            given[heading] = name
            names.keep(name)
    written: list[str] = []
    position = 0
    for heading in found:
        level, attributes, within = heading.groups()
        if ' id="' in attributes:
            continue
        if name := given.get(heading, ""):
            within = within[: within.rfind("{#")].rstrip()
        elif not (name := names.new(_words(within))):
            continue
        written += clean[position : heading.start()], f'<h{level} id="{name}"{attributes}>{within}'
        position = heading.end(3)
    made = "".join(written) + clean[position:]
    return _LEVEL.sub(_lower, made) if "1" in [heading[1] for heading in found] else made


def _given(heading: re.Match[str]) -> str:
    """The id in `{#x}` behind the words of a heading."""
    found = _GIVEN.match(heading[3], max(0, heading[3].rfind("{#")))
    return anchors.own(found[1]) if found and ' id="' not in heading[2] else ""


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
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _NO_LETTER.sub(_mark, text).replace(" ", "-")


def _mark(letter: re.Match[str]) -> str:
    """A vowel or an accent that belongs to the letter before it stays; punctuation does not."""
    return letter[0] if unicodedata.category(letter[0])[0] == "M" else ""
