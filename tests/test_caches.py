"""Varnish and nginx in front of two machines, with the files of deploy/ as they are: what docs/deploy.md promises.

Their clock is moved (cache_clock.c), so that a minute passes at once; everything else is real.
"""

import filecmp
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from feedsite import sharing, surrogate
from feedsite.changes import State
from feedsite.cli import main
from feedsite.document import CODINGS, SeeOther
from feedsite.folder.indexfile import folder as cache_folder
from feedsite.notifying.purging import SENT, Published, purge

from .support.articles import article
from .support.builders import differing, entry, fingerprints
from .support.golden import NOW, SAMPLE, sample_site
from .support.hub import RecordingHub
from .support.nginx import command as nginx_command
from .support.nginx import configured, get, is_open
from .support.programs import missing, needed
from .support.requests import UNPACKED
from .support.rows import listing
from .support.servers import TOKEN, Server, free_port
from .support.waiting import until

FEEDS = ("/feed.rss", "/feed.atom", "/feed.json")
TRAINS = "/2021/07/night-trains/"
DRAFT, PUBLIC = "tag:sample.example,2021-07-05:draft", "tag:sample.example,2021-07-05:japan-taiwan"
KEY = b"0123456789abcdef"  # of signed addresses
FRESH, STALE, DAY = 60, 60, 86400  # seconds: s-maxage, stale-while-revalidate, stale-if-error
LEEWAY = 20  # seconds that a test may take
WITHOUT_CACHE = shutil.ignore_patterns(".feedsite")  # what another test serves there changes while it is copied


def copy_changed(source, target):
    """Copies a file that differs: a server reads each one again that is written."""
    if not (os.path.exists(target) and filecmp.cmp(source, target, shallow=False)):
        shutil.copy2(source, target)


class Clock:
    """The clock of the caches, ahead of the system's; it never goes back."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.library = folder / "clock.so"
        self.ahead = 0
        source = Path(__file__).with_name("cache_clock.c")
        subprocess.run([needed("cc"), "-shared", "-fPIC", "-o", self.library, source], check=True)
        self.pass_by(0)

    @property
    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(self.library), "MOVED_CLOCK": str(self.file)}

    def pass_by(self, seconds):
        self.ahead += seconds
        part = self.file.with_suffix(".part")
        part.write_text(str(self.ahead))
        part.replace(self.file)


class Origins:
    """Two machines with the same files."""

    def __init__(self, folder, **environment):
        self.folders = [folder / name / "site" for name in ("one", "two")]
        self.ports = [free_port(), free_port()]
        self.environment = environment
        self.servers = [None, None]

    def begin(self):
        """Both serve the sample, and remember of no cache that it was purged."""
        for folder in self.folders:
            (cache_folder(folder, {}) / SENT).unlink(missing_ok=True)
            for path in (folder / "entries").glob("*.y*ml"):
                if not (SAMPLE / "entries" / path.name).exists():
                    path.unlink()
            shutil.copytree(SAMPLE, folder, dirs_exist_ok=True, ignore=WITHOUT_CACHE, copy_function=copy_changed)
        for number, folder in enumerate(self.folders):
            if self.servers[number] is None:
                self.servers[number] = Server(folder, port=self.ports[number], **self.environment)
        front = sample_site(datetime.now(UTC))["/feed.json"].etag()
        for told in (front, "max-age=300, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"):
            self.until(lambda server, told=told: told in server.get("/feed.json").headers.values())

    def save(self, name, text):
        """An editor's file reaches both machines, one after the other; returns when both serve it."""
        for folder in self.folders:
            (folder / "entries" / name).write_text(text)
        title = re.search(r"title: (.*)", text)[1].strip('"').encode()
        self.until(lambda server: title in server.get("/feed.json").body)

    def until(self, claim):
        for server in self.servers:
            until(lambda server=server: claim(server), patience=20)

    def kill(self, *numbers):
        """kill -9 of the whole machine."""
        for number in numbers or (0, 1):
            server = self.servers[number]
            server.kill()
            self.servers[number] = None
            until(lambda port=self.ports[number]: not is_open(port))

    def stop(self):
        for server in filter(None, self.servers):
            server.stop()


class Cache:
    """A cache in front of two origins. `command` runs it, as `configured` has prepared its file."""

    def __init__(self, folder, origins, clock):
        self.folder = folder
        self.origins = origins
        self.clock = clock
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None

    def run(self):
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                self.command(), env=self.clock.environment, stdout=log, stderr=subprocess.STDOUT
            )
        until(lambda: is_open(self.port), patience=20)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def get(self, path, method="GET", **headers):
        return get(self.port, path, method, **headers)

    def configured(self, name, *changes):
        return configured(self.folder, name, *changes)


class Varnish(Cache):
    def command(self):
        first, second = self.origins.ports
        file = self.configured(
            "varnish.vcl",
            ('"127.0.0.1";\n    .port = "8000"', f'"127.0.0.1";\n    .port = "{first}"'),
            ('"192.0.2.2";\n    .port = "8000"', f'"127.0.0.1";\n    .port = "{second}"'),
            (".interval = 2s", ".interval = 0.2s"),  # each test waits until two probes have found both origins
        )
        listen = ["-a", f"127.0.0.1:{self.port}", "-s", "malloc,32m", "-j", "none", "-n", self.folder / "work"]
        return [needed("varnishd"), "-F", "-f", file, *listen]

    def begin(self):
        """It holds nothing, and has found both origins well twice: for a moment after a failure it asks nobody."""
        if not self.process:
            self.run()
        self.tell("ban", "obj.status", "!=", "0")
        well = r"boot\.(?:first|second) .* 2/2 +healthy"
        until(lambda: len(re.findall(well, self.tell("backend.list"))) == 2, patience=20)

    def count(self, name):
        program = [needed("varnishstat"), "-n", self.folder / "work", "-1", "-f", name]
        return int(subprocess.run(program, capture_output=True, text=True, check=True).stdout.split()[1])

    def tell(self, *words):
        program = [needed("varnishadm"), "-n", self.folder / "work", *words]
        return subprocess.run(program, capture_output=True, text=True, check=True).stdout


