"""Headings, links and lists that Markdown does not read as such, so that readers see their signs (CommonMark 4.2, 5.2,
6.3).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sized
from itertools import islice

from .quoting import brief

_MOST = 1000  # of one kind in a text that are looked at
_SPACES = "\xa0\u2000-\u200a\u202f\u3000"  # none of them separates a heading from its signs
# A single # right before a word is that of a hashtag.
_HEADING = re.compile(
    rf"^ {{0,3}}(?P<signs>#{{2,6}}(?=[^\W_]|[*\[\"'“„«‘¿¡])|#{{1,6}}[{_SPACES}][ \t{_SPACES}]*"
    rf"|＃{{2,6}}[ {_SPACES}]*|＃[ {_SPACES}]+)(?P<words>[^\s#＃\0].*)",
    re.MULTILINE,
)
_HEADING_GATE = re.compile(rf"#(?:#[^\s#]|[{_SPACES}])")  # a pattern that begins with a letter is found quickly
_LINK_GATES = [re.compile(gate) for gate in (r"\](?= \(|\{)", r"\)(?=\[)")]
_OF_WEB = r"(?:https?://|mailto:|www\.)"
_OF_SITE = r"(?:/[^\W_][\w.~%-]*/|(?:images|audio|entries)/|[\w.~%/-]+\.(?:ya?ml|html?|pdf)(?![\w/]))"
_WORDS = r"(?P<words>(?=[^\[\]\n\0]*[^\W_])[^\[\]\n\0]{1,300})"
_GAP = re.compile(rf"(?<![!\\\]])\[{_WORDS}\] {{1,3}}\((?P<address>(?:{_OF_WEB}|{_OF_SITE})[^\s()\0]*)\)")
_TURNED = re.compile(
    r"(?<![\]\\])\((?P<words>[^()\[\]\n\0]{1,300})\)"
    rf"\[(?P<address>(?:{_OF_WEB}|/[^\W_][\w.~%-]*/)[^\s\[\]\0]*)\](?![(\[:])"
)
_UNREAD = re.compile(
    rf"(?<![!\\])\[{_WORDS}\]\( ?(?P<address>(?:{_OF_WEB}|{_OF_SITE})[^\s()<>\0]*)"
    r"(?: (?P<more>[^()\n\0]{1,300})\)|(?=(?: [^()\n\0]*)?$))",
    re.MULTILINE,
)
_BRACES = re.compile(rf"(?<![!\\\]])\[{_WORDS}\]\{{(?P<address>{_OF_WEB}[^\s{{}}\0]*)\}}")
_SCHEME = re.compile(
    rf"(?<!!)\[{_WORDS}\]\((?P<scheme>(?!https?://)(?:h{{0,2}}t{{1,3}}ps{{0,2}}[:;]/{{0,2}}))(?P<address>[\w-]+\.[^\s()\0]*)\)"
)
_TITLE = re.compile(r"""\s*(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')?\s*""")  # behind an address
_OF_ADDRESS = re.compile(r"/|\.\w{2,4}$")  # in what follows a space: rather more of the address than its title
_MARKS = "\"'“”„‟«»‹›‘’‚‛ "
_NO_LINKS = frozenset(("x", "sic"))  # in brackets: a box that is ticked, an editor's remark
_LISTED = re.compile(r"^ {0,3}(?P<sign>[•‣◦▪●]) *(?P<words>[^\s\0].*[^\s\\])\n {0,3}(?P=sign) *[^\s\0]", re.MULTILINE)
_NUMBERED = re.compile(r"^ {0,3}1\.(?P<words>[^\W\d_][^\n\0]*[^\s\\])\n {0,3}2\.[^\W\d_]", re.MULTILINE)
_BULLETS = "•‣◦▪●"

Found = tuple[int, int, str]  # where it begins and ends in the text, and a message


def has_lost_headings(text: str) -> bool:
    """Whether `headings` may find anything in a text, with its code: told in a blink, as by the two others."""
    return "＃" in text or ("#" in text and bool(_HEADING_GATE.search(text)))


def has_lost_links(text: str, markup: str) -> bool:
    """The same of `links`; `markup` is the HTML of the text."""
    return (
        ("]" in markup and "](" in markup)
        or any(gate.search(text) for gate in _LINK_GATES)
        or "](t" in text
        or text.count("](h") != text.count("](http://") + text.count("](https://")  # quicker than a pattern
    )


def has_lost_lists(text: str) -> bool:
    return "\n2." in text or (not text.isascii() and any(bullet in text for bullet in _BULLETS))


def headings(prose: str) -> Iterator[Found]:
    """Where the first one begins and ends in Markdown without its code (codespans), and what to write, as a message."""
    if lost := list(islice(_HEADING.finditer(prose), _MOST)):
        found = lost[0]
        level = "#" * len(re.findall("[#＃]", found["signs"]))
        write = f"write `{level} {brief(found['words'].rstrip().rstrip('#＃').rstrip())}`"
        write += ", with an ordinary space" * bool(re.search(f"[{_SPACES}]", found["signs"]))
        said = _readers_see(f"{found['signs']}{found['words'].rstrip()}", lost)
        yield found.start("signs"), found.end("signs"), f"{said}, and no heading; {write}"


def links(prose: str) -> Iterator[Found]:
    """The same of links."""
    lost: list[Found] = []
    for pattern, meant in _MEANT.items():
        for found in islice(pattern.finditer(prose), _MOST):
            if written := meant(found, prose):
                lost.append((*found.span(), written))
    if lost:
        begin, end, written = min(lost)
        yield begin, end, f"{_readers_see(prose[begin:end], lost)}, and no link; write `{written}`"


def lists(prose: str) -> Iterator[Found]:
    """The same of lists: lines that begin with another sign than Markdown's stand in one paragraph."""
    if lost := list(islice(_LISTED.finditer(prose), _MOST)):
        found = lost[0]
        why = f"readers see these lines{_others(lost)} as one paragraph, for {found['sign']} begins no list"
        yield found.start("sign"), found.end("words"), f"{why}; write each as `- {brief(found['words'])}`"
    elif numbered := _NUMBERED.search(prose):
        why = "readers see these lines as one paragraph, for a space belongs behind each number"
        yield numbered.start("words") - 2, numbered.end("words"), f"{why}; write `1. {brief(numbered['words'])}`"


def _with_gap(found: re.Match[str], prose: str) -> str:
    """The link that is meant by `[words] (address)`; "" for words that lead elsewhere, or were no link's."""
    words = found["words"].strip()
    is_none = words.lower() in _NO_LINKS or words.startswith("^") or f"[{words}]:" in prose
    return "" if is_none else _link(words, found["address"])


def _turned(found: re.Match[str], _: str) -> str:
    return _link(found["words"], found["address"])


def _unread(found: re.Match[str], _: str) -> str:
    """The link whose address holds a space, or is never closed; "" for one that is read."""
    words, address, more = found["words"], found["address"], found["more"]
    if more is None:
        return _link(words, address.rstrip(".,;:"))
    if _TITLE.fullmatch(more):
        return ""
    if _OF_ADDRESS.search(more):
        return _link(words, f"<{address} {more.rstrip()}>")
    title = more.strip(_MARKS).replace('"', r"\"")
    return _link(words, f'{address} "{title}"')


_MEANT: Mapping[re.Pattern[str], Callable[[re.Match[str], str], str]] = {
    _GAP: _with_gap,
    _TURNED: _turned,
    _BRACES: _turned,
    _SCHEME: lambda found, _: _link(found["words"], f"https://{found['address']}"),
    _UNREAD: _unread,
}


def _link(words: str, address: str) -> str:
    return f"[{words.strip()}]({'https://' if address.startswith('www.') else ''}{address})"


def _readers_see(seen: str, all_of_them: Sized) -> str:
    return f"readers see `{brief(seen)}`{_others(all_of_them)} as it stands"


def _others(all_of_them: Sized) -> str:
    return f", one of {len(all_of_them)} in this text," if len(all_of_them) > 1 else ""
