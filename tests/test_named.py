"""An article is found by what an editor types for it."""

import pytest

from feedsite.commands import named
from feedsite.errors import FeedsiteError
from feedsite.folder.library import Library

from .support.articles import article

SITE = "title: The Meridian\ndescription: World news.\nbase_url: https://news.example/paper\n"
FILES = {
    "2026-11-22-night-trains.yaml": {"aliases": "[/travel/night-trains]"},
    "japan-taiwan.yaml": {},
    "Strike in Wien.yml": {"slug": "strike", "status": "draft"},
    "travel/2026-11-24-日本.yaml": {},
    "scheduled.yaml": {"published": "2999-01-01"},
    "withdrawn.yaml": {"withdrawn": '{at: 2026-11-24, reason: "It was wrong."}'},
}


@pytest.fixture
def library(tmp_path):
    """A site of some articles and a standing page, read."""
    site = tmp_path / "site"
    for name, fields in FILES.items():
        file = site / "entries" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article(name, id=f"tag:a,2026:{len(name)}", **fields))
    (site / "pages").mkdir()
    (site / "pages" / "about.yaml").write_text("title: About\nbody: Us.\n")
    (site / "site.yaml").write_text(SITE)
    return read(site)


def read(site):
    library = Library(site, {})
    library.read()
    return library


def refusal(library, word):
    with pytest.raises(FeedsiteError) as error:
        named.article(library, word)
    return str(error.value)


@pytest.mark.parametrize(
    ("word", "file"),
    [
        ("night-trains", "2026-11-22-night-trains.yaml"),
        ("Night Trains", "2026-11-22-night-trains.yaml"),
        ("night-trains/", "2026-11-22-night-trains.yaml"),
        ("2026-11-22-night-trains", "2026-11-22-night-trains.yaml"),
        ("2026-11-22-night-trains.yaml", "2026-11-22-night-trains.yaml"),
        ("night-trains.yaml", "2026-11-22-night-trains.yaml"),
        ("entries/2026-11-22-night-trains.yaml", "2026-11-22-night-trains.yaml"),
        ("./entries/../entries/2026-11-22-night-trains.yaml", "2026-11-22-night-trains.yaml"),
        ("/2026/11/night-trains/", "2026-11-22-night-trains.yaml"),
        ("2026/11/night-trains", "2026-11-22-night-trains.yaml"),
        ("https://news.example/paper/2026/11/night-trains/?x=1#costs", "2026-11-22-night-trains.yaml"),
        ("http://127.0.0.1:8000/paper/2026/11/night-trains/", "2026-11-22-night-trains.yaml"),
        ("/travel/night-trains", "2026-11-22-night-trains.yaml"),
        ("日本", "travel/2026-11-24-日本.yaml"),
        ("/2026/11/%E6%97%A5%E6%9C%AC/", "travel/2026-11-24-日本.yaml"),
        ("travel/2026-11-24-日本.yaml", "travel/2026-11-24-日本.yaml"),
        ("strike", "Strike in Wien.yml"),
        ("strike-in-wien", "Strike in Wien.yml"),
        ("scheduled", "scheduled.yaml"),
        ("withdrawn", "withdrawn.yaml"),
    ],
)
def test_a_slug_an_address_or_a_file_names_an_article(library, word, file):
    """Drafts, scheduled and withdrawn articles are found as well."""
    assert named.article(library, word).source == f"entries/{file}"
    assert named.source(library, word) == f"entries/{file}"


@pytest.mark.parametrize("word", ["about", "/about/", "pages/about.yaml", "about.yaml"])
def test_a_standing_page_is_named_like_an_article(library, word):
    assert named.article(library, word).source == "pages/about.yaml"


@pytest.mark.parametrize(
    ("here", "word"),
    [
        ("site/entries", "japan-taiwan.yaml"),
        ("site/entries/travel", "../japan-taiwan.yaml"),
        (".", "site/entries/japan-taiwan.yaml"),
        ("link", "entries/japan-taiwan.yaml"),
        (".", "link/entries/japan-taiwan.yaml"),
    ],
)
def test_a_file_is_named_from_any_working_directory(library, tmp_path, monkeypatch, here, word):
    """As a shell completes it; also where a link leads to the site's folder."""
    (tmp_path / "link").symlink_to("site")
    monkeypatch.chdir(tmp_path / here)
    assert named.source(library, word) == "entries/japan-taiwan.yaml"
    assert named.source(library, str(tmp_path / here / word)) == "entries/japan-taiwan.yaml"


def test_a_file_that_is_a_link_is_named_by_its_own_path(library):
    (library.folder / "entries" / "also.yaml").symlink_to("japan-taiwan.yaml")
    library.read()
    assert named.source(library, str(library.folder / "entries" / "also.yaml")) == "entries/also.yaml"


def test_near_names_are_offered_where_no_article_is_found(library):
    assert refusal(library, "japan-tawian") == "no article is called japan-tawian; is japan-taiwan meant?"
    assert refusal(library, "entries/japan-tawian.yaml") == (
        "no article is called entries/japan-tawian.yaml; is japan-taiwan meant?"
    )
    assert refusal(library, "zzz") == (
        "no article is called zzz; name one by the words of its address, or by its file in entries/"
    )


def test_every_article_that_can_be_meant_is_named_where_several_can(library):
    other = library.folder / "entries" / "2021-07-05-night-trains.yaml"
    other.write_text(article(id="tag:a,2021:x", published="2021-07-05"))
    library.read()
    assert refusal(library, "night-trains") == (
        "night-trains can be entries/2021-07-05-night-trains.yaml (/2021/07/night-trains/) and "
        "entries/2026-11-22-night-trains.yaml (/2026/11/night-trains/); name one by its file"
    )


def test_a_file_that_always_had_faults_is_found_and_has_no_article(library):
    (library.folder / "entries" / "war.yaml").write_text("title: War: what\n")
    library.read()
    assert named.source(library, "war.yaml") == "entries/war.yaml"
    assert refusal(library, "war.yaml") == "entries/war.yaml has faults; `feedsite check` shows them"


@pytest.mark.parametrize(
    "word", ["", "/", "..", "-", "https://[", "https://other.example/2026/11/night-trains/", "a\n"]
)
def test_a_word_that_is_no_article_is_refused_in_one_line(library, word):
    assert "\n" not in refusal(library, word)


def test_a_file_elsewhere_is_no_article(library):
    assert refusal(library, str(library.folder / "site.yaml")).endswith(
        "site.yaml is no article's file; those stand in entries/"
    )
