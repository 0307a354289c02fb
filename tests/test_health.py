"""What a worker says of itself when changes are not taken in: where, since when, and why."""

import fcntl
import logging
import os
import threading
import time
from datetime import timedelta

import pytest

from feedsite.folder import indexfile
from feedsite.index import database
from feedsite.serving import health, leadership
from feedsite.serving.live import Live

from .support.articles import article
from .support.golden import NOW
from .support.live import get
from .support.waiting import until


@pytest.fixture
def begin(folder):
    """Begins to serve the folder at a clock that a test may set: `clock[0]`."""
    running = []

    def one():
        clock = [NOW]
        running.append(Live(folder, {}, clock=lambda: clock[0]))
        running[-1].start()
        return running[-1], clock

    yield one
    for live in running:
        if live._thread.is_alive():
            live.stop()


def locked(folder, name):
    """A lock of the cache folder that another process holds, until what this gives is closed."""
    lock = os.open(indexfile.folder(folder, {}) / name, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def test_while_changes_are_taken_in_nothing_is_said(begin):
    """Whatever the clock shows: a tick takes in what there is, and be it nothing."""
    live, clock = begin()
    clock[0] += timedelta(days=1)
    until(lambda: health.delay(live) is None)
    assert health.health(live) == (200, "ok")


def test_a_lock_that_another_process_holds_is_named(begin, folder, monkeypatch):
    """Edits wait, readers are served, and a balancer is told 200: it would else drop every node for it."""
    monkeypatch.setattr(database, "_LONG", 0.1)
    live, clock = begin()
    lock = locked(folder, "index.writing")
    (folder / "entries" / "new.yaml").write_text(article())
    until(lambda: live.is_waiting)
    since = live.taken_in
    clock[0] += timedelta(seconds=61)
    late = health.delay(live)
    assert (late.since, late.cause, late.reason) == (since, "lock", health.CAUSES["lock"])
    assert health.health(live) == (200, "ok, but no change has been taken in since 2026-11-22T09:00:00Z")
    assert get(live, "/healthz").data == b"ok, but no change has been taken in since 2026-11-22T09:00:00Z\n"
    assert get(live, "/feed.rss").status_code == 200
    os.close(lock)
    until(lambda: get(live, "/2026/11/new/").status_code == 200)
    until(lambda: health.health(live) == (200, "ok"))


def test_a_lead_that_something_else_holds_is_named(begin, folder, monkeypatch):
    """The time of its lock's file tells when a leader was last at its work."""
    monkeypatch.setattr(leadership, "_SILENCE", 0.5)
    former, _ = begin()
    former.stop()
    lock = locked(folder, "index.leading")
    live, clock = begin()
    until(lambda: live.is_waiting)
    assert timedelta(seconds=0.5) < clock[0] - live.taken_in < timedelta(seconds=30)
    os.close(lock)
    until(lambda: live._leadership.has_lock and not live.is_waiting)
    assert live.taken_in == clock[0]


def test_a_first_start_waits_for_no_lock_for_ever(begin, folder, monkeypatch):
    """Whoever holds it and reads nothing: the site is served all the same, from memory."""
    monkeypatch.setattr(leadership, "_STALLED", 0.5)
    indexfile.make(indexfile.folder(folder, {}))
    lock = locked(folder, "index.leading")
    live, _ = begin()
    assert get(live, "/feed.rss").status_code == 200
    os.close(lock)


def test_what_failed_is_named(begin, folder, monkeypatch):
    """The last error, whatever a disk said."""
    live, clock = begin()

    def fail(*_told, **_more):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(live, "take_in", fail)
    (folder / "entries" / "new.yaml").write_text(article())
    until(lambda: live.trouble)
    clock[0] += timedelta(seconds=61)
    late = health.delay(live)
    assert (late.cause, late.reason) == ("error", "the last attempt failed: OSError(5, 'Input/output error')")
    monkeypatch.undo()
    until(lambda: health.delay(live) is None)


def test_the_log_says_it_once_and_when_it_is_over(begin, folder, monkeypatch, caplog):
    """With the cause."""
    caplog.set_level(logging.INFO, "feedsite")
    monkeypatch.setattr(database, "_LONG", 0.1)
    monkeypatch.setattr(health, "_PAUSE", 0.02)
    live, clock = begin()
    pause = threading.Event()
    watching = threading.Thread(target=health._log_delays, args=(live, pause))
    watching.start()
    lock = locked(folder, "index.writing")
    (folder / "entries" / "new.yaml").write_text(article())
    until(lambda: live.is_waiting)
    clock[0] += timedelta(seconds=61)
    said = f"no change has been taken in since 2026-11-22T09:00:00Z: {health.CAUSES['lock']}"
    until(lambda: said in caplog.messages)
    time.sleep(0.2)
    os.close(lock)
    until(lambda: "changes are taken in again" in caplog.messages)
    pause.set()
    watching.join()
    assert caplog.messages.count(said) == 1
