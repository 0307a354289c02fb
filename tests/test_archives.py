"""Archives (RFC 5005 4): walking back from any feed reaches every article of its collection once, in every format."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsite import archives
from feedsite.freshness import cache_control
from feedsite.index.edition import Edition
from feedsite.model import Category

from .support.builders import entry, index, settings, site, standing
from .support.golden import NOW
from .support.laws import few
from .support.rows import rows

DAY = timedelta(days=1)
WINDOW = 3
ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"


@pytest.fixture(autouse=True)
def _parts_of_two(monkeypatch):
    monkeypatch.setattr(archives, "SIZE", 2)


def article(name, days):
    moment = NOW - days * DAY
    tags = (Category(term="rail", label="Rail", scheme="tag"),) if days % 2 else ()
    return entry(name, published=moment, updated=moment, day=moment.date(), tags=tags)


def full(*entries, **changes):
    return site(*entries, **{"window": WINDOW, "archives": "all"} | changes)


class Read:
    """A feed document as a reader takes it: ids, newest first; links by relation; its mark of RFC 5005."""

    def __init__(self, a_site, path):
        self.document = a_site[path]
        self.path, suffix = path, path.rpartition(".")[2]
        body = self.document.body
        self.links, self.marks = {}, set()
        if suffix == "json":
            value = json.loads(body)
            self.ids = [item["id"] for item in value["items"]]
            self.links = {"next": value["next_url"]} if "next_url" in value else {}
        else:
            tree = etree.fromstring(body)
            at = tree[0] if suffix == "rss" else tree
            self.links = {one.get("rel"): one.get("href") for one in at.findall(f"{ATOM}link")}
            self.marks = {one.tag.removeprefix(FH) for one in at if str(one.tag).startswith(FH)}
            ids = at.findall("item/guid") if suffix == "rss" else at.findall(f"{ATOM}entry/{ATOM}id")
            self.ids = [one.text for one in ids]
        base = "https://news.example"
        self.links = {name: address.removeprefix(base) for name, address in self.links.items()}


def walked(a_site, path, relation):
    """The documents that this relation leads to, from the feed on."""
    found = [Read(a_site, path)]
    while target := found[-1].links.get(relation):
        assert len(found) < 200
        found.append(Read(a_site, target))
    return found[1:]


DAYS = st.lists(st.integers(0, 120), max_size=14, unique=True)


@few
@given(DAYS)
def test_walking_back_reaches_every_article_once(days):
    """The law: for every collection and format, by prev-archive and by next. A feed with all says so, and has none."""
    entries = standing(article(f"n{number}", number) for number in days)
    a_site = full(*entries)
    for folder, (_, members) in rows(entries).items():
        right = [one.id for one in members]
        for suffix in ("rss", "atom", "json"):
            feed = Read(a_site, f"{folder}feed.{suffix}")
            relations = ("next",) if suffix == "json" else ("prev-archive", "next")
            if len(right) <= len(feed.ids):
                assert suffix == "json" or feed.marks == {"complete"}
                assert not set(feed.links) & set(relations)
                assert feed.ids == right
                continue
            for relation in relations:
                parts = walked(a_site, feed.path, relation)
                assert [one for part in parts for one in part.ids] == right
            for newer, part in zip([None, *parts], parts, strict=False):
                assert max(1, len(part.ids)) <= 2
                if suffix != "json":
                    assert part.marks == {"archive"}
                    assert part.links["current"] == part.links["first"] == feed.path
                    assert part.links["self"] == part.path
                    assert part.links.get("next-archive") == (newer.path if newer else None)
    assert {path for path in a_site if "/archive/" in path} >= {
        part.path for part in walked(a_site, "/feed.atom", "next")
    }


def test_a_new_article_changes_the_newest_part_alone():
    """And the part before it where it begins a new one, for that leads to it then; one dated back changes its month."""
    entries = [article(f"n{number}", number) for number in range(3, 100, 3)]
    before = {planned.path: planned.fingerprint for planned in full(*entries).plan if "/archive/" in planned.path}

    def changed(*new):
        after = {one.path: one.fingerprint for one in full(*new, *entries).plan if "/archive/" in one.path}
        return {path for path in before if path.startswith("/archive/") and after.get(path) != before[path]}

    assert {path.rpartition("/")[0] for path in changed(article("new", 0))} == {"/archive/2026/11/4"}
    back = {path.split("/")[2:4][1] for path in changed(article("back", 40))}
    assert back <= {"10", "11"}
    assert {path for path in changed(article("back", 40)) if path.startswith("/archive/2026/11")} <= {
        f"/archive/2026/11/1/feed.{suffix}" for suffix in ("rss", "atom", "json")
    }


def test_a_part_with_a_newer_one_may_be_kept_for_days():
    """The newest part is asked for again soon, as the feed is."""
    a_site = full(*(article(f"n{number}", number) for number in range(40)))
    newest, older, *_ = walked(a_site, "/feed.atom", "prev-archive")
    assert "immutable" not in cache_control(newest.document)
    assert cache_control(older.document).startswith("max-age=604800, immutable, s-maxage=60,")
    assert "immutable" not in cache_control(Read(a_site, "/feed.atom").document)


def test_an_archive_has_a_page_for_people():
    """As the feed that it continues."""
    archive = full(*(article(f"n{days}", days) for days in range(9)))
    path = next(path for path in archive if "/archive/" in path and path.endswith(".atom"))
    assert b"Subscribe to" in archive.opened(path).body


@pytest.mark.parametrize(
    ("archives_", "folders"), [("none", set()), ("sections", {"/", "/world/"}), ("all", {"/", "/world/", "/tag/rail/"})]
)
def test_site_yaml_says_whose_archives_an_export_has(archives_, folders):
    """The feeds name only archives that are there."""
    world = Category(term="world", label="World", scheme="section")
    rail = (Category(term="rail", label="Rail", scheme="tag"),)
    entries = [
        entry(f"n{number}", section=world, tags=rail, published=NOW - number * DAY, updated=NOW) for number in range(9)
    ]
    a_site = full(*entries, archives=archives_)
    found = {path.partition("archive/")[0] for path in a_site if "/archive/" in path}
    assert found & {"/", "/world/", "/tag/rail/"} == folders
    for folder in ("/", "/world/", "/tag/rail/"):
        assert ("prev-archive" in Read(a_site, f"{folder}feed.rss").links) == (folder in folders)


def test_a_month_has_no_other_parts_than_those_with_items():
    """Part 0, a part too many, and months without items are not there."""
    a_site = full(*(article(f"n{number}", number) for number in range(10)))
    assert a_site.find("/archive/2026/11/1/feed.atom")
    for path in ("2026/11/0", "2026/11/6", "2026/10/1", "2026/12/1", "9999/12/1", "0001/01/1", "0000/01/1"):
        assert a_site.find(f"/archive/{path}/feed.atom") is None


def test_months_are_those_of_utc():
    """Wherever the site is: an archive's address is the same on every machine and in every time zone."""
    moment = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 1 November in Berlin
    entries = [entry("late", published=moment, updated=moment), *(article(f"n{number}", number) for number in range(5))]
    a_site = full(*entries, timezone=settings().timezone)
    assert Read(a_site, "/archive/2026/10/1/feed.json").ids == [entries[0].id]
    assert Edition(index(*entries), NOW).everything.month(2026, 10).size == 1
