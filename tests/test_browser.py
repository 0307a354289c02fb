"""The pages as people meet them, in headless Chromium: to be read, followed, and used with assistive technology."""

import re
import shutil
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

from feedsite.audience import chart
from feedsite.parsing import markup
from feedsite.theme import Theme
from feedsite.urls import Urls

from .support.builders import entry, entry_text, site
from .support.golden import GOLDEN, SAMPLE
from .support.logs import DAY, audience_of, line
from .support.servers import Server

OWN = Path(__file__).parent.parent  # the site that ships with feedsite
PARTS = 8  # of all pages, each a case of its own
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def _served(folder, tmp_path_factory, *more):
    copy = tmp_path_factory.mktemp("browser") / "site"
    copy.mkdir()
    for name in ("site.yaml", "entries", "images", "audio", "pages"):
        copier = shutil.copytree if (folder / name).is_dir() else shutil.copy
        copier(folder / name, copy / name)
    for number, text in enumerate(more):
        (copy / "entries" / f"older-{number}.yaml").write_text(text)
    return Server(copy)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    older = (
        entry_text(id=f"tag:a,1990:{day}", title=f"Older {day}", published=f"1990-01-{day:02}") for day in range(1, 21)
    )
    server = _served(OWN, tmp_path_factory, *older)  # as many as a page of the archive holds
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    server = _served(SAMPLE, tmp_path_factory)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=WIDE)
    one = context.new_page()
    yield one
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_of_the_audience_is_readable_light_and_dark(page, tmp_path, scheme):
    """No text leaves the picture or meets another, and none is as pale as its ground (WCAG 2.2, 1.4.3)."""
    (tmp_path / "audience.svg").write_text(chart.draw(audience_of(*DAY, line(agent="W" * 80))), "utf-8")
    page.emulate_media(color_scheme=scheme)
    page.goto(f"file://{tmp_path}/audience.svg")
    boxes = page.evaluate(
        "[...document.querySelectorAll('text')].map(one => [one.getBoundingClientRect(), one.matches('.name')])"
        ".map(([box, isClipped]) => [box.left, box.top, isClipped ? Math.min(box.right, 218) : box.right, box.bottom])"
    )
    assert all(left >= 0 and right <= 960 for left, _, right, _ in boxes)
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    ground, *letters = page.evaluate(
        "[document.querySelector('.paper'), ...document.querySelectorAll('text')]"
        ".map(one => getComputedStyle(one).fill.match(/[0-9]+/g).map(Number))"
    )
    assert min(contrast(ground, one) for one in letters) >= 4.5


