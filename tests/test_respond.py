"""HTTP without a socket: rows of a request and what must come of it (RFC 9110, RFC 9111, RFC 5861, Fetch)."""

import gzip
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from feedsite import document, surrogate
from feedsite.document import CODINGS, Document
from feedsite.serving.messages import LOOKED_AT
from feedsite.serving.policy import METHODS

from .support.builders import ask, entry, header, site
from .support.golden import NOW, sample_site
from .support.requests import UNPACKED

SITE = sample_site()
FEED = SITE["/feed.atom"]
FEEDS = ("/feed.rss", "/feed.atom", "/feed.json")
PAGE = "/2021/07/japan-taiwan/"
BEGUN = datetime(2026, 11, 22, 8, 59, 58, tzinfo=UTC)  # when the node began to serve it
CHANGED = "Sun, 22 Nov 2026 08:59:58 GMT"
DUE = datetime(2035, 1, 1, tzinfo=UTC)  # when its next one is

answer = partial(ask, SITE, begun=BEGUN)


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
        ("/static/feed.css", 200, "text/css; charset=utf-8"),
        ("/static/copy.js", 200, "text/javascript; charset=utf-8"),
        ("/2021/07/taken-back/", 410, "text/html; charset=utf-8"),
        ("/2021/07/taken-back", 410, "text/html; charset=utf-8"),
        ("/404.html", 404, "text/html; charset=utf-8"),
        ("/2035/01/scheduled/", 404, "text/html; charset=utf-8"),
        ("/nowhere", 404, "text/html; charset=utf-8"),
        ("*", 400, "text/plain; charset=utf-8"),
        ("", 400, "text/plain; charset=utf-8"),
        ("news.example:80", 400, "text/plain; charset=utf-8"),
        ("/../site.yaml", 404, "text/html; charset=utf-8"),
        ("/images/../site.yaml", 404, "text/html; charset=utf-8"),
        ("//evil.example/", 404, "text/html; charset=utf-8"),
        ("/\x00", 404, "text/html; charset=utf-8"),
        ("/\ufffd", 404, "text/html; charset=utf-8"),
        ("/x\r\nSet-Cookie: a=b", 404, "text/html; charset=utf-8"),
        (f"/{'a' * 10_000}", 404, "text/html; charset=utf-8"),
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
        ("/feed.json/", "/feed.json"),
    ],
)
def test_former_addresses_and_lost_slashes_lead_on(path, location):
    """RFC 9110 15.4.2: 301, and a page that says where to."""
    response = answer(path)
    assert (response.status, header(response, "Location")) == (301, location)
    assert location.encode() in response.body


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//", "/"),
        ("///", "/"),
        ("//feed.rss", "/feed.rss"),
        ("/feed.rss//", "/feed.rss"),
        ("///2021//07//japan-taiwan///", "/2021/07/japan-taiwan/"),
        ("//2021/07/japan-taiwan", "/2021/07/japan-taiwan/"),
        ("/2021//07/日本/", "/2021/07/%E6%97%A5%E6%9C%AC/"),
        ("/images//dot.png", "/images/dot.png"),
        ("//static/style.css", "/static/style.css"),
        ("//old.html", "/2021/07/japan-taiwan/"),
        ("//rss.xml", "/feed.rss"),
    ],
)
def test_a_doubled_slash_leads_to_the_single_one(path, location):
    """RFC 9110 15.4.2: in one hop, as from any other former address. A page at two addresses would be kept twice."""
    response = answer(path)
    assert (response.status, header(response, "Location")) == (301, location)


def test_a_doubled_slash_is_answered_as_a_lost_one_is():
    """Whatever stands there: the same headers, and the same page that says where to."""
    assert answer("//2021/07/japan-taiwan/") == answer("/2021/07/japan-taiwan")


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example", "//evil.example//", "//evil.example/..//", "//404.html", "/404.html/"]
)
def test_a_doubled_slash_leads_to_no_other_host(path):
    """Where nothing stands at the path with single slashes, nothing is told but that."""
    response = answer(path)
    assert (response.status, header(response, "Location")) == (404, None)


def test_a_doubled_slash_before_a_withdrawn_article_tells_of_its_withdrawal():
    """As a lost slash does."""
    assert answer("//2021/07/taken-back/").status == 410


