"""From the text of a file in pages/ to a standing page, or to its faults."""

import pytest
from hypothesis import given

from feedsite.errors import Fault
from feedsite.index import entryjson
from feedsite.model import NEVER, UNDATED, Nav
from feedsite.parsing import pagefile
from feedsite.settings import NamedMix, Section
from feedsite.urls import is_own, is_writable

from .support.builders import settings
from .support.laws import FILES, SOURCES, often

SITE = settings(
    sections={"World": Section(title="World"), "sport/winter": Section(title="Winter")},
    mixes={"quiet": NamedMix(of=("everything",))},
)


def read(text="title: About\nbody: Text.\n", path="pages/about.yaml"):
    return pagefile.read(text.encode(), path, SITE)


def faults(text="title: About\nbody: Text.\n", path="pages/about.yaml"):
    found = read(text, path)
    assert found.entry is None
    return [str(fault) for fault in found.faults]


def test_a_standing_page_is_what_its_fields_say():
    """Its text is Markdown, with addresses of this site."""
    page = read(
        "title: About\nnav: true\norder: 2\nsummary: Who.\nlanguage: de\naliases: [/about-us]\nbody: '[x](/help/)'\n"
    ).entry
    assert page.nav == Nav(place="masthead", order=2)
    assert (page.title, page.summary, page.is_summary_written, page.language) == ("About", "Who.", True, "de")
    assert (page.path, page.aliases, page.published) == ("/about/", ("/about-us",), UNDATED)
    assert page.body == '<p><a href="https://news.example/help/">x</a></p>\n'


def test_what_a_page_leaves_out_is_plain():
    """No link leads to it by itself; its summary is the beginning of its text, its language the site's."""
    page = read().entry
    assert page.nav == Nav(place="none", order=None)
    assert (page.summary, page.is_summary_written, page.language, page.aliases) == ("Text.", False, "en", ())


@pytest.mark.parametrize(
    ("written", "place"),
    [("true", "masthead"), ("True", "masthead"), ("footer", "footer"), ("none", "none"), ("false", "none")],
)
def test_nav_says_where_pages_link_to_it(written, place):
    """In the masthead, in the footer, or nowhere."""
    assert read(f"title: About\nbody: Text.\nnav: {written}\n").entry.nav.place == place


def test_a_draft_is_published_never():
    """So it has no address either."""
    assert read("title: About\nbody: Text.\nstatus: draft\n").entry.published == NEVER


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("pages/about.yaml", "/about/"),
        ("pages/help/RSS feeds.yml", "/help/rss-feeds/"),
        ("pages/über uns.yaml", "/über-uns/"),
        ("pages/world-service.yaml", "/world-service/"),
        ("pages/world/desk.yaml", "/world/desk/"),
    ],
)
def test_the_place_of_a_file_is_its_address(path, address):
    """Folders are parts of it; also within a section."""
    assert read(path=path).entry.path == address


@pytest.mark.parametrize(
    "name", ["tag", "search", "feeds", "2026", "2026/about", "page", "a/page/2", "mix/a", "status"]
)
def test_no_page_has_an_address_of_the_site(name):
    """The message has a name that is free."""
    (fault,) = faults(path=f"pages/{name}.yaml")
    assert f"the address /{name}/ belongs to the site itself" in fault
    better = fault.rpartition(", ")[2]
    assert read(path=f"pages/{better}.yaml").entry


@pytest.mark.parametrize(("name", "what"), [("world", "section"), ("sport", "section"), ("quiet", "mix")])
def test_no_page_has_the_address_of_a_list_of_site_yaml(name, what):
    """Nor that of a section in which another one lies."""
    assert faults(path=f"pages/{name}.yaml") == [
        f"pages/{name}.yaml:1:1: /{name}/ is the address of a {what} of site.yaml; give the file another name, "
        f"{name}-page"
    ]


def test_a_name_that_makes_no_address_is_a_fault():
    """Signs alone are none."""
    assert faults(path="pages/---.yaml") == [
        "pages/---.yaml:1:1: the file's name makes no good address; give it one such as about.yaml"
    ]


def test_fields_of_articles_have_one_fault():
    """It says where the file belongs, if it is one."""
    text = "title: About\npublished: 2026-11-22\ntags: [a]\nsection: world\nbody: Text.\n"
    assert faults(text) == [
        "pages/about.yaml:2:1: a standing page has no published and tags, ...; take the field out, or move the file to "
        "entries/ if it is an article"
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nav: yes", '"yes" is not true, footer or none; write true'),
        ("nav: top", '"top" is not true, footer or none; write true'),
        ("nav: menu", '"menu" is not true, footer or none; write true, footer or none'),
        ("menu: true", '"menu" is called nav here; write `nav:` and keep what follows'),
        ("weight: 3", '"weight" is called order here; write `order:` and keep what follows'),
        ("draft: true", '"draft" is called status here; write `status: draft`'),
        (
            "permalink: /who.html",
            "the address follows from the file's name; to lead readers on from the old one, write "
            '`aliases: [/who.html]` instead of "permalink"',
        ),
        ("order: first", '"first" is not a whole number; write digits only, such as 50'),
    ],
)
def test_a_slip_is_told_at_its_place_with_what_to_write(line, message):
    """Also by the names of other generators."""
    text = f"title: About\nbody: Text.\n{line}\n"
    column = line.index(" ") + 2 if "is called" not in message and "follows" not in message else 1
    assert faults(text) == [f"pages/about.yaml:3:{column}: {message}"]


def test_what_is_missing_is_told_in_one_run():
    """Title and text."""
    assert [fault.partition(": ")[2] for fault in faults("nav: footer\n")] == [
        "a standing page has no `body`; add `body: The text.`; a longer text stands below `body: |`, each of its lines "
        "indented by two spaces",
        'a standing page has no `title`; add `title: "Japan and Taiwan draw closer"`',
    ]


def test_what_was_not_meant_in_the_text_has_a_note():
    """As in an article."""
    found = read("title: About\nbody: |\n  Read {% include x %} here.\n")
    assert found.entry
    assert [(fault.line, fault.is_note) for fault in found.faults] == [(3, True)]


@often
@given(FILES, SOURCES)
def test_any_file_at_any_place_is_a_page_or_has_a_fault(content, path):
    """Law: reading never fails; a page's address is writable, no own one of the site, and it is kept as it is."""
    found = pagefile.read(content, path.replace("entries/", "pages/"), SITE)
    assert all(isinstance(fault, Fault) for fault in found.faults)
    assert (found.entry is None) == any(not fault.is_note for fault in found.faults)
    if page := found.entry:
        assert is_writable(page.path)
        assert not is_own(page.path)
        row = entryjson.row_of(page)
        assert entryjson.entry(row.record, page.source, row.body) == page
