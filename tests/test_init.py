"""`feedsite init`: from an empty folder to a site that is served, checked and built."""

import json
import re
from importlib.resources import files as package_files

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.folder.library import Library
from feedsite.languages.catalogues import tags
from feedsite.parsing.composer import parse
from feedsite.site import Site

SOUND = "Nothing wrong in 2 articles and 1 page, 1 draft among them.\n"


def run(*words):
    return CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, [str(word) for word in words])


def begun(folder, *options):
    """The files of a new site, by their paths, in the folder."""
    result = run("init", folder, *options)
    assert result.exit_code == 0, result.output
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def refused(folder, *options):
    result = run("init", folder, *options)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


@pytest.mark.parametrize("language", ["en", "cy", *sorted(tags())])
def test_what_it_writes_has_neither_fault_nor_note(tmp_path, language):
    """In each language that feedsite speaks, and in one that it does not."""
    begun(tmp_path / "site", "--language", language)
    result = run("--site", tmp_path / "site", "check")
    assert (result.exit_code, result.stdout) == (0, SOUND)


def test_one_article_is_public_and_one_is_a_draft(tmp_path):
    """The front page leads to the first one, with its picture; nothing shows the other."""
    folder = tmp_path / "site"
    begun(folder)
    library = Library(folder, {})
    library.read()
    now = max(entry.updated for entry in library.index.entries() if entry.title == "Welcome")
    contents = library.contents(now)
    site = Site(contents.edition, contents.settings, contents.media)
    page = site["/"].body.decode()
    assert "Welcome" in page
    assert "/images/lighthouse.png" in page
    assert "draft" not in page
    assert "/about/" in site


@pytest.mark.parametrize(("language", "title"), [("de", "Willkommen"), ("fr-CA", "Bienvenue"), ("zh-TW", "歡迎")])
def test_it_has_texts_in_the_sites_language(tmp_path, language, title):
    """So a newsroom begins in its own."""
    files = begun(tmp_path / "site", "--language", language)
    articles = [path.read_text() for name, path in files.items() if name.startswith("entries/")]
    assert any(f"title: {title}\n" in text for text in articles)
    assert not any("language:" in text for text in articles)


def test_it_has_texts_in_every_language_that_pages_speak():
    """As the catalogues of messages do; each file can be told from its template in English by its words alone."""
    texts = package_files("feedsite").joinpath("starter", "texts")
    english = {file.name: file.read_text() for file in texts.joinpath("en").iterdir()}
    assert {folder.name for folder in texts.iterdir()} == {"en", *tags()}
    for folder in texts.iterdir():
        for name, text in english.items():
            own = folder.joinpath(name).read_text()
            assert re.findall(r"\$\w+", own) == re.findall(r"\$\w+", text), (folder.name, name)
            assert re.findall("`feedsite [a-z]+", own) == re.findall("`feedsite [a-z]+", text), (folder.name, name)


def test_english_texts_say_that_they_are_english_in_a_site_of_a_further_language(tmp_path):
    """Readers' programs, and screen readers, are told the truth."""
    files = begun(tmp_path / "site", "--language", "cy")
    for name in files:
        if name.startswith(("entries/", "pages/")):
            assert "language: en\n" in files[name].read_text(), name


def test_the_description_is_in_the_sites_language(tmp_path):
    """Every feed has it."""
    assert "description: 新着記事\n" in begun(tmp_path / "site", "--language", "ja")["site.yaml"].read_text()


def test_options_stand_in_site_yaml(tmp_path):
    """As a title with a colon, which YAML wants in quotation marks."""
    options = ("--title", "News: all of it", "--timezone", "Asia/Taipei", "--base-url", "https://News.example/")
    text = begun(tmp_path / "site", *options)["site.yaml"].read_text()
    assert 'title: "News: all of it"\n' in text
    assert "timezone: Asia/Taipei\n" in text
    assert "\nbase_url: https://news.example\n" in text


def test_the_folders_name_is_the_title(tmp_path):
    """In words."""
    assert "title: Night desk\n" in begun(tmp_path / "night-desk")["site.yaml"].read_text()


