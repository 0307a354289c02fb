"""What `feedsite preview` answers: every article, each marked as what it is, to its editors and nobody else."""

import http.client
import os
import re
import signal
import socket
import subprocess
from contextlib import ExitStack, closing
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.commands import listening, preview
from feedsite.documentcache import DocumentCache
from feedsite.folder import indexfile
from feedsite.index import leaderlock
from feedsite.index.edition import Edition
from feedsite.previewing import panel
from feedsite.previewing.answering import is_own_name, version
from feedsite.previewing.sockets import Server
from feedsite.previewing.view import View
from feedsite.serving.live import Live
from feedsite.serving.web import create_app

from .support.builders import entry_text, header
from .support.docs import DOCS
from .support.golden import NOW
from .support.previews import ask, served, text, view
from .support.servers import FEEDSITE, free_port
from .support.waiting import until

DUE = datetime.fromisoformat("2026-12-01T08:00:00+01:00")


@pytest.fixture
def desk(tmp_path):
    """A folder with one public article; `save(name, **fields)` writes another one."""
    folder = tmp_path / "desk"
    (folder / "entries").mkdir(parents=True)
    (folder / "site.yaml").write_text(
        "title: The Meridian\ndescription: World news.\nbase_url: https://news.example\ntimezone: Europe/Berlin\n"
    )
    save(folder, "public", title="What everybody reads")
    return folder


def save(folder, name, **fields):
    said = {"id": f"tag:a,2026:{name}", "title": name.capitalize(), **fields}
    path = folder / "entries" / f"{name}.yaml"
    path.write_text(entry_text(**said))
    return path


