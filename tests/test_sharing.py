"""Signed addresses of articles that are not public: what they open, for how long, and nothing else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from feedsite import sharing
from feedsite.cli import main
from feedsite.errors import FeedsiteError
from feedsite.folder.library import Library
from feedsite.model import NEVER, UNDATED, Correction, Nav, Withdrawal
from feedsite.serving import answers
from feedsite.serving.live import Live
from feedsite.serving.messages import Request
from feedsite.serving.respond import respond
from feedsite.serving.web import create_app

from .support.builders import entry, entry_text, header, site
from .support.golden import NOW
from .support.requests import called, environment

KEY = b"0123456789abcdef"
DRAFT = entry("plan", title="The secret plan", published=NEVER, updated=NEVER, day=NEVER.date(), path="/9999/12/plan/")
UNTIL = NOW + timedelta(days=7)


def shared(a_site, article=DRAFT, until=UNTIL, key=KEY, now=NOW, secret=KEY, method="GET", path=None):
    """The answer to whoever has the address of an article."""
    asked = path or sharing.path(article.iri, until, key)
    return respond(Request(method, asked, {"host": "news.example"}), a_site, now, share_secret=secret)


class TestToken:
    @given(st.text(min_size=1, max_size=200).filter(lambda one: one.isprintable()), st.binary(min_size=16))
    def test_a_path_opens_the_article_that_it_was_made_for(self, article, key):
        assert sharing.opened(sharing.path(article, UNTIL, key), key, NOW) == article

    @given(st.integers(0), st.characters(codec="ascii", categories=["L", "N", "P"]))
    def test_whoever_changes_a_letter_has_nothing(self, place, letter):
        """Nor whoever adds one, or takes one away."""
        path = sharing.path(DRAFT.iri, UNTIL, KEY)
        place = len(sharing.FOLDER) + place % (len(path) - len(sharing.FOLDER) - 1)
        for forged in (
            path[:place] + letter + path[place + 1 :],
            path[:place] + letter + path[place:],
            path[:place] + path[place + 1 :],
        ):
            assert forged == path or sharing.opened(forged, KEY, NOW) is None

    def test_no_token_has_two_spellings(self):
        """The bits at the end of base64, padding, and letters that a reader of it passes over."""
        for article in ("a", "ab", "abc"):
            token = sharing.path(article, UNTIL, KEY).split("/")[2]
            content = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
                other = token[:-1] + last
                if other != token and urlsafe_b64decode(other + "=" * (-len(other) % 4)) == content:
                    assert sharing.opened(f"/shared/{other}/", KEY, NOW) is None
            for other in (f"{token}=", f"{token}==", f"{token[:5]}.{token[5:]}", f" {token}", f"{token}\n"):
                assert sharing.opened(f"/shared/{other}/", KEY, NOW) is None

    def test_it_ends_with_its_last_second(self):
        path = sharing.path("a", UNTIL, KEY)
        assert sharing.opened(path, KEY, UNTIL - timedelta(microseconds=1)) == "a"
        assert sharing.opened(path, KEY, UNTIL) is None

    def test_a_later_moment_needs_another_signature(self):
        token = sharing.path("a", UNTIL, KEY).split("/")[2]
        content = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        later = int((UNTIL + timedelta(days=1)).timestamp()).to_bytes(5) + content[5:]
        assert sharing.opened(f"/shared/{urlsafe_b64encode(later).decode().rstrip('=')}/", KEY, NOW) is None

    @given(st.text(max_size=300))
    def test_nothing_else_opens_anything(self, text):
        assert sharing.opened(f"/shared/{text}/", KEY, NOW) is None
        assert sharing.opened(text, KEY, NOW) is None

    def test_without_a_secret_nothing_opens(self):
        """Not even what an empty secret would sign."""
        assert sharing.opened(sharing.path("a", UNTIL, b""), b"", NOW) is None

    def test_a_secret_that_can_be_guessed_is_refused(self):
        with pytest.raises(FeedsiteError, match="has 15 bytes, and needs 16 at least"):
            sharing.secret({sharing.VARIABLE: "x" * 15})
        assert sharing.secret({sharing.VARIABLE: "x" * 16}) == b"x" * 16
        assert sharing.secret({}) == b""


class TestAnswer:
    def test_a_draft_is_shown_to_whoever_has_its_address(self):
        """Whole, with a line that says what it is; kept by nobody, indexed by nobody, and named to no other server."""
        answer = shared(site(DRAFT))
        assert answer.status == 200
        assert b"The secret plan" in answer.body
        assert b"This has not been published yet" in answer.body
        assert header(answer, "Cache-Control") == "no-store"
        assert header(answer, "X-Robots-Tag") == "noindex"
        assert header(answer, "Referrer-Policy") == "no-referrer"
        assert not answer.is_shared

    def test_it_says_the_day_of_today(self):
        """A draft has no date; on its page stands the one that it would have."""
        body = shared(site(DRAFT)).body.decode()
        assert "9999" not in body
        assert f'datetime="{NOW.isoformat()}"' in body

    def test_it_is_the_same_whichever_worker_answers(self):
        """One that took in the last change a week ago, and one that began just now; for an hour at least."""
        week = timedelta(days=7)
        answers = [shared(site(DRAFT, now=begun), now=NOW) for begun in (NOW - week, NOW)]
        assert answers[0] == answers[1] == shared(site(DRAFT), now=NOW + timedelta(minutes=59))

    def test_a_link_within_the_draft_stays_on_the_page(self):
        body = '<p><a href="https://news.example/9999/12/plan/#fn-1">1</a></p><p id="fn-1">Note.</p>'
        page = shared(
            site(entry("plan", published=NEVER, updated=NEVER, day=NEVER.date(), path="/9999/12/plan/", body=body))
        )
        assert b'<a href="#fn-1">1</a>' in page.body

    def test_it_does_not_ask_to_send_an_address_that_is_not_there_yet(self):
        sending = b"mailto:?subject="
        assert sending in site(entry("plan"))["/2026/11/plan/"].body
        assert sending not in shared(site(DRAFT)).body

    def test_a_scheduled_article_is_shown_until_it_is_public(self):
        """Then the address leads to where it stands."""
        due = NOW + timedelta(hours=1)
        article = entry("later", published=due, updated=due)
        assert shared(site(article), article=article).status == 200
        answer = shared(site(article, now=due), article=article, now=due)
        assert (answer.status, header(answer, "Location")) == (303, "/2026/11/later/")
        assert header(answer, "Cache-Control") == "no-store"

    def test_after_its_time_it_is_not_found(self):
        """Also where the article is public by then."""
        for article in (DRAFT, entry("plan")):
            assert shared(site(article), article=article, now=UNTIL).status == 404

    @pytest.mark.parametrize(
        "change", [{"key": b"another key, as long"}, {"secret": b""}, {"secret": b"another key, as long"}]
    )
    def test_without_the_right_secret_it_is_not_found(self, change):
        assert shared(site(DRAFT), **change).status == 404

    def test_a_withdrawn_article_is_not_found(self):
        gone = entry("plan", withdrawal=Withdrawal(at=NOW, reason="It was wrong."), body="")
        assert shared(site(gone), article=gone).status == 404

    def test_an_article_that_does_not_exist_is_not_found(self):
        """Nobody keeps that: the draft may come a moment later. It is told in the same words as any other 404."""
        answer = shared(site(entry()))
        assert header(answer, "Cache-Control") == "no-store"
        assert header(answer, "Referrer-Policy") == "no-referrer"
        other = shared(site(entry()), path="/shared/x/")
        assert (answer.status, answer.headers, answer.body) == (404, other.headers, other.body)

    def test_a_standing_page_that_is_a_draft_can_be_shared(self):
        page = entry("about", source="pages/about.yaml", path="/about/", published=NEVER, updated=NEVER, nav=Nav())
        assert shared(site(page), article=page).status == 200
        public = entry(
            "about", source="pages/about.yaml", path="/about/", published=UNDATED, updated=UNDATED, nav=Nav()
        )
        assert shared(site(public), article=public).status == 303

    def test_a_draft_with_a_correction_is_drawn(self):
        """Corrections may be written before an article is public."""
        article = entry(
            "plan", published=NEVER, updated=NEVER, corrections=(Correction(at=NOW, note="A name was wrong."),)
        )
        assert b"A name was wrong." in shared(site(article), article=article).body

    def test_nothing_of_it_is_listed(self):
        """No path of the site has the draft, or an address below /shared/."""
        a_site = site(DRAFT)
        assert shared(a_site).status == 200
        assert not any(path.startswith("/shared") for path in a_site)
        for path in a_site:
            assert b"secret plan" not in getattr(a_site[path], "body", b"")

    def test_head_has_no_body(self):
        answer = shared(site(DRAFT), method="HEAD")
        assert (answer.status, answer.body) == (200, b"")


class TestServer:
    @pytest.fixture
    def live(self, folder):
        (folder / "entries" / "plan.yaml").write_text(
            entry_text(id="tag:a,2026:plan", title="The secret plan", status="draft", published=None)
        )
        self.now = NOW
        one = Live(folder, {}, clock=lambda: self.now)
        one.start()
        yield one
        one.stop()

    def test_the_cache_of_answers_keeps_none(self, live):
        """Not beyond its time, and not for whoever asks in its last second."""
        app = create_app(live, share_secret=KEY)
        app = answers.wrap(app.wsgi_app, lambda: live.served.answers, live.clock)
        path = sharing.path("tag:a,2026:plan", UNTIL, KEY)
        for self.now, status in ((NOW, "200 OK"), (UNTIL - timedelta(seconds=1), "200 OK"), (UNTIL, "404 NOT FOUND")):
            for _ in range(2):
                assert called(app, environment(path))[0].upper() == status
        assert live.served.answers._answers == {}

    def test_a_server_without_the_secret_has_none(self, live):
        client = create_app(live).test_client()
        assert client.get(sharing.path("tag:a,2026:plan", UNTIL, KEY)).status_code == 404


class TestCommand:
    """`feedsite share`."""

    def run(self, folder, *words, **variables):
        known = {"FEEDSITE_BASE_URL": None, sharing.VARIABLE: KEY.decode(), **variables}
        return CliRunner(env=known).invoke(main, ["--site", str(folder), "share", *words])

    def test_it_prints_an_address_that_a_server_opens(self, folder):
        """Alone on its line, so that a script can take it; for how long is told beside it."""
        result = self.run(folder, "draft")
        assert result.exit_code == 0, result.output
        (address,) = result.stdout.splitlines()
        assert address.startswith("https://sample.example/shared/")
        library = Library(folder, {})
        library.read()
        path = address.removeprefix("https://sample.example")
        now = datetime.now(UTC)
        week = now + timedelta(days=7)
        opened = sharing.opened(path, KEY, now)
        assert opened
        assert sharing.opened(path, KEY, week - timedelta(minutes=5)) == opened
        assert sharing.opened(path, KEY, week) is None
        assert result.stderr.startswith('Whoever has this address can read "')

    def test_without_a_secret_it_says_how_to_make_one(self, folder):
        result = self.run(folder, "draft", **{sharing.VARIABLE: None})
        assert result.exit_code == 1
        assert result.stderr.startswith("to sign an address, FEEDSITE_SHARE_SECRET must be set here and where")
        assert len(result.stderr.split()[-1]) >= sharing.LEAST

    def test_what_is_public_needs_no_such_address(self, folder):
        result = self.run(folder, "japan-taiwan")
        assert result.stderr == (
            "entries/asia/2021-07-05-japan-taiwan.yaml is public already, at https://sample.example/2021/07/japan-taiwan/\n"
        )

    def test_what_is_withdrawn_is_not_shared(self, folder):
        result = self.run(folder, "taken-back")
        assert "is withdrawn: nobody is to read it any more" in result.stderr
