"""The form that makes a mix of some feeds, and what a server answers to it; what browsers may do with pages."""

from urllib.parse import urlencode

import pytest
from lxml import html

from feedsite import export
from feedsite.document import SeeOther
from feedsite.freshness import NO_STORE
from feedsite.mixes import FOLDER
from feedsite.model import Category
from feedsite.serving.answers import AnswerCache, request_of
from feedsite.serving.messages import Request
from feedsite.serving.respond import respond

from .support.builders import ask, entry, header, site
from .support.golden import NOW, SAMPLE
from .support.requests import Application, environment

RAIL = Category(term="rail", label="Rail", scheme="tag")
C = Category(term="c~2b~2b", label="C++", scheme="tag")


def in_section(name):
    return Category(term=name, label=name.title(), scheme="section")


SITE = site(
    entry("a", section=in_section("world"), tags=(RAIL, C)),
    entry("b", section=in_section("world/asia")),
    entry("c", section=in_section("culture")),
)


def chosen(query, method="GET"):
    return respond(Request(method, FOLDER, {"host": "news.example"}, query=query), SITE, NOW)


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("of=world&of=tag.rail&without=culture", "/mix/tag.rail+world/without/culture/"),
        ("without=culture&of=tag.rail&of=world", "/mix/tag.rail+world/without/culture/"),
        ("of=tag.c%7E2b%7E2b&of=culture", "/mix/culture+tag.c~2b~2b/"),
        ("of=world", "/world/"),
        ("of=world&of=world.asia", "/world/"),
        ("of=everything", "/"),
        ("without=culture", "/mix/everything/without/culture/"),
    ],
)
def test_a_choice_leads_to_its_mix(query, location):
    """By 303 to the canonical address, at which the mix stands."""
    response = chosen(query)
    assert (response.status, header(response, "Location")) == (303, location)
    assert ask(SITE, f"{location}feed.atom").status == 200


@pytest.mark.parametrize("query", ["", "of=", "of=&without=", "a=b", "%ff=%fe", "=", "&&"])
def test_who_chose_nothing_is_led_back_to_the_form(query):
    response = chosen(query)
    assert (response.status, header(response, "Location")) == (303, "/feeds/")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("of=nowhere", "There are no articles in nowhere."),
        ("of=a%2Fb", "There is no list named"),
        ("of=world%2Bculture", "There are no articles in world+culture."),
        ("of=world&without=world", "This mix leaves out everything that it includes."),
        (
            urlencode([("of", f"n{number}") for number in range(13)]),
            "A mix can have at most 12 names; this one has 13.",
        ),
        ("&".join(["of=a"] * 1001), "A mix can have at most 12 names."),
        ("of=%3Cscript%3E", "&lt;script&gt;"),
    ],
)
def test_a_choice_that_is_no_mix_is_not_found_with_a_sentence(query, sentence):
    response = chosen(query)
    assert response.status == 404
    assert sentence in response.body.decode()


@pytest.mark.parametrize("query", ["of=world", "of=nowhere", ""])
def test_no_cache_keeps_where_a_form_leads(query):
    """To most caches the address is the path alone."""
    response = chosen(query)
    assert header(response, "Cache-Control") == NO_STORE
    assert not response.is_shared
    assert chosen(query, "HEAD").headers == response.headers


def test_only_the_form_s_address_has_a_query():
    """Every other answer is the same whatever stands behind a question mark, and one cached answer serves all."""
    for path in (FOLDER, "/mix", "//mix/", "/mix//"):
        assert request_of(environment(path, query="of=world")).query == "of=world"
    for path in ("/", "/mixes", "/mix/world+culture/", "/feeds/", "/nowhere"):
        assert request_of(environment(path, query="of=world")) == request_of(environment(path))


def test_answers_to_the_form_are_never_taken_from_the_cache(tmp_path):
    """So the cache needs no query in its key: each query has its own answer, time after time."""
    app = Application(SAMPLE)
    for query in ("of=world", "", "of=culture", "of=nowhere", "of=world"):
        (status, headers, _), was_cached = app.both(environment(FOLDER, query=query))
        right = {"of=world": "/world/", "of=culture": "/culture/", "": "/feeds/"}.get(query)
        assert (status[:3], dict(headers).get("Location")) == ("303" if right else "404", right)
        assert not was_cached
    cache = AnswerCache()
    asked = environment(FOLDER, query="of=world")
    cache.keep(asked, request_of(asked), chosen("of=world"))
    assert cache.find(environment(FOLDER), lambda: NOW) is None


def test_each_box_of_the_form_is_a_name_that_a_mix_takes():
    """Everything can be taken and not be left out."""
    (form,) = html.fromstring(SITE["/feeds/"].body.decode()).forms
    assert (form.method, form.action) == ("GET", FOLDER)
    boxes = [(box.get("name"), box.get("value")) for box in form.xpath(".//input")]
    of, without = ({value for name, value in boxes if name == wanted} for wanted in ("of", "without"))
    assert of - without == {"everything"}
    assert of >= {"everything", "world", "world.asia", "culture", "tag.rail", "tag.c~2b~2b", "language.en"}
    for name, value in boxes:
        assert chosen(urlencode({name: value})).status == 303


def test_an_export_says_that_mixes_need_the_server(tmp_path):
    """The page that the form leads to; the same bytes are the content of the server's redirect."""
    for _ in export.write(SITE, tmp_path / "out"):
        pass
    page = (tmp_path / "out" / "mix" / "index.html").read_bytes()
    assert b"Feeds of your own are made by" in page
    assert isinstance(SITE[FOLDER], SeeOther)
    assert chosen("").body == chosen("of=world").body == page


def policy(frames, path="/", **headers):
    response = ask(site(entry("a"), frames=frames), path, **headers)
    return dict(part.partition(" ")[::2] for part in header(response, "Content-Security-Policy").split("; "))


@pytest.mark.parametrize(("frames", "ancestors"), [("none", "'none'"), ("self", "'self'"), ("any", "*")])
def test_site_yaml_says_on_whose_pages_the_site_s_may_be_shown(frames, ancestors):
    """The page at a feed's address likewise."""
    assert policy(frames)["frame-ancestors"] == ancestors
    assert policy(frames, "/feed.rss", sec_fetch_dest="document")["frame-ancestors"] == ancestors


def test_forms_and_fetches_of_a_page_lead_to_this_site_alone():
    assert {name: policy("none")[name] for name in ("form-action", "connect-src")} == {
        "form-action": "'self'",
        "connect-src": "'self'",
    }


def test_another_setting_for_frames_is_another_version_of_each_page():
    """A cache that is answered 304 would keep the field that it has."""
    sites = [site(entry("a"), frames=frames) for frames in ("none", "any")]
    for path in ("/", "/2026/11/a/", "/nowhere", "/language/en/"):
        tags = [header(ask(one, path), "ETag") for one in sites]
        assert tags[0] != tags[1]
        assert sites[0].plan.at("/").planned != sites[1].plan.at("/").planned
    feeds = [header(ask(one, "/feed.rss"), "ETag") for one in sites]
    assert feeds[0] == feeds[1]