def got(port, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    return response


class TestPages:
    def test_a_draft_stands_where_it_will_stand_and_says_so(self, desk):
        """At the address that it would have if it were published now; the index's own address leads there."""
        save(desk, "plan", status="draft", published=None)
        page = text(view(desk), "/2026/11/plan/")
        assert "<strong>Draft: nobody sees this yet.</strong> <code>entries/plan.yaml</code>" in page
        assert "9999" not in page
        led = ask(view(desk), "/9999/12/plan/")
        assert (led.status, header(led, "Location")) == (302, "/2026/11/plan/")

    def test_a_draft_with_a_day_ahead_keeps_it(self, desk):
        """As `publish` does."""
        save(desk, "plan", status="draft", published="2027-03-01")
        assert "<strong>Draft" in text(view(desk), "/2027/03/plan/")

    def test_links_within_a_draft_lead_to_its_page(self, desk):
        body = "|\n  Text[^1].\n\n  [^1]: Note."
        save(desk, "plan", status="draft", published=None, body=body)
        page = text(view(desk), "/2026/11/plan/")
        assert 'href="/2026/11/plan/#fn-1"' in page

    def test_a_scheduled_article_says_when_it_appears(self, desk):
        """In the site's own time zone."""
        save(desk, "later", published=DUE.isoformat())
        assert "<strong>Appears on Tuesday 1 December 2026, 08:00.</strong>" in text(view(desk), "/2026/12/later/")

    def test_a_public_article_is_as_everybody_sees_it(self, desk):
        """Its page and nothing else, but for the panel at its end."""
        page = text(view(desk), "/2026/11/public/")
        assert "<span>Everybody sees this.</span>" in page
        assert "<strong>" not in page.partition('<aside id="page__preview"')[2]

    def test_a_withdrawn_article_shows_the_notice(self, folder):
        answered = ask(view(folder), "/2021/07/taken-back/")
        assert answered.status == 410
        assert b"Withdrawn on " in answered.body
        assert b"this notice is what everybody sees" in answered.body

    def test_drafts_are_in_no_list(self, desk):
        """The front page is what it is; the list of drafts is one click away."""
        save(desk, "plan", status="draft", published=None)
        page = text(view(desk), "/")
        assert "What everybody reads" in page
        assert "Plan" not in page
        assert '<a href="/preview/">1 draft</a>' in page

    def test_a_draft_whose_address_another_article_has_is_shown_all_the_same(self, desk):
        """In the preview's own folder."""
        save(desk, "plan", status="draft", published="2026-11-22", slug="public")
        seen = view(desk)
        assert "What everybody reads" in text(seen, "/2026/11/public/")
        assert "<h1" in text(seen, "/preview/entries/plan.yaml")
        assert 'href="/preview/entries/plan.yaml"' in text(seen, "/preview/")

    def test_below_the_path_of_base_url_each_link_leads_there(self, desk):
        """Also without the path, as behind a proxy."""
        save(desk, "plan", status="draft", published=None)
        seen = view(desk, environment={"FEEDSITE_BASE_URL": "https://news.example/blog"})
        for prefix in ("", "/blog"):
            assert '<a href="/blog/preview/">1 draft</a>' in text(seen, f"{prefix}/2026/11/plan/")
        assert 'data-events="/blog/preview/events?page=%2F2026' in text(seen, "/blog/2026/11/plan/")


class TestMoment:
    def test_the_site_is_shown_as_it_will_be(self, desk):
        """The front page and the feeds have what is public then; the article still says when that is."""
        save(desk, "later", title="What comes on Tuesday", published=DUE.isoformat())
        save(desk, "plan", status="draft", published=None)
        now, then = view(desk), view(desk, at=DUE)
        for path in ("/", "/feed.atom", "/feed.json"):
            assert b"What comes on Tuesday" not in ask(now, path).body
            assert b"What comes on Tuesday" in ask(then, path).body
            assert b"Plan" not in ask(then, path).body
        page = text(then, "/2026/12/later/")
        assert "<strong>Appears on Tuesday 1 December 2026, 08:00.</strong>" in page
        assert "The site as it will be on Tuesday 1 December 2026, 08:00." in page
        assert "<strong>Draft" in text(then, "/2026/12/plan/")


class TestFaults:
    def test_a_broken_article_shows_its_last_good_version_and_the_fault(self, desk):
        """The line with what is wrong in it, and the mend, as `check` prints them."""
        library = view(desk).library
        path = desk / "entries" / "public.yaml"
        path.write_text(path.read_text().replace("title: What", "title: Now: what"))
        library.read()
        seen = View(library, DocumentCache(), NOW)
        page = text(seen, "/2026/11/public/")
        assert '<h1 class="p-name">What everybody reads</h1>' in page
        assert "<summary>1 fault to mend; this is the last version without any</summary>" in page
        assert "entries/public.yaml:2:" in page
        assert '<span class="gutter">   2 │ </span>title: Now<mark>:</mark> what everybody reads' in page
        assert '<span class="gutter"> fix │ </span><ins>title: &#34;Now: what everybody reads&#34;</ins>' in page
        assert '<p class="bar faulty">' in page

    def test_a_file_that_was_never_sound_has_a_page(self, desk):
        """At the address that its name gives, else in the preview's own folder."""
        for name in ("2026-11-20-broken", "broken"):
            (desk / "entries" / f"{name}.yaml").write_text("title: War: what\n")
        seen = view(desk)
        for path in ("/2026/11/broken/", "/preview/entries/broken.yaml"):
            page = text(seen, path)
            assert "<strong>Nobody sees this: the file has faults.</strong>" in page
            assert "War: what" in page
        assert header(ask(seen, "/preview/entries/2026-11-20-broken.yaml"), "Location") == "/2026/11/broken/"

    def test_an_article_that_claims_what_another_one_has_is_shown(self, desk):
        """With why nobody else sees it."""
        save(desk, "second", id="tag:a,2026:public", published="2026-11-23")
        page = text(view(desk), "/preview/entries/second.yaml")
        assert '<h1 class="p-name">Second</h1>' in page
        assert "<strong>Nobody sees this: another article has what it claims.</strong>" in page
        assert "entries/public.yaml" in page

    def test_what_is_wrong_with_the_site_stands_on_every_page(self, desk):
        """Faults of site.yaml and of the theme."""
        (desk / "theme").mkdir()
        (desk / "theme" / "entry.html").write_text("{% block %}")
        seen = view(desk)
        for path in ("/", "/2026/11/public/", "/preview/"):
            assert "in what every page is made of</summary>" in text(seen, path)
            assert "theme/entry.html:1" in text(seen, path)

    def test_no_article_can_put_anything_into_the_panel(self, desk):
        """What stands in a file is text there, in a title and in a line with a fault."""
        evil = "</pre></aside><script>alert(1)</script>"
        (desk / "entries" / "evil.yaml").write_text(f'title: a: {evil}\nx"onload="alert(2): 1\n')
        save(desk, "draft", title=f'"{evil}"', status="draft", published=None)
        seen = view(desk)
        for path in ("/preview/", "/preview/entries/evil.yaml", "/2026/11/draft/"):
            page = text(seen, path)
            assert "<script>alert" not in page
            assert 'x"onload' not in page

    def test_no_name_of_a_file_can_either(self, desk):
        (desk / "entries" / "<img src=x onerror=alert(1)>.yaml").write_text("title: a: b\n")
        assert "<img src=x" not in text(view(desk), "/preview/")


class TestList:
    def test_everything_that_is_to_do_stands_in_it(self, desk):
        """Drafts, the queue by time, faults and notes; each names its file and leads to its page."""
        save(desk, "plan", status="draft", published=None)
        save(desk, "second", published=(DUE + timedelta(days=1)).isoformat())
        save(desk, "first", published=DUE.isoformat())
        (desk / "entries" / "broken.yaml").write_text("title: War: what\n")
        save(desk, "noted", id=None)
        page = text(view(desk), "/preview/")
        for path, name in (
            ("/2026/11/plan/", "plan"),
            ("/2026/12/first/", "first"),
            ("/2026/12/second/", "second"),
            ("/2026/11/public/", "public"),
        ):
            assert re.search(rf'<a href="{path}"><bdi[^>]*>[^<]+</bdi></a>\n<code>entries/{name}.yaml</code>', page)
        assert page.index("Tuesday 1 December 2026, 08:00") < page.index("Wednesday 2 December 2026, 08:00")
        assert '<a href="/preview/entries/broken.yaml">entries/broken.yaml:1:11</a>' in page
        assert "the article has no id" in page

    def test_it_is_there_where_nothing_is_to_do(self, desk):
        page = text(view(desk), "/preview/")
        assert "There are no drafts." in page
        assert "Nothing is scheduled." in page


class TestSecrecy:
    @pytest.mark.parametrize(
        "path",
        ["/", "/feed.atom", "/2026/11/plan/", "/preview/", "/preview/preview.css", "/nowhere", "/9999/12/plan/"],
    )
    def test_nobody_keeps_an_answer_and_no_other_site_may_read_it(self, desk, path):
        save(desk, "plan", status="draft", published=None)
        answered = ask(view(desk), path, origin="https://evil.example")
        assert header(answered, "Cache-Control") == "no-store"
        assert header(answered, "X-Robots-Tag") == "noindex"
        assert header(answered, "Cross-Origin-Resource-Policy") == "same-origin"
        named = {name.lower() for name, _ in answered.headers}
        assert not named & {"etag", "last-modified", "access-control-allow-origin", "link", "vary"}

    def test_a_page_asks_search_engines_to_leave_it_alone(self, desk):
        assert '<meta name="robots" content="noindex">' in text(view(desk), "/")

    def test_only_its_own_script_runs(self, desk):
        """That one is named by its hash; a page may be framed by nobody, whatever site.yaml says of frames."""
        (desk / "site.yaml").write_text((desk / "site.yaml").read_text() + "frames: any\n")
        answered = ask(view(desk), "/2026/11/public/")
        policy = header(answered, "Content-Security-Policy")
        assert policy.endswith(f"frame-ancestors 'none'; script-src {panel.script_hash()}")
        assert f"<script>{panel.script()}</script>" in answered.body.decode()

    @pytest.mark.parametrize(
        "path",
        [
            "/preview/../site.yaml",
            "/preview/entries/../../site.yaml",
            "/preview/site.yaml",
            "/preview//etc/passwd",
            "/../site.yaml",
        ],
    )
    def test_no_path_leads_to_another_file(self, desk, path):
        answered = ask(view(desk), path)
        assert answered.status in (301, 404)
        assert b"timezone: Europe" not in answered.body

    @pytest.mark.parametrize(
        ("host", "is_own"),
        [
            ("127.0.0.1:8000", True),
            ("localhost", True),
            ("LOCALHOST:80", True),
            ("desk.localhost:8000", True),
            ("[::1]:8000", True),
            ("127.9.9.9", True),
            ("", False),
            ("evil.example", False),
            ("127.0.0.1.evil.example", False),
            ("localhost.evil.example", False),
            ("192.168.1.7:8000", False),
            ("[::1].evil.example", False),
            ("::1", False),
            ("127.0.0.1:80:evil", False),
            ("2130706433", False),
        ],
    )
    def test_only_a_name_of_this_machine_is_answered(self, host, is_own):
        """A name that an attacker's page has, and that leads here, is none."""
        assert is_own_name(host, frozenset(), is_open=False) is is_own

    def test_a_preview_that_is_open_to_the_network_is_found_by_address_and_by_name(self):
        names = frozenset({"desk.local"})
        for host in ("192.168.1.7:8000", "desk.local:8000", "[fe80::1]", "127.0.0.1"):
            assert is_own_name(host, names, is_open=True)
        assert not is_own_name("evil.example", names, is_open=True)

    def test_the_public_server_has_no_trace_of_it(self, folder):
        """No path below /preview/, and no answer names one."""
        live = Live(folder, {}, clock=lambda: NOW)
        live.start()
        client = create_app(live).test_client()
        for path in (
            "/preview/",
            "/preview",
            panel.STYLE,
            panel.EVENTS,
            "/preview/entries/draft.yaml",
            "/static/preview.js",
            "/static/preview.css",
        ):
            assert client.get(path).status_code == 404
        for path in live.site:
            assert b"page__preview" not in client.get(path).data
        live.stop()


class TestServer:
    def get(self, server, path, method="GET", **headers):
        return got(server.port, path, method, **headers)

    def test_a_request_by_another_name_sees_nothing(self, desk):
        """Neither a page nor the events, and the sentence says what to do."""
        save(desk, "plan", status="draft", published=None)
        with served(desk) as server:
            for path in ("/", "/2026/11/plan/", panel.EVENTS):
                response = self.get(server, path, Host="evil.example")
                assert response.status == 421
                assert response.body == b"This is a preview: open it at the address that it has printed.\n"
            assert self.get(server, "/2026/11/plan/").status == 200

    def test_many_tabs_connect_at_once(self):
        """As after a save, also while the server is busy: who finds no room waits a second, and then three."""
        with Server(("127.0.0.1", 0)) as server, ExitStack() as tabs:
            for _ in range(60):
                tabs.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=0.9))

    def test_nothing_can_be_written(self, desk):
        with served(desk) as server:
            for method in ("POST", "PUT", "DELETE", "PATCH"):
                assert self.get(server, "/2026/11/public/", method).status == 405

    def test_a_search_finds_what_is_public(self, desk):
        """And no draft."""
        save(desk, "plan", title="Everybody waits for this", status="draft", published=None)
        with served(desk) as server:
            until(lambda: self.get(server, "/search/?q=everybody").status == 200)
            page = self.get(server, "/search/?q=everybody").body
            assert b'href="/2026/11/public/"' in page
            assert b'href="/2026/11/plan/"' not in page

    def test_a_recording_is_sent_in_parts(self, folder):
        with served(folder) as server:
            response = self.get(server, "/audio/talk.mp3", Range="bytes=0-3")
            assert (response.status, len(response.body)) == (206, 4)

    def test_a_waiting_page_is_told_of_a_save(self, desk):
        """Its version, at once and after each save that changes it: and no other save."""
        with served(desk) as server:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            connection.request("GET", f"{panel.EVENTS}?page=%2F2026%2F11%2Fpublic%2F")
            events = connection.getresponse()
            first = self.told(events)
            assert first == panel.version(self.get(server, "/2026/11/public/").body)
            save(desk, "public", title="What everybody reads now")
            second = self.told(events)
            assert second != first
            assert second == panel.version(self.get(server, "/2026/11/public/").body)
            connection.close()

    def told(self, events):
        while not (line := events.readline()).startswith(b"data: "):
            assert line, "the preview ended"
        return line.removeprefix(b"data: ").strip().decode()

    def test_the_version_of_a_page_is_the_same_after_a_restart(self, desk):
        """So an open page that finds the preview again is not loaded anew for nothing."""
        save(desk, "plan", status="draft", published=None)
        paths = ("/", "/2026/11/plan/", "/preview/", "/feed.rss", "/nowhere", "/search/?q=a")
        assert [version(view(desk), path) for path in paths] == [version(view(desk), path) for path in paths]
        assert all(version(view(desk), path) for path in paths)

    def test_a_picture_that_is_replaced_is_a_change(self, folder):
        before = version(view(folder), "/2021/07/japan-taiwan/")
        (folder / "images" / "dot.png").write_bytes((folder / "images" / "dot.png").read_bytes() + b"\0")
        assert version(view(folder), "/2021/07/japan-taiwan/") != before

    def test_an_article_that_becomes_public_loses_its_mark(self, desk):
        """By the clock alone."""
        save(desk, "later", published=DUE.isoformat())
        now = [NOW]
        with served(desk, clock=lambda: now[0]) as server:
            assert b"Appears on" in self.get(server, "/2026/12/later/").body
            now[0] = DUE
            until(lambda: b"Appears on" not in self.get(server, "/2026/12/later/").body)

    def test_it_writes_nothing(self, desk):
        """Neither into the folder nor, once it runs, anywhere else."""
        before = sorted((path, path.stat().st_mtime_ns) for path in desk.rglob("*"))
        with served(desk) as server:
            for path in ("/", "/preview/", "/2026/11/public/"):
                self.get(server, path)
        assert sorted((path, path.stat().st_mtime_ns) for path in desk.rglob("*")) == before


