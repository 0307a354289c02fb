"""Which collections a list of articles makes, by the rules in the documentation and by nothing of feedsite's code."""

import unicodedata
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from feedsite.model import NEVER

MONTHS = "January February March April May June July August September October November December".split()


class Item(NamedTuple):
    """An article, or the notice about it whose id has this part behind the article's."""

    published: datetime
    part: str
    entry: Any

    @property
    def id(self):
        return self.entry.id + self.part

    @property
    def age(self):
        """What items are sorted by, the oldest first."""
        return self.published, name_of(self.entry.source), self.part


def name_of(source):
    """The name of a file as names are compared: by their letters, and numbers in them by their values.

    Alike but for leading zeros, the one with fewer of them at the first difference comes first; alike but for their
    ending, or for how accents are encoded, a file that ends in .yaml and has them in one character does.
    """
    below = source.split("/", 1)[1]
    plain = unicodedata.normalize("NFC", below[: below.rindex(".")])
    letters, zeros = [], []
    for is_number, found in groupby(plain, key=lambda letter: letter in "0123456789"):
        run = "".join(found)
        letters += [(ord("0"), int(run))] if is_number else [(ord(letter), 0) for letter in run]
        zeros += [len(run) - len(run.lstrip("0"))] * is_number
    return letters, zeros, below != f"{plain}.yaml", below


def keys_of(entry, day=None):
    """The paths of the collections that an article belongs to, each with what it calls it; as if of another day."""
    day = day or entry.day
    found = {"/": "The Meridian"}
    if entry.section:
        parts, labels = entry.section.term.split("/"), entry.section.label.split("/")
        for count in range(1, len(parts) + 1):
            found["/" + "/".join(parts[:count]) + "/"] = "/".join(labels[:count])
        found[f"/{entry.section.term}/"] = entry.section.label
    found |= {f"/tag/{tag.term}/": tag.label for tag in entry.tags}
    found |= {f"/author/{author.name.lower().replace(' ', '-')}/": author.name for author in entry.authors}
    found[f"/language/{entry.language.lower()}/"] = entry.language
    found[f"/{day.year}/"] = str(day.year)
    found[f"/{day.year}/{day.month:02}/"] = f"{MONTHS[day.month - 1]} {day.year}"
    return found


def items_of(entry):
    """Its items, each with the collections that it is in."""
    yield Item(entry.published, "", entry), keys_of(entry)
    notices = [(f"#correction-{number}", one) for number, one in enumerate(entry.corrections, 1)]
    notices += [("#withdrawn", entry.withdrawal)] if entry.withdrawal else []
    for part, change in notices:
        announced = keys_of(entry, change.at.date()) if change.announce else {}
        yield Item(change.at, part, entry), {"/corrections/": "Corrections"} | announced


def listing(entry):
    """The paths of the lists of what a site has that may change where they show something else of an article.

    With two that are not there now, and may have been before.
    """
    lists = "/feeds/ /tags/ /tags/page/2/ /feeds.opml /.well-known/feeds /.well-known/feed-menu.json".split()
    sitemaps = (".xml", "-news.xml", "-collections.xml", "-collections-2.xml", f"-{entry.published:%Y-%m}.xml")
    return {*lists, *(f"/sitemap{end}" for end in sitemaps)}


def rows(entries, now=NEVER):
    """Of articles: each collection's path, with its name (the oldest item's for it) and its items, newest first."""
    every = [(item, keys) for entry in entries if entry.published != NEVER for item, keys in items_of(entry)]
    every.sort(key=lambda one: one[0].age, reverse=True)
    found = {"/": ("The Meridian", [])}
    for item, keys in reversed(every):
        for path, name in keys.items() if item.published <= now else ():
            found.setdefault(path, (name, []))[1].insert(0, item)
    return found
