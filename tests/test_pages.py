"""The pages of a newspaper in five languages, in headless Chromium: at every width, light and dark, and on paper."""

import random
from dataclasses import replace
from importlib.resources import files
from itertools import product
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

from feedsite import urls
from feedsite.formats import templates
from feedsite.model import Category, Enclosure, Image, Person, Picture
from feedsite.parsing import markup
from feedsite.pictures.parsed import Shape

from .support.builders import entry, site
from .support.newspaper import BASE, PAPERS, articles, kinds, paper, served
from .support.tried import some

TELEPHONE, TABLET, DESK, WALL = SIZES = (360, 740), (768, 1024), (1280, 800), (1920, 1080)
RIGHT_TO_LEFT = ("ar", "he")
# What each row of a list's items covers of its container: [container's width, [width of a row with its gaps, ...]].
ROWS = """(selector) => [...document.querySelectorAll(selector)].map(box => {
    const all = [...box.children].map(one => one.getBoundingClientRect());
    const left = box.getBoundingClientRect().left, right = box.getBoundingClientRect().right;
    const seen = [];
    for (const one of all) {  // rows are those that a horizontal line through the middle of an item meets
        const middle = one.top + Math.min(one.height, 40) / 2;
        const row = all.filter(other => other.top <= middle && middle <= other.bottom);
        seen.push([Math.min(...row.map(x => x.left)) - left, right - Math.max(...row.map(x => x.right)),
            row.reduce((sum, x) => sum + x.width, 0), row.length]);
    }
    return [right - left, seen];
})"""
# The numbers of letters in the lines of an article's paragraphs, without the last line of each.
LINES = """() => {
    const found = [], range = document.createRange();
    for (const one of document.querySelectorAll(".e-content p:not(.correction)")) {
        const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        let last = null, count = 0;
        while (walker.nextNode()) {
            for (let place = 0; place < walker.currentNode.length; place++) {
                range.setStart(walker.currentNode, place);
                range.setEnd(walker.currentNode, place + 1);
                const box = range.getClientRects()[0];
                if (!box) continue;
                if (last !== null && box.top > last + 12) { found.push(count); count = 0; }
                last = box.top;
                count++;
            }
        }
    }
    return found;
}"""
SHIFTS = """new Promise(done => {
    let sum = 0;
    const count = one => { if (one.sources.some(each => each.node)) sum += one.value };  // else within a player
    const seen = new PerformanceObserver(list => list.getEntries().forEach(count));
    seen.observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 99);
})"""
FIRST_WORDS = """() => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(".e-content p:not(.correction)"));
    return range.getClientRects()[0].bottom;
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context(bypass_csp=True)
    one = context.new_page()
    one.set_default_timeout(10_000)
    yield one
    context.close()


def show(page, a_site):
    """Has the page's browser get everything from a site. What it says on its console is in the list returned."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.route("**/*", lambda route: served(a_site, route))
    return said


def resize(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))


@pytest.mark.sampled
@pytest.mark.parametrize("language", PAPERS)
def test_no_page_is_wider_than_its_window(page, language):
    """Each kind of page at four widths: nothing scrolls sideways or stands outside, and nothing complains."""
    a_site = paper(language)
    said = show(page, a_site)
    for path in kinds(a_site):
        page.goto(BASE + path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language in RIGHT_TO_LEFT else "ltr")
        for size in SIZES:
            resize(page, size)
            wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollLeft]")
            assert wide == [size[0], 0], (path, size)
            left, right = page.evaluate(
                "(() => { const all = [...document.querySelectorAll('h1, h2, h3, main p, .nameplate, .sections')]"
                ".filter(one => !one.closest('.unseen, pre')).map(one => one.getBoundingClientRect());"
                "return [Math.min(...all.map(x => x.left)), Math.max(...all.map(x => x.right))] })()"
            )
            assert left >= 0, (path, size)
            assert right <= size[0], (path, size)
    assert said == []


