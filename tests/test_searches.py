"""What a server answers to a search: pages for people, and feeds."""

from datetime import timedelta
from urllib.parse import quote

import feedparser
import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from lxml import etree, html

from feedsite import formats
from feedsite.index import search
from feedsite.index.database import TooLong
from feedsite.index.edition import Edition
from feedsite.model import Category, Person
from feedsite.serving.answers import request_of
from feedsite.serving.messages import Request
from feedsite.serving.respond import respond
from feedsite.settings import Section
from feedsite.site import Site

from .support.builders import entry, header, index, put, settings
from .support.golden import NOW
from .support.requests import environment

ANN = Person(name="Ann Lee")
ASIA = Category(scheme="section", term="world/asia", label="World/Asia")
TRADE = Category(scheme="tag", term="trade", label="Trade")
SETTINGS = settings(search="server", authors={"lee": ANN}, sections={"world/asia": Section(title="The East")}, window=3)


def at(hours, name, **fields):
    published = NOW - timedelta(hours=hours)
    return entry(name, **{"title": f"Title {name}", "published": published, "updated": published} | fields)


def served(*entries, is_ready=True):
    held = index(*entries)
    while is_ready and held.tend_search(1):
        pass
    return Site(Edition(held, NOW), SETTINGS, {})


SITE = served(
    at(1, "a", section=ASIA, authors=(ANN,)),
    at(2, "b", tags=(TRADE,), language="pt-BR"),
    at(3, "c", body="<p>In Łódź &amp; elsewhere, the Straße is &lt;closed&gt;.</p>"),
    at(-1, "scheduled"),
)


def ask(query, path="/search/", a_site=SITE, method="GET", **headers):
    named = {"host": "news.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return respond(Request(method, path, named, False, query), a_site, NOW)


def page(query, a_site=SITE):
    response = ask(query, a_site=a_site)
    assert response.status == 200
    return html.fromstring(response.body.decode())


def titles(query, a_site=SITE):
    return [
        heading.text_content().strip().removeprefix("Title ")
        for heading in page(query, a_site).xpath("//article[contains(@class, 'found')]//h2")
    ]


class TestPage:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("vienna", ["a", "b"]),
            ("VIENNA+trains", []),
            ("%22train+to+vienna%22", ["a", "b"]),
            ("%22vienna+train%22", []),
            ("vien*", ["a", "b"]),
            ("lodz", ["c"]),
            ("strasse", ["c"]),
            ("scheduled", []),
            ("section:world", ["a"]),
            ("section:world.asia+vienna", ["a"]),
            ("section:%22the+east%22", ["a"]),
            ("section:nowhere", []),
            ("author:lee", ["a"]),
            ("author:%22ann+lee%22", ["a"]),
            ("author:ann-lee", ["a"]),
            ("author:nobody", []),
            ("tag:Trade", ["b"]),
            ("tag:none+vienna", []),
            ("language:pt", ["b"]),
            ("language:pt-br", ["b"]),
            ("language:en+title", ["a", "c"]),
            ("language:xx", []),
            (f"from:{NOW:%Y-%m-%d}", ["a", "b", "c"]),
            (f"to:{NOW:%Y}+vienna", ["a", "b"]),
            ("to:2020", []),
            ("from:2999", []),
        ],
    )
    def test_a_query_finds_the_articles_that_have_all_of_it(self, query, names):
        assert titles(f"q={query}") == names

    def test_what_was_found_is_marked_and_escaped(self):
        text = ask("q=strasse+lodz").body.decode()
        assert "In <mark>Łódź</mark> &amp; elsewhere, the <mark>Straße</mark> is &lt;closed&gt;." in text

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("q=%22", "Enter a word to search for."),
            ("q=+", "Enter a word to search for."),
            ("q=%00", "Enter a word to search for."),
            ("q=(((", "Enter a word to search for."),
            ("q=from:x", "Write dates like 2021-07-05, 2021-07 or 2021."),
            (f"q={'x' * 10_000}", "That is too long to search for: use 200 letters at most."),
            (f"q={'+'.join(map(str, range(20)))}", "That is too many words to search for: use 12 at most."),
        ],
    )
    def test_what_is_no_query_is_answered_with_a_sentence(self, query, sentence):
        assert [found.text_content() for found in page(query).xpath("//*[@role='status']")] == [sentence]

    def test_nothing_found_is_said(self):
        assert "No articles match your search." in page("q=salzburg").text_content()

    def test_the_field_has_what_was_typed(self):
        (field,) = page("q=Vienna+%22night%22%3E").xpath("//input[@name='q']")
        assert field.get("value") == 'Vienna "night">'

    def test_the_form_stands_there_without_a_query(self):
        for query in ("", "q=", "page=2", "x=y"):
            (form,) = page(query).xpath("//form[@role='search']")
            assert (form.get("action"), form.get("method")) == ("/search/", "get")

    def test_what_is_found_is_paged(self):
        many = served(*(at(hours, f"{hours:02}") for hours in range(45)))
        first, third = page("q=vienna", many), page("q=vienna&page=3", many)
        assert "45 articles" in first.text_content()
        assert [link.get("href") for link in first.xpath("//a[@rel='next']")] == ["/search/?q=vienna&page=2"]
        assert titles("q=vienna&page=3", many) == [f"{hours}" for hours in range(40, 45)]
        assert [link.get("href") for link in third.xpath("//a[@rel='prev']")] == ["/search/?q=vienna&page=2"]
        assert not third.xpath("//a[@rel='next']")
        assert ask("q=vienna&page=4", a_site=many).status == 404

    def test_of_very_many_the_number_is_not_counted(self):
        many = served(*(at(hours, f"{hours}") for hours in range(search.MOST + 1)))
        assert "More than 1,000 articles" in page("q=vienna", many).text_content()

    def test_other_search_engines_and_shared_caches_keep_nothing(self):
        feed = ask("q=vienna", "/search/feed.atom")
        assert header(feed, "X-Robots-Tag") == "noindex"
        robots = '<meta name="robots" content="noindex">'
        assert [robots in ask(query).body.decode() for query in ("q=vienna", "q=from:", "")] == [True, True, False]
        for response in (feed, ask("q=vienna")):
            assert header(response, "Cache-Control").startswith("private, ")
            assert not response.is_shared

    def test_it_has_an_etag_and_answers_head(self):
        response = ask("q=vienna")
        assert ask("q=vienna", if_none_match=header(response, "ETag")).status == 304
        head = ask("q=vienna", method="HEAD")
        assert (head.status, head.headers, head.body) == (200, response.headers, b"")

    def test_the_address_without_its_slash_leads_there(self):
        response = ask("", "/search")
        assert (response.status, header(response, "Location")) == (301, "/search/")

    @pytest.mark.parametrize("path", ["/search/x", "/search/x/", "/search/page/2/", "/search/feed.txt"])
    def test_nothing_else_stands_there(self, path):
        assert ask("q=vienna", path).status == 404