def test_ids_are_permanent_from_the_first_minute(tmp_path):
    """With a domain they are tag URIs in its name, without one UUIDs; none is made of a file's place."""
    with_domain = begun(tmp_path / "a", "--base-url", "https://news.example:8443/paper")
    without = begun(tmp_path / "b")
    for files, kind in (
        (with_domain, r"tag:news\.example,\d{4}-\d\d-\d\d:[a-z-]+"),
        (without, "urn:uuid:[0-9a-f-]{36}"),
    ):
        ids = {
            re.search("^id: (.+)$", path.read_text(), re.MULTILINE)[1]
            for name, path in files.items()
            if name.startswith("entries/")
        }
        assert len(ids) == 2
        assert all(re.fullmatch(kind, one) for one in ids), ids


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--timezone", "berlin"), '--timezone: "berlin" is not a time zone; write Europe/Berlin\n'),
        (("--timezone", "Europe/Berln"), '--timezone: "Europe/Berln" is not a time zone; write Europe/Berlin'),
        (("--language", "jp"), "--language: no language or country has the code jp; is `ja` meant?\n"),
        (("--base-url", "news.example"), '--base-url: "news.example" is not'),
        (("--title", "a\x1b[2J"), "--title: it holds the control character U+001B; take it out\n"),
    ],
)
def test_an_option_follows_the_rules_of_site_yaml(tmp_path, options, said):
    """Nothing is written for one that breaks them, and the message says what to write."""
    assert refused(tmp_path / "site", *options).startswith(said)
    assert not (tmp_path / "site").exists()


def test_nothing_is_written_over(tmp_path):
    """What would be is named, and all stays as it was; beside other files a site is made."""
    folder = tmp_path / "site"
    (folder / "entries").mkdir(parents=True)
    (folder / "README.md").write_text("mine")
    (folder / ".gitignore").write_text("mine")
    said = refused(folder)
    assert said.startswith(f".gitignore, README.md stand in {folder} already, and nothing was written; ")
    assert sorted(path.name for path in folder.rglob("*")) == [".gitignore", "README.md", "entries"]
    (folder / "README.md").unlink()
    (folder / ".gitignore").rename(folder / "notes.txt")
    assert "site.yaml" in begun(folder)


@pytest.mark.parametrize("name", ["entries", ".github", "site.yaml", "images/lighthouse.png"])
def test_no_link_is_written_through(tmp_path, name):
    """Wherever a link in the folder leads, nothing is written there."""
    folder, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / name).parent.mkdir(parents=True)
    (folder / name).symlink_to(elsewhere)
    assert refused(folder).startswith(f"{name} stands in ")
    assert list(elsewhere.iterdir()) == []


def test_editors_and_programs_find_what_they_read(tmp_path):
    """VS Code the schemas, each article its own, the forge a workflow, pre-commit its hook."""
    files = begun(tmp_path / "site")
    settings = json.loads(files[".vscode/settings.json"].read_text())
    schemas = [path.removeprefix("./") for path in settings["yaml.schemas"]]
    assert all("properties" in json.loads(files[path].read_text()) for path in schemas)
    for name in files:
        if name.startswith("entries/"):
            first = files[name].read_text().splitlines()[0]
            schema = first.removeprefix("# yaml-language-server: $schema=")
            assert (files[name].parent / schema).resolve() == files["schema/entry.schema.json"].resolve()
    for name in (".github/workflows/site.yml", ".pre-commit-config.yaml"):
        fields, faults = parse(files[name].read_bytes(), name)
        assert fields, faults


def test_it_needs_little_room(tmp_path):
    """A picture of some kilobytes is all that is no text."""
    files = begun(tmp_path / "site")
    assert [name for name in files if files[name].stat().st_size > 100_000] == []
    assert files["images/lighthouse.png"].stat().st_size < 20_000


def test_a_site_of_the_current_folder_needs_no_step_into_it(tmp_path, monkeypatch):
    """`feedsite init .`"""
    monkeypatch.chdir(tmp_path)
    result = run("init", ".")
    assert "cd " not in result.stdout
    assert "  feedsite preview" in result.stdout
    assert (tmp_path / "site.yaml").exists()
