"""An article in one line: its first paragraph as plain text. The only door to regex."""

import html
import re
from itertools import takewhile

from .footnotes import LIST

_LONGEST = 280  # characters, as long as a reader's list shows
_LONGEST_WORD = 40  # characters: a longer one is cut
_LONGEST_SHIFT = 40  # characters that are raised or lowered as such; more are a text by themselves
_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")  # in sanitised HTML no > stands in a value
# Elements that are no part of what a paragraph says, and the classes of others that are none.
_LEFT_OUT = frozenset("aside audio del figcaption figure rp rt s video".split())
_LEFT_OUT_BY_CLASS = (' class="footnote-', ' class="markdown-alert-title"')
# A first paragraph of which all but the tags is said.
_PLAIN = re.compile(r"<p>([^<]*+(?:</?+(?:a|abbr|b|cite|code|em|i|q|span|strong)(?:\x20[^>]*+)?+>[^<]*+)*+)</p>")
_SPACES = re.compile("[ \t\n\f\r]{2,}|[\t\n\f\r]")  # no other one is folded: a no-break space is meant
# Two letters that are whole ones, whatever stands around them: ASCII, kana, ideographs.
_WHOLE = re.compile("[ -~、-〕ぁ-ゖ゠-ヿ㐀-鿿！-～]{2}")
_SHIFTS = {
    "sup": str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ"),
    "sub": str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
}


def of(body: str) -> str:
    """The first paragraph with text of an article's HTML, as plain text cut at a word. "" if there is none."""
    found = _PLAIN.match(body)
    plain = _folded(html.unescape(_TAG.sub("", found[1]))) if found else ""
    return _cut(plain or _first_paragraph(body))


def _first_paragraph(body: str) -> str:
    paragraph: _Paragraph | None = None  # the one that is open
    left_out, depth = "", 0  # the element that is passed over, and how many of its name are open
    position = 0
    for tag in _TAG.finditer(body):
        end, name, attributes = tag.groups()
        if left_out:
            if name == left_out:
                depth += -1 if end else 1
                left_out, position = (left_out if depth else ""), tag.end()
            continue
        if paragraph and position < tag.start():
            paragraph.add(html.unescape(body[position : tag.start()]))
        position = tag.end()
        if not end and (name in _LEFT_OUT or attributes.startswith(_LEFT_OUT_BY_CLASS)):
            left_out, depth = name, 1
        elif name == "p" and not end:
            paragraph = _Paragraph()
        elif not paragraph:
            if tag[0] == LIST:
                return ""
        elif name == "p" or paragraph.is_long:
            if plain := paragraph.plain:
                return plain
            paragraph = None
        elif name == "br":
            paragraph.add(" ")
        elif name in _SHIFTS:
            paragraph.begin_shift() if not end else paragraph.end_shift(name)
    return ""


class _Paragraph:
    """The text of a paragraph, as far as it was read."""

    def __init__(self) -> None:
        self._pieces: list[str] = []  # none is empty
        self._length = 0  # of all pieces
        self._enough = 4 * _LONGEST
        self._begun: list[int] = []  # where the <sup> and <sub> that are open begin in the pieces

    @property
    def plain(self) -> str:
        return _folded("".join(self._pieces))

    @property
    def is_long(self) -> bool:
        """Whether nothing that follows can change the summary."""
        if self._length < self._enough:
            return False
        self._enough *= 2  # so that a text of spaces is not looked at again and again
        return len(self.plain) > 2 * _LONGEST

    def add(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def begin_shift(self) -> None:
        self._begun.append(len(self._pieces))

    def end_shift(self, name: str) -> None:
        """Makes raised or lowered letters of what stands in a <sup> or <sub>, where Unicode has them."""
        start = self._begun.pop() if self._begun else len(self._pieces)
        if sum(map(len, self._pieces[start:])) > _LONGEST_SHIFT:
            return
        text = "".join(self._pieces[start:])
        table = _SHIFTS[name]
        if all(ord(letter) in table for letter in text):
            text = text.translate(table)
        elif name == "sup" and start and _is_power(text, self._pieces[start - 1][-1]):
            text = f"^{text}"
        self._pieces[start:] = [text] if text else []


def _folded(text: str) -> str:
    return " ".join(text.split()) if text.isascii() else _SPACES.sub(" ", text).strip()


def _is_power(text: str, base: str) -> bool:
    """Whether raised letters must not follow their base as they are: as in 2x or k, and not in st or TM."""
    return any(letter.isdigit() for letter in text) or (len(text) == 1 and text.isalpha() and base.islower())


def _cut(plain: str) -> str:
    if len(plain) <= _LONGEST:
        return plain
    space = max(plain.rfind(mark, _LONGEST - _LONGEST_WORD, _LONGEST + 1) for mark in " \u3000")
    end = space if space > 0 else _end_of_cluster(plain)
    return plain[:end].rstrip(" \u3000,;:-–—") + "…"


def _end_of_cluster(plain: str) -> int:
    """The last place within the length where a letter ends with all its marks (UAX 29, grapheme clusters)."""
    if _WHOLE.match(plain, _LONGEST - 1):
        return _LONGEST
    import regex  # noqa: PLC0415  # a fifteenth of the time in which most commands start, and hardly ever needed

    ends = (cluster.end() for cluster in regex.compile(r"\X").finditer(plain, 0, 2 * _LONGEST))
    return max(takewhile(_LONGEST.__ge__, ends), default=_LONGEST)