def contrast(one, other):
    """The ratio of two colours' luminances (WCAG 2.2)."""
    dark, light = sorted(
        sum(
            weight * (part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for weight, value in zip((0.2126, 0.7152, 0.0722), colour, strict=True)
        )
        for colour in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def test_a_reader_goes_from_the_front_page_to_an_article_and_on(page, own):
    """Click the first title, read, follow to the earlier article, and return by the nameplate."""
    page.goto(own)
    title = page.locator(".teaser .p-name").first.inner_text()
    page.locator(".teaser .p-name").first.click()
    assert page.locator("h1").inner_text() == title
    page.locator("nav.neighbours a[rel=prev]").click()
    assert page.locator("h1").inner_text() != title
    page.locator(".nameplate a").click()
    assert page.url == f"{own}/"


def test_the_front_page_goes_on_to_older_articles(page, own):
    """Older and newer lead there and back; archive pages are numbered from the oldest."""
    page.goto(own)
    page.locator(".pager a[rel=next]").click()
    assert page.url == f"{own}/page/1/"
    page.locator(".pager a[rel=prev]").click()
    assert page.url == f"{own}/"


def test_every_page_advertises_the_three_feeds(page, own):
    """A reader given any page's address finds the feeds."""
    for path in ("/", "/page/1/", "/2021/07/japan-taiwan/", "/nowhere", "/2021/03/suez-blocked/"):
        page.goto(own + path)
        links = page.locator("link[rel=alternate]").evaluate_all("all => all.map(x => [x.type, x.href])")
        assert links == [
            ["application/rss+xml", f"{own}/feed.rss"],
            ["application/atom+xml", f"{own}/feed.atom"],
            ["application/feed+json", f"{own}/feed.json"],
        ]


def test_the_keyboard_reaches_the_text_at_once(page, own):
    """The first Tab is the skip link, and it leads past the masthead."""
    page.goto(own)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "page__main"


@pytest.mark.sampled
@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing(browser, own, part):
    """WCAG and best practices by axe-core: front page, every article, the archive, 404, 410, feed, and lists of feeds,
    in both schemes and sizes.
    """
    context = browser.new_context(bypass_csp=True)  # axe itself is a script
    page = context.new_page()
    paths = ["/", "/nowhere", "/feed.rss", "/feeds/", "/tags/", "/about/"]
    page.goto(own)
    paths += page.locator(".teaser .p-name").evaluate_all("all => all.map(x => x.getAttribute('href'))")
    paths += [page.locator(".pager a[rel=next]").get_attribute("href"), "/1990/01/older-1/"]
    assert len(paths) > 25
    axe = Axe("")  # with its script in each page already
    for path in paths[part::PARTS]:
        page.goto(own + path)
        page.evaluate(AXE_SCRIPT)
        for size, scheme in product([WIDE, NARROW], ["light", "dark"]):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page)
            assert found.violations_count == 0, f"{path}, {size}, {scheme}: {found.generate_report()}"
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/page/1/",
        "/feed.rss",
        "/feeds/",
        "/tags/",
        "/about/",
        "/2021/07/japan-taiwan/",
        "/2021/08/tokyo-firsts/",
        "/2022/11/leap-second/",
    ],
)
def test_nothing_is_wider_than_a_telephone(browser, own, path):
    """No page scrolls sideways at 320 pixels."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(own + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_hostile_article_runs_nothing(page, sample):
    """No script, no handler, no frame: not in the page, and no complaint of the browser's policy either."""
    said, opened = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(sample) else route.abort())
    page.goto(f"{sample}/2021/06/hostile/")
    page.mouse.click(600, 400)
    assert opened == []
    assert [text for text in said if "Content Security Policy" in text] == []
    assert page.locator("script:not([type='application/ld+json']), iframe, svg, [onclick], [onload]").count() == 0
    assert page.locator("figure.embed a").get_attribute("href") == "https://evil.example"


# Each tries to be harmless when it is sanitised and something else when a browser reads what was written.
MUTANTS = [
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hit()&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hit()>",
    "<math><mi><p><style><!--</style><img title='--></style><img src=1 onerror=hit()>'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=hit()></style></annotation-xml></math>",
    "<math><mtext><option><fake><option></option><mglyph><svg><mtext><style><a title='</style><img src onerror=x()>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=hit()>'>",
    "<math></p><style><!--</style><a title='--><img src=1 onerror=hit()>'>",
    "<math><mtext></p><iframe><a title='</iframe><img src=1 onerror=hit()>'></math>",
    "<math><mi href='javascript:hit()' xlink:href='javascript:hit()'>click</mi></math>",
    "<math><mtext>a<b><i>c</mtext><mi>d<table><tr><td>e</math>f",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "<img data-src='x' onerror=hit() alt='\"><img src=x onerror=hit()>'><noscript><img src=x onerror=hit()></noscript>",
    "<img data-src='javascript:hit()' data-srcset='javascript:hit() 1x'>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe><iframe src='javascript:parent.hit()'></iframe>",
    "<iframe title='<img src=x onerror=hit()>' src='https://a.example/\"><img src=x onerror=hit()>'></iframe>",
    "<object data='javascript:hit()'><param name=movie value='javascript:hit()'><embed src='javascript:x()'></object>",
    "<video src=x onerror=hit() poster='javascript:hit()'><source onerror=hit() src=y></video>",
    "<audio src=x onloadstart=hit()><track onload=hit() src='data:,x'></audio>",
    '## <img src=x onerror=hit()> {#x"onclick=hit()}',
    '## " onclick=hit() x="\n\n[x](#"onclick=hit())',
    "x[^a]\n\n[^a]: <div class='footnote-definition' id='\"><img src=x onerror=hit()>'>"
    "<sup class='footnote-definition-label'>1</sup>",
    "==<img src=x onerror=hit()>== `==` ==a<b title='==<img src=x onerror=hit()>=='>b</b>==",
    "<pre>\n\n<textarea></pre><img src=x onerror=hit()>",
    "> [!NOTE]\n> <img src=x onerror=hit()>",
    "- [ ] <input onfocus=hit() autofocus>",
]


