"""A feed menu, from which a browser offers the feeds of a site (draft-nottingham-feed-menu-00).

Beside the members of the draft, an item has `json`: programs ignore what they do not know (there, section 2).
"""

import json
from collections.abc import Iterable
from typing import Any

from .. import places
from ..collection import EVERYTHING
from ..menu import Group, Offer
from ..settings import Settings
from . import atom, jsonfeed, rss

MEDIA_TYPE = "application/json"


def render(groups: Iterable[Group], settings: Settings) -> bytes:
    """A menu with a menu for each group."""
    items = [_menu(settings.words.text(group.heading), [_item(offer, settings) for offer in group]) for group in groups]
    return f"{json.dumps(_menu(settings.title, items), ensure_ascii=False, indent=1)}\n".encode()


def _menu(title: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"feed-menu": title, "items": items}


def _item(offer: Offer, settings: Settings) -> dict[str, Any]:
    collection = offer.collection
    addresses = {
        name: settings.urls.absolute(places.feed(collection.path, suffix))
        for name, suffix in (("rss", rss.SUFFIX), ("atom", atom.SUFFIX), ("json", jsonfeed.SUFFIX))
    }
    title = settings.title if collection.key == EVERYTHING else collection.title
    return {"feed-title": title, "description": collection.description, **addresses}
