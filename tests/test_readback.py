"""A law from end to end: what an editor writes is what a feed reader reads, in every format."""

import json
import string
from datetime import UTC, datetime

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsite.feeds import RECENT, feed
from feedsite.formats import FEED_FORMATS
from feedsite.index.edition import Edition
from feedsite.parsing import entryfile
from feedsite.parsing.sitefile import read as read_settings
from feedsite.site import Site
from feedsite.sitecollections import Collections

from .support.builders import index
from .support.laws import few, seldom

SITE, _ = read_settings(b"title: News\ndescription: All.\nbase_url: https://news.example\n", {})
NOW = datetime(3000, 1, 1, tzinfo=UTC)


def _is_taken_as_written(text):
    """Whether feedparser leaves the text as it is: it repairs what looks like UTF-8 read as Latin-1."""
    try:
        return text.encode("latin-1").decode() == text
    except UnicodeError:
        return True


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(
    _is_taken_as_written
)
lines = st.lists(words, min_size=1, max_size=6).map(" ".join).filter(_is_taken_as_written)
moments = st.datetimes(datetime(1000, 1, 2), datetime(2999, 1, 1)).map(  # noqa: DTZ001  # made aware here
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)
ids = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=20).map(
    lambda name: f"tag:news.example,2021:{name}"
)
enclosures = st.fixed_dictionaries(
    {
        "url": ids.map(lambda one: f"https://news.example/{one.rpartition(':')[2]}.mp3"),
        "type": st.sampled_from(["audio/mpeg", "video/mp4"]),
        "length": st.integers(1, 10**12),
    }
)
articles = st.fixed_dictionaries(
    {
        "id": ids,
        "title": lines,
        "published": moments,
        "summary": lines,
        "tags": st.lists(words, max_size=3, unique=True),
    },
    optional={"enclosures": st.lists(enclosures, min_size=1, max_size=1)},
)


def drawn(written):
    """The feed in every format, by suffix, of articles given as fields."""
    entries = []
    for number, fields in enumerate(written):
        said = {**fields, "published": fields["published"].isoformat(), "slug": f"a{number}", "body": "Text."}
        read = entryfile.read(json.dumps(said, ensure_ascii=False).encode(), f"entries/{number}.yaml", SITE)
        assert read.faults == ()
        entries.append(read.entry)
    return printed(entries)


def printed(entries):
    """The feed in every format, by suffix, and the articles in it, newest first."""
    held = index(*entries)
    assert held.faults() == []
    edition = Edition(held, NOW)
    articles = tuple(map(edition.entry, edition.everything.window(SITE.window, RECENT)))
    made = feed(Collections(edition, SITE).everything, articles, SITE)
    return {form.suffix: bytes(form.render(made, SITE.urls)) for form in FEED_FORMATS}, articles


@few
@given(st.lists(articles, min_size=1, max_size=4, unique_by=lambda fields: fields["id"]))
def test_what_is_written_is_read_back(written):
    """id, title, link, date, tags and enclosure come back from every format as they were written, newest first."""
    feeds, entries = drawn(written)
    by_id = {fields["id"]: fields for fields in written}
    assert [entry.published for entry in entries] == sorted((entry.published for entry in entries), reverse=True)
    for suffix in ("rss", "atom"):
        # Titles are plain text in all formats; without sanitising, feedparser gives them as they stand.
        read = feedparser.parse(feeds[suffix], sanitize_html=False, resolve_relative_uris=False)
        assert not read.bozo, read.get("bozo_exception")
        assert [one.id for one in read.entries] == [entry.id for entry in entries]
        for one, entry in zip(read.entries, entries, strict=True):
            fields = by_id[one.id]
            assert " ".join(one.title.split()) == fields["title"]
            assert one.link == f"https://news.example{entry.path}"
            assert datetime(*one.published_parsed[:6], tzinfo=UTC) == fields["published"]
            assert [tag.label or tag.term for tag in one.get("tags", ())] == fields["tags"]
            found = [(e.href, e.type, int(e.length)) for e in one.get("enclosures", ())]
            assert found == [(e["url"], e["type"], e["length"]) for e in fields.get("enclosures", ())]
    for item, entry in zip(json.loads(feeds["json"])["items"], entries, strict=True):
        fields = by_id[item["id"]]
        assert (item["title"], item["url"]) == (fields["title"], f"https://news.example{entry.path}")
        assert datetime.fromisoformat(item["date_published"]) == fields["published"]
        assert item.get("tags", []) == fields["tags"]
        found = [(e["url"], e["mime_type"], e["size_in_bytes"]) for e in item.get("attachments", ())]
        assert found == [(e["url"], e["type"], e["length"]) for e in fields.get("enclosures", ())]


