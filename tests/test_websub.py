"""A hub is notified of each change once: the requests, errors, several processes, up to a real subscriber."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from types import SimpleNamespace
from urllib.parse import urlsplit

import flask
import pytest
import trustme
from click.testing import CliRunner
from flask_websub.errors import NotificationError
from flask_websub.hub import Hub, SQLite3HubStorage
from flask_websub.subscriber import SQLite3SubscriberStorage, SQLite3TempSubscriberStorage, Subscriber, discover
from werkzeug.serving import make_server

from feedsite.changes import State
from feedsite.cli import main
from feedsite.errors import FeedsiteError
from feedsite.folder.indexfile import folder as cache_folder
from feedsite.index.edition import Edition
from feedsite.notifying.announcer import Announcer
from feedsite.notifying.client import RetryPolicy
from feedsite.notifying.websub import SENT, Notified, Topics, changed, ping, topics
from feedsite.parsing.sitefile import read as read_settings
from feedsite.site import Site

from .support.articles import article
from .support.builders import differing, entry, fingerprints, journalled, put, settings
from .support.golden import NOW, SAMPLE, sample_site
from .support.hub import HANG, TAKEN, RecordingHub
from .support.rows import rows
from .support.servers import Server, free_port
from .support.waiting import until

FEED, HOME, PAGE = "https://news.example/feed.atom", "https://news.example/", "https://news.example/2026/11/a/"
THREE = {FEED: "f1", HOME: "h1", PAGE: "p1"}
QUICK = RetryPolicy(retries=2, backoff=0.001)
HASTY = RetryPolicy(answer=0.2)


@pytest.fixture
def hub():
    """A hub that takes everything, unless a test gives it other answers."""
    one = RecordingHub().run()
    yield one
    one.stop()


@pytest.fixture
def sent(tmp_path):
    return tmp_path / "cache" / SENT


def pinged(hub, sent, digests=THREE, policy=QUICK, **others):
    """What became of each topic, by address: "" where the hub took it."""
    return {one.topic: one.problem for one in ping(hub.address, Topics(digests=digests, **others), sent, policy)}


def since(row, *topics, **digests):
    """Of a site at this row of its journal: topics that changed since any other row, and the digests of these."""
    state = State(journal="a", row=row, article_row=row, moment=0, common="")

    def changed(former):
        return None if former is None else () if former.row == row else topics

    return {"state": state, "changed": changed, "digest": lambda topic: digests.get(topic[-2:-1], f"{topic} {row}")}


class TestPing:
    """One run: what is sent, to which hub, how often, and what is written down."""

    def test_a_topic_is_posted_as_a_form_with_both_names(self, hub, sent):
        """A topic is posted as a form, in hub.url as in PubSubHubbub and in hub.topic, in the order that is given."""
        assert list(ping(hub.address, Topics(digests={FEED: "f1", f"{HOME}?a=b&c": "x"}), sent)) == [
            Notified(topic=FEED),
            Notified(topic=f"{HOME}?a=b&c"),
        ]
        form = "application/x-www-form-urlencoded"
        feed, odd = "https%3A%2F%2Fnews.example%2Ffeed.atom", "https%3A%2F%2Fnews.example%2F%3Fa%3Db%26c"
        assert hub.requests == [
            ("/", form, f"hub.mode=publish&hub.url={feed}&hub.topic={feed}"),
            ("/", form, f"hub.mode=publish&hub.url={odd}&hub.topic={odd}"),
        ]

    def test_each_change_is_sent_once(self, hub, sent):
        """A hub is notified of each change once, also after a restart: what was sent is on the disk alone."""
        assert pinged(hub, sent) == {FEED: "", HOME: "", PAGE: ""}
        assert pinged(hub, sent) == {}
        assert changed(hub.address, Topics(digests=THREE | {FEED: "f2"}), sent) == (FEED,)
        assert pinged(hub, sent, THREE | {FEED: "f2"}) == {FEED: ""}
        assert pinged(hub, sent, THREE | {FEED: "f1"}) == {FEED: ""}
        assert hub.told == [FEED, HOME, PAGE, FEED, FEED]

    def test_a_topic_that_comes_back_unchanged_is_not_sent_again(self, hub, sent):
        """A topic that leaves the feeds and comes back unchanged is not sent again."""
        pinged(hub, sent)
        assert pinged(hub, sent, {FEED: "f2"}) == {FEED: ""}
        assert pinged(hub, sent, THREE | {FEED: "f2"}) == {}

    def test_the_file_of_what_was_sent_does_not_grow_for_ever(self, hub, sent):
        """The file of what was sent keeps the last 500 former topics."""
        sent.parent.mkdir()
        former = {f"{HOME}{number}": "x" for number in range(600)}
        sent.write_text(json.dumps({"hub": hub.address, "states": [], "waiting": [], "told": former}))
        pinged(hub, sent)
        held = json.loads(sent.read_text())["told"]
        assert list(held) == [*list(former)[100:], FEED, HOME, PAGE]

    def test_a_hub_is_notified_of_other_topics_once_they_change(self, hub, sent):
        """The first run begins with the topics of everything; later ones are of all topics that changed, once each."""
        a, b = f"{HOME}a/", f"{HOME}b/"
        assert pinged(hub, sent, **since(1, a, b)) == {FEED: "", HOME: "", PAGE: ""}
        assert pinged(hub, sent, **since(2, a, b)) == {a: "", b: ""}
        assert pinged(hub, sent, **since(2, a, b)) == {}
        assert pinged(hub, sent, THREE | {FEED: "f2"}, **since(3, b)) == {FEED: "", b: ""}

    def test_a_topic_whose_document_stayed_is_not_sent(self, hub, sent):
        """A topic that may have changed is drawn. It is not sent where the hub has the document, or none is left."""
        a, b, c = f"{HOME}a/", f"{HOME}b/", f"{HOME}c/"
        pinged(hub, sent, **since(1))
        assert pinged(hub, sent, **since(2, a, b, c, a="a1", c=None)) == {a: "", b: ""}
        assert pinged(hub, sent, **since(3, a, b, a="a1")) == {b: ""}

    def test_a_topic_that_was_not_taken_waits(self, hub, sent):
        """What a hub refused, or was not sent because it was down, is sent by the next run, with what changed since."""
        a, b, c = f"{HOME}a/", f"{HOME}b/", f"{HOME}c/"
        pinged(hub, sent, **since(1))
        hub.answers = [(400, {}), TAKEN, (503, {})]
        assert [bool(problem) for problem in pinged(hub, sent, **since(2, a, b, c)).values()] == [True, False, True]
        hub.answers = [TAKEN]
        assert pinged(hub, sent, **since(3, b)) == {a: "", c: "", b: ""}
        assert pinged(hub, sent, **since(3, b)) == {}

    def test_where_the_changes_are_unknown_no_other_topic_is_sent(self, hub, sent):
        """Where it is unknown which topics changed, a hub is notified of those of everything that did."""
        pinged(hub, sent, **since(1))
        others = since(2, f"{HOME}a/") | {"changed": lambda _: None}
        assert pinged(hub, sent, THREE | {FEED: "f2"}, **others) == {FEED: ""}

    @pytest.mark.parametrize("busy", [(503, {}), (500, {}), (429, {"Retry-After": "0"})])
    def test_a_busy_hub_is_asked_again(self, hub, sent, busy):
        """A request that is answered with 429 or 5xx is repeated."""
        hub.answers = [busy, busy, TAKEN]
        assert pinged(hub, sent, {FEED: "f1"}) == {FEED: ""}
        assert hub.told == [FEED, FEED, FEED]

    def test_a_hub_that_stays_busy_ends_the_run_and_the_next_one_sends_all(self, hub, sent):
        """A hub that stays busy ends the run after one topic; the next run sends all."""
        hub.answers = [(503, {})]
        assert pinged(hub, sent) == {FEED: "the hub answered 503 Service Unavailable"}
        assert len(hub.told) == 1 + QUICK.retries
        hub.answers = [TAKEN]
        assert pinged(hub, sent) == {FEED: "", HOME: "", PAGE: ""}

    def test_a_refusal_is_final_for_its_topic_and_this_run(self, hub, sent):
        """A topic that is refused with 4xx keeps no other from being sent, and is sent again by the next run."""
        hub.answers = [(400, {}), TAKEN]
        assert pinged(hub, sent) == {FEED: "the hub answered 400 Bad Request", HOME: "", PAGE: ""}
        assert pinged(hub, sent) == {FEED: ""}
        assert hub.told == [FEED, HOME, PAGE, FEED]

    def test_a_request_that_a_hub_does_not_answer_is_not_repeated(self, hub, sent):
        """A request without an answer is not repeated, for the hub may have acted on it."""
        hub.answers = [HANG]
        assert pinged(hub, sent, policy=HASTY) == {FEED: "the hub did not answer within 0.2 seconds"}
        assert hub.told == [FEED]

    def test_an_unreachable_hub_is_reported_in_the_systems_words(self, sent):
        """An unreachable hub is reported in the system's words, without names of Python's classes."""
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        (only,) = ping(address, Topics(digests=THREE), sent, QUICK)
        assert only == Notified(topic=FEED, problem="the hub cannot be reached: Connection refused", is_down=True)
        assert str(only) == f"{FEED}: the hub cannot be reached: Connection refused"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(self, hub, sent, status):
        """A redirect is not followed: it could lead to any service of this machine or its network."""
        inner = RecordingHub().run()
        hub.answers = [(status, {"Location": f"{inner.address}admin"})]
        told_of = pinged(hub, sent, {FEED: "f1"})
        inner.stop()
        assert inner.requests == []
        assert hub.told == [FEED]
        assert told_of[FEED].endswith(
            f" and leads to {inner.address}admin; if the hub has moved there, write `hub: {inner.address}admin`"
        )

    @pytest.mark.parametrize(
        ("location", "shown"),
        [
            ("/new", "{hub}new"),
            ("http://[", "http://["),
            ("gopher://hub.example/", "gopher://hub.example/"),
            ("http://hub.example/" + "x" * 500, "http://hub.example/" + "x" * 181 + "..."),
            ("http://hub.example/\x1b[2J", "http://hub.example/?[2J"),
        ],
    )
    def test_where_a_redirect_leads_is_shown_as_plain_text(self, hub, sent, location, shown):
        """The target of a redirect is printed without letters that a terminal takes for commands."""
        hub.answers = [(307, {"Location": location})]
        (problem,) = pinged(hub, sent, {FEED: "f1"}).values()
        shown = shown.format(hub=hub.address)
        assert problem.startswith(f"the hub answered 307 Temporary Redirect and leads to {shown}; if")

    def test_a_hub_whose_certificate_nobody_vouches_for_is_told_nothing(self, sent):
        """A hub whose certificate is not trusted is sent nothing: another machine may answer for it."""
        hub = RecordingHub().run(server_context(trustme.CA()))
        (only,) = ping(hub.address.replace("http:", "https:"), Topics(digests=THREE), sent, QUICK)
        hub.stop()
        assert "certificate verify failed" in only.problem
        assert hub.requests == []

    @pytest.mark.parametrize(
        "held",
        [b"", b"{", b"[]", b"7", b"{}", b'{"hub": "H"}', b'{"hub": "H", "told": [1]}', b"\xff\xfe", b"[" * 100_000],
    )
    def test_a_damaged_file_counts_as_empty(self, hub, sent, held):
        """A damaged file of what was sent counts as empty, and is written anew."""
        sent.parent.mkdir()
        sent.write_bytes(held.replace(b"H", hub.address.encode()))
        assert pinged(hub, sent) == {FEED: "", HOME: "", PAGE: ""}
        assert pinged(hub, sent) == {}

    def test_a_pipe_in_its_place_is_not_read_for_ever(self, hub, sent):
        """A pipe in the place of the file ends the run with a sentence, and the lock is released."""
        sent.parent.mkdir()
        os.mkfifo(sent)
        with pytest.raises(FeedsiteError, match=r"pinged\.json cannot be read: this is no ordinary file"):
            pinged(hub, sent)

    def test_a_link_in_its_way_leads_nowhere(self, hub, sent, tmp_path):
        """A link in the place of the part file is replaced; its target keeps its bytes."""
        victim = tmp_path / "victim.txt"
        victim.write_text("whole")
        sent.parent.mkdir()
        sent.with_suffix(".part").symlink_to(victim)
        assert pinged(hub, sent) == {FEED: "", HOME: "", PAGE: ""}
        assert victim.read_text() == "whole"

    def test_a_new_hub_is_sent_everything(self, hub, sent):
        """What was sent to one hub is sent to another one when the site changes its hub."""
        pinged(hub, sent)
        other = RecordingHub().run()
        assert pinged(other, sent) == {FEED: "", HOME: "", PAGE: ""}
        other.stop()

    @pytest.mark.parametrize(
        ("taken", "words"),
        [
            ("cache", "cache cannot be written to: Not a directory; so nobody is told anything"),
            ("cache/pinged.part/x", "cache cannot be written to: Is a directory; so nobody is told anything"),
            ("cache/pinged.json/x", "pinged.json cannot be read: this is no ordinary file"),
        ],
    )
    def test_nothing_is_sent_that_cannot_be_written_down(self, hub, sent, tmp_path, taken, words):
        """Where the file cannot be written, the hub is sent nothing, and one sentence says why."""
        (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / taken).touch()
        with pytest.raises(FeedsiteError, match=words):
            pinged(hub, sent)
        assert hub.told == []

    def test_two_processes_at_once_send_each_topic_once(self, hub, sent):
        """Of two processes the second waits for the lock, and then finds all topics sent."""
        hub.answers = [HANG, TAKEN]
        both = [telling(hub, sent), telling(hub, sent)]
        until(lambda: hub.told)
        hub.gate.set()
        said = sorted(process.communicate(timeout=30)[0] for process in both)
        assert said == ["", f"{FEED}: the hub has been told\n{HOME}: the hub has been told\n"]
        assert hub.told == [FEED, HOME]

    def test_a_killed_process_leaves_the_file_right_and_unlocked(self, hub, sent):
        """After a killed process, what the hub took is not sent again, and what it did not answer is."""
        hub.answers = [TAKEN, HANG]
        process = telling(hub, sent)
        until(lambda: hub.told == [FEED, HOME])
        process.kill()
        process.communicate()
        hub.answers = [TAKEN]
        assert pinged(hub, sent, {FEED: "f1", HOME: "h1"}) == {HOME: ""}


def telling(hub, sent):
    """A process that sends two topics to the hub."""
    program = f"""
