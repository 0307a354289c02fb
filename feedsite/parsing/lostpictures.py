"""Pictures that Markdown does not read as such, so that readers see them as they are typed (CommonMark 6.4)."""

import re
from collections.abc import Iterator
from itertools import islice

from ..media import TYPES

_MOST = 1000  # pictures of a text that are looked at
_MARKS = "\"'“”„‟«»‹›‘’‚‛「」『』＂"
_BEGUN = re.compile(r"(?<!\\)!\[(?P<alt>[^\[\]\n\0]{0,500})\](?P<gap> ?)\((?P<rest>(?:(?!!\[)[^\n\0]){1,1000})")
# What follows the bracket of one that is read: an address without spaces, or between < and >; a title between marks.
_SOUND = re.compile(
    r"""\s{0,200}(?:<[^<>\n]{0,2000}>|[^\s<]\S{0,2000}?)?"""
    r"""(?:\s{1,200}(?:"(?:\\.|[^"\\]){0,2000}"|'(?:\\.|[^'\\]){0,2000}'|\((?:\\.|[^()\\]){0,2000}\)))?\s{0,200}\)""",
    re.DOTALL,
)
_ENDINGS = "|".join(map(re.escape, TYPES))
_ADDRESS = re.compile(rf"\s*<?(?P<address>[^<>]+?(?:{_ENDINGS}))(?=[\s)>{_MARKS}]|$)>?", re.IGNORECASE)
_TITLE = re.compile(rf"\s*(?:[{_MARKS}](?P<marked>.*)[{_MARKS}]\s*(?:\)|$)|(?P<bare>[^)]*)\)?)")


# The folder of a file of the writer's own computer.
_OWN_FOLDER = re.compile(r"(?:[A-Za-z]:|file:).*[\\/]|.*\\", re.IGNORECASE)
# Pictures that Markdown reads, and that name no picture of the site: files of the writer's own, dots, or nothing.
_OF_COMPUTER = r"(?:[A-Za-z]:[\\/]|file:|\\\\|images\\)"
_NOWHERE = re.compile(
    r"(?<!\\)!\[(?P<alt>[^\[\]\n\0]{0,500})\]\( {0,9}"
    rf"(?:<(?P<spaced>{_OF_COMPUTER}[^<>\n\0]{{1,500}})>|(?P<plain>{_OF_COMPUTER}[^\s<>()\0]{{1,500}})|\.{{2,9}}|…|)"
    r"""(?=\s{0,9}[)"'])""",
    re.IGNORECASE,
)


def may_be_nowhere(text: str) -> bool:
    """Whether `pictures_nowhere` may find anything in a text, with its code."""
    return "!" in text and "![" in text and bool(_NOWHERE.search(text))


def pictures_nowhere(prose: str) -> Iterator[tuple[int, int, str]]:
    """Where the first one that names none begins and ends in Markdown without its code, and a message with what to
    write.
    """
    if lost := list(islice(_NOWHERE.finditer(prose), _MOST)):
        found = lost[0]
        others = f" (one of {len(lost)} in this text)" if len(lost) > 1 else ""
        alt, address = found["alt"] or "What it shows", found["spaced"] or found["plain"]
        if address:
            write = f"names a file of your own computer; put it into images/ and write `![{alt}]({_place(address)})`"
        else:
            write = f"names no picture; write `![{alt}](images/towers.jpg)`"
        yield found.start(), found.end() + 1, f"`{found[0]})`{others} {write}"


def lost_pictures(prose: str) -> Iterator[tuple[int, int, str]]:
    """Where the first one begins and ends in Markdown without its code (codespans), and what to write, as a message."""
    some = islice(_BEGUN.finditer(prose), _MOST)
    if lost := [found for found in some if found["gap"] or not _SOUND.match(prose, found.start("rest"))]:
        found = lost[0]
        others = f", one of {len(lost)} in this text," if len(lost) > 1 else ""
        written, end = _mended(found)
        seen = prose[found.start() : end]
        yield found.start(), end, f"readers see `{seen}`{others} as it stands, and no picture; write `{written}`"


def _mended(found: re.Match[str]) -> tuple[str, int]:
    """The picture as Markdown reads it, and where that which it replaces ends."""
    alt, rest = found["alt"], found["rest"]
    address = _ADDRESS.match(rest)
    if not address:
        return f'![{alt or "What it shows"}](images/towers.jpg "The caption.")', found.end("rest")
    title = _TITLE.match(rest, address.end())
    place = _place(address["address"])
    caption = (title["marked"] or title["bare"] or "").strip() if title else ""
    if caption:
        caption = f" '{caption}'" if '"' in caption and "'" not in caption else ' "' + caption.replace('"', r"\"") + '"'
    return f"![{alt}]({place}{caption})", found.start("rest") + (title or address).end()


def _place(address: str) -> str:
    """The address of a picture as Markdown reads it; of a file of the writer's own computer where it belongs."""
    place = _OWN_FOLDER.sub("images/", address) if _OWN_FOLDER.match(address) else address
    return f"<{place}>" if " " in place else place
