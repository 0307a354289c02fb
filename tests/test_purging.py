"""What caches are told, word for word, and what is remembered of it; tests/test_caches.py asks real ones."""

import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.errors import FeedsiteError
from feedsite.folder.indexfile import folder as cache_folder
from feedsite.folder.mediafiles import Medium
from feedsite.notifying.announcer import Announcer
from feedsite.notifying.client import RetryPolicy
from feedsite.notifying.purging import EVERYTHING, MEMORY, Purged, Standing, lacking, purge, standing
from feedsite.site import Site
from feedsite.surrogate import of_path, of_site

from .support.builders import edition, entry, settings
from .support.golden import sample_site
from .support.hub import RecordingHub
from .support.waiting import until

ID = "https://news.example/"
PATHS = {"/": "h1", "/feed.rss": "f1", "/2026/11/a/": "a1"}
QUICK = RetryPolicy(retries=2, backoff=0.001)
HASTY = RetryPolicy(answer=0.2)
TAKEN, HANG = (200, {"Purged": "3"}), None


class RecordingCache:
    """Keeps the keys it is sent, and answers in turn as `answers` say: a status and headers; the last one stays."""

    def __init__(self):
        self.answers = [TAKEN]
        self.requests = []
        self.gate = threading.Event()
        cache = self

        class Handler(BaseHTTPRequestHandler):
            def do_PURGE(self):
                cache.requests.append((self.path, self.headers["Surrogate-Key"].split()))
                answer = cache.answers.pop(0) if len(cache.answers) > 1 else cache.answers[0]
                if answer is HANG:
                    cache.gate.wait()
                status, headers = answer or TAKEN
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        class Listening(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """Whoever gave up has closed the connection."""

        self.server = Listening(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()

    @property
    def keys(self):
        return [keys for _, keys in self.requests]

    def stop(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def cache():
    one = RecordingCache()
    yield one
    one.stop()


@pytest.fixture
def other():
    one = RecordingCache()
    yield one
    one.stop()


@pytest.fixture
def memory(tmp_path):
    return tmp_path / "cache" / MEMORY


def now(site=ID, /, **changes):
    """What stands: PATHS, with other fingerprints for the paths that are named by their last word; None for away."""
    names = {"home": "/", "feed": "/feed.rss", "a": "/2026/11/a/", "b": "/2026/11/b/"}
    stands = PATHS | {names[name]: fingerprint for name, fingerprint in changes.items()}
    return Standing(site=site, fingerprints={path: told for path, told in stands.items() if told})


def told(stands, *caches, memory, patience=QUICK):
    return list(purge(stands, [cache.address for cache in caches], memory, patience))


def keys(*paths):
    return [of_path(ID, path) for path in paths]


class TestPurge:
    """One run: what is said, to whom, how often, and what is remembered."""

    def test_a_cache_that_was_never_told_drops_the_whole_site(self, cache, memory):
        """By the one key that all of its answers have."""
        (only,) = told(now(), cache, memory=memory)
        assert only == Purged(cache=cache.address, paths=(EVERYTHING,), dropped=3)
        assert str(only) == f"{cache.address}: everything purged, 3 answers dropped"
        assert cache.requests == [("/", [of_site(ID)])]

    def test_each_change_is_told_once(self, cache, memory):
        """New, changed and gone; the memory is on the disk alone, so that each call here is as after a restart."""
        told(now(), cache, memory=memory)
        assert told(now(), cache, memory=memory) == []
        (only,) = told(now(home="h2", a=None, b="b1"), cache, memory=memory)
        assert str(only) == f"{cache.address}: 3 paths purged, 3 answers dropped"
        assert told(now(home="h2", a=None, b="b1"), cache, memory=memory) == []
        (back,) = told(now(), cache, memory=memory)
        assert back.paths == ("/", "/2026/11/a/", "/2026/11/b/")
        assert cache.keys[1:] == [keys("/", "/2026/11/b/", "/2026/11/a/"), keys(*back.paths)]

    def test_several_caches_are_told_the_same(self, cache, other, memory):
        """One after the other; who is named twice is told once."""
        told(now(), cache, other, cache, memory=memory)
        told(now(feed="f2"), cache, other, cache, memory=memory)
        assert cache.keys == other.keys == [[of_site(ID)], keys("/feed.rss")]

    def test_a_cache_that_fails_keeps_no_other_from_being_told(self, cache, other, memory):
        """And is told the next time what it lacks, of both changes; the other nothing twice."""
        told(now(), cache, other, memory=memory)
        cache.answers = [(403, {}), TAKEN]
        failed, done = told(now(feed="f2"), cache, other, memory=memory)
        assert (failed.cache, bool(failed.problem), done.cache, done.problem) == (
            cache.address,
            True,
            other.address,
            "",
        )
        late = told(now(feed="f2", home="h2"), cache, other, memory=memory)
        assert [purged.paths for purged in late] == [("/feed.rss", "/"), ("/",)]
        assert told(now(feed="f2", home="h2"), cache, other, memory=memory) == []

    def test_what_all_caches_missed_is_told_when_one_is_back(self, cache, memory):
        """Whatever changed in between."""
        told(now(), cache, memory=memory)
        cache.answers = [(403, {}), (403, {}), TAKEN]
        told(now(feed="f2"), cache, memory=memory)
        told(now(feed="f2", home="h2"), cache, memory=memory)
        (late,) = told(now(feed="f2", home="h2"), cache, memory=memory)
        assert late.paths == ("/", "/feed.rss")

    def test_a_cache_that_is_told_alone_takes_nothing_from_another(self, cache, other, memory):
        """Two calls of the command, one for each."""
        told(now(), cache, other, memory=memory)
        told(now(feed="f2"), cache, memory=memory)
        (late,) = told(now(feed="f2"), other, memory=memory)
        assert late.paths == ("/feed.rss",)

    def test_a_new_cache_drops_everything_and_the_old_one_what_changed(self, cache, other, memory):
        """Nobody knows what the new one holds."""
        told(now(), cache, memory=memory)
        both = told(now(feed="f2"), cache, other, memory=memory)
        assert [purged.paths for purged in both] == [("/feed.rss",), (EVERYTHING,)]

    def test_another_site_is_another_memory(self, cache, memory):
        """Its keys are others."""
        told(now(), cache, memory=memory)
        (only,) = told(now("https://moved.example/"), cache, memory=memory)
        assert (only.paths, cache.keys[-1]) == ((EVERYTHING,), [of_site("https://moved.example/")])

    @pytest.mark.parametrize(
        "held",
        [
            *(b"", b"{", b"[]", b"7", b"{}", b"\xff\xfe", b"[" * 100_000),
            *(b'{"site": "ID"}', b'{"site": "ID", "lacks": [1]}', b'{"site": "ID", "lacks": {"CACHE": 7}}'),
            *(b'{"site": "ID", "lacks": {"CACHE": []}}\n[1]', b'{"site": "ID", "lacks": {"CACHE": []}}\n{"/": '),
        ],
    )
    def test_a_damaged_memory_counts_as_none(self, cache, memory, held):
        """It is written anew, whole."""
        memory.parent.mkdir()
        memory.write_bytes(held.replace(b"ID", ID.encode()).replace(b"CACHE", cache.address.encode()))
        (only,) = told(now(), cache, memory=memory)
        assert only.paths == (EVERYTHING,)
        assert told(now(), cache, memory=memory) == []

    def test_a_large_site_is_remembered_whole(self, cache, memory):
        """Its memory has many lines; a path may hold what ends a line."""
        many = {f"/images/{number}\n\u2028.png": str(number) for number in range(2500)}
        told(Standing(site=ID, fingerprints=many), cache, memory=memory)
        assert told(Standing(site=ID, fingerprints=many), cache, memory=memory) == []
        (only,) = told(Standing(site=ID, fingerprints=many | {"/a": "a"}), cache, memory=memory)
        assert only.paths == ("/a",)

    def test_many_keys_come_in_several_requests(self, cache, memory):
        """Varnish takes 8 kB in one field, nginx as much; what each dropped is added up."""
        told(now(), cache, memory=memory)
        many = {f"/{number}": "x" for number in range(1001)}
        (only,) = told(Standing(site=ID, fingerprints=PATHS | many), cache, memory=memory)
        assert (only.dropped, only.problem) == (9, "")
        assert [key for some in cache.keys[1:] for key in some] == keys(*many)
        assert max(len(" ".join(some)) for some in cache.keys) < 7000

    def test_where_most_changed_everything_is_dropped(self, cache, memory):
        """More than 10,000 paths: one key instead of many requests, and a memory that does not grow for ever."""
        told(now(), cache, memory=memory)
        many = {f"/{number}": "x" for number in range(10_001)}
        (only,) = told(Standing(site=ID, fingerprints=PATHS | many), cache, memory=memory)
        assert (only.paths, cache.keys[-1]) == ((EVERYTHING,), [of_site(ID)])

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (
                (403, {}),
                "it answered 403 Forbidden: it takes no PURGE from this machine; add the machine to those that",
            ),
            (
                (405, {}),
                "it answered 405 Method Not Allowed: it does not know PURGE; configure it as deploy/varnish.vcl",
            ),
            ((501, {}), "it answered 501 Not Implemented: it does not know PURGE; configure it as deploy/varnish.vcl"),
            ((404, {}), "it answered 404 Not Found: it does not know PURGE; configure it as deploy/varnish.vcl"),
            ((200, {}), "it answered 200 OK: but it drops nothing by key; configure it as deploy/varnish.vcl"),
            ((200, {"Purged": ""}), "it answered 200 OK: but it drops nothing by key"),
            ((200, {"Purged": "many"}), "it answered 200 OK: but it drops nothing by key"),
            (
                (301, {"Location": "https://elsewhere.example/"}),
                "it answered 301 Moved Permanently and leads to https://elsewhere.example/: if the cache has",
            ),
            ((503, {}), "it answered 503 Service Unavailable"),
        ],
    )
    def test_a_refusal_is_told_with_its_remedy(self, cache, memory, answer, words):
        """In one sentence; and nothing is remembered."""
        cache.answers = [answer]
        (only,) = told(now(), cache, memory=memory)
        assert only.problem.startswith(words)
        assert str(only).startswith(f"{cache.address}: {words}")
        assert not memory.exists()

    def test_a_busy_cache_is_asked_again(self, cache, memory):
        """429 and 5xx pass."""
        cache.answers = [(503, {}), (429, {"Retry-After": "0"}), TAKEN]
        (only,) = told(now(), cache, memory=memory)
        assert only.problem == ""

    def test_a_cache_that_is_away_or_hangs_is_told_of_in_plain_words(self, cache, memory):
        """No traceback, and no names of Python's classes."""
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        (only,) = purge(now(), [address], memory, QUICK)
        assert str(only) == f"{address}: cannot be reached: Connection refused"
        cache.answers = [HANG]
        (only,) = told(now(), cache, memory=memory, patience=HASTY)
        assert only.problem == "did not answer within 0.2 seconds"

    @pytest.mark.parametrize("taken", ["cache", "cache/purged.lock/x"])
    def test_where_nothing_can_be_remembered_nothing_is_told(self, cache, memory, tmp_path, taken):
        """One sentence says why."""
        (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / taken).touch()
        with pytest.raises(FeedsiteError, match=r"cache cannot be written to: .*; so nobody is told anything"):
            told(now(), cache, memory=memory)
        assert cache.keys == []

    def test_two_processes_at_once_tell_each_change_once(self, cache, memory):
        """The second waits at the lock, reads what the first one wrote there, and has nothing to tell."""
        cache.answers = [HANG, TAKEN]
        program = f"""
from pathlib import Path
from feedsite.notifying.purging import Standing, purge
for purged in purge(Standing(site={ID!r}, fingerprints={PATHS!r}), [{cache.address!r}], Path({str(memory)!r})):
    print(purged, flush=True)
"""
        both = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
        until(lambda: cache.keys, patience=20)
        cache.gate.set()
        said = sorted(process.communicate(timeout=30)[0] for process in both)
        assert said == ["", f"{cache.address}: everything purged, 3 answers dropped\n"]
        assert len(cache.keys) == 1

    def test_what_would_be_told_can_be_asked_without_telling(self, cache, other, memory):
        """For each cache by itself, in the order in which they are named."""
        told(now(), cache, memory=memory)
        caches = [other.address, cache.address]
        assert lacking(now(feed="f2"), caches, memory) == {other.address: (EVERYTHING,), cache.address: ("/feed.rss",)}
        assert len(cache.keys) == 1


def test_what_stands_is_told_of_every_path():
    """Of all that the site answers nothing is left out: what has no fingerprint could never be dropped."""
    site = sample_site()
    assert standing(site).fingerprints.keys() == set(site)
    assert standing(site).site == "tag:sample.example,2021:/"


class TestCommand:
    """`feedsite purge`, as it is typed."""

    def run(self, folder, *words, **environment):
        return CliRunner(env=environment).invoke(main, ["--site", str(folder), "purge", *words])

    def test_it_tells_what_changed_a_line_for_each_cache(self, cache, other, folder):
        """A second call has nothing to tell."""
        addresses = (cache.address, f"{other.address}/")
        first = self.run(folder, *addresses)
        lines = [f"{one.address}: everything purged, 3 answers dropped" for one in (cache, other)]
        assert (first.exit_code, first.output.splitlines()) == (0, lines)
        second = self.run(folder, *addresses)
        nothing = f"Nothing changed since {cache.address}, {other.address} was told last.\n"
        assert (second.exit_code, second.output) == (0, nothing)
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        path.write_text(path.read_text() + "  One sentence more.\n")
        third = self.run(folder, *addresses)
        assert third.output.splitlines()[0] == f"{cache.address}: 4 paths purged, 3 answers dropped"

    def test_a_dry_run_tells_nobody(self, cache, folder):
        """It lists what would be told, and remembers nothing."""
        everything = self.run(folder, "--dry-run", cache.address)
        assert everything.output == f"{cache.address}: everything\n"
        assert (cache.keys, (cache_folder(folder, {}) / MEMORY).exists()) == ([], False)
        self.run(folder, cache.address)
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        path.write_text(path.read_text() + "  One sentence more.\n")
        result = self.run(folder, "--dry-run", cache.address)
        paths = ("/feed.rss", "/feed.atom", "/feed.json", "/2021/07/night-trains/")
        assert result.output == "".join(f"{cache.address}: {path}\n" for path in paths)

    def test_the_caches_may_stand_in_site_yaml_or_the_environment(self, cache, other, folder):
        """Those that are typed win."""
        path = folder / "site.yaml"
        path.write_text(f"{path.read_text()}purge: [{cache.address}/]\n")
        assert self.run(folder).output.startswith(f"{cache.address}: everything")
        assert self.run(folder, FEEDSITE_PURGE=other.address).output.startswith(f"{other.address}: everything")
        assert self.run(folder, other.address).output.startswith(f"Nothing changed since {other.address}")

    def test_a_failure_is_told_and_is_the_exit_status(self, cache, other, folder):
        """A script sees it, and a person reads why; the other cache is told all the same."""
        cache.answers = [(403, {})]
        result = self.run(folder, cache.address, other.address)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{cache.address}: it answered 403 Forbidden: ")
        assert result.stdout == f"{other.address}: everything purged, 3 answers dropped\n"

    def test_what_is_missing_is_said_ready_to_paste(self, cache, folder):
        """No cache, no address, no name of the site."""
        assert "add a line such as `purge: [http://127.0.0.1:6081]`" in self.run(folder).stderr
        wrong = self.run(folder, "127.0.0.1:6081")
        assert wrong.stderr == "127.0.0.1:6081 is no address; write it whole, such as http://127.0.0.1:6081\n"
        path = folder / "site.yaml"
        path.write_text(re.sub("^(base_url|id):.*\n", "", path.read_text(), flags=re.MULTILINE))
        nameless = self.run(folder, cache.address)
        assert "`base_url: https://news.example`" in nameless.stderr
        assert [result.exit_code for result in (self.run(folder), wrong, nameless)] == [1, 1, 1]


@contextmanager
def announcing(memory, **options):
    told = memory.with_name("pinged.json")
    announcer = Announcer(told, **({"settle": 0.05, "pause": 0.2, "patience": QUICK} | options))
    announcer.start()
    yield announcer
    announcer.stop()
    announcer._thread.join(10)
    assert not announcer._thread.is_alive()


def announce(announcer, *entries, media=None, **changes):
    """What Live does with a new Site."""
    sound = settings(**changes)
    announcer.announce(Site(edition(*entries), sound, media or {}), sound)


class TestAnnouncer:
    """The server's own thread: caches first, then the hub."""

    @pytest.fixture
    def hub(self):
        one = RecordingHub().run()
        yield one
        one.stop()

    def test_the_caches_are_told_before_the_hub(self, cache, hub, memory):
        """What it fetches then, it fetches through them."""
        seen = []
        hub.fetch = lambda _: seen.append(len(cache.keys))
        with announcing(memory) as announcer:
            announce(announcer, entry(), purge=(cache.address,), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 5)
        assert set(seen) == {1}

    def test_each_change_is_told_and_a_line_logged(self, cache, memory, caplog):
        """Without a hub too."""
        caplog.set_level("INFO", "feedsite")
        with announcing(memory) as announcer:
            announce(announcer, entry(), purge=(cache.address,))
            until(lambda: len(caplog.messages) == 1)
            announce(announcer, entry(title="Another"), purge=(cache.address,))
            until(lambda: len(caplog.messages) == 2)
        assert caplog.messages[1] == f"{cache.address}: 5 paths purged, 3 answers dropped"
        assert set(cache.keys[1]) == set(keys("/feed.rss", "/feed.atom", "/feed.json", "/", "/2026/11/night-trains/"))

    def test_a_new_picture_is_news_to_a_cache(self, cache, memory):
        """It has the old one under the same address."""
        with announcing(memory) as announcer:
            announce(announcer, entry(), purge=(cache.address,))
            until(lambda: len(cache.keys) == 1)
            picture = Medium("1", partial(sample_site().get, "/images/dot.png"))
            announce(announcer, entry(), purge=(cache.address,), media={"/images/a.png": picture})
            until(lambda: len(cache.keys) == 2)
        assert cache.keys[1] == keys("/images/a.png")

    def test_a_hub_waits_for_a_cache_that_is_down_but_not_for_ever(self, cache, hub, memory, caplog):
        """Two pauses, the second twice as long: with the usual ones no cache gives the old version any more."""
        cache.answers = [(403, {})]
        seen = []
        hub.fetch = lambda _: seen.append(len(cache.keys))
        with announcing(memory, pause=0.05) as announcer:
            announce(announcer, entry(), purge=(cache.address,), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 5)
            assert set(seen) == {3}
            cache.answers = [TAKEN]
            until(memory.exists)
        assert all(message.startswith(f"{cache.address}: it answered 403") for message in caplog.messages)

    def test_a_cache_that_comes_back_is_told_what_it_missed_without_a_further_change(self, cache, hub, memory):
        """And the hub then, once."""
        cache.answers = [(403, {}), TAKEN]
        with announcing(memory) as announcer:
            announce(announcer, entry(), purge=(cache.address,), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 5)
        assert len(cache.keys) == 2

    def test_a_picture_that_is_being_copied_keeps_no_hub_waiting(self, cache, hub, memory):
        """Each moment makes another site, and none of them is news to a hub."""
        over = threading.Event()
        with announcing(memory, settle=0.5) as announcer:
            changes = {"purge": (cache.address,), "hub": hub.address, "ping": True}
            announce(announcer, entry(), **changes)

            def copy():
                while not over.wait(0.05):
                    announce(announcer, entry(), **changes)

            copying = threading.Thread(target=copy)
            copying.start()
            try:
                until(lambda: len(hub.told) == 5)
            finally:
                over.set()
                copying.join()

    def test_without_caches_nothing_is_remembered_of_them(self, hub, memory):
        """Who has none pays nothing."""
        with announcing(memory) as announcer:
            announce(announcer, entry(), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 5)
        assert not (memory.parent / "purged.lock").exists()
