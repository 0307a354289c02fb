"""The application over a folder that changes: what editors save is what readers get, and nothing breaks on the way."""

import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import Client

from feedsite.serving import answers
from feedsite.serving.live import Live
from feedsite.serving.web import create_app

from .support.articles import article
from .support.golden import NOW, SAMPLE
from .support.live import get
from .support.servers import TOKEN
from .support.waiting import until


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """A Live for tests that only ask."""
    folder = tmp_path_factory.mktemp("unchanged") / "site"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    return Live(folder, {}, clock=lambda: NOW)


def test_a_saved_article_is_served_without_restart(live, folder):
    """New, changed, deleted: each is seen in feed and page."""
    path = folder / "entries" / "new.yaml"
    path.write_text(article())
    until(lambda: get(live, "/2026/11/new/").status_code == 200)
    until(lambda: b"A new one" in get(live, "/feed.rss").data)
    path.write_text(article("Another title"))
    until(lambda: b"Another title" in get(live, "/feed.json").data)
    path.unlink()
    until(lambda: get(live, "/2026/11/new/").status_code == 404)


def test_a_file_that_breaks_keeps_its_last_good_version(live, folder, caplog):
    """The article stays as it was, the fault is in the log and on /status, and mending it ends both."""
    path = folder / "entries" / "new.yaml"
    path.write_text(article())
    until(lambda: get(live, "/2026/11/new/").status_code == 200)
    path.write_text("title: War: what\n")
    until(lambda: b"new.yaml:1:11" in get(live, "/status").data)
    assert b"A new one" in get(live, "/2026/11/new/").data
    told = 'entries/new.yaml:1:11: a value that holds a colon must stand in quotation marks; write title: "War: what"'
    until(lambda: told in [record.getMessage() for record in caplog.records])
    path.write_text(article("Mended"))
    until(lambda: b"Mended" in get(live, "/2026/11/new/").data)
    assert b"faults: 0" in get(live, "/status").data


def test_a_site_that_starts_with_a_broken_file_serves_the_rest(folder):
    """One slip is one article, never the site."""
    (folder / "entries" / "draft.yaml").write_text("title: [")
    live = Live(folder, {}, clock=lambda: NOW)
    assert get(live, "/2021/07/japan-taiwan/").status_code == 200
    assert b"draft.yaml" in get(live, "/status").data


def test_a_broken_site_yaml_keeps_the_settings(live, folder):
    """A slip in site.yaml is told, and the site goes on under its former settings."""
    (folder / "site.yaml").write_text("titel: x\n")
    until(lambda: b"site.yaml:1:1" in get(live, "/status").data)
    assert b"&#34;Sample&#34;" in get(live, "/").data


def test_a_new_site_yaml_is_taken_in(live, folder):
    """The title changes on every page without restart."""
    path = folder / "site.yaml"
    path.write_text(path.read_text().replace("Sons", "Daughters"))
    until(lambda: b"Daughters" in get(live, "/").data)


def test_a_new_picture_is_served(live, folder):
    """Pictures are followed like articles, also in a folder that was not there at the start."""
    (folder / "images" / "new.png").write_bytes(b"png")
    until(lambda: get(live, "/images/new.png").data == b"png")
    shutil.rmtree(folder / "audio")
    until(lambda: get(live, "/audio/talk.mp3").status_code == 404)
    (folder / "audio").mkdir()
    (folder / "audio" / "again.mp3").write_bytes(b"mp3")
    until(lambda: get(live, "/audio/again.mp3").data == b"mp3")


def test_entries_replaced_by_another_folder_is_followed(live, folder):
    """`mv entries aside; mv other entries`, as a deploy does, and saving goes on being seen afterwards."""
    shutil.copytree(folder / "entries", folder / "other")
    (folder / "other" / "new.yaml").write_text(article())
    (folder / "entries").rename(folder / "aside")
    (folder / "other").rename(folder / "entries")
    until(lambda: get(live, "/2026/11/new/").status_code == 200)
    (folder / "entries" / "new.yaml").write_text(article("Seen too"))
    until(lambda: b"Seen too" in get(live, "/2026/11/new/").data)


