"""`feedsite new`: a file for an article, that can be published as soon as it has its text."""

import re
import stat
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from feedsite.cli import main
from feedsite.desk import newentry
from feedsite.desk.newentry import NewEntry
from feedsite.languages.catalogues import tags
from feedsite.model import NEVER, forbidden
from feedsite.parsing import entryfile
from feedsite.urls import is_writable, slug_of

from .support.builders import PATH, settings
from .support.laws import often

SITE = "title: The Meridian\ndescription: World news.\nbase_url: https://news.example\ntimezone: Asia/Taipei\n"
AT = datetime(2026, 11, 27, 15, 4, 5, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "entries").mkdir(parents=True)
    (folder / "site.yaml").write_text(SITE)
    return folder


def run(*words, **environment):
    return CliRunner(env={"FEEDSITE_BASE_URL": None, **environment}).invoke(main, [str(word) for word in words])


def begun(site, *words, **environment):
    """The file of a new article, and what was printed."""
    before = set((site / "entries").glob("*"))
    result = run("--site", site, "new", *words, **environment)
    assert result.exit_code == 0, result.output
    (path,) = set((site / "entries").glob("*")) - before
    return path, result.stdout


def refused(site, *words, **environment):
    """Why no article was begun."""
    result = run("--site", site, "new", *words, **environment)
    assert (result.exit_code, result.stdout, list((site / "entries").glob("*"))) == (1, "", [])
    return result.stderr


def written(title, **changes):
    """The text of a new file, and what it says."""
    new = NewEntry(title=title, at=AT)
    text = newentry.text(new, newentry.slug(title), settings(**changes), has_schema=False)
    return text, entryfile.read(
        text.encode(), f"entries/{newentry.name(new, newentry.slug(title))}", settings(**changes)
    )


def test_a_new_article_is_a_whole_draft(site):
    """Its file has an id, the title in quotation marks, the time in the site's zone, and a sentence to begin with."""
    path, printed = begun(site, "War: what is it", "--section", "world", "--tag", "trade", "--author", "Mina Sato")
    day, now = path.name[:10], datetime.now(ZoneInfo("Asia/Taipei"))
    assert path.name == f"{day}-war-what-is-it.yaml"
    lines = path.read_text().splitlines()
    moment = datetime.fromisoformat(lines.pop(2).removeprefix("published: "))
    assert now - moment < timedelta(minutes=2)
    assert moment.utcoffset() == timedelta(hours=8)
    assert lines == [
        f"id: tag:news.example,{day}:war-what-is-it",
        'title: "War: what is it"',
        "status: draft",
        "authors: [Mina Sato]",
        "section: world",
        "tags: [trade]",
        "body: |",
        "  Write the text here, in Markdown.",
    ]
    assert printed == (
        "note: the section world is new here\n"
        "note: the author Mina Sato is new here\n"
        f"{path} is a draft: nobody sees it.\n"
        "Look at it with `feedsite preview`, publish it with `feedsite publish war-what-is-it`.\n"
    )


def test_a_new_article_has_no_fault_and_no_note(site):
    """`feedsite check` says only that it is a draft."""
    begun(site, "War: what is it")
    assert run("--site", site, "check").stdout == "Nothing wrong in 1 article, 1 draft among them.\n"


@pytest.mark.parametrize("title", ["War: what is it", "日本と台湾", "!!!", "CON"])
def test_a_second_article_of_the_same_title_has_a_name_of_its_own(site, title):
    """Neither file, nor id, nor address is taken from the first one."""
    first, second, third = (begun(site, title)[0] for _ in range(3))
    assert second.name == first.name.replace(".yaml", "-2.yaml")
    assert third.name == first.name.replace(".yaml", "-3.yaml")
    assert run("--site", site, "check").exit_code == 0


def test_an_address_of_the_same_month_is_not_taken(site):
    """A column of the same title, published on another day of the month, keeps its address."""
    first, _ = begun(site, "The week")
    text = first.read_text().replace("status: draft\n", "").replace("tag:news.example,", "tag:news.example,2000-01-01:")
    first.rename(site / "entries" / "another.yaml").write_text(text + "slug: the-week\n")
    assert begun(site, "The week")[0].name.endswith("-the-week-2.yaml")


def test_without_an_address_of_the_site_the_id_is_a_uuid(site):
    """No editor has to name a domain first; and no IP address is one."""
    for text in ("title: T\ndescription: D\n", "title: T\ndescription: D\nbase_url: http://127.0.0.1:8000\n"):
        (site / "site.yaml").write_text(text)
        ids = {begun(site, "One")[0].read_text().splitlines()[0] for _ in range(2)}
        assert all(re.fullmatch("id: urn:uuid:[0-9a-f-]{36}", one) for one in ids)
        assert len(ids) == 2


def test_an_id_is_a_tag_uri_in_ascii():
    """RFC 4151 2.1 takes no other letters; of a domain too."""
    text, _ = written("日本", base_url="https://straße.example:8443/paper")
    assert text.startswith("id: tag:xn--strae-oqa.example,2026-11-27:%E6%97%A5%E6%9C%AC\n")


