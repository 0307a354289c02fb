"""A name, such as a tag's, as a part of an address: names that differ have parts that differ, whatever a site holds.

Names are one where they differ only in case, in width, in how accents are encoded, or in runs of white space. Letters
and digits stand for themselves, a hyphen for a space, and two hyphens for a hyphen between letters. Every other
character is written as ~ and two hexadecimal digits for each of its bytes in UTF-8: `united-nations`, `covid--19`,
`c~2b~2b`.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

from .urls import unnamable

_LONGEST = 120  # bytes of UTF-8: a path of several parts still fits into every store's names
_BEGINNING = 80  # bytes that a longer one keeps before its hash
_HYPHEN = re.compile("(?<=[a-z0-9])-(?=[a-z0-9])")  # in ASCII
_OTHER = re.compile("[^a-z0-9 -]|(?<![a-z0-9])-|-(?![a-z0-9])")  # likewise


def folded(name: str) -> str:
    """The name as it is compared with others. `folded(folded(name)) == folded(name)`."""
    name = " ".join(name.split())
    if name.isascii():
        return name.lower()
    narrow = unicodedata.normalize("NFC", "".join(map(_of_usual_width, name)))
    caseless = unicodedata.normalize("NFD", unicodedata.normalize("NFD", narrow).casefold()).casefold()
    return " ".join(unicodedata.normalize("NFC", caseless).split())


@lru_cache(8192)  # the same names come again and again
def term(name: str) -> str:
    """The part of an address for a name. `term(a) == term(b)` where `folded(a) == folded(b)`, and only there.

    A very long name is cut, and a hash of it keeps it apart from others.
    """
    name = folded(name)
    written = _written(name)
    if len(written.encode()) > _LONGEST:
        beginning = name
        while len(_written(beginning).encode()) > _BEGINNING:
            beginning = beginning[: len(beginning) * 7 // 8]
        return f"{_written(beginning)}~~{blake2b(name.encode(), digest_size=10).hexdigest()}"
    if unnamable(written):  # such as con, a device on Windows
        return f"{_bytes_of(written[0])}{written[1:]}"
    return written


@lru_cache(1024)
def section_part(section: str) -> str:
    """The part of an address for a section: Sport/Winter is the section Winter within Sport. "" for no name."""
    return "/".join(term(part) for part in section.split("/") if part.strip())


def _written(name: str) -> str:
    if name.isascii():
        escaped = _OTHER.sub(lambda found: _bytes_of(found[0]), name)
        return _HYPHEN.sub("--", escaped).replace(" ", "-")
    kept = [_is_kept(name, place) for place in range(len(name))] + [False]
    return "".join(
        letter
        if kept[place]
        else "-"
        if letter == " "
        else "--"
        if letter == "-" and place and kept[place - 1] and kept[place + 1]
        else _bytes_of(letter)
        for place, letter in enumerate(name)
    )


def _is_kept(name: str, place: int) -> bool:
    """Letters, digits, and the marks that belong to them."""
    while unicodedata.category(name[place])[0] == "M":
        if place == 0:
            return False
        place -= 1
    return unicodedata.category(name[place])[0] in "LN"


def _bytes_of(letter: str) -> str:
    return "".join(f"~{byte:02x}" for byte in letter.encode())


def _of_usual_width(letter: str) -> str:
    kind, _, codes = unicodedata.decomposition(letter).partition("> ")
    return "".join(chr(int(code, 16)) for code in codes.split()) if kind in ("<wide", "<narrow") else letter
