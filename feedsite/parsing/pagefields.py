"""The fields that a standing page can have, one row each; docs/entry-file.md describes them for editors."""

from .aliases import ALIAS
from .entryfields import FIELDS as OF_ARTICLES
from .entryfields import MOST_ALIASES
from .fieldtypes import LONGEST_WORD, Context, FieldType, choice_of, list_of, one_line
from .nodes import Node
from .quoting import shown
from .record import Field
from .scalars import WHOLE_NUMBER

# Where pages link to it, by what the editor writes.
_PLACES = {"true": "masthead", "footer": "footer", "none": "none", "false": "none"}
_MEANT = {"yes": "true", "on": "true", "no": "none", "off": "none", "top": "true", "header": "true", "bottom": "footer"}


def _nav(node: Node, context: Context) -> str:
    value = one_line(node, context, LONGEST_WORD)
    if (place := _PLACES.get(value.lower())) is None:
        context.refuse(node.mark, f"{shown(value)} is not {_NAV.words}; write {_MEANT.get(value.lower(), _NAV.words)}")
    return place


_WRITTEN = [*_PLACES, *map(str.title, _PLACES), *map(str.upper, _PLACES)]
_NAV = FieldType("true, footer or none", {"enum": [True, False, *_WRITTEN]}, _nav)

FIELDS = {
    "title": OF_ARTICLES["title"],
    "nav": Field(_NAV, "footer", synonyms=("menu", "navigation", "show")),
    "order": Field(WHOLE_NUMBER, "1", synonyms=("weight", "position", "rank", "number", "sort")),
    "summary": OF_ARTICLES["summary"],
    "language": OF_ARTICLES["language"],
    "status": Field(choice_of("draft", "published"), "draft", synonyms=("state", "visibility")),
    "aliases": Field(list_of(ALIAS, most=MOST_ALIASES), "[/about-us]", synonyms=OF_ARTICLES["aliases"].synonyms),
    "body": OF_ARTICLES["body"],
}