@pytest.mark.parametrize(
    ("path", "location"),
    [
        *((path, "/feed.rss") for path in ("/feed", "/rss", "/rss.xml", "/feed.xml", "/index.xml")),
        *((path, "/feed.atom") for path in ("/atom", "/atom.xml")),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_feed_addresses_of_other_software_lead_to_ours(path, location, slash):
    """RFC 9110 15.4.2: a subscription made with other software lives on, in one hop, in its own format."""
    response = answer(path + slash)
    assert (response.status, header(response, "Location")) == (301, location)


def test_no_former_address_takes_a_feed_from_its_place():
    """/feed.json is a feed itself."""
    assert [answer(path).status for path in FEEDS] == [200, 200, 200]


def test_a_withdrawn_article_is_gone_and_says_so():
    """RFC 9110 15.5.11: 410, with the notice; nothing of the article."""
    response = answer("/2021/07/taken-back/")
    assert response.status == 410
    assert b"Its source did not exist." in response.body
    assert b"What it used to say" not in response.body


@pytest.mark.parametrize("name", ["a_im", "accept_encoding", "if_match", "if_none_match", "range", "via"])
def test_a_field_of_many_kilobytes_is_refused(name):
    """431, in words (RFC 6585 5): to take it apart would cost as much as many answers."""
    assert answer(**{name: "," * 8192}).status != 431
    response = answer(**{name: "," * 8193})
    assert (response.status, header(response, "Cache-Control")) == (431, "no-store")


class TestHost:
    """RFC 9110 7.2, RFC 9112 3.2: each request names one host, and none that is none."""

    @pytest.mark.parametrize(
        "host",
        [
            "news.example",
            "NEWS.example:8080",
            "127.0.0.1:8000",
            "[::1]:8000",
            "[::ffff:192.0.2.1]",
            "a_b.example",
            "xn--bcher-kva.example",
            "news.example:",
            "b%C3%BCcher.example",
        ],
    )
    def test_a_host_is_taken(self, host):
        """Whatever its name: a site may stand behind any."""
        assert answer(host=host).status == 200

    @pytest.mark.parametrize(
        "host",
        [
            None,
            "",
            "a.example, b.example",
            "a.example,a.example",
            "a b",
            "a.example/path",
            "user@a.example",
            "a.example:port",
            "a.example:80:80",
            "http://a.example",
            "<script>",
            "::1",
            "[::1",
            "a\r\nSet-Cookie: x=y",
            "bücher.example",
            "a.example\n",
        ],
    )
    def test_anything_else_is_refused(self, host):
        """400, in words, for every path and method."""
        for path, method in [("/feed.rss", "GET"), ("/nowhere", "HEAD"), ("/", "OPTIONS"), ("/", "POST")]:
            response = answer(path, method, host=host)
            assert (response.status, header(response, "Cache-Control")) == (400, "no-store")
            assert b"example`" in response.body or method == "HEAD"

    def test_http_1_0_need_name_none(self):
        """RFC 9112 3.2 asks it of HTTP/1.1; but a Host that is none is refused there too."""
        assert answer(host=None, is_old=True).status == 200
        assert answer(host="a b", is_old=True).status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", ""])
def test_other_methods_are_told_which_there_are(method):
    """RFC 9110 15.5.6: 405 with Allow."""
    for path in ("/feed.atom", "/nowhere", "/feed"):
        response = answer(path, method)
        assert (response.status, header(response, "Allow")) == (405, "GET, HEAD, OPTIONS")


def test_options_tells_the_methods():
    """RFC 9110 9.3.7: 204 with Allow, for every path and for `*`; conditions say nothing there (13.2.1)."""
    for path in ("/feed.atom", "/nowhere", "*"):
        response = answer(path, "OPTIONS", if_none_match="*", if_match='"x"')
        assert (response.status, header(response, "Allow"), response.body) == (204, "GET, HEAD, OPTIONS", b"")
        assert header(response, "Content-Length") is None  # RFC 9110 8.6: never with 204


@pytest.mark.parametrize("path", [*SITE, "/nowhere"])
@pytest.mark.parametrize("accepted", ["", "br"])
def test_head_is_get_without_its_body(path, accepted):
    """RFC 9110 9.3.2, for every path of the site."""
    get, head = answer(path, accept_encoding=accepted), answer(path, "HEAD", accept_encoding=accepted)
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


class TestValidators:
    """RFC 9110 8.8: the ETag and the date by which a version is known."""

    def test_each_representation_has_an_etag_of_its_own(self):
        """RFC 9110 8.8.3.3: a strong tag for each coding, and one for the page at the feed's address."""
        told = [header(answer(accept_encoding=coding), "ETag") for coding in ("", *CODINGS)]
        told += [header(answer(sec_fetch_dest="document"), "ETag")]
        assert len(set(told)) == len(told) == 5
        assert all(re.fullmatch(r'"[\w.-]+"', tag) for tag in told)

    def test_an_etag_follows_from_the_content_alone(self):
        """Two sites of the same articles agree, whatever the order of their files and the time of asking."""
        one, two = entry("one"), entry("two")
        for path in (*FEEDS, "/"):
            tags = {
                header(ask(drawn, path), "ETag")
                for drawn in (site(one, two), site(two, one), site(two, one, now=NOW + timedelta(days=99)))
            }
            assert len(tags) == 1

    def test_a_silent_mend_changes_the_etag(self):
        """A word changes and no date does."""
        before, after = (ask(site(entry(summary=text)), "/feed.rss") for text in ("runs", "runs again"))
        assert header(before, "ETag") != header(after, "ETag")

    @pytest.mark.parametrize("coding", ["", *CODINGS])
    def test_an_etag_is_short(self, coding):
        """40 bytes at most, of a feed with any number of articles: nginx keeps none of more than 128."""
        many = site(*(entry(str(number)) for number in range(300)), window=300)
        for path in (*FEEDS, "/"):
            assert len(header(ask(many, path, accept_encoding=coding), "ETag")) <= 40

    @pytest.mark.parametrize(
        ("asked", "is_long"),
        [
            ({"a_im": "feed"}, True),
            ({"a_im": "vcdiff, feed;q=0.5"}, True),
            ({"a_im": "feed;q=0"}, False),
            ({"a_im": "vcdiff"}, False),
            ({"a_im": "feed", "via": "1.1 cache.example"}, False),
            ({"a_im": "feed", "cdn_loop": "cdn.example"}, False),
            ({"a_im": "feed", "is_old": True}, False),
        ],
    )
    def test_whom_a_delta_serves_is_told_the_marks_of_the_entries(self, asked, is_long):
        """RFC 3229; a cache could do nothing with them but lose them."""
        assert header(answer(**asked), "ETag") == (FEED.long_etag() if is_long else FEED.etag())
        assert len(FEED.long_etag()) > len(FEED.etag())

    @pytest.mark.parametrize("asked", [{}, {"a_im": "feed"}, {"via": "1.1 cache.example"}])
    def test_both_names_of_a_version_are_known_to_everybody(self, asked):
        """Who begins to ask for deltas, or stops to, or puts a cache in between, fetches nothing twice."""
        for tag in (FEED.etag(), FEED.long_etag()):
            for status, condition in (
                (304, {"if_none_match": tag}),
                (304, {"if_none_match": f'"other", W/{tag}'}),
                (200, {"if_match": tag}),
                (206, {"if_range": tag, "range": "bytes=0-9"}),
            ):
                told = answer(**condition, **asked)
                assert (told.status, header(told, "ETag")) == (status, tag)

    def test_last_modified_is_when_the_node_began_to_serve_this_version(self):
        """RFC 9110 8.8.2; and where nobody knows that, there is none."""
        for path in (*FEEDS, "/", PAGE):
            assert header(answer(path), "Last-Modified") == CHANGED
            assert header(answer(path, begun=None), "Last-Modified") is None

    def test_last_modified_never_lies_in_the_future(self):
        """RFC 9110 8.8.2.1."""
        assert header(answer(now=BEGUN - timedelta(seconds=1)), "Last-Modified") is None
        assert header(answer(now=BEGUN), "Last-Modified") == CHANGED

    def test_without_a_date_of_ours_a_date_hides_nothing(self):
        """RFC 9110 13.1.3: an article's page, or a feed in its first second."""
        assert answer(PAGE, begun=None, if_modified_since=CHANGED).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"if_none_match": FEED.etag()}, 304),
        ({"if_none_match": f'"other", W/{FEED.etag()}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_none_match": FEED.etag("gzip"), "accept_encoding": "gzip"}, 304),
        ({"if_none_match": FEED.etag("br"), "accept_encoding": "gzip"}, 200),
        ({"if_none_match": FEED.etag(), "accept_encoding": "gzip"}, 200),
        ({"if_modified_since": CHANGED}, 304),
        ({"if_modified_since": "Sun, 22 Nov 2026 08:59:57 GMT"}, 200),
        ({"if_modified_since": "Sun, 22 Nov 2026 08:59:59 GMT"}, 200),
        ({"if_modified_since": "Sun, 01 Jan 2034 00:00:00 GMT"}, 200),
        ({"if_none_match": '"other"', "if_modified_since": CHANGED}, 200),
        ({"if_match": FEED.etag()}, 200),
        ({"if_match": '"other"'}, 412),
        ({"if_unmodified_since": "Sun, 22 Nov 2026 08:59:57 GMT"}, 412),
        ({"if_unmodified_since": CHANGED}, 200),
    ],
)
def test_conditions_are_asked_of_the_selected_representation(asked, status, method):
    """RFC 9110 13.2.2, coding included; test_conditions.py has every rule."""
    assert answer(method=method, **asked).status == status


