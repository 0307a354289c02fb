"""Readers that somebody reads with: what they hold after a poll, what of it is unread, and then all is read."""

import sqlite3
from contextlib import closing
from typing import NamedTuple

from ..programs import needed
from . import Feedparser, Lemon24, Newsboat, Sfeed, python
from . import __file__ as support


class Held(NamedTuple):
    """An item as a reader holds it, and whether it is unread; None where the reader knows nothing of that."""

    id: str
    fields: dict
    is_unread: bool | None = None


class Watched:
    """`row` is the reader's row of comparing/readers.py, `is_asked` whether it is set to mark what differs unread, and
    `also_by` are the fields by which it knows an item beside the id.
    """

    row = ""
    is_asked = False
    also_by = ()


class WatchedLemon24(Watched, Lemon24):
    row = "reader (Python)"

    def command(self):
        return python(self.name), "-I", support.replace("__init__.py", "watch_reader.py")

    def watch(self, address):
        return [Held(one.pop("id"), one, one.pop("is_unread")) for one in self.told(address)]


class WatchedNewsboat(Watched, Newsboat):
    row = "newsboat"
    options = ()

    def watch(self, address):
        place = self.place(address)
        place.mkdir(exist_ok=True)
        (place / "urls").write_text(f"{address}\n")
        (place / "config").write_text("".join(f'{option} "{address}"\n' for option in self.options))
        files = ("-u", place / "urls", "-c", place / "cache.db", "-C", place / "config")
        self.run(needed("newsboat"), *files, "-x", "reload")
        names = ("guid", "title", "url", "author", "content", "pubDate", "enclosure_url", "unread")
        with closing(sqlite3.connect(place / "cache.db")) as cache:
            rows = cache.execute(f"SELECT {', '.join(names)} FROM rss_item").fetchall()  # noqa: S608  # constants
            cache.execute("UPDATE rss_item SET unread = 0")
            cache.commit()
        fields = ("title", "url", "author", "content", "published", "enclosure")
        return [Held(row[0], dict(zip(fields, row[1:], strict=False)), bool(row[-1])) for row in rows]


class AskedNewsboat(WatchedNewsboat):
    """Set so that a text that differs is unread again."""

    is_asked = True
    options = ("reset-unread-on-update",)


class WatchedSfeed(Watched, Sfeed):
    row = "sfeed"
    also_by = ("title", "url")

    def watch(self, address):
        fields = ("title", "url", "content", "published")
        held = self.poll(address).items
        return [
            Held(one.id, dict(zip(fields, (one.title, one.link, one.content, one.published), strict=True)))
            for one in held
        ]


class WatchedFeedparser(Watched, Feedparser):
    """A library without memory: what it sees is what the feed says."""

    def watch(self, address):
        names = {
            "link": "url",
            "title": "title",
            "content": "content",
            "published": "published",
            "updated": "updated",
            "enclosure": "enclosure",
        }
        return [
            Held(one.id, {field: getattr(one, name) for name, field in names.items()})
            for one in self.poll(address).items
        ]


WATCHED = (WatchedLemon24, WatchedNewsboat, AskedNewsboat, WatchedSfeed, WatchedFeedparser)
