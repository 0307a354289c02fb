"""The requests that caches are sent, and what is written down of them; tests/test_caches.py has real caches."""

import json
import re
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from feedsite.changes import State
from feedsite.cli import main
from feedsite.documentcache import DocumentCache
from feedsite.errors import FeedsiteError
from feedsite.folder.indexfile import folder as cache_folder
from feedsite.folder.indexfile import opened
from feedsite.folder.library import Library
from feedsite.folder.mediafiles import Media
from feedsite.index.edition import Edition
from feedsite.notifying.announcer import Announcer
from feedsite.notifying.client import RetryPolicy
from feedsite.notifying.purging import EVERYTHING, SENT, Published, Purged, outdated, published, purge
from feedsite.pictures import sizes
from feedsite.serving.servedsite import draw
from feedsite.site import Site
from feedsite.surrogate import of_path, of_site

from .support.builders import differing, entry, fingerprints, journalled, put, settings
from .support.golden import NOW
from .support.hub import RecordingHub
from .support.rows import listing, rows
from .support.waiting import until

ID = "https://news.example/"
PATHS = {"/": "h1", "/feed.rss": "f1", "/2026/11/a/": "a1"}
VERSIONS = []  # what stood at each path when `stands` was called: a state has the number of one
QUICK = RetryPolicy(retries=2, backoff=0.001)
HASTY = RetryPolicy(answer=0.2)
TAKEN, HANG = (200, {"Purged": "3"}), None


class RecordingCache:
    """Records the keys it is sent, and answers with the next of `answers`, a status and headers; the last repeats."""

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
                """Ignores that a client which gave up has closed the connection."""

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
def sent(tmp_path):
    return tmp_path / "cache" / SENT


def now(site=ID, /, **changes):
    """PATHS with other fingerprints for the paths that are named by their last word; None for a path that is gone."""
    names = {"home": "/", "feed": "/feed.rss", "a": "/2026/11/a/", "b": "/2026/11/b/"}
    named = PATHS | {names[name]: fingerprint for name, fingerprint in changes.items()}
    return stands({path: fingerprint for path, fingerprint in named.items() if fingerprint}, site)


def stands(fingerprints, site=ID, journal="a"):
    """What is published where these fingerprints are, in the index with this journal."""
    VERSIONS.append(fingerprints)

    def changed(since):
        if since is None:
            return None
        former = VERSIONS[since.row]
        paths = [path for path, fingerprint in fingerprints.items() if former.get(path) != fingerprint]
        return (*paths, *(path for path in former if path not in fingerprints))

    return Published(site=site, state=state(len(VERSIONS) - 1, journal), changed=changed)


def state(row, journal="a"):
    return State(journal=journal, row=row, article_row=row, moment=0, common="")


def purged(published_now, *caches, sent, policy=QUICK):
    return list(purge(published_now, [cache.address for cache in caches], sent, policy))


def keys(*paths):
    return [of_path(ID, path) for path in paths]