class Nginx(Cache):
    def command(self):
        first, second = self.origins.ports
        site = self.configured(
            "nginx-cache.conf",
            ("127.0.0.1:8000", f"127.0.0.1:{first}"),
            ("192.0.2.2:8000", f"127.0.0.1:{second}"),
            ("listen 80", f"listen 127.0.0.1:{self.port}"),
            ("/var/cache/nginx-feedsite", self.folder / "cache"),
        )
        return nginx_command(self.folder, site)

    def begin(self):
        """It holds nothing."""
        self.stop()
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.run()


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    """The origins and both caches, begun when a test first asks for them."""
    folder = tmp_path_factory.mktemp("caches")
    needed("varnishd"), needed("nginx")
    if not any(Path("/usr/lib").glob("*/varnish/vmods/libvmod_xkey.so")):
        missing("varnish-modules")
    clock, origins = Clock(folder), Origins(folder, FEEDSITE_SHARE_SECRET=KEY.decode())
    caches = {}
    for kind in (Varnish, Nginx):
        (folder / kind.__name__).mkdir()
        caches[kind.__name__.lower()] = kind(folder / kind.__name__, origins, clock)
    yield caches
    for cache in caches.values():
        cache.stop()
    origins.stop()


def begun(machines, name):
    machines[name].origins.begin()
    machines[name].begin()
    return machines[name]


@pytest.fixture(params=["varnish", "nginx"])
def cache(request, machines):
    """Each cache in turn, empty, before two origins that serve the sample."""
    return begun(machines, request.param)


@pytest.fixture
def varnish(machines):
    return begun(machines, "varnish")


def changed(origins, title="A word is mended"):
    """The article about night trains with another title, on both machines."""
    text = (SAMPLE / "entries" / "2021-07-04-night-trains.yaml").read_text()
    origins.save("2021-07-04-night-trains.yaml", re.sub("^title: .*$", f"title: {title}", text, flags=re.MULTILINE))
    return title.encode()


def renamed(origins, title="The Changed"):
    """The whole site under another title, on both machines."""
    for folder in origins.folders:
        path = folder / "site.yaml"
        path.write_text(re.sub("^title: .*$", f"title: {title}", path.read_text(), flags=re.MULTILINE))
    origins.until(lambda server: title.encode() in server.get("/feed.rss").body)
    return title.encode()


def test_two_machines_give_the_same_bytes_and_tags(machines):
    """Whichever a cache asks, and whichever it asks next: the answer has the same status, tag and content."""
    origins = machines["varnish"].origins
    origins.begin()
    for path in [*sample_site(), "/nowhere", "/feed"]:
        for accepted in (*CODINGS, None):
            asked = {"Accept-Encoding": accepted, "Via": "1.1 cache"} if accepted else {}
            one, other = (get(port, quote(path), raw=tuple(asked.items())) for port in origins.ports)
            told = [
                (part.status, part.getheader("ETag"), part.getheader("Surrogate-Key"), part.body)
                for part in (one, other)
            ]
            assert told[0] == told[1], path


def filled(origins, count):
    """So many articles in each feed of both machines, half a day apart, and their files' names, the newest first."""
    names = []
    for number in range(count):
        at = datetime(2026, 11, 22, 9, tzinfo=UTC) - timedelta(hours=12 * number)
        text = article(f"Number {number}", published=at.isoformat(), id=f"tag:news.example,2026:{number}")
        names.append(f"number-{number}.yaml")
        for folder in origins.folders:
            (folder / "entries" / names[-1]).write_text(text)
    for folder in origins.folders:
        path = folder / "site.yaml"
        path.write_text(re.sub("^window: .*$", f"window: {count}", path.read_text(), flags=re.MULTILINE))
    origins.until(lambda server: server.get("/feed.rss").body.count(b"<title>Number ") == count)
    return names


def silently_mended(path):
    path.write_text(path.read_text().replace("title: Number", "title: Mended"))


def deleted(path):
    path.unlink()


def back_dated(path):
    """Beside the article another one, of half an hour before."""
    text = path.read_text().replace("title: Number", "title: Late").replace("2026:", "2026:late-")
    path.with_name(f"late-{path.name}").write_text(text.replace(":00:00+", ":00:01+"))


@pytest.mark.parametrize("count", [8, 50, 300])
def test_every_change_arrives_whether_a_date_tells_it_or_not(cache, count):
    """A mended word, a deletion, an article of an earlier day: none of them moves any article's date.

    nginx keeps no ETag of more than 128 bytes, and then asks by date alone (ngx_http_upstream_cache).
    """
    names = filled(cache.origins, count)
    for change, number, path in (
        (silently_mended, 3, "/feed.json"),
        (deleted, 4, "/feed.atom"),
        (back_dated, 5, "/feed.rss"),
    ):
        before = {feed: cache.get(feed) for feed in (*FEEDS, "/")}
        for folder in cache.origins.folders:
            change(folder / "entries" / names[number])
        cache.origins.until(lambda server, path=path, before=before: server.get(path).body != before[path].body)
        cache.clock.pass_by(FRESH + STALE + 1)
        for feed, held in before.items():
            told = {"if_none_match": held.getheader("ETag"), "if_modified_since": held.getheader("Last-Modified")}
            by_date = {"if_modified_since": held.getheader("Last-Modified")}
            for asked in ({}, told, by_date):
                answer = cache.get(feed, **{name: value for name, value in asked.items() if value})
                assert (answer.status, answer.body) == (200, cache.origins.servers[0].get(feed).body), (change, feed)