from pathlib import Path
from feedsite.notifying.websub import Topics, ping
for one in ping({hub.address!r}, Topics(digests={{{FEED!r}: "f1", {HOME!r}: "h1"}}), Path({str(sent)!r})):
    print(one, flush=True)
"""
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


def test_the_topics_are_the_lists_and_the_articles():
    """Topics are each list's feeds and first page, and each article but withdrawn ones; addresses are in ASCII."""
    standing = sample_site()
    sample, _ = read_settings((SAMPLE / "site.yaml").read_bytes(), {})
    found = topics(standing, sample)
    base = "https://sample.example"
    assert list(found.digests) == [f"{base}/feed.rss", f"{base}/feed.atom", f"{base}/feed.json", f"{base}/"]
    assert found.digests[f"{base}/feed.atom"] == standing["/feed.atom"].digest
    assert found.digest(f"{base}/2021/07/%E6%97%A5%E6%9C%AC/") == standing["/2021/07/日本/"].digest
    for path in ("/tag/japan/", "/2021/feed.rss", "/author/mina-sato/feed.json"):
        assert found.digest(f"{base}{path}") == standing[path].digest
    for path in ("/2021/07/taken-back/", "/old.html", "/images/dot.png", "/static/style.css", "/nowhere/"):
        assert found.digest(f"{base}{path}") is None