class TestPurge:
    """One run: what is sent, to which cache, how often, and what is written down."""

    def test_a_cache_that_was_never_notified_drops_the_whole_site(self, cache, sent):
        """A cache that was never notified drops the whole site, by the key that all answers have."""
        (only,) = purged(now(), cache, sent=sent)
        assert only == Purged(cache=cache.address, paths=(EVERYTHING,), dropped=3)
        assert str(only) == f"{cache.address}: everything purged, 3 answers dropped"
        assert cache.requests == [("/", [of_site(ID)])]

    def test_each_change_is_sent_once(self, cache, sent):
        """A cache drops new, changed and gone paths once, also after a restart: what was sent is on the disk alone."""
        purged(now(), cache, sent=sent)
        assert purged(now(), cache, sent=sent) == []
        (only,) = purged(now(home="h2", a=None, b="b1"), cache, sent=sent)
        assert str(only) == f"{cache.address}: 3 paths purged, 3 answers dropped"
        assert purged(now(home="h2", a=None, b="b1"), cache, sent=sent) == []
        (back,) = purged(now(), cache, sent=sent)
        assert back.paths == ("/", "/2026/11/a/", "/2026/11/b/")
        assert cache.keys[1:] == [keys("/", "/2026/11/b/", "/2026/11/a/"), keys(*back.paths)]

    def test_several_caches_are_sent_the_same(self, cache, other, sent):
        """Several caches are sent the same keys; a cache that is named twice is sent them once."""
        purged(now(), cache, other, cache, sent=sent)
        purged(now(feed="f2"), cache, other, cache, sent=sent)
        assert cache.keys == other.keys == [[of_site(ID)], keys("/feed.rss")]

    def test_a_cache_that_fails_keeps_no_other_from_being_purged(self, cache, other, sent):
        """A cache that failed is sent both changes by the next run; the other cache is sent nothing twice."""
        purged(now(), cache, other, sent=sent)
        cache.answers = [(403, {}), TAKEN]
        failed, done = purged(now(feed="f2"), cache, other, sent=sent)
        assert (failed.cache, bool(failed.problem), done.cache, done.problem) == (
            cache.address,
            True,
            other.address,
            "",
        )
        late = purged(now(feed="f2", home="h2"), cache, other, sent=sent)
        assert [purged.paths for purged in late] == [("/feed.rss", "/"), ("/",)]
        assert purged(now(feed="f2", home="h2"), cache, other, sent=sent) == []

    def test_what_a_cache_missed_is_sent_when_it_is_back(self, cache, sent):
        """A cache that missed two changes is sent both when it is back."""
        purged(now(), cache, sent=sent)
        cache.answers = [(403, {}), (403, {}), TAKEN]
        purged(now(feed="f2"), cache, sent=sent)
        purged(now(feed="f2", home="h2"), cache, sent=sent)
        (late,) = purged(now(feed="f2", home="h2"), cache, sent=sent)
        assert late.paths == ("/", "/feed.rss")

    def test_a_run_for_one_cache_takes_nothing_from_another(self, cache, other, sent):
        """A run for one cache takes nothing from another one, which a later run is for."""
        purged(now(), cache, other, sent=sent)
        purged(now(feed="f2"), cache, sent=sent)
        (late,) = purged(now(feed="f2"), other, sent=sent)
        assert late.paths == ("/feed.rss",)

    def test_a_new_cache_drops_everything_and_the_old_one_what_changed(self, cache, other, sent):
        """A new cache drops everything, and the old one only what changed."""
        purged(now(), cache, sent=sent)
        both = purged(now(feed="f2"), cache, other, sent=sent)
        assert [purged.paths for purged in both] == [("/feed.rss",), (EVERYTHING,)]

    def test_another_site_begins_anew(self, cache, sent):
        """When the site's id changes, a cache drops everything of the new one: keys depend on it."""
        purged(now(), cache, sent=sent)
        (only,) = purged(now("https://moved.example/"), cache, sent=sent)
        assert (only.paths, cache.keys[-1]) == ((EVERYTHING,), [of_site("https://moved.example/")])

    @pytest.mark.parametrize(
        "held",
        [
            *(b"", b"{", b"[]", b"7", b"{}", b"\xff\xfe", b"[" * 100_000),
            *(b'{"site": "ID"}', b'{"site": "ID", "lacks": [1]}', b'{"site": "ID", "lacks": {"CACHE": 7}}'),
            *(b'{"site": "ID", "lacks": {"CACHE": []}}\n[1]', b'{"site": "ID", "lacks": {"CACHE": []}}\n{"/": '),
        ],
    )
    def test_a_damaged_file_counts_as_empty(self, cache, sent, held):
        """A damaged file of what was sent counts as empty, and is written anew."""
        sent.parent.mkdir()
        sent.write_bytes(held.replace(b"ID", ID.encode()).replace(b"CACHE", cache.address.encode()))
        (only,) = purged(now(), cache, sent=sent)
        assert only.paths == (EVERYTHING,)
        assert purged(now(), cache, sent=sent) == []

    def test_what_a_cache_lacks_is_written_down_whole(self, cache, other, sent):
        """What a cache lacks is kept, though a path has a separator of lines in it."""
        purged(now(), cache, other, sent=sent)
        cache.answers = [(403, {}), TAKEN]
        many = {f"/images/{number}\n\u2028.png": str(number) for number in range(2500)}
        purged(stands(PATHS | many), cache, other, sent=sent)
        (late,) = purged(stands(PATHS | many), cache, other, sent=sent)
        assert (late.cache, late.paths) == (cache.address, tuple(many))

    def test_the_file_does_not_grow_with_the_site(self, cache, sent):
        """The file has what is still to be sent, and nothing of each path of the site."""
        purged(stands({f"/{number}": "x" for number in range(100_000)}), cache, sent=sent)
        assert sent.stat().st_size < 1000

    def test_where_the_changes_are_unknown_everything_is_dropped(self, cache, sent):
        """Where it is unknown what changed, each cache drops everything, once."""
        purged(now(), cache, sent=sent)
        (only,) = purged(stands(PATHS, journal="b"), cache, sent=sent)
        assert only.paths == (EVERYTHING,)
        assert purged(stands(PATHS, journal="b"), cache, sent=sent) == []

    def test_processes_with_indexes_of_their_own_each_send_what_changed(self, cache, sent):
        """Two processes that each have an index in memory make a cache drop everything once each, then what changed."""
        for journal in ("a", "b"):
            purged(stands(PATHS, journal=journal), cache, sent=sent)
        later = [purged(stands(PATHS | {"/": "h2"}, journal=journal), cache, sent=sent) for journal in ("a", "b")]
        assert [one.paths for (one,) in later] == [("/",), ("/",)]

    def test_a_process_that_is_behind_takes_nothing_back(self, cache, sent):
        """A process that has read less of the index than another one leaves the state that the other one reached."""
        behind = now(feed="f2")
        purged(now(feed="f2", home="h2"), cache, sent=sent)
        purged(behind, cache, sent=sent)
        assert purged(now(feed="f2", home="h2"), cache, sent=sent) == []

    def test_many_keys_come_in_several_requests(self, cache, sent):
        """Many keys are sent in several requests, for Varnish takes 8 kB in a field; what was dropped is added up."""
        purged(now(), cache, sent=sent)
        many = {f"/{number}": "x" for number in range(1001)}
        (only,) = purged(stands(PATHS | many), cache, sent=sent)
        assert (only.dropped, only.problem) == (9, "")
        assert [key for some in cache.keys[1:] for key in some] == keys(*many)
        assert max(len(" ".join(some)) for some in cache.keys) < 7000

    def test_where_most_changed_everything_is_dropped(self, cache, sent):
        """Where more than 10,000 paths changed, a cache drops everything by one key."""
        purged(now(), cache, sent=sent)
        many = {f"/{number}": "x" for number in range(10_001)}
        (only,) = purged(stands(PATHS | many), cache, sent=sent)
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
    def test_a_refusal_is_reported_with_its_remedy(self, cache, sent, answer, words):
        """A refusal is reported in one sentence with its remedy, and nothing is written down."""
        cache.answers = [answer]
        (only,) = purged(now(), cache, sent=sent)
        assert only.problem.startswith(words)
        assert str(only).startswith(f"{cache.address}: {words}")
        assert not sent.exists()

    def test_a_busy_cache_is_asked_again(self, cache, sent):
        """A request that a cache answers with 429 or 5xx is repeated."""
        cache.answers = [(503, {}), (429, {"Retry-After": "0"}), TAKEN]
        (only,) = purged(now(), cache, sent=sent)
        assert only.problem == ""

    def test_a_cache_that_is_away_or_hangs_is_reported_in_plain_words(self, cache, sent):
        """A cache that is unreachable or hangs is reported without names of Python's classes."""
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        (only,) = purge(now(), [address], sent, QUICK)
        assert str(only) == f"{address}: cannot be reached: Connection refused"
        cache.answers = [HANG]
        (only,) = purged(now(), cache, sent=sent, policy=HASTY)
        assert only.problem == "did not answer within 0.2 seconds"

    @pytest.mark.parametrize("taken", ["cache", "cache/purged.lock/x"])
    def test_nothing_is_sent_that_cannot_be_written_down(self, cache, sent, tmp_path, taken):
        """Where the file cannot be written, no cache is sent anything, and one sentence says why."""
        (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / taken).touch()
        with pytest.raises(FeedsiteError, match=r"cache cannot be written to: .*; so nobody is told anything"):
            purged(now(), cache, sent=sent)
        assert cache.keys == []

    def test_two_processes_at_once_send_each_change_once(self, cache, sent):
        """Of two processes the second waits for the lock, and then finds all keys sent."""
        cache.answers = [HANG, TAKEN]
        program = f"""
from pathlib import Path
from feedsite.changes import State
from feedsite.notifying.purging import Published, purge
state = State(journal="a", row=1, article_row=1, moment=0, common="")
now = Published(site={ID!r}, state=state, changed=lambda since: None if since is None else ())
for one in purge(now, [{cache.address!r}], Path({str(sent)!r})):
    print(one, flush=True)
"""
        both = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
        until(lambda: cache.keys, patience=20)
        cache.gate.set()
        said = sorted(process.communicate(timeout=30)[0] for process in both)
        assert said == ["", f"{cache.address}: everything purged, 3 answers dropped\n"]
        assert len(cache.keys) == 1

    def test_outdated_paths_can_be_asked_for_without_sending(self, cache, other, sent):
        """`outdated` returns the paths for each cache, in the order of the caches, and sends nothing."""
        purged(now(), cache, sent=sent)
        caches = [other.address, cache.address]
        assert outdated(now(feed="f2"), caches, sent) == {other.address: (EVERYTHING,), cache.address: ("/feed.rss",)}
        assert len(cache.keys) == 1


