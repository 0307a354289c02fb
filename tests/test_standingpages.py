"""Standing pages on the site: linked, listed for search engines, and in no feed, list or archive."""

import re

import pytest

from feedsite.document import Document
from feedsite.folder.library import Library
from feedsite.index import survey
from feedsite.site import Site

from .support.articles import article
from .support.builders import entry_text
from .support.golden import NOW

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
ABOUT = "title: About us\nnav: true\nbody: |\n  Who makes this paper.\n"


class Folder:
    """A site's folder with one article, and the library that follows it."""

    def __init__(self, path, **files):
        self.path = path
        for name in ("entries", "pages/help"):
            (path / name).mkdir(parents=True)
        (path / "site.yaml").write_text(SITE)
        (path / "entries" / "a.yaml").write_text(entry_text())
        self.library = Library(path, {})
        self.save(**files)

    def save(self, **files):
        """Writes these files of pages/; None deletes one. A double underscore is a slash."""
        for name, text in files.items():
            path = self.path / "pages" / f"{name.replace('__', '/')}.yaml"
            path.unlink() if text is None else path.write_text(text)
        self.library.read()

    @property
    def site(self):
        contents = self.library.contents(NOW)
        return Site(contents.edition, contents.settings, contents.media)

    @property
    def faults(self):
        return [str(fault) for fault in self.library.index.faults() if not fault.is_note]

    def page(self, path):
        return self.site[path].body.decode()


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path, about=ABOUT)


def links(html, path="/about/"):
    return re.findall(f'<a href="{path}"[^>]*>[^<]*</a>', html)


def test_a_page_stands_at_the_address_of_its_place(folder):
    """With its heading and its text."""
    folder.save(help__rss="title: Feeds\nbody: |\n  What a feed is.\n")
    assert "<h1>About us</h1>" in folder.page("/about/")
    assert "<p>What a feed is.</p>" in folder.page("/help/rss/")


def test_every_page_links_to_a_page_that_is_in_the_navigation(folder):
    """In its masthead or its footer; the page itself says that it is the one."""
    folder.save(imprint="title: Imprint\nnav: footer\nbody: x\n", hidden="title: Hidden\nbody: x\n")
    for path in ("/", "/2026/11/a/", "/feeds/", "/404.html", "/imprint/"):
        html = folder.page(path)
        masthead, footer = html.split("</header>")[0], html.split('<footer class="colophon">')[1]
        assert links(masthead) == ['<a href="/about/" lang="en" dir="ltr">About us</a>']
        assert len(links(footer, "/imprint/")) == 1
        assert links(html, "/hidden/") == []
    assert '<a href="/about/" lang="en" dir="ltr" aria-current="page">About us</a>' in folder.page("/about/")


def test_links_stand_in_the_order_of_their_numbers(folder):
    """Those without one come last, by their addresses."""
    for name, order in (("a", None), ("b", 10), ("c", 2), ("d", 2)):
        folder.save(**{name: f"title: T\nnav: footer\norder: {order or ''}\nbody: x\n"})
    footer = folder.page("/").split('<nav class="pages"')[1].split("</nav>")[0]
    assert re.findall('href="([^"]*)"', footer) == ["/c/", "/d/", "/b/", "/a/"]


def test_a_page_is_in_no_feed_and_no_list(folder):
    """But in the sitemap, by a file of its own."""
    for path, resource in folder.site.items():
        if re.search(r"feed\.|news", path) and isinstance(resource, Document):
            assert b"Who makes" not in resource.body, path
    assert folder.site["/"].body.count(b"h-entry") == 1
    assert b"<loc>https://news.example/sitemap-pages.xml</loc>" in folder.site["/sitemap.xml"].body
    assert b"<url><loc>https://news.example/about/</loc></url>" in folder.site["/sitemap-pages.xml"].body
    assert "/about/" in folder.site
    assert not folder.site.is_topic("/about/")


def test_a_site_without_pages_has_no_sitemap_of_them(folder):
    """And no link."""
    folder.save(about=None)
    assert "/sitemap-pages.xml" not in folder.site
    assert "/about/" not in folder.site
    assert b"about" not in folder.site["/"].body


def test_a_page_that_breaks_stays_as_it_was(folder):
    """Its fault names the place."""
    folder.save(about=ABOUT.replace("nav: true", "nav: tru"))
    assert folder.faults == ['pages/about.yaml:2:6: "tru" is not true, footer or none; write true, footer or none']
    assert "Who makes this paper." in folder.page("/about/")
    folder.save(about=ABOUT.replace("Who", "See who"))
    assert folder.faults == []
    assert "See who makes" in folder.page("/about/")


def test_a_draft_of_a_page_is_seen_nowhere(folder):
    """Neither it, nor a link, nor its alias."""
    folder.save(about=f"{ABOUT}status: draft\naliases: [/about-us]\n")
    assert {"/about/", "/about-us", "/sitemap-pages.xml"} & set(folder.site) == set()
    assert links(folder.page("/")) == []


