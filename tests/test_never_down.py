"""Processes are killed, edits come each second: readers are served all the same, and by each answer wholly."""

import os
import resource
import signal
import time

import pytest

from benchmarks import stories
from benchmarks.crowd import same_second
from feedsite.folder import indexfile

from .support.newsroom import (
    PATIENCE,
    STORIES,
    TOGETHER,
    edit,
    errors,
    feedsite,
    is_alive,
    listeners,
    newsroom,
    read_by_a_crowd,
    serving,
    started,
)
from .support.servers import free_port
from .support.waiting import until

PAGES = "20*/*/*/index.html"
A_PART = 4 * 1024**2  # bytes of an index: some of the articles, not all
LOST = 12  # connections that the end of one worker may cost: those of the readers, and what waited in its queue


@pytest.fixture
def site(tmp_path):
    return newsroom(tmp_path)


def test_a_killed_worker_is_replaced_and_nobody_is_refused(site):
    """Each of two in its turn, so also the one that reads for both; an edit saved in that moment is served at once."""
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, broken=2 * LOST) as crowd:
        for version, worker in enumerate(server.workers(), 2):
            os.kill(worker, signal.SIGKILL)
            edit(site, crowd, 3, version)
            until(lambda worker=worker: len(set(server.workers()) - {worker}) == 2, PATIENCE)
            until(lambda: listeners(server.port) == 2, PATIENCE)
            crowd.hear()
        edit(site, crowd, 3, 9)


def test_a_worker_that_is_killed_again_and_again_ends_nobody_else(site):
    """As the system does when memory is short: the other worker serves on."""
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, broken=3 * LOST) as crowd:
        stays, victim = server.workers()
        for _ in range(3):
            os.kill(victim, signal.SIGKILL)
            until(lambda victim=victim: len(set(server.workers()) - {victim}) == 2, PATIENCE)
            (victim,) = set(server.workers()) - {stays}
            crowd.hear()


def test_a_killed_server_leaves_the_port_to_the_next_one_at_once(site):
    """kill -9 of the server: its workers end with it, and a new one starts without waiting and knows the last edit."""
    with serving(site, *TOGETHER) as server:
        stories.save(site, 3, 2)
        workers = server.workers()
        server.process.kill()
        server.process.wait()
        with serving(site, *TOGETHER, port=server.port) as again, read_by_a_crowd(again) as crowd:
            until(lambda: crowd.version(3) == 2, PATIENCE)
        until(lambda: not any(map(is_alive, workers)), PATIENCE)


def test_a_killed_build_is_completed_by_the_next_one(tmp_path):
    """No file is half written, none is missing, and what has been deleted meanwhile is forgotten by nobody."""
    site = newsroom(tmp_path, 250)
    output, fresh = tmp_path / "public", tmp_path / "fresh"
    with started(site, "build", "--output", output) as build:
        until(lambda: len(list(output.glob(PAGES))) > 40 or build.poll() is not None, PATIENCE)
    written = set(output.glob(PAGES))
    assert 40 < len(written) < 250
    for path in written:
        stories.version_of_page(path.read_bytes(), int(path.parent.name.rpartition("-")[2]))
    gone = int(max(written).parent.name.rpartition("-")[2])
    stories.file(site, gone).unlink()
    for folder in (output, fresh):
        assert feedsite(site, "build", "--output", str(folder)).returncode == 0
    assert tree(output) == tree(fresh)


def tree(folder):
    """Every file of the site and what it holds; the build's own memory tells times, which differ."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".feedsite" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_server_killed_while_it_reads_for_the_first_time_loses_nothing(tmp_path):
    """With all its processes, as by a power cut, when a part has been read: the next start serves the whole."""
    site = newsroom(tmp_path, 4500)
    with started(site, "serve", "--port", str(free_port())):
        until(lambda: sum(path.stat().st_size for path in indexfile.folder(site, {}).glob("*")) > A_PART, PATIENCE)
    with serving(site) as server, read_by_a_crowd(server, always=range(4450, 4500)):
        assert b"articles: 4500 public, 0 scheduled, 0 draft" in server.get("/status").body
        assert b"faults: 0" in server.get("/status").body


def test_ten_seconds_of_load_and_edits_leave_memory_as_it_was(site):
    """An edit each second: everybody is told, and no process grows. (Ten minutes: python -m benchmarks endure.)"""
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server) as crowd:
        held = []
        for version in range(2, 12):
            begun = time.monotonic()
            edit(site, crowd, version % len(STORIES), version)
            held.append(server.memory())
            until(lambda begun=begun: time.monotonic() - begun > 1)
    assert max(held[5:]) - held[4] < 8 * 1024**2, held
    assert errors(server) == {}


def test_two_servers_over_one_folder_move_within_the_same_second(site):
    """Each with two workers; whatever one of them has told, every other tells a second later."""
    with serving(site, *TOGETHER) as one, serving(site, *TOGETHER) as other, read_by_a_crowd(one, other) as crowd:
        for version in range(2, 4):
            edit(site, crowd, 5, version)
            begun = time.monotonic()
            until(lambda begun=begun: time.monotonic() - begun > same_second())  # now whoever tells the former is late
            crowd.hear()
        same = {server.get("/feed.atom").getheader("ETag") for server in (one, other) for _ in range(8)}
    assert len(same) == 1


def test_without_free_file_descriptors_who_is_connected_is_served(site):
    """Nothing can be opened, neither files nor connections: the site stays; and afterwards all is as it should be."""
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server) as crowd:
        usual = {worker: resource.prlimit(worker, resource.RLIMIT_NOFILE) for worker in server.workers()}
        for worker, (_, hard) in usual.items():
            resource.prlimit(worker, resource.RLIMIT_NOFILE, (8, hard))
        stories.save(site, 3, 2)
        until(lambda: any("Too many open files" in line for line in errors(server)), PATIENCE)
        for worker, limits in usual.items():
            resource.prlimit(worker, resource.RLIMIT_NOFILE, limits)
        until(lambda: crowd.version(3) == 2, PATIENCE)
