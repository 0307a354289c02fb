"""The tags of an HTML text, as browsers find them: not those in comments, in quotation marks or in raw text.

This is HTML's tokenizer (WHATWG 13.2.5) as far as it is needed where no element of SVG or MathML is open.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

# Elements whose content is text: no tag begins in it (WHATWG 13.2.5).
RAW_TEXT = frozenset("iframe noembed noframes noscript plaintext script style textarea title xmp".split())
_SPACE = r"\t\n\f\r\x20"
_NAME = rf"=?[^{_SPACE}/>=]++"
_NAMED = rf"""{_NAME} (?: [{_SPACE}]*+ = [{_SPACE}]*+
    (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^{_SPACE}>"'][^{_SPACE}>]*+ )?+ )?+"""
# An attribute: its name; its value in double marks, in single ones, or in none.
ATTRIBUTE = re.compile(
    rf"""({_NAME}) (?: [{_SPACE}]*+ = [{_SPACE}]*+
    (?: "([^"]*+)(?:"|\Z) | '([^']*+)(?:'|\Z) | ([^{_SPACE}>"'][^{_SPACE}>]*+) )?+ )?+""",
    re.VERBOSE,
)
# A comment, or a tag with its attributes. A < in quotes begins none.
MARK = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z)) | <[!?][^>]*+>? | </(?:>|[^a-zA-Z>][^>]*+>?)
    | <(?P<end>/?)(?P<name>[a-zA-Z][^{_SPACE}/>]*+) (?P<attributes>(?: [{_SPACE}/]++ | {_NAMED} | = )*+)>?""",
    re.DOTALL | re.VERBOSE,
)
_ENDS = {name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE | re.ASCII) for name in RAW_TEXT}
# In a value; without a semicolon &copy may be the beginning of a parameter (WHATWG 13.2.5.73).
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z0-9]+;)")


class Tag(NamedTuple):
    """A start tag or an end tag, which stands at [start, end) of the text. `content` is raw text, which follows it."""

    name: str  # in lower case
    is_end: bool
    attributes: str  # as written
    start: int
    end: int
    content: str


def tags(text: str) -> Iterator[Tag]:
    """All tags of an HTML text, in their order."""
    position = 0
    while found := MARK.search(text, position):
        position = found.end()
        if not found["name"]:
            continue
        name, is_end = lowered(found["name"]), bool(found["end"])
        content = ""
        if name in RAW_TEXT and not is_end:
            content = text[position : end_of_raw_text(text, position, name)]
        yield Tag(name, is_end, found["attributes"], found.start(), position, content)
        position += len(content)


def lowered(name: str) -> str:
    """An element's name. Only ASCII letters are written small: no other letter is one of a known name."""
    return name.lower() if name.isascii() else name


def end_of_raw_text(text: str, start: int, name: str) -> int:
    """Where the content of an element of RAW_TEXT ends that begins at `start`."""
    closing = _ENDS[name].search(text, start)
    return closing.start() if closing else len(text)


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag, by their names in lower case. Of those with one name the first counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), _REFERENCE.sub(_decoded, double or single or bare))
    return found


def _decoded(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])


def start_tag(name: str, attributes: dict[str, str]) -> str:
    """A start tag as HTML. The names must be known ones."""
    return f"<{name}{''.join(map(_attribute, attributes.items()))}>"


def _attribute(named: tuple[str, str]) -> str:
    return f' {named[0]}="{html.escape(named[1])}"'
