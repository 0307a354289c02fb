"""Every collection has every service: the table of rows and services has no hole. Who is in which, at every moment."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from lxml import etree, html

from feedsite import collection as kinds
from feedsite.collection import KINDS, Kind
from feedsite.formats import FEED_FORMATS
from feedsite.model import Category, Correction, Enclosure, Person, Withdrawal
from feedsite.paging import PAGE_SIZE
from feedsite.parsing.entryfile import read
from feedsite.settings import NamedMix, Section

from .support.builders import ask, entry, entry_text, header, settings, site
from .support.golden import NOW
from .support.rows import rows

HOUR = timedelta(hours=1)
MIX = "/mix/tag.trade+world/without/culture/"
# A row of each kind that the site below has, by its path.
ROWS = {
    "everything": "/",
    "section": "/world/asia/",
    "tag": "/tag/trade/",
    "author": "/author/mina-sato/",
    "language": "/language/ja/",
    "date": "/2026/",
    "corrections": "/corrections/",
    "named mix": "/quiet/",
    "mix": MIX,
    "audio": "/audio-articles/",  # a throw-away kind: what is added to the table has every service at once
}
AUDIO = Kind(
    "audio",
    "/audio-articles/",
    re.compile(""),
    "{site}: articles to listen to.",
    lambda one: [("", "")] if any(file.type.startswith("audio/") for file in one.enclosures) else [],
    title="To listen to",
)


@pytest.fixture(autouse=True)
def _with_a_throw_away_kind(monkeypatch):
    monkeypatch.setattr(kinds, "KINDS", (AUDIO, *KINDS))
    monkeypatch.setattr(kinds, "_KINDS", {kind.name: kind for kind in (AUDIO, *KINDS)})


def article(number):
    moment = NOW - number * 30 * HOUR
    return entry(
        f"n{number:03}",
        published=moment,
        updated=moment,
        day=moment.date(),
        section=Category(term="world/asia", label="Asia", scheme="section"),
        tags=(Category(term="trade", label="Trade", scheme="tag"),),
        authors=(Person(name="Mina Sato"),),
        language="ja",
        corrections=(Correction(at=moment, note="It was Vienna."),),
        enclosures=(Enclosure(url="https://news.example/audio/a.mp3", type="audio/mpeg", length=3),),
    )


ENTRIES = [article(number) for number in range(2 * PAGE_SIZE + 5)]
CULTURE = replace(article(60), section=Category(term="culture", label="Culture", scheme="section"), language="en")
SETTINGS = {
    "window": 10,
    "archives": "all",
    "hub": "https://hub.example/",
    "sections": {"world": Section(title="World")},
    "mixes": {"quiet": NamedMix(of=("everything",), without=("section/culture",), title="Quiet")},
}


def full(*entries, **changes):
    return site(*(entries or (*ENTRIES, CULTURE)), **SETTINGS | changes)


def tree_of(a_site, path):
    response = ask(a_site, path)
    assert response.status == 200, path
    return html.document_fromstring(response.body.decode())


def has_a_page(a_site, folder):
    page = tree_of(a_site, folder)
    assert page.xpath("//h1")
    assert len(page.xpath("//article")) >= PAGE_SIZE
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://news.example{folder}"]


def has_further_pages(a_site, folder):
    page = tree_of(a_site, folder)
    (older,) = page.xpath("//a[@rel='next']/@href")
    assert older == f"{folder}page/1/"
    assert len(tree_of(a_site, older).xpath("//article")) == PAGE_SIZE
    assert ask(a_site, f"{folder}page/9/").status == 404


def advertises_its_own_feeds_first(a_site, folder):
    links = tree_of(a_site, folder).xpath("//link[@rel='alternate']")
    own = [f"{folder}feed.{form.suffix}" for form in FEED_FORMATS]
    assert [link.get("href") for link in links][:3] == own
    titles = [link.get("title") for link in links]
    assert len(set(titles)) == len(titles) == (3 if folder == "/" else 6)


def has_a_feed_in_every_format(a_site, folder):
    ids = {}
    for form in FEED_FORMATS:
        response = ask(a_site, f"{folder}feed.{form.suffix}")
        assert (response.status, header(response, "Content-Type")) == (200, form.media_type)
        if form.suffix == "json":
            value = json.loads(response.body)
            ids[form.suffix] = [item["id"] for item in value["items"]]
            assert value["feed_url"] == f"https://news.example{folder}feed.json"
            assert value["home_page_url"] == f"https://news.example{folder}"
        else:
            read_ = feedparser.parse(response.body)
            assert not read_.bozo
            ids[form.suffix] = [one.id for one in read_.entries]
            assert read_.feed.link == f"https://news.example{folder}"
    assert ids["rss"] == ids["atom"] == ids["json"]
    assert len(ids["rss"]) >= SETTINGS["window"]


def has_an_id_and_a_title_of_its_own(a_site, folder):
    found = {}
    for name, path in ROWS.items():
        tree = etree.fromstring(ask(a_site, f"{path}feed.atom").body)
        atom = "{http://www.w3.org/2005/Atom}"
        found[name] = tree.findtext(f"{atom}id"), tree.findtext(f"{atom}title")
    assert len({id_ for id_, _ in found.values()}) == len({title for _, title in found.values()}) == len(ROWS)


def has_an_archive(a_site, folder):
    feed = etree.fromstring(ask(a_site, f"{folder}feed.atom").body)
    (older,) = feed.xpath("*[local-name()='link'][@rel='prev-archive']/@href")
    assert older.startswith(f"https://news.example{folder}archive/2026/11/")
    assert ask(a_site, older.removeprefix("https://news.example")).status == 200


def answers_304_and_deltas(a_site, folder):
    path = f"{folder}feed.atom"
    tag = header(ask(a_site, path), "ETag")
    assert ask(a_site, path, if_none_match=tag).status == 304
    old = header(ask(full(*ENTRIES[1:], CULTURE), path, a_im="feed"), "ETag")
    assert ask(a_site, path, if_none_match=old, a_im="feed").status == 226


def names_the_hub(a_site, folder):
    """But for a mix that site.yaml does not name: nobody is notified of its changes."""
    for path in (folder, f"{folder}feed.rss"):
        link = header(ask(a_site, path), "Link")
        if folder == MIX:
            assert link is None
            continue
        assert '<https://hub.example/>; rel="hub"' in link
        assert 'rel="self"' in link


def has_keys_for_caches(a_site, folder):
    assert header(ask(a_site, f"{folder}feed.rss", via="1.1 cache"), "Surrogate-Key")


SERVICES = (
    has_a_page,
    has_further_pages,
    advertises_its_own_feeds_first,
    has_a_feed_in_every_format,
    has_an_id_and_a_title_of_its_own,
    has_an_archive,
    answers_304_and_deltas,
    names_the_hub,
    has_keys_for_caches,
)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)
def test_every_row_has_every_service(row, service):
    """The full table: a kind that lacks a service, or a service that knows only some kinds, is a hole in it."""
    service(full(), ROWS[row])


def test_the_table_has_a_row_of_each_kind():
    """A kind that is added is added here."""
    assert {kind.name for kind in (AUDIO, *KINDS)} == set(ROWS) - {"mix", "named mix"}


def test_an_export_has_each_row_but_countless_mixes():
    """Its pages and feeds; the archives of those that site.yaml says."""
    paths = set(full())
    for name, folder in ROWS.items():
        assert ({folder, f"{folder}feed.rss", f"{folder}page/1/"} <= paths) is (name != "mix")


# Who is in which, at every moment


def ids_in(a_site, folder):
    return [item["id"] for item in json.loads(ask(a_site, f"{folder}feed.json").body)["items"]]


@pytest.mark.parametrize(
    "change",
    [
        {"section": Category(term="culture", label="Culture", scheme="section")},
        {"tags": (Category(term="rail", label="Rail", scheme="tag"),)},
        {"authors": (Person(name="Another"),)},
        {"language": "en"},
        {"title": "Mended"},
        {"published": NOW + HOUR, "updated": NOW + HOUR},
        {"withdrawal": Withdrawal(at=NOW, reason="It was wrong."), "corrections": ()},
        {"corrections": (Correction(at=NOW, note="It was Graz.", announce=True),)},
    ],
    ids="+".join,
)
def test_an_article_is_in_every_row_it_should_be_in_and_in_no_other(change):
    """Scheduled, withdrawn, mended, moved to another section, with a renamed tag."""
    entries = [replace(ENTRIES[0], **change), *ENTRIES[1:5]]
    a_site = full(*entries)
    right = rows(entries, NOW)
    for folder in {path for one in (*ENTRIES[:1], *entries) for path in rows([one])} | {"/corrections/"}:
        if folder in right:
            assert ids_in(a_site, folder) == [item.id for item in right[folder][1]]
        else:
            assert ask(a_site, folder).status == ask(a_site, f"{folder}feed.rss").status == 404


def test_the_label_is_the_oldest_articles():
    """A new spelling of a tag renames no list; site.yaml's title of a section does."""
    tags = [(Category(term="trade", label=label, scheme="tag"),) for label in ("TRADE", "trade", "Trade")]
    entries = [replace(article(number), tags=tag) for number, tag in enumerate(tags)]
    assert tree_of(full(*entries), "/tag/trade/").xpath("string(//h1)") == "Trade"
    assert tree_of(full(), "/world/").xpath("string(//h1)") == "World"


