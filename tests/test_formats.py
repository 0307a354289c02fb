"""The feeds as programs read them: the same articles in every format, valid by the format's rules."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsite.formats import FEED_FORMATS, atom, jsonfeed, rss
from feedsite.formats.printed import PrintedItems
from feedsite.model import LONG_AGO, Cadence, Category, Enclosure, Feed, Image, Person, Tombstone
from feedsite.parsing import entryfile
from feedsite.places import Place
from feedsite.urls import Urls
from feedsite.words import Words

from .support.builders import PATH, entry, entry_text, settings, site
from .support.golden import sample_site

URLS = Urls("https://news.example")
_ATOM = "{http://www.w3.org/2005/Atom}"


def feed(*entries, **changes):
    made = Feed(
        place=Place(folder="/"),
        id="tag:news.example,2021:/",
        title="News",
        description="All of it.",
        language="en",
        updated=max((one.updated for one in entries), default=LONG_AGO),
        author=Person(name="The Desk"),
        words=Words("en", UTC),
        cadence=Cadence(period="daily", frequency=3, ttl=240),
        entries=entries,
    )
    return replace(made, **changes)


def read_entry(text):
    return entryfile.read(text.encode(), PATH, settings()).entry


def printed(form, *entries, **changes):
    return bytes(form.render(feed(*entries, **changes), URLS))


def parsed(body):
    read = feedparser.parse(body)
    assert not read.bozo, read.get("bozo_exception")
    return read


def sample(suffix):
    return sample_site()[f"/feed.{suffix}"].body


def test_the_atom_feed_holds_to_the_schema():
    """The Atom feed is valid by the schema of RFC 4287 (atom.rng, RELAX NG)."""
    schema = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "atom.rng")))
    for body in (sample("atom"), printed(atom), printed(atom, entry())):
        schema.assertValid(etree.fromstring(body))


def test_an_entry_has_one_alternate_link_for_each_type_and_language():
    """An entry has one alternate link for each type and language (RFC 4287 4.1.2), which the schema cannot check."""
    for found in etree.fromstring(sample("atom")).iter(f"{_ATOM}entry"):
        keys = [(x.get("type"), x.get("hreflang")) for x in found.iter(f"{_ATOM}link") if x.get("rel") == "alternate"]
        assert len(keys) == len(set(keys)) == 1


def test_every_format_has_the_same_articles():
    """Articles have the same id, title, HTML, address and order in every format."""
    items = json.loads(sample("json"))["items"]
    told = [(item["id"], item["title"], item["content_html"], item["url"]) for item in items]
    channel = etree.fromstring(sample("rss"))[0]
    encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
    in_rss = [
        tuple(item.findtext(name) for name in ("guid", "title", encoded, "link")) for item in channel.iter("item")
    ]
    root = etree.fromstring(sample("atom"))
    in_atom = [
        tuple(found.findtext(_ATOM + name) for name in ("id", "title", "content"))
        + tuple(link.get("href") for link in found.iter(f"{_ATOM}link") if link.get("rel") == "alternate")
        for found in root.iter(f"{_ATOM}entry")
    ]
    assert in_rss == in_atom == told


def test_a_withdrawn_entry_has_a_tombstone_that_outdates_it():
    """The entry is not newer than its tombstone, so that readers that implement tombstones ignore it (RFC 6721 3)."""
    root = etree.fromstring(sample("atom"))
    (stone,) = root.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert stone.get("ref") == "tag:sample.example,2021-07-01:taken-back"
    (updated,) = [
        found.findtext(f"{_ATOM}updated")
        for found in root.iter(f"{_ATOM}entry")
        if found.findtext(f"{_ATOM}id") == stone.get("ref")
    ]
    assert datetime.fromisoformat(stone.get("when")) >= datetime.fromisoformat(updated)


def test_a_description_is_fit_to_be_shown_as_html():
    """An editor's plain text stays plain text in a reader that takes an RSS description for HTML (RSS profile)."""
    item = etree.fromstring(sample("rss"))[0].find("item")
    assert item.findtext("description") == "One paragraph of &lt;plain&gt; text &amp; nothing else."


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_reads_back_what_was_written(suffix):
    """feedparser finds the article's id, title, link, dates, text, byline, enclosure and categories."""
    read = parsed(sample(suffix))
    first = read.entries[0]
    assert first.id == "tag:sample.example,2021-07-05:japan-taiwan"
    assert first.title_detail.value in ("Japan & Taiwan <draw> closer", "Japan &amp; Taiwan &lt;draw&gt; closer")
    assert first.link == "https://sample.example/2021/07/japan-taiwan/"
    assert first.published_parsed[:6] == (2021, 7, 5, 0, 30, 0)
    assert first.updated_parsed[:6] == (2021, 7, 5, 23, 0, 0)
    assert first.content[0].type == "text/html"
    assert "First paragraph with a note" in first.content[0].value
    assert first.authors[0].name == "Mina Sato"
    assert {tag.term for tag in first.tags} >= ({"Asia", "Japan"} if suffix == "rss" else {"world/asia", "japan"})
    assert (first.enclosures[0].href, first.enclosures[0].length) == ("https://sample.example/audio/talk.mp3", "417")
    assert read.feed.title == 'The "Sample" & Sons'
    assert read.feed.link == "https://sample.example/"
    assert {link.rel for link in read.feed.links} == {"self", "alternate", "hub"}


