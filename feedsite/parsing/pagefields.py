"""The fields that a standing page can have, one row each; docs/entry-file.md describes them for editors."""

from dataclasses import replace

from ..codes import Code
from .aliases import ALIAS
from .entryfields import FIELDS as OF_ARTICLES
from .entryfields import MOST_ALIASES
from .fields import Field
from .fieldtypes import LONGEST_WORD, Context, FieldType, one_line
from .madetypes import choice_of, list_of
from .nodes import Node
from .quoting import shown
from .scalars import WHOLE_NUMBER

# Where pages link to it, by what the editor writes.
_PLACES = {"true": "masthead", "footer": "footer", "none": "none", "false": "none"}
_MEANT = {"yes": "true", "on": "true", "no": "none", "off": "none", "top": "true", "header": "true", "bottom": "footer"}


def _nav(node: Node, context: Context) -> str:
    value = one_line(node, context, LONGEST_WORD)
    if (place := _PLACES.get(value.lower())) is None:
        context.refuse(
            Code.NO_CHOICE,
            node.mark,
            f"{shown(value)} is not {_NAV.words}; write {_MEANT.get(value.lower(), _NAV.words)}",
        )
    return place


_WRITTEN = [*_PLACES, *map(str.title, _PLACES), *map(str.upper, _PLACES)]
_NAV = FieldType(
    "true, footer or none",
    {
        "anyOf": [
            {"enum": [True, "footer", "none", False]},
            {"type": ["string"], "pattern": f"^({'|'.join(_WRITTEN)})$"},
        ]
    },
    _nav,
)

FIELDS = {
    "title": replace(OF_ARTICLES["title"], about="What the page is called. Text only: no Markdown."),
    "nav": Field(
        _NAV,
        "footer",
        synonyms=("menu", "navigation", "show"),
        about="Where every page links to it: `true` is under the name of the paper, `footer` at the foot, `none` "
        "(also if left out) nowhere.",
    ),
    "order": Field(
        WHOLE_NUMBER,
        "1",
        synonyms=("weight", "position", "rank", "number", "sort"),
        about="Its place among these links, a whole number. Lower numbers come first.",
    ),
    "summary": replace(
        OF_ARTICLES["summary"], about="One paragraph of plain text. It stands below the heading and in search engines."
    ),
    "language": OF_ARTICLES["language"],
    "status": Field(
        choice_of("draft", "published"),
        "draft",
        synonyms=("state", "visibility"),
        about="`draft`, or `published` (also if left out). Nobody sees a draft.",
    ),
    "aliases": Field(
        list_of(ALIAS, most=MOST_ALIASES),
        "[/about-us]",
        synonyms=OF_ARTICLES["aliases"].synonyms,
        about="Former addresses of this page. Who comes there is led to it.",
    ),
    "body": replace(
        OF_ARTICLES["body"],
        about="The text, in Markdown. More than one line stands below `body: |`, indented by two spaces.",
    ),
}
