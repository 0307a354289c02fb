"""Requests as a WSGI server hands them over, and what is answered."""

import gzip
from datetime import timedelta
from urllib.parse import unquote_to_bytes

import brotli

from feedsite.document import zstd
from feedsite.serving import answers
from feedsite.serving.live import Live
from feedsite.serving.web import create_app

from .golden import NOW

BEGUN = NOW - timedelta(hours=1)  # when the node began to serve it
CHANGED = f"{BEGUN:%a, %d %b %Y %H:%M:%S} GMT"


class Application:
    """The sample site served twice at one clock: `quick` with the cache of answers before Flask, `plain` without."""

    def __init__(self, folder):
        self.now = BEGUN - timedelta(seconds=2)
        self.reached_flask = 0
        self.lives = [Live(folder, {}, clock=lambda: self.now) for _ in range(2)]
        quick, plain = self.lives
        self.quick = answers.wrap(
            self._counted(create_app(quick, "token").wsgi_app), lambda: quick.served.answers, quick.clock
        )
        self.plain = create_app(plain, "token").wsgi_app

    def _counted(self, app):
        def counted(environment, start_response):
            self.reached_flask += 1
            return app(environment, start_response)

        return counted

    @property
    def kept(self):
        return len(self.lives[0].served.answers._answers)

    def renew(self, now=NOW):
        """A new site of the same articles."""
        self.now = now
        for live in self.lives:
            live._replan()

    def both(self, environment):
        """The answer, which must be the same from both, and again; and whether the second came from the cache."""
        expected = called(self.plain, environment)
        assert called(self.quick, environment) == expected
        before = self.reached_flask
        assert called(self.quick, environment) == expected
        return expected, self.reached_flask == before


def environment(path="/feed.rss", method="GET", protocol="HTTP/1.1", query="", **fields):
    """A request as a WSGI server hands it over. A header is written if_none_match=...; None takes out the Host."""
    named = {"host": "news.example"} | fields
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": protocol,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "203.0.113.9",
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper()}": value for name, value in named.items() if value is not None},
    }


def called(app, environment):
    """Status line, headers and bytes."""
    told = []
    body = app(environment.copy(), lambda status, headers, _=None: told.append((status, headers)))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    ((status, headers),) = told
    return status, headers, content


PATHS = (
    "/",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/feed.json/",
    "/feed",
    "/atom.xml",
    "/2021/07/japan-taiwan/",
    "/2021/07/japan-taiwan",
    "/2021/07/%E6%97%A5%E6%9C%AC/",
    "/2021/07/taken-back/",
    "/old.html",
    "/images/dot.png",
    "/images/mark.svg",
    "/audio/talk.mp3",
    "/static/style.css",
    "/404.html",
    "/mix/",
    "/nowhere",
    "/%00",
    "/%ff%fe",
    "//evil.example/",
    "/images/../site.yaml",
    "/status",
    "*",
    "",
)
# What a request may say, each field with its values; the first is what is said when nothing is.
SAYINGS = {
    "method": ("GET", "HEAD", "OPTIONS", "POST", "BREW"),
    "protocol": ("HTTP/1.1", "HTTP/1.0", "HTTP/1"),
    "host": ("news.example", None, "", "a, b", "<script>", "[::1]:8000"),
    "accept_encoding": (None, "", "gzip", "br", "zstd;q=0.5, *", "identity;q=0", "nonsense;;"),
    "if_none_match": (None, "*", '"x"', "", "its tag", "its short tag", "its br tag", "an older tag"),
    "if_modified_since": (None, CHANGED, "Mon, 05 Jul 2021 22:00:00 GMT", "Sun, 22 Nov 2026 10:00:00 GMT", "yesterday"),
    "if_match": (None, "*", '"x"', "its tag"),
    "if_unmodified_since": (None, CHANGED, "Mon, 05 Jul 1999 23:00:00 GMT"),
    "range": (None, "bytes=0-9", "bytes=-0", "bytes=0-1,3-4", "bytes=99999-"),
    "if_range": (None, "its tag", '"x"', CHANGED),
    "sec_fetch_dest": (None, "document", "empty"),
    "a_im": (None, "feed", "feed;q=0"),
    "via": (None, "1.1 cache.example"),
    "cdn-loop": (None, "cdn.example"),
    "origin": (None, "https://reader.example", "null"),
    "user_agent": (None, "A reader/1.0"),
    "query": ("", "a=b&c", "of=world", "of=culture&without=world"),
}


def said(app, path, **fields):
    """A request in which `its tag` stands for a tag that the site has told, or might have before an article changed."""
    standing = app.lives[1].site.find(unquote_to_bytes(path).decode("utf-8", "replace"))
    document = getattr(standing, "document", standing)
    tag = document.long_etag() if document else '"none"'
    tags = {
        "its tag": tag,
        "its short tag": document.etag() if document else tag,
        "its br tag": tag[:-1] + '.br"',
        "an older tag": f"{tag[:17]}AAAA{tag[21:]}",  # of a feed: its first entry was another
    }
    return environment(path, **{name: tags.get(value, value) for name, value in fields.items()})


UNPACKED = {"br": brotli.decompress, "zstd": zstd.decompress, "gzip": gzip.decompress, None: bytes}