def test_a_304_carries_what_a_cache_needs_and_nothing_of_the_content():
    """RFC 9110 15.4.5: ETag, Cache-Control, Vary, Last-Modified, as the 200 would say them."""
    whole, response = answer(PAGE), answer(PAGE, if_none_match="*")
    needed = ("ETag", "Cache-Control", "Vary", "Last-Modified")
    assert (response.status, response.body) == (304, b"")
    assert dict(response.headers) == {name: header(whole, name) for name in needed}


def test_a_304_of_a_feed_says_nothing_of_the_content_either():
    """RFC 9110 15.4.5, in each coding."""
    for coding in ("", *CODINGS):
        response = answer(accept_encoding=coding, if_none_match="*")
        assert header(response, "ETag") == FEED.etag(coding or "identity")
        assert not {"Content-Type", "Content-Length", "Content-Encoding", "Link"} & {
            name for name, _ in response.headers
        }


def test_a_412_tells_the_version_that_stands_here():
    """RFC 9110 15.5.13: the current ETag, in words, and for no cache."""
    response = answer(if_match='"other"')
    assert (response.status, header(response, "ETag")) == (412, FEED.etag())
    assert header(response, "Cache-Control") == "no-store"
    assert response.body.endswith(b".\n")


def test_a_change_reaches_clients_that_compare_dates():
    """libcurl drops an answer whose Last-Modified is not later than the date that it sent: so that one carries none."""
    for date in (CHANGED, "Sun, 22 Nov 2026 08:59:59 GMT"):
        response = answer(if_none_match='"of an earlier text"', if_modified_since=date)
        assert (response.status, header(response, "Last-Modified")) == (200, None)
    assert header(answer(if_modified_since="Sun, 22 Nov 2026 08:59:59 GMT"), "Last-Modified") is None
    assert header(answer(if_modified_since="Sun, 22 Nov 2026 08:59:57 GMT"), "Last-Modified") == CHANGED