@pytest.mark.parametrize("is_formula", [False, True])
def test_what_a_browser_makes_of_an_article_is_what_was_sanitised(browser, is_formula):
    """Read, written and read again, alone and within other elements, a hostile text has no element, and no attribute,
    that the sanitiser did not let through; and nothing of it runs, though no policy forbids it here.
    """
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content("<script>var hits = 0; function hit() { hits += 1 }</script><div id=here></div>")
    allowed = {*markup._TAGS, "tbody"}
    for hostile in MUTANTS:
        made = markup.article(hostile, Urls("https://news.example"), "/2026/11/x/", math=is_formula)
        for around in (
            "{}",
            "<math>{}</math>",
            "<svg>{}</svg>",
            "<table><tr><td>{}",
            "<math><mtext>{}",
            "<svg><title>{}",
        ):
            found = page.evaluate(
                """html => {
                    const here = document.getElementById("here");
                    here.innerHTML = html;
                    for (let round = 0; round < 3; round++) here.innerHTML = here.innerHTML;
                    for (const one of here.querySelectorAll(":not(a)")) one.click?.();
                    return [...here.querySelectorAll("*")].map(one => [
                        one.localName, [...one.attributes].filter(at => at.name.startsWith("on")
                            || /^\\s*(javascript|data):/i.test(at.value)).map(at => at.name)]);
                }""",
                around.format(made),
            )
            outer = set(re.findall("<([a-z]+)", around))
            assert {name for name, _ in found} <= {*allowed, *outer}, (hostile, made)
            assert [attributes for _, attributes in found if attributes] == [], (hostile, made)
    page.wait_for_timeout(200)
    assert page.evaluate("hits") == 0
    context.close()


def test_an_embed_loads_nothing_unasked(page):
    """A page with every kind of embed asks no other host for anything."""
    body = markup.article(
        "<iframe src=https://a.example/1></iframe>\n\n<object data=https://a.example/2></object>\n\n"
        "<embed src=https://a.example/3>\n\n<video src=https://a.example/4.mp4 autoplay></video>\n\n"
        "<audio preload=auto><source src=https://a.example/5.mp3></audio>\n\n"
        "<noscript><img width=1 height=1 src=https://a.example/6></noscript>\n\n"
        "<svg><video src=https://a.example/7.mp4 preload=auto></video></svg>",
        Urls("https://news.example"),
        "/2026/11/night-trains/",
    )
    assert body.count("a.example") >= 7
    a_site, asked = site(entry(body=body)), []

    def answer(route):
        asked.append(urlsplit(route.request.url).hostname)
        found = a_site.get(urlsplit(route.request.url).path)
        route.fulfill(body=found.body, content_type=found.media_type) if found else route.abort()

    page.route("**/*", answer)
    page.goto("https://news.example/2026/11/night-trains/")
    page.wait_for_timeout(300)
    assert set(asked) == {"news.example"}
    assert page.locator("figure a", has_text="a.example").count() == 6