def test_rss_has_what_the_profile_asks_of_a_channel():
    """A channel has what the RSS profile requires; an item has one enclosure, and no author without an address."""
    channel = etree.fromstring(sample("rss"))[0]
    assert channel.findtext("link") == "https://sample.example/"
    assert channel.findtext("lastBuildDate") == "Mon, 05 Jul 2021 23:00:00 +0000"
    assert channel.findtext("generator").startswith("feedsite ")
    assert [(link.get("rel"), link.get("href")) for link in channel.findall(f"{_ATOM}link")] == [
        ("self", "https://sample.example/feed.rss"),
        ("hub", "https://hub.example/"),
    ]
    for item in channel.iter("item"):
        assert len(item.findall("enclosure")) <= 1
        assert item.find("author") is None
        assert item.find("guid").get("isPermaLink") == "false"
    picture = channel.find("item/{http://search.yahoo.com/mrss/}content")
    assert picture.findtext("{http://search.yahoo.com/mrss/}credit") == "S. Press"
    assert picture.findtext("{http://search.yahoo.com/mrss/}description") == "A dot at night"
    assert channel.findtext("item/{http://purl.org/dc/elements/1.1/}contributor") == "Sample Wire"


def test_an_item_without_a_text_has_an_empty_one():
    """JSON Feed 1.1: an item has content_html or content_text in any case."""
    feed = json.loads(site(entry(body="")).get("/feed.json").body)
    assert feed["items"][0]["content_html"] == ""


