"""The cache of answers answers as Flask does, byte for byte, and gives again only what is still true (PEP 3333)."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest

from feedsite.serving.answers import LARGEST, MOST, AnswerCache, request_of
from feedsite.serving.messages import Response
from feedsite.site import Site

from .support.golden import NOW, SAMPLE
from .support.requests import BEGUN, CHANGED, PATHS, SAYINGS, Application, called, environment, said

DUE = datetime(2035, 1, 1, tzinfo=UTC)  # when the sample's next article is


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers") / "site"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    return Application(folder)


@pytest.fixture
def app(application):
    application.renew()
    return application


def alike(app, path, asked_together):
    """Asks for the path with these fields in every one of their values; the statuses, and which of them were kept."""
    kept = {}
    for names in asked_together:
        for values in product(*(SAYINGS[name] for name in names)):
            (status, _, _), is_kept = app.both(said(app, path, **dict(zip(names, values, strict=True))))
            kept.setdefault(status[:3], set()).add(is_kept)
    return kept


@pytest.mark.parametrize("path", PATHS)
def test_the_cache_of_answers_and_flask_answer_alike(app, path):
    """Every path, with every field in every one of its values: the same bytes, twice; only 200, 226, 304 are kept."""
    kept = alike(app, path, [(name,) for name in SAYINGS])
    assert kept.keys() <= {"200", "204", "206", "226", "301", "303", "304", "400", "404", "405", "410", "412", "416"}
    assert {status for status, was in kept.items() if True in was} == kept.keys() & {"200", "226", "304"}


@pytest.mark.sampled
@pytest.mark.parametrize("path", ["/feed.rss", "/2021/07/japan-taiwan/", "/images/dot.png", "/feed", "/nowhere"])
def test_no_two_fields_together_tell_them_apart(app, path):
    """Each field in every value with each other field in every value."""
    kept = alike(app, path, combinations(SAYINGS, 2))
    assert {status for status, was in kept.items() if True in was} == kept.keys() & {"200", "226", "304"}


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/feed.rss", {}, "200"),
        ("/feed.rss", {"accept_encoding": "gzip, br"}, "200"),
        ("/feed.rss", {"if_none_match": "its tag"}, "304"),
        ("/feed.rss", {"if_modified_since": CHANGED}, "304"),
        ("/feed.rss", {"method": "HEAD"}, "200"),
        ("/feed.rss", {"sec_fetch_dest": "document"}, "200"),
        ("/feed.rss", {"a_im": "feed", "if_none_match": '"unknown"'}, "200"),
        ("/feed.rss", {"a_im": "feed", "if_none_match": "an older tag"}, "226"),
        ("/2021/07/japan-taiwan/", {}, "200"),
        ("/2021/07/%E6%97%A5%E6%9C%AC/", {"if_none_match": "*"}, "304"),
        ("/images/dot.png", {}, "200"),
    ],
)
def test_flask_sleeps_when_an_answer_is_given_again(app, path, fields, status):
    """200, 226 and 304 of what stands there, whoever asks: the second time Flask is not called."""
    (told, _, _), is_kept = app.both(said(app, path, **fields))
    assert (told[:3], is_kept) == (status, True)
    reached = app.reached_flask
    called(app.quick, said(app, path, query="a=b", user_agent="Another/2.0", **fields) | {"REMOTE_ADDR": "192.0.2.7"})
    assert app.reached_flask == reached


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/feed.rss", {"range": "bytes=0-9"}, "206"),
        ("/feed.rss", {"method": "OPTIONS"}, "204"),
        ("/feed.rss", {"host": None}, "400"),
        ("/feed.rss", {"method": "POST"}, "405"),
        ("/feed.rss", {"if_match": '"x"'}, "412"),
        ("/feed.rss", {"range": "bytes=-0"}, "416"),
        ("/feed", {}, "301"),
        ("/nowhere", {}, "404"),
        ("/2021/07/taken-back/", {}, "410"),
        ("/feed.rss", {"if_none_match": f'"{"x" * 8180}"'}, "200"),
    ],
)
def test_nothing_is_kept_that_the_site_does_not_hold_anyway(app, path, fields, status):
    """No part, no refusal, no notice, and no request of great length: strangers fill no memory."""
    (told, _, _), is_kept = app.both(said(app, path, **fields))
    assert (told[:3], is_kept, app.kept) == (status, False, 0)


def test_no_large_delta_is_kept():
    """Many can be invented, and none of them does the site hold anyway."""
    small, large = (Response(226, (), b"x" * size) for size in (8192, 8193))
    for response, count in [(large, 0), (small, 1)]:
        cache = AnswerCache()
        cache.keep(environment(), request_of(environment()), response)
        assert len(cache._answers) == count


def test_the_status_page_is_never_kept(app):
    """An operator has looked: to the next one who asks it still does not exist."""
    with_token = environment("/status") | {"HTTP_AUTHORIZATION": "Bearer token"}
    assert called(app.quick, with_token)[0] == "200 OK"
    assert called(app.quick, environment("/status"))[0] == "404 Not Found"
    assert called(app.quick, with_token)[0] == "200 OK"
    assert app.kept == 0


class TestUntil:
    """What the clock alone makes untrue is not given again from that second on."""

    @staticmethod
    def given_at(app, moments, **fields):
        """The request at each of these moments: its status, and whether Flask slept."""
        told = []
        for app.now in moments:
            before = app.reached_flask
            given = called(app.quick, environment(**fields))
            assert given == called(app.plain, environment(**fields))
            told.append((given[0][:3], app.reached_flask == before))
        return told

    def test_freshness_that_shrinks_is_worked_out_anew(self, app):
        """Up to 360 seconds before the next article an answer is kept; from then on each second has its own."""
        begin = DUE - timedelta(seconds=360)
        moments = [begin - timedelta(seconds=2), begin - timedelta(seconds=1), begin, begin + timedelta(seconds=1), DUE]
        assert [slept for _, slept in self.given_at(app, moments)] == [False, True, False, False, False]

    def test_a_last_modified_that_lay_in_the_future_is_told_in_time(self, app):
        """RFC 9110 8.8.2.1: without it until its second, with it from then on."""
        moments = [BEGUN + timedelta(seconds=n) for n in (-2, -1, 0, 0, 1)]
        assert [slept for _, slept in self.given_at(app, moments)] == [False, True, False, True, True]

    def test_a_clock_that_is_put_back_is_believed(self, app):
        """What was true later only is not told before its second, whatever was asked in the meantime."""
        moments = [BEGUN, BEGUN - timedelta(seconds=1), DUE - timedelta(seconds=10), NOW]
        assert [slept for _, slept in self.given_at(app, moments)] == [False, False, False, False]

    def test_a_date_of_the_future_begins_to_count_in_time(self, app):
        """RFC 9110 13.1.3: 200 while If-Modified-Since is later than the clock, looked at anew from its second on."""
        date = NOW + timedelta(seconds=2)
        moments = [NOW, NOW + timedelta(seconds=1), date, date + timedelta(seconds=1), date + timedelta(seconds=2)]
        told = self.given_at(app, moments, if_modified_since=f"{date:%a, %d %b %Y %H:%M:%S} GMT")
        assert told == [("200", False), ("200", True), ("200", False), ("200", True), ("200", True)]


def test_a_new_site_begins_without_answers(app):
    """A corrected article is read at once: what was kept went with the site that it was of."""
    app.both(environment())
    assert app.kept == 1
    live = app.lives[0]
    before = called(app.quick, environment())
    contents = live._library.contents(DUE)
    site = Site(contents.edition, contents.settings, contents.media)
    live.served = replace(live.served, site=site, answers=AnswerCache())
    assert app.kept == 0
    assert b"Nobody sees this before 2035" in called(app.quick, environment())[2]
    assert b"Nobody sees this before 2035" not in before[2]


def test_the_table_is_bounded(app):
    """A stranger who asks in more ways than the table has room for fills no memory."""
    for number in range(MOST + 100):
        called(app.quick, environment("/images/dot.png", accept_encoding=f"gzip;q=0.{number % 1000}, x{number}"))
        assert app.kept <= MOST
    for number in range(MOST + 100):
        called(app.quick, environment(f"/guess/{number}"))
    assert app.kept <= MOST


def test_the_table_keeps_few_bytes(tmp_path):
    """A recording passes by, and pictures make room for each other, however many ways there are to ask for them."""
    folder = tmp_path / "site"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    (folder / "audio").mkdir(exist_ok=True)
    (folder / "audio" / "long.mp3").write_bytes(bytes(LARGEST // 8 + 1))
    for number in range(80):
        (folder / "images" / f"{number}.png").write_bytes(bytes(2**18))
    app = Application(folder)
    called(app.quick, environment("/audio/long.mp3"))
    assert app.kept == 0
    for number in range(200):
        called(app.quick, environment(f"/images/{number % 80}.png", if_none_match=f'"{number}"'))
        bodies = {id(body): len(body) for one in app.lives[0].served.answers._answers.values() for body in one.body}
        assert 0 < sum(bodies.values()) <= LARGEST + 2**18
    for live in app.lives:
        live._leadership.resign()


def test_an_answer_that_was_given_cannot_be_changed(app):
    """A server that adds its own headers to the list adds them to its copy (PEP 3333)."""
    app.both(environment())
    told = []
    app.quick(environment(), lambda _, headers, __=None: told.append(headers))
    told[0].append(("X-Added", "later"))
    assert "X-Added" not in dict(called(app.quick, environment())[1])


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({}, ("GET", "/feed.rss", {"host": "news.example"}, False)),
        ({"protocol": "HTTP/1.0"}, ("GET", "/feed.rss", {"host": "news.example"}, True)),
        ({"protocol": "HTTP/1", "host": ""}, ("GET", "/feed.rss", {}, True)),
        ({"path": "/%E6%97%A5"}, ("GET", "/日", {"host": "news.example"}, False)),
        ({"path": "/%ff"}, ("GET", "/\ufffd", {"host": "news.example"}, False)),
        ({"if_none_match": ""}, ("GET", "/feed.rss", {"host": "news.example", "if-none-match": ""}, False)),
        ({"cookie": "a=b", "user_agent": "x"}, ("GET", "/feed.rss", {"host": "news.example"}, False)),
    ],
)
def test_a_request_is_read_from_what_the_key_names(told, read):
    """PEP 3333: bytes as Latin-1; an empty field is one, but for Host."""
    request = request_of(environment(**told))
    assert (request.method, request.path, request.headers, request.is_old) == read