def test_links_to_places_in_an_article_lead_there(page):
    """To an author's id, a name, a heading and a footnote and back; the page's own places stay its own."""
    text = (
        "## Was kostet das?\n\n[a](#costs) [b](#old) [c](#was-kostet-das) x[^1]\n\n<b id='costs'>A</b>\n\n"
        "<a name='old'>B</a> <b id='main'>C</b> <b id='page__main'>D</b>\n\n[^1]: Note."
    )
    body = markup.article(text, Urls("https://news.example"), "/2026/11/night-trains/")
    a_site = site(entry(body=body))

    def answer(route):
        found = a_site.get(urlsplit(route.request.url).path)
        route.fulfill(body=found.body, content_type=found.media_type) if found else route.abort()

    page.route("**/*", answer)
    page.goto("https://news.example/2026/11/night-trains/")
    shown = "(document.querySelector(':target') || {}).textContent"
    for link, words in (("a", "A"), ("b", "B"), ("c", "Was kostet das?")):
        page.get_by_role("link", name=link, exact=True).click()
        assert page.evaluate(shown) == words
    page.locator("sup a").click()
    assert page.evaluate(shown).strip().startswith("Note.")
    page.get_by_role("link", name="Back to the text").click()
    assert page.evaluate("document.querySelector(':target').id") == "fnref-1"
    page.goto("https://news.example/2026/11/night-trains/#page__main")
    assert page.evaluate("document.querySelector(':target').localName") == "main"


def test_columns_stand_as_the_editor_aligned_them(page, sample):
    """The page's own policy lets a table's alignment through, and nothing complains."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{sample}/2021/07/japan-taiwan/")
    assert page.locator("td").last.evaluate("x => getComputedStyle(x).textAlign") == "right"
    assert [text for text in said if "Content Security Policy" in text] == []


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_that_is_opened_is_a_page(page, own, form):
    """What it is, its address, one click to common readers, its newest articles, its other formats; no complaint."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    address = f"{own}/feed.{form}"
    page.goto(address)
    assert page.locator("h1").inner_text() == "Subscribe to The Meridian"
    assert page.locator("#page__address").inner_text() == address
    assert page.locator(".readers a").first.get_attribute("href") == f"feed:{address}"
    assert page.locator(".listed a").count() == 10
    assert page.locator(".subscribe a[type]").count() == 2
    assert said == []
    page.locator(".listed a").first.click()
    assert page.locator("article.h-entry").count() == 1


def test_the_address_of_a_feed_is_copied_by_a_button(browser, own):
    """One click, and the clipboard holds the address."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{own}/feed.rss")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{own}/feed.rss"
    context.close()


def test_without_a_script_one_click_selects_the_address(browser, own):
    """No button that does nothing; the address is whole in the selection."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{own}/feed.rss")
    assert not page.locator("button").is_visible()
    assert page.locator("#page__address").evaluate("x => getComputedStyle(x).userSelect") == "all"
    context.close()


def test_everything_but_a_person_gets_the_feed(browser, own, sample):
    """A program on a page of another origin reads the feed itself, its ETag too, and may send A-IM (Fetch 3.3)."""
    context = browser.new_context(bypass_csp=True)  # our own pages let no script ask anywhere
    page = context.new_page()
    page.goto(sample)
    etag, feed = page.evaluate(
        """async address => {
            const answer = await fetch(address, {headers: {"A-IM": "feed"}});
            return [answer.headers.get("ETag"), await answer.json()];
        }""",
        f"{own}/feed.json",
    )
    assert etag.startswith('"')
    assert feed["title"] == "The Meridian"
    context.close()