def test_sections_stand_under_the_masthead_in_the_order_of_site_yaml():
    """Those that have articles; the one where the reader is is marked."""
    sections = {name: Section(title=name.title()) for name in ("culture", "world/asia", "world")}
    page = tree_of(full(*ENTRIES, sections=sections), "/world/asia/")
    nav = page.xpath("//nav[@aria-label='Sections']/a")
    assert [(one.get("href"), one.get("aria-current")) for one in nav] == [("/world/asia/", "true"), ("/world/", None)]


def test_kicker_byline_tags_and_month_are_links():
    """From an article to the lists that it is in."""
    page = tree_of(full(), ENTRIES[0].path)
    links = set(page.xpath("//article//a/@href"))
    assert {"/world/asia/", "/author/mina-sato/", "/tag/trade/", "/2026/11/", "/language/ja/"} <= links


def test_a_section_s_own_page_names_it_once():
    """Its items name only the sections within it that they belong to."""
    kickers = "//article/p[@class='kicker']/a/@href"
    assert tree_of(full(), "/world/asia/").xpath(kickers) == []
    assert "/world/asia/" in tree_of(full(), "/world/").xpath(kickers)


# Mixes


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/mix/world+tag.trade/", "/mix/tag.trade+world/"),
        ("/mix/tag.trade+world", "/mix/tag.trade+world/"),
        ("/mix/world+world.asia+tag.trade/feed.rss", "/mix/tag.trade+world/feed.rss"),
        ("/mix/world/feed.atom", "/world/feed.atom"),
        ("/mix/World.Asia/", "/world/asia/"),
        ("/mix/world+tag.trade/without/language.ja+2026.11+2026/", "/mix/tag.trade+world/without/2026+language.ja/"),
        ("/mix/everything+world/", "/"),
        ("/mix/everything/without/world.asia+world/page/1/", "/mix/everything/without/world/page/1/"),
    ],
)
def test_a_mix_has_one_address(asked, canonical):
    """Sorted, without what another name contains; a single name leads to that collection."""
    response = ask(full(), asked)
    assert (response.status, header(response, "Location")) == (301, canonical)
    response = ask(full(), canonical)
    assert response.status in (200, 404)  # 404 where nothing is left in it


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("/mix/nowhere+world/", "There are no articles in nowhere."),
        ("/mix/world/without/tag.nowhere/feed.rss", "There are no articles in tag.nowhere."),
        ("/mix/" + "+".join(f"tag.t{number}" for number in range(13)) + "/", "at most 12 names; this one has 13"),
        ("/mix/world/without/world/", "leaves out everything that it includes"),
        ("/mix/world++tag.trade/", "There is no list named"),
        ("/mix/world/without/", "There is no list named"),
        ("/mix/<script>/", "There are no articles in &lt;script&gt;."),
        ("/mix//", ""),
    ],
)
def test_what_is_no_mix_says_why(asked, words):
    """404, in a sentence for whoever typed the address; what was typed is escaped."""
    response = ask(full(), asked)
    assert response.status in (301, 404)
    if response.status == 404:
        assert words in response.body.decode()