class TestFeed:
    @pytest.mark.parametrize("form", formats.FEED_FORMATS)
    def test_a_search_is_a_feed_in_every_format(self, form):
        response = ask("q=Vienna", f"/search/feed.{form.suffix}")
        assert response.status == 200
        assert header(response, "Content-Type") == form.media_type
        assert header(response, "X-Robots-Tag") == "noindex"
        assert f"https://news.example/search/feed.{form.suffix}?q=vienna" in response.body.decode()

    def test_it_has_the_items_of_the_page_under_an_id_of_the_query(self):
        feed = feedparser.parse(ask("q=vienna", "/search/feed.atom").body)
        assert [item.title for item in feed.entries] == ["Title a", "Title b"]
        assert feed.feed.title == "Search: vienna · The Meridian"
        ids = [_id(query) for query in ("q=vienna", "q=+VIENNA++", "q=vienna+a")]
        assert ids[0] == ids[1] != ids[2]

    def test_it_has_as_many_items_as_any_other_feed(self):
        many = served(*(at(48 + 24 * days, f"{days}") for days in range(9)))
        feed = feedparser.parse(ask("q=vienna", "/search/feed.rss", many).body)
        assert len(feed.entries) == SETTINGS.window
        recent = served(*(at(hours, f"{hours}") for hours in range(9)))
        assert len(feedparser.parse(ask("q=vienna", "/search/feed.rss", recent).body).entries) == 9

    def test_a_poller_gets_304_and_then_what_it_lacks(self):
        held = index(at(1, "a"))
        while held.tend_search(1):
            pass
        first = ask("q=vienna", "/search/feed.atom", Site(Edition(held, NOW), SETTINGS, {}), a_im="feed")
        etag = header(first, "ETag")
        with held.writing():
            put(held, at(0, "b"), at(0, "salzburg", body="<p>Salzburg</p>", summary="Salzburg"))
            held.add_to_search(1)
        now = Site(Edition(held, NOW), SETTINGS, {})
        assert ask("q=title+a", "/search/feed.atom", now).status == 200
        delta = ask("q=vienna", "/search/feed.atom", now, a_im="feed", if_none_match=etag)
        assert delta.status == 226
        assert [item.title for item in feedparser.parse(delta.body).entries] == ["Title b"]
        assert ask("q=vienna", "/search/feed.atom", now, if_none_match=header(delta, "ETag")).status == 304

    @pytest.mark.parametrize("query", ["", "q=", "q=%22", f"q={'x' * 300}"])
    def test_a_feed_of_no_query_is_missing(self, query):
        assert ask(query, "/search/feed.atom").status == 404

    def test_whoever_opens_it_in_a_browser_gets_a_page(self):
        response = ask("q=vienna", "/search/feed.atom", sec_fetch_dest="document")
        text = html.fromstring(response.body.decode())
        assert (
            text.get_element_by_id("page__address").text_content() == "https://news.example/search/feed.atom?q=vienna"
        )

    def test_its_fields_are_those_that_a_feed_has_anyway(self):
        """An unknown field of the query changes nothing."""
        bodies = {
            ask(query, "/search/feed.json").body for query in ("q=vienna", "q=vienna&utm_source=x", "q=vienna&page=7")
        }
        assert len(bodies) == 1


