"""What it means to subscribers that site.yaml or the theme is another one: a table of settings."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from ..settings import FILE, Settings
from ..theme import Theme
from .noticed import Remark

# What follows from another value of a setting, for those that somebody notices; "" for those that no reader does.
_MEANS = {
    "title": "the site and its feeds are called otherwise",
    "description": "what the feeds say of themselves is another text",
    "id": "the feeds have other ids: some readers take them for other feeds",
    "language": "the site's own words are in another language",
    "timezone": "times without an offset mean others, and days may be others",
    "publisher": "articles without an author have another one, and the feeds another publisher",
    "authors": "bylines are others, and so are the addresses of their lists where names changed",
    "sections": "sections are called otherwise; their addresses stay as long as articles name them alike",
    "mixes": "the lists with addresses of their own are others",
    "hub": "the feeds name another hub; readers that are subscribed there hear nothing until they poll",
    "rights": "what the feeds say about rights is another text",
    "icon": "the feeds have another icon",
    "typographer": "quotation marks of every article are set otherwise",
    "math": "formulas of every article are set otherwise",
    "own_words": "the site's own words are others",
}
# Settings on which no item of a feed depends.
_BESIDE_ITEMS: dict[str, Any] = {
    "title": "",
    "description": "",
    "id": None,
    "window": 0,
    "archives": "",
    "hub": None,
    "ping": False,
    "purge": (),
    "robots": "",
    "frames": "none",
    "rights": None,
    "icon": None,
    "search": "none",
    "series": (),
    "mixes": {},
}


def is_redrawn(old: Settings, new: Settings) -> bool:
    """Whether items of feeds may be shown in another way though their articles are the same."""
    return _of_items(old) != _of_items(new)


def _of_items(settings: Settings) -> Settings:
    return replace(settings, theme=Theme(), **_BESIDE_ITEMS)


def are_windows_other(old: Settings, new: Settings) -> bool:
    """Whether every feed may have other items, or another archive."""
    return (old.window, old.archives) != (new.window, new.archives)


def remarks(old: Settings, new: Settings) -> Iterator[Remark]:
    """What follows from each setting that is another one."""
    for one in fields(Settings):
        was, now = getattr(old, one.name), getattr(new, one.name)
        if was == now:
            continue
        if one.name == "window":
            yield Remark(message=f"{one.name}: feeds hold {now} articles in the place of {was}", source=FILE)
        elif one.name == "archives":
            yield Remark(message=f"archives: {now} in the place of {was}", source=FILE)
        elif one.name == "theme":
            yield Remark(message="theme: pages look otherwise; no feed differs", source=FILE)
        elif means := _MEANS.get(one.name):
            yield Remark(message=f"{one.name}: {means}", source=FILE)
