"""`feedsite show`: what each format says of one article, also of one that nobody sees yet."""

import json

import pytest
from click.testing import CliRunner
from lxml import etree

from feedsite.cli import main

from .support.articles import article

SITE = "title: T\ndescription: D\nbase_url: https://a.example\ntimezone: Asia/Taipei\n"
FILES = {
    "plain.yaml": {
        "published": "2026-01-02 08:00",
        "section": "world",
        "summary": '"One & two."',
        "image": "{src: images/a.png, alt: A}",
        "enclosures": "[{url: https://b.example/a.mp3, length: 12}, {url: https://b.example/b.pdf}]",
        "aliases": "[/old]",
    },
    "draft.yaml": {"status": "draft", "published": "2999-01-01 08:00", "tags": "[Trade]"},
    "scheduled.yaml": {"published": "2999-01-01 08:00"},
    "gone.yaml": {"published": "2026-01-01", "withdrawn": "{at: 2026-01-03, reason: It was wrong.}"},
    "old.yaml": {"id": "'4711'"},
}


@pytest.fixture
def site(tmp_path):
    (tmp_path / "entries").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "pages" / "about.yaml").write_text("title: About\nbody: Us.\n")
    for name, fields in FILES.items():
        (tmp_path / "entries" / name).write_text(article(name, **{"id": f"tag:a,2026:{name}"} | fields))
    return tmp_path


def run(site, *words):
    return CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, ["--site", str(site), *words])


def shown(site, *words):
    result = run(site, "show", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_formats_say_alike_is_one_line_and_what_some_say_names_them(site):
    """Atom has no picture and the page no recordings."""
    assert shown(site, "plain") == (
        "plain.yaml\n"
        "  state     published at 2026-01-02 08:00\n"
        "  file      entries/plain.yaml\n"
        "  address   https://a.example/2026/01/plain/\n"
        "  alias     https://a.example/old\n"
        "  id        tag:a,2026:plain.yaml\n"
        "  list      /  T\n"
        "  list      /2026/  2026\n"
        "  list      /2026/01/  January 2026\n"
        "  list      /author/t/  T\n"
        "  list      /language/en/  English\n"
        "  list      /world/  world\n"
        "            each with feed.rss, feed.atom, feed.json\n"
        "  title     plain.yaml\n"
        "  summary   One &amp; two.  (RSS)\n"
        "  summary   One & two.  (Atom, JSON Feed, page)\n"
        "  picture   https://a.example/images/a.png  (RSS, JSON Feed, page)\n"
        "  files     https://b.example/a.mp3 (audio/mpeg, 12 bytes)  (RSS)\n"
        "  files     https://b.example/a.mp3 (audio/mpeg, 12 bytes) https://b.example/b.pdf (application/pdf)"
        "  (Atom, JSON Feed)\n"
    )


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("draft", "draft; so it would be, published at 2999-01-01 00:00"),
        ("scheduled", "scheduled for 2999-01-01 08:00"),
        ("gone", "withdrawn at 2026-01-03 00:00"),
        ("about", "public, as a standing page"),
    ],
)
def test_the_state_of_an_article_is_told(site, name, state):
    """With its moment in the site's zone."""
    assert f"  state     {state}\n" in shown(site, name)


def test_a_draft_is_shown_as_it_would_be(site):
    """With its address, and the lists that it would stand in."""
    printed = shown(site, "draft")
    assert "  address   https://a.example/2999/01/draft/\n" in printed
    assert "  list      /tag/trade/\n" in printed
    assert "  title     draft.yaml\n" in printed


def test_the_last_good_version_of_a_file_with_faults_is_called_so(site):
    """Readers see that one."""
    run(site, "check")
    (site / "entries" / "plain.yaml").write_text("title: a: b\n")
    state = shown(site, "plain").splitlines()[1]
    assert state.endswith("published at 2026-01-02 08:00; its file has faults, and this is what it said before")


def test_an_article_that_gives_way_to_another_is_called_so(site):
    """Its id, or its address, is the other one's."""
    (site / "entries" / "second.yaml").write_text(article("second", id="tag:a,2026:plain.yaml", published="2026-02-01"))
    assert "  state     not published, for another file has its id or address: " in shown(site, "second.yaml")


def test_the_id_in_atom_is_told_where_it_is_another_one(site):
    """Of an id from elsewhere that is no address."""
    assert "  id        4711\n  in Atom   urn:uuid:" in shown(site, "old")


def test_the_exact_item_is_printed_in_each_format(site):
    """As it stands in a feed, or as the page is."""
    assert etree.fromstring(shown(site, "draft", "--format", "html"), etree.HTMLParser()) is not None
    assert json.loads(shown(site, "plain", "--format", "json"))["id"] == "tag:a,2026:plain.yaml"
    assert shown(site, "plain", "--format", "rss").startswith("    <item>\n      <title>plain.yaml</title>\n")
    assert "<at:deleted-entry" in shown(site, "gone", "--format", "atom")


def test_no_feed_has_a_standing_page(site):
    """It has only a page."""
    result = run(site, "show", "about", "--format", "rss")
    assert (result.exit_code, result.stderr) == (1, "pages/about.yaml is a standing page: no feed has it\n")