class TestFreshness:
    """RFC 9111 5.2.2.10, RFC 5861: Cache-Control as feedsite tells it, and nothing that the files add."""

    def test_what_is_kept_is_served_for_a_minute(self, cache):
        """The origins have changed long before; the reader is told the old, and waits for nobody."""
        before = cache.get("/feed.rss").body
        changed(cache.origins)
        cache.clock.pass_by(FRESH - LEEWAY)
        assert cache.get("/feed.rss").body == before

    def test_then_one_reader_gets_the_old_at_once_and_the_next_the_new(self, cache):
        """stale-while-revalidate."""
        before = cache.get("/feed.rss").body
        title = changed(cache.origins)
        cache.clock.pass_by(FRESH + STALE - LEEWAY)
        assert cache.get("/feed.rss").body == before
        until(lambda: title in cache.get("/feed.rss").body)

    def test_after_another_minute_everybody_gets_the_new(self, cache):
        """The first who asks waits for it."""
        cache.get("/feed.rss")
        title = changed(cache.origins)
        cache.clock.pass_by(FRESH + STALE + 1)
        assert title in cache.get("/feed.rss").body

    def test_what_did_not_change_is_only_confirmed(self, cache):
        """The cache asks with the tag that it holds, and the age begins anew."""
        before = cache.get("/feed.rss")
        cache.clock.pass_by(FRESH + STALE + 1)
        after = cache.get("/feed.rss")
        assert (after.body, after.getheader("ETag")) == (before.body, before.getheader("ETag"))
        cache.origins.kill()
        cache.clock.pass_by(FRESH - LEEWAY)
        assert cache.get("/feed.rss").body == before.body

    def test_where_it_may_serve_nothing_stale_it_serves_nothing_stale(self, cache):
        """Six minutes before an article is due stale-while-revalidate shrinks to nothing."""
        due = datetime.now(UTC) + timedelta(seconds=FRESH + LEEWAY)
        for folder in cache.origins.folders:
            (folder / "entries" / "due.yaml").write_text(article(published=due.isoformat(timespec="seconds")))
        told = "stale-while-revalidate=0,"
        cache.origins.until(lambda server: told in server.get("/feed.rss").getheader("Cache-Control"))
        assert told in cache.get("/feed.rss").getheader("Cache-Control")
        title = changed(cache.origins)
        cache.clock.pass_by(FRESH + 1)
        assert title in cache.get("/feed.rss").body

    def test_varnish_tells_the_age(self, varnish):
        """RFC 9111 5.1: whoever keeps it next counts on. nginx tells none."""
        assert varnish.get("/feed.rss").getheader("Age") == "0"
        varnish.clock.pass_by(50)
        assert int(varnish.get("/feed.rss").getheader("Age")) in range(50, 60)


