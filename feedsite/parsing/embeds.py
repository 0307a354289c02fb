"""Frames, plug-ins and players as what works without scripts and loads nothing unasked: figures with a link."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from ..words import Words, message
from .players import destination
from .tags import Tag, attributes_of, start_tag, tags

_FRAMES = ("embed", "iframe", "object")
_PLAYERS = {"audio": message("Listen on {host}"), "video": message("Watch on {host}")}
_WITH_FALLBACK = ("audio", "object", "video")  # their fallback is HTML; that of <iframe> is raw text
_OF_A_PLAYER = ("source", "track")
# Elements whose start or end also ends a paragraph (WHATWG 13.2.6.4.7).
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table tbody td tfoot th thead tr"
    " ul".split()
)
_OF_THE_WEB = re.compile("https?://[^/?#]")
_NO_CAPTIONS = ("", "youtube video player", "embedded content")  # that say nothing


def linked(unsafe: str, resolve: Callable[[str], str], words: Words) -> str:
    """HTML in which each embed is a figure with a link that names the place. `resolve` makes an address absolute.

    A <video> and an <audio> stay beside their link; what they hold for old browsers goes. `resolve` raises ValueError
    for what is no address: then there is no figure.
    """
    found = list(tags(unsafe))
    ends = _ends(found)
    written: list[str] = []
    position = number = figures = 0
    is_paragraph = False
    while number < len(found):
        tag = found[number]
        number += 1
        if tag.name not in _FRAMES and tag.name not in _PLAYERS:
            figures = max(0, figures + (-1 if tag.is_end else 1)) if tag.name == "figure" else figures
            if tag.name in _BLOCKS:
                is_paragraph = tag.name == "p" and not tag.is_end
            continue
        written.append(unsafe[position : tag.start])
        position = tag.end + len(tag.content)
        if tag.is_end:
            continue
        end = ends.get(number - 1)
        if end is not None:
            inner, position, number = found[number:end], found[end].end, end + 1
        else:
            inner = _sources_behind(found, number, unsafe) if tag.name in _PLAYERS else []
            position, number = (inner[-1].end if inner else position), number + len(inner)
        if made := _made_of(tag, inner, resolve, words):
            figure = made if figures else f'<figure class="embed">{made}</figure>'
            written.append(f"</p>{figure}<p>" if is_paragraph and not figures else figure)
    return "".join(written) + unsafe[position:]


def _ends(found: Sequence[Tag]) -> dict[int, int]:
    """Which end tag belongs to each start tag of an element with a fallback, both by their places in `found`."""
    opened: dict[str, list[int]] = {name: [] for name in _WITH_FALLBACK}
    ends = {}
    for number, tag in enumerate(found):
        if (waiting := opened.get(tag.name)) is not None:
            if not tag.is_end:
                waiting.append(number)
            elif waiting:
                ends[waiting.pop()] = number
    return ends


def _sources_behind(found: Sequence[Tag], number: int, unsafe: str) -> list[Tag]:
    """The sources of a player that is never closed."""
    sources: list[Tag] = []
    while number < len(found) and found[number].name in _OF_A_PLAYER:
        tag = found[number]
        if unsafe[found[number - 1].end : tag.start].strip():
            break
        sources.append(tag)
        number += 1
    return sources


def _made_of(tag: Tag, inner: Sequence[Tag], resolve: Callable[[str], str], words: Words) -> str:
    """What stands in the figure. "" without an address."""
    said = attributes_of(tag.attributes)
    within = [(one.name, attributes_of(one.attributes)) for one in inner if not one.is_end]
    addresses = (_absolute(one, resolve) for one in _addresses(tag.name, said, within))
    if not (address := next(filter(None, addresses), "")):
        return ""
    title = " ".join(said.get("title", "").split())
    if tag.name == "object" and said.get("type", "").startswith("image/"):
        return start_tag("img", {"src": address, "alt": title})
    if tag.name in _PLAYERS:
        sources = (_plain(name, has) for name, has in within if name in _OF_A_PLAYER)
        shown = f"{_plain(tag.name, said | {'controls': ''})}{''.join(sources)}</{tag.name}>"
    else:
        pictures = (has for name, has in within if name == "img" and has.get("src"))
        shown = "".join(start_tag("img", {"src": has["src"], "alt": has.get("alt", "")}) for has in islice(pictures, 1))
    page, host, label = destination(address, _PLAYERS.get(tag.name, ""))
    label = html.escape(words.text(label, host=host))
    caption = "" if title.lower() in _NO_CAPTIONS else f"<figcaption>{html.escape(title)}</figcaption>"
    return f"{shown}{start_tag('a', {'href': page})}{label}</a>{caption}"


def _addresses(name: str, said: dict[str, str], within: Sequence[tuple[str, dict[str, str]]]) -> Iterator[str]:
    """The addresses that an embed may lead to, the likeliest first."""
    yield said.get("data" if name == "object" else "src", "")
    yield said.get("data-src", "") or said.get("data-lazy-src", "")
    for inner, has in within:
        if inner in ("embed", "source"):
            yield has.get("src", "")
        if inner == "param" and has.get("name", "").lower() in ("movie", "src", "url"):
            yield has.get("value", "")


def _absolute(reference: str, resolve: Callable[[str], str]) -> str:
    """The absolute address of what an embed shows; "" where that is no page of the web."""
    try:
        address = resolve("".join(reference.split("\n")).strip()) if reference.strip() else ""
    except ValueError:
        return ""
    return address if _OF_THE_WEB.match(address) else ""


def _plain(name: str, attributes: dict[str, str]) -> str:
    """A start tag without attributes that have no known name."""
    return start_tag(name, {key: value for key, value in attributes.items() if key.isascii() and key.isalpha()})