def test_who_comes_to_an_alias_is_led_to_the_page(folder):
    """So a file can be renamed."""
    folder.save(about=None, who=f"{ABOUT}aliases: [/about/]\n")
    assert folder.site["/about/"].location == "/who/"
    assert folder.faults == []


def test_the_own_address_of_a_page_beats_an_alias_of_an_article(folder):
    """The alias is a fault, which names the page."""
    (folder.path / "entries" / "b.yaml").write_text(article(aliases="[/about/]"))
    folder.library.read()
    assert folder.faults == [
        "entries/b.yaml:5:11: the alias /about/ belongs to pages/about.yaml already; take it out here"
    ]
    assert "Who makes this paper." in folder.page("/about/")


def test_of_two_pages_at_one_address_the_first_stays(folder):
    """The other has a fault with a name that is free."""
    folder.save(About=ABOUT.replace("Who", "What"))
    (twin,) = folder.faults
    assert twin.startswith("pages/About.yaml: to Windows and macOS this is the same file as pages/about.yaml")
    folder.save(About=None, **{"about!": ABOUT.replace("Who", "What")})
    assert folder.faults == [
        "pages/about!.yaml: the address /about/ is that of pages/about.yaml, which stands; rename this file, such as "
        "to pages/about-2.yaml"
    ]
    assert "Who makes this paper." in folder.page("/about/")


def test_a_copy_of_a_page_is_not_published(folder):
    """As a program makes it that keeps folders in step."""
    folder.save(**{"about (1)": ABOUT})
    (fault,) = folder.faults
    assert "this is a copy of pages/about.yaml" in fault
    assert "/about-1/" not in folder.site


def test_a_page_stands_before_a_section_that_articles_name(folder):
    """The section keeps its feeds; its first page is the standing one, and `feedsite check` says so."""
    (folder.path / "entries" / "b.yaml").write_text(article(section="About"))
    folder.library.read()
    site = folder.site
    assert "Who makes this paper." in folder.page("/about/")
    assert b"A new one" in site["/about/feed.atom"].body
    assert [row.source for row in site.plan.pages_over_lists()] == ["pages/about.yaml"]
    paths = [planned.path for planned in site.plan]
    assert len(paths) == len(set(paths))


def test_pages_are_no_articles_to_those_who_count(folder):
    """Neither in the figures of a server, nor as scheduled."""
    folder.save(draft=f"{ABOUT}status: draft\n")
    assert folder.library.index.counts(NOW)[:2] == (1, 0)
    assert (survey.page_count(folder.library.index), survey.file_counts(folder.library.index)) == (2, (1, 0))
    assert folder.site.until is None


def test_no_id_is_written_into_a_page(folder):
    """It has none."""
    assert folder.library.index.derived() == []


def test_an_edit_of_a_page_changes_that_page_alone(folder):
    """What every page links to changes every page."""
    before = folder.site
    folder.save(about=ABOUT.replace("Who", "See who"))
    after = folder.site
    assert set(after.plan.changed_paths(before.plan.state)) == {"/about/", "/sitemap.xml", "/sitemap-pages.xml"}
    folder.save(about=ABOUT.replace("About us", "Who we are"))
    assert folder.site.plan.changed_paths(after.plan.state) is None


def test_a_folder_of_pages_that_is_away_is_empty(folder):
    """As in a checkout without any; the articles stay."""
    folder.save(about=None)
    (folder.path / "pages" / "help").rmdir()
    (folder.path / "pages").rmdir()
    folder.library.read()
    assert folder.faults == []
    assert "/2026/11/a/" in folder.site


def test_a_link_out_of_the_folder_is_not_followed(folder):
    """A page of it stays away, and is a fault."""
    (folder.path / "pages" / "secret.yaml").symlink_to("/etc/hostname")
    folder.library.read()
    assert folder.faults == [
        "pages/secret.yaml: a link leads out of the site's folder; put the files themselves there, or delete the link"
    ]


def test_a_standing_page_is_found_by_a_search_and_stands_in_no_feed_of_it(folder):
    """Before the articles, and not where a time is asked for."""

    def found(query, path="/search/"):
        contents = folder.library.contents(NOW)
        served = Site(contents.edition, contents.settings.of_server, contents.media)
        return served.search(path, query).body.decode()

    while folder.library.index.tend_search(1):
        pass
    assert 'href="/about/"' in found("q=paper")
    assert "9999" not in found("q=paper")
    assert "/about/" not in found("q=paper", "/search/feed.atom")
    assert 'href="/about/"><' not in found("q=paper+from:2000")
    folder.save(about=ABOUT.replace("paper", "sheet"))
    folder.library.index.tend_search(1)
    assert 'href="/about/"><' not in found("q=paper")
    folder.save(about=None)
    folder.library.index.tend_search(1)
    assert 'href="/about/"' not in found("q=sheet")