def test_the_topics_that_changed_are_those_that_show_an_edit():
    """After an edit of an article, its page and the feeds of its lists may have changed; an archive is no topic."""
    held = journalled(entry(), *(entry(name) for name in "abc"))
    former = topics(site_of(held), settings())
    put(held, entry(body="<p>Another.</p>\n"))
    found = topics(site_of(held, window=2, archives="all"), settings(window=2, archives="all"))
    assert found.changed(former.state) is None
    former = found
    put(held, entry(body="<p>One more.</p>\n"))
    found = topics(site_of(held, window=2, archives="all"), settings())
    feeds = {f"{folder}feed.{suffix}" for folder in rows([entry()]) for suffix in ("rss", "atom", "json")}
    assert set(found.changed(former.state)) == {
        f"https://news.example{path}" for path in ("/2026/11/night-trains/", *feeds)
    }


def site_of(held, **changes):
    return Site(Edition(held, NOW), settings(**changes), {})


def drop(folder, name):
    """Takes a field out of site.yaml."""
    path = folder / "site.yaml"
    path.write_text(re.sub(rf"^{name}:.*\n", "", path.read_text(), flags=re.MULTILINE))


class TestCommand:
    """`feedsite ping`, as it is typed after an export was uploaded."""

    def run(self, folder, *options, **environment):
        return CliRunner(env=environment).invoke(main, ["--site", str(folder), "ping", *options])

    def test_it_prints_a_line_for_each_topic_that_changed(self, hub, folder):
        """The command prints a line for each topic that changed, and one sentence where none did."""
        count = len(sample_site().topics)
        first = self.run(folder, FEEDSITE_HUB=hub.address)
        assert (first.exit_code, len(first.stdout.splitlines()), len(hub.told)) == (0, count, count)
        assert first.stdout.splitlines()[0] == "https://sample.example/feed.rss: the hub has been told"
        second = self.run(folder, FEEDSITE_HUB=hub.address)
        assert (second.exit_code, second.stdout) == (0, f"Nothing changed since {hub.address} was told last.\n")
        before = fingerprints(folder)
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        path.write_text(path.read_text() + "  One sentence more.\n")
        third = self.run(folder, FEEDSITE_HUB=hub.address)
        base = "https://sample.example"
        shown = {path for path in differing(before, folder) if "/page/" not in path and "/archive/" not in path}
        assert shown >= {"/feed.rss", "/2021/07/night-trains/", "/2021/07/feed.atom"}
        assert sorted(third.stdout.splitlines()) == sorted(f"{base}{path}: the hub has been told" for path in shown)

    def test_a_dry_run_sends_nothing(self, hub, folder):
        """A dry run lists the topics that changed, sends nothing, and writes nothing down."""
        result = self.run(folder, "--dry-run", FEEDSITE_HUB=hub.address)
        assert result.exit_code == 0
        assert result.stdout.splitlines()[0] == "https://sample.example/feed.rss"
        assert (hub.told, (cache_folder(folder, {}) / SENT).exists()) == ([], False)

    def test_a_failure_is_printed_and_is_the_exit_status(self, hub, folder):
        """A topic that the hub refuses is printed with the reason, and the exit status is 1."""
        hub.answers = [(400, {}), TAKEN]
        result = self.run(folder, FEEDSITE_HUB=hub.address)
        assert result.exit_code == 1
        assert result.stderr == "https://sample.example/feed.rss: the hub answered 400 Bad Request\n"

    @pytest.mark.parametrize("name", ["hub", "base_url"])
    def test_without_hub_or_address_it_says_what_to_add(self, folder, name):
        """Without a hub or an address, one sentence has the lines to add, ready to paste."""
        drop(folder, name)
        result = self.run(folder)
        assert result.exit_code == 1
        assert "`hub: https://hub.example/`" in result.stderr
        assert "`base_url: https://news.example`" in result.stderr


