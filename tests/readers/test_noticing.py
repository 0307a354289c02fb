"""What `feedsite diff` predicts is what real readers do: after random edits each is served both states of a site.

READER_EDITS says how many edits are tried; in CI 30, and 200 before its table changes.
"""

import hashlib
import json
import os
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from feedsite.comparing.comparison import compare
from feedsite.comparing.effects import effects
from feedsite.comparing.readers import READERS, Reader
from feedsite.comparing.shown import FIELDS

from ..support import desk
from ..support.documents import documents
from ..support.laws import IS_CI
from ..support.readers.watching import WATCHED

EDITS = int(os.environ.get("READER_EDITS", "30" if IS_CI else "12"))
FOLDERS = ("/", "/", "/world/", "/author/daniel-okafor/")
_ROWS = {reader.name: reader for reader in READERS}


class Edited:
    """A random edit: the feeds of one list before and after it, and its items with their fates there."""

    def __init__(self, seed, folder):
        random = Random(seed)
        before = desk.newspaper()
        after, self.names = desk.edited(before, random)
        list_ = random.choice(FOLDERS)
        old, new = before.state(folder / f"{seed}-old"), after.state(folder / f"{seed}-new")
        noticed = compare(old, new)
        self.feeds = [
            {suffix: state.plan.at(f"{list_}feed.{suffix}").draw().body for suffix in ("rss", "atom", "json")}
            for state in (old, new)
        ]
        fates = next((one.fates for one in noticed.feeds if one.path == list_), {})
        found = {item.id: item for item in noticed.items}
        self.items = [replace(found[each], fate=fate) for fate, ids in fates.items() for each in ids]
        self.effects = {one.reader: one for one in effects(self.items)}

    def __repr__(self):
        return "+".join(self.names)


def _by_rule(before, after, key, print_, is_taken=bool, is_unread=bool):
    """How many items are new, taken anew, and unread again, to a reader that knows an item by a key.

    `print_` is what it compares; the other two say of that before and after what follows.
    """
    known = {key(one): one for one in before}
    both = [(print_(known[key(one)]), print_(one)) for one in after if key(one) in known]
    taken = sum(old != new and is_taken((old, new)) for old, new in both)
    unread = sum(old != new and is_unread((old, new)) for old, new in both)
    return [sum(key(one) not in known for one in after), taken, unread]


def _guid(item):
    return hashlib.sha256(item["id"].encode()).hexdigest()


def _authors(item):
    return [one["name"] for one in item["authors"]]


def _enclosure(item):
    return [one["url"] for one in item.get("attachments", [])][:1]


def _never(_):
    return False


def miniflux(before, after):
    """It writes six columns of an entry that it knows, and never touches whether that is read."""

    def columns(item):
        names = ("title", "url", "content_html", "tags", "language")
        return [item.get(name) for name in names] + _authors(item)

    return "Miniflux", *_by_rule(before, after, _guid, columns, is_unread=_never)


def freshrss(before, after):
    """It compares an md5 of link, title, authors, content and tags; an option marks what differs unread."""

    def md5(item):
        parts = (item["url"], item["title"], *_authors(item), item["content_html"], *item.get("tags", ()))
        return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()

    return "FreshRSS", *_by_rule(before, after, _guid, md5)


def nextcloud(before, after):
    """Its fingerprint is an md5 of title, address, text and enclosure; what differs in it is unread again."""

    def fingerprint(item):
        parts = (item["title"], item["url"], item["content_html"], *_enclosure(item))
        return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()

    return "Nextcloud News", *_by_rule(before, after, _guid, fingerprint)


def rss_guard(before, after):
    """Title, author or date have it written anew; a text alone has not, unless an option is set."""

    def compared(item):
        return item["title"], _authors(item), item["date_published"]

    return "RSS Guard", *_by_rule(before, after, _guid, compared)


def comma_feed(before, after):
    """It leaves an entry that it has."""
    return "CommaFeed", *_by_rule(before, after, _guid, lambda item: item, is_taken=_never, is_unread=_never)


def hatsu(before, after):
    """A post is known by its address; its fields are those of the feed."""

    def fields(item):
        return {name: value for name, value in item.items() if name != "id"}

    return "hatsu", *_by_rule(before, after, lambda item: item["url"], fields, is_unread=_never)


@pytest.fixture(scope="module")
def edits(tmp_path_factory):
    return [Edited(seed, tmp_path_factory.mktemp("desk")) for seed in range(EDITS)]


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [(kind, suffix) for kind in WATCHED for suffix in kind.formats],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_a_reader_does_what_its_row_says(edits, kind, suffix, tmp_path):
    """Which items it shows as new, of which it takes what, and which are unread again: exactly those that are told."""
    reader = kind(tmp_path)
    wrong = []
    try:
        with documents() as (served, base):
            for number, edit in enumerate(edits):
                path = f"/{number}/feed.{suffix}"
                held = []
                for feeds in edit.feeds:
                    served[path] = feeds[suffix]
                    held.append(reader.watch(base + path))
                if (did := happened(*held, kind)) != (was_told := told(edit, kind, held[0])):
                    wrong.append((number, edit, did, was_told))
    finally:
        reader.close()
    assert wrong == []


def happened(before, after, kind):
    """How often which id came, which fields of which items differ, and which of the former ones are unread again."""
    known = {one.id: one for one in before}
    keys = [[(one.id, *(one.fields[name] for name in kind.also_by)) for one in held] for held in (before, after)]
    came = Counter(key[0] for key in (Counter(keys[1]) - Counter(keys[0])).elements())
    both = [(known[one.id], one) for one in after if one.id in known and not came[one.id]]
    differing = {new.id: {name for name in new.fields if new.fields[name] != old.fields[name]} for old, new in both}
    unread = {new.id for _, new in both if new.is_unread}
    return came, {id_: _beside_dates(names) for id_, names in differing.items() if names}, unread


def _beside_dates(names):
    """The fields without the moment of the update where the date differs, too: RSS leaves out the former if it is the
    latter, and each reader does its own with that.
    """
    return names - {"updated"} if "published" in names else names


def told(edit, kind, before):
    """The same as it was predicted, as far as the reader's model has it."""
    reader, seen = _ROWS.get(kind.row, Reader(name="")), frozenset(before[0].fields)
    came, differing, unread = Counter(), {}, set()
    for item in edit.items:
        changed = frozenset(item.changed)
        if item.fate in ("new", "listed", "back", "twice") or (
            item.fate in ("updated", "withdrawn") and not reader.knows(frozenset(FIELDS) - changed)
        ):
            came[item.id] += 1
        elif item.fate in ("updated", "withdrawn"):
            if taken := set(reader.taken(changed) & seen):
                differing[item.id] = _beside_dates(taken)
            if reader.marks_unread(changed) and (kind.is_asked or not reader.if_asked):
                unread.add(item.id)
    return came, differing, unread


@pytest.mark.parametrize(
    "rule", [miniflux, freshrss, nextcloud, rss_guard, comma_feed, hatsu], ids=lambda one: one.__name__
)
def test_a_reader_that_is_not_here_does_by_its_rule_what_its_row_says(edits, rule):
    """Its rule is told as in its source, apart from the table."""
    for number, edit in enumerate(edits):
        before, after = (json.loads(feeds["json"])["items"] for feeds in edit.feeds)
        if rule is hatsu and "swap" in edit.names:
            continue  # of articles that exchange their addresses each is the other one to it, which is not told
        name, *figures = rule(before, after)
        effect = edit.effects[name]
        assert figures == [effect.new + effect.twice, effect.taken, effect.unread + effect.unread_if_asked], (
            number,
            edit,
        )