def test_a_word_that_is_wider_than_a_telephone_is_broken(page):
    """In a title, a tag, a name and a section, wherever they stand."""
    word = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"
    section, tag = (Category(term=one, label=word, scheme=one) for one in ("section", "tag"))
    one = entry(title=word, section=section, tags=(tag,), authors=(Person(name=word),), language="de")
    a_site = site(one, entry("b", section=section, tags=(tag,)), language="de", rights=word)
    show(page, a_site)
    resize(page, TELEPHONE)
    author = next(path for path in a_site if path.startswith("/author/") and path.endswith("/"))
    for path in ("/", "/2026/11/night-trains/", "/2026/11/b/", "/feed.rss", "/feeds/", "/tags/", "/tag/tag/", author):
        page.goto(BASE + path)
        assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE[0], path


@pytest.mark.parametrize("language", ["ar", "ja"])  # test_browser.py has every page of an English site
def test_axe_finds_nothing_in_other_scripts(page, language):
    """The front page and a whole article, light and dark, on a telephone and on a desk."""
    show(page, paper(language))
    for path in ("/", "/2026/11/n02/"):
        page.goto(BASE + path)
        page.evaluate(AXE_SCRIPT)
        for size, scheme in zip((TELEPHONE, DESK), ("light", "dark"), strict=True):
            resize(page, size)
            page.emulate_media(color_scheme=scheme)
            found = Axe("").run(page)
            assert found.violations_count == 0, f"{path}, {size}, {scheme}: {found.generate_report()}"


def test_no_number_of_articles_leaves_a_hole_on_the_front_page(page):
    """Of 0 to 25 articles, at four widths: the items of each row fill it to its edges."""
    page.route("**/*.png", lambda route: route.abort())
    sites = {f"/{count}": site(*articles("en", count)) for count in some(range(26), random)}
    pages = {path: a_site["/"] for path, a_site in sites.items()}
    pages[urls.STYLE] = paper("en")[urls.STYLE]
    page.route(f"{BASE}/**", lambda route: answered(pages, route))
    for path in sites:
        page.goto(BASE + path)
        assert page.locator(".h-feed").count() == 1
        for size in SIZES:
            resize(page, size)
            for width, rows in page.evaluate(ROWS, ".top, .newest, .block:not(.more-titles)"):
                for before, behind, covered, items in rows:
                    assert max(before, behind) < 2, (path, size)
                    assert width - covered <= 36 * (items - 1) + 1, (path, size)


def answered(pages, route):
    """Answers with the page at a path, and a picture with nothing."""
    found = pages.get(urlsplit(route.request.url).path)
    route.fulfill(body=found.body, content_type=found.media_type) if found else route.abort()


def test_nothing_moves_while_a_page_is_loaded(page):
    """The cumulative layout shift is 0 at every width."""
    show(page, paper("en"))
    for path, size in product(("/", "/s0/", "/2026/11/n02/", "/feed.rss"), SIZES):
        resize(page, size)
        page.goto(BASE + path)
        assert page.evaluate(SHIFTS) == 0, (path, size)