def test_conditions_change_no_answer_but_200():
    """RFC 9110 13.2.1: what is missing, moved or gone stays so."""
    for path in ("/nowhere", "/old.html", "/feed", "/2021/07/taken-back/"):
        for condition in ({"if_none_match": "*"}, {"if_match": '"x"'}, {"if_modified_since": CHANGED}):
            assert answer(path, **condition) == answer(path)


class TestCodings:
    """RFC 9110 8.4, 12.5.3: identity, br, zstd and gzip."""

    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, zstd", "zstd"),
            ("gzip", "gzip"),
            ("*", "br"),
            ("gzip, *;q=0", "gzip"),
            ("deflate", None),
            ("", None),
            ("identity;q=0", None),
        ],
    )
    @pytest.mark.parametrize("path", ["/feed.rss", PAGE, "/nowhere", "/2021/07/taken-back/", "/feed"])
    def test_the_content_comes_in_a_coding_that_was_accepted(self, accepted, coding, path):
        """Unpacked it is the same, whatever the status; its length is that of what is sent."""
        plain, response = answer(path), answer(path, accept_encoding=accepted)
        assert header(response, "Content-Encoding") == coding
        assert UNPACKED[coding](response.body) == plain.body
        assert header(response, "Content-Length") == str(len(response.body))

    def test_without_the_field_nothing_is_compressed(self):
        """RFC 9110 12.5.3: an absent field may be answered in any coding; a client that names none may know none."""
        assert header(answer(), "Content-Encoding") is None

    @pytest.mark.parametrize("coding", CODINGS)
    def test_each_coding_is_made_once(self, coding):
        """Every answer holds the very same bytes: nothing is packed for a request."""
        feed = sample_site()["/feed.rss"]
        assert feed.coded(coding) is feed.coded(coding)
        two = [answer("/feed.rss", accept_encoding=coding, if_none_match=tag).body for tag in ('"a"', '"b"')]
        assert two[0] is two[1]

    def test_who_asks_while_a_coding_is_made_waits_for_it(self, monkeypatch):
        """A hundred pollers come at once when a hub has told them: what they share is made once."""
        calls = []

        def slow(body):
            calls.append(threading.get_ident())
            time.sleep(0.05)
            return gzip.compress(body)

        monkeypatch.setattr(document, "CODINGS", {"gzip": slow})
        asked = Document(b"x" * 1000, "text/plain")
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: asked.coded("gzip"), range(8)))
        assert len(calls) == 1
        assert all(one is made[0] for one in made)

    def test_what_pollers_ask_for_is_compressed_without_being_asked(self):
        """Site.compress_polled: feeds, front page and style sheet in every coding."""
        prepared = sample_site()
        prepared.draw_polled()
        prepared.compress_polled()
        for path in (*FEEDS, "/", "/static/style.css"):
            assert prepared[path].compressed.keys() == CODINGS.keys()

    def test_the_page_at_a_feeds_address_is_drawn_once_and_only_when_it_is_opened(self):
        """Also that of a section, and of a mix; of no other path."""
        opened = sample_site()
        for path in ("/feed.rss", "/world/asia/feed.json", "/mix/tag.japan+world/feed.atom"):
            page = opened.opened(path)
            assert page is opened.opened(path)
            assert b"Subscribe to" in page.body
        for path in (
            "/",
            "/mix/tag.japan+world/",
            "/mix/nothing/feed.rss",
            "/nothing/feed.rss",
            "/feed.rss#opened",
            "feed.rss",
        ):
            assert opened.opened(path) is None

    @pytest.mark.parametrize(
        ("path", "asked", "status"),
        [
            ("/feed.rss", {}, 200),
            ("/feed.rss", {"accept_encoding": "br"}, 200),
            ("/feed.rss", {"if_none_match": "*"}, 304),
            ("/feed.rss", {"range": "bytes=0-9"}, 206),
            (PAGE, {"accept_encoding": "identity"}, 200),
            (PAGE, {"if_none_match": "*"}, 304),
            ("/feed", {}, 301),
            ("/nowhere", {}, 404),
            ("/2021/07/taken-back/", {}, 410),
        ],
    )
    def test_every_answer_that_could_come_in_another_coding_says_so(self, path, asked, status):
        """RFC 9110 12.5.5: Vary, whether the coding was wanted or not."""
        response = answer(path, **asked)
        assert response.status == status
        assert header(response, "Vary").split(", ")[0] == "Accept-Encoding"

    @pytest.mark.parametrize("path", ["/images/dot.png", "/audio/talk.mp3"])
    def test_what_is_compressed_already_is_not_packed_again(self, path):
        """A picture has one representation, and says no Vary."""
        response = answer(path, accept_encoding="br, gzip")
        assert (header(response, "Content-Encoding"), header(response, "Vary")) == (None, None)


