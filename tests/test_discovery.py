"""What leads to a site's feeds: /feeds/ and /tags/ for people, OPML and a feed menu for programs."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from feedsite import export, menu, terms, urls
from feedsite.collection import KINDS
from feedsite.model import Category, Person
from feedsite.settings import NamedMix, Section

from .support.builders import entry, site, standing
from .support.golden import NOW
from .support.laws import few
from .support.rows import rows

DAY = timedelta(days=1)
HOSTILE = "\"A\" & <b>'c'</b> مصر"
DATES = re.compile(r"/[0-9]{4}/(?:[0-9]{2}/)?")
QUIET = {"quiet": NamedMix(of=("everything",), without=("section/culture",), title="Quiet news")}


def tag(label):
    return Category(term=terms.term(label), label=label, scheme="tag")


def section(label):
    return Category(term=terms.section_part(label), label=label, scheme="section")


def article(name, days=0, section_="", tags=(), author="Mina Sato", language="en"):
    moment = NOW - days * DAY
    return entry(
        name,
        published=moment,
        updated=moment,
        day=moment.date(),
        section=section(section_) if section_ else None,
        tags=tuple(map(tag, tags)),
        authors=(Person(name=author),),
        language=language,
    )


ARTICLES = st.lists(
    st.tuples(
        st.integers(-2, 40),
        st.sampled_from(["", "World", "World/Asia", "Culture"]),
        st.sets(st.sampled_from(["Rail", "R&D", "日本"])),
        st.sampled_from(["Mina Sato", "Wire"]),
        st.sampled_from(["en", "ar"]),
    ),
    max_size=6,
)


def page(a_site, path):
    return html.fromstring(a_site[path].body.decode())


def links(a_site, path):
    """The paths that the main part of a page links to."""
    return {unquote(urlsplit(address).path) for address in page(a_site, path).xpath("//main//a/@href")}


def outlines(a_site, path="/feeds.opml"):
    """Each outline that has a feed, as its attributes with the heading above it."""
    tree = etree.fromstring(a_site[path].body)
    assert (tree.tag, tree.get("version"), [part.tag for part in tree]) == ("opml", "2.0", ["head", "body"])
    return [{**one.attrib, "heading": group.get("text")} for group in tree[1] for one in group]


def menu_items(value):
    """The feeds of a feed menu, by the rules of its draft: an item is a menu, or has a title and a feed."""
    assert set(value) == {"feed-menu", "items"}
    assert value["feed-menu"]
    for item in value["items"]:
        if "feed-menu" in item:
            yield from menu_items(item)
        else:
            assert item["feed-title"]
            assert "rss" in item or "atom" in item
            yield item


def path_of(address):
    assert address.startswith("https://news.example/")
    return unquote(address.removeprefix("https://news.example"))


@few
@given(ARTICLES)
def test_every_public_collection_is_listed_for_people_and_programs(said):
    """And no other one. Years and months are no feeds that anybody follows: they stand in no list of feeds."""
    entries = standing(article(f"n{number}", *one) for number, one in enumerate(said))
    a_site = site(*entries)
    right = {folder for folder in rows(entries, NOW) if not DATES.fullmatch(folder)}
    for_people = links(a_site, "/feeds/") | links(a_site, "/tags/")
    feeds = {f"{folder}feed.{suffix}" for folder in right for suffix in ("rss", "atom", "json")}
    assert {path for path in for_people if re.search(r"feed\.[a-z]+$", path)} == feeds
    assert right <= for_people
    found = outlines(a_site)
    assert [path_of(one["xmlUrl"]) for one in found] == list(dict.fromkeys(path_of(one["xmlUrl"]) for one in found))
    assert {path_of(one["xmlUrl"]) for one in found} == {f"{folder}feed.rss" for folder in right}
    assert {path_of(one["htmlUrl"]) for one in found} == right
    items = list(menu_items(json.loads(a_site["/.well-known/feed-menu.json"].body)))
    assert {path_of(item[name]) for item in items for name in ("rss", "atom", "json")} == feeds
    assert a_site["/.well-known/feeds"] == a_site["/feeds.opml"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_collections_has_a_heading_or_is_of_dates(kind):
    """A new kind stands in the lists of feeds by itself."""
    assert bool(kind.heading) != (kind.name == "date")


def test_every_link_and_address_leads_to_a_document():
    a_site = site(article("a", 0, "World/Asia", ["Rail"]), article("b", 1, "Culture"), mixes=QUIET)
    for path in ("/feeds/", "/tags/"):
        assert all(a_site.find(each) for each in links(a_site, path) if each)
    for one in outlines(a_site):
        assert a_site.find(path_of(one["xmlUrl"])).media_type.startswith("application/rss+xml")
        assert a_site.find(path_of(one["htmlUrl"])).media_type.startswith("text/html")


def test_an_outline_has_what_readers_import():
    a_site = site(article("a", 0, "World", language="ja"), mixes=QUIET)
    by_feed = {path_of(one["xmlUrl"]): one for one in outlines(a_site)}
    assert by_feed["/world/feed.rss"] == {
        "type": "rss",
        "text": "World",
        "title": "World · The Meridian",
        "xmlUrl": "https://news.example/world/feed.rss",
        "htmlUrl": "https://news.example/world/",
        "language": "en",
        "heading": "Sections",
    }
    assert by_feed["/feed.rss"]["text"] == by_feed["/feed.rss"]["title"] == "The Meridian"
    assert by_feed["/language/ja/feed.rss"]["language"] == "ja"
    assert by_feed["/quiet/feed.rss"]["heading"] == "Mixes"
    assert a_site["/feeds.opml"].media_type == "text/x-opml; charset=utf-8"
    assert a_site["/.well-known/feed-menu.json"].media_type == "application/json"


def test_hostile_titles_are_escaped_everywhere():
    a_site = site(article("a", 0, "World", [HOSTILE], author=HOSTILE), title=HOSTILE, sections={})
    for path in ("/feeds/", "/tags/"):
        assert "<b>" not in a_site[path].body.decode()
        assert HOSTILE in page(a_site, path).text_content()
    assert {HOSTILE} <= {one["text"] for one in outlines(a_site)}
    assert etree.fromstring(a_site["/feeds.opml"].body).findtext("head/title") == HOSTILE
    assert json.loads(a_site["/.well-known/feed-menu.json"].body)["feed-menu"] == HOSTILE


def test_sections_stand_below_those_that_they_lie_in():
    """In the order of site.yaml; those that it does not name follow by name."""
    names = ["World/Asia/Japan", "Culture", "Science", "World"]
    entries = [article(f"n{number}", number, name) for number, name in enumerate(names)]
    sections = {"world": Section(title="World"), "science": Section(title="Science")}
    tree = page(site(*entries, sections=sections), "/feeds/")
    (group,) = [part for part in tree.xpath("//main//section") if part.findtext("h2") == "Sections"]

    def nested(items):
        return [(item.xpath("string(div/p/a)"), *nested(item.findall("ul"))) for part in items for item in part]

    assert nested(group.findall("ul")) == [
        ("World", ("World/Asia", ("World/Asia/Japan",))),
        ("Science",),
        ("Culture",),
    ]


def test_a_line_says_how_much_a_feed_has_and_how_often_more_comes():
    """Of a feed with one article nobody knows how often."""
    entries = [article(f"n{number}", number, "World", ["Rail"] if number == 3 else []) for number in range(9)]
    tree = page(site(*entries), "/feeds/")
    about = [" ".join(one.text_content().split()) for one in tree.xpath("//p[@class='about-feed']")]
    assert "World 9 articles · about 1 a day" in about
    assert "Rail 1 article" in about


def test_the_most_used_tags_stand_on_the_page_of_feeds_and_all_on_those_of_tags(monkeypatch):
    """The same lists in the feed menu; OPML has all. A page of tags links to the one before and the one after."""
    monkeypatch.setattr(menu, "_MOST", {"tag": 2})
    monkeypatch.setattr(menu, "TAGS_ON_PAGE", 3)
    labels = ["Able", "Baker", "Charlie", "Dog", "Easy", "Fox", "George"]
    entries = [article(f"n{number}", number, "", labels[: number + 1]) for number in range(7)]
    a_site = site(*entries)
    folders = {label: f"/tag/{label.lower()}/" for label in labels}
    assert {path for path in links(a_site, "/feeds/") if path in folders.values()} == {"/tag/able/", "/tag/baker/"}
    paths = [path for path in a_site if path.startswith("/tags/")]
    assert paths == ["/tags/", "/tags/page/2/", "/tags/page/3/"]
    listed = [page(a_site, path).xpath("//p[@class='about-feed']/a/text()") for path in paths]
    assert listed == [labels[:3], labels[3:6], labels[6:]]
    assert [page(a_site, path).xpath("//nav[@class='pager']/a/@href") for path in paths] == [
        ["/tags/page/2/"],
        ["/tags/", "/tags/page/3/"],
        ["/tags/page/2/"],
    ]
    assert a_site.find("/tags/page/4/") is None
    assert a_site.find("/tags/page/1/") is None
    assert {one["text"] for one in outlines(a_site) if one["heading"] == "Tags"} == set(labels)


def test_what_is_scheduled_is_in_no_list_and_counts_nowhere():
    entries = [article("a", 1, "World", ["Rail"]), article("b", -1, "Culture", ["Rail", "Sea"])]
    a_site = site(*entries)
    for path in ("/feeds/", "/tags/", "/feeds.opml", "/.well-known/feed-menu.json"):
        assert b"ulture" not in a_site[path].body
        assert b"Sea" not in a_site[path].body
    assert "Rail 1 article" in " ".join(page(a_site, "/tags/").text_content().split())


def test_an_empty_site_has_lists_with_everything_alone():
    a_site = site()
    assert links(a_site, "/feeds/") >= {"/", "/feed.rss", "/feed.atom", "/feed.json"}
    assert [path_of(one["xmlUrl"]) for one in outlines(a_site)] == ["/feed.rss"]
    assert a_site["/tags/"]


def test_an_export_has_files_of_the_names_that_programs_ask_for(tmp_path):
    a_site = site(article("a"))
    for _ in export.write(a_site, tmp_path / "out"):
        pass
    for path in ("/feeds.opml", "/.well-known/feeds", "/.well-known/feed-menu.json", "/feeds/index.html"):
        assert (tmp_path / f"out{path}").read_bytes() == a_site[path.removesuffix("index.html")].body


@pytest.mark.parametrize("path", ["/feeds/", "/tags/", "/tags/page/2/", "/feeds.opml", "/.well-known/feeds", "/feeds"])
def test_no_alias_or_section_can_take_these_addresses(path):
    assert urls.is_own(path)
