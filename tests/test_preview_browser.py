"""The preview in headless Chromium: what an editor sees, and how the open page follows what is saved."""

import shutil
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

from feedsite import sharing
from feedsite.serving.live import Live
from feedsite.serving.web import create_app

from .support.golden import NOW, SAMPLE
from .support.previews import served
from .support.servers import free_port
from .support.waiting import until

PATIENCE = 20_000  # ms
SOON = 5.0  # seconds until a save is seen: half of one is promised, a loaded machine may be slow
PARAGRAPHS = "\n\n".join(f"  Paragraph {number}." for number in range(120))
DRAFT = f"id: tag:a,2026:plan\ntitle: The plan\nstatus: draft\nbody: |\n{PARAGRAPHS}\n"
KEY = b"0123456789abcdef"
SITES = {"en": "The plan", "ar": "الخطة"}


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "desk"
    (folder / "entries").mkdir(parents=True)
    (folder / "site.yaml").write_text(
        "title: The Meridian\ndescription: World news.\nbase_url: https://news.example\nicon: images/dot.png\n"
    )
    (folder / "images").mkdir()
    shutil.copy(SAMPLE / "images" / "dot.png", folder / "images")
    (folder / "entries" / "plan.yaml").write_text(DRAFT)
    return folder


@contextmanager
def opened(browser, address, **options):
    """A page; in the end nothing may have been said on its console."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert said == []


def test_an_open_page_follows_a_save_and_stays_where_it_is_scrolled(browser, desk):
    """Within half a second on a machine that is not busy."""
    with served(desk) as server, opened(browser, f"http://127.0.0.1:{server.port}/2026/11/plan/") as page:
        page.evaluate("scrollTo(0, 1500)")
        page.wait_for_timeout(300)
        for word in ("one", "two"):
            (desk / "entries" / "plan.yaml").write_text(DRAFT.replace("Paragraph 60.", f"Paragraph {word}."))
            begun = time.monotonic()
            page.get_by_text(f"Paragraph {word}.").wait_for(timeout=PATIENCE)
            assert time.monotonic() - begun < SOON
            until(lambda: abs(page.evaluate("scrollY") - 1500) < 5)


def test_a_fault_comes_and_goes_over_the_page(browser, desk):
    """The page below is the last good version; the panel shows the line with its fault."""
    with served(desk) as server, opened(browser, f"http://127.0.0.1:{server.port}/2026/11/plan/") as page:
        (desk / "entries" / "plan.yaml").write_text(DRAFT.replace("The plan", "Now: the plan"))
        page.locator("#page__preview details").wait_for(timeout=PATIENCE)
        assert page.locator("h1").inner_text() == "The plan"
        assert "Now: the plan" in page.locator("#page__preview pre").inner_text()
        (desk / "entries" / "plan.yaml").write_text(DRAFT.replace("The plan", '"Now: the plan"'))
        page.locator("#page__preview details").wait_for(state="detached", timeout=PATIENCE)
        assert page.locator("h1").inner_text() == "Now: the plan"


def test_a_save_elsewhere_leaves_the_page_alone(browser, desk):
    """Only the pages that show it are loaded anew."""
    with served(desk) as server, opened(browser, f"http://127.0.0.1:{server.port}/2026/11/plan/") as page:
        page.evaluate("window.isTheSame = true")
        listed = page.context.new_page()
        listed.goto(f"http://127.0.0.1:{server.port}/preview/")
        (desk / "entries" / "plan.yaml").touch()
        (desk / "pages").mkdir()
        (desk / "pages" / "about.yaml").write_text("title: About\nbody: b\n")
        listed.get_by_text("About").first.wait_for(timeout=PATIENCE)
        assert page.evaluate("window.isTheSame")


def test_an_open_page_outlives_the_preview(browser, desk):
    """When the preview is there again, the page shows what was saved meanwhile."""
    port = free_port()
    context = browser.new_context()
    page = context.new_page()
    with served(desk, port=port):
        page.goto(f"http://127.0.0.1:{port}/2026/11/plan/")
    (desk / "entries" / "plan.yaml").write_text(DRAFT.replace("The plan", "The new plan"))
    with served(desk, port=port):
        page.get_by_role("heading", name="The new plan").wait_for(timeout=PATIENCE)
    context.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_it_can_be_used_with_assistive_technology(browser, desk, language, scheme):
    """axe finds nothing on a draft, a broken file, the list and the front page; none is wider than a telephone."""
    (desk / "site.yaml").write_text((desk / "site.yaml").read_text() + f"language: {language}\n")
    (desk / "entries" / "plan.yaml").write_text(DRAFT.replace("The plan", SITES[language]))
    (desk / "entries" / "broken.yaml").write_text(f"title: War: {'a long line ' * 20}\n")
    with served(desk) as server:
        for path in ("/", "/2026/11/plan/", "/preview/", "/preview/entries/broken.yaml"):
            with opened(browser, f"http://127.0.0.1:{server.port}{path}", color_scheme=scheme) as page:
                page.evaluate(AXE_SCRIPT)
                found = Axe().run(page).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
                page.set_viewport_size({"width": 360, "height": 740})
                assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_another_site_reads_nothing(browser, desk, tmp_path):
    """A page of another origin can fetch neither a draft nor its events, however it asks."""
    with served(desk) as server, served(desk) as other:
        address = f"http://127.0.0.1:{server.port}"
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{other.port}/static/style.css")
        for path in ("/preview/", "/2026/11/plan/", "/feed.atom"):
            for mode in ("cors", "no-cors"):
                ask = f"fetch('{address}{path}', {{mode: '{mode}'}}).then(one => one.text(), () => '')"
                assert page.evaluate(ask) == ""
        page.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ar", "light")])
def test_a_shared_draft_can_be_read_by_everybody_who_is_sent_it(browser, desk, language, scheme):
    """On a telephone, with assistive technology; its line stays in sight, and its notes are on the same page."""
    (desk / "site.yaml").write_text((desk / "site.yaml").read_text() + f"language: {language}\n")
    (desk / "entries" / "plan.yaml").write_text(DRAFT.replace("Paragraph 0.", "A claim[^1].") + "\n  [^1]: The note.\n")
    live = Live(desk, {}, clock=lambda: NOW)
    live.start()
    client = create_app(live, share_secret=KEY).test_client()
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))

    def answer(route):
        response = client.get(urlsplit(route.request.url).path)
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.data)

    context.route("**/*", answer)
    address = f"https://news.example{sharing.path('tag:a,2026:plan', NOW + timedelta(days=1), KEY)}"
    page.goto(address)
    assert page.locator("#page__shared").is_visible()
    page.locator(".footnote-reference a").click()
    assert page.url == f"{address}#fn-1"
    assert page.locator("#page__shared").bounding_box()["y"] < 740
    page.evaluate(AXE_SCRIPT)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
    live.stop()
    assert said == []
