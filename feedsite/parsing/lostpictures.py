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
    place = f"<{address['address']}>" if " " in address["address"] else address["address"]
    caption = (title["marked"] or title["bare"] or "").strip() if title else ""
    if caption:
        caption = f" '{caption}'" if '"' in caption and "'" not in caption else ' "' + caption.replace('"', r"\"") + '"'
    return f"![{alt}]({place}{caption})", found.start("rest") + (title or address).end()