class TestRange:
    """RFC 9110 14: a part of a document, where a player or a broken download asks for it."""

    SIZE = len(SITE["/audio/talk.mp3"].body)

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=0-99", 0, 99),
            ("bytes=100-", 100, SIZE - 1),
            ("bytes=-100", SIZE - 100, SIZE - 1),
            (f"bytes=0-{SIZE}", 0, SIZE - 1),
            (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
            ("bytes=-999999", 0, SIZE - 1),
            ("BYTES=5-6 ", 5, 6),
        ],
    )
    def test_one_range_is_a_part(self, asked, first, last):
        """14.1.2, 15.3.7: 206 with Content-Range, and exactly those bytes."""
        response, whole = answer("/audio/talk.mp3", range=asked), answer("/audio/talk.mp3")
        assert (response.status, response.body) == (206, whole.body[first : last + 1])
        assert header(response, "Content-Range") == f"bytes {first}-{last}/{self.SIZE}"
        assert header(response, "Content-Length") == str(last - first + 1)
        for name in ("ETag", "Cache-Control", "Vary", "Content-Type"):
            assert header(response, name) == header(whole, name)

    @pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0"])
    def test_a_range_behind_the_end_is_refused(self, asked):
        """15.5.17: 416 with the size that there is."""
        response = answer("/audio/talk.mp3", range=asked)
        assert (response.status, header(response, "Content-Range")) == (416, f"bytes */{self.SIZE}")

    @pytest.mark.parametrize(
        "asked",
        [
            "bytes=0-1,5-6",
            "bytes=6-5",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "lines=0-1",
            "0-1",
            "bytes=0-1-2",
            "bytes=٠-١",
            "",
        ],
    )
    def test_several_ranges_and_nonsense_get_the_whole(self, asked):
        """14.2: a server may ignore the field, and must where it is not understood."""
        assert answer("/audio/talk.mp3", range=asked) == answer("/audio/talk.mp3")

    def test_parts_make_the_whole(self):
        """A download that breaks off goes on where it stopped."""
        parts = [
            answer("/feed.rss", range=f"bytes={n}-{n + 999}").body for n in range(0, len(SITE["/feed.rss"].body), 1000)
        ]
        assert b"".join(parts) == SITE["/feed.rss"].body

    def test_ranges_are_of_identity_alone(self):
        """Two machines may pack a byte differently under one ETag: of what is packed there are no parts."""
        response = answer("/feed.rss", range="bytes=0-9", accept_encoding="gzip")
        assert (response.status, header(response, "Accept-Ranges")) == (200, None)
        assert header(answer("/feed.rss"), "Accept-Ranges") == "bytes"

    def test_only_get_knows_ranges(self):
        """14.2: another method ignores the field."""
        assert answer("/audio/talk.mp3", "HEAD", range="bytes=0-9") == answer("/audio/talk.mp3", "HEAD")

    @pytest.mark.parametrize(
        ("if_range", "status"),
        [
            (FEED.etag(), 206),
            ('"other"', 200),
            (f"W/{FEED.etag()}", 200),
            (FEED.etag("gzip"), 200),
            (CHANGED, 200),
            ("nonsense", 200),
        ],
    )
    def test_if_range_asks_for_a_part_of_this_version_or_the_whole(self, if_range, status):
        """13.1.5: never a part of another version than the client began with."""
        response = answer(range="bytes=0-9", if_range=if_range)
        assert (response.status, response.body) == (status, FEED.body[:10] if status == 206 else FEED.body)

    @pytest.mark.parametrize(
        ("asked", "status"), [({"if_none_match": "*"}, 304), ({"if_match": '"other"'}, 412), ({"if_match": "*"}, 206)]
    )
    def test_the_other_preconditions_come_first(self, asked, status):
        """13.2.2: step 5 is the last."""
        assert answer(range="bytes=0-9", **asked).status == status