class TestCommand:
    """`feedsite preview`."""

    def refused(self, folder, *words):
        result = CliRunner().invoke(main, ["--site", str(folder), "preview", *words])
        assert result.exit_code == 1
        return result.stderr

    def test_it_serves_until_it_is_interrupted(self, desk, tmp_path):
        """It prints where the site and the list are, and how many articles wait; Ctrl-C ends it at once."""
        save(desk, "plan", status="draft", published=None)
        log, port = tmp_path / "log", free_port()
        with log.open("w") as file:
            words = [*FEEDSITE, "--site", str(desk), "preview", "--port", str(port), "--at", "2026-12-01 08:00"]
            process = subprocess.Popen(words, stdout=file, stderr=file, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None)
            response = got(port, "/2026/12/plan/")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()  # does nothing to one that has ended
        assert response.status == 200
        assert log.read_text() == (
            f"The Meridian on Tuesday 1 December 2026, 08:00: http://127.0.0.1:{port}/\n"
            f"1 draft: http://127.0.0.1:{port}/preview/\n"
            "Pages follow each save. Ctrl-C ends it.\n"
        )

    def test_it_takes_no_lock_from_a_server(self, desk):
        """It reads what the server's index has, and goes on in memory; a server that starts later leads at once."""
        library = preview._read(desk, {})
        assert library.index.is_in_memory
        with closing(indexfile.opened(desk, {})) as index:
            assert [row.path for row in Edition(index, NOW).all()] == ["/2026/11/public/"]
            lock = leaderlock.take(index)
            assert lock is not None
            assert preview._read(desk, {}).index.is_in_memory
            os.close(lock)

    def test_a_moment_that_is_none_is_told(self, desk):
        assert self.refused(desk, "--at", "tomorrow", "--port", str(free_port())).startswith('"tomorrow" is not')

    def test_a_port_that_is_taken_is_told(self, desk):
        with served(desk) as server:
            message = self.refused(desk, "--port", str(server.port))
        assert message == f"127.0.0.1:{server.port} is not free; choose another one with --port\n"

    def test_the_address_in_the_network_is_one_of_this_machine(self):
        """Or none is known."""
        found = listening.in_network()
        assert found is None or not found.startswith("127.")


def test_the_guide_says_what_the_panel_says():
    """Each sentence of docs/preview.md's first table is one of the panel's, and none is missing there."""
    told = {row.split("|")[1].strip() for row in DOCS["preview.md"].split("## Share")[0].splitlines() if ". |" in row}
    said = {sentence.format(moment=".*") for _, sentence in panel._OF_UNPUBLISHED.values()} | {"Everybody sees this."}
    assert all(any(re.fullmatch(one, sentence) for sentence in told) for one in said)