@few
@given(st.lists(articles, min_size=2, max_size=5, unique_by=lambda fields: fields["id"]), st.randoms())
def test_the_order_of_files_changes_no_byte(written, shuffle):
    """Files may be listed in any order: feeds are equal to the byte."""
    before, _ = drawn(written)
    slugs = list(enumerate(written))
    shuffle.shuffle(slugs)
    entries = []
    for number, fields in slugs:
        said = {**fields, "published": fields["published"].isoformat(), "slug": f"a{number}", "body": "Text."}
        entries.append(
            entryfile.read(json.dumps(said, ensure_ascii=False).encode(), f"entries/{number}.yaml", SITE).entry
        )
    assert printed(entries)[0] == before


legal = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"
)
texts = st.one_of(
    st.text(legal, min_size=1, max_size=12).map(lambda text: f"a{text}"),
    st.sampled_from(
        ["]]>", "<!--", "&#1;", "\u202e", "\ufdd0", "\U0010ffff", "a\tb", "<b>", '"', "'", "&amp;", "%01", "~"]
    ),
)
addresses = st.one_of(
    texts,
    st.builds("https://{}/{}?{}#{}".format, texts, texts, texts, texts),
    st.builds("https://news.example/{}".format, texts),
    st.builds("images/{}.png".format, texts),
    st.sampled_from(
        ["https://a%01b/", "https://a%2fb/", "https://[::1]/", "https://ü..de/", "//x", "https://a:0/", "x:y"]
    ),
)
people = st.one_of(texts, st.fixed_dictionaries({"name": texts}, optional={"email": texts, "url": addresses}))
anything = st.fixed_dictionaries(
    {"title": texts, "body": texts},
    optional={
        "authors": st.lists(people, max_size=2),
        "contributors": st.lists(people, max_size=1),
        "section": texts,
        "tags": st.lists(texts, max_size=2),
        "summary": texts,
        "image": st.fixed_dictionaries({"src": addresses, "alt": texts}, optional={"credit": texts, "caption": texts}),
        "enclosures": st.lists(
            st.fixed_dictionaries(
                {"url": addresses, "type": st.just("audio/mpeg"), "length": st.just(1), "title": texts}
            ),
            max_size=1,
        ),
        "link": addresses,
        "language": st.sampled_from(["en", "ar", "zh-Hant", "x"]),
        "rights": texts,
        "slug": texts,
        "aliases": st.lists(texts.map("/{}".format), max_size=1),
        "corrections": st.lists(st.fixed_dictionaries({"at": st.just("2022-01-01"), "note": texts}), max_size=1),
    },
)


@seldom
@given(anything)
def test_whatever_is_read_can_be_printed(said):
    """An article without faults never breaks a feed or a page: XML and JSON parse, whatever its fields hold."""
    written = {"id": "tag:news.example,2021:a", "published": "2021-01-01", **said}
    entry = entryfile.read(
        json.dumps(written, ensure_ascii=False).encode("utf-8", "replace"), "entries/a.yaml", SITE
    ).entry
    if entry is None:
        return
    site = Site(Edition(index(entry), NOW), SITE, {})
    for path in site:
        body = getattr(site[path], "body", b"")
        if path in ("/feed.rss", "/feed.atom"):
            etree.fromstring(body)
        if path == "/feed.json":
            assert len(json.loads(body)["items"]) == 1