class TestFreshness:
    """RFC 9111 5.2.2, RFC 5861: for how long a cache may answer in our place."""

    @staticmethod
    def told(response):
        return {name: int(age) for name, age in re.findall(r"([a-z-]+)=(\d+)", header(response, "Cache-Control"))}

    @pytest.mark.parametrize(
        ("left", "own", "shared", "stale"),
        [
            (timedelta(days=1), 300, 60, 60),
            (timedelta(seconds=340), 300, 60, 40),
            (timedelta(seconds=100), 100, 60, 0),
            (timedelta(seconds=60), 60, 60, 0),
            (timedelta(seconds=20), 20, 20, 0),
            (timedelta(seconds=1, milliseconds=999), 1, 1, 0),
            (timedelta(0), 0, 0, 0),
            (-timedelta(days=1), 0, 0, 0),
        ],
    )
    def test_it_ends_when_the_next_article_is_due(self, left, own, shared, stale):
        """No cache takes an answer for fresh beyond the second at which it becomes old."""
        ages = {"max-age": own, "s-maxage": shared, "stale-while-revalidate": stale, "stale-if-error": 86400}
        for path in ("/feed.rss", PAGE, "/nowhere", "/feed"):
            assert self.told(answer(path, now=DUE - left)) == ages

    def test_without_a_scheduled_article_it_is_the_usual(self):
        """Five minutes for a client, one for a cache that asks for many."""
        response = ask(sample_site(DUE), now=DUE)
        usual = "max-age=300, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"
        assert header(response, "Cache-Control") == usual

    def test_a_304_and_a_part_are_as_fresh_as_the_whole(self):
        """RFC 9111 4.3.4: a cache takes the new age from a 304."""
        for asked in ({"if_none_match": "*"}, {"range": "bytes=0-9"}):
            assert header(answer(**asked), "Cache-Control") == header(answer(), "Cache-Control")

    @pytest.mark.parametrize(
        ("asked", "method"),
        [({"host": None}, "GET"), ({}, "POST"), ({"if_match": '"x"'}, "GET"), ({"range": "bytes=-0"}, "GET")],
    )
    def test_a_refusal_is_kept_by_nobody(self, asked, method):
        """RFC 9111 5.2.2.5: no-store."""
        assert header(answer(method=method, **asked), "Cache-Control") == "no-store"


def keys(response):
    return (header(response, "Surrogate-Key") or "").split()


class TestSurrogateKeys:
    """The names by which a cache that says that it is one can drop what it keeps."""

    @pytest.mark.parametrize(
        ("path", "asked", "status"),
        [
            ("/feed.rss", {}, 200),
            ("/feed.rss", {"range": "bytes=0-9"}, 206),
            ("/feed.rss", {"if_none_match": "*"}, 304),
            ("/", {}, 200),
            (PAGE, {}, 200),
            ("/images/dot.png", {}, 200),
            ("/old.html", {}, 301),
            ("/2021/07/taken-back/", {}, 410),
            ("/nowhere", {}, 404),
        ],
    )
    def test_what_a_shared_cache_may_keep_has_the_sites_key_and_its_paths(self, path, asked, status):
        """The keys are a hash of the site's id and the path, and of nothing else: every machine makes the same."""
        response = answer(path, via="1.1 cache.example", **asked)
        assert response.status == status
        assert keys(response)[:2] == [surrogate.of_site(SITE.id), surrogate.of_path(SITE.id, path)]

    def test_the_keys_are_these_ones_for_ever(self):
        """Answers that a cache holds while feedsite is replaced by a newer version can still be dropped."""
        assert keys(answer("/feed.rss", via="1.1 cache.example")) == ["P2YoHz_iXJV6", "NjrqZswdv4aY"]

    @pytest.mark.parametrize("path", ["/2021/07/japan-taiwan", "/2021/07/taken-back", "/feed.rss", "/nowhere"])
    def test_a_path_has_one_key_with_and_without_its_last_slash(self, path):
        """301 and page are dropped together, for both change when the article comes or goes."""
        bare, slashed = (answer(asked, via="1.1 cache.example") for asked in (path, f"{path}/"))
        assert keys(bare) == keys(slashed)

    @pytest.mark.parametrize("path", ["/2021/07/japan-taiwan/", "/feed.rss", "/nowhere"])
    def test_a_path_has_one_key_with_single_and_with_doubled_slashes(self, path):
        """What a cache keeps at any of them is dropped together."""
        single, doubled = (answer(asked, via="1.1 cache.example") for asked in (path, path.replace("/", "//")))
        assert keys(single) == keys(doubled)

    def test_a_404_has_the_key_of_the_path_and_that_of_the_notice(self):
        """A new article drops it, and so does a new title of the site, which stands in it."""
        standing = surrogate.of_path(SITE.id, "/404.html")
        assert keys(answer("/nowhere", via="1.1 cache.example"))[1:] == [
            surrogate.of_path(SITE.id, "/nowhere"),
            standing,
        ]

    @pytest.mark.parametrize("asked", [{"via": "1.1 cache.example"}, {"cdn_loop": "cdn.example"}])
    def test_every_cache_that_says_so_is_told(self, asked):
        """RFC 9110 7.6.3, RFC 8586."""
        assert len(keys(answer(**asked))) == 2

    def test_readers_pay_no_bytes_for_them(self):
        """Who asks for himself is sent the same as ever; and the content is the same to both."""
        plain, told = answer(), answer(via="1.1 cache.example")
        assert keys(plain) == []
        assert told.headers[:-1] == plain.headers
        assert told.body == plain.body

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ({"sec_fetch_dest": "document"}, 200),
            ({"if_match": '"x"'}, 412),
            ({"method": "POST"}, 405),
            ({"method": "OPTIONS"}, 204),
            ({"range": "bytes=-0"}, 416),
        ],
    )
    def test_what_no_shared_cache_may_keep_has_none(self, asked, status):
        """The page in a feed's place, and refusals."""
        response = answer(via="1.1 cache.example", **asked)
        assert (response.status, keys(response)) == (status, [])

    def test_two_sites_share_no_key(self):
        """They may stand behind one cache."""
        here, there = (site(base_url=f"https://{name}.example") for name in ("here", "there"))
        told = [keys(ask(one, "/", via="1.1 cache.example")) for one in (here, there)]
        assert not set(told[0]) & set(told[1])