def test_what_is_published_is_the_site_at_a_state():
    """`published` has the site's id and state, and returns the paths that changed since another state."""
    held = journalled(entry("a"))
    former = published(site_of(held))
    put(held, entry("a", body="<p>Another.</p>\n"))
    later = published(site_of(held))
    assert former.site == ID
    assert former.state.row + 1 == later.state.row
    assert later.changed(None) is None
    assert set(later.changed(former.state)) == {"/2026/11/a/", *feeds_of(entry("a"))}


def site_of(held, media=None, **changes):
    return Site(Edition(held, NOW), settings(**changes), media or {})


def feeds_of(*entries):
    """The feeds of every collection of these articles."""
    return {f"{folder}feed.{suffix}" for folder in rows(entries) for suffix in ("rss", "atom", "json")}


class TestCommand:
    """`feedsite purge`, as it is typed."""

    def run(self, folder, *words, **environment):
        return CliRunner(env=environment).invoke(main, ["--site", str(folder), "purge", *words])

    def test_it_prints_a_line_for_each_cache(self, cache, other, folder):
        """The command prints a line for each cache, and one sentence where nothing changed."""
        addresses = (cache.address, f"{other.address}/")
        first = self.run(folder, *addresses)
        lines = [f"{one.address}: everything purged, 3 answers dropped" for one in (cache, other)]
        assert (first.exit_code, first.output.splitlines()) == (0, lines)
        second = self.run(folder, *addresses)
        nothing = f"Nothing changed since {cache.address}, {other.address} was told last.\n"
        assert (second.exit_code, second.output) == (0, nothing)
        before = fingerprints(folder)
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        path.write_text(path.read_text() + "  One sentence more.\n")
        third = self.run(folder, *addresses)
        count = len(differing(before, folder))
        assert third.output.splitlines()[0] == f"{cache.address}: {count} paths purged, 3 answers dropped"

    def test_a_dry_run_sends_nothing(self, cache, folder):
        """A dry run lists the paths for each cache, sends nothing, and writes nothing down."""
        everything = self.run(folder, "--dry-run", cache.address)
        assert everything.output == f"{cache.address}: everything\n"
        assert (cache.keys, (cache_folder(folder, {}) / SENT).exists()) == ([], False)
        self.run(folder, cache.address)
        before = fingerprints(folder)
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        path.write_text(path.read_text() + "  One sentence more.\n")
        result = self.run(folder, "--dry-run", cache.address)
        paths = differing(before, folder)
        assert {"/feed.rss", "/2021/07/feed.atom", "/2021/07/night-trains/"} <= paths
        assert sorted(result.output.splitlines()) == sorted(f"{cache.address}: {path}" for path in paths)

    def test_it_sees_the_site_as_a_server_does(self, cache, folder):
        """What a server was told up to is where the command goes on, and the reverse: not everything is purged anew."""
        self.run(folder, cache.address)
        (written,) = map(json.loads, (cache_folder(folder, {}) / SENT).read_text().splitlines())
        library = Library(folder, {}, opened(folder, {}))
        with closing(library.index):
            served = draw(library, DocumentCache(), lambda: NOW, is_leading=False)
            assert [state["common"] for state in written["states"]] == [served.site.plan.state.common]

    def test_the_caches_may_stand_in_site_yaml_or_the_environment(self, cache, other, folder):
        """Caches may be named in site.yaml or the environment; those on the command line win."""
        path = folder / "site.yaml"
        path.write_text(f"{path.read_text()}purge: [{cache.address}/]\n")
        assert self.run(folder).output.startswith(f"{cache.address}: everything")
        assert self.run(folder, FEEDSITE_PURGE=other.address).output.startswith(f"{other.address}: everything")
        assert self.run(folder, other.address).output.startswith(f"Nothing changed since {other.address}")

    def test_a_failure_is_printed_and_is_the_exit_status(self, cache, other, folder):
        """A cache that fails is printed with the reason, and the exit status is 1; the other one is purged."""
        cache.answers = [(403, {})]
        result = self.run(folder, cache.address, other.address)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{cache.address}: it answered 403 Forbidden: ")
        assert result.stdout == f"{other.address}: everything purged, 3 answers dropped\n"

    def test_what_is_missing_is_said_ready_to_paste(self, cache, folder):
        """Where no cache, no valid address or no site id is given, one sentence says what to write."""
        assert "add a line such as `purge: [http://127.0.0.1:6081]`" in self.run(folder).stderr
        wrong = self.run(folder, "127.0.0.1:6081")
        assert wrong.stderr == "127.0.0.1:6081 is no address; write it whole, such as http://127.0.0.1:6081\n"
        path = folder / "site.yaml"
        path.write_text(re.sub("^(base_url|id):.*\n", "", path.read_text(), flags=re.MULTILINE))
        nameless = self.run(folder, cache.address)
        assert "`base_url: https://news.example`" in nameless.stderr
        assert [result.exit_code for result in (self.run(folder), wrong, nameless)] == [1, 1, 1]


