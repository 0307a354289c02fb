"""What Prometheus is told: right over all workers, whoever of them dies, and to this machine alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest, openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics

from feedsite.serving import counts
from feedsite.serving.counts import BEAT, DROPPED, TAKEN_IN, SharedCounts, cell, create
from feedsite.serving.health import CAUSES
from feedsite.serving.live import Live
from feedsite.serving.metrics import _Metrics

from .support.articles import article
from .support.golden import NOW
from .support.servers import Server, Watched, free_port, read
from .support.waiting import until


class TestFigures:
    """What one worker tells of itself and of the others."""

    @pytest.fixture
    def shared(self, monkeypatch):
        monkeypatch.setenv(counts._VARIABLE, "")
        create(1)
        yield SharedCounts()
        os.close(int(os.environ[counts._VARIABLE].rpartition("/")[2]))

    @pytest.fixture
    def told(self, folder, shared):
        """What is told now of the sample, at a clock that a test may set."""

        def now():
            registry = CollectorRegistry()
            registry.register(_Metrics(now.live, shared))
            return read(generate_latest(registry).decode())

        now.clock = NOW
        now.live = Live(folder, {}, clock=lambda: now.clock)
        return now

    def test_articles_are_told_by_who_may_see_them(self, told):
        """As /status tells them, drafts and scheduled ones apart."""
        found = told()
        states = {state: found["feedsite_articles", state] for state in ("public", "scheduled", "draft")}
        assert states == {"public": 6, "scheduled": 1, "draft": 1}

    def test_a_scheduled_article_becomes_public_by_the_clock(self, told):
        """The figures are of now, not of when the files were read."""
        told.clock = datetime(2035, 1, 1, tzinfo=UTC)
        found = told()
        assert (found["feedsite_articles", "public"], found["feedsite_articles", "scheduled"]) == (7, 0)

    def test_faults_are_counted_without_notes(self, told, folder):
        """What the newsroom has to mend."""
        assert told()["feedsite_faults",] == 0
        (folder / "entries" / "broken.yaml").write_text("title: [\n")
        (folder / "entries" / "noted.yaml").write_text(article(summery="x"))
        told.live.take_in()
        assert told()["feedsite_faults",] == sum(not fault.is_note for fault in told.live.served.index.faults()) > 0

    def test_the_index_ages_until_files_are_taken_in(self, told):
        """Seconds by the site's clock; a clock that was set back makes no negative age."""
        assert told()["feedsite_index_age_seconds",] == 0
        told.clock += timedelta(seconds=90)
        assert told()["feedsite_index_age_seconds",] == 90
        told.live.take_in()
        assert told()["feedsite_index_age_seconds",] == 0
        told.clock -= timedelta(hours=1)
        assert told()["feedsite_index_age_seconds",] == 0

    def test_a_worker_that_takes_no_change_in_is_told_with_the_cause(self, told):
        """After a minute; each cause has its own figure, 0 as a rule."""
        causes = dict.fromkeys(CAUSES, 0)
        assert {cause: told()["feedsite_workers_behind", cause] for cause in CAUSES} == causes
        told.clock += timedelta(seconds=61)
        told.live.trouble = "a disk is away"
        assert {cause: told()["feedsite_workers_behind", cause] for cause in CAUSES} == causes | {"error": 1}
        told.live.take_in()
        assert {cause: told()["feedsite_workers_behind", cause] for cause in CAUSES} == causes

    def test_documents_are_counted_as_they_are_drawn(self, told):
        """Each that is asked for and was not held is one more."""
        before = told()["feedsite_documents",]
        told.live.site.find("/2021/07/japan-taiwan/")
        assert told()["feedsite_documents",] == before + 1

    def test_counts_of_all_workers_are_added(self, told, shared):
        """Of the living and the dead: no number ever falls."""
        for number, row in enumerate(shared._rows, 1):
            row[cell("/feed.rss", 304)] = number
            row[cell("/feed.rss", 304) + 1] = 10 * number
            row[DROPPED] = 100 * number
        found = told()
        assert found["feedsite_requests_total", "rss", "304"] == 3
        assert found["feedsite_content_bytes_total", "rss", "304"] == 30
        assert found["feedsite_access_log_dropped_lines_total",] == 300

    def test_the_dead_are_no_workers_and_hold_nothing(self, told, shared):
        """One that has said nothing for five seconds is not there, and its old site makes nothing old."""
        other = next(row for row in shared._rows if row is not shared.own)
        alone = told()
        other[TAKEN_IN] = int((NOW - timedelta(seconds=7)).timestamp() * 1000)
        other[counts.DOCUMENTS] = 1000
        assert told() == alone
        assert alone["feedsite_workers",] == 1
        other[BEAT] = time.monotonic_ns()
        both = told()
        assert both["feedsite_workers",] == 2
        assert both["feedsite_documents",] == alone["feedsite_documents",] + 1000
        assert both["feedsite_index_age_seconds",] == 7


@pytest.fixture
def start(folder):
    running = []

    def one(*options, **environment):
        running.append(Watched(folder, *options, **environment))
        return running[-1]

    yield one
    for server in running:
        server.kill()


RSS = ("feedsite_requests_total", "rss", "2xx")


def test_both_workers_are_counted_whichever_tells(start):
    """Sixty polls spread over two processes: every scrape knows all of them."""
    server = start("--workers", "2")
    until(lambda: server.figures()["feedsite_workers",] == 2, patience=20)
    sizes = [len(server.get("/feed.rss").body) for _ in range(60)]
    for _ in range(10):
        figures = server.figures()
        assert figures[RSS] == 60
        assert figures["feedsite_content_bytes_total", "rss", "2xx"] == sum(sizes)


