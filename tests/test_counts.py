"""Every answer is counted once, in its own place, by whoever gave it; and no worker takes its counts with it."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from feedsite.serving import answers, counts
from feedsite.serving.counts import KINDS, STATUSES, SharedCounts, cell, create
from feedsite.serving.live import Live
from feedsite.serving.web import create_app

from .support.golden import NOW, SAMPLE
from .support.requests import called, environment


@pytest.mark.parametrize(
    ("path", "status", "kind", "told"),
    [
        ("/feed.rss", 200, "rss", "2xx"),
        ("/feed.atom", 304, "atom", "304"),
        ("/feed.json", 226, "json", "226"),
        ("/feed.json/", 301, "json", "3xx"),
        ("/rss.xml", 301, "rss", "3xx"),
        ("/atom", 301, "atom", "3xx"),
        ("//feed.rss", 301, "rss", "3xx"),
        ("//images//dot.png", 301, "media", "3xx"),
        ("/", 200, "page", "2xx"),
        ("/2026/11/night-trains/", 304, "page", "304"),
        ("/2026/11/taken-back/", 410, "page", "4xx"),
        ("/old.html", 301, "page", "3xx"),
        ("/images/dot.png", 206, "media", "2xx"),
        ("/audio/talk.mp3", 416, "media", "4xx"),
        ("/images/lost.png", 503, "media", "5xx"),
        ("/static/style.css", 200, "static", "2xx"),
        ("/static", 404, "other", "4xx"),
        ("/wp-login.php", 404, "other", "4xx"),
        ("/images/nowhere.png", 404, "other", "4xx"),
        ("/feed.rss", 405, "other", "4xx"),
        ("*", 204, "other", "2xx"),
        ("", 400, "other", "4xx"),
        ("", 500, "page", "5xx"),
        ("/healthz", 503, "other", "5xx"),
        ("/status", 200, "other", "2xx"),
    ],
)
def test_an_answer_has_a_kind_and_a_status(path, status, kind, told):
    """The kind is that of the address where something stands; 226 and 304 are counted by themselves."""
    assert divmod(cell(path, status), 2 * len(STATUSES)) == (KINDS.index(kind), 2 * STATUSES.index(told))


class Counted:
    """The sample site as a worker answers it, and its counts."""

    def __init__(self, folder):
        self.live = Live(folder, {}, clock=lambda: NOW)
        self.counts = [0] * 512
        app = create_app(self.live, "", self.counts).wsgi_app
        self.app = answers.wrap(app, lambda: self.live.served.answers, self.live.clock, self.counts)

    def ask(self, **fields):
        """The status and the body of an answer, and what it added to the counts, by place."""
        before = self.counts.copy()
        status, _, body = called(self.app, environment(**fields))
        added = {place: now - before[place] for place, now in enumerate(self.counts) if now != before[place]}
        return int(status[:3]), len(body), added


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counts") / "site"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    return Counted(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"accept_encoding": "br"},
        {"if_none_match": "*"},
        {"method": "HEAD"},
        {"path": "/", "method": "HEAD"},
        {"method": "OPTIONS"},
        {"method": "POST"},
        {"path": "/nowhere"},
        {"path": "/nowhere", "method": "HEAD"},
        {"path": "/old.html"},
        {"path": "/2021/07/taken-back/"},
        {"path": "/images/dot.png"},
        {"path": "/audio/talk.mp3", "range": "bytes=0-9"},
        {"path": "/healthz", "method": "HEAD"},
        {"host": None},
        {"path": ""},
    ],
    ids=str,
)
def test_an_answer_is_counted_once_with_its_bytes(worker, fields):
    """Whether Flask gave it, or the cache gives it again."""
    for _ in range(3):
        status, size, added = worker.ask(**fields)
        place = cell(fields.get("path", "/feed.rss"), status)
        assert added == ({place: 1, place + 1: size} if size else {place: 1})


def test_a_failure_of_ours_is_counted(worker, caplog):
    """500 is the answer that an operator looks for first."""
    served = worker.live.served
    worker.live.served = replace(served, site=None)  # not even what to say where nothing stands
    try:
        status, size, added = worker.ask(path="/nowhere-at-all")
    finally:
        worker.live.served = served
    place = cell("/nowhere-at-all", 500)
    assert (status, added) == (500, {place: 1, place + 1: size})
    assert "Exception on /nowhere-at-all" in caplog.text


@pytest.fixture
def memory(monkeypatch):
    """The memory as a server makes it, for the workers that a test starts."""
    monkeypatch.setenv(counts._VARIABLE, "")
    create(2)
    yield
    os.close(int(os.environ[counts._VARIABLE].rpartition("/")[2]))


PROGRAM = """
import sys
from feedsite.serving.counts import SharedCounts
shared = SharedCounts()
for line in sys.stdin:
    shared.own[0] += int(line)
    print(shared.own[0], [row[0] for row in shared.rows()], flush=True)
"""


class Process:
    """A process that counts what it is told, and tells its own number and those of all that are not 0."""

    def __init__(self):
        command = [sys.executable, "-c", PROGRAM]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def add(self, number):
        print(number, file=self.process.stdin, flush=True)
        own, _, rows = self.process.stdout.readline().partition(" ")
        return int(own), sorted(number for number in map(int, rows.strip("[]\n").split(",")) if number)

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def begin(memory):
    running = []

    def one():
        running.append(Process())
        return running[-1]

    yield one
    for process in running:
        process.kill()


def test_each_worker_counts_for_itself_and_everybody_reads(begin):
    """Two processes never count in one place, and each sees both."""
    one, other = begin(), begin()
    assert one.add(3)[0] == 3
    assert other.add(4) == (4, [3, 4])
    assert one.add(1) == (4, [4, 4])


def test_a_killed_worker_leaves_its_counts_to_the_next(begin):
    """kill -9 in the middle: what it had counted is there, and its successor counts on from it."""
    one, other = begin(), begin()
    one.add(3)
    other.add(4)
    one.kill()
    assert other.add(0) == (4, [3, 4])
    assert begin().add(2) == (5, [4, 5])


def test_a_reader_of_all_keeps_what_is_its_own(begin):
    """A lock is lost with the first opening that is closed (fcntl(2)): reading closes none."""
    one = begin()
    for _ in range(3):
        one.add(0)
    assert begin().add(1) == (1, [1])
    assert one.add(1) == (1, [1, 1])


def test_who_finds_no_row_says_so(begin, memory):
    """There are rows for twice the workers; one more is an error, and no count of anybody's is touched."""
    workers = [begin() for _ in range(4)]
    assert [worker.add(1)[0] for worker in workers] == [1] * 4
    with pytest.raises(OSError, match="every row of the counts is taken"):
        SharedCounts()
    assert workers[0].add(0)[1] == [1] * 4


def test_a_number_may_be_large(memory):
    """A thousand gigabytes a second for half a century."""
    shared = SharedCounts()
    shared.own[0] = 2**63
    shared.own[0] += 1
    assert shared.rows()[0][0] == 2**63 + 1
