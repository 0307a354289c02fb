"""An article as linked data, for search engines: schema.org's NewsArticle as JSON-LD within its page."""

import json
from typing import Any

from ..model import Enclosure, Entry, Image, Person
from ..settings import Publisher, Settings
from . import pictures
from .members import without_empty

_JSON = json.JSONEncoder(ensure_ascii=False)


def news_article(entry: Entry, settings: Settings) -> str:
    """JSON that cannot end the script element it stands in."""
    text = _JSON.encode(_members(entry, settings))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _members(entry: Entry, settings: Settings) -> dict[str, Any]:
    address = settings.urls.absolute(entry.path)
    publisher = settings.publisher
    return without_empty(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": address,
            "mainEntityOfPage": address,
            "headline": entry.title,
            "description": entry.summary,
            "image": [_picture(entry, entry.image, settings)] if entry.image else None,
            "datePublished": entry.published.isoformat(),
            "dateModified": entry.updated.isoformat(),
            "inLanguage": entry.language,
            "articleSection": entry.section and entry.section.label,
            "keywords": [tag.label for tag in entry.other_tags],
            "author": [
                without_empty({"@type": _type_of(author, publisher), "name": author.name, "url": author.url})
                for author in entry.authors
            ],
            "publisher": without_empty(
                {"@type": "NewsMediaOrganization", "name": publisher.name, "url": publisher.url, "logo": publisher.logo}
            ),
            "correction": [correction.note for correction in entry.corrections],
            "associatedMedia": [_media_object(enclosure) for enclosure in entry.enclosures],
        }
    )


def _picture(entry: Entry, image: Image, settings: Settings) -> dict[str, Any]:
    found = pictures.good(entry, image.src, settings.urls)
    return without_empty(
        {
            "@type": "ImageObject",
            "url": found.url if found else image.src,
            "width": found and found.shape.width,
            "height": found and found.shape.height,
            "caption": image.caption,
            "creditText": image.credit,
        }
    )


def _media_object(enclosure: Enclosure) -> dict[str, Any]:
    """Its size is in bytes, as text, and its duration in seconds (ISO 8601)."""
    kind = {"audio": "AudioObject", "video": "VideoObject"}.get(enclosure.type.partition("/")[0], "MediaObject")
    return without_empty(
        {
            "@type": kind,
            "contentUrl": enclosure.url,
            "encodingFormat": enclosure.type,
            "name": enclosure.title,
            "contentSize": str(enclosure.length) if enclosure.length else None,
            "duration": None if enclosure.duration is None else f"PT{enclosure.duration}S",
        }
    )


def _type_of(author: Person, publisher: Publisher) -> str:
    return "NewsMediaOrganization" if author.name == publisher.name else "Person"