@contextmanager
def announcing(sent, **options):
    announcer = Announcer(lambda: sent.parent, **({"settle": 0.05, "pause": 0.05, "policy": QUICK} | options))
    announcer.start()
    yield announcer
    announcer.stop()
    announcer._thread.join(10)
    assert not announcer._thread.is_alive()


def announce(announcer, held, address, *entries, **changes):
    """Writes entries to an index and announces its Site, as Live does."""
    if entries:
        put(held, *entries)
    sound = {"hub": address, "ping": True} | changes
    announcer.announce(site_of(held, **sound), settings(**sound))


FRONT = [f"https://news.example{path}" for path in ("/feed.rss", "/feed.atom", "/feed.json", "/")]
TRAINS = "https://news.example/2026/11/night-trains/"


@pytest.fixture
def held():
    """An index whose first scan found nothing."""
    return journalled()


class TestAnnouncer:
    """The server's own thread: when it notifies the hub, and which errors it outlives."""

    def test_it_sends_what_changed_and_logs_a_line_each(self, held, hub, sent, caplog):
        """The thread notifies the hub of what changed, and logs a line for each topic."""
        caplog.set_level("INFO", "feedsite")
        with announcing(sent) as announcer:
            announce(announcer, held, hub.address, entry())
            until(lambda: len(caplog.messages) == 4)
            assert hub.told == FRONT
            announce(announcer, held, hub.address, entry(body="<p>Another.</p>\n"))
            others = {f"{folder}feed.{suffix}" for folder in rows([entry()]) for suffix in ("rss", "atom", "json")}
            changed = {TRAINS, *(f"https://news.example{path}" for path in others)}
            until(lambda: len(caplog.messages) == 4 + len(changed))
        assert set(hub.told[4:]) == changed
        assert caplog.messages == [f"{topic}: the hub has been told" for topic in hub.told]

    def test_changes_within_its_settling_are_sent_together(self, held, hub, sent):
        """A feed that changes three times within `settle` is sent once."""
        with announcing(sent, settle=1) as announcer:
            for name in ("a", "b", "c"):
                announce(announcer, held, hub.address, entry(name))
            until(lambda: len(hub.told) == 4)
        assert hub.told == FRONT

    def test_a_new_picture_changes_no_topic(self, held, hub, sent):
        """A new picture changes no topic, so that the hub is not kept waiting while a large one is copied."""
        with announcing(sent) as announcer:
            announce(announcer, held, hub.address, entry())
            until(lambda: len(hub.told) == 4)
            with held.writing() as writer:
                writer.put_medium("images/a.png", "image/png", (1, 1, 1, 1), None)
            announce(announcer, held, hub.address)
            assert announcer._sites.empty()

    def test_a_hub_that_comes_back_is_sent_what_it_missed(self, held, hub, sent, caplog):
        """A hub that was down is sent all topics when it is back, without a further change."""
        hub.answers = [(503, {})] * 6 + [TAKEN]
        with announcing(sent) as announcer:
            announce(announcer, held, hub.address, entry())
            until(lambda: len(hub.told) == 10)
        assert hub.told == [FRONT[0]] * 6 + FRONT
        assert caplog.messages == [f"{FRONT[0]}: the hub answered 503 Service Unavailable"] * 2

    def test_it_outlives_a_folder_that_cannot_be_written_to(self, held, hub, sent, caplog):
        """A folder that cannot be written to is one line in the log; the next change is sent when it can be."""
        sent.parent.touch()
        with announcing(sent) as announcer:
            announce(announcer, held, hub.address, entry("a"))
            until(lambda: "cannot be written to: Not a directory" in caplog.text)
            sent.parent.unlink()
            announce(announcer, held, hub.address, entry("b"))
            until(lambda: len(hub.told) == 4)

    def test_it_outlives_an_unexpected_exception(self, held, hub, sent, caplog):
        """An unexpected exception is logged, and the thread goes on."""
        with announcing(sent) as announcer:
            announcer._sites.put(("no site", settings(hub=hub.address, ping=True), True))
            until(lambda: "the hub could not be told" in caplog.text)
            announce(announcer, held, hub.address, entry())
            until(lambda: len(hub.told) == 4)

    def test_its_end_waits_for_no_slow_hub(self, held, hub, sent):
        """`stop` waits for no slow hub, and nothing is sent after it."""
        hub.answers = [HANG]
        announcer = Announcer(lambda: sent.parent, settle=0.01)
        announcer.start()
        announce(announcer, held, hub.address, entry())
        until(lambda: hub.told)
        announcer.stop()
        assert announcer._thread.is_alive()
        hub.gate.set()
        announcer._thread.join(10)
        assert len(hub.told) == 1

    @pytest.mark.parametrize("changes", [{"ping": False}, {"hub": None}, {"base_url": None}])
    def test_it_sends_nothing_unless_all_is_named(self, held, hub, sent, changes):
        """The thread sends nothing without `ping`, a hub, and an address from which the hub can fetch."""
        with announcing(sent) as announcer:
            announce(announcer, held, hub.address, entry("a"), **changes)
            until(announcer._sites.empty)
            announce(announcer, held, hub.address, entry("b"))
            until(lambda: len(hub.told) == 4)
        assert hub.told == FRONT