def test_a_scheduled_article_appears_at_its_second(folder):
    """Before its second nobody sees it, from its second on everybody does, and no file was touched."""
    moment = [datetime(2034, 12, 31, 23, 59, 59, tzinfo=UTC)]
    live = Live(folder, {}, clock=lambda: moment[0])
    live.start()
    try:
        assert get(live, "/2035/01/scheduled/").status_code == 404
        assert get(live, "/feed.rss").headers["Cache-Control"].startswith("max-age=1, s-maxage=1, ")
        moment[0] += timedelta(seconds=1)
        until(lambda: get(live, "/2035/01/scheduled/").status_code == 200)
        assert b"Nobody sees this before 2035" in get(live, "/feed.rss").data
    finally:
        live.stop()


def test_a_clock_that_was_ahead_gives_nothing_away_for_long(folder):
    """What appeared too early is hidden again when the clock has been set right."""
    moment = [datetime(2035, 6, 1, tzinfo=UTC)]
    live = Live(folder, {}, clock=lambda: moment[0])
    live.start()
    try:
        assert get(live, "/2035/01/scheduled/").status_code == 200
        moment[0] = NOW
        until(lambda: get(live, "/2035/01/scheduled/").status_code == 404)
    finally:
        live.stop()


def test_the_host_header_reaches_no_link(live):
    """A poisoned Host changes not a byte."""
    for path in ("/", "/feed.rss", "/feed.atom", "/feed.json", "/old.html", "/nowhere"):
        response = get(live, path, Host="intruder.example")
        assert response.status_code in (200, 301, 404)
        assert b"intruder.example" not in response.data
        assert "intruder.example" not in str(response.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
@pytest.mark.parametrize("path", ["/", "/feed.rss", "/nowhere", "//evil.example", "/static/style.css"])
def test_flask_answers_no_method_by_itself(unchanged, method, path):
    """Every request goes through respond.py: 405, or 204 to OPTIONS, with Allow, whatever the path."""
    response = create_app(unchanged).test_client().open(path, method=method)
    status = 204 if method == "OPTIONS" else 405
    assert (response.status_code, response.headers["Allow"]) == (status, "GET, HEAD, OPTIONS")


def test_no_answer_sets_a_cookie(live):
    """Aggregators are strangers and stay so."""
    assert "Set-Cookie" not in get(live, "/").headers


class TestStatus:
    """/status is for whoever holds the token, and for nobody else."""

    def test_the_token_opens_it_from_anywhere(self, live):
        """`Authorization: Bearer` with FEEDSITE_STATUS_TOKEN."""
        client = create_app(live, TOKEN).test_client()
        response = client.get(
            "/status", headers={"Authorization": f"Bearer {TOKEN}"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
        )
        assert response.status_code == 200
        assert b"articles: 6 public, 1 scheduled, 1 draft" in response.data
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("token", ["", TOKEN])
    @pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic secret", "secret"])
    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "news.example"])
    def test_nothing_else_does(self, unchanged, token, given, host):
        """Whoever asks gets what every unknown path gets, this machine too, and with an empty token all get it."""
        client = create_app(unchanged, token).test_client()
        headers = {"Host": host} | ({} if given is None else {"Authorization": given})
        closed, unknown = (client.get(path, headers=headers) for path in ("/status", "/nowhere"))
        assert (closed.status_code, closed.data, closed.headers) == (404, unknown.data, unknown.headers)


