"""JSON Feed 1.1. What is None or empty is left out; the order of the members is that of the specification."""

import json
from functools import lru_cache
from typing import Any

from .. import places
from ..cut import Cut
from ..model import Enclosure, Entry, Feed, Person
from ..urls import Urls
from ..words import Words
from . import article, pictures
from .members import without_empty

SUFFIX = "json"


def render(feed: Feed, base: Urls) -> Cut:
    address = base.absolute(places.path_of(feed.place.of(SUFFIX)), feed.place.query)
    further = dict(feed.relations).get("next")
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": base.absolute(feed.place.folder, feed.place.query),
        "feed_url": address,
        "description": feed.description,
        "next_url": further and base.absolute(places.path_of(further.of(SUFFIX))),
        "user_comment": feed.words.text("A feed for news readers: add {address} to yours.", address=address),
        "icon": feed.icon,
        "favicon": feed.icon,
        "authors": [_person(feed.author)],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
    }
    head, _, tail = _printed(without_empty(document) | {"items": []}).rpartition("[]")
    items = tuple(item(entry, feed.words, base) for entry in feed.entries)
    if not items:
        return Cut(f"{head}[]{tail}\n".encode(), (), b"")
    return Cut(f"{head}[\n".encode(), items, f"\n ]{tail}\n".encode(), b",\n")


def _printed(members: dict[str, Any], depth: int = 0) -> str:
    """One member a line, indented by `depth`. No text is changed: JSON writes its line ends as \\n."""
    return json.dumps(members, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)


@lru_cache(article.CACHE_SIZE)
def item(entry: Entry, words: Words, base: Urls) -> bytes:
    """An article as an item, as it stands in every feed that has it."""
    members = without_empty(
        {
            "id": entry.id,
            "url": base.absolute(entry.path),
            "external_url": entry.link,
            "title": entry.title,
            "content_html": article.content(entry, words, base),
            "summary": entry.summary,
            "image": entry.image and pictures.address(entry, entry.image.src, base),
            "date_published": entry.published.isoformat(),
            "date_modified": entry.updated.isoformat(),
            "authors": [_person(author) for author in (*entry.authors, *entry.other_contributors)],
            "tags": [category.label for category in entry.categories],
            "language": entry.language,
            "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
        },
        kept="content_html",  # an item must have it, or content_text
    )
    return f"  {_printed(members, 2)}".encode()


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return without_empty(
        {
            "url": enclosure.url,
            "mime_type": enclosure.type,
            "title": enclosure.title,
            "size_in_bytes": enclosure.length or None,
            "duration_in_seconds": enclosure.duration,
        }
    )


def _person(person: Person) -> dict[str, str]:
    return without_empty({"name": person.name, "url": person.url or (person.email and f"mailto:{person.email}")})
