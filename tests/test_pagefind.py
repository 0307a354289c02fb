"""The search of an exported folder, by pagefind."""

import json

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.export import pagefind

from .support.articles import article


@pytest.fixture
def build(folder, tmp_path):
    """Builds the site with this `search` in its site.yaml; the output and the folder's files."""
    settings = (folder / "site.yaml").read_text()

    def one(search="pagefind", *options):
        (folder / "site.yaml").write_text(f"{settings}\nsearch: {search}\n")
        return CliRunner().invoke(main, ["--site", folder, "build", "--output", tmp_path / "out", *options])

    return one


def names(tmp_path):
    found = tmp_path / "out" / "search"
    return {path.relative_to(found).as_posix(): path.read_bytes() for path in found.rglob("*") if path.is_file()}


class TestIndex:
    def test_browsers_find_each_public_article_and_no_other_page(self, build, tmp_path):
        result = build()
        assert result.exit_code == 0, result.output
        entry = json.loads(names(tmp_path)["pagefind-entry.json"])
        pages = list((tmp_path / "out").glob("20*/*/*/index.html"))
        articles = [page for page in pages if "data-pagefind-body" in page.read_text()]
        assert sum(language["page_count"] for language in entry["languages"].values()) == len(articles) > 3

    def test_what_has_not_changed_is_not_written_again(self, build, tmp_path):
        build()
        (tmp_path / "out" / "search" / "pagefind.js").write_text("kept")
        assert "0 written" in build().output
        assert names(tmp_path)["pagefind.js"] == b"kept"

    def test_an_edit_makes_it_anew_and_removes_what_nothing_needs(self, build, folder, tmp_path):
        build()
        before = names(tmp_path)
        (tmp_path / "out" / "search" / "mine.txt").write_text("mine")
        (folder / "entries" / "new.yaml").write_text(article("A new one", body="Zeppelins"))
        build()
        after = names(tmp_path)
        assert after.keys() - before.keys() > {"mine.txt"}
        assert before.keys() - after.keys() == {name for name in before if name.endswith(".pf_meta")} | {
            name for name in before if name.startswith("index/")
        }

    def test_the_same_site_has_the_same_index(self, build, tmp_path):
        build()
        first = names(tmp_path)
        (tmp_path / "out" / "search" / "pagefind-entry.json").unlink()
        build()
        assert names(tmp_path) == first

    def test_it_goes_when_the_site_wants_none(self, build, tmp_path):
        build()
        build("none")
        assert not (tmp_path / "out" / "search").exists()
        assert "/search/" not in (tmp_path / "out" / "index.html").read_text()

    def test_a_dry_run_makes_none(self, build, tmp_path):
        assert build("pagefind", "--dry-run").exit_code == 0
        assert not (tmp_path / "out").exists()


def test_the_page_of_the_search_says_where_the_index_stands(build, tmp_path):
    build()
    page = (tmp_path / "out" / "search" / "index.html").read_text()
    assert 'data-index="/search/pagefind.js"' in page
    assert '<script src="/static/search.js" type="module"></script>' in page
    assert (tmp_path / "out" / "static" / "search.js").exists()


def test_without_pagefind_the_build_says_what_is_missing(build, monkeypatch):
    monkeypatch.setattr(pagefind, "is_installed", lambda: False)
    result = build()
    assert result.exit_code == 1
    assert "pagefind is missing, which `search: pagefind` in site.yaml needs" in result.output


def test_pages_lead_to_the_search_at_an_address(build, tmp_path):
    assert build("https://live.news.example/search/").exit_code == 0
    home = (tmp_path / "out" / "index.html").read_text()
    assert 'href="https://live.news.example/search/"' in home
    assert not (tmp_path / "out" / "search").exists()


def test_a_site_without_a_search_leads_to_none_and_the_build_says_so(build, tmp_path):
    assert "It has no search" in build("none").output
    assert "search" not in (tmp_path / "out" / "index.html").read_text()
