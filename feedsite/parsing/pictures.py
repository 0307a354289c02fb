"""Pictures as they are without scripts: with the address that a script would load, and each once.

A page that loads its pictures late has the address in `data-src`, and the picture again in <noscript>.
"""

import re
from typing import NamedTuple

from .tags import Tag, attributes_of, start_tag, tags

_ADDRESS = ("data-src", "data-lazy-src", "data-original")
_CANDIDATES = ("data-srcset", "data-lazy-srcset")
_KEPT = frozenset("alt dir height id lang media sizes src srcset title type width".split())
_BETWEEN = frozenset("a br img noscript picture source span".split())  # of one picture
_NOSCRIPT = re.compile(r"</?noscript(?![^\s/>])[^<>]*+>?", re.IGNORECASE)


class _Picture(NamedTuple):
    """A picture that may have a twin in the <noscript> near it, or may be that twin. `place`: where it is written."""

    place: int
    address: str
    is_lazy: bool = False
    is_empty: bool = False  # it shows nothing but a placeholder
    is_twin: bool = False
    is_beside: bool = True  # only white space and _BETWEEN stand behind it so far

    def is_the_same(self, address: str, *, is_lazy: bool) -> bool:
        """Whether it shows what a picture of this address shows, which stands behind it: one of them is lazy."""
        return self.address == address or (self.is_beside and is_lazy)


def loaded(unsafe: str) -> str:
    """HTML in which a lazy picture has its address, and what is in <noscript> is HTML as any other.

    Of a picture and its twin in <noscript> one stays. A picture of one pixel there, which only counts readers, goes.
    """
    written: list[str] = []
    position = 0
    former: _Picture | None = None
    for tag in tags(unsafe):
        before = unsafe[position : tag.start]
        written.append(before)
        position = tag.end + len(tag.content)
        if former and (tag.name not in _BETWEEN or (before and not before.isspace())):
            former = former._replace(is_beside=False)
        if tag.name == "noscript":
            if not tag.is_end:
                former = _without_script(tag.content, former, written)
        elif tag.name in ("img", "source") and not tag.is_end:
            text, picture = _with_address(tag, unsafe[tag.start : tag.end], len(written))
            if tag.name == "img":
                if former and former.is_twin and former.is_beside and picture.is_empty:
                    continue
                if former and former.is_twin and former.is_the_same(picture.address, is_lazy=picture.is_lazy):
                    written[former.place] = ""
                former = picture
            written.append(text)
        else:
            written.append(unsafe[tag.start : position])
    return "".join(written) + unsafe[position:]


def _without_script(content: str, former: _Picture | None, written: list[str]) -> _Picture | None:
    """Writes what a <noscript> holds; the picture that a twin may still stand behind."""
    twin = next((attributes_of(tag.attributes) for tag in tags(content) if tag.name == "img"), None)
    if twin is None:
        written.append(_NOSCRIPT.sub("", content))
        return former
    address = twin.get("src", "")
    is_shown = former and not former.is_twin and former.is_the_same(address, is_lazy=former.is_lazy)
    if is_shown or {twin.get("width"), twin.get("height")} & {"0", "1"}:
        return former
    if former and former.is_beside and former.is_empty:
        written[former.place] = ""
    written.append(_NOSCRIPT.sub("", content))
    return _Picture(len(written) - 1, address, is_twin=True)


def _with_address(tag: Tag, text: str, place: int) -> tuple[str, _Picture]:
    """An <img> or <source> with the address that a script would give it."""
    found = attributes_of(tag.attributes)
    address = next((found[name] for name in _ADDRESS if found.get(name)), None)
    candidates = next((found[name] for name in _CANDIDATES if found.get(name)), None)
    if address is None and candidates is None:
        is_empty = all(_is_placeholder(found.get(name, "")) for name in ("src", "srcset"))
        return text, _Picture(place, found.get("src", ""), is_empty=is_empty)
    kept = {name: value for name, value in found.items() if name in _KEPT}
    if address:
        kept["src"] = address
    if candidates:
        kept["srcset"] = candidates
    if _is_placeholder(kept.get("src", "")):
        kept.pop("src", None)
    return start_tag(tag.name, kept), _Picture(place, kept.get("src", ""), is_lazy=True)


def _is_placeholder(address: str) -> bool:
    return address.strip()[:6].lower() in ("", "#", "data:i", "about:")
