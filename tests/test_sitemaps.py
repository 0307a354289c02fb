"""Sitemaps: every article and every collection stands in one, as the protocol wants it; the news is of two days."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsite import sitemaps, urls
from feedsite.formats.sitemap import news_language
from feedsite.freshness import cache_control, seconds_until
from feedsite.model import Category, Correction, Withdrawal
from feedsite.settings import NamedMix

from .support.builders import ask, entry, header, site, standing
from .support.golden import NOW
from .support.laws import few
from .support.rows import rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
HOSTILE = "\"A\" & <b>'c'</b> مصر"


def article(name, hours, **changes):
    moment = NOW - hours * HOUR
    return entry(name, **{"published": moment, "updated": moment, "day": moment.date()} | changes)


def withdrawn(name, hours):
    return article(name, hours, withdrawal=Withdrawal(at=NOW, reason="It was wrong."), updated=NOW)


def moment_of(text):
    """A date of W3C with its offset."""
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00", text)
    return datetime.fromisoformat(text)


def read(a_site, path):
    """A sitemap by the rules of its schema: each path in it, in order, with its lastmod."""
    document = a_site[path]
    assert document.media_type == "application/xml; charset=utf-8"
    assert len(document.body) < 50 * 1024 * 1024
    tree = etree.fromstring(document.body)
    kind = {f"{SITEMAP}urlset": f"{SITEMAP}url", f"{SITEMAP}sitemapindex": f"{SITEMAP}sitemap"}[tree.tag]
    assert len(tree) <= 50_000
    found = {}
    for one in tree:
        assert one.tag == kind
        assert [part.tag for part in one][:1] == [f"{SITEMAP}loc"]
        assert {part.tag for part in one[1:]} <= {f"{SITEMAP}lastmod", f"{NEWS}news"}
        address, changed = one.findtext(f"{SITEMAP}loc"), one.findtext(f"{SITEMAP}lastmod")
        assert address.startswith("https://news.example/")
        assert len(address) < 2048
        assert address.isascii()
        path = unquote(address.removeprefix("https://news.example"))
        assert path not in found
        found[path] = changed and moment_of(changed)
    return found


def news(a_site):
    """The articles of the news sitemap by the rules of its schema: name, language, date and title by path."""
    assert len(read(a_site, "/sitemap-news.xml")) <= 1000
    found = {}
    for one in etree.fromstring(a_site["/sitemap-news.xml"].body):
        (told,) = one.findall(f"{NEWS}news")
        names = [part.tag.removeprefix(NEWS) for part in told.iter()][1:]
        assert names == ["publication", "name", "language", "publication_date", "title"]
        name, language, date, title = (told.findtext(f".//{NEWS}{name}") for name in names[1:])
        assert re.fullmatch("[a-z]{2,3}|zh-cn|zh-tw", language)
        path = unquote(one.findtext(f"{SITEMAP}loc").removeprefix("https://news.example"))
        found[path] = name, language, moment_of(date), title
    return found


ARTICLES = st.lists(st.tuples(st.integers(-30, 2000), st.booleans(), st.integers(0, 9)), max_size=8)


def made(said):
    return standing(
        withdrawn(f"n{number}", hours)
        if is_withdrawn and hours >= 0
        else article(f"n{number}", hours, updated=NOW - hours * HOUR + later * HOUR)
        for number, (hours, is_withdrawn, later) in enumerate(said)
    )


@few
@given(ARTICLES)
def test_every_public_article_stands_in_the_sitemap_of_its_month_alone(said):
    """With the moment of its last change. Neither a scheduled nor a withdrawn one stands there."""
    entries = made(said)
    a_site = site(*entries)
    index = read(a_site, "/sitemap.xml")
    months = [path for path in index if re.fullmatch(r"/sitemap-\d{4}-\d{2}\.xml", path)]
    right = {}
    for one in entries:
        if one.published <= NOW and not one.withdrawal:
            right.setdefault(f"/sitemap-{one.published:%Y-%m}.xml", {})[one.path] = one.updated
    assert {path: read(a_site, path) for path in months} == right
    assert months == sorted(months)
    for path in months:
        of_month = [one for one in entries if f"/sitemap-{one.published:%Y-%m}.xml" == path and one.published <= NOW]
        assert index[path] == max(one.updated for one in of_month)
    of_collections = {"/sitemap-collections.xml"} if any(one.published <= NOW for one in entries) else set()
    assert index.keys() == {"/sitemap-news.xml", *of_collections, *months}
    assert {path for path in a_site if "sitemap" in path} == {"/sitemap.xml", *index}


@few
@given(ARTICLES)
def test_the_first_page_of_every_collection_stands_in_a_sitemap(said):
    """With the moment at which an article on that page last changed."""
    entries = made(said)
    right = rows(entries, NOW)
    found = read(site(*entries), "/sitemap-collections.xml") if any(members for _, members in right.values()) else {}
    assert found.keys() == {path for path, (_, members) in right.items() if members}
    for path, changed in found.items():
        assert changed == max(one.entry.updated for one in right[path][1])


@few
@given(ARTICLES)
def test_the_news_are_the_articles_of_two_days(said):
    """Newest first, with the moment of the first publication, whatever was changed since."""
    entries = made(said)
    right = [one for one in entries if NOW - 2 * DAY < one.published <= NOW and not one.withdrawal]
    assert list(news(site(*entries)).items()) == [
        (one.path, ("The Meridian", "en", one.published, one.title)) for one in right
    ]


def test_the_news_change_when_an_article_is_two_days_old():
    """To the second; the sitemap may be kept until then, and no other document is kept for less time."""
    held = [article("old", 47), article("new", 1)]
    assert list(news(site(*held))) == ["/2026/11/new/", "/2026/11/old/"]
    leaves = NOW + HOUR
    before, after = (site(*held, now=leaves + timedelta(seconds=second)) for second in (-1, 0))
    assert list(news(before)) == ["/2026/11/new/", "/2026/11/old/"]
    assert list(news(after)) == ["/2026/11/new/"]
    assert (site(*held).current_until, site(*held).until) == (leaves, None)
    response = ask(before, "/sitemap-news.xml", now=leaves - timedelta(seconds=20))
    assert header(response, "cache-control".title()).startswith("max-age=20, s-maxage=20,")
    assert response.until <= leaves
    assert header(ask(before, "/sitemap.xml", now=leaves), "Cache-Control").startswith("max-age=300,")
    document = before["/sitemap-news.xml"]
    assert cache_control(document, seconds_until(document.until, NOW)).startswith("max-age=300,")


def test_the_clock_changes_the_fingerprint_of_the_news_alone():
    held = [article("old", 47), article("new", 1)]
    before, after = ({one.path: one.fingerprint for one in site(*held, now=now).plan} for now in (NOW, NOW + 2 * HOUR))
    assert {path for path in before if before[path] != after[path]} == {"/sitemap-news.xml"}


def test_the_news_are_a_thousand_at_most(monkeypatch):
    """The newest ones."""
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 3)
    assert [*news(site(*(article(f"n{number}", number) for number in range(9))))] == [
        f"/2026/11/n{number}/" for number in range(3)
    ]


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("ar-EG", "ar"),
        ("zh", "zh-cn"),
        ("zh-CN", "zh-cn"),
        ("zh-Hans-TW", "zh-cn"),
        ("zh-TW", "zh-tw"),
        ("zh-Hant", "zh-tw"),
        ("zh-HK", "zh-tw"),
    ],
)
def test_the_language_of_news_is_one_that_google_takes(language, code):
    assert news_language(language) == code


def test_the_name_of_a_publication_has_no_brackets():
    assert [name for name, *_ in news(site(article("a", 1), title="The Meridian (test)")).values()] == ["The Meridian"]


def test_hostile_titles_are_escaped():
    held = [article("a", 1, title=HOSTILE, tags=(Category(term="日本", label=HOSTILE, scheme="tag"),))]
    ((*_, title),) = news(site(*held)).values()
    assert title == HOSTILE
    assert "/tag/日本/" in read(site(*held), "/sitemap-collections.xml")


def test_a_large_month_has_several_sitemaps(monkeypatch):
    """Counted from its oldest article on: a new one changes the last one alone. Collections likewise."""
    monkeypatch.setattr(sitemaps, "SIZE", 2)
    held = [article(f"n{number}", number) for number in range(1, 6)]
    a_site, later = site(*held), site(article("new", 0), *held)
    paths = ["/sitemap-2026-11.xml", "/sitemap-2026-11-2.xml", "/sitemap-2026-11-3.xml"]
    assert [path for path in read(a_site, "/sitemap.xml") if "2026" in path] == paths
    assert [[*read(a_site, path)] for path in paths] == [
        ["/2026/11/n5/", "/2026/11/n4/"],
        ["/2026/11/n3/", "/2026/11/n2/"],
        ["/2026/11/n1/"],
    ]
    assert [read(later, path) for path in paths[:2]] == [read(a_site, path) for path in paths[:2]]
    of_collections = [path for path in read(a_site, "/sitemap.xml") if "collections" in path]
    assert len(of_collections) == 3
    assert {path for each in of_collections for path in read(a_site, each)} == set(rows(held))
    for path in ("2026-11-4", "2026-11-1", "2026-11-0", "2026-10", "0000-01", "2026-13", "collections-4"):
        assert a_site.find(f"/sitemap-{path}.xml") is None


def test_a_named_mix_stands_in_the_sitemap_of_collections_while_it_has_articles():
    mixes = {"quiet": NamedMix(of=("everything",)), "none": NamedMix(of=("tag/nowhere",))}
    found = read(site(article("a", 3), mixes=mixes), "/sitemap-collections.xml")
    assert found["/quiet/"] == NOW - 3 * HOUR
    assert "/none/" not in found


def test_a_correction_changes_what_sitemaps_say_of_the_article():
    corrected = article("a", 30, updated=NOW, corrections=(Correction(at=NOW, note="It was Vienna."),))
    a_site = site(corrected)
    assert read(a_site, "/sitemap-2026-11.xml") == {"/2026/11/a/": NOW}
    assert read(a_site, "/sitemap.xml")["/sitemap-2026-11.xml"] == NOW


def test_months_are_those_of_utc():
    moment = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 1 November in Berlin
    held = entry("late", published=moment, updated=moment)
    assert "/sitemap-2026-10.xml" in read(site(held), "/sitemap.xml")


def test_an_empty_site_has_an_index_and_empty_news():
    """A warning in search engines, and no fault."""
    assert [*read(site(), "/sitemap.xml")] == ["/sitemap-news.xml"]
    assert news(site()) == {}


@pytest.mark.parametrize("name", ["sitemap", "sitemap-news", "sitemap-collections", "sitemap-2026-11", "sitemap-x"])
def test_no_alias_can_take_these_addresses(name):
    assert urls.is_own(f"/{name}.xml")
