"""nginx gives files by itself, with the files of deploy/ as they are: what feedsite publishes, told alike."""

import os
import re
import shutil
from urllib.parse import quote

import pytest

from feedsite import export, media
from feedsite.document import Document, Moved
from feedsite.serving.messages import Request
from feedsite.serving.respond import respond

from .support.golden import NOW, SAMPLE, sample_site
from .support.nginx import configured, get, running
from .support.servers import Server, free_port

TOLD = (  # beside a content, whoever gives it
    "Content-Type",
    "Cache-Control",
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Access-Control-Allow-Origin",
)
OF_FEEDSITE = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".vtt", ".webp")  # which it gives itself
PRIVATE = "no reader is to see this"


class Media:
    """nginx-cache.conf with nginx-media.conf in it, before a feedsite, or where none is."""

    def __init__(self, folder):
        self.site, self.port, self.origin = folder / "site", free_port(), free_port()
        shutil.copytree(SAMPLE, self.site)
        for number, ending in enumerate(media.TYPES):
            (self.site / "audio" / f"{number} ü%{ending}").write_bytes(os.urandom(1000))
        pictures = configured(folder, "nginx-media.conf", ("/srv/news", self.site))
        self.file = configured(
            folder,
            "nginx-cache.conf",
            ("127.0.0.1:8000", f"127.0.0.1:{self.origin}"),
            ("192.0.2.2:8000", f"127.0.0.1:{free_port()}"),
            ("listen 80", f"listen 127.0.0.1:{self.port}"),
            ("/var/cache/nginx-feedsite", folder / "cache"),
            ("# include /etc/nginx/feedsite-media.conf", f"include {pictures}"),
        )

    def get(self, path, method="GET", **headers):
        return get(self.port, path, method, **headers)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Where no feedsite answers: 502 is what nginx leaves to it."""
    folder = tmp_path_factory.mktemp("alone")
    one = Media(folder)
    (folder / "private").mkdir()
    hostile = one.site / "audio"
    for name in ("a.html", "a.yaml", "a.js", ".hidden.mp3", "#a.mp3", "a.mp3~", "a", "a.mp3.exe"):
        (hostile / name).write_text(PRIVATE)
    (hostile / ".hidden").mkdir()
    for place in (hostile / ".hidden", folder / "private", one.site / "entries"):
        (place / "a.mp3").write_text(PRIVATE)
    (hostile / "folder.mp3").mkdir()
    (hostile / "passwd.mp3").symlink_to("/etc/passwd")
    (hostile / "environ.mp3").symlink_to("/proc/self/environ")
    (hostile / "own.mp3").symlink_to(folder / "private" / "a.mp3")
    (hostile / "within.mp3").symlink_to("talk.mp3")
    (hostile / "private").symlink_to("../../private")
    shutil.rmtree(one.site / "images")
    (one.site / "images").symlink_to("../private")
    os.mkfifo(hostile / "pipe.mp3")
    with running(folder, one.file, one.port):
        yield one


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Before a feedsite of the same folder."""
    folder = tmp_path_factory.mktemp("served")
    one = Media(folder)
    (one.site / "audio" / "within.mp3").symlink_to("talk.mp3")
    server = Server(one.site, port=one.origin)
    try:
        with running(folder, one.file, one.port):
            yield one
    finally:
        server.stop()