class TestOpenedInABrowser:
    """Fetch Metadata 2.1: a person who clicks on a feed sees what it is; every program gets the feed."""

    @pytest.mark.parametrize("path", FEEDS)
    def test_a_navigation_gets_a_page_at_the_feeds_own_address(self, path):
        """200 and HTML, no redirect: the address in the bar is the one to subscribe to."""
        response = answer(path, sec_fetch_dest="document")
        assert (response.status, header(response, "Content-Type")) == (200, "text/html; charset=utf-8")
        assert f"https://sample.example{path}".encode() in response.body

    @pytest.mark.parametrize("destination", ["empty", "iframe", "embed", "Document", "document, empty", ""])
    @pytest.mark.parametrize("path", FEEDS)
    def test_everything_else_gets_the_feed(self, path, destination):
        """fetch(), a frame, a reader that copies headers badly."""
        assert answer(path, sec_fetch_dest=destination) == answer(path)

    @pytest.mark.parametrize(
        "asked", [{}, {"sec_fetch_dest": "document"}, {"if_none_match": "*"}, {"range": "bytes=0-9"}]
    )
    def test_both_answers_say_what_chose_them(self, asked):
        """RFC 9110 12.5.5: no cache gives the page to a program."""
        assert header(answer(**asked), "Vary") == "Accept-Encoding, Sec-Fetch-Dest"

    def test_no_shared_cache_keeps_the_page(self):
        """RFC 9111 5.2.2.7: one that knows no Vary would hand it to readers in the feed's place."""
        assert header(answer(sec_fetch_dest="document"), "Cache-Control") == "private, max-age=300"
        assert header(answer(sec_fetch_dest="document", if_none_match="*"), "Cache-Control") == "private, max-age=300"

    def test_a_page_is_the_same_to_all(self):
        """Only feeds have two faces."""
        for path in ("/", PAGE, "/images/dot.png", "/nowhere", "/feed"):
            assert answer(path, sec_fetch_dest="document") == answer(path)

    def test_the_page_has_validators_of_its_own(self):
        """The feed's ETag gets a browser no 304 for the page."""
        page = answer(sec_fetch_dest="document")
        assert answer(sec_fetch_dest="document", if_none_match=FEED.etag()).status == 200
        assert answer(sec_fetch_dest="document", if_none_match=header(page, "ETag")).status == 304
        assert header(page, "Last-Modified") is None

    def test_the_page_runs_the_sites_script_and_no_other(self):
        """Content-Security-Policy: it copies the address, and there is no article in it."""
        policy = header(answer(sec_fetch_dest="document"), "Content-Security-Policy")
        assert re.findall("script-src[^;]*", policy) == ["script-src 'self'"]

    def test_a_delta_is_not_for_people(self):
        """A-IM on a navigation changes nothing."""
        assert answer(sec_fetch_dest="document", a_im="feed") == answer(sec_fetch_dest="document")


