"""HTTP without a socket: rows of a request and what must come of it (RFC 9110, RFC 9111)."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from feedsite.respond import METHODS, Request, respond

from .golden import NOW, sample_site

SITE = sample_site()
FEED = SITE["/feed.atom"]
PAGE = SITE["/2021/07/japan-taiwan/"]


def answer(path="/feed.atom", method="GET", site=SITE, now=NOW, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return respond(Request(method, path, named), site, now)


def header(response, name):
    return dict(response.headers).get(name)


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/feed.rss", 200, "application/rss+xml; charset=utf-8"),
        ("/feed.atom", 200, "application/atom+xml; charset=utf-8"),
        ("/feed.json", 200, "application/feed+json; charset=utf-8"),
        ("/2021/07/japan-taiwan/", 200, "text/html; charset=utf-8"),
        ("/2021/07/日本/", 200, "text/html; charset=utf-8"),
        ("/images/dot.png", 200, "image/png"),
        ("/audio/talk.mp3", 200, "audio/mpeg"),
        ("/static/style.css", 200, "text/css; charset=utf-8"),
        ("/2021/07/taken-back/", 410, "text/html; charset=utf-8"),
        ("/2021/07/taken-back", 410, "text/html; charset=utf-8"),
        ("/404.html", 404, "text/html; charset=utf-8"),
        ("/2035/01/scheduled/", 404, "text/html; charset=utf-8"),
        ("/nowhere", 404, "text/html; charset=utf-8"),
        ("/../site.yaml", 404, "text/html; charset=utf-8"),
        ("/images/../site.yaml", 404, "text/html; charset=utf-8"),
        ("//evil.example/", 404, "text/html; charset=utf-8"),
        ("/\x00", 404, "text/html; charset=utf-8"),
    ],
)
def test_each_path_has_its_status_and_type(path, status, kind):
    """What stands there is served as what it is; what does not stand there is 404."""
    response = answer(path)
    assert (response.status, header(response, "Content-Type")) == (status, kind)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/world/old-address", "/2021/07/japan-taiwan/"),
        ("/world/old-address/", "/2021/07/japan-taiwan/"),
        ("/old.html", "/2021/07/japan-taiwan/"),
        ("/2021/07/japan-taiwan", "/2021/07/japan-taiwan/"),
        ("/2021/07/日本", "/2021/07/%E6%97%A5%E6%9C%AC/"),
        ("/feed.rss/", "/feed.rss"),
        ("", "/"),
    ],
)
def test_former_addresses_and_lost_slashes_lead_on(path, location):
    """301, and a page that says where to."""
    response = answer(path)
    assert (response.status, header(response, "Location")) == (301, location)
    assert location.encode() in response.body


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"if_none_match": FEED.etag()}, 304),
        ({"if_none_match": f"W/{FEED.etag()}"}, 304),
        ({"if_none_match": f'"other", {FEED.etag()}, W/"third"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_none_match": FEED.digest}, 200),
        ({"if_none_match": ""}, 200),
        ({"if_none_match": FEED.etag("gzip")}, 200),
        ({"if_none_match": FEED.etag("gzip"), "accept_encoding": "gzip"}, 304),
        ({"if_none_match": FEED.etag(), "accept_encoding": "gzip"}, 200),
        ({"if_modified_since": "Mon, 05 Jul 2021 23:00:00 GMT"}, 304),
        ({"if_modified_since": "Mon, 05 Jul 2021 22:59:59 GMT"}, 200),
        ({"if_modified_since": "Tue, 06 Jul 2021 00:00:00 GMT"}, 304),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": "Monday, 05-Jul-21 23:00:00 GMT"}, 304),
        ({"if_modified_since": "Mon Jul  5 23:00:00 2021"}, 304),
        ({"if_modified_since": "Mon, 05 Jul 2021 23:00:00 -0000"}, 200),
        ({"if_modified_since": "Mon, 05 Jul 2021 23:00:00 GMT, Mon, 05 Jul 2021 23:00:00 GMT"}, 200),
        ({"if_modified_since": "Mon, 99 Jul 2021 23:00:00 GMT"}, 200),
        ({"if_none_match": '"other"', "if_modified_since": "Mon, 05 Jul 2021 23:00:00 GMT"}, 200),
        ({"if_none_match": FEED.etag(), "if_modified_since": "Mon, 05 Jul 1999 23:00:00 GMT"}, 304),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_conditions_are_weighed_as_rfc_9110_says(asked, status, method):
    """13.1.2 lists, weak comparison and `*`; 13.1.3 dates; 13.2.2 the first goes before the second."""
    assert answer(method=method, **asked).status == status


def test_a_304_carries_what_a_cache_needs_and_no_more():
    """RFC 9110 15.4.5: ETag, Cache-Control, Vary, Last-Modified; nothing about a content that is not sent."""
    response = answer(if_none_match=FEED.etag())
    assert {name for name, _ in response.headers} == {"ETag", "Cache-Control", "Vary", "Last-Modified"}
    assert response.body == b""


def test_a_change_without_a_date_reaches_clients_that_look_at_dates():
    """libcurl compares Last-Modified with what it asked, whatever the ETag says: so that answer carries none."""
    asked = {"if_none_match": '"of an earlier text"', "if_modified_since": "Mon, 05 Jul 2021 23:00:00 GMT"}
    response = answer(**asked)
    assert (response.status, header(response, "Last-Modified")) == (200, None)
    earlier = asked | {"if_modified_since": "Mon, 05 Jul 2021 22:00:00 GMT"}
    assert header(answer(**earlier), "Last-Modified") == "Mon, 05 Jul 2021 23:00:00 GMT"


def test_conditions_change_no_answer_but_200():
    """RFC 9110 13.2.1: what is missing, moved or gone stays so."""
    for path in ("/nowhere", "/old.html", "/2021/07/taken-back/"):
        assert answer(path, if_none_match="*").status == answer(path).status


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("br, GZIP ; q=0.5", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, *", None),
        ("*;q=0", None),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=1.0", "gzip"),
        ("gzip;q=nonsense", None),
        ("", None),
        ("br", None),
    ],
)
def test_the_coding_is_one_that_was_accepted(accepted, coding):
    """RFC 9110 12.5.3: weights, `*`, exclusion; identity where nothing else will do."""
    response = answer(accept_encoding=accepted)
    assert header(response, "Content-Encoding") == coding
    body = gzip.decompress(response.body) if coding else response.body
    assert body == FEED.body
    assert header(response, "Content-Length") == str(len(response.body))
    assert header(response, "Vary") == "Accept-Encoding"


def test_each_coding_has_an_etag_of_its_own():
    """RFC 9110 8.8.3.3: strong validators tell representations apart."""
    assert header(answer(accept_encoding="gzip"), "ETag") != header(answer(), "ETag")


def test_what_is_packed_already_is_not_packed_again():
    """A picture has one representation, and says no Vary."""
    response = answer("/images/dot.png", accept_encoding="gzip")
    assert header(response, "Content-Encoding") is None
    assert header(response, "Vary") is None


@pytest.mark.parametrize("path", [*SITE, "/nowhere"])
@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_head_is_get_without_its_body(path, accepted):
    """RFC 9110 9.3.2, for every path of the site."""
    get, head = answer(path, accept_encoding=accepted), answer(path, method="HEAD", accept_encoding=accepted)
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get"])
def test_other_methods_are_told_which_there_are(method):
    """RFC 9110 15.5.6: 405 with Allow."""
    response = answer(method=method)
    assert (response.status, header(response, "Allow")) == (405, "GET, HEAD")


def test_freshness_ends_when_the_next_article_is_due():
    """No cache holds a feed beyond the second at which it becomes old."""
    due = datetime(2035, 1, 1, tzinfo=UTC)
    for before, age in [(timedelta(days=1), 300), (timedelta(seconds=20), 20), (timedelta(0), 0), (-timedelta(1), 0)]:
        assert header(answer(now=due - before), "Cache-Control") == f"public, max-age={age}"


def test_last_modified_never_lies_in_the_future():
    """RFC 9110 8.8.2.1."""
    early = datetime(2021, 7, 5, 20, tzinfo=UTC)
    assert header(answer(now=early), "Last-Modified") is None
    assert header(answer(), "Last-Modified") == "Mon, 05 Jul 2021 23:00:00 GMT"


def test_a_page_changes_when_its_neighbours_do():
    """A reader who only sends a date still learns of the new link to the next article."""
    assert SITE["/2021/07/night-trains/"].modified == PAGE.modified


def test_pages_may_run_nothing():
    """Content-Security-Policy, nosniff and Referrer-Policy on every page, the 404 and 410 ones too."""
    for path in ("/", "/2021/07/japan-taiwan/", "/nowhere", "/2021/07/taken-back/"):
        response = answer(path)
        assert "default-src 'none'" in header(response, "Content-Security-Policy")
        assert "script-src" not in header(response, "Content-Security-Policy")
        assert header(response, "X-Content-Type-Options") == "nosniff"
        assert header(response, "Referrer-Policy") == "strict-origin-when-cross-origin"


def test_a_picture_opened_by_itself_may_run_nothing():
    """SVG is a document with scripts to a browser."""
    assert "sandbox" in header(answer("/images/mark.svg"), "Content-Security-Policy")


def test_unknown_paths_are_not_remembered():
    """Ten thousand guesses leave the site as it was."""
    before = len(SITE._drawn)
    for number in range(10_000):
        answer(f"/guess/{number}")
    assert len(SITE._drawn) <= before + 1