@contextmanager
def announcing(sent, **options):
    announcer = Announcer(lambda: sent.parent, **({"settle": 0.05, "pause": 0.2, "policy": QUICK} | options))
    announcer.start()
    yield announcer
    announcer.stop()
    announcer._thread.join(10)
    assert not announcer._thread.is_alive()


def announce(announcer, held, media=None, **changes):
    """Announces a Site of an index, as Live does with a new Site."""
    announcer.announce(site_of(held, media, **changes), settings(**changes))


class TestAnnouncer:
    """The server's own thread notifies caches first, then the hub."""

    @pytest.fixture
    def held(self):
        return journalled(entry())

    @pytest.fixture
    def hub(self):
        one = RecordingHub().run()
        yield one
        one.stop()

    def test_the_caches_are_notified_before_the_hub(self, held, cache, hub, sent):
        """Caches drop what changed before the hub is notified, for the hub fetches through them."""
        seen = []
        hub.fetch = lambda _: seen.append(len(cache.keys))
        with announcing(sent) as announcer:
            announce(announcer, held, purge=(cache.address,), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 4)
        assert set(seen) == {1}

    def test_each_change_is_sent_and_a_line_logged(self, held, cache, sent, caplog):
        """Caches are notified of each change, without a hub too, and a line is logged for each."""
        caplog.set_level("INFO", "feedsite")
        with announcing(sent) as announcer:
            announce(announcer, held, purge=(cache.address,))
            until(lambda: len(caplog.messages) == 1)
            put(held, entry(title="Another"))
            announce(announcer, held, purge=(cache.address,))
            until(lambda: len(caplog.messages) == 2)
        changed = {*rows([entry()]), *feeds_of(entry()), *listing(entry()), "/2026/11/night-trains/"}
        assert caplog.messages[1] == f"{cache.address}: {len(changed)} paths purged, 3 answers dropped"
        assert set(cache.keys[1]) == set(keys(*changed))

    def test_a_new_picture_is_sent_to_a_cache(self, held, cache, sent, tmp_path):
        """A new picture changes no topic, and caches drop the old one, with every copy that may have been of it."""
        with announcing(sent) as announcer:
            announce(announcer, held, purge=(cache.address,))
            until(lambda: len(cache.keys) == 1)
            with held.writing() as writer:
                writer.put_medium("images/a.png", "image/png", (1, 1, 1, 1), None)
            announce(announcer, held, Media(tmp_path, held), purge=(cache.address,))
            until(lambda: len(cache.keys) == 2)
        assert cache.keys[1] == keys("/images/a.png", *sizes.every_path("/images/a.png"))

    def test_a_hub_waits_for_a_cache_that_is_down_but_not_for_ever(self, held, cache, hub, sent, caplog):
        """The hub waits two pauses for a cache that is down, and is notified then."""
        cache.answers = [(403, {})]
        seen = []
        hub.fetch = lambda _: seen.append(len(cache.keys))
        with announcing(sent, pause=0.05) as announcer:
            announce(announcer, held, purge=(cache.address,), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 4)
            assert set(seen) == {3}
            cache.answers = [TAKEN]
            until(sent.exists)
        assert all(message.startswith(f"{cache.address}: it answered 403") for message in caplog.messages)

    def test_a_cache_that_comes_back_is_sent_what_it_missed(self, held, cache, hub, sent):
        """A cache that was down is sent what it missed when it is back, and then the hub, once."""
        cache.answers = [(403, {}), TAKEN]
        with announcing(sent) as announcer:
            announce(announcer, held, purge=(cache.address,), hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 4)
        assert len(cache.keys) == 2

    def test_a_picture_that_is_being_copied_keeps_no_hub_waiting(self, held, cache, hub, sent):
        """A picture that is being copied makes new sites again and again, and keeps no hub waiting."""
        over = threading.Event()
        with announcing(sent, settle=0.5) as announcer:
            changes = {"purge": (cache.address,), "hub": hub.address, "ping": True}
            announce(announcer, held, **changes)

            def copy():
                while not over.wait(0.05):
                    announce(announcer, held, **changes)

            copying = threading.Thread(target=copy)
            copying.start()
            try:
                until(lambda: len(hub.told) == 4)
            finally:
                over.set()
                copying.join()

    def test_without_caches_no_file_is_written(self, held, hub, sent):
        """Without caches no file is written for them."""
        with announcing(sent) as announcer:
            announce(announcer, held, hub=hub.address, ping=True)
            until(lambda: len(hub.told) == 4)
        assert not (sent.parent / "purged.lock").exists()