class TestMedia:
    """deploy/nginx-media.conf, in nginx-cache.conf."""

    @pytest.mark.parametrize(("number", "ending"), list(enumerate(media.TYPES)), ids=list(media.TYPES))
    def test_each_type_is_told_as_feedsite_tells_it(self, served, number, ending):
        """Whoever gives the file: content and headers are the same."""
        path = f"/audio/{number}%20%C3%BC%25{ending}"
        by_nginx, by_feedsite = served.get(path), get(served.origin, path)
        assert (by_nginx.status, by_nginx.body) == (200, by_feedsite.body)
        assert [by_nginx.getheader(name) for name in TOLD] == [by_feedsite.getheader(name) for name in TOLD]
        is_of_file = re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+"', by_nginx.getheader("ETag"))
        assert bool(is_of_file) is (ending not in OF_FEEDSITE)

    @pytest.mark.parametrize(
        "path",
        [
            *(f"/audio/{name}" for name in ("a.html", "a.yaml", "a.js", "a", "a.mp3.exe", "a.mp3~", "%23a.mp3")),
            *("/audio/.hidden.mp3", "/audio/.hidden/a.mp3", "/audio/%2ehidden/a.mp3", "/audio/", "/audio"),
            *("/audio/passwd.mp3", "/audio/environ.mp3", "/audio/own.mp3", "/audio/private/a.mp3", "/images/a.mp3"),
            *("/audio/within.mp3", "/audio/folder.mp3", "/audio/folder.mp3/", "/audio/pipe.mp3"),
            *("/audio/../entries/a.mp3", "/audio/%2e%2e/entries/a.mp3", "/audio/..%2fentries/a.mp3", "/entries/a.mp3"),
            *("/audio//talk.mp3", "//audio/talk.mp3", "/audio/talk.mp3/", "/audio/talk.mp3%0a", "/site.yaml"),
        ],
    )
    def test_whatever_else_lies_there_is_left_to_feedsite(self, alone, path):
        """Other types, hidden files, and links wherever they lead: feedsite alone knows which of them it publishes.

        Dots and slashes in percents are refused as they are.
        """
        answer = alone.get(path)
        is_odd = re.search("%2[ef]", path)
        assert (answer.status, PRIVATE.encode() in answer.body) == (400 if is_odd else 502, False)

    def test_the_file_itself_needs_no_feedsite(self, alone):
        """Whole, as a head, as a part, and as a 304."""
        whole = alone.get("/audio/talk.mp3")
        assert (whole.status, whole.body) == (200, (SAMPLE / "audio" / "talk.mp3").read_bytes())
        head = alone.get("/audio/talk.mp3", "HEAD")
        assert (head.status, head.getheader("Content-Length"), head.body) == (200, str(len(whole.body)), b"")
        part = alone.get("/audio/talk.mp3", range="bytes=10-49")
        assert (part.status, part.body) == (206, whole.body[10:50])
        assert alone.get("/audio/talk.mp3", if_none_match=whole.getheader("ETag")).status == 304

    def test_what_feedsite_publishes_beside_is_given_too(self, served):
        """A link within the site, and the 301 and 404 of other addresses."""
        assert served.get("/audio/within.mp3").body == served.get("/audio/talk.mp3").body
        doubled = served.get("/audio//talk.mp3")
        assert (doubled.status, doubled.getheader("Location")) == (301, "/audio/talk.mp3")
        assert served.get("/audio/nowhere.mp3").status == 404

    def test_other_methods_are_feedsites_to_answer(self, served):
        """204 with the methods, and 405."""
        assert served.get("/audio/talk.mp3", "OPTIONS").status == 204
        assert served.get("/audio/talk.mp3", "POST", content_length="0").getheader("Allow") == "GET, HEAD, OPTIONS"


class Static:
    """nginx-static.conf over a build of the sample."""

    def __init__(self, folder):
        self.public, self.port = folder / "public", free_port()
        self.file = configured(
            folder,
            "nginx-static.conf",
            ("/srv/public", self.public),
            ("listen 80", f"listen 127.0.0.1:{self.port}"),
        )
        for _ in export.write(sample_site(), self.public):
            pass

    def get(self, path, **headers):
        return get(self.port, path, **headers)


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    one = Static(folder)
    (folder / "secret.png").write_text(PRIVATE)
    (one.public / "images" / "link.png").symlink_to(folder / "secret.png")
    for ending in media.TYPES:
        (one.public / "audio" / f"a{ending}").write_bytes(b"x")
    for name in (".well-known", ".git", "audio/.hidden"):
        (one.public / name).mkdir(exist_ok=True)
        (one.public / name / "a.txt").write_text(PRIVATE)
    with running(folder, one.file, one.port):
        yield one


SITE = sample_site()
QUOTED = {path: quote(path, safe="/~") for path in SITE}


def by_feedsite(path):
    response = respond(Request("GET", path, {"host": "news.example"}), SITE, NOW)
    return response.status, dict(response.headers), response.body


