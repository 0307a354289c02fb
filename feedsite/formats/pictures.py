"""How pictures are printed: on pages in the copy that fits a reader's screen, in feeds in one good size.

It reads HTML of the sanitiser and of templates, in which < and > stand in no value, and every value is in quotation
marks. A picture of unknown size stays as it is; what is within <picture>, or has a `srcset`, is left to its author.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from ..model import Entry, Picture
from ..pictures import sizes
from ..pictures.parsed import Shape
from ..urls import Urls

_MEASURE = 700  # pixels: the width of a text on a wide screen
_HIGHEST = 720  # pixels at which pictures that are higher than wide are shown
_IMAGES = re.compile(r"<(?:img [^<>]*|/?picture(?: [^<>]*)?)>")
_ATTRIBUTE = re.compile(r'\s([\w:-]+)(?:="([^"]*)")?')
_NUMBER = re.compile("[0-9]{1,5}")
_LEAD = 'class="u-featured"'  # content.html
_DRAWING = "image/svg+xml"
_BOX = {"width": "1280", "height": "720"}  # of a picture in a list, whose place the style sheet shapes


@dataclass(frozen=True, slots=True)
class Use:
    """What a picture is on a page: how wide it is shown (`sizes` of HTML's <img>), and the widest copy for that.

    One that is seen first is loaded first. One in a list fills a place of its own, whatever its shape is, cut to it; of
    a drawing nothing is cut, and one that is narrower than `least` pixels is not made larger.
    """

    shown: str
    widest: int = sizes.STEPS[-1]
    is_first: bool = False
    is_listed: bool = False
    least: int = 160


_ARTICLE_LEAD = Use("(min-width:70em) 68em,94vw", is_first=True)
_BODY = Use("(min-width:46em) 44em,94vw")
USES = {  # by the look of an article in a list (_teaser.html)
    "lead": Use("(min-width:60em) 47em,94vw", is_first=True, is_listed=True, least=480),
    "second": Use("(min-width:60em) 22em,94vw", 960, is_listed=True, least=320),
    "first": Use("(min-width:60em) 29em,94vw", 960, is_listed=True, least=320),
    "new": Use("6em", 320, is_listed=True, least=64),
    "item": Use("12em", 640, is_listed=True),
}


def listed(entry: Entry, use: str, base: Urls) -> str:
    """The picture that leads an article, as a list shows it; "" where it has none. A theme may have its own looks."""
    if entry.image is None:
        return ""
    written = f'<img class="u-photo" src="{escape(entry.image.src)}" alt="">'
    return _local(_on_page(written, _known(entry), base, USES.get(use, USES["item"])), base)


def on_page(html: str, entry: Entry, base: Urls) -> str:
    """An article's HTML with its pictures as pages show them, and addresses of the site relative to its root."""

    known = _known(entry)

    def image(tag: str, is_free: bool) -> str:
        return _on_page(tag, known, base, _ARTICLE_LEAD if _LEAD in tag else _BODY, is_free=is_free)

    return _local(_each_image(html, image), base)


def in_feed(html: str, entry: Entry, base: Urls) -> str:
    """An article's HTML with its pictures in a size that any reader can load."""
    if not entry.pictures:
        return html
    known = _known(entry)
    return _each_image(html, lambda tag, is_free: _in_feed(tag, known, base, is_free=is_free))


def _known(entry: Entry) -> Mapping[str, Picture]:
    return {picture.url: picture for picture in entry.pictures}


def good(entry: Entry, address: str, base: Urls) -> Picture | None:
    """The picture at an address as feeds and other programs get it: a copy where it is large. None of one elsewhere.

    The length of a copy is not known: it is made when it is asked for.
    """
    known = entry.picture_at(address)
    return known and _good(known, base)


@lru_cache(2048)  # several formats print it, one after the other
def _good(known: Picture, base: Urls) -> Picture:
    if (copy := sizes.good(base.own_path(known.url) or "", known.shape)) is None:
        return known
    shape = Shape(type=copy.type, width=copy.width, height=copy.height)
    return Picture(url=base.absolute(copy.path), shape=shape)


def address(entry: Entry, written: str, base: Urls) -> str:
    """Where programs get the picture at an address."""
    found = good(entry, written, base)
    return found.url if found else written


def _each_image(html: str, image: Callable[[str, bool], str]) -> str:
    """`image` is called with each <img>, and whether it stands by itself."""
    is_within = False

    def tag(found: re.Match[str]) -> str:
        nonlocal is_within
        text = found[0]
        if text.startswith("<img"):
            return image(text, not (is_within or " srcset=" in text))
        is_within = text[1] != "/"
        return text

    return _IMAGES.sub(tag, html) if "<img" in html else html


def _on_page(tag: str, known: Mapping[str, Picture], base: Urls, use: Use, *, is_free: bool = True) -> str:
    found = _attributes(tag)
    address = unescape(found.get("src", ""))
    path = base.own_path(address) or ""
    shape = known[address].shape if address in known else None
    if use.is_listed:
        found |= _BOX
        if shape and (shape.type == _DRAWING or shape.width < use.least):
            found["class"] += " whole"
    elif shape:
        _set_size(found, shape)
        if use is _ARTICLE_LEAD and _NUMBER.fullmatch(found.get("width", "")):
            found["style"] = f"--wide:{found['width']};--high:{found['height']}"  # it is sized by its ratio, too
    if shape.may_be_clear if shape else address.partition("?")[0].endswith(".svg"):
        found["class"] = f"{found.get('class', '')} clear".strip()
    found |= {"fetchpriority": "high"} if use.is_first else {"loading": "lazy"}
    copies = [copy for copy in sizes.narrowed(path, shape) if copy.width <= use.widest] if is_free else []
    if copies and shape and (better := sizes.good(path, shape)):
        found["src"] = escape(base.href(better.path))
    img = _tag("img", found)
    if not copies:
        return img
    if len(copies) == 1:
        return f'<picture><source type="{sizes.WEBP}" srcset="{escape(base.href(copies[0].path))}">{img}</picture>'
    candidates = ", ".join(f"{escape(base.href(copy.path))} {copy.width}w" for copy in copies)
    width = use.shown if use.is_listed else _width(found, use)
    return f'<picture><source type="{sizes.WEBP}" srcset="{candidates}" sizes="{width}">{img}</picture>'


def _in_feed(tag: str, known: Mapping[str, Picture], base: Urls, *, is_free: bool) -> str:
    found = _attributes(tag)
    picture = known.get(unescape(found.get("src", "")))
    if picture is None:
        return tag
    picture = _good(picture, base) if is_free else picture
    _set_size(found, picture.shape)
    found["src"] = escape(picture.url)
    return _tag("img", found)


def _set_size(found: dict[str, str], shape: Shape) -> None:
    """Width and height, as far as the author has written none: of a high picture smaller ones of the same ratio."""
    width, height = found.get("width"), found.get("height")
    if width is None and height is None:
        sides = shape.width, shape.height
        if shape.height > max(shape.width, _HIGHEST):
            sides = max(1, round(shape.width * _HIGHEST / shape.height)), _HIGHEST
        found["width"], found["height"] = map(str, sides)
    elif height is None and _NUMBER.fullmatch(width or ""):
        found["height"] = str(max(1, round(int(width or 0) * shape.height / shape.width)))
    elif width is None and _NUMBER.fullmatch(height or ""):
        found["width"] = str(max(1, round(int(height or 0) * shape.width / shape.height)))


def _width(found: dict[str, str], use: Use) -> str:
    """How wide a picture of a text is shown: of one that is narrower than the text its own width."""
    width = found.get("width", "")
    is_narrow = _NUMBER.fullmatch(width) and int(width) < _MEASURE
    return f"min({width}px,94vw)" if is_narrow else use.shown


def _attributes(tag: str) -> dict[str, str]:
    """As they are written, with references."""
    return dict(_ATTRIBUTE.findall(tag))


def _tag(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>"


def _local(html: str, base: Urls) -> str:
    """HTML whose addresses on this site are relative to its root. What looks like one in a text stays."""
    own = f"{escape(base.base)}/"
    if own not in html:
        return html
    root, addresses = escape(base.href("/")), _own_address(base)
    pieces = html.split("<")
    for number, piece in enumerate(pieces):
        if own in piece and number:
            tag, end, text = piece.partition(">")
            pieces[number] = addresses.sub(lambda found: found[1] + root, tag) + end + text
    return "<".join(pieces)


@lru_cache(16)
def _own_address(base: Urls) -> re.Pattern[str]:
    """The beginning of an address on this site; one with two slashes would become that of another host."""
    before = r'\s(?:href|src|srcset|poster|cite)="|[0-9][wxh], '
    return re.compile(rf"({before}){re.escape(escape(base.base))}/(?!/)")