@pytest.mark.parametrize("language", ["en", "cy", *sorted(tags())])
def test_the_first_sentence_is_in_the_sites_language(language):
    """It is a text that readers could see, and it is one line."""
    _, read = written("T", language=language)
    english = "<p>Write the text here, in Markdown.</p>\n"
    assert (read.entry.body == english) == (language in ("en", "cy"))


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_the_first_sentence_has_a_note_in_an_article_that_is_no_draft(language):
    """It was published by a slip, for nobody meant readers to see it."""
    text, read = written("T", language=language)
    assert read.faults == ()
    public = entryfile.read(text.replace("status: draft\n", "").encode(), PATH, settings(language=language))
    assert [fault.is_note for fault in public.faults] == [True]
    assert public.faults[0].message.endswith("; write the article in its place")


def test_the_schema_is_named_where_the_site_has_it(site):
    """So an editor's program proposes fields from the first letter on."""
    assert "schema" not in begun(site, "One")[0].read_text()
    (site / "schema").mkdir()
    (site / "schema" / "entry.schema.json").write_text("{}")
    first = begun(site, "Two")[0].read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema/entry.schema.json"


TITLES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120).filter(
    lambda title: title.strip() and not forbidden(title)
)


@often
@given(TITLES)
def test_law_any_title_is_read_as_it_was_typed(title):
    """Whatever letters it has, its file is sound, its draft has the title, and its name holds on every system."""
    title = " ".join(title.split())
    _, read = written(title)
    assert [str(fault) for fault in read.faults] == []
    assert read.entry.title.split() == title.split()
    assert read.entry.published == NEVER
    slug = newentry.slug(title)
    assert slug_of(slug) == slug
    assert is_writable(f"/2026/11/{slug}/")
    assert is_writable(newentry.name(NewEntry(title=title, at=AT), slug))
    assert len(slug.encode()) <= 140


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("War: what is it", "war-what-is-it"),
        ("日本と台湾: 何が起きたか", "日本と台湾-何が起きたか"),
        ("Ça va? Où ÊTES-vous", "ça-va-où-êtes-vous"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("con", "con-article"),
        ("!!!", "article"),
        ("one two " * 20, "-".join(["one", "two"] * 10)),
    ],
)
def test_the_words_of_an_address_are_those_of_the_title(title, slug):
    """In any script; a long title is cut between two words."""
    assert newentry.slug(title) == slug


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((" ",), 'an article needs a title: `feedsite new "The headline"`\n'),
        (("a\x1b[2J",), "the control character U+001B cannot stand in an article; take it out\n"),
        (("a\udcff",), "the control character U+DCFF cannot stand in an article; take it out\n"),
        (("A", "--section", "tag"), "the address /tag/ belongs to the site itself; call the section tag-news\n"),
        (("A", "--tag", "a, b c"), "--tag takes one tag; for several write --tag a --tag 'b c'\n"),
        (
            ("War.yaml",),
            'War.yaml is a file\'s name; write the headline, of which the file gets its own: `feedsite new "War"`\n',
        ),
        (("A", "--tag", ""), "an item of this list is empty; take it out\n"),
    ],
)
def test_what_no_file_can_say_is_refused(site, words, said):
    """Nothing is written then."""
    assert refused(site, *words) == said


def test_a_list_that_is_a_slip_off_is_noted(site):
    """A section, a tag, an author: the article is begun all the same, for they may be new."""
    (site / "site.yaml").write_text(f"{SITE}sections: {{culture: Culture}}\nauthors: {{sato: Mina Sato}}\n")
    path, _ = begun(site, "One", "--tag", "trade", "--section", "culture", "--author", "sato")
    path.write_text(path.read_text().replace("status: draft\n", ""))
    _, printed = begun(site, "Two", "--tag", "trad", "--section", "culturre", "--author", "Mina Satto")
    assert printed.splitlines()[:3] == [
        'note: "culturre" is not among the sections of site.yaml; is `culture` meant?',
        "note: the tag trad is new here; is trade meant?",
        "note: the author Mina Satto is new here; is Mina Sato meant?",
    ]
    _, printed = begun(
        site, "Three", "--tag", "trade", "--tag", "rail", "--section", "culture", "--author", "Mina Sato"
    )
    assert "note" not in printed


@pytest.mark.parametrize("variable", ["VISUAL", "EDITOR"])
def test_edit_opens_the_file_in_the_editors_program(site, tmp_path, variable):
    """With the options that the variable has."""
    program = tmp_path / "an editor"
    program.write_text('#!/bin/sh\necho "$1" > "$2".seen\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path, _ = begun_with_editor(site, **{"VISUAL": "", "EDITOR": "", variable: f"'{program}' --wait"})
    assert path.with_name(f"{path.name}.seen").read_text() == "--wait\n"


def begun_with_editor(site, **environment):
    result = run("--site", site, "new", "One", "--edit", **environment)
    assert result.exit_code == 0, result.output
    (path,) = (site / "entries").glob("*.yaml")
    return path, result.stdout


def test_edit_without_an_editor_says_how_to_name_one(site):
    """Before anything is written."""
    said = refused(site, "One", "--edit", VISUAL="", EDITOR="")
    assert said == "--edit opens the program that EDITOR names: set it, as in `export EDITOR=nano`\n"


def test_no_link_leads_a_new_article_out_of_the_site(site, tmp_path):
    """Within the site's folder one may: entries/ can be a link to another of its folders."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (site / "entries").rmdir()
    (site / "entries").symlink_to(elsewhere)
    assert refused(site, "One").startswith("entries/")
    assert list(elsewhere.iterdir()) == []
    (site / "entries").unlink()
    (site / "texts").mkdir()
    (site / "entries").symlink_to("texts")
    begun(site, "One")
    assert len(list((site / "texts").iterdir())) == 1
