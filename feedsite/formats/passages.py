"""The passage of an article in which a search found its words, and texts with these words marked."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple
from unicodedata import east_asian_width

from .. import searchwords
from ..index.searchtext import text_of
from ..model import Entry
from ..queries import Phrase

_LONGEST = 220  # letters of a passage; of Chinese or Japanese, whose letters are as wide as two, half as many
_BEFORE = 70  # letters of these before the words that were found


class Piece(NamedTuple):
    text: str
    is_marked: bool = False


class Wanted(NamedTuple):
    """What to look for in `searchwords.folded`: it matches `pattern` only where all words of one of `phrases` stand."""

    pattern: re.Pattern[str]
    phrases: tuple[tuple[str, ...], ...]

    def may_be_in(self, text: str) -> bool:
        return any(all(word in text for word in words) for words in self.phrases)


def wanted(phrases: Iterable[Phrase]) -> Wanted | None:
    """None where a query has no words."""
    longest_first = sorted(phrases, key=lambda phrase: -len(phrase.words))
    found = [
        r"[ \n]+".join(map(re.escape, phrase.words)) + (r"\S*" if phrase.is_beginning else r"(?!\S)")
        for phrase in longest_first
    ]
    if not found:
        return None
    return Wanted(re.compile(rf"(?<!\S)(?:{'|'.join(found)})"), tuple(phrase.words for phrase in longest_first))


def marked(text: str, words: Wanted | None) -> list[Piece]:
    """A text in pieces, of which those are marked that a search found."""
    text = searchwords.nfc(text)
    pieces, done = [], 0
    for begin, end in _spans(text, words):
        pieces += [Piece(text[done:begin]), Piece(text[begin:end], is_marked=True)]
        done = end
    return [piece for piece in (*pieces, Piece(text[done:])) if piece.text]


def passage(entry: Entry, words: Wanted | None) -> list[Piece]:
    """A passage of its text that has any of the words; the summary where none has."""
    blocks = entry.body.split("\n")
    for number in _likely(entry.body, blocks, words) if words else ():
        text = _text(blocks[number])
        if at := next(_spans(text, words), None):
            begin = 0 if at[0] < _BEFORE else _word_from(text, at[0] - _BEFORE)
            return _cut(text[begin:], blocks[number + 1 :], words, is_begun=begin > 0)
    return marked(entry.summary, words)


def _likely(body: str, blocks: Sequence[str], words: Wanted) -> Iterator[int]:
    """The numbers of the blocks, those first that have words just as they were typed: few others need be read then."""
    typed = {" ".join(phrase) for phrase in words.phrases}
    places = [at for text in (*typed, *map(str.capitalize, typed)) if (at := body.find(text)) >= 0]
    first = body.count("\n", 0, min(places)) if places else -1
    if places:
        yield first
    others = []
    for number, block in enumerate(blocks):
        if number != first and words.may_be_in(block.lower()):
            yield number
        elif number != first:
            others.append(number)
    if others and words.pattern.search(searchwords.folded(text_of(body))):  # else only the title or the tags have them
        yield from others


def _text(block: str) -> str:
    return searchwords.nfc(" ".join(text_of(block).split()))


def _cut(text: str, further: Sequence[str], words: Wanted | None, *, is_begun: bool) -> list[Piece]:
    """The beginning of a text, with what follows it where that is short."""
    longest = _LONGEST // 2 if east_asian_width(text[0]) in "WF" else _LONGEST
    for block in further:
        if len(text) > longest:
            break
        text = f"{text} {_text(block)}".strip()
    end = len(text) if len(text) <= longest else _word_end(text, longest)
    before, behind = [Piece("… ")] * is_begun, [Piece(" …")] * (end < len(text))
    return before + marked(text[:end].rstrip(), words) + behind


def _spans(text: str, words: Wanted | None) -> Iterator[tuple[int, int]]:
    """Where a text in NFC has the words: the letters from one place to another."""
    folded = searchwords.folded(text)
    if not words or not words.may_be_in(folded):
        return
    ends: list[int] = []
    is_even = searchwords.is_even(text)
    for found in words.pattern.finditer(folded):
        if not is_even and not ends:
            ends = list(accumulate(searchwords.lengths(text)))
        begin, end = found.start(), found.end() - 1  # the last letter's place
        yield (bisect_right(ends, begin), bisect_right(ends, end) + 1) if ends else (begin, end + 1)


def _word_from(text: str, place: int) -> int:
    """The beginning of the next word, if there is one near; scripts without spaces have none."""
    space = text.find(" ", place, place + 20)
    return place if space < 0 else space + 1


def _word_end(text: str, place: int) -> int:
    """The end of the last word before a place."""
    space = text.rfind(" ", place - 20, place)
    return place if space < 0 else space