def test_a_mix_is_named_in_words():
    """What it unites, and what it leaves out, by the titles of the collections."""
    page = tree_of(full(*ENTRIES[:3], replace(ENTRIES[4], section=None)), "/mix/tag.trade+world/without/language.ja/")
    assert page is not None


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/2026/", "2026 · The Meridian"),
        ("/2026/11/", "November 2026 · The Meridian"),
        ("/corrections/", "Korrekturen · The Meridian"),
        ("/language/en/", "English · The Meridian"),
        ("/mix/tag.rail+world/", "Rail oder World · The Meridian"),
        ("/mix/everything/without/tag.rail/", "Alles, ohne Rail · The Meridian"),
    ],
)
def test_a_list_is_entitled_in_the_language_of_the_site(path, title):
    """What the index keeps of an article names no month and no list in any language."""
    world, rail = (
        Category(term="world", label="World", scheme="section"),
        Category(term="rail", label="Rail", scheme="tag"),
    )
    mended = (Correction(at=NOW, note="Wien"),)
    a_site = site(entry("a", section=world, tags=(rail,)), entry("b", corrections=mended), language="de")
    assert tree_of(a_site, path).findtext(".//title") == title


def test_a_million_mixes_take_no_memory_to_speak_of():
    """What one asked for is kept within the budget of the cache of documents, and listed nowhere."""
    a_site = full(*ENTRIES[:3])
    before = list(a_site)
    for number in range(60):
        assert ask(a_site, f"/mix/2026+tag.trade/without/language.x{number}/").status == 404
    assert list(a_site) == before


