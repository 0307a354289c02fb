"""`words` in site.yaml: messages of pages and feeds in the site's own words, by the English ones."""

from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from string import Formatter
from typing import Any

from ..codes import Code
from ..languages import calendar, catalogues
from ..words import Own
from . import nodes
from .fieldtypes import Context, FieldType, Invalid, is_empty
from .nodes import Mark, Node, Scalar
from .quoting import in_list, shown
from .scalars import LINE

OwnWords = Mapping[str, Mapping[str, str]]  # by message and plural category; "" is for all numbers
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_ALONE = ("zero", "one", "two")  # categories of a single number, in most languages, which a form may leave out
_EXAMPLE = "Newest: Latest"


def own(words: OwnWords, language: str) -> Own:
    """The words with a text each, or with one for each plural category of the language."""
    return tuple((message, _forms(texts, language)) for message, texts in words.items())


def _forms(texts: Mapping[str, str], language: str) -> tuple[str, ...]:
    if "" in texts:
        return (texts[""],)
    return tuple(texts.get(name, texts["other"]) for name in calendar.categories(language))


def _check(node: Node, context: Context) -> OwnWords:
    if not isinstance(node, nodes.Mapping):
        context.refuse(Code.FIELDS_WANTED, node.mark, f"words are written as fields, indented below: `{_EXAMPLE}`")
    found: dict[str, Mapping[str, str]] = {}
    for named in node.fields:
        with suppress(Invalid):
            found[named.name] = _texts(named.name, named.mark, named.value, context)
    return found


def _texts(message: str, mark: Mark, value: Node, context: Context) -> Mapping[str, str]:
    has_plurals = catalogues.messages().get(message)
    if has_plurals is None:
        near = get_close_matches(message, catalogues.messages(), 1, 0.5)
        advice = f"write `{in_list(near[0])}:`" if near else "docs/languages.md lists them"
        context.refuse(Code.NO_MESSAGE, mark, f"no page or feed says {shown(message)}; {advice}")
    if is_empty(value):
        context.refuse(
            Code.EMPTY_FIELD, mark, f"{shown(message)} is empty; write what the site says instead, or take the line out"
        )
    if isinstance(value, Scalar):
        return {"": _text(message, "", value, context)}
    if not isinstance(value, nodes.Mapping) or not has_plurals:
        context.refuse(
            Code.MESSAGE_FORM,
            value.mark,
            f"{shown(message)} is one text; write `{in_list(message)}: ...` with yours for the dots",
        )
    for named in value.fields:
        if named.name not in _CATEGORIES:
            known = ", ".join(_CATEGORIES)
            context.refuse(
                Code.MESSAGE_FORM, named.mark, f"{shown(named.name)} is no plural; the plurals of languages are {known}"
            )
    texts = {named.name: _text(message, named.name, named.value, context) for named in value.fields}
    if "other" not in texts:
        context.refuse(
            Code.MESSAGE_FORM,
            value.mark,
            "there is no `other`, the plural of all numbers that have none of their own; add it",
        )
    return texts


def _text(message: str, category: str, value: Node, context: Context) -> str:
    text = LINE.check(value, context)
    has, wanted = _names(text), _names(message) or set()
    if has is None:
        context.refuse(
            Code.MESSAGE_FORM,
            value.mark,
            f"{shown(text)} has a brace too many or too few; one that is meant is written twice",
        )
    if strange := sorted(has - wanted):
        known = f"it has {_braced(wanted)}" if wanted else "write your text without it"
        context.refuse(Code.MESSAGE_FORM, value.mark, f"the message has no {_braced(strange)}; {known}")
    if lacking := wanted - has - ({"number"} if category in _ALONE else set()):
        context.refuse(
            Code.MESSAGE_FORM,
            value.mark,
            f"{shown(text)} lacks {_braced(lacking)}; write it where its value shall stand",
        )
    return text


def _names(text: str) -> set[str] | None:
    """The names in braces; None where the braces are wrong."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    if any(name is not None and (not name.isidentifier() or form or how) for _, name, form, how in parts):
        return None
    return {name for _, name, _, _ in parts if name is not None}


def _braced(names: Any) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


_BY_PLURAL = {
    "type": "object",
    "properties": dict.fromkeys(_CATEGORIES, LINE.schema),
    "additionalProperties": False,
    "required": ["other"],
}
OWN_WORDS = FieldType(
    "messages of pages and feeds, each with the site's own words for it",
    {"type": "object", "additionalProperties": {"anyOf": [LINE.schema, _BY_PLURAL]}},
    _check,
    has_own_names=True,
)