class TestHealth:
    """/healthz is for load balancers and probes, which know nothing and are told little."""

    def test_a_worker_that_serves_and_follows_is_well(self, live):
        """200 and one word, which no cache keeps."""
        response = get(live, "/healthz")
        assert (response.status_code, response.data, response.headers["Cache-Control"]) == (200, b"ok\n", "no-store")

    @pytest.mark.parametrize(
        "environment",
        [
            {"REMOTE_ADDR": "203.0.113.9"},
            {"HTTP_HOST": "10.0.0.7:8000"},
            {"HTTP_HOST": ""},
            {"HTTP_HOST": "no host at all"},
            {"SERVER_PROTOCOL": "HTTP/1.0"},
            {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        ],
    )
    def test_anyone_may_ask(self, live, environment):
        """From anywhere, through anything, by whatever name."""
        client = create_app(live, "secret").test_client()
        assert client.get("/healthz", environ_overrides=environment).data == b"ok\n"

    def test_a_worker_that_does_not_follow_its_files_is_not_well(self, live):
        """503 and a sentence: what it serves grows old."""
        live.stop()
        response = get(live, "/healthz")
        assert (response.status_code, response.data) == (503, b"This worker no longer follows its files.\n")
        assert response.headers["Cache-Control"] == "no-store"

    def test_a_worker_without_a_site_is_not_well(self, live):
        """503 where not even a front page stands."""
        live.served = replace(live.served, site=type("Nowhere", (dict,), {"find": dict.get})())
        response = get(live, "/healthz")
        assert (response.status_code, response.data) == (503, b"This worker has no site to serve.\n")

    def test_health_is_never_cached(self, live):
        """The next probe is told the truth again."""
        app = answers.wrap(create_app(live).wsgi_app, lambda: live.served.answers, live.clock)
        ask = Client(app).get
        assert [ask("/healthz").status_code for _ in range(3)] == [200, 200, 200]
        live.stop()
        assert ask("/healthz").status_code == 503

    def test_it_is_only_read(self, live):
        """HEAD tells the status alone; what else is asked gets what it gets everywhere."""
        client = create_app(live).test_client()
        head = client.head("/healthz")
        assert (head.status_code, head.data) == (200, b"")
        assert client.post("/healthz").status_code == 405


def test_saving_as_editors_do_never_shows_a_torn_article(live, folder):
    """Truncate and write slowly, write and rename, swap files: readers see the old text or the new."""
    path = folder / "entries" / "new.yaml"
    path.write_text(article("Version 0"))
    until(lambda: get(live, "/2026/11/new/").status_code == 200)
    for number in range(1, 6):
        with path.open("w") as file:  # as an editor that truncates
            for piece in article(f"Version {number}").splitlines(keepends=True):
                file.write(piece)
                file.flush()
                assert get(live, "/2026/11/new/").status_code == 200
        part = folder / "entries" / ".new.yaml.swp"
        part.write_text(article(f"Version {number} renamed"))
        os.replace(part, path)
        until(lambda number=number: f"Version {number} renamed".encode() in get(live, "/2026/11/new/").data)


def test_a_file_that_is_away_while_it_is_saved_is_not_missed(live, folder):
    """Deleted and written anew, as upload programs do: no reader meets a 404; deleted for good it goes."""
    path = folder / "entries" / "new.yaml"
    path.write_text(article("Before"))
    until(lambda: get(live, "/2026/11/new/").status_code == 200)
    path.unlink()
    begun = time.monotonic()
    while True:
        answer = get(live, "/2026/11/new/").status_code
        if time.monotonic() - begun > 0.15:  # half of the time that it is waited for
            break
        assert answer == 200
        time.sleep(0.01)
    path.write_text(article("After"))
    until(lambda: b"After" in get(live, "/2026/11/new/").data)
    path.unlink()
    until(lambda: get(live, "/2026/11/new/").status_code == 404)


def test_half_a_file_is_not_published(live, folder):
    """What ends in the middle of a line waits until it is whole, or until nothing more comes."""
    path = folder / "entries" / "new.yaml"
    whole = article("A secret", status="draft")
    path.write_text(whole[: whole.index("\nstatus")])
    written = time.monotonic()
    while time.monotonic() - written < 0.15:
        status = get(live, "/2026/11/new/").status_code
        assert status == 404 or time.monotonic() - written > 0.25  # a machine that was busy so long has waited enough
        time.sleep(0.01)
    path.write_text(whole)
    time.sleep(0.5)  # longer than any patience
    assert get(live, "/2026/11/new/").status_code == 404
    path.write_text(article("Without a last line end").rstrip("\n"))
    until(lambda: b"Without a last" in get(live, "/2026/11/new/").data)


def test_a_renamed_file_is_renamed_at_once(live, folder, caplog):
    """The same id under another name is no second article, not even for a moment."""
    path = folder / "entries" / "new.yaml"
    path.write_text(article("Renamed", slug="same"))
    until(lambda: get(live, "/2026/11/same/").status_code == 200)
    path.rename(folder / "entries" / "other.yaml")
    until(lambda: "entries/other.yaml" in {entry.source for entry in live.served.index.entries()})
    assert [record for record in caplog.records if "belongs to" in record.getMessage()] == []


def test_a_picture_of_the_same_size_and_time_is_served_in_the_place_of_the_former(live, folder):
    """As `tar --mtime`, `rsync -t` and image layers leave it: only inode and ctime tell."""
    path = folder / "images" / "n.svg"
    path.write_text("<svg>AAAA</svg>")
    os.utime(path, (10**9, 10**9))
    until(lambda: get(live, "/images/n.svg").data == b"<svg>AAAA</svg>")
    other = path.with_name("other")
    other.write_text("<svg>BBBB</svg>")
    os.utime(other, (10**9, 10**9))
    other.rename(path)
    until(lambda: get(live, "/images/n.svg").data == b"<svg>BBBB</svg>")


def below(folder, base):
    """The application of the site in a folder whose base_url has this path."""
    path = folder / "site.yaml"
    path.write_text(path.read_text().replace("https://sample.example\n", f"https://sample.example{base}\n"))
    return create_app(Live(folder, {}, clock=lambda: NOW)).test_client()


@pytest.mark.parametrize("base", ["/news", "/2021", "/b%C3%BCro/news"])
def test_a_proxy_may_take_the_path_of_base_url_off_or_leave_it(folder, base):
    """The same is answered to both."""
    app = below(folder, base)
    for path in (
        *("/", "/feed.atom", "/culture/", "/2021/07/japan-taiwan/", "/2021/07/japan-taiwan", "/old.html", "/nowhere"),
        *("/images/dot.png", "/static/style.css", "/404.html", "/mix/?of=culture", "/mix/culture+language.en/feed.rss"),
    ):
        with_it, without = (app.get(f"{folder}{path}") for folder in (base, ""))
        if base != "/2021" or path not in ("/", "/feed.atom"):
            assert (path, with_it.status, with_it.data) == (path, without.status, without.data)
            assert with_it.headers == without.headers
    assert app.get(f"{base}s/feed.atom").status_code == 404  # it only begins alike


def test_an_address_of_the_site_s_own_comes_before_one_below_base_url(folder):
    """Where a proxy takes /world off, the section World stands at /world/."""
    app = below(folder, "/world")
    assert b"World" in (section := app.get("/world/").data)
    assert app.get("/world/world/").data == section != app.get("/").data
    assert app.get("/world/feed.rss").data == app.get("/world/world/feed.rss").data != app.get("/feed.rss").data


def test_what_operators_ask_has_one_address(folder):
    app = below(folder, "/news")
    assert app.get("/healthz").content_type == "text/plain; charset=utf-8"
    assert app.get("/news/healthz").status_code == 404


def test_the_path_of_base_url_alone_leads_to_the_front_page(folder):
    app = below(folder, "/b%C3%BCro")
    assert app.get("/b%C3%BCro").headers["Location"] == "/b%C3%BCro/"
    assert app.get("/b%C3%BCro/").data == app.get("/").data