@pytest.mark.parametrize(
    "section",
    [
        "search",
        "Feeds",
        "tag",
        "2026",
        "2026/x",
        "mix",
        "page",
        "world/page/2",
        "World/page/1/y",
        "api/x",
    ],
)
def test_a_section_that_asks_for_an_address_of_the_site_is_told_another(section):
    """The fault names the address, and the name that it proposes is one without a fault."""
    (fault,) = read(entry_text(section=section).encode(), "entries/a.yaml", settings()).faults
    assert "belongs to the site itself" in fault.message
    proposed = fault.message.rpartition(" ")[2]
    assert read(entry_text(section=proposed).encode(), "entries/a.yaml", settings()).faults == ()


def test_a_section_and_a_mix_cannot_share_an_address():
    """The article is told, for site.yaml was there first."""
    mixes = {"quiet": NamedMix(of=("everything",))}
    (fault,) = read(entry_text(section="Quiet/Asia").encode(), "entries/a.yaml", settings(mixes=mixes)).faults
    assert "/quiet/ is the address of a mix" in fault.message


def test_a_collection_leads_to_those_right_below_it():
    """The front page to the years, a year to its months, a section to its parts; none of what only is scheduled."""
    soon = replace(article(0), published=NOW + HOUR, updated=NOW + HOUR, day=NOW.date().replace(year=2031))
    a_site = full(*ENTRIES, soon)

    def within(folder):
        return tree_of(a_site, folder).xpath("//nav[@class='within']/a/@href")

    assert within("/") == ["/2026/"]
    assert within("/2026/") == ["/2026/09/", "/2026/10/", "/2026/11/"]
    assert within("/world/") == ["/world/asia/"]
    assert within("/world/asia/") == within("/2026/11/") == within("/tag/trade/") == []


@pytest.mark.parametrize("alias", ["/world/", "/world", "/World", "/WORLD/asia/", "/quiet"])
def test_a_list_beats_an_alias(alias):
    """On a server, in an export, and on systems that ignore capitals; an alias below it stands."""
    a_site = full(*ENTRIES[1:], replace(ENTRIES[0], aliases=(alias, "/world/old")))
    paths = [path.rstrip("/").casefold() for path in a_site]
    assert len(set(paths)) == len(paths)
    assert ask(a_site, alias.lower().rstrip("/") + "/").status == 200
    assert header(ask(a_site, "/world/old"), "Location") == ENTRIES[0].path
    assert [alias for _, alias in a_site.plan.covered_aliases()] == [alias]


def test_who_asks_first_changes_no_byte():
    """An article's page and its section's show the same section, and lead to different feeds, in any order."""
    paths = [ENTRIES[0].path, "/world/asia/", "/feed.rss", "/world/asia/feed.rss", "/tag/trade/", "/"]
    one, other = full(), full()
    first = {path: one[path] for path in paths}
    assert {path: other[path] for path in reversed(paths)} == first


def test_an_article_belongs_to_so_many_lists_and_no_more():
    """It stands whole in the feeds of each: a small file must not fill a disk."""
    for name, most in (("tags", 50), ("authors", 20)):
        assert read(entry_text(**{name: [f"x{n}" for n in range(most)]}).encode(), "entries/a.yaml", settings()).entry
        (fault,) = read(
            entry_text(**{name: [f"x{n}" for n in range(most + 1)]}).encode(), "entries/a.yaml", settings()
        ).faults
        assert str(most) in fault.message
    assert read(entry_text(section="a/b/c/d/e/f").encode(), "entries/a.yaml", settings()).entry
    (fault,) = read(entry_text(section="a/b/c/d/e/f/g").encode(), "entries/a.yaml", settings()).faults
    assert "6 within one another are the most" in fault.message


@pytest.mark.parametrize("alias", ["/world/feed.rss/x", "/quiet/feed.atom", "/world/page/3/x", "/world/archive/2021/x"])
def test_no_alias_stands_below_a_lists_own_files(alias):
    """In an export its folder would stand where the file must."""
    (fault,) = read(entry_text(aliases=[alias]).encode(), "entries/a.yaml", settings()).faults
    assert "belongs to the site itself" in fault.message


def test_slashes_too_many_make_no_other_title():
    """As they make no other address."""
    read_ = read(entry_text(section='"//World/// Asia /"').encode(), "entries/a.yaml", settings()).entry
    assert (read_.section.term, read_.section.label) == ("world/asia", "World/Asia")