class TestStatic:
    """deploy/nginx-static.conf."""

    @pytest.mark.parametrize("path", [path for path in SITE if isinstance(SITE[path], Document)])
    def test_each_document_is_told_as_feedsite_tells_it(self, static, path):
        """Status, content and headers, of pages, feeds, pictures, style and script."""
        status, told, body = by_feedsite(path)
        answer = static.get(QUOTED[path])
        assert (answer.status, answer.body) == (status, body)
        assert {name: answer.getheader(name) for name in TOLD} == {name: told.get(name) for name in TOLD}

    @pytest.mark.parametrize("ending", media.TYPES)
    def test_each_picture_and_recording_has_its_type(self, static, ending):
        """Those that feedsite publishes, by the end of a file's name."""
        assert static.get(f"/audio/a{ending}").getheader("Content-Type") == media.TYPES[ending]

    @pytest.mark.parametrize("path", [path for path in SITE if isinstance(SITE[path], Moved)])
    def test_a_former_address_leads_on(self, static, path):
        """That of a feed by 301, as feedsite does; an article's by the page that was written there."""
        answer, location = static.get(path), SITE[path].location
        if answer.getheader("Location") == f"{path}/":
            answer = static.get(f"{path}/")
        if location.startswith("/feed."):
            assert (answer.status, answer.getheader("Location")) == (301, location)
        else:
            assert (answer.status, f"url={location}".encode() in answer.body) == (200, True)

    @pytest.mark.parametrize(
        ("path", "location"),
        [
            ("/2021/07/night-trains", "/2021/07/night-trains/"),
            ("//feed.rss", "/feed.rss"),
            ("//", "/"),
            ("///images//dot.png", "/images//dot.png"),
            ("/2021//07/%E6%97%A5%E6%9C%AC/", "/2021/07/%E6%97%A5%E6%9C%AC/"),
            ("//evil.example/", "/evil.example/"),
        ],
    )
    def test_a_lost_or_doubled_slash_leads_on(self, static, path, location):
        """To a path of this site: Location names no host, for it would be the one that the request named."""
        answer = static.get(path)
        assert (answer.status, answer.getheader("Location")) == (301, location)

    @pytest.mark.parametrize("start", ["\\", "%5C", "%09/", "%0a/", "%0d%0aX:%20y/", "%2f", "%00", "%20/"])
    def test_no_path_leads_to_another_host(self, static, start):
        """A browser takes a backslash for a slash, and skips tabs and ends of lines."""
        for path in (f"/{start}evil.example//", f"//{start}evil.example/", f"/{start}/evil.example//x"):
            location = static.get(path).getheader("Location") or "/"
            assert re.match(r"/(?![/\\%]|\s)", f"{location}x"), (path, location)

    @pytest.mark.parametrize(
        "path",
        [
            *("/.feedsite/written.json", "/.feedsite/", "/.feedsite", "/%2efeedsite/written.json", "/.git/a.txt"),
            *("/audio/.hidden/a.txt", "/.well-known/.hidden", "/images/link.png", "/images/", "/static/", "/404.html"),
            *("/nowhere", "/../secret.png", "/images/..%2f..%2fsecret.png"),
        ],
    )
    def test_what_is_not_published_is_not_found(self, static, path):
        """Hidden folders, such as the memory of builds, links, lists of a folder's files: 404, and the site's page."""
        answer = static.get(path)
        assert answer.status in ({400, 404} if ".." in path else {404})
        assert answer.status == 400 or answer.body == SITE.not_found.body
        assert PRIVATE.encode() not in answer.body

    def test_what_an_operator_lays_beside_is_given(self, static):
        """What stands below /.well-known/ (RFC 8615)."""
        assert static.get("/.well-known/a.txt").body == PRIVATE.encode()

    def test_feeds_come_packed_to_who_takes_that(self, static):
        """gzip, and the tag says that it is another representation."""
        answer = static.get("/feed.rss", accept_encoding="gzip")
        assert (answer.getheader("Content-Encoding"), answer.getheader("Vary")) == ("gzip", "Accept-Encoding")
