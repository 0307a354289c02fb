"""The clock that a server goes by is ahead, is set right, or changes its hour: articles appear at their second."""

import math
import os
import struct
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks import stories
from benchmarks.crowd import same_second

from .support.newsroom import PATIENCE, TOGETHER, errors, newsroom, read_by_a_crowd, serving
from .support.programs import needed
from .support.waiting import until

HOUR, YEAR = 3600, 366 * 24 * 3600
LATE = 10.0  # seconds: one is promised, a loaded machine may be slow


@pytest.fixture
def site(tmp_path):
    return newsroom(tmp_path)


def edit(site, crowd, number, version):
    """Saves a story in one step, and waits until a reader has been told it.

    Files have the times of the system's clock here: by them a program under another one cannot know which are being
    saved just now.
    """
    file = stories.file(site, number)
    draft = file.with_name(f".{file.name}")
    draft.write_text(stories.text(number, version), encoding="utf-8")
    os.replace(draft, file)
    until(lambda: crowd.version(number) == version, PATIENCE)


class Clock:
    """A clock that processes can be started under: it may be set while they run (tests/clock.c)."""

    def __init__(self, folder):
        self._file = folder / "ahead"
        library = folder / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run([needed("cc"), "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_AHEAD": str(self._file)}
        self.set(0)

    def set(self, seconds):
        """So far ahead of the machine's own."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))

    def show(self, moment):
        """This moment, or up to a second before it: clocks differ by whole seconds."""
        self.set(math.floor(moment.timestamp() - time.time()))

    def now(self):
        """What it shows, in seconds since 1970."""
        return time.time() + struct.unpack("=q", self._file.read_bytes())[0]


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


def schedule(site, number, moment):
    stories.save(site, number, published=f"{moment:%Y-%m-%dT%H:%M:%SZ}", slug=f"story-{number}")


def test_a_scheduled_article_appears_in_every_worker_at_its_second(site):
    """Never before it, and a second later in every answer."""
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    schedule(site, 12, due)
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, known=range(13)) as crowd:
        until(lambda: crowd.version(12), PATIENCE)
        seen = datetime.now(UTC)
        until(lambda: datetime.now(UTC) > seen + timedelta(seconds=same_second()))
        assert {server.get("/feed.rss").body.count(b"<item>") for _ in range(20)} == {13}
    assert due <= seen < due + timedelta(seconds=LATE)


CHANGES = [
    ("2026-10-25T01:59:59", datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC)),  # before the hour that Berlin has twice
    ("2026-10-25T03:00:00", datetime(2026, 10, 25, 2, tzinfo=UTC)),  # after it: four hours after midnight
    ("2027-03-28T03:00:00", datetime(2027, 3, 28, 1, tzinfo=UTC)),  # the first second of summer
]


def test_a_scheduled_article_appears_at_its_second_when_clocks_change(site, clock):
    """The hour that an editor writes is that of the site's own time zone on that day, wherever the server stands."""
    for number, (local, _) in enumerate(CHANGES, 12):
        stories.save(site, number, published=local, slug=f"story-{number}")
    clock.show(CHANGES[0][1] - timedelta(hours=1))
    with (
        serving(site, *TOGETHER, TZ="America/New_York", **clock.environment) as server,
        read_by_a_crowd(server, known=range(15)) as crowd,
    ):
        for number, (_, moment) in enumerate(CHANGES, 12):
            clock.show(moment - timedelta(seconds=1))
            until(lambda number=number: crowd.version(number), PATIENCE)
            assert moment.timestamp() <= clock.now() < moment.timestamp() + LATE


def test_a_clock_set_back_an_hour_loses_no_article_and_no_edit(site, clock):
    """What was public an hour before stays, edits are taken in, and what appeared early waits for its second again."""
    clock.set(HOUR)
    schedule(site, 12, datetime.now(UTC) + timedelta(minutes=30))
    with (
        serving(site, *TOGETHER, **clock.environment) as server,
        read_by_a_crowd(server, known=range(13)) as crowd,
    ):
        until(lambda: crowd.version(12), PATIENCE)
        edit(site, crowd, 3, 2)
        clock.set(0)
        until(lambda: {server.get("/feed.rss").body.count(b"<item>") for _ in range(20)} == {12}, PATIENCE)
        edit(site, crowd, 3, 3)
        crowd.hear()
        assert not errors(server)


def test_a_clock_a_year_ahead_loses_no_article_and_no_edit(site, clock):
    """Whoever sets it right again finds all as it was; edits are taken in all the time."""
    schedule(site, 12, datetime.now(UTC) + timedelta(days=200))
    with (
        serving(site, *TOGETHER, **clock.environment) as server,
        read_by_a_crowd(server, known=range(13)) as crowd,
    ):
        edit(site, crowd, 3, 2)
        clock.set(YEAR)
        until(lambda: crowd.version(12), PATIENCE)
        edit(site, crowd, 3, 3)
        clock.set(0)
        until(lambda: {server.get("/feed.rss").body.count(b"<item>") for _ in range(20)} == {12}, PATIENCE)
        edit(site, crowd, 3, 4)
        crowd.hear()
        assert not errors(server)


def test_a_restart_under_a_wrong_clock_loses_no_article(site, clock):
    """Started an hour behind, or a year ahead, with what a server under the right clock left behind."""
    for version, seconds in enumerate((0, -HOUR, YEAR, 0), 2):
        clock.set(seconds)
        with serving(site, **clock.environment) as server, read_by_a_crowd(server) as crowd:
            edit(site, crowd, 3, version)
            assert not errors(server)