def test_the_json_feed_has_the_members_of_version_1_1():
    """A JSON feed has every required member, of the types of the specification, and no empty members."""
    document = json.loads(sample("json"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == "https://sample.example/feed.json"
    assert document["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    known = set(
        "id url external_url title content_html summary image date_published date_modified authors tags language"
        " attachments".split()
    )
    for item in document["items"]:
        assert item.keys() <= known
        assert all(item.values())
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", item["date_published"])
    assert document["items"][0]["attachments"][0] == {
        "url": "https://sample.example/audio/talk.mp3",
        "mime_type": "audio/mpeg",
        "title": "The talk",
        "size_in_bytes": 417,
        "duration_in_seconds": 1865,
    }
    assert document["items"][3]["external_url"] == "https://www.elsewhere.example/story"


def test_right_to_left_text_carries_its_direction():
    """The content of an Arabic article has its direction, for readers that show the content alone."""
    item = json.loads(sample("json"))["items"][3]
    assert item["content_html"].startswith('<div dir="rtl" lang="ar">')


def test_no_element_lacks_its_own_namespace_prefix():
    """A feed has no invented namespace prefix such as ns0: some readers look at prefixes."""
    for suffix in ("rss", "atom"):
        assert b"ns0" not in sample(suffix)


@pytest.mark.parametrize("form", FEED_FORMATS, ids=lambda form: form.suffix)
def test_a_feed_without_entries_is_still_a_feed(form):
    """A feed without entries is valid, so that a site can be subscribed to on its first day."""
    body = printed(form)
    if form.suffix == "json":
        assert json.loads(body)["items"] == []
    else:
        assert parsed(body).entries == []


def test_dates_are_those_of_the_entries_and_of_no_clock():
    """A feed that is drawn later has the same bytes; years before 1970 and after 2038 are printed right."""
    moments = [datetime(1066, 10, 14, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)]
    entries = [
        entry(id=f"tag:a,2021:{n}", published=at, updated=at + timedelta(hours=n)) for n, at in enumerate(moments)
    ]
    body = printed(rss, *entries)
    assert b"Sun, 14 Oct 1066 00:00:00 +0000" in body
    assert b"Tue, 01 Jan 2999 00:00:00 +0000" in body
    assert body == printed(rss, *entries)


def test_a_second_enclosure_is_not_lost():
    """RSS has one enclosure an item, and the others as media:content; Atom and JSON Feed have all."""
    two = tuple(Enclosure(url=f"https://a.example/{n}.mp3", type="audio/mpeg", length=n + 1) for n in range(2))
    one = entry(enclosures=two)
    assert len(parsed(printed(atom, one)).entries[0].enclosures) == 2
    assert len(json.loads(printed(jsonfeed, one))["items"][0]["attachments"]) == 2
    assert b"https://a.example/1.mp3" in printed(rss, one)


def test_what_is_not_known_of_an_enclosure_is_not_told():
    """RSS needs a length, which is 0 then; every other place for a length or a duration stays empty."""
    one = entry(enclosures=(Enclosure(url="https://a.example/0.mp3", type="audio/mpeg"),))
    item = etree.fromstring(printed(rss, one))[0].find("item")
    assert item.find("enclosure").attrib == {"url": "https://a.example/0.mp3", "length": "0", "type": "audio/mpeg"}
    (content,) = item.findall("{http://search.yahoo.com/mrss/}content")
    assert set(content.attrib) == {"url", "type"}
    links = etree.fromstring(printed(atom, one)).iter(f"{_ATOM}link")
    assert [link.get("length") for link in links if link.get("rel") == "enclosure"] == [None]
    (attachment,) = json.loads(printed(jsonfeed, one))["items"][0]["attachments"]
    assert attachment.keys() == {"url", "mime_type"}
    page = site(one)[one.path].body.decode()
    assert '<a class="u-audio" href="https://a.example/0.mp3" type="audio/mpeg"><bdi>Listen</bdi></a></p>' in page
    assert '[{"@type": "AudioObject", "contentUrl": "https://a.example/0.mp3", "encodingFormat": "audio/mpeg"}]' in page


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("<>&;\"' #x36"), min_size=1, max_size=20)


def test_plain_text_in_rss_is_no_markup_to_readers_that_strip_it():
    """The RSS profile advises hexadecimal references in text that is plain; a description is HTML."""
    title = "A short guide to <head> elements & R&D"
    one = entry(
        title=title,
        summary=title,
        tags=(Category(term="rd", label="R&D <x>", scheme="tag"),),
        authors=(Person(name="Smith & Sons"),),
        image=Image(src="https://a.example/a.png?b=1&c=2", alt=title, caption="A & B", credit="<AFP>"),
        id="https://a.example/?a=1&b=2",
    )
    body = printed(rss, one, title="R&D", description="<All>").decode()
    written = "A short guide to &#x3C;head&#x3E; elements &#x26; R&#x26;D"
    for element in (
        f"<title>{written}</title>",
        "<title>R&#x26;D</title>",
        "<description>&#x3C;All&#x3E;</description>",
        '/tag/">R&#x26;D &#x3C;x&#x3E;</category>',
        "<dc:creator>Smith &#x26; Sons</dc:creator>",
        f'<media:description type="plain">{written}</media:description>',
        '<media:title type="plain">A &#x26; B</media:title>',
        "<media:credit>&#x3C;AFP&#x3E;</media:credit>",
        '<media:thumbnail url="https://a.example/a.png?b=1&amp;c=2"/>',
        '<guid isPermaLink="false">https://a.example/?a=1&#x26;b=2</guid>',
        "<description>A short guide to &amp;lt;head&amp;gt; elements &amp;amp; R&amp;amp;D</description>",
    ):
        assert element in body, element


@given(WORDS, WORDS)
def test_whatever_stands_in_rss_is_read_as_it_was_written(title, name):
    """The law: a parser sees the same text, and in the document plain text has no named reference."""
    one = entry(title=title, summary=title, authors=(Person(name=name),), body=f"<p>{escape(title)}</p>\n")
    item = etree.fromstring(printed(rss, one))[0].find("item")
    assert item.findtext("title") == title
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == name
    assert item.findtext("description") == escape(title, quote=False)
    assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded").startswith(f"<p>{escape(title)}</p>")
    for element in re.findall(rb"<(?:title|dc:creator|category)[^>]*>([^<]*)<", printed(rss, one)):
        assert not re.search(b"&(lt|gt|amp);", element)


@pytest.mark.parametrize(
    ("section", "tags", "printed_tags"),
    [
        (("world", "World"), ["World", "Japan"], ["World", "Japan"]),
        (("world", "World news"), ["world", "Japan"], ["World news", "Japan"]),
        (("world/asia", "Asia"), ["asia"], ["Asia"]),
        (("world", "World"), ["worlds"], ["World", "worlds"]),
        (None, ["World"], ["World"]),
    ],
)
def test_a_section_that_is_a_tag_too_is_printed_once(section, tags, printed_tags):
    """In feeds, page and metadata. The article stands in the tag's own collection all the same."""
    one = entry(
        section=section and Category(term=section[0], label=section[1], scheme="section"),
        tags=tuple(Category(term=tag.lower(), label=tag, scheme="tag") for tag in tags),
    )
    there = site(one)
    assert json.loads(printed(jsonfeed, one))["items"][0]["tags"] == printed_tags
    assert [found.text for found in etree.fromstring(printed(rss, one)).iter("category")] == printed_tags
    labels = [found.get("label") for found in etree.fromstring(printed(atom, one)).iter(f"{_ATOM}category")]
    assert labels == printed_tags
    page = there[one.path].body.decode()
    assert re.findall('class="p-category"[^>]*>([^<]*)<', page) == printed_tags
    assert re.findall('property="article:(?:section|tag)" content="([^"]*)"', page) == printed_tags
    for tag in one.tags:
        assert json.loads(there[f"/tag/{tag.term}/feed.json"].body)["items"][0]["id"] == one.id


def test_an_author_who_also_contributes_is_named_once():
    """As an author; who only contributes is named as such."""
    one = entry(authors=(Person(name="Mina Sato"),), contributors=(Person(name="mina sato"), Person(name="Ada Okoye")))
    assert [name["name"] for name in json.loads(printed(jsonfeed, one))["items"][0]["authors"]] == [
        "Mina Sato",
        "Ada Okoye",
    ]
    names = "{http://purl.org/dc/elements/1.1/}contributor"
    assert [found.text for found in etree.fromstring(printed(rss, one)).iter(names)] == ["Ada Okoye"]
    contributors = etree.fromstring(printed(atom, one)).findall(f"{_ATOM}entry/{_ATOM}contributor/{_ATOM}name")
    assert [found.text for found in contributors] == ["Ada Okoye"]
    assert "Contributors: Ada Okoye</p>" in site(one)[one.path].body.decode()


def test_spaces_that_are_meant_come_out_in_every_format():
    """A no-break space and a wide one stand in page, feeds and metadata as they were typed."""
    title = "Qui\u202f? «\xa0Moi\xa0» 夜行\u3000列車"
    image = f"{{src: images/a.png, alt: {title}, caption: {title}}}"
    one = read_entry(entry_text(title=title, summary=title, image=image))
    assert json.loads(printed(jsonfeed, one))["items"][0]["title"] == title
    assert printed(rss, one).decode().count(title) == 6  # twice in content:encoded
    assert printed(atom, one).decode().count(title) == 4
    assert site(one)[one.path].body.decode().count(title) >= 9


def test_a_reader_is_told_how_often_it_pays_to_ask():
    """The site's cadence stands in RSS as ttl, and in RSS and Atom as elements of the module Syndication."""
    pace = "{http://purl.org/rss/1.0/modules/syndication/}"
    channel, root = etree.fromstring(printed(rss, entry()))[0], etree.fromstring(printed(atom, entry()))
    assert channel.findtext("ttl") == "240"
    for told in (channel, root):
        assert (told.findtext(f"{pace}updatePeriod"), told.findtext(f"{pace}updateFrequency")) == ("daily", "3")


@pytest.mark.parametrize("form", [rss, atom], ids=["RSS", "Atom"])
def test_an_item_is_the_same_whatever_is_printed_with_it(form, monkeypatch):
    """Alone, among others, cached or not; also where it is withdrawn, hostile or stands there twice."""
    whole = sample_site().plan._edition
    entries = tuple(map(whole.entry, whole.all()))
    assert any(one.withdrawal for one in entries)
    gone = [Tombstone(ref=one.id, when=one.updated, comment="No.", language="en") for one in entries if one.withdrawal]

    def items(*some):
        return form.render(feed(*some, tombstones=tuple(gone)), URLS).entries

    alone = {}
    for one in entries:
        monkeypatch.setattr(form, "_items", PrintedItems(1))
        (alone[one],) = items(one)
    monkeypatch.setattr(form, "_items", PrintedItems(2))
    for some in (entries, entries[::-1], entries[3:5] * 2, (), entries):
        assert items(*some) == tuple(alone[one] for one in some)
    assert len(form._items._items) == 2


@pytest.mark.parametrize("form", [rss, atom], ids=["RSS", "Atom"])
def test_a_feed_file_brings_a_style(form):
    """A feed names a style sheet before its root (xml-stylesheet 1.0), so that a browser shows a file of it as text."""
    (style,) = etree.fromstring(printed(form, entry())).xpath("/processing-instruction()")
    assert (style.target, style.get("type"), style.get("href")) == ("xml-stylesheet", "text/css", "/static/feed.css")


def test_a_tombstone_is_before_its_entry():
    """A tombstone and its entry are one part of the cut, so that a delta has both or neither."""
    kinds = [etree.QName(child).localname for child in etree.fromstring(sample("atom")).iterchildren(tag=etree.Element)]
    assert kinds[kinds.index("entry") :] == ["entry", "entry", "entry", "entry", "deleted-entry", "entry", "entry"]
