"""An item as feeds show it, field by field, and which fields of it differ between two versions."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from ..formats import jsonfeed
from ..model import Entry
from ..urls import Urls
from ..words import Words


class Shown(NamedTuple):
    """What a feed says of an item. Each field is a text; names of several people or tags stand in lines.

    The formats say the same in other words, so one stands for all. It is that which an export has of former states.
    """

    id: str
    url: str = ""
    title: str = ""
    content: str = ""
    summary: str = ""
    author: str = ""
    tags: str = ""
    language: str = ""
    image: str = ""
    enclosure: str = ""
    link: str = ""
    published: str = ""
    updated: str = ""

    def differing(self, other: "Shown") -> frozenset[str]:
        """The names of the fields in which the two differ."""
        return frozenset(name for name, mine, its in zip(FIELDS, self, other, strict=True) if mine != its)


FIELDS = Shown._fields
TEXT = frozenset({"title", "content"})  # what people read: a change of another field alone is seldom noticed
_MEMBERS = {
    "id": "id",
    "url": "url",
    "title": "title",
    "content": "content_html",
    "summary": "summary",
    "author": "authors",
    "tags": "tags",
    "language": "language",
    "image": "image",
    "enclosure": "attachments",
    "link": "external_url",
    "published": "date_published",
    "updated": "date_modified",
}  # of JSON Feed, by field


def of_entry(entry: Entry, words: Words, base: Urls) -> Shown:
    """An article, or a notice about one, as feeds show it now."""
    return of_item(json.loads(jsonfeed.item(entry, words, base)))


def of_item(members: Mapping[str, Any]) -> Shown:
    """The item of a JSON Feed, whoever wrote it."""
    return Shown(*(_text(members.get(_MEMBERS[name])) for name in FIELDS))


def path_below(address: str, base: str) -> str:
    """The path of an item's address below the base of its site; "" for an address elsewhere."""
    return unquote(address.removeprefix(base)) if address.startswith(f"{base}/") else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("url") or "")
    return "" if value is None else str(value)
