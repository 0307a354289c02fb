"""Several processes over one folder: one leads, all serve the same, and whatever becomes of the index nobody waits."""

import gc
import os
import shutil
import subprocess
import sys
import threading
import time
import weakref
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.documentcache import DocumentCache
from feedsite.folder import indexfile
from feedsite.index import leaderlock
from feedsite.serving.conditions import http_date
from feedsite.serving.live import Live, utc_now
from feedsite.site import Site

from .support import recordings
from .support.articles import article
from .support.golden import NOW
from .support.live import get, lose_index
from .support.waiting import until

PAGE = "/2026/11/new/"
FEEDS = ("/feed.rss", "/feed.atom", "/feed.json", "/")
SCHEDULED = "/2035/01/scheduled/"


@pytest.fixture
def begin(folder):
    """Begins to serve the folder, as a worker does."""
    running = []

    def one(clock=lambda: NOW, **environment):
        live = Live(folder, environment, clock)
        live.start()
        running.append(live)
        return live

    yield one
    for live in running:
        if live._thread.is_alive():
            live.stop()


def leads(live):
    return live._leadership.has_lock


def save(folder, title="A new one", name="new", **fields):
    (folder / "entries" / f"{name}.yaml").write_text(article(title, **fields))


def shows(live, words, path=PAGE):
    return words.encode() in get(live, path).data


def answers(live):
    return [(get(live, path).data, get(live, path).headers["ETag"]) for path in (*FEEDS, PAGE)]


def follows(folder, *lives):
    """An edit reaches each of them, page and feeds, and each answers with the same bytes then."""
    title = f"Saved at {time.monotonic_ns()}"
    save(folder, title)
    for live in lives:
        until(lambda live=live: all(title.encode() in body for body, _ in answers(live)))
    told = [answers(live) for live in lives]
    assert all(one == told[0] for one in told)


def messages(caplog, *levels):
    return [record.getMessage() for record in caplog.records if record.levelname in levels]


# Who leads


def test_one_leads_and_all_serve_the_same(begin, folder):
    """Two servers, or two workers of one: an edit is read once, and reaches both."""
    lives = [begin(), begin()]
    assert [leads(live) for live in lives] == [True, False]
    for _ in range(3):
        follows(folder, *lives)


def test_a_recording_that_is_replaced_is_told_anew(begin, folder):
    """Its length and duration in the feeds, of every process, are those of the new file, without an edit."""
    lives = [begin(), begin()]
    save(folder, enclosures="[{url: audio/new.mp3}]")
    for seconds in (75, 90):
        content = recordings.mp3(seconds)
        (folder / "audio" / "new.mp3").write_bytes(content)
        words = f'"size_in_bytes": {len(content)},\n     "duration_in_seconds": {seconds}\n'
        for live in lives:
            until(lambda live=live, words=words: shows(live, words, "/feed.json"))
            assert f'length="{len(content)}"'.encode() in get(live, "/feed.rss").data
            assert f'length="{len(content)}"'.encode() in get(live, "/feed.atom").data


def test_who_begins_second_draws_nothing_anew(begin):
    """What the first one drew and packed is taken over, to the byte."""
    first, second = begin(), begin()
    for path in FEEDS:
        one, other = first.site[path], second.site[path]
        assert one == other
        assert other.compressed == one.compressed
        assert other.compressed.keys() == {"br", "zstd", "gzip"}


def test_what_is_served_no_more_is_freed_at_once(begin, folder):
    """Nothing in it holds its holder: versions that wait for Python's collector took a worker 70 MB in 100 edits."""
    live = begin()
    gc.collect()
    gc.disable()
    try:
        former = weakref.ref(live.site)
        follows(folder, live)
        until(lambda: former() is None, patience=1)
    finally:
        gc.enable()


def test_nobody_waits_for_codings(begin, folder, monkeypatch):
    """A saved article is served in both processes while what leads still packs; the codings follow to both."""
    lives = [begin(), begin()]
    may_compress = threading.Event()
    compress = Site.compress_polled
    monkeypatch.setattr(Site, "compress_polled", lambda site: may_compress.wait(5) and compress(site))
    follows(folder, *lives)
    assert not any(live.site["/feed.rss"].compressed for live in lives)
    may_compress.set()
    until(lambda: all(live.site["/feed.rss"].is_compressed for live in lives))


