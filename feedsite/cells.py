"""How wide text is at a terminal, in cells: the caret below a line stands under what it means."""

import re
import unicodedata

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})  # Unicode UAX 9, table 4
_NEITHER = frozenset({"WS", "ON", "NSM", "CS", "ES", "ET", "BN"})  # what stands within a run of such letters
_BESIDE = frozenset({"Mn", "Me", "Cf"})  # drawn over the character before them, or not at all
_VOWELS_OF_HANGUL = re.compile("[\u1160-\u11ff]")  # drawn into the syllable that the letter before them begins
_SOFT_HYPHEN = "\xad"  # the one format character that terminals give a cell


def cells(text: str) -> int:
    """The cells of a text without control characters. Terminals differ about emoji that are joined; each one counts."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if character == _SOFT_HYPHEN:
        return 1
    if unicodedata.category(character) in _BESIDE or _VOWELS_OF_HANGUL.match(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def first(text: str, most: int) -> str:
    """The beginning of a text that has `most` cells at most, with no letter torn from its marks."""
    end = used = 0
    for end, character in enumerate(text[: most * 2], 1):
        used += _cells_of(character)
        if used > most:
            return text[: end - 1]
    return text[:end]


def last(text: str, most: int) -> str:
    """The end of a text that has `most` cells at most, with no letter torn from its marks."""
    begin = len(text)
    used = 0
    for place in range(len(text) - 1, max(len(text) - most * 2, 0) - 1, -1):
        width = _cells_of(text[place])
        used += width
        if used > most:
            break
        if width:
            begin = place
    return text[begin:]


def has_right_to_left(text: str) -> bool:
    """Whether some letters of a text run from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text)


def whole_run(text: str, begin: int, end: int) -> tuple[int, int]:
    """What is to be marked of a line so that the mark is right whichever way a terminal draws letters that run from
    right to left: where `begin` to `end` has some, all of their run.
    """
    kinds = [unicodedata.bidirectional(each) for each in text]
    if not _RIGHT_TO_LEFT.intersection(kinds[begin:end]):
        return begin, end
    while begin and kinds[begin - 1] in _RIGHT_TO_LEFT | _NEITHER:
        begin -= 1
    while end < len(kinds) and kinds[end] in _RIGHT_TO_LEFT | _NEITHER:
        end += 1
    while kinds[begin] in _NEITHER:
        begin += 1
    while kinds[end - 1] in _NEITHER:
        end -= 1
    return begin, end
