"""Fields of other generators that mean something here, but are written otherwise: not only by another name."""

from collections.abc import Mapping

from . import nodes
from .aliases import alias_meant
from .fieldtypes import is_empty
from .nodes import Named, Node, Scalar
from .quoting import in_list, shown

_SECTIONS = ("sections", "category", "categories")
_ADDRESSES = ("permalink", "url", "path", "address")
_MOST_LETTERS = 500  # of a list that a message writes out
NAMES = frozenset((*_SECTIONS, "draft", *_ADDRESSES))
OF_PAGES = NAMES - {*_SECTIONS}  # a standing page has no section


def advice(named: Named, fields: Mapping[str, Named]) -> str | None:
    """What to write instead of a field, as a message; None where nothing is known of it.

    Only a field that is called one of NAMES has advice, and a section that is a list. `fields` are the file's.
    """
    name, value = named.name, named.value
    if isinstance(value, nodes.Sequence) and (name == "section" or (name in _SECTIONS and "section" not in fields)):
        return _one_section(name, value, fields)
    if not isinstance(value, Scalar):
        return None
    if name == "draft" and "status" not in fields:
        is_false = value.text.strip().lower() in ("false", "no", "")
        return f'"{name}" is called status here; ' + ("take the line out" if is_false else "write `status: draft`")
    if name in _ADDRESSES and "/" in value.text:
        return _as_alias(name, value.text, fields)
    return None


def _one_section(name: str, value: nodes.Sequence, fields: Mapping[str, Named]) -> str | None:
    """For `categories: [news, team]`: the first is the section, the others are tags."""
    words = _texts(value)
    if not words or sum(map(len, words)) > _MOST_LETTERS:
        return None
    section, *others = words
    written = f"`section: {in_list(section)}`"
    if others:
        tags = dict.fromkeys([*_words(fields, "tags"), *others])
        if sum(map(len, tags)) > _MOST_LETTERS:
            return None
        written += f" and `tags: [{', '.join(map(in_list, tags))}]`"
    return f"an article has one section, not a list of them; write {written} instead of {shown(name)}"


def _as_alias(name: str, address: str, fields: Mapping[str, Named]) -> str | None:
    """For `permalink: /2014/x.html`: the article is read at an address of its own, and the old one leads to it."""
    alias = alias_meant(address) if not address.strip().lower().startswith("http") else ""
    aliases = dict.fromkeys([*_words(fields, "aliases"), alias])
    if not alias or ":" in alias or sum(map(len, aliases)) > _MOST_LETTERS:
        return None
    written = f"`aliases: [{', '.join(map(in_list, aliases))}]`"
    why = "the address follows from the file's name"
    return f"{why}; to lead readers on from the old one, write {written} instead of {shown(name)}"


def _words(fields: Mapping[str, Named], name: str) -> list[str]:
    return _texts(fields[name].value) if name in fields else []


def _texts(node: Node) -> list[str]:
    """The texts of a list, or of a value alone, that are not empty."""
    items = node.items if isinstance(node, nodes.Sequence) else (node,)
    return [item.text.strip() for item in items if isinstance(item, Scalar) and not is_empty(item)]