def test_a_line_of_text_has_sixty_to_sixty_eight_letters(page):
    """Measured in real lines on a desk; in Japanese about half as many, for each letter is twice as wide."""
    for language, least, most in (("en", 60, 68), ("de", 58, 68), ("ar", 56, 70), ("he", 56, 70), ("ja", 26, 34)):
        page.unroute_all()
        show(page, paper(language))
        resize(page, DESK)
        page.goto(f"{BASE}/2026/11/n00/")
        lines = sorted(page.evaluate(LINES))
        assert least <= lines[len(lines) // 2] <= most, language


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_the_first_words_of_a_text_are_seen_at_once(page, language):
    """Below its picture, without scrolling, on a desk and on a telephone; on a desk below a recording and a correction,
    too. And the picture takes the room that there is: it is no narrower than the text, and cut in height if need be.
    """
    show(page, paper(language))
    for size, name in product((TELEPHONE, DESK), ("n00", "n02")):
        resize(page, size)
        page.goto(f"{BASE}/2026/11/{name}/")
        if (size, name) != (TELEPHONE, "n02"):  # its correction alone is a fifth of the window
            assert page.evaluate(FIRST_WORDS) <= size[1], (size, name)
        picture, text = (page.locator(at).first.bounding_box() for at in (".u-featured", ".e-content p:not([class])"))
        assert picture["width"] >= text["width"] - 1, (size, name)
        assert picture["height"] >= picture["width"] * 9 / 16 / 1.41, (size, name)


def test_a_high_picture_and_a_drawing_are_never_cut(page):
    """They become smaller where there is little room; both at once in a short window."""
    show(page, site(*(_led_by(name, shape) for name, shape in SHAPES.items())))
    for name, shape in SHAPES.items():
        for size in (TELEPHONE, DESK, (1280, 560)):
            resize(page, size)
            page.goto(f"{BASE}/2026/11/{name}/")
            box = page.locator(".u-featured").bounding_box()
            assert abs(box["width"] / box["height"] - shape.width / shape.height) < 0.02, (name, size)


SHAPES = {
    "portrait": Shape(type="image/jpeg", width=900, height=1200),
    "drawing": Shape(type="image/svg+xml", width=1200, height=500, may_be_clear=True),
}


def _led_by(name, shape):
    """An article that begins with a recording and a picture of this shape."""
    address = f"{BASE}/images/{name}"
    recording = Enclosure(url=f"{BASE}/audio/a.mp3", type="audio/mpeg", length=9_000_000, duration=1865)
    known = (Picture(url=address, shape=shape),)
    return replace(
        entry(name),
        image=Image(src=address, alt="A"),
        pictures=known,
        path=f"/2026/11/{name}/",
        enclosures=(recording,),
    )


def test_the_longer_what_stands_above_the_smaller_the_picture(page):
    """With a headline of any length the first words are seen at once; and a small picture is not made larger."""
    for language, letter in (("en", "night trains "), ("ja", "夜行列車")):
        for count, width in ((1, 1200), (4, 1200), (8, 1200), (1, 200)):
            shape = Shape(type="image/jpeg", width=width, height=width // 2)
            known = (Picture(url=f"{BASE}/images/a.jpg", shape=shape),)
            image = Image(src=f"{BASE}/images/a.jpg", alt="A", caption="Night trains." * 4, credit="AFP")
            one = entry(title=letter * count, summary="A night train. " * 8, is_summary_written=True, language=language)
            page.unroute_all()
            show(page, site(replace(one, image=image, pictures=known), language=language))
            for size in (TELEPHONE, DESK):
                resize(page, size)
                page.goto(f"{BASE}/2026/11/night-trains/")
                assert page.evaluate(FIRST_WORDS) <= size[1], (language, count, size)
                assert page.locator(".u-featured").bounding_box()["width"] <= width


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_caption_stands_beside_a_picture_where_there_is_room(page, language):
    """On a desk, at its end and in the direction of the text."""
    show(page, paper(language))
    resize(page, DESK)
    page.goto(f"{BASE}/2026/11/n00/")
    picture, words = (page.locator(at).first.bounding_box() for at in (".u-featured", "figcaption"))
    assert abs(picture["y"] + picture["height"] - words["y"] - words["height"]) < 2
    is_behind = words["x"] > picture["x"] + picture["width"]
    assert is_behind == (language == "en")


def test_masthead_text_and_footer_stand_on_one_grid(page):
    """On a desk masthead and footer begin at one line, headline, text, what is related and the footer's text at one."""
    show(page, paper("en"))
    resize(page, DESK)
    page.goto(f"{BASE}/2026/11/n00/")

    def left(selector):
        return round(page.locator(selector).first.bounding_box()["x"])

    assert left(".masthead") == left(".sections") == left(".byline") == left(".colophon")
    assert left("h1") == left(".e-content") == left(".after section") == left("#page__subscribe")
    large, small = 0, 0
    page.goto(f"{BASE}/")
    large = page.locator(".nameplate").bounding_box()["height"]
    page.goto(f"{BASE}/s0/")
    small = page.locator(".masthead").bounding_box()["height"]
    assert large > 60 > small


def test_the_front_page_alone_has_the_large_masthead(page):
    """Neither older articles nor what people see at a feed's address, which belong to it."""
    show(page, paper("en", 60))
    for path, count in (("/", 1), ("/page/1/", 0), ("/feed.rss", 0), ("/404.html", 0)):
        page.goto(BASE + path)
        assert page.locator(".masthead").count() == 1
        assert page.locator(".masthead.large").count() == count, path
        assert page.locator("[aria-current=page]").count() == count, path


@pytest.mark.parametrize("language", ["ar", "he", "ja"])
def test_a_script_without_slanted_letters_and_capitals_has_none(page, language):
    """Neither in stress nor in quotations; and its letters are not spaced."""
    show(page, paper(language))
    page.goto(f"{BASE}/2026/11/n00/")
    for selector in (".e-content em", ".e-content blockquote", ".e-content cite"):
        assert page.locator(selector).first.evaluate("x => getComputedStyle(x).fontStyle") == "normal", selector
    spaced, capitals = page.locator(".kicker").evaluate(
        "x => [getComputedStyle(x).letterSpacing, getComputedStyle(x).textTransform]"
    )
    assert (spaced, capitals) == ("normal", "none")
    page.goto(f"{BASE}/")
    assert page.locator(".nameplate").evaluate("x => getComputedStyle(x).letterSpacing") == "normal"


def test_an_article_from_left_to_right_is_set_alike_on_every_site(page):
    """In measure and size, also where the site's language runs from right to left."""
    set_as = []
    for language in ("de", "ar", "he"):
        show(page, paper(language))
        page.goto(f"{BASE}/2026/11/n04/")
        set_as.append(
            page.locator(".e-content > p").first.evaluate("x => [getComputedStyle(x).fontSize, x.clientWidth]")
        )
    assert set_as[0] == set_as[1] == set_as[2]


@pytest.mark.parametrize(
    ("language", "dots", "weight"), [("en", "none", "400"), ("ja", "dot", "400"), ("ar", "none", "650")]
)
def test_stress_looks_as_in_the_article_s_own_language(page, language, dots, weight):
    """Whatever the language of the site is."""
    show(page, site(entry(language=language, body="<p><em>A</em></p>\n"), language="ja" if language == "en" else "ar"))
    page.goto(f"{BASE}/2026/11/night-trains/")
    style = page.locator(".e-content em").evaluate(
        "x => { const s = getComputedStyle(x); return [s.textEmphasisStyle, s.fontWeight] }"
    )
    assert style == [dots, weight]


def test_japanese_breaks_between_phrases_in_headlines_only(page):
    """In a text they would leave half of a telephone's lines empty: there a line ends behind any letter."""
    show(page, paper("ja"))
    page.goto(f"{BASE}/2026/11/n00/")
    found = {at: page.locator(at).first.evaluate("x => getComputedStyle(x).wordBreak") for at in ("h1", ".e-content p")}
    assert found == {"h1": "auto-phrase", ".e-content p": "normal"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_picture_stands_where_the_lines_of_its_own_text_begin(page, language):
    """Also in an article that runs the other way than the site."""
    body = markup.article("![A](/images/a.png)", urls.Urls(BASE), "/2026/11/night-trains/")
    show(page, site(*(entry(one, language=one, body=body) for one in ("en", "ar")), language=language))
    for one, place in (("en", "0px 50%"), ("ar", "100% 50%")):
        page.goto(f"{BASE}/2026/11/{one}/")
        assert page.locator(".e-content img").evaluate("x => getComputedStyle(x).objectPosition") == place


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_line_of_links_that_goes_on_fades_at_its_end(page, language):
    """Until it is scrolled there, as the keyboard does: then the last link stands clear of the fade, of the page's
    colour. Links that all fit are not covered.
    """
    show(page, paper(language, 25))
    page.goto(f"{BASE}/s0/")
    bar = page.locator(".sections")
    reach = "x => { const s = getComputedStyle(x, '::after'); return [s.position, s.insetInlineEnd, s.boxShadow] }"
    position, end, shadow = bar.evaluate(reach)
    assert (position, end) == ("sticky", "0px")
    assert shadow.startswith("rgb(251, 248, 241)")
    covered = 1.2 * 17  # pixels: the blur and the spread of the shadow
    for width in (360, 170):
        page.set_viewport_size({"width": width, "height": 740})
        bar.locator("a").first.focus()
        bar.locator("a").last.focus()
        edges = bar.evaluate(
            "x => { const [a, b] = [x, x.lastElementChild].map(one => one.getBoundingClientRect());"
            " return [a.right - b.right, b.left - a.left] }"
        )
        assert edges[language == "ar"] >= covered - 1, width
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_withdrawn_article_in_a_list_says_so_in_words(page):
    """To whoever sees its title and to whoever hears it; no letter of that is struck through."""
    show(page, paper("de"))
    page.goto(f"{BASE}/")
    title = page.locator(".withdrawn .p-name")
    assert title.inner_text().startswith("Zurückgezogen: ")
    assert title.evaluate("x => getComputedStyle(x).textDecorationLine") == "none"


def test_the_byline_and_the_day_stand_below_each_other_in_the_side_column(page):
    """Without the dot that parts them in one line."""
    show(page, paper("en"))
    page.goto(f"{BASE}/s0/")
    for size, is_seen in ((TELEPHONE, True), (DESK, False)):
        resize(page, size)
        assert page.locator(".teaser .dot").first.is_visible() == is_seen


def test_a_section_with_a_long_name_stands_clear_of_the_byline(page):
    """In a list on a desk, however many lines it has."""
    section = Category(term="long", label="Business, economy, markets, labour and consumers " * 2, scheme="section")
    show(page, site(entry("a", section=section, title="Night trains"), entry("b"), language="en"))
    resize(page, DESK)
    page.goto(f"{BASE}/2026/11/")
    name, byline = (page.locator(f".teaser:has(.kicker) {at}").bounding_box() for at in (".kicker", ".meta"))
    is_beside = name["x"] >= byline["x"] + byline["width"]
    assert is_beside or name["y"] + name["height"] <= byline["y"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_drawn_on_nothing_has_a_light_ground_in_the_dark(page, language):
    """Most is drawn in black; a photograph has none."""
    names = {"drawing.svg": "svg+xml", "chart.png": "png", "photo.jpg": "jpeg", "elsewhere.svg": ""}
    body = markup.article("\n\n".join(f"![A](/images/{name})" for name in names), urls.Urls(BASE), "/")
    lead = Image(src=f"{BASE}/images/chart.png", alt="A")
    known = tuple(
        Picture(
            url=f"{BASE}/images/{name}",
            shape=Shape(type=f"image/{kind}", width=900, height=600, may_be_clear=kind != "jpeg"),
        )
        for name, kind in names.items()
        if kind
    )
    show(page, site(entry(body=body, image=lead, pictures=known, language=language), language=language))
    page.emulate_media(color_scheme="dark")
    for path, grounds in (("/", [True]), ("/2026/11/night-trains/", [True, True, True, False, True])):
        page.goto(BASE + path)
        found = page.locator("main img").evaluate_all("all => all.map(x => getComputedStyle(x).backgroundColor)")
        assert [ground == "rgb(255, 255, 255)" for ground in found] == grounds, path


def test_the_keyboard_goes_through_a_page_in_the_order_of_reading(page):
    """No place is reached out of turn, and each that is reached is seen."""
    show(page, paper("en"))
    resize(page, DESK)
    for path in ("/", "/2026/11/n02/"):
        page.goto(BASE + path)
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
        hidden = page.evaluate(
            "[...document.querySelectorAll('a:not([tabindex]), button, pre')].filter(one => { one.focus();"
            " const box = one.getBoundingClientRect();"
            " return document.activeElement != one || box.width < 1 || box.bottom < 0 || box.left < 0 }).length"
        )
        assert hidden == 0


def test_on_paper_stands_what_is_read(page):
    """Without navigation and players; long code is whole, and links have their addresses."""
    show(page, paper("en"))
    page.emulate_media(media="print")
    page.goto(f"{BASE}/2026/11/n02/")
    for selector in (".masthead nav", ".sections", "audio", ".enclosure", ".share a", ".after", "#page__subscribe"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("h1").is_visible()
    assert page.locator("pre").evaluate("x => getComputedStyle(x).whiteSpace") == "pre-wrap"
    link = page.locator(".e-content p a[href^='https://elsewhere']").first
    assert "elsewhere.example" in link.evaluate("x => getComputedStyle(x, '::after').content")
    mark = page.locator(".e-content sup a").first
    assert mark.evaluate("x => getComputedStyle(x, '::after').content") == "none"


def test_the_stylesheet_that_is_served_says_what_ours_says(page):
    """Law: without its spaces it has the same rules in a browser, in less than 20 KB."""
    ours = (files("feedsite") / "static" / "style.css").read_text("utf-8")
    compact = templates.static()[urls.STYLE].body.decode()
    rules = (
        "text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);"
        " return [...sheet.cssRules].map(rule => rule.cssText.replaceAll(/ ?([,/]) ?/g, '$1')) }"
    )
    assert page.evaluate(rules, compact) == page.evaluate(rules, ours)
    assert len(compact) < 20_000


@pytest.mark.parametrize("language", PAPERS)
def test_a_page_has_less_than_30_kb(language):
    """Also the front page with as many articles as a first page lists."""
    a_site = paper(language, 39)
    sizes = {path: len(a_site[path].body) for path in ("/", "/s0/", "/tag/trains/", "/2026/11/n02/")}
    assert max(sizes.values()) < 30_000, sizes


def test_a_link_post_leads_out_and_keeps_its_own_address():
    """Its headline is the link, and says where it leads; the date leads to the article itself."""
    text = paper("en")["/2026/11/n03/"].body.decode()
    assert '<h1 class="p-name"><a class="u-bookmark-of" href="https://en.wikipedia.org/wiki/Night_train">' in text
    assert '<p class="host" dir="ltr">↗ en.wikipedia.org</p>' in text
    assert '<a class="u-url u-uid" href="/2026/11/n03/">' in text


def test_an_article_leads_to_what_belongs_to_it():
    """Older ones of its section and its tags, the parts of its series; the address to copy, and a link to mail."""
    text = paper("en")["/2026/11/n02/"].body.decode()
    assert "Part 15 of the series" in text
    assert 'More from <a href="/s2/">Science</a>' in text
    for path in ("n05", "n08", "n11", "n14"):
        assert (f'<a href="/2026/11/{path}/"' in text) == (path != "n05"), path  # which was withdrawn
    assert '<h2 id="page__related">Related articles</h2>' in text
    address = f"{BASE}/2026/11/n02/".replace("/", "/<wbr>")
    assert f'<code dir="ltr">{address}</code>' in text
    assert 'href="mailto:?subject=Rain&amp;body=https%3A//news.example/2026/11/n02/"' in text
    assert '<time datetime="PT1865S">31:05</time>' in text
    assert (
        text.index('class="enclosure"')
        < text.index('class="correction"')
        < text.index("After nine years the night train", text.index('class="correction"'))
    )


def test_a_pinned_article_leads_the_front_page():
    """Also one that its first page would not list, and in its own place it stands as well."""
    pinned = entry("old", path="/2020/01/old/", published=articles("en")[0].published.replace(year=2020), pin=True)
    text = site(*articles("en"), pinned)["/"].body.decode()
    assert '<article class="h-entry teaser lead" lang="en">\n<h2><a class="u-url p-name" href="/2020/01/old/">' in text