class TestOpenness:
    """Fetch 3.3: a program on any site may read a feed, each of its answers included."""

    @pytest.mark.parametrize("path", FEEDS)
    def test_a_feed_may_be_read_from_anywhere(self, path):
        """Its ETag, IM and Link too; without the visitor's credentials."""
        response = answer(path)
        assert header(response, "Access-Control-Allow-Origin") == "*"
        assert {"ETag", "IM", "Link"} <= set(header(response, "Access-Control-Expose-Headers").split(", "))
        assert header(response, "Access-Control-Allow-Credentials") is None

    @pytest.mark.parametrize(
        ("path", "asked", "status"),
        [
            ("/feed.rss", {"range": "bytes=0-9"}, 206),
            ("/feed.rss", {"if_none_match": "*"}, 304),
            ("/feed.rss", {"if_match": '"other"'}, 412),
            ("/feed.rss", {"range": "bytes=-0"}, 416),
            ("/rss.xml", {}, 301),
            ("/feed", {}, 301),
        ],
    )
    def test_so_may_every_answer_at_its_addresses(self, path, asked, status):
        """Fetch 4.9: where the field lacks, a program learns nothing, not even the 304 that it asked for."""
        response = answer(path, origin="https://reader.example", **asked)
        assert response.status == status
        assert header(response, "Access-Control-Allow-Origin") == "*"

    @pytest.mark.parametrize("path", [*FEEDS, "/rss.xml", "/feed", PAGE, "/nowhere"])
    def test_no_cache_keeps_a_program_from_an_answer(self, path):
        """Fetch 3.3.6: what a cache has from one who named no Origin it gives to one who does, unless Vary names it."""
        plain, asked = answer(path), answer(path, origin="https://reader.example")
        assert "Origin" in header(asked, "Vary") or asked == plain

    def test_a_preflight_is_answered(self):
        """Fetch 4.8: If-None-Match and A-IM from a script want one; the answer holds for a day."""
        response = answer(method="OPTIONS")
        told = {name.removeprefix("Access-Control-"): value for name, value in response.headers}
        assert told == {
            "Allow": "GET, HEAD, OPTIONS",
            "Allow-Origin": "*",
            "Allow-Methods": "GET, HEAD, OPTIONS",
            "Allow-Headers": "*",
            "Max-Age": "86400",
        }

    def test_pages_are_not_opened(self):
        """What is for people is not for scripts of other sites."""
        assert header(answer(PAGE), "Access-Control-Allow-Origin") is None


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_names_its_hub_and_itself(path):
    """WebSub 4: in Link (RFC 8288), for whoever asks with HEAD."""
    told = f'<https://hub.example/>; rel="hub", <https://sample.example{path}>; rel="self"'
    assert header(answer(path, "HEAD"), "Link") == told


def test_only_what_a_hub_is_told_of_names_one():
    """WebSub 4: feeds and first page of each list, and each article. A subscriber of all else would wait for ever."""
    told = {path for path in (*SITE, "/nowhere") if answer(path).status != 301 and header(answer(path), "Link")}
    lists = {one.path + name for one in SITE.plan.collections for name in ("", "feed.rss", "feed.atom", "feed.json")}
    entries = [planned.path for planned in SITE.plan if planned.source.startswith("entries/")]
    articles = {path for path in entries if isinstance(SITE[path], Document)}
    assert told == lists | articles == {path for path in SITE if SITE.plan.is_topic(path)}


def test_pages_may_run_nothing():
    """Content-Security-Policy, nosniff and Referrer-Policy on every page, the 404 and 410 ones too."""
    for path in ("/", PAGE, "/nowhere", "/2021/07/taken-back/"):
        response = answer(path)
        assert "default-src 'none'" in header(response, "Content-Security-Policy")
        assert "script-src" not in header(response, "Content-Security-Policy")
        assert header(response, "X-Content-Type-Options") == "nosniff"
        assert header(response, "Referrer-Policy") == "strict-origin-when-cross-origin"


def test_a_picture_opened_by_itself_may_run_nothing():
    """SVG is a document with scripts to a browser."""
    assert "sandbox" in header(answer("/images/mark.svg"), "Content-Security-Policy")


def test_no_answer_sets_a_cookie_or_looks_at_who_asks():
    """Nothing in an answer can name a visitor, and nothing that names one is looked at."""
    assert not {"user-agent", "cookie", "authorization", "referer", "from", "x-forwarded-for"} & set(LOOKED_AT)
    for path in (*SITE, "/nowhere"):
        for method in (*METHODS, "POST"):
            assert header(answer(path, method), "Set-Cookie") is None


def test_unknown_paths_are_not_remembered():
    """Ten thousand guesses leave the site as it was."""
    answer("/guess")
    before = len(SITE._cache)
    for number in range(10_000):
        answer(f"/guess/{number}")
    assert len(SITE._cache) == before


def test_nothing_in_a_request_reaches_a_header():
    """No path, host or field comes back in a header: there is nothing to inject into."""
    marked = "q7x\r\nSet-Cookie: a=b"
    for path in ("/feed.rss", f"/{marked}", f"/old.html/{marked}"):
        for name in ("if_none_match", "range", "accept_encoding", "a_im", "if_range"):
            response = answer(path, **{name: marked})
            assert "q7x" not in str(response.headers)


def test_a_picture_that_cannot_be_read_now_is_no_404(no_more_files):
    """RFC 9110 15.6.4: 503 and Retry-After, kept by nobody; a moment later it is there."""
    fresh = sample_site()
    with no_more_files():
        response = ask(fresh, "/images/dot.png")
    assert (response.status, header(response, "Retry-After"), header(response, "Cache-Control")) == (
        503,
        "10",
        "no-store",
    )
    assert ask(fresh, "/images/dot.png").status == 200
