"""The field `theme` of site.yaml: colours, font and masthead."""

from collections.abc import Mapping
from typing import Any

from ..codes import Code
from ..colours import LEAST, NAMES, colour_of
from ..theme import FONTS, MASTHEADS, Colours, Theme, too_pale
from . import nodes
from .fields import Field
from .fieldtypes import LONGEST_WORD, Context, FieldType, one_line
from .madetypes import choice_of
from .nearness import is_one_slip_off
from .nodes import Mark, Node
from .quoting import shown
from .record import record_of


def _colour(node: Node, context: Context) -> str:
    value = one_line(node, context, LONGEST_WORD)
    if (found := colour_of(value)) is None:
        word = value.lower()
        near = next((name for name in NAMES if is_one_slip_off(word, name)), "")
        message = f"{shown(value)} is not {_COLOUR.words}; write {near or 'one such as '}"
        context.refuse(Code.NO_COLOUR, node.mark, message if near else f'{message}"#a62f1b" or darkred', near or None)
    return found


_COLOUR = FieldType(
    "a colour", {"type": ["string", "integer"], "pattern": "^#?[A-Za-z0-9]+$", "maxLength": 100}, _colour
)
_COLOURS = {
    "accent": Field(
        _COLOUR,
        '"#a62f1b"',
        synonyms=("color", "colour", "primary", "link", "links", "accentcolor"),
        about="The colour of links, and of what is marked.",
    ),
    "paper": Field(
        _COLOUR, '"#fbf8f1"', synonyms=("background", "bg", "backgroundcolor"), about="The colour of the page."
    ),
    "ink": Field(_COLOUR, '"#16202c"', synonyms=("text", "foreground", "fg", "textcolor"), about="The colour of text."),
}
_RECORD: FieldType[Theme] = record_of(
    Theme,
    {
        **_COLOURS,
        "dark": Field(
            record_of(Colours, _COLOURS, "dark"),
            '{accent: "#ff9b82"}',
            synonyms=("night", "darkmode"),
            about="`accent`, `paper` and `ink` where a reader prefers dark pages. Without it they follow from the "
            "others.",
        ),
        "font": Field(
            choice_of(*FONTS),
            "sans",
            synonyms=("fonts", "typeface", "fontfamily"),
            about="What texts are set in: `serif`, `sans`, `slab` or `humanist`.",
        ),
        "masthead": Field(
            choice_of(*MASTHEADS),
            "centre",
            synonyms=("header", "nameplate", "align"),
            about="Where the name of the paper stands: `left`, where lines begin, or `centre`.",
        ),
    },
    "theme",
)


def _theme(node: Node, context: Context) -> Theme:
    theme = _RECORD.check(node, context)
    marks = _marks(node)
    for field, given, paper, known, better in too_pale(theme):
        name = field.removeprefix(".")
        message = (
            f"the {name} {given} can hardly be read on {paper}, its contrast is {known:.1f} and {LEAST} is the least; "
            f'write `{name}: "{better}"`'
        )
        context.fault(Code.PALE_COLOUR, marks.get(field, node.mark), message)
    return theme


def _marks(node: Node) -> Mapping[str, Mark]:
    """Where the values of the colours stand, by the names that `too_pale` gives them."""
    found: dict[str, Mark] = {}
    for named in node.fields if isinstance(node, nodes.Mapping) else ():
        found[named.name] = named.value.mark
        if named.name == "dark" and isinstance(named.value, nodes.Mapping):
            found |= {f".{inner.name}": inner.value.mark for inner in named.value.fields}
    return found


THEME: FieldType[Any] = FieldType(_RECORD.words, _RECORD.schema, _theme)
