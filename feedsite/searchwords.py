"""Text as a search compares it: words without capitals, accents and points, apart from all that is no word.

A letter of a script that is written without spaces is a word by itself, and what is asked for in such a script is a
phrase of such words: so 本 and 日本 are found in 日本語. SQLite's own tokenizers find less: unicode61
takes 日本語 for one word, and trigram finds nothing shorter than three letters, nor café by cafe.

Words are what white space separates in `folded`; index/searchtables.py has SQLite split there alone. A private-use
character never comes out of it, so such characters are free for marks of the index's own.
"""

import re
import unicodedata
from collections.abc import Iterable

# Scripts without spaces between words, in blocks: Thai, Lao, Burmese, Khmer, kana, Han with its extensions, hangul.
_APART = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x19E0, 0x19FF),
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x312F),
    (0x3131, 0x318E),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x3FFFD),
)
# Marks that writers leave out as they like: accents, Hebrew and Arabic points. Those of Indian scripts are vowels.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff]+"
)
# Letters that no decomposition leads to another one, and two that are one letter on most keyboards.
_ALIKE = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
    "й": "й",  # a letter, not an и with an accent
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "ۀ": "ه",
}
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
# Parts of a text, each up to a letter that never joins the one before it, where there is one near.
_ALONE = "[\x00-\x7f\u1100-\u1112\u3000-\u3029\u3030-\u3098\u309b-\u9fff\uac00-\ud7a3]"
_PARTS = re.compile(rf".{{1,256}}(?={_ALONE}|\Z)|.{{1,256}}", re.DOTALL)
_MOST_FOLDS = 20_000  # characters: more than all newspapers use
_ASCII_LETTERS = frozenset(map(chr, range(128)))
_ASCII = {code: chr(code).lower() if chr(code).isalnum() or chr(code) == "\n" else " " for code in range(128)}


class _Folds(dict[int, str]):
    """What each character becomes. It is computed when a text first has it. No more than _MOST_FOLDS are kept: visitors
    may type all of Unicode.
    """

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_FOLDS:
            self.clear()
        self[code] = found = _fold(chr(code))
        return found


_folds = _Folds()


def folded(text: str) -> str:
    """The words of a text, in small letters and apart. A line end stays one, so lines stay the same lines.

    `folded(a + b) == folded(a) + folded(b)` where b does not begin with a mark that belongs to the letter before.
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(_folded_run, nfc(text))
    return text.translate(_ASCII)


def nfc(text: str) -> str:
    """The text in NFC (UAX 15), made part by part: of a letter with ten thousand marks the time that normalising
    takes grows with the square of their number.
    """
    if unicodedata.is_normalized("NFC", text):  # as most are; this takes no longer for marks
        return text
    return "".join(unicodedata.normalize("NFC", part) for part in _PARTS.findall(text))


def words(text: str) -> tuple[str, ...]:
    return tuple(folded(text).split())


def is_even(text: str) -> bool:
    """Whether each character of a text in NFC becomes one of `folded(text)`: as most do where words have spaces."""
    return text.isascii() or all(len(_folds[ord(letter)]) == 1 for letter in set(text) - _ASCII_LETTERS)


def lengths(text: str) -> Iterable[int]:
    """How many characters of `folded(text)` each character of a text in NFC becomes."""
    return (1 if code < 128 else len(_folds[code]) for code in map(ord, text))


def _folded_run(found: re.Match[str]) -> str:
    return found[0].translate(_folds)


def _fold(letter: str) -> str:
    small = letter.casefold()
    if small in _ALIKE:
        return _ALIKE[small]
    plain = unicodedata.normalize("NFC", _DROPPED.sub("", unicodedata.normalize("NFKD", small))).casefold()
    return "".join(map(_apart, plain))


def _apart(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    if kind == "Cf":  # soft hyphens and joiners stand within words
        return ""
    if kind[0] not in "LMN" and not letter.isascii():
        return " "
    return f" {letter} " if any(first <= ord(letter) <= last for first, last in _APART) else _ALIKE.get(letter, letter)