@pytest.mark.parametrize(("name", "title"), [("feed.xml", "channel > title"), ("atom.xml", "feed > title")])
def test_an_exported_feed_is_shown_as_text(page, name, title):
    """A file that no server turns into a page brings its own style; what is for programs stays hidden."""
    types = {".xml": "text/xml", ".css": "text/css"}

    def file(route):
        path = GOLDEN / route.request.url.removeprefix("https://sample.example/")
        route.fulfill(body=path.read_bytes(), content_type=types[path.suffix])

    page.route("https://sample.example/**", file)
    page.goto(f"https://sample.example/{name}")
    assert page.locator(title).evaluate("x => getComputedStyle(x).fontWeight") == "700"
    assert not page.locator("generator").is_visible()


def test_the_article_is_an_h_entry_and_a_news_article(page, own):
    """Microformats and JSON-LD say what the page says."""
    page.goto(f"{own}/2021/07/japan-taiwan/")
    assert page.locator(".h-entry > header .p-name").inner_text() == page.locator("h1").inner_text()
    assert page.locator(".h-entry .dt-published").get_attribute("datetime").startswith("2021-07-05T")
    assert page.locator(".h-entry .p-author.h-card").inner_text() == "Mina Sato"
    assert page.locator(".h-entry .e-content p").count() > 3
    linked = page.locator("script[type='application/ld+json']").evaluate("x => JSON.parse(x.textContent)")
    assert linked["@type"] == "NewsArticle"
    assert linked["headline"] == page.locator("h1").inner_text()
    assert page.locator("link[rel=canonical]").get_attribute("href") == linked["mainEntityOfPage"]


def test_print_leaves_the_text(page, own):
    """On paper there is the article, without navigation."""
    page.goto(f"{own}/2021/07/japan-taiwan/")
    page.emulate_media(media="print")
    assert page.locator(".e-content").is_visible()
    assert not page.locator(".masthead nav").is_visible()
    assert not page.locator("#page__subscribe").is_visible()


def test_a_reader_makes_a_feed_of_some_and_not_of_others(page, own):
    """Mark two boxes, send the form, and stand on the page of the mix, which leads to its feeds."""
    page.goto(f"{own}/feeds/")
    page.get_by_label("Include World", exact=True).check()
    page.get_by_label("Leave out World/Asia").check()
    page.get_by_role("button", name="Create this feed").click()
    assert page.url == f"{own}/mix/world/without/world.asia/"
    assert page.locator("h1").inner_text() == "World, without World/Asia"
    assert page.locator("link[rel=alternate]").first.get_attribute("href") == "/mix/world/without/world.asia/feed.rss"


def test_a_program_within_a_page_can_fetch_the_feed_menu(page, own):
    """As a browser's extension does: the pages' policy allows it for this site alone."""
    page.goto(own)
    fetched = "fetch('/.well-known/feed-menu.json').then(answer => answer.json()).then(menu => menu['feed-menu'])"
    assert page.evaluate(fetched) == "The Meridian"


def test_a_site_from_right_to_left_does_not_scroll_sideways(page):
    """Nothing that is hidden lies beside the page: browsers let people scroll there."""
    a_site = site(entry(), language="ar")

    def answer(route):
        found = a_site[urlsplit(route.request.url).path]
        route.fulfill(body=found.body, content_type=found.media_type)

    page.route("**/*", answer)
    page.goto("https://news.example/")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]


def test_links_in_the_middle_of_a_masthead_all_can_be_reached_on_a_telephone(page):
    """What does not fit on their line is scrolled to; nothing lies before its beginning, where nobody can scroll."""
    page.set_viewport_size(NARROW)
    a_site = site(entry(), theme=Theme(masthead="centre"))

    def answer(route):
        found = a_site[urlsplit(route.request.url).path]
        route.fulfill(body=found.body, content_type=found.media_type)

    page.route("**/*", answer)
    page.goto("https://news.example/")
    page.evaluate("document.querySelector('.masthead nav').style.inlineSize = '4rem'")
    bar, link = (page.locator(f".masthead nav{one}").first.bounding_box()["x"] for one in ("", " a"))
    assert link >= bar