class TestReaders:
    """Whoever asks gets what the site itself would have told, or its like; whatever others asked before."""

    def test_every_path_holds_what_the_origins_give(self, cache):
        """Status, type and content are the same, in a coding that was accepted, whoever asked before for another."""
        accepted = {"br": "br", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip", "zstd": None, None: None}
        kept = (path for path, resource in sample_site().items() if not isinstance(resource, SeeOther))
        for path in [*map(quote, kept), "/nowhere", "/feed", "/2021/07/night-trains"]:
            plain = get(cache.origins.ports[0], path)
            is_packed = get(cache.origins.ports[0], path, accept_encoding="br").getheader("Content-Encoding")
            for asked, coding in [*accepted.items(), *reversed(accepted.items())]:
                answer = cache.get(path, **({"accept_encoding": asked} if asked else {}))
                assert answer.getheader("Content-Encoding") == (is_packed and coding), (path, asked)
                assert UNPACKED[is_packed and coding](answer.body) == plain.body, (path, asked)
                for name in ("Content-Type", "Location"):
                    assert answer.getheader(name) == plain.getheader(name), (path, asked)
                assert answer.status == plain.status

    def test_each_choice_of_feeds_leads_to_its_own_mix(self, cache):
        """The one form of the site: its query reaches the site, and no answer to it is kept."""
        for name in ("world", "culture", "world"):
            answer = cache.get(f"/mix/?of={name}")
            assert (answer.status, answer.getheader("Location")) == (303, f"/{name}/")
        assert cache.get("/mix/").getheader("Location") == "/feeds/"

    def test_each_search_finds_its_own(self, cache):
        """The other form: page, feed, a mistyped address, and one who asks while another one still waits."""
        for path in ("/search/?q=trains", "/search/feed.atom?q=trains", "/search/?q=none", "/search/", "/search?q=a"):
            answer, direct = cache.get(path), get(cache.origins.ports[0], path)
            for name in ("Cache-Control", "Location", "Content-Type"):
                assert answer.getheader(name) == direct.getheader(name), path
            assert (answer.status, answer.body) == (direct.status, direct.body), path
        cache.origins.kill()
        with instead(cache.origins.ports, 200, meeting=threading.Barrier(2)):
            until(lambda: cache.get("/healthz").status == 200, patience=20)
            with ThreadPoolExecutor(2) as readers:
                answers = list(readers.map(cache.get, ("/search/?q=a", "/search/?q=b")))
        assert [answer.status for answer in answers] == [200, 200]

    def test_a_signed_address_opens_its_draft_and_nobody_keeps_it(self, cache):
        """As the machine answers: whole, for one reader, never once it is over; the same where it leads on."""
        until_then = datetime.now(UTC) + timedelta(hours=1)
        for one, status in ((DRAFT, 200), (PUBLIC, 303), ("tag:a,2026:nobody", 404)):
            path = sharing.path(one, until_then, KEY)
            answer, direct = cache.get(path), get(cache.origins.ports[0], path)
            assert (answer.status, answer.body) == (direct.status, direct.body)
            assert answer.status == status
            for name in ("Location", "Cache-Control", "Referrer-Policy", "X-Robots-Tag"):
                assert answer.getheader(name) == direct.getheader(name), (one, name)
        path = sharing.path(DRAFT, until_then, KEY)
        cache.origins.kill()
        assert cache.get(path).status in (502, 503)

    @pytest.mark.parametrize("coding", ["br", "gzip", None])
    def test_who_has_it_is_told_so(self, cache, coding):
        """304: for the tag that the cache told, one of several, or the date; from a copy, and where there is none."""
        asked = {"accept_encoding": coding} if coding else {}
        cache.origins.until(lambda server: server.get("/feed.rss").getheader("Last-Modified"))
        known = cache.get("/feed.rss", **asked)
        tag = known.getheader("ETag")
        for condition in (
            {"if_none_match": tag},
            {"if_none_match": f'"older", {tag}'},
            {"if_none_match": f'{tag}, W/"older"'},
            {"if_modified_since": known.getheader("Last-Modified")},
        ):
            again = cache.get("/feed.rss", **asked, **condition)
            assert (again.status, again.body) == (304, b""), condition
        cache.begin()
        assert cache.get("/feed.rss", **asked, if_none_match=tag).status == 304
        assert cache.get("/feed.rss", **asked, if_none_match='"older"').body == known.body

    def test_a_304_tells_little_more_than_the_tag(self, varnish):
        """Most of what aggregators ask is answered so: Varnish has not to repeat what the copy of the content is."""
        tag = varnish.get("/feed.rss", accept_encoding="gzip").getheader("ETag")
        answer = varnish.get("/feed.rss", accept_encoding="gzip", if_none_match=tag)
        assert {name.lower() for name in answer.headers} == {
            *("etag", "cache-control", "vary", "age", "date"),
            *("access-control-allow-origin", "accept-ranges", "connection"),
        }

    def test_a_part_is_a_part(self, cache):
        """Of a picture that is kept, and of a recording that is not."""
        for path in ("/images/mark.svg", "/audio/talk.mp3"):
            whole = get(cache.origins.ports[0], path).body
            for _ in range(2):
                part = cache.get(path, range="bytes=10-49")
                assert (part.status, part.body) == (206, whole[10:50])
                assert part.getheader("Content-Range") == f"bytes 10-49/{len(whole)}"

    def test_head_tells_the_same_without_content(self, cache):
        """RFC 9110 9.3.2, before and after there is a copy."""
        for _ in range(2):
            head = cache.get("/feed.rss", "HEAD", accept_encoding="br")
            whole = cache.get("/feed.rss", accept_encoding="br")
            assert (head.status, head.body) == (200, b"")
            assert (head.getheader("ETag"), head.getheader("Content-Length")) == (
                whole.getheader("ETag"),
                str(len(whole.body)),
            )

    def test_head_tells_of_the_whole_where_a_range_is_named(self, varnish):
        """RFC 9110 14.2: of a recording, which is not kept, and of a picture, before and after there is a copy."""
        for path in ("/audio/talk.mp3", "/images/dot.png", "/images/dot.png"):
            head = varnish.get(path, "HEAD", range="bytes=10-49")
            assert (head.status, head.body, head.getheader("Content-Range")) == (200, b"", None), path

    def test_other_methods_reach_the_site(self, cache):
        """A preflight is answered, and nothing can be posted; neither becomes what readers get."""
        assert cache.get("/feed.rss", "OPTIONS", origin="https://reader.example").status == 204
        assert cache.get("/feed.rss", "POST", content_length="0").status == 405
        tunnelled = cache.get("/feed.rss", "BREW")
        assert (tunnelled.status, tunnelled.getheader("Server") == "granian") == (405, False)
        assert cache.get("/feed.rss").status == 200

    def test_no_delta_reaches_anybody(self, cache):
        """RFC 3229 5.5: who asks for one through a cache gets the whole, and so does whoever comes after."""
        held = get(cache.origins.ports[0], "/feed.json", a_im="feed").getheader("ETag")
        changed(cache.origins)
        assert get(cache.origins.ports[0], "/feed.json", a_im="feed", if_none_match=held).status == 226
        whole = get(cache.origins.ports[0], "/feed.json")
        for _ in range(2):
            answer = cache.get("/feed.json", a_im="feed", if_none_match=held)
            assert (answer.status, answer.body) == (200, whole.body)
            assert cache.get("/feed.json").body == whole.body

    def test_nor_when_what_is_kept_is_asked_for_again(self, cache):
        """The cache names its own version then; to who said A-IM, the site would tell what the cache lacks."""
        held = cache.get("/feed.json").getheader("ETag")
        changed(cache.origins)
        cache.clock.pass_by(FRESH + STALE + 1)
        answer = cache.get("/feed.json", a_im="feed", if_none_match=held.removeprefix("W/"))
        assert (answer.status, answer.body) == (200, get(cache.origins.ports[0], "/feed.json").body)

    @pytest.mark.parametrize("is_person_first", [True, False])
    def test_a_person_gets_the_page_and_a_reader_the_feed(self, cache, is_person_first):
        """At one address, whoever comes first."""
        for is_person in [is_person_first, not is_person_first] * 2:
            answer = cache.get("/feed.rss", sec_fetch_dest="document" if is_person else "empty")
            assert answer.getheader("Content-Type").startswith("text/html" if is_person else "application/rss+xml")

    def test_a_doubled_field_gives_nobody_else_a_feed(self, cache):
        """Whoever says that he is a person and that he is none gets something; every other person gets the page."""
        twice = (("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Dest", "empty"))
        cache.get("/feed.rss", raw=twice)
        cache.get("/feed.rss", raw=twice[::-1])
        for is_person, kind in ((True, "text/html"), (False, "application/rss+xml")):
            answer = cache.get("/feed.rss", sec_fetch_dest="document" if is_person else "empty")
            assert answer.getheader("Content-Type").startswith(kind)

    def test_persons_do_not_wait_for_one_another(self, machines, tmp_path):
        """The page is private: nginx fetches it for each of them at once. The origin answers two together, or none."""
        together = threading.Barrier(2)

        class Page(BaseHTTPRequestHandler):
            def do_GET(self):
                with suppress(threading.BrokenBarrierError):
                    together.wait(4)
                self.send_response(500 if together.broken else 200)
                self.send_header("Cache-Control", "private, max-age=300")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        origin = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        serving = threading.Thread(target=origin.serve_forever, args=(0.01,))
        serving.start()
        nginx = Nginx(tmp_path, SimpleNamespace(ports=[origin.server_port, free_port()]), machines["nginx"].clock)
        try:
            nginx.run()
            with ThreadPoolExecutor(2) as persons:
                answers = [persons.submit(nginx.get, "/feed.rss", sec_fetch_dest="document") for _ in range(2)]
            assert [answer.result().status for answer in answers] == [200, 200]
        finally:
            nginx.stop()
            origin.shutdown()
            serving.join()
            origin.server_close()

    @pytest.mark.parametrize("path", ["/", TRAINS, "/images/dot.png"])
    def test_what_a_browser_opens_is_kept(self, cache, path):
        """It sends Sec-Fetch-Dest: document with every page, and is answered from the copy while no machine answers."""
        before = cache.get(path, sec_fetch_dest="document")
        cache.origins.kill()
        answer = cache.get(path, sec_fetch_dest="document")
        assert (answer.status, answer.body) == (200, before.body)
        assert cache.get(path).body == before.body

    def test_another_date_confirms_nothing(self, cache):
        """A date names one version alone: a later one may be that of another machine's former version."""
        cache.origins.until(lambda server: server.get("/feed.rss").getheader("Last-Modified"))
        known = cache.get("/feed.rss")
        later = parsedate_to_datetime(known.getheader("Last-Modified")) + timedelta(seconds=1)
        answer = cache.get("/feed.rss", if_modified_since=format_datetime(later, usegmt=True))
        assert (answer.status, answer.body) == (200, known.body)

    @pytest.mark.parametrize("path", ["/%61udio/talk.mp3", "/audio%2Ftalk.mp3", "/%73tatus", "//%61udio/talk.mp3"])
    def test_no_letter_in_percents_passes_by_a_rule(self, cache, path):
        """Varnish sees /%61udio/ where the site sees /audio/: what no reader sends is refused."""
        assert cache.get(path, authorization=f"Bearer {TOKEN}").status == 400
        assert cache.get("/%E3%81%82").status == 404

    @pytest.mark.parametrize("path", ["/images/%64ot.png", "/images/d%6Ft.png", "/images/dot%2Epng", "/2021%2f07/x/"])
    def test_a_path_has_one_spelling(self, cache, path):
        """Another one would be another copy, and as many of them as somebody likes would throw everything else out."""
        assert cache.get(path).status == 400
        assert cache.get(f"/images/dot.png?{path}").status == 200

    @pytest.mark.parametrize("address", ["https://a.example/audio/talk.mp3", "ftp://a.example/", "a.example:80", "x"])
    def test_no_address_passes_by_a_rule(self, varnish, address):
        """Varnish takes the host out of http://host/path alone; what is left of others is no path, nor kept."""
        kept = varnish.count("MAIN.n_object")
        assert varnish.get(address).status == 400
        assert varnish.count("MAIN.n_object") == kept
        assert varnish.get("http://a.example/feed.rss").status == 200

    def test_of_what_is_packed_there_is_no_part(self, varnish):
        """Two machines may pack a byte differently under one tag, also of a drawing."""
        for path in ("/feed.rss", "/images/mark.svg"):
            answer = varnish.get(path, accept_encoding="gzip", range="bytes=10-49")
            assert (answer.status, answer.getheader("Content-Range")) == (200, None)

    def test_slow_readers_of_recordings_take_no_memory(self, varnish):
        """Twelve of them ask for 40 MB each and read none of it."""
        for folder in varnish.origins.folders:
            with (folder / "audio" / "long.mp3").open("wb") as file:
                file.truncate(40_000_000)
        varnish.origins.until(lambda server: server.get("/audio/long.mp3", "HEAD").status == 200)
        request = b"GET /audio/long.mp3 HTTP/1.1\r\nHost: x\r\n\r\n"
        readers = [socket.create_connection(("127.0.0.1", varnish.port)) for _ in range(12)]
        for reader in readers:
            reader.sendall(request)
            assert reader.recv(12) == b"HTTP/1.1 200"
        most = 0
        until_then = time.monotonic() + 1
        while time.monotonic() < until_then:
            most = max(most, varnish.count("SMA.Transient.g_bytes"))
        for reader in readers:
            reader.close()
        assert most < 10_000_000

    def test_the_page_is_kept_for_nobody(self, cache):
        """It is private: of a change the next person sees it, while the feed's copy still stands."""
        person = {"sec_fetch_dest": "document"}
        page, feed = cache.get("/feed.rss", **person), cache.get("/feed.rss")
        assert page.getheader("Cache-Control").startswith("private")
        name = renamed(cache.origins)
        assert name in cache.get("/feed.rss", **person).body
        assert cache.get("/feed.rss").body == feed.body

    @pytest.mark.parametrize(
        ("path", "raw"),
        [
            ("/feed.rss", [("Accept_Encoding", "br")]),
            ("/feed.rss", [("Sec-Fetch-Dest", "Document")]),
            ("/feed.rss", [("Sec_Fetch_Dest", "document")]),
            ("/feed.rss", [("Sec-Fetch_Dest", "document")]),
            ("/feed.rss", [("Range", "bytes=0-9")]),
            ("/feed.rss", [("If_None_Match", "*")]),
            ("/feed.rss", [("If-None-Match", "*")]),
            ("/feed.rss", [("If-Match", '"x"')]),
            ("/feed.rss", [("Host", "evil.example")]),
            ("/feed.rss", [("Host", "<script>")]),
            ("/feed.rss", [("X-Forwarded-Host", "evil.example")]),
            ("/feed.rss", [("Coding", "gzip"), ("Origin-Failed", "yes")]),
            ("/feed.rss", [("X-HTTP-Method-Override", "POST")]),
            ("//feed.rss", []),
            ("/feed.rss/", []),
            ("/./feed.rss", []),
            ("/x/../feed.rss", []),
            ("/feed.rss?a=b", [("Accept-Encoding", "nonsense;;")]),
            ("http://evil.example/feed.rss", []),
        ],
    )
    def test_what_one_asks_harms_no_other(self, cache, path, raw):
        """A copy that was made for an odd request is none that anybody else could be hurt by."""
        plain = get(cache.origins.ports[0], "/feed.rss").body
        cache.get(path, raw=raw)
        for _ in range(2):
            answer = cache.get("/feed.rss")
            assert (answer.status, answer.getheader("Content-Encoding"), answer.body) == (200, None, plain)
        page = cache.get("/feed.rss", sec_fetch_dest="document")
        assert page.getheader("Content-Type").startswith("text/html")

    def test_a_drawing_is_packed_for_those_who_take_it(self, cache):
        """SVG is text: who takes br gets br, and nobody else does, whoever asked first."""
        drawing = b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<path d='M0 0h9'/>" * 50 + b"</svg>"
        for folder in cache.origins.folders:
            (folder / "images" / "map.svg").write_bytes(drawing)
        cache.origins.until(lambda server: server.get("/images/map.svg").status == 200)
        for coding in ("br", "gzip", None, "br"):
            answer = cache.get("/images/map.svg", **({"accept_encoding": coding} if coding else {}))
            assert answer.getheader("Content-Encoding") == coding
            assert UNPACKED[coding](answer.body) == drawing
        for folder in cache.origins.folders:
            (folder / "images" / "map.svg").unlink()

    def test_what_a_machine_tells_of_itself_is_kept_for_nobody(self, cache):
        """A stranger's 404 of /status is not the operator's."""
        cache.origins.kill()
        with instead(cache.origins.ports, 200) as asked:
            until(lambda: cache.get("/healthz").status == 200, patience=20)
            for path in ("/healthz", "/status"):
                before = sum("X-Forwarded-For" in headers for headers in asked)
                cache.get(path), cache.get(path)
                assert sum("X-Forwarded-For" in headers for headers in asked) == before + 2

    def test_the_site_is_asked_nothing_that_it_would_take_for_something_else(self, cache):
        """Some servers join Accept_Encoding to Accept-Encoding, and the cache would keep what it never asked for."""
        raw = [("Accept_Encoding", "zstd"), ("Sec-Fetch_Dest", "document"), ("A_IM", "feed"), ("A-IM", "feed")]
        cache.origins.kill()
        with instead(cache.origins.ports, 200) as asked:
            until(lambda: cache.get("/feed.rss", raw=raw).status == 200, patience=20)
        seen = {name.lower() for headers in asked if "X-Forwarded-For" in headers for name in headers}
        assert seen
        assert not [name for name in seen if "_" in name]
        assert "a-im" not in seen or "via" in seen

    def test_nobody_can_ask_for_the_old(self, varnish):
        """The fields by which the cache talks to itself are not for readers."""
        varnish.get("/feed.rss")
        title = changed(varnish.origins)
        varnish.clock.pass_by(FRESH + STALE + 1)
        assert title in varnish.get("/feed.rss", raw=[("Origin-Failed", "yes"), ("Coding", "gzip")]).body

    def test_a_recording_is_kept_by_neither(self, cache):
        """One of them would push everything else out."""
        before = cache.get("/audio/talk.mp3").body
        for folder in cache.origins.folders:
            (folder / "audio" / "talk.mp3").write_bytes(before[::-1])
        cache.origins.until(lambda server: server.get("/audio/talk.mp3").body != before)
        assert cache.get("/audio/talk.mp3").body == before[::-1]

    def test_queries_and_cookies_make_no_other_copy(self, cache):
        """The site looks at neither: who counts his readers by them costs nobody anything."""
        before = cache.get("/feed.rss").body
        changed(cache.origins)
        assert cache.get("/feed.rss?utm_source=x", cookie="a=b").body == before


class TestNeverDown:
    """Machines are killed as by a power cut (kill -9), one or all."""

    def test_with_one_machine_left_everything_is_served(self, cache):
        """Whichever it is, from the first request on, what is kept and what is not."""
        for number in (0, 1):
            cache.origins.begin()
            cache.begin()
            kept = cache.get("/feed.rss").body
            cache.origins.kill(number)
            assert cache.get("/feed.rss").body == kept
            assert [cache.get(path).status for path in (*FEEDS, "/", TRAINS)] == [200] * 5

    def test_with_no_machine_left_feeds_are_served_for_a_day(self, cache):
        """stale-if-error: at once, when the copy is out of date, when the cache has noticed, and hours later."""
        paths = [*FEEDS, "/", TRAINS, "/old.html", "/2021/07/taken-back/", "/nowhere", "/images/dot.png"]
        before = {path: cache.get(path) for path in paths}
        tag = cache.get("/feed.rss").getheader("ETag")
        cache.origins.kill()
        for seconds in (0, FRESH + 1, STALE + 1, 3600, DAY - 3600 - FRESH - STALE - LEEWAY):
            cache.clock.pass_by(seconds)
            for path, known in before.items():
                answer = cache.get(path)
                assert (answer.status, answer.body) == (known.status, known.body), path
            assert cache.get("/feed.rss", if_none_match=tag).status == 304
        cache.clock.pass_by(STALE + 2 * LEEWAY)
        assert cache.get("/feed.rss").status in (502, 503)

    def test_all_who_ask_at_once_get_what_was_kept(self, cache):
        """A failure for one of them is none for those who waited for the same answer."""
        before = cache.get("/feed.rss").body
        cache.origins.kill()
        cache.clock.pass_by(FRESH + STALE + 1)
        with ThreadPoolExecutor(20) as readers:
            answers = [readers.submit(cache.get, "/feed.rss") for _ in range(200)]
        assert [(answer.result().status, answer.result().body == before) for answer in answers] == [(200, True)] * 200

    def test_who_names_himself_gets_what_was_kept_too(self, cache):
        """Authorization opens /status alone; elsewhere it makes no answer that nobody else can be given."""
        before = cache.get("/feed.rss").body
        cache.origins.kill()
        assert cache.get("/feed.rss", authorization="Basic eDp5").body == before

    def test_what_nobody_asked_for_before_is_told_to_be_away(self, cache):
        """In plain words, and for the moment only."""
        cache.origins.kill()
        answer = cache.get("/feed.rss")
        assert answer.status in (502, 503)
        assert answer.getheader("Cache-Control") is None

    def test_dead_machines_are_not_asked_for_each_reader(self, varnish):
        """Once Varnish has noticed, what it has is given at once, and nobody waits for his turn."""
        varnish.get("/feed.rss")
        varnish.origins.kill()
        varnish.clock.pass_by(FRESH + STALE + 1)
        until(lambda: "healthy" not in varnish.tell("backend.list"), patience=20)
        before = varnish.count("MAIN.cache_miss")
        assert {varnish.get("/feed.rss").status for _ in range(20)} == {200}
        assert varnish.count("MAIN.cache_miss") == before

    def test_a_person_who_opens_a_feed_is_shown_the_feed_then(self, varnish):
        """The page is kept by nobody, and a feed is better than nothing. (With nginx it is nothing.)"""
        feed = varnish.get("/feed.rss")
        varnish.origins.kill()
        until(lambda: varnish.get("/feed.rss", sec_fetch_dest="document").body == feed.body)

    def test_a_machine_that_comes_back_is_asked_again(self, cache):
        """Its news is served when the copies are out of date, by itself."""
        before = cache.get("/feed.rss").body
        cache.origins.kill()
        cache.clock.pass_by(FRESH + STALE + 1)
        assert cache.get("/feed.rss").body == before
        cache.origins.begin()
        title = changed(cache.origins)
        until(lambda: title in cache.get("/feed.rss").body, patience=20)

    def test_a_machine_that_answers_nothing_but_errors_is_as_good_as_dead(self, cache):
        """500 and 503: what is kept is served on, and the error takes its place nowhere."""
        before = cache.get("/feed.rss").body
        cache.origins.kill()
        with instead(cache.origins.ports, 503):
            for seconds in (0, FRESH + 1, STALE + 1, 3600):
                cache.clock.pass_by(seconds)
                for _ in range(2):
                    answer = cache.get("/feed.rss")
                    assert (answer.status, answer.body) == (200, before)
        cache.origins.begin()
        title = changed(cache.origins)
        until(lambda: title in cache.get("/feed.rss").body, patience=20)


@contextmanager
def instead(ports, status, meeting=None):
    """Something else stands at these ports and has nothing else to say than this; yields the headers it is sent.

    Searches are answered when as many have come as `meeting` waits for, and with 500 where they do not come.
    """
    asked = []

    class Another(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.headers)
            self.send_response(status if self.has_met() else 500)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")  # or a cache would go on talking to it when it is gone
            self.end_headers()

        def has_met(self):
            with suppress(threading.BrokenBarrierError):
                if meeting and self.path.startswith("/search/"):
                    meeting.wait(3)
                return True
            return False

        def log_message(self, *_):
            pass

    servers = [ThreadingHTTPServer(("127.0.0.1", port), Another) for port in ports]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    try:
        yield asked
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def purged(origins, *caches):
    """`feedsite purge`, as it is typed on the first machine."""
    return CliRunner().invoke(main, ["--site", str(origins.folders[0]), "purge", *caches])


ALL = [quote(path) for path in sample_site()]


class TestPurge:
    """`feedsite purge`, and the server that does it by itself: what changed is new at once, and nothing else."""

    def test_dropped_is_what_changed_and_nothing_else(self, varnish):
        """The article's page, its neighbours, and in each of its lists what shows it; all else goes on ageing."""
        first = purged(varnish.origins, varnish.address)
        assert re.fullmatch(rf"{varnish.address}: everything purged, \d+ answers? dropped\n", first.output)
        for path in ALL:
            varnish.get(path)
        before = fingerprints(varnish.origins.folders[0])
        title = changed(varnish.origins)
        varnish.clock.pass_by(10)
        result = purged(varnish.origins, varnish.address)
        lists = listing(entry(published=datetime(2021, 7, 4, tzinfo=UTC)))
        about = {quote(path) for path in differing(before, varnish.origins.folders[0]) | lists}
        assert about >= {TRAINS, "/2021/07/japan-taiwan/", quote("/2021/07/日本/"), *FEEDS, "/", "/2021/07/feed.atom"}
        assert re.fullmatch(rf"{varnish.address}: {len(about)} paths purged, \d+ answers? dropped\n", result.output)
        kept = [path for path in ALL if not path.startswith(("/audio/", "/mix/"))]
        ages = {path: int(varnish.get(path).getheader("Age") or 0) for path in kept}
        assert sorted(path for path, age in ages.items() if age < 10) == sorted(about & ages.keys())
        assert title in varnish.get(TRAINS).body

    def test_every_copy_of_it_is_dropped(self, varnish):
        """Both codings, and what stands at the address without its last slash."""
        purged(varnish.origins, varnish.address)
        ways = [{}, {"accept_encoding": "br"}, {"accept_encoding": "gzip"}]
        for asked in ways:
            varnish.get(TRAINS, **asked)
        varnish.get(TRAINS.rstrip("/"))
        title = changed(varnish.origins)
        purged(varnish.origins, varnish.address)
        for asked in ways:
            answer = varnish.get(TRAINS, **asked)
            assert title in UNPACKED[answer.getheader("Content-Encoding")](answer.body)
        assert varnish.get(TRAINS.rstrip("/")).getheader("Age") == "0"

    def test_nobody_is_told_the_old_after_it(self, varnish):
        """Not even the first who asks, and not of a copy that was out of date already: a hub asks once."""
        for late in (0, FRESH + LEEWAY):
            purged(varnish.origins, varnish.address)
            varnish.get("/feed.rss")
            varnish.get("/feed.json")
            varnish.clock.pass_by(late)
            title = changed(varnish.origins, f"Mended {late} seconds later")
            assert "dropped" in purged(varnish.origins, varnish.address).output
            assert title in varnish.get("/feed.rss").body
            assert title in varnish.get("/feed.json").body

    def test_what_was_purged_is_there_still_while_no_machine_answers(self, varnish):
        """A purge is soft: the old article is better than none."""
        before = varnish.get(TRAINS).body
        changed(varnish.origins)
        purged(varnish.origins, varnish.address)
        varnish.origins.kill()
        answer = varnish.get(TRAINS)
        assert (answer.status, answer.body) == (200, before)

    def test_a_new_article_is_there_at_once(self, varnish):
        """Where it was asked for too early, and its 404 was kept."""
        paths = ("/2026/11/new/", "/2026/11/new")
        assert {varnish.get(path).status for path in paths} == {404}
        purged(varnish.origins, varnish.address)
        varnish.origins.save("new.yaml", article())
        purged(varnish.origins, varnish.address)
        assert [varnish.get(path).status for path in paths] == [200, 301]

    def test_a_deleted_article_is_gone_at_once(self, varnish):
        """So is one that was withdrawn."""
        varnish.origins.save("new.yaml", article())
        purged(varnish.origins, varnish.address)
        assert varnish.get("/2026/11/new/").status == 200
        for folder in varnish.origins.folders:
            (folder / "entries" / "new.yaml").unlink()
        varnish.origins.until(lambda server: server.get("/2026/11/new/").status == 404)
        purged(varnish.origins, varnish.address)
        assert varnish.get("/2026/11/new/").status == 404

    def test_what_changes_on_every_page_drops_the_404s_too(self, varnish):
        """They show the site's title, at whatever address."""
        varnish.get("/nowhere")
        purged(varnish.origins, varnish.address)
        name = renamed(varnish.origins)
        purged(varnish.origins, varnish.address)
        assert name in varnish.get("/nowhere").body

    def test_a_thousand_paths_are_dropped_in_batches(self, varnish):
        """Each request stays below the 8 kB that Varnish takes."""
        sent, sample = varnish.folder / "purged.json", sample_site().id
        sent.unlink(missing_ok=True)
        paths = [f"/{number}" for number in range(1100)]
        state = State(journal="a", row=0, article_row=0, moment=0, common="")
        for changed_paths in (None, tuple(paths)):
            for path in paths:
                varnish.get(path)
            now = Published(site=sample, state=state, changed=lambda _, them=changed_paths: them)
            (told,) = purge(now, [varnish.address], sent)
            assert told.problem == ""
            assert told.dropped >= 1100  # among them what earlier tests left
        assert len(told.paths) == 1100

    def test_keys_are_told_to_caches_alone(self, varnish):
        """A cache behind this one may want them, a reader does not."""
        key = surrogate.of_path(sample_site().id, "/feed.rss")
        assert key in varnish.get("/feed.rss", via="1.1 another").getheader("Surrogate-Key")
        told = {name.lower() for name in varnish.get("/feed.rss").headers}
        assert not told & {"surrogate-key", "xkey", "stale-while-revalidate", "x-varnish", "via", "server"}

    def test_not_everybody_may_purge(self, varnish):
        """Whoever comes through a proxy on a machine that may is somebody else; nginx by itself asks in HTTP/1.0."""
        key = surrogate.of_site(sample_site().id)
        varnish.get("/feed.rss")
        with socket.create_connection(("127.0.0.1", varnish.port), timeout=10) as proxy:
            proxy.sendall(f"PURGE / HTTP/1.0\r\nHost: x\r\nSurrogate-Key: {key}\r\n\r\n".encode())
            assert proxy.recv(65536).startswith(b"HTTP/1.1 403 ")
        answer = varnish.get("/", "PURGE", surrogate_key=key, x_forwarded_for="203.0.113.9")
        assert answer.status == 403
        answer = varnish.get("/", "PURGE", surrogate_key=key)
        assert (answer.status, int(answer.getheader("Purged")) > 0) == (200, True)

    def test_the_origins_and_nginx_say_that_they_cannot(self, cache):
        """An address that is no Varnish, or one without this file, is told in one sentence."""
        port = cache.origins.ports[0] if isinstance(cache, Varnish) else cache.port
        result = purged(cache.origins, f"http://127.0.0.1:{port}")
        assert result.exit_code == 1
        assert result.stderr == (
            f"http://127.0.0.1:{port}: it answered 405 Method Not Allowed: "
            "it does not know PURGE; configure it as deploy/varnish.vcl does\n"
        )

    def test_a_server_purges_before_it_tells_the_hub(self, varnish, tmp_path):
        """What the hub fetches through the cache on being told is the new version, each time."""
        varnish.origins.kill()
        hub, fetched = RecordingHub().run(), []
        hub.fetch = lambda topic: fetched.append((topic, varnish.get(topic.removeprefix(varnish.address)).body))
        folder = tmp_path / "site"
        shutil.copytree(SAMPLE, folder, ignore=WITHOUT_CACHE)
        told = {"FEEDSITE_PURGE": varnish.address, "FEEDSITE_HUB": hub.address, "FEEDSITE_PING": "true"}
        server = Server(
            folder, "--workers", "2", port=varnish.origins.ports[0], FEEDSITE_BASE_URL=varnish.address, **told
        )
        try:
            until(lambda: len(fetched) == len(sample_site().topics), patience=20)
            for name in ("a", "b"):
                before = fingerprints(folder)
                (folder / "entries" / f"{name}.yaml").write_text(article(f"Number {name}", id=f"tag:a,2026:{name}"))
                page = f"{varnish.address}/2026/11/{name}/"
                until(lambda page=page: page in dict(fetched), patience=20)
                standing = {f"{varnish.address}{path}": server.get(path).body for path in (*FEEDS, "/")}
                until(lambda: {topic: body for topic, body in fetched if topic in standing} == standing)  # noqa: B023
            lists = listing(entry(published=NOW))
            assert server.said(f"{varnish.address}: {len(differing(before, folder) | lists)} paths purged, ")
        finally:
            server.stop()
            hub.stop()