def server_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def serve(folder):
    """Starts `feedsite serve` where the hub can reach it, with `ping: true`."""
    with ExitStack() as running:

        def one(*options, port, **environment):
            base = f"http://127.0.0.1:{port}"
            server = Server(folder, *options, port=port, FEEDSITE_BASE_URL=base, FEEDSITE_PING="true", **environment)
            running.callback(lambda: server.process.poll() is not None or server.stop())
            return server

        yield one


def knows_all(folder, server):
    """Whether the hub was notified of every topic as it is served now: by the file of what was sent, and by ETags."""
    (sent,) = cache_folder(folder, {}).glob(SENT)
    (held,) = map(json.loads, sent.read_text().splitlines())
    base = f"http://127.0.0.1:{server.port}"
    served = {topic: server.get(topic.removeprefix(base)).getheader("ETag").strip('"') for topic in held["told"]}
    return not held["waiting"] and served == held["told"]


class TestServer:
    """`feedsite serve` with `ping: true`."""

    def test_a_server_that_ends_sends_nothing_more(self, hub, serve, folder):
        """A server that is ending sends nothing more: it could not answer what the hub then fetches."""
        hub.answers = [HANG]
        (folder / "audio" / "long.mp3").write_bytes(bytes(30_000_000))
        server = serve(port=free_port(), FEEDSITE_HUB=hub.address)
        until(lambda: len(hub.told) == 1)
        with socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(b"GET /audio/long.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert slow.recv(100)
            server.process.send_signal(signal.SIGTERM)
            hub.answers = [TAKEN]
            time.sleep(0.3)  # until the signal has reached the worker
            hub.gate.set()
            server.process.wait(20)
        assert len(hub.told) == 1

    def test_two_workers_tell_each_version_once_and_a_restart_nothing(self, hub, serve, folder):
        """Of two workers one sends each version, once, when both serve it; a restarted server sends nothing."""
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        server = serve("--workers", "2", port=port, FEEDSITE_HUB=hub.address)
        fetched = []
        hub.fetch = lambda topic: fetched.append((topic, server.get(topic.removeprefix(base)).body))
        until(lambda: len(fetched) == len(sample_site().topics))
        for name in ("a", "b"):
            (folder / "entries" / f"{name}.yaml").write_text(article(id=f"tag:a,2026:{name}"))
            until(lambda name=name: f"{base}/2026/11/{name}/" in hub.told)
            until(lambda: knows_all(folder, server))
        server.stop()
        server = serve("--workers", "2", port=port, FEEDSITE_HUB=hub.address)
        (folder / "entries" / "c.yaml").write_text(article(id="tag:a,2026:c"))
        until(lambda: f"{base}/2026/11/c/" in hub.told)
        until(lambda: knows_all(folder, server))
        server.stop()
        assert sorted(fetched) == sorted(set(fetched))
        assert [topic for topic, _ in fetched].count(f"{base}/feed.atom") == 4
        assert f"{base}/feed.atom: the hub has been told" in server.log.read_text()

    def test_a_preview_is_sent_to_no_hub(self, hub, folder):
        """A server without base_url sends nothing, for its links point to this machine."""
        drop(folder, "base_url")
        server = Server(folder, FEEDSITE_HUB=hub.address, FEEDSITE_PING="true")
        time.sleep(2)  # else it would tell after one
        server.stop()
        assert (hub.told, (cache_folder(folder, {}) / SENT).exists()) == ([], False)

    def test_new_settings_are_taken_up_while_the_server_runs(self, hub, folder):
        """A running server takes up a new base_url, `ping`, another hub, and a cache to purge."""
        for name in ("base_url", "hub"):
            drop(folder, name)
        path, port = folder / "site.yaml", free_port()
        path.write_text(f"{path.read_text()}hub: {hub.address}\nping: true\n")
        server, other = Server(folder, "--workers", "2", port=port), RecordingHub().run()
        try:
            base = f"http://127.0.0.1:{port}/news"  # not the address where the server listens, which it falls back on
            path.write_text(f"{path.read_text()}base_url: {base}\n")
            until(lambda: len(hub.told) == len(sample_site().topics))
            assert {topic.startswith(f"{base}/") for topic in hub.told} == {True}
            path.write_text(path.read_text().replace(hub.address, other.address))
            until(lambda: len(other.told) == len(sample_site().topics))
            path.write_text(f"{path.read_text()}purge: [{hub.address}]\n")
            until(lambda: server.said(f"{hub.address.removesuffix('/')}: "), patience=20)
        finally:
            server.stop()
            other.stop()


class Tasks:
    """As much of Celery as Flask-WebSub's hub calls: each task runs at once, in a thread of its own.

    `failed` counts the deliveries that Celery would try again. What the hub cannot fetch it does not deliver: of a
    withdrawn article it gets 410.
    """

    def __init__(self):
        self.failed = 0
        self.threads = []

    def task(self, *, bind=False, **_):
        def made(function):
            task = SimpleNamespace(request=SimpleNamespace(retries=0))

            def retry(countdown):
                self.failed += 1

            def run(*args):
                with suppress(NotificationError):
                    function(*((task, *args) if bind else args))

            def delay(*args):
                self.threads.append(threading.Thread(target=run, args=args))
                self.threads[-1].start()

            task.retry, task.delay = retry, delay
            return task

        return made


@contextmanager
def served(app, context=None):
    """A Flask application on the loopback, as the address of its root."""
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_subscriber_of_a_real_hub_receives_a_new_article(serve, folder, tmp_path):
    """Flask-WebSub discovers the hub, subscribes with a secret over TLS, and receives a saved article, signed."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    tasks = Tasks()
    hub_app = flask.Flask("hub")
    hub_app.config["PUBLISH_SUPPORTED"] = True
    hub = Hub(SQLite3HubStorage(str(tmp_path / "hub.sqlite")), tasks, **hub_app.config)
    hub_app.register_blueprint(hub.build_blueprint("/hub"))
    subscriber = Subscriber(
        SQLite3SubscriberStorage(str(tmp_path / "subscriber.sqlite")),
        SQLite3TempSubscriberStorage(str(tmp_path / "asking.sqlite")),
    )
    delivered = []
    subscriber.add_listener(lambda topic, _, body: delivered.append((topic, body)))
    subscriber_app = flask.Flask("subscriber")
    subscriber_app.register_blueprint(subscriber.build_blueprint("/callback"))
    with served(hub_app, server_context(authority)) as hub_base, served(subscriber_app) as subscriber_base:
        server = serve(
            *("--workers", "2"),
            port=free_port(),
            FEEDSITE_HUB=f"{hub_base}/hub",
            SSL_CERT_FILE=str(tmp_path / "authority.pem"),
        )
        topic = f"http://127.0.0.1:{server.port}/feed.atom"
        until(lambda: server.said(f"{topic}: the hub has been told"))
        found = discover(topic)
        assert found == {"topic_url": topic, "hub_url": f"{hub_base}/hub"}
        with subscriber_app.test_request_context(base_url=subscriber_base):
            callback = subscriber.subscribe(
                **found, secret=secrets.token_hex(), requests_opts={"verify": str(tmp_path / "authority.pem")}
            )
        until(lambda: list(hub.storage.get_callbacks(topic)))
        (folder / "entries" / "new.yaml").write_text(article("Delivered to the door"))
        until(lambda: delivered)
        assert delivered == [(topic, server.get("/feed.atom").body)]
        assert b"Delivered to the door" in delivered[0][1]
        forged = http.client.HTTPConnection(urlsplit(subscriber_base).netloc)
        forged.request("POST", f"/callback/{callback}", b"forged", {"X-Hub-Signature": "sha512=00"})
        assert forged.getresponse().read() == b"Content received\n"
        forged.close()
        server.stop()
        for thread in tasks.threads:
            thread.join()
    assert (len(delivered), tasks.failed) == (1, 0)
