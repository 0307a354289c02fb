"""SVG: its size by the attributes of its root element (SVG 2, 7.2). It is published as it is."""

import re

from .parsed import Shape
from .window import Malformed, Window

_TYPE = "image/svg+xml"
_MOST = 64 * 1024  # bytes in which the root element begins
_WIDE = 1280  # pixels, where the drawing has a ratio and no size: as wide as any column
_LARGEST = 65_535  # pixels
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_ROOT = re.compile(r"""<(?:[A-Za-z_][\w.-]*+:)?svg(?=[\s>])((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])(width|height|viewBox)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_LENGTH = re.compile(r"\s*+([0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})(px|pt|pc|in|cm|mm|)\s*+")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


def shape(file: Window) -> Shape:
    """Raises Malformed where the root element says no size."""
    text = _ASIDE.sub(" ", file.up_to(0, _MOST).decode("utf-8", "replace"))
    root = _ROOT.search(text)
    if not root:
        raise Malformed
    found = {name: double or single for name, double, single in _ATTRIBUTE.findall(root[1])}
    width, height = _length(found.get("width", "")), _length(found.get("height", ""))
    box = [_length(number) for number in re.split(r"[\s,]+", found.get("viewBox", "").strip())[2:4]]
    if len(box) == 2 and box[0] and box[1]:
        ratio = box[1] / box[0]
        if not width:
            width = height / ratio if height else _WIDE
        height = height or width * ratio
    sides = round(width), round(height)
    if not all(0 < side <= _LARGEST for side in sides):
        raise Malformed
    return Shape(type=_TYPE, width=sides[0], height=sides[1], is_still=False, may_be_clear=True)


def _length(written: str) -> float:
    """In pixels; 0 for one that is relative, or none."""
    found = _LENGTH.fullmatch(written)
    return float(found[1]) * _PIXELS[found[2]] if found else 0