def listening(port):
    """How many sockets wait there for connections (proc(5))."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(fields[1] == f"0100007F:{port:04X}" and fields[3] == "0A" for fields in map(str.split, lines))


def test_every_worker_listens(start):
    """So that nobody need take over when one dies."""
    server = start("--workers", "2")
    until(lambda: listening(server.metrics_port) == 2, patience=20)


def test_no_count_falls_when_a_worker_is_killed(start):
    """kill -9: what it had counted stays, the other tells it, and its successor counts on."""
    server = start("--workers", "2")
    until(lambda: server.figures()["feedsite_workers",] == 2, patience=20)
    before = server.workers()
    for _ in range(40):
        server.get("/feed.rss")
    os.kill(before[0], signal.SIGKILL)
    until(lambda: before[0] not in server.workers(), patience=20)
    assert server.figures()[RSS] == 40
    until(lambda: len(server.workers()) == 2, patience=20)
    for _ in range(20):
        assert server.get("/feed.rss").status == 200
    assert server.figures()[RSS] == 60


def test_workers_that_are_renewed_count_on(start):
    """SIGHUP: granian starts a new worker before it ends the old one."""
    server = start()
    for _ in range(10):
        server.get("/feed.rss")
    before = server.workers()
    server.process.send_signal(signal.SIGHUP)
    until(lambda: len(server.workers()) == 1 and server.workers() != before, patience=30)
    until(lambda: server.get("/feed.rss").status == 200, patience=20)
    assert server.figures()[RSS] >= 11
    assert not server.said("counted nowhere")


def test_only_this_machine_may_ask(start):
    """The port is bound to 127.0.0.1, whatever the site listens on."""
    server = start("--host", "0.0.0.0")  # noqa: S104  # for as long as this test takes
    assert server.scrape().status == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.metrics_port), timeout=5)
    with socket.create_connection(("127.0.0.2", server.port), timeout=5):
        pass


def test_open_metrics_are_told_to_who_asks_for_them(start):
    """Both formats that Prometheus reads, with the same figures."""
    server = start()
    server.get("/feed.atom")
    answer = server.scrape(Accept="application/openmetrics-text; version=1.0.0")
    assert answer.getheader("Content-Type").startswith(openmetrics.exposition.CONTENT_TYPE_LATEST.partition(";")[0])
    assert read(answer.body, open_metrics)["feedsite_requests_total", "atom", "2xx"] == 1


def test_who_says_nothing_keeps_nobody_waiting(start):
    """Twenty idle connections, and a scrape among them; nor do they hold the server's end up."""
    server = start()
    idle = [socket.create_connection(("127.0.0.1", server.metrics_port)) for _ in range(20)]
    begun = time.monotonic()
    assert server.scrape().status == 200
    assert time.monotonic() - begun < 0.9  # a second is what the system waits that finds the queue full
    assert server.stop() == 0
    for connection in idle:
        connection.close()
    assert "Traceback" not in server.log.read_text()


def threads(server):
    """The most that any process of it has."""
    return max(len(os.listdir(f"/proc/{pid}/task")) for pid in server.workers())


def test_whoever_holds_every_connection_holds_up_no_reader(start):
    """Another user of the machine, who sends a byte now and then: he is closed, and the log says nothing of it."""
    server = start()
    idle = [socket.create_connection(("127.0.0.1", server.metrics_port)) for _ in range(300)]
    for connection in idle:
        with suppress(OSError):
            connection.sendall(b"GET")
    assert server.get("/feed.rss").status == 200
    assert threads(server) < 160
    for connection in idle:
        connection.close()
    until(lambda: server.scrape().status == 200)
    assert "metrics could not" not in server.log.read_text()


def test_a_request_without_end_takes_no_memory(start):
    """Header fields of 64 kB each, a hundred of them: it is read no further than any scraper's request goes."""
    server = start()
    before = server.memory()
    field = b"x: " + b"y" * 65000 + b"\r\n"
    clients = [socket.create_connection(("127.0.0.1", server.metrics_port)) for _ in range(20)]
    for client in clients:
        with suppress(OSError):
            client.settimeout(2)
            client.sendall(b"GET /metrics HTTP/1.1\r\n" + field * 60)
    assert server.memory() - before < 40_000_000
    for client in clients:
        client.close()
    until(lambda: server.scrape().status == 200)


def test_a_killed_server_leaves_the_port(start):
    """The workers end with it, and what they counted is gone."""
    server = start("--workers", "2")
    server.process.kill()
    server.process.wait()

    def is_free():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            return probe.connect_ex(("127.0.0.1", server.metrics_port)) != 0

    until(is_free)


def test_nothing_is_counted_where_nobody_asked_for_it(folder):
    """Without --metrics-port there is no memory for counts."""
    server = Server(folder)
    worker = server.workers()[0]
    try:
        opened = {os.readlink(f"/proc/{worker}/fd/{name}") for name in os.listdir(f"/proc/{worker}/fd")}
        assert not [name for name in opened if "feedsite-counts" in name]
    finally:
        server.stop()


@pytest.mark.parametrize("is_site_port", [True, False])
def test_a_port_that_is_taken_is_told_in_one_sentence(folder, is_site_port):
    """By the site itself, or by another program."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken, port = other.getsockname()[1], free_port()
        options = ("--port", str(port), "--metrics-port", str(port if is_site_port else taken))
        process = subprocess.run(
            [sys.executable, "-m", "feedsite", "--site", str(folder), "serve", *options],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert process.returncode == 1
    assert process.stderr.count("\n") == 1
    assert process.stderr.endswith(" with --metrics-port\n")