class TestBounds:
    def test_until_it_is_filled_a_search_says_so(self):
        response = ask("q=vienna", a_site=served(at(1, "a"), is_ready=False))
        assert (response.status, header(response, "Retry-After")) == (503, "10")
        assert header(response, "Cache-Control") == "no-store"
        assert "The search is being prepared." in response.body.decode()

    def test_a_search_that_takes_too_long_says_so(self, monkeypatch):
        def endless(*_):
            raise TooLong

        a_site = served(at(1, "a"))
        monkeypatch.setattr(search, "found", endless)
        assert "Too many articles match" in page("q=vienna", a_site).text_content()
        response = ask("q=vienna", "/search/feed.rss", a_site)
        assert (response.status, header(response, "Retry-After")) == (503, "10")
        assert ask("q=vienna", "/search/feed.rss", a_site, sec_fetch_dest="document").status == 503

    @pytest.mark.parametrize("path", ["//search/", "/search", "/search//", "//search"])
    def test_a_slash_too_many_or_too_few_loses_no_query(self, path):
        query = "utm_source=x&q=night+trains%26%0D%0A&page=2"
        response = ask(query, path)
        assert (response.status, header(response, "Location")) == (301, "/search/?q=night%20trains%26%0D%0A&page=2")
        assert header(response, "Cache-Control") == "no-store"
        assert request_of(environment(path, query=query)).query == query
        assert header(ask("", path), "Location") == "/search/"

    def test_no_shared_cache_keeps_the_empty_form(self):
        """One that takes the path alone for the address would answer every search with it."""
        assert header(ask(""), "Cache-Control").startswith("private, ")
        assert not ask("").is_shared

    def test_an_export_has_no_such_address(self):
        exported = Site(Edition(index(at(1, "a")), NOW), settings(), {})
        assert "/search/" not in exported
        assert "/opensearch.xml" not in exported
        assert ask("q=vienna", a_site=exported).status == 404
        assert b"search" not in ask("", "/", exported).body.lower()

    def test_only_searches_and_mixes_have_a_query(self):
        assert request_of(environment("/search/", query="q=a")).query == "q=a"
        assert request_of(environment("/search/feed.atom", query="q=a")).query == "q=a"
        assert request_of(environment("/feed.atom", query="q=a")).query == ""

    @given(st.text(max_size=40) | st.text(st.sampled_from('ab"*:()^+-{}\x00 AND OR NOT NEAR日é'), max_size=40))
    @with_settings(deadline=None)
    def test_whatever_is_typed_is_answered(self, text):
        query = f"q={quote(text.encode('utf-8', 'surrogatepass'))}"
        assert ask(query).status == 200
        assert ask(query, "/search/feed.atom").status in (200, 404)

    def test_memory_stays_flat_under_many_different_queries(self):
        for number in range(2000):
            ask(f"q=vienna+word{number}")
            ask(f"q=vienna+word{number}", "/search/feed.atom")
        assert len(SITE._cache) < 100
        assert SITE._searched._size <= SITE._searched._budget


def test_browsers_are_told_how_to_search():
    found = html.fromstring(ask("", "/").body.decode()).xpath("//link[@rel='search']")
    assert [link.get("href") for link in found] == ["/opensearch.xml"]
    response = ask("", "/opensearch.xml")
    assert header(response, "Content-Type") == "application/opensearchdescription+xml; charset=utf-8"
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    description = etree.fromstring(response.body)
    assert description.findtext(f"{space}ShortName") == "The Meridian"
    templates = {url.get("type"): url.get("template") for url in description.iter(f"{space}Url")}
    assert templates["text/html"] == "https://news.example/search/?q={searchTerms}&page={startPage?}"
    assert templates["application/atom+xml"] == "https://news.example/search/feed.atom?q={searchTerms}"


def _id(query):
    return feedparser.parse(ask(query, "/search/feed.atom").body).feed.id