def test_another_one_leads_within_a_second_when_the_leader_stops(begin, folder):
    """And the one after that."""
    lives = [begin(), begin(), begin()]
    for _ in range(2):
        (leader,) = [live for live in lives if leads(live)]
        lives.remove(leader)
        leader.stop()
        until(lambda: sum(map(leads, lives)) == 1, patience=1)
        follows(folder, *lives)


LEADING = """
import sys
from pathlib import Path
from feedsite.serving.conditions import http_date
from feedsite.serving.live import Live, utc_now
live = Live(Path(sys.argv[1]), {})
live.start()
print(live._leadership.has_lock, flush=True)
sys.stdin.read()
"""


def test_another_one_leads_within_a_second_when_the_leader_is_killed(begin, folder):
    """kill -9 in the middle of whatever it did."""
    with subprocess.Popen(
        [sys.executable, "-c", LEADING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as leader:
        assert leader.stdout.readline() == "True\n"
        live = begin()
        assert not leads(live)
        save(folder, "Just now")
        leader.kill()
        until(lambda: leads(live), patience=1)
    until(lambda: shows(live, "Just now"))
    follows(folder, live)


def test_a_fault_is_told_once_by_whoever_leads(begin, folder, caplog):
    """Two processes, one line; and one when it is mended."""
    caplog.set_level("INFO", "feedsite")
    lives = [begin(), begin()]
    save(folder, '"unfinished')
    until(lambda: messages(caplog, "ERROR"))
    follows(folder, *lives)
    until(lambda: "entries/new.yaml: no fault any more" in caplog.messages)
    assert len(messages(caplog, "ERROR")) == caplog.messages.count("entries/new.yaml: no fault any more") == 1


def test_a_scheduled_article_appears_in_every_process_at_its_second(begin):
    """Nobody touches a file for it, and a clock that is set back hides it again, in all of them."""
    moment = [datetime(2034, 12, 31, 23, 59, 59, tzinfo=UTC)]
    lives = [begin(clock=lambda: moment[0]) for _ in range(2)]
    for change, status in [(1, 200), (-3600, 404), (3600, 200)]:
        moment[0] += timedelta(seconds=change)
        for live in lives:
            until(lambda live=live, status=status: get(live, SCHEDULED).status_code == status)


class Interfering(DocumentCache):
    """Somebody writes just when the first document is looked for."""

    def __init__(self, write):
        super().__init__()
        self.writes = [write]

    def get(self, path, fingerprint):
        if self.writes:
            self.writes.pop()()
        return super().get(path, fingerprint)


@pytest.mark.parametrize("number", [0, 1])
def test_a_site_is_drawn_from_one_view_of_the_index(begin, folder, number):
    """Whoever leads or follows: an article that another process drops meanwhile is in all of it, or in none."""
    live = [begin(), begin()][number]
    live._stop.set()
    live._thread.join()
    with closing(indexfile.opened(folder, {})) as other:

        def drop():
            with other.database.writing() as connection, other.writing() as writer:
                connection.execute("DELETE FROM document")  # so that there is something to draw
                writer.settle(writer.drop("entries/asia/2021-07-05-japan-taiwan.yaml"))

        live.documents = Interfering(drop)
        live._replan()
        assert {b"japan-taiwan" in live.site[path].body for path in FEEDS} == {True}
        live._replan()
        assert {b"japan-taiwan" in live.site[path].body for path in FEEDS} == {False}
        assert other.database.is_in_place


def writing(path, ended):
    """Something that is written to without end, as a large upload is."""
    with path.open("wb", buffering=0) as file:
        while not ended.wait(0.002):
            file.write(b"x")


def test_a_scheduled_article_waits_for_no_end_of_other_changes(begin, folder):
    """Something is being uploaded all the time: the article appears at its second all the same."""
    moment = [datetime(2034, 12, 31, 23, 59, 59, tzinfo=UTC)]
    live = begin(clock=lambda: moment[0])
    ended = threading.Event()
    uploading = threading.Thread(target=writing, args=(folder / "audio" / ".upload.mp3.part", ended))
    uploading.start()
    try:
        moment[0] += timedelta(seconds=1)
        until(lambda: get(live, SCHEDULED).status_code == 200)
    finally:
        ended.set()
        uploading.join()


@pytest.mark.parametrize("wait", [0, 0.001, 0.005, 0.01, 0.02, 0.04, 0.08])
def test_what_is_saved_while_a_server_begins_is_seen(begin, folder, wait):
    """Before, while, or after it begins to follow the folder: no moment is nobody's."""
    live = begin()
    time.sleep(wait)
    save(folder)
    until(lambda: shows(live, "A new one"))


def test_a_first_reading_waits_for_a_file_that_is_being_saved(begin, folder, caplog):
    """A new index takes no half of an article for a faulty one."""
    text = article("A new one")
    with (folder / "entries" / "new.yaml").open("w") as file:
        file.write(text[:20])
        file.flush()
        saving = threading.Timer(0.5, lambda: (file.write(text[20:]), file.close()))
        saving.start()
        live = begin()
        saving.join()
    assert shows(live, "A new one")
    assert messages(caplog, "ERROR") == []


def test_what_is_saved_while_a_folder_is_replaced_is_seen(begin, folder):
    """Each time the watch begins anew: what is saved right then is not lost."""
    live = begin()
    for number in range(5):
        shutil.copytree(folder / "entries", folder / "other")
        (folder / "entries").rename(folder / f"aside-{number}")
        (folder / "other").rename(folder / "entries")
        until(lambda number=number: not number or shows(live, f"Version {number - 1}"))
        time.sleep(0.2)
        save(folder, f"Version {number}")
        until(lambda number=number: shows(live, f"Version {number}"))


def test_a_folder_that_is_away_is_no_flood_of_lines(begin, folder, caplog):
    """entries/, images/ and audio/ are gone for a while: a line or two say so, not five a second."""
    caplog.set_level("INFO", "feedsite")
    for name in ("images", "audio"):
        shutil.rmtree(folder / name)
    live = begin()
    (folder / "entries").rename(folder / "away")
    until(lambda: [line for line in caplog.messages if line.startswith("entries: this does not exist")])
    caplog.clear()
    time.sleep(1)
    assert len(caplog.messages) < 3
    (folder / "away").rename(folder / "entries")
    follows(folder, live)


# What becomes of the index


def index_of(folder):
    return indexfile.folder(folder, {}) / "index.sqlite"


def test_an_index_that_is_deleted_is_made_anew(begin, folder, caplog):
    """All serve on meanwhile, and follow the new one; one line each says why."""
    lives = [begin(), begin()]
    lose_index(folder)
    until(index_of(folder).exists)
    for path in ("/2021/07/japan-taiwan/", *FEEDS):
        assert [get(live, path).status_code for live in lives] == [200, 200]
    follows(folder, *lives)
    assert sum(map(leads, lives)) == 1
    gone = "the index is gone, or another one stands there: that is used from now on"
    assert set(messages(caplog, "WARNING", "ERROR", "CRITICAL")) == {gone}


def test_an_index_that_is_deleted_while_it_is_written_to_is_made_anew(folder, caplog):
    """The write that fails for it does not make this process go on without: there is only another index to use."""
    live = Live(folder, {}, lambda: NOW)
    lose_index(folder)
    save(folder)
    live.take_in()
    assert shows(live, "A new one")
    assert index_of(folder).exists()
    assert not live._library.index.is_in_memory
    live._leadership.resign()
    live._library.index.close()
    gone = "the index is gone, or another one stands there: that is used from now on"
    assert messages(caplog, "WARNING", "ERROR") == [gone]


def test_a_last_good_version_outlives_the_index(begin, folder):
    """It is deleted while a file is broken and a server runs: what that knows, the new one knows too."""
    live = begin()
    follows(folder, live)
    (folder / "entries" / "new.yaml").write_text("title: [\n")
    until(lambda: b"new.yaml:1:" in get(live, "/status").data)
    lose_index(folder)
    until(index_of(folder).exists)
    save(folder, "Later", "later", id="tag:a,2026:later")
    until(lambda: shows(live, "Later", "/2026/11/later/"))
    assert get(live, PAGE).status_code == 200


def test_an_index_that_is_deleted_while_site_yaml_is_broken_harms_nobody(begin, folder, caplog):
    """The site is served under its former settings, and the log is not filled with one thing."""
    live = begin()
    whole = (folder / "site.yaml").read_text()
    (folder / "site.yaml").write_text("title: [\n")
    until(lambda: b"site.yaml:1:8" in get(live, "/status").data)
    caplog.clear()
    lose_index(folder)
    until(lambda: caplog.messages)
    time.sleep(1.5)
    assert [get(live, path).status_code for path in ("/2021/07/japan-taiwan/", *FEEDS)] == [200] * 5
    assert len(caplog.messages) < 4
    assert [record for record in caplog.records if record.exc_info] == []
    (folder / "site.yaml").write_text(whole)
    follows(folder, live)


def overwrite(path, start=0):
    with path.open("r+b") as file:
        file.seek(start)
        file.write(os.urandom(path.stat().st_size - start))


def test_an_index_that_is_damaged_while_it_is_served_is_made_anew(begin, folder, caplog):
    """Something overwrites it: an article that was never asked for is answered all the same, and edits are followed."""
    lives = [begin(), begin()]
    for live in lives:
        live._library.index.database.checkpoint()
    for name in ("index.sqlite", "index.sqlite-wal"):
        overwrite(indexfile.folder(folder, {}) / name)
    for live in lives:
        assert get(live, "/2021/07/japan-taiwan/").status_code == 200
        assert get(live, "/status").status_code == 200
    follows(folder, *lives)
    assert sum(map(leads, lives)) == 1
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("start", [0, 100, 4096, 8192, 20_000])
def test_a_damaged_index_keeps_no_server_from_beginning(begin, folder, start, caplog):
    """Wherever the damage lies, in its head or deep within: it is made anew, and one line says so."""
    begin().stop()
    with closing(indexfile.opened(folder, {})) as index:
        assert index.database.path.stat().st_size > 20_000
    overwrite(index_of(folder), start)
    live = begin()
    assert [get(live, path).status_code for path in ("/2021/07/japan-taiwan/", *FEEDS)] == [200] * 5
    follows(folder, live)


@pytest.mark.parametrize("start", [100, 8192])
def test_a_damaged_index_keeps_no_command_from_its_work(begin, folder, start):
    """`feedsite check` tells what is wrong in the articles, not in a cache that it can make anew."""
    begin().stop()
    overwrite(index_of(folder), start)
    result = CliRunner().invoke(main, ["--site", str(folder), "check"])
    assert "in 8 articles" in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_where_no_index_can_be_kept_all_is_kept_in_memory(begin, folder, caplog):
    """A folder that cannot be written to: one line says so, and edits are followed, by each process for itself."""
    lives = [begin(FEEDSITE_CACHE="/proc/feedsite") for _ in range(2)]
    follows(folder, *lives)
    assert not indexfile.folder(folder, {}).exists()
    assert (
        messages(caplog, "WARNING")
        == [
            "the index cannot be kept (/proc/feedsite cannot be written to: No such file or directory): "
            "this process goes on without, all articles in memory"
        ]
        * 2
    )


def test_a_cache_in_the_site_is_not_used(begin, folder, caplog):
    """A commit could lay an index there: one line says so, edits are followed, and no hub is told anything."""
    place = folder / "cache"
    live = begin(FEEDSITE_CACHE=str(place), FEEDSITE_PING="true", FEEDSITE_HUB="http://127.0.0.1:9/")
    follows(folder, live)
    why = f"{place} lies in the site's folder, where a commit could lay an index; name another in FEEDSITE_CACHE"
    assert messages(caplog, "WARNING") == [
        f"the index cannot be kept ({why}): this process goes on without, all articles in memory"
    ]
    until(lambda: why in messages(caplog, "ERROR"))
    assert not place.exists()


def test_where_an_index_can_be_kept_again_it_is(begin, folder, tmp_path):
    """The folder was mended: after a minute it is tried again, and the next start is quick."""
    place = tmp_path / "place"
    place.write_text("in the way")
    live = begin(FEEDSITE_CACHE=str(place / "cache"))
    follows(folder, live)
    place.unlink()
    live._leadership._retry_at = 0  # the minute is over
    until((place / "cache" / "index.sqlite").exists)
    until(lambda: leads(live))
    follows(folder, live)


def test_a_disk_that_is_full_stops_nobody(begin, folder, small_disk, caplog):
    """What is saved is served, from memory; with room again, from the index. No article is lost on the way."""
    place, fill = small_disk
    live = begin(FEEDSITE_CACHE=str(place))
    follows(folder, live)
    give_back = fill()
    for number in range(20):
        save(folder, "Long", f"n{number}", id=f"tag:a,2026:{number}", body=f'"{number} {"word " * 2000}"')
    follows(folder, live)
    until(lambda: get(live, "/2026/11/n19/").status_code == 200)
    assert get(live, "/2021/07/japan-taiwan/").status_code == 200
    assert [line for line in messages(caplog, "WARNING") if "the index cannot be kept (" in line]
    give_back()
    live._leadership._retry_at = 0
    until(lambda: leads(live))
    follows(folder, live)
    assert get(live, "/2026/11/n19/").status_code == 200


def test_a_disk_that_is_full_stops_no_start(begin, folder, small_disk):
    """Neither the first one nor a later one."""
    place, fill = small_disk
    give_back = fill()
    first = begin(FEEDSITE_CACHE=str(place))
    follows(folder, first)
    first.stop()
    give_back()
    begin(FEEDSITE_CACHE=str(place)).stop()
    fill()
    later = begin(FEEDSITE_CACHE=str(place))
    follows(folder, later)


def test_a_disk_that_becomes_read_only_stops_nobody(begin, folder, small_disk):
    """As the system does it itself when a disk fails."""
    place, _ = small_disk
    live = begin(FEEDSITE_CACHE=str(place))
    subprocess.run([shutil.which("mount"), "-o", "remount,ro,force", place], check=False)
    subprocess.run([shutil.which("mount"), "-o", "remount,ro", place], check=False)
    follows(folder, live)


# Beside a running server


@contextmanager
def steady(folder, *lives):
    """Within it, every answer is 200; and edits are followed before and after."""
    follows(folder, *lives)
    ended, statuses = threading.Event(), set()

    def ask():
        while not ended.is_set():
            statuses.update(get(live, path).status_code for live in lives for path in (PAGE, *FEEDS))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        ended.set()
        asking.join()
    assert statuses == {200}
    follows(folder, *lives)


def test_a_check_or_a_build_beside_a_server_disturbs_neither(begin, folder, tmp_path):
    """They share the index, and write to it in turn."""
    lives = [begin(), begin()]
    with steady(folder, *lives):
        for number in range(3):
            save(folder, f"Version {number}", "other", id="tag:a,2026:other")
            checked = CliRunner().invoke(main, ["--site", str(folder), "check"])
            assert (checked.exit_code, "in 10 articles" in checked.output) == (0, True), checked.output
            built = CliRunner().invoke(main, ["--site", str(folder), "build", "--output", str(tmp_path / "out")])
            assert built.exit_code == 0, built.output
            assert f"Version {number}" in (tmp_path / "out" / "2026" / "11" / "other" / "index.html").read_text()
    for live in lives:
        assert shows(live, "Version 2", "/2026/11/other/")


def test_a_fault_that_a_check_finds_first_is_told_by_the_server_too(begin, folder, caplog):
    """Its log is where operators look, whoever read the file."""
    live = begin()
    with caplog.at_level("ERROR", "feedsite"):
        live._stop.set()
        live._thread.join()
        (folder / "entries" / "new.yaml").write_text("title: [\n")
        CliRunner().invoke(main, ["--site", str(folder), "check"])
        live._stop.clear()
        live._thread = threading.Thread(target=live._follow)
        live._thread.start()
        until(lambda: [line for line in caplog.messages if line.startswith("entries/new.yaml:1:")])


def test_a_check_publishes_no_half_of_a_file(begin, folder):
    """A draft is being saved, its last line is still to come, when somebody types `feedsite check`."""
    live = begin()
    whole = article("A secret", status="draft")
    path = folder / "entries" / "new.yaml"
    with path.open("w") as file:
        file.write(whole[: whole.index("\nstatus")])
        file.flush()
        CliRunner().invoke(main, ["--site", str(folder), "check"])
        time.sleep(0.3)  # a server looks each fifth of a second at the latest
        assert get(live, PAGE).status_code == 404
        file.write(whole[whole.index("\nstatus") :])


def test_a_server_over_an_index_that_another_one_fills_waits_for_it(begin, folder):
    """It begins while the first one still reads everything, and serves when that has read it."""
    with closing(indexfile.opened(folder, {})) as index:
        lead = leaderlock.take(index)
        beginning = threading.Thread(target=begin)
        beginning.start()
        beginning.join(0.5)
        assert beginning.is_alive()
        os.close(lead)
        beginning.join(5)
        assert not beginning.is_alive()


def test_the_status_of_a_server_whose_index_is_damaged_is_no_500(begin, folder):
    """It is where an operator looks first when something is wrong."""
    live = begin()
    with live._library.index.database.writing() as connection:
        connection.execute("DROP TABLE fault")
    assert get(live, "/status").status_code == 200
    follows(folder, live)


class TestLastModified:
    """RFC 9110 8.8.2: since when this node serves what it serves, to every process of it, and after a restart."""

    @staticmethod
    def told(live):
        return {path: get(live, path).headers.get("Last-Modified") for path in ("/feed.rss", "/feed.json", "/")}

    def test_it_outlives_a_restart(self, begin):
        """Readers who only send a date are not sent everything again."""
        first = begin(utc_now)
        until(lambda: all(self.told(first).values()))
        before = self.told(first)
        first.stop()
        time.sleep(1)
        assert self.told(begin(utc_now)) == before

    def test_every_worker_tells_the_same(self, folder, begin):
        """The one that leads knows it, the others learn it from the index; before and after an edit."""
        first, second = begin(utc_now), begin(utc_now)
        follows(folder, first)
        follows(folder, second)
        until(lambda: all(self.told(first).values()))
        assert self.told(first) == self.told(second)

    def test_a_mend_that_moves_no_date_moves_it(self, folder, begin):
        """Also where it is taken back within the same second."""
        live = begin(utc_now)
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        until(lambda: all(self.told(live).values()))
        before, text = self.told(live), path.read_text()
        etag = get(live, "/feed.rss").headers["ETag"]
        path.write_text(text.replace("Night trains return", "Night trains are back"))
        until(lambda: get(live, "/feed.rss").headers["ETag"] != etag)
        path.write_text(text)
        until(lambda: get(live, "/feed.rss").headers["ETag"] == etag)
        until(lambda: all(self.told(live).values()))
        after = self.told(live)
        for feed in before:
            assert http_date(after[feed]) > http_date(before[feed])
            assert get(live, feed, **{"If-Modified-Since": before[feed]}).status_code == 200
            assert get(live, feed, **{"If-Modified-Since": after[feed]}).status_code == 304

    def test_whoever_takes_the_lead_over_says_it_of_what_the_former_leader_never_served(self, begin):
        """A process whose clock is ahead shows an article already that is not due to the one that leads."""
        first = begin(utc_now)
        later = begin(lambda: utc_now() + timedelta(days=3650))
        assert get(later, SCHEDULED).status_code == 200
        assert not any(self.told(later).values())
        first.stop()
        until(lambda: all(self.told(later).values()))

    def test_a_page_of_which_nobody_knows_it_has_none(self, begin):
        """An article's page is drawn when it is asked for: nobody knows what was served there before."""
        live = begin(utc_now)
        answer = get(live, "/2021/07/night-trains/", **{"If-Modified-Since": "Sun, 22 Nov 2026 09:00:00 GMT"})
        assert (answer.status_code, answer.headers.get("Last-Modified")) == (200, None)
